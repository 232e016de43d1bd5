"""Steps in lists and one of them whole: who, when, why, and field by field what it changed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from trialdesk.application.acts import SAID
from trialdesk.base.i18n import N_, _, n_
from trialdesk.desktop import parts, shown, style
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.models.rows import Column
from trialdesk.desktop.pages.trail.reading import Looked, Step
from trialdesk.desktop.recorded import NOTHING, said
from trialdesk.desktop.widgets.facts import Facts
from trialdesk.desktop.widgets.table import Table
from trialdesk.overview.changes import Change
from trialdesk.people.rules import OWNER, ROLES

ROLE_WORDS = {**dict(ROLES), OWNER: N_("Owner of this desk")}


def action_words(name: str) -> str:
    """Return what an act is called; one this version does not know is its own name."""
    return _(SAID.get(name, name))


def who_words(row: Step) -> str:
    """Return the name of who took a step."""
    return row.who or _("somebody not known here")


STEPS: tuple[Column, ...] = (
    Column("at", N_("When"), lambda row: row.step.at, "date", width=152),
    Column("who", N_("Who"), who_words, width=130),
    Column("what", N_("What"), lambda row: action_words(row.step.action), width=190),
    Column("records", N_("Records"), lambda row: row.step.records, "number", width=88),
    Column("reason", N_("Reason"), lambda row: row.step.reason, width=300),
    Column("role", N_("As"), lambda row: _(ROLE_WORDS.get(row.step.role, row.step.role)), width=170, hidden=True),
)

_RECORD = Column("record", N_("Record"), lambda row: f"{_(row.label)} {row.name}".strip(), width=176)
_FIELD = Column("field", N_("Field"), lambda row: _(row.field.label), width=130)
_PLACE = Column("place", N_("Record position"), lambda row: row.place, width=120, hidden=True)

CHANGES: tuple[Column, ...] = (
    _RECORD,
    _FIELD,
    Column("old", N_("Before"), lambda row: said(row.kind, row.field, row.old), width=94),
    Column("new", N_("After"), lambda row: said(row.kind, row.field, row.new), width=94),
    _PLACE,
)

FIRST: tuple[Column, ...] = (
    _RECORD,
    _FIELD,
    Column("new", N_("Value"), lambda row: said(row.kind, row.field, row.new), width=188),
    _PLACE,
)
"""What a step shows that only made new records: there was nothing before."""


class StepDetail(QWidget):
    """One step: who, when, why, and field by field what it changed."""

    def __init__(self, row: Step, found: Looked, desk: Desk) -> None:
        super().__init__()
        step = row.step
        self.undo_button = parts.button(_("Take this step back"), icon="undo")
        self.undo_button.setEnabled(not found.kept)
        self.undo_button.setToolTip(found.kept)
        self.undo_button.setAccessibleDescription(found.kept or undo_words(found.changes))
        place = found.changes[0].place if found.changes else ""
        facts = Facts(
            (
                (_("Who"), who_words(row)),
                (_("As"), _(ROLE_WORDS.get(step.role, step.role))),
                (_("When"), shown.zoned(step.at)),
                (_("Records"), shown.number(step.records)),
                (_("Record position"), place),
                (_("Reason"), step.reason or NOTHING),
            )
        )
        first = all(change.created for change in found.changes)
        self.changes = Table(
            FIRST if first else CHANGES,
            name=_("What it changed"),
            key="trail/first" if first else "trail/changes",
            memory=desk.memory,
            jobs=desk.jobs,
        )
        self.changes.set_rows(found.changes)
        self.changes.setMinimumHeight(320)
        layout = parts.column(self, spacing=style.MEDIUM, margins=(0, 0, style.SMALL, style.SMALL))
        layout.addWidget(facts)
        layout.addWidget(self.undo_button, 0, Qt.AlignmentFlag.AlignLeft)
        if found.kept:
            layout.addWidget(parts.said(found.kept, "fine", wrap=True))
        layout.addWidget(self.changes, 1)


def undo_words(changes: tuple[Change, ...]) -> str:
    """Return what taking a step back would do."""
    made = {each.record for each in changes if each.created}
    put_back = [each for each in changes if not each.created]
    parts_said = []
    if made:
        count = len(made)
        parts_said.append(
            n_(
                "The {count} record it made leaves all lists and figures.",
                "The {count} records it made leave all lists and figures.",
                count,
            ).format(count=shown.number(count))
        )
    if put_back:
        count = len(put_back)
        parts_said.append(
            n_("{count} value goes back to what it was.", "{count} values go back to what they were.", count).format(
                count=shown.number(count)
            )
        )
    parts_said.append(_("Nothing is deleted: this is a step of its own in the trail and can be taken back as well."))
    return " ".join(parts_said)
