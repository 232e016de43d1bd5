"""A person's day stands on the same things as every test of the window."""

from __future__ import annotations

from tests.desktop.conftest import (
    _dressed,
    english,
    jobs,
    memory,
    pytest_configure,
    qapp_cls,
    settle,
    swift,
)

__all__ = ["_dressed", "english", "jobs", "memory", "pytest_configure", "qapp_cls", "settle", "swift"]
