"""Tests reach this machine and no other."""

from __future__ import annotations

import socket

import pytest


def test_another_machine_is_refused():
    # 192.0.2.0/24 is set aside for documentation (RFC 5737): nobody is there.
    with socket.socket() as connection, pytest.raises(PermissionError, match="no network"):
        connection.connect(("192.0.2.1", 443))


def test_this_machine_is_reached():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername() == server.getsockname()
