"""The pages' real desk and real window, for registers too."""

from __future__ import annotations

from tests.desktop.pages.conftest import harbour, press, shell, trial, ward, window

__all__ = ["harbour", "press", "shell", "trial", "ward", "window"]
