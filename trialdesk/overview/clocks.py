"""Every clock of the desk, and what of it waits today. Reads every stage, writes none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from trialdesk.base.ids import Id
from trialdesk.overview.rulebook import rules, working_days
from trialdesk.overview.rules.deadlines import Deadline, Started, deadlines
from trialdesk.overview.rules.waiting import Waiting, in_order
from trialdesk.overview.triggers.catalog import BY_NAME, TRIGGERS
from trialdesk.overview.triggers.scope import Scope, scope
from trialdesk.people.rights import roles
from trialdesk.persistence.reading import Read


def clocks(read: Read, *, on: date, study: Id | None = None, at: datetime | None = None) -> tuple[Deadline, ...]:
    """Return every clock of all studies, or of one, as it stands on a day: by when it is due, then by rule.

    `at` is the instant by which clocks of hours are judged; without it the end of the day at the site. A bounded
    number of statements, however many studies.
    """
    within = scope(read, on=on, study=study)
    found = deadlines(rules(), _started(read, within), on=on, at=at, calendar=working_days)
    return tuple(sorted(found, key=lambda each: (each.due, each.rule.id, each.started.study, each.started.subject)))


def today(read: Read, *, on: date, study: Id | None = None, at: datetime | None = None) -> tuple[Waiting, ...]:
    """Return what waits on a day in all studies, or in one, most urgent first.

    What only some roles can do, such as to sign, waits for who holds one of them.
    """
    within = scope(read, on=on, study=study)
    found = deadlines(rules(), _started(read, within), on=on, at=at, calendar=working_days)
    mine = _Mine(read, on)
    return in_order(_waiting(each, within) for each in found if each.waits(on) and mine.may_do(each.started))


class _Mine:
    """What the reading account can do, asked study by study and kept."""

    def __init__(self, read: Read, on: date) -> None:
        self._read, self._on = read, on
        self._held: dict[Id, frozenset[str]] = {}

    def may_do(self, started: Started) -> bool:
        """Say whether it waits for everybody or for a role this account holds."""
        by = BY_NAME[started.trigger].by
        if by and started.study not in self._held:
            self._held[started.study] = roles(self._read, study=started.study, on=self._on)
        return not by or not by.isdisjoint(self._held[started.study])


def _started(read: Read, within: Scope) -> Iterator[Started]:
    finds = dict.fromkeys(trigger.find for trigger in TRIGGERS)
    for find in finds:
        yield from _of_studies(find(read, within), within)


def _of_studies(found: Iterable[Started], within: Scope) -> Iterator[Started]:
    for each in found:
        if each.study in within.studies and (each.study not in within.ended or BY_NAME[each.trigger].after_end):
            yield each


def _waiting(found: Deadline, within: Scope) -> Waiting:
    started, trigger = found.started, BY_NAME[found.started.trigger]
    return Waiting(
        id=f"{found.rule.id}/{started.subject}/{found.turn}",
        group=trigger.group,
        words=found.rule.words,
        whose=started.whose,
        due=found.due,
        state=found.state,
        study=started.study,
        study_name=within.studies[started.study].short_name,
        section=trigger.section,
        focus=started.focus,
        act=trigger.act,
        values={"subject": started.name},
        due_at=found.due_at,
    )
