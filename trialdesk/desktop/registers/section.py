"""A section, or a place, that is made of registers: one line of the catalogue."""

from __future__ import annotations

from importlib import import_module

from trialdesk.base.i18n import _
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.page import Page, Place, Section


def section(
    key: str,
    title: str,
    module: str,
    *,
    help: str = "",  # noqa: A002 - as Section's
    group: str = "",
    letter: str = "",
) -> Section:
    """Return the section whose page is the `REGISTERS` of `desktop/pages/MODULE.py`, imported when it is first seen."""
    return Section(key, title, lambda desk, study: _page(module, title, desk, study), help, group, letter)


def place(key: str, title: str, icon: str, module: str, *, help: str = "") -> Place:  # noqa: A002 - as Place's
    """Return the place whose page is the `REGISTERS` of `desktop/pages/MODULE.py`: of the directory, of no study."""
    return Place(key, title, icon, lambda desk: _page(module, title, desk, ""), help)


def _page(module: str, title: str, desk: Desk, study: str) -> Page:
    from trialdesk.desktop.registers.page import RegisterPage

    registers = import_module(f"trialdesk.desktop.pages.{module}").REGISTERS
    return RegisterPage(desk, study, registers, title=_(title))
