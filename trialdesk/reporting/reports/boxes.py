"""The boxes of a form as a table, and the sheets a narrative goes on upon where its box is full."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from trialdesk.base.i18n import _
from trialdesk.reporting.reports.items import Item
from trialdesk.reporting.structure import Block, Column, Heading, NewPage, Paragraph, Table

_BOX, _SHEET = 600, 2_400
"""Characters of the narrative that the box and one continuation sheet hold."""


def boxes(items: Iterable[Item]) -> Table:
    """Return what a form asks for, a row each."""
    return Table(
        (Column(_("Box"), 1.3, names_row=True), Column(_("Content"), 2.4)), [(item.label, item.said) for item in items]
    )


def parted(narrative: str) -> tuple[str, list[str]]:
    """Return what the box holds and what each continuation sheet holds; nothing is left out."""
    if len(narrative) <= _BOX:
        return narrative, []
    head, rest = _cut(narrative, _BOX)
    sheets = []
    while rest:
        sheet, rest = _cut(rest, _SHEET)
        sheets.append(sheet)
    return head, sheets


def continued(control: str, what: str, sheets: Sequence[str]) -> Iterator[Block]:
    """Give the sheets, each with its place, the report's number and `what` goes on there."""
    for place, text in enumerate(sheets, 1):
        yield NewPage()
        yield Heading(
            1,
            _("Continuation sheet {place} of {all} to report {number}").format(
                place=place, all=len(sheets), number=control
            ),
        )
        yield Heading(2, what)
        yield Paragraph(text)


def _cut(text: str, size: int) -> tuple[str, str]:
    if len(text) <= size:
        return text, ""
    at = text.rfind(" ", size - 80, size) + 1 or size
    return text[:at], text[at:]
