"""Addresses of database servers, told from files and shown without their passwords. Needs no database library."""

from __future__ import annotations

from urllib.parse import urlsplit


def is_address(where: str) -> bool:
    """Say whether `where` names a server rather than a file."""
    return where.startswith(("postgresql:", "postgres:", "postgresql+"))


def is_whole(address: str) -> bool:
    """Say whether an address names a server, or a socket, and a database."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    reached = bool(parts.hostname) or "host=" in parts.query
    return reached and port != 0 and len(parts.path) > 1


def has_password(address: str) -> bool:
    """Say whether a password stands in the address."""
    return without_password(address) != address


def without_password(address: str) -> str:
    """Return the address as it may be shown and kept, whole or not."""
    scheme, apart, rest = address.partition("://")
    place, asks, asked = rest.partition("?")
    # The last @ ends user and password: one that is written unescaped stands before it.
    user, at, server = place.rpartition("@")
    kept = "&".join(each for each in asked.split("&") if not each.startswith("password="))
    return f"{scheme}{apart}{user.partition(':')[0]}{at}{server}{asks if kept else ''}{kept}"
