"""The trail of a study: every step, newest first, what it changed, taking it back, and the proof of the whole desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from trialdesk.application import CATALOGUE, FIELDS, LABELS, SAID, is_final, undone_by
from trialdesk.base.errors import NotAllowed, Told
from trialdesk.base.i18n import N_, _, n_
from trialdesk.base.ids import Id
from trialdesk.desktop import parts, shown, style
from trialdesk.desktop.desk import Application, Desk
from trialdesk.desktop.jobs import Progress
from trialdesk.desktop.models.rows import Column
from trialdesk.desktop.models.status import Status
from trialdesk.desktop.page import Page, lay_out
from trialdesk.desktop.recorded import said
from trialdesk.desktop.typed import today_here
from trialdesk.desktop.widgets.aside import Aside
from trialdesk.desktop.widgets.detail import ListDetail
from trialdesk.desktop.widgets.empty import EmptyState
from trialdesk.desktop.widgets.facts import Facts
from trialdesk.desktop.widgets.reason import ReasonPrompt
from trialdesk.desktop.widgets.status import StatusPill
from trialdesk.desktop.widgets.table import Table
from trialdesk.overview.changes import Change, step_changes
from trialdesk.people.queries import names_of_accounts
from trialdesk.people.rights import refuse_unless, roles
from trialdesk.people.rules import OWNER, ROLES
from trialdesk.persistence.reading import Read
from trialdesk.trail.history import ChangeSet, change_sets
from trialdesk.trail.verify import Finding, Verdict

AT_ONCE = 500
"""So many steps are read at first, and again with every asking for older ones."""
WIDTH = 560

ROLE_WORDS = {**dict(ROLES), OWNER: N_("Owner of this desk")}


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the list, with the name of who took it."""

    step: ChangeSet
    who: str

    @property
    def id(self) -> Id:
        """The step's id."""
        return self.step.id


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps read so far; `more` says that there are older ones."""

    steps: tuple[Step, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Looked:
    """What one step changed, and why it cannot be taken back, nothing where it can."""

    changes: tuple[Change, ...]
    kept: str


@dataclass(frozen=True, slots=True)
class Found:
    """A finding of the proof as a row."""

    id: str
    finding: Finding


def steps(read: Read, *, study: Id, limit: int) -> Steps:
    """Return the newest steps of a study. Three statements."""
    found = change_sets(read, study=study, limit=limit + 1)
    names = names_of_accounts(read)
    return Steps(
        tuple(Step(each, names.get(each.account, "") if each.account else "") for each in found[:limit]),
        more=len(found) > limit,
    )


def told(read: Read, *, step: ChangeSet, study: Id, on: date) -> Looked:
    """Return what a step changed."""
    return Looked(
        step_changes(read, transaction=step.id, study=study, on=on, catalogue=CATALOGUE),
        why_kept(step.action, roles(read, study=study, on=on)),
    )


def why_kept(action: str, held: frozenset[str]) -> str:
    """Return in words why somebody with these roles cannot take such a step back, nothing where they can."""
    if is_final(action):
        return _("This step is final and cannot be taken back. Record the act that corrects it instead.")
    try:
        refuse_unless(held, undone_by(action))
    except NotAllowed as error:
        return str(error)
    return ""


def action_words(name: str) -> str:
    """Return what an act is called; one this version does not know is its own name."""
    return _(SAID.get(name, name))


def _who(row: Step) -> str:
    return row.who or _("somebody not known here")


STEPS: tuple[Column, ...] = (
    Column("at", N_("When"), lambda row: row.step.at, "date", width=152),
    Column("who", N_("Who"), _who, width=130),
    Column("what", N_("What"), lambda row: action_words(row.step.action), width=190),
    Column("records", N_("Records"), lambda row: row.step.records, "number", width=88),
    Column("reason", N_("Reason"), lambda row: row.step.reason, width=300),
    Column("role", N_("As"), lambda row: _(ROLE_WORDS.get(row.step.role, row.step.role)), width=170, hidden=True),
)

_RECORD = Column("record", N_("Record"), lambda row: f"{_(row.label)} {row.name}".strip(), width=176)
_FIELD = Column("field", N_("Field"), lambda row: _(row.field.label), width=130)
_PLACE = Column("place", N_("Position"), lambda row: row.place, width=120, hidden=True)

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

FINDINGS: tuple[Column, ...] = (
    Column("words", N_("What was found"), lambda row: row.finding.words, width=300),
    Column("place", N_("Where"), lambda row: place_words(row.finding.place), width=200),
)


class Trail(Page):
    """Every step of one study. `today` is a seam for tests."""

    kinds: ClassVar[frozenset[str]] = frozenset({"*"})

    def __init__(self, desk: Desk, study: Id, *, today: Callable[[], date] = today_here) -> None:
        super().__init__()
        self._desk = desk
        self._study = study
        self._today = today
        self._limit = AT_ONCE
        self._step: Step | None = None
        self.prove_button = parts.button(_("Prove this desk"), self.prove, icon="good")
        self.prove_button.setToolTip(
            _("Check every recorded step and every table against each other. It takes a while and changes nothing.")
        )
        self.older_button = parts.button(_("Show older steps"), self._show_older, role="link")
        self.older_button.hide()
        empty = EmptyState(
            _("Nothing was recorded in this study yet"),
            _("Every act stands here with who, when, what and why, and can be looked into and taken back."),
            icon="trail",
        )
        self.table = Table(STEPS, name=_("Trail"), key="trail", memory=desk.memory, jobs=desk.jobs, empty=empty)
        self.table.tools.insertWidget(2, self.older_button)
        self.split = ListDetail(self.table, key="trail", memory=desk.memory, width=WIDTH)
        self.table.chosen.connect(self._choose)
        self.table.activated.connect(lambda _row: self._enter())
        lay_out(self, _("Trail"), self.prove_button).addWidget(self.split)

    def refresh(self) -> None:
        """Ask for the newest steps again."""
        self._desk.read(steps, then=self._show_steps, owner=self, latest="steps", study=self._study, limit=self._limit)

    def prove(self) -> None:
        """Prove the desk beside the window; the verdict opens here."""

        def work(application: Application, progress: Progress) -> Any:
            return application.verify(progress)

        self.prove_button.setEnabled(False)
        self.prove_button.setToolTip(_("The proof is under way."))
        self._desk.long(
            work, title=_("Proving this desk"), owner=self, then=self._show_verdict, failed=self._proof_failed
        )

    def _show_steps(self, found: Steps) -> None:
        self.table.set_rows(found.steps)
        self.older_button.setVisible(found.more)

    def _show_older(self) -> None:
        self._limit += AT_ONCE
        self.refresh()

    # One step

    def _choose(self, row: Step | None) -> None:
        if row:
            self._read_step(row)

    def _read_step(self, row: Step) -> None:
        self._step = row
        self._desk.read(
            told, then=self._show_step, owner=self, latest="step", step=row.step, study=self._study, on=self._today()
        )

    def _show_step(self, found: Looked) -> None:
        row = self._step
        if row is None:
            return
        detail = StepDetail(row, found, self._desk)
        detail.undo_button.clicked.connect(lambda _checked=False: self._ask_why(row, found))
        self.split.show_detail(action_words(row.step.action), detail)

    def _enter(self) -> None:
        if isinstance(self.split.detail, StepDetail):
            self.split.detail.changes.view.setFocus()

    def _ask_why(self, row: Step, found: Looked) -> None:
        prompt = ReasonPrompt(title=_("Why is it taken back?"), save=_("Take it back"), back=_("Cancel"))
        aside = Aside(parts.said(undo_words(found.changes), wrap=True), prompt)
        refused = parts.said(role="problem", wrap=True)
        refused.hide()

        def failed(error: BaseException) -> None:
            if not isinstance(error, Told):
                raise error
            refused.setText(str(error))
            refused.show()

        def back() -> None:
            self._read_step(row)
            self.table.view.setFocus()

        def give(reason: str) -> None:
            self._desk.take_back(row.id, reason=reason, owner=aside, then=back, failed=failed)

        layout = aside.layout()
        assert layout is not None
        layout.addWidget(refused)
        aside.left.connect(back)
        prompt.cancelled.connect(back)
        prompt.given.connect(give)
        self.split.show_detail(_("Take back: {act}").format(act=action_words(row.step.action)), aside)
        prompt.setFocus()

    # The proof

    def _proof_failed(self, error: BaseException) -> None:
        self._may_prove_again()
        if not isinstance(error, Told):
            raise error
        self._desk.refused.emit(error)

    def _may_prove_again(self) -> None:
        self.prove_button.setEnabled(True)
        self.prove_button.setToolTip(
            _("Check every recorded step and every table against each other. It takes a while and changes nothing.")
        )

    def _show_verdict(self, verdict: Verdict) -> None:
        self._may_prove_again()
        self.split.show_detail(_("Proof of this desk"), VerdictDetail(verdict, self._desk))
        self._desk.tell(_("This desk is proven.") if verdict.proven else _("This desk could not be proven."))


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
                (_("Who"), _who(row)),
                (_("As"), _(ROLE_WORDS.get(step.role, step.role))),
                (_("When"), shown.instant(step.at)),
                (_("Records"), shown.number(step.records)),
                (_("Position"), place),
                (_("Reason"), step.reason or "–"),
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


class VerdictDetail(QWidget):
    """What the proof looked at and what it found, in words."""

    def __init__(self, verdict: Verdict, desk: Desk) -> None:
        super().__init__()
        layout = parts.column(self, spacing=style.MEDIUM, margins=(0, 0, style.SMALL, style.SMALL))
        proven = verdict.proven
        pill = StatusPill(Status(_("Proven"), "good") if proven else Status(_("Not proven"), "bad"))
        layout.addWidget(pill)
        layout.addWidget(parts.said(verdict_words(verdict), wrap=True))
        layout.addWidget(
            Facts(
                (
                    (_("Recorded changes"), shown.number(verdict.events)),
                    (_("Records"), shown.number(verdict.records)),
                    (_("Streams"), shown.number(verdict.streams)),
                    (_("Findings"), shown.number(len(verdict.findings))),
                )
            )
        )
        if proven:
            layout.addStretch()
            return
        layout.addWidget(
            parts.said(
                _(
                    "Work no further on this file. Keep it as it is, take the newest backup, and give both to whoever "
                    "looks after this desk."
                ),
                wrap=True,
            )
        )
        self.findings = Table(FINDINGS, name=_("Findings"), key="trail/findings", memory=desk.memory, jobs=desk.jobs)
        self.findings.set_rows([Found(str(number), each) for number, each in enumerate(verdict.findings)])
        self.findings.setMinimumHeight(260)
        layout.addWidget(self.findings, 1)


def verdict_words(verdict: Verdict) -> str:
    """Return the outcome of a proof in one or two sentences."""
    if verdict.proven:
        return _(
            "Every recorded change is whole, in its order and as it was signed, and every record is exactly what the "
            "changes make of it."
        )
    count = len(verdict.findings)
    return n_(
        "{count} place is not as the trail says. Somebody or something changed the file behind TrialDesk's back.",
        "{count} places are not as the trail says. Somebody or something changed the file behind TrialDesk's back.",
        count,
    ).format(count=shown.number(count))


def place_words(place: str) -> str:
    """Return the place of a finding: a field of a record, or an event of a stream."""
    kind, _space, rest = place.partition(" ")
    if kind in LABELS:
        record, _space, name = rest.partition(" ")
        field = FIELDS[kind].get(name)
        return ", ".join(
            part for part in (f"{_(LABELS[kind])} {record[:8]}", _(field.label) if field else name) if part
        )
    stream, _dot, number = kind.partition(".")
    if not number:
        return _("Stream {name}").format(name=stream[:8])
    return _("Stream {name}, event {number}").format(name=stream[:8], number=number)


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
