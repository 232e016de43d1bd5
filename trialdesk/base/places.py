"""Where the things that travel with the program lie: in a checkout beside the package, in a wheel within it."""

from __future__ import annotations

from pathlib import Path

_package = Path(__file__).resolve().parent.parent


def _travelling(name: str) -> Path:
    beside = _package.parent / name
    return beside if beside.is_dir() else _package / f"_{name}"


def resources() -> Path:
    """Return the folder of icons, fonts, style, catalogues and rules. Read only."""
    return _travelling("resources")


def migrations() -> Path:
    """Return the folder of alembic's environment and revisions. Read only."""
    return _travelling("migrations")
