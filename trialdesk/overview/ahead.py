"""What comes next in each study: one thing, named, with the place where it is done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from trialdesk.base.i18n import N_, _, n_
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.overview.clocks import today
from trialdesk.overview.drawings import step_words
from trialdesk.overview.progress import stages
from trialdesk.overview.queries import Standing, portfolio
from trialdesk.overview.rules.rails import WORDS, next_step
from trialdesk.overview.rules.standing import Next
from trialdesk.overview.rules.waiting import Waiting, when_words
from trialdesk.persistence.reading import Read

STEPS: Mapping[Next, tuple[str, str, str]] = {
    "site": (N_("Add the first site"), "overview", "site"),
    "participant": (N_("Screen the first participant"), "participants", ""),
    "gaps": (N_("Look at what is missing"), "overview", "gaps"),
    "report": (N_("Make a report"), "reports", ""),
}
"""What the numbers of a study ask for: its words, the section where it is done, and what to look at there."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """What comes next, in words; `section` and `focus` are where it is done. `late`: its day is over."""

    words: str
    section: str
    focus: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """All studies as they stand, what comes next in each by its id, and all that waits, most urgent first."""

    standings: tuple[Standing, ...]
    ahead: Mapping[Id, Ahead]
    waiting: tuple[Waiting, ...]


def look(read: Read, *, on: date, at: datetime | None = None) -> Look:
    """Return how all studies stand and what comes next in each.

    A bounded number of statements, and as many again for each study in which no clock runs and nothing else is asked.
    """
    standings = portfolio(read, on=on)
    waiting = today(read, on=on, at=at)
    first: dict[Id, Waiting] = {}
    for row in waiting:
        first.setdefault(row.study, row)
    return Look(
        standings,
        {each.study.id: _ahead(read, each, first.get(each.study.id), on) for each in standings},
        waiting,
    )


def _ahead(read: Read, standing: Standing, first: Waiting | None, on: date) -> Ahead:
    """Return what comes next: what is late or nearly so, what the numbers ask, what waits, the next stage of a rail."""
    if first is not None and first.urgent:
        return _waiting(first, on)
    if standing.next_step != "report":
        words, section, focus = STEPS[standing.next_step]
        count = len(standing.gaps)
        if standing.next_step == "gaps":
            words = n_("Look at {count} open point", "Look at {count} open points", count).format(count=count)
            return Ahead(words, section, focus)
        return Ahead(_(words), section, focus)
    if first is not None:
        return _waiting(first, on)
    step = None if standing.stage == "ended" else next_step(stages(read, study=standing.study.id, on=on, waiting=()))
    if step is not None:
        words = _(WORDS[step.code]) if step.state == "now" else step_words(step, {})
        return Ahead(words, step.section, step.focus, late=step.state == "late")
    words, section, focus = STEPS["report"]
    return Ahead(_(words), section, focus)


def _waiting(row: Waiting, on: date) -> Ahead:
    whose = [row.whose] if row.whose and row.whose not in row.what else []
    words = " · ".join((row.what, *whose, when_words(row, on)))
    return Ahead(words, row.section, row.focus, late=row.state == "late")
