"""A person's day stands on the same things as every test of the window."""

from __future__ import annotations

from tests.desktop.conftest import _dressed, english, pytest_configure, qapp_cls

__all__ = ["_dressed", "english", "pytest_configure", "qapp_cls"]
