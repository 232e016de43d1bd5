"""Addresses of servers: told from files, shown without passwords."""

from __future__ import annotations

import pytest

from trialdesk.base.addresses import has_password, is_address, is_whole, without_password


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql://ada:secret@db.example:5433/ward", "postgresql://ada@db.example:5433/ward"),
        ("postgresql://ada:se@cret@db.example/ward", "postgresql://ada@db.example/ward"),
        ("postgresql://db.example/ward?user=ada&password=secret", "postgresql://db.example/ward?user=ada"),
        ("postgresql://ada:secret@[db.example/ward", "postgresql://ada@[db.example/ward"),
        ("postgresql://ada:se/cret@db.example/ward", "postgresql://ada@db.example/ward"),
        ("postgresql://db.example/ward?password=secret", "postgresql://db.example/ward"),
    ],
)
def test_a_password_is_never_shown(address: str, shown: str):
    assert has_password(address)
    assert without_password(address) == shown


@pytest.mark.parametrize("address", ["postgresql://ada@server/ward", "postgres:///ward?host=/run"])
def test_without_a_password_an_address_stays(address: str):
    assert is_address(address)
    assert is_whole(address)
    assert without_password(address) == address


@pytest.mark.parametrize("path", ["ward.desk", "/srv/postgresql/ward.desk", "C:\\ward.desk"])
def test_a_file_is_no_address(path: str):
    assert not is_address(path)
