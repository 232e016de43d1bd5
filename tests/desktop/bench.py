"""A small real domain for the window's tests: participants in a list, actions that change it, undo that restores it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtWidgets import QLabel

from trialdesk.base.clock import Clock, SetClock
from trialdesk.base.errors import NotAllowed, UserError
from trialdesk.base.fields import Field
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.entering import NewDesk, Opened, SignIn
from trialdesk.desktop.jobs import Progress
from trialdesk.desktop.models.rows import Column
from trialdesk.desktop.models.status import Status
from trialdesk.desktop.page import Catalogue, Page, Place, Section, lay_out
from trialdesk.desktop.spot import Found, Spot, StudyHead
from trialdesk.desktop.widgets.detail import ListDetail
from trialdesk.desktop.widgets.form import Form
from trialdesk.desktop.widgets.table import Table
from trialdesk.overview.rules.waiting import Waiting

STATES = (
    Status("In treatment", "good"),
    Status("Screening", "info"),
    Status("Visit overdue", "warning"),
    Status("Withdrawn", "bad"),
)


@dataclass(frozen=True)
class Participant:
    id: str
    number: str
    status: Status = STATES[0]
    consented: date | None = None
    visits: int = 0
    note: str = ""


COLUMNS = (
    Column("number", "Number", lambda row: row.number, width=110),
    Column("status", "Status", lambda row: row.status, "status"),
    Column("consented", "Consent", lambda row: row.consented, "date"),
    Column("visits", "Visits", lambda row: row.visits, "number"),
    Column("note", "Note", lambda row: row.note),
)

FIELDS = (
    Field("text", "Number", "number", help="As on the consent form", required=True),
    Field("day", "Consent date", "consented"),
    Field("whole", "Visits", "visits"),
    Field("text", "Note", "note"),
)


def people(count: int) -> tuple[Participant, ...]:
    return tuple(
        Participant(
            f"{n:032x}",
            f"S{n // 100 + 1:02}-{n % 100 + 1:03}",
            STATES[n * 7 % 4],
            None if n % 11 == 0 else date(2026, 1, 5) + timedelta(days=n % 300),
            n % 9,
            "moved away" if n % 13 == 0 else "",
        )
        for n in range(count)
    )


@dataclass(frozen=True)
class Acted:
    result: object = None
    transaction: str | None = "t"
    changed: frozenset[str] = frozenset({"participant"})
    label: str = "Participant changed"
    undoable: bool = True


@dataclass
class Bench:
    """The application, the sources and the doors in one, over plain lists."""

    rows: list[Participant] = field(default_factory=lambda: list(people(40)))
    before: dict[str, list[Participant]] = field(default_factory=dict)
    closed: int = 0
    interrupted: int = 0
    clock: Clock = field(default_factory=lambda: SetClock(datetime(2026, 3, 4, 8, tzinfo=UTC)))
    is_demonstration: bool = False

    @property
    def today(self) -> date:
        return date(2026, 3, 4)

    def read(self, query: Callable[..., Any], /, **arguments: Any) -> Any:
        return query(self, **arguments)

    def run(self, action: Callable[..., Any], /, *, reason: str = "", **arguments: Any) -> Acted:
        kept = list(self.rows)
        result = action(self, reason=reason, **arguments)
        transaction = f"t{len(self.before)}"
        self.before[transaction] = kept
        return Acted(result, transaction)

    def undo(self, transaction: str, *, reason: str = "") -> Acted:  # noqa: ARG002 - as the application's
        if transaction not in self.before:
            raise UserError("The record has changed since.", remedy="Look at its history.")
        self.rows = self.before.pop(transaction)
        return Acted()

    def verify(self, progress: Progress) -> object:
        progress(1, 1)
        return None

    def studies(self) -> tuple[StudyHead, ...]:
        return (
            StudyHead(
                "s1",
                "ATLAS",
                "Early mobilisation after haemorrhage",
                Status("Enrolling", "good"),
                "Chen Wei",
                "Continuing review due",
                Spot("studies", "s1", "notes"),
                Status("Blinded", "neutral", "eye-off"),
            ),
            StudyHead("s2", "BREATHE", "Budesonide in cough", Status("Ethics review", "info"), "Li Na"),
        )

    def glance(self) -> tuple[tuple[StudyHead, ...], Mapping[str, int]]:
        return self.studies(), {"studies": 2, "studies/participants": 7}

    def waiting(self) -> tuple[Waiting, ...]:
        return ()

    def find(self, words: str) -> tuple[Found, ...]:
        return tuple(
            Found(row.number, "Participant", Spot("studies", "s1", "participants", row.id), "participant")
            for row in self.rows
            if words.lower() in row.number.lower()
        )[:12]

    def make(self, request: NewDesk) -> Opened:
        if request.name == "Nobody":
            raise UserError("There is such a desk already.", remedy="Choose another name.")
        return self.opened(request.path, request.user)

    def sign_in(self, request: SignIn) -> Opened:
        if request.password != "correct horse":
            raise NotAllowed("The user name or the password is wrong.")
        return self.opened(request.path, request.user)

    def demonstration(self, progress: Progress) -> Opened:
        progress(1, 1, "Building")
        return self.opened(Path("demonstration.desk"), "demo")

    def opened(self, path: Path | str, user: str) -> Opened:
        return Opened(self, self, path, user, close=self.close, interrupt=self.interrupt)

    def interrupt(self) -> None:
        self.interrupted += 1

    def close(self) -> None:
        self.closed += 1


def participants(bench: Bench) -> tuple[Participant, ...]:
    return tuple(bench.rows)


def rename(bench: Bench, *, identity: str, number: str, reason: str = "") -> str:
    if number == "taken":
        raise UserError("This number is taken.", remedy="Choose another.")
    bench.rows = [replace(row, number=number) if row.id == identity else row for row in bench.rows]
    return identity


class Participants(Page):
    kinds: ClassVar[frozenset[str]] = frozenset({"participant"})

    def __init__(self, desk: Desk, _study: str) -> None:
        super().__init__()
        self.desk = desk
        self.refreshed = 0
        self.form: Form | None = None
        self.table = Table(COLUMNS, name="Participants", key="participants", memory=desk.memory, jobs=desk.jobs)
        self.split = ListDetail(self.table, key="participants", memory=desk.memory)
        self.table.chosen.connect(self.show_one)
        lay_out(self, "Participants").addWidget(self.split)

    def refresh(self) -> None:
        self.refreshed += 1
        self.desk.read(participants, then=self.table.set_rows, owner=self, latest="rows")

    def show_one(self, row: Participant | None) -> None:
        if row:
            values = {"number": row.number, "consented": row.consented, "visits": row.visits, "note": row.note}
            self.form = Form(FIELDS, values, drafts=self.desk.drafts, draft=f"participant/{row.id}")
            self.split.show_detail(row.number, self.form)


class Notes(Page):
    def __init__(self, desk: Desk, study: str = "") -> None:
        super().__init__()
        self.desk = desk
        lay_out(self, "Notes").addWidget(QLabel(study))


def catalogue(places: tuple[Place, ...]) -> Catalogue:
    sections = (
        Section("participants", "Participants", Participants, help="Who takes part."),
        Section("notes", "Notes", Notes),
    )
    return Catalogue(places, sections)
