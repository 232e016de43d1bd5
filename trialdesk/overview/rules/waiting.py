"""What waits for somebody: the row of the page Today and of `trialdesk deadlines`, and in which order it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import date, datetime
from typing import Literal

from trialdesk.base.i18n import N_, _, n_
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass

State = Literal["running", "half", "nearly", "due today", "late", "done", "done late"]
"""How a clock stands: half and nearly are 50 and 90 % of its time."""

Group = Literal["safety", "visits", "ethics", "deviations", "signatures", "money", "contracts", "team", "study"]

STATES: Mapping[State, str] = {
    "running": N_("Running"),
    "half": N_("Half the time is gone"),
    "nearly": N_("Nearly due"),
    "due today": N_("Due today"),
    "late": N_("Overdue"),
    "done": N_("Done"),
    "done late": N_("Done late"),
}
"""The states in words, marked for translation."""

GROUPS: Mapping[Group, str] = {
    "safety": N_("Safety clocks"),
    "visits": N_("Visits"),
    "ethics": N_("Ethics"),
    "deviations": N_("Deviations"),
    "signatures": N_("Signatures"),
    "money": N_("Money"),
    "contracts": N_("Contracts"),
    "team": N_("Team"),
    "study": N_("Studies"),
}
"""What a row is about, in words, in the order in which a page shows the groups."""

_URGENCY: Mapping[State, int] = {"late": 0, "due today": 1, "nearly": 2, "half": 3, "running": 4}


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits: what, whose, by when, how it stands, and where the next thing is done.

    `words` and `act` are English marked for translation, `values` what stands in the places of `words`; read them as
    `what` and `act_words`. `whose` is a participant, a contract, a person: empty for the study itself. `due_at` is
    there where hours count. `section` and `focus` are the page of the study and the record to open there.
    """

    id: str
    group: Group
    words: str
    whose: str
    due: date | None
    state: State
    study: Id
    study_name: str
    section: str
    focus: str
    act: str
    values: Mapping[str, str] = field(default_factory=dict)
    due_at: datetime | None = None

    @property
    def what(self) -> str:
        """What waits, in the reader's language."""
        return _(self.words).format(**self.values)

    @property
    def urgent(self) -> bool:
        """Whether it is late, due today or nearly so."""
        return _URGENCY.get(self.state, 9) <= _URGENCY["nearly"]

    @property
    def pressing(self) -> bool:
        """Whether it is late or due today."""
        return _URGENCY.get(self.state, 9) <= _URGENCY["due today"]

    @property
    def act_words(self) -> str:
        """What the one button says, in the reader's language."""
        return _(self.act)


def in_order(rows: Iterable[Waiting]) -> tuple[Waiting, ...]:
    """Return rows by urgency: late first, then what is due soonest; what has no date comes last of its state."""
    return tuple(
        sorted(rows, key=lambda row: (_URGENCY.get(row.state, 9), row.due or date.max, row.study_name, row.id))
    )


def when_words(row: Waiting, on: date) -> str:
    """Return how long there is, or how long it is too late, in words."""
    if row.due is None:
        return _("Waits")
    days = (row.due - on).days
    if row.state == "late":
        return n_("{count} day late", "{count} days late", -days).format(count=-days) if days < 0 else _("Overdue")
    if days <= 0:
        return _("By {time}").format(time=f"{row.due_at.astimezone():%H:%M}") if row.due_at else _("Today")
    return n_("In {count} day", "In {count} days", days).format(count=days)
