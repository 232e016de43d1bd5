"""What the cells of a log print: days as recorded, yes and no, and what nobody recorded."""

from __future__ import annotations

from datetime import date

from trialdesk.base.dates import PartialDate
from trialdesk.base.i18n import _
from trialdesk.base.written import written, written_day

NOTHING = "–"
"""Where nothing is due."""


def day(on: PartialDate | date | None) -> str:
    """Return a day as precisely as it was recorded; a time of day is left to the record."""
    if on is None:
        return _("not recorded")
    return written_day(on) if isinstance(on, date) else written(on[: len("2013-02-25")])


def yes_no(said: bool | None) -> str:  # noqa: FBT001 - the cell's value
    """Return yes, no, or that nobody recorded it."""
    return _("not recorded") if said is None else _("yes") if said else _("no")


def words(said: str | None) -> str:
    """Return what was written, or that nothing was."""
    return said or _("not recorded")
