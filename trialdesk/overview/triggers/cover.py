"""Who was allocated, or consented, without what that day needs, as the record now has it.

Nobody is allocated here before approval, contract and insurance, or consents to a version that is not in use. What was
in force can prove not to have been: a decision, an insurance or a version is corrected. The correction stands, for it
is true; what was done meanwhile is then a deviation, which somebody has to record (ICH E6(R3) 2.5, 2.8.2, 3.6).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa

from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.base.written import written_day
from trialdesk.contracts.records import Contract, Insurance
from trialdesk.contracts.rules import BOUND, is_insured
from trialdesk.enrollment.records import Allocation, Consent, Participant, SlotUse, Treatment
from trialdesk.ethics.rules import Ruling, in_force, usable
from trialdesk.overview.rules.deadlines import Started
from trialdesk.overview.triggers.ethics import rulings_by_place, versions_by_id
from trialdesk.overview.triggers.scope import Scope
from trialdesk.persistence.declaration import Record
from trialdesk.persistence.reading import Read
from trialdesk.safety.records import Deviation

_ALLOCATING: tuple[type[Record], ...] = (Treatment, Allocation, SlotUse)


def uncovered(read: Read, scope: Scope) -> Iterator[Started]:
    """Yield what was done without cover, until a deviation of that participant and day is recorded. Ten statements.

    Who was imported had their cover elsewhere and is passed over.
    """
    own = Participant.TABLE.c
    people = {
        row.id: row
        for row in read.rows(
            sa.select(own.id, own.study, own.site, own.identifier).where(
                scope.of(own.study), ~own.voided, sa.or_(own.imported.is_(None), ~own.imported)
            )
        )
    }
    if not people:
        return
    known = _deviations(read, scope)
    for participant, day, what, words in (*_allocations(read, scope, people), *_consents(read, scope, people)):
        who = people[participant]
        yield scope.started(
            "uncovered",
            who.study,
            f"{who.id}{what}",
            name=words,
            day=day,
            site=who.site,
            done=known.get((who.id, day), ()),
            whose=who.identifier,
            focus=who.id,
        )


def _allocations(read: Read, scope: Scope, people: dict[Id, Any]) -> Iterator[tuple[Id, date, str, str]]:
    rulings: dict[Id, list[Ruling]] = {}
    for (of, _site), some in rulings_by_place(read, scope).items():
        rulings.setdefault(of, []).extend(some)
    contracts, insured = _contracts(read, scope), _insured(read, scope)
    for who, day in _allocated(read, scope, people):
        study = scope.studies[who.study]
        said = {"day": written_day(day)}
        if in_force(rulings.get(study.id, ()), day, site=who.site) is None:
            yield who.id, day, "approval", _("allocated on {day} without an ethics approval in force").format(**said)
        if study.needs_contract and not any(_binds(row, day) for row in contracts.get(study.id, ())):
            yield who.id, day, "contract", _("allocated on {day} without a contract in force").format(**said)
        if study.needs_insurance and not is_insured(insured.get(study.id, ()), day):
            yield who.id, day, "insurance", _("allocated on {day} without insurance").format(**said)


def _consents(read: Read, scope: Scope, people: dict[Id, Any]) -> Iterator[tuple[Id, date, str, str]]:
    own, versions = Consent.TABLE.c, versions_by_id(read, scope)
    query = sa.select(own.id, own.participant, own.consent_version, own.consented_on).where(
        scope.of(own.study), ~own.voided
    )
    for row in read.rows(query):
        signed = versions.get(row.consent_version)
        if signed is None or row.participant not in people:
            continue
        same = [each for each in versions.values() if each.study == signed.study]
        right = usable(same, row.consented_on, language=signed.language, form=signed.form)
        if right is None or right.id != signed.id:
            words = _("consented on {day} to version {version}, which was not in use that day").format(
                day=written_day(row.consented_on), version=signed.label
            )
            yield row.participant, row.consented_on, row.id, words


def _allocated(read: Read, scope: Scope, people: dict[Id, Any]) -> Iterator[tuple[Any, date]]:
    for record in _ALLOCATING:
        own = record.TABLE.c
        query = sa.select(own.participant, own.allocated_on).where(
            scope.of(own.study), ~own.voided, own.allocated_on.is_not(None)
        )
        for row in read.rows(query):
            if row.participant in people:
                yield people[row.participant], row.allocated_on


def _contracts(read: Read, scope: Scope) -> dict[Id, list[Any]]:
    own, found = Contract.TABLE.c, dict[Id, list[Any]]()
    query = sa.select(
        own.study,
        own.state,
        own.fully_executed_on,
        own.effective_from,
        own.suspended_on,
        own.resumed_on,
        own.closing_from,
        own.closed_on,
        own.ends_on,
    ).where(scope.of(own.study), ~own.voided, own.state.in_(BOUND))
    for row in read.rows(query):
        found.setdefault(row.study, []).append(row)
    return found


def _binds(row: Any, day: date) -> bool:
    """Say whether a contract bound on a day: executed by then, not yet over or past its last day, not suspended."""
    since = row.fully_executed_on or row.effective_from
    if (
        since is None
        or day < since
        or any(last is not None and last < day for last in (row.closing_from, row.closed_on, row.ends_on))
    ):
        return False
    return not (
        row.suspended_on is not None
        and row.suspended_on <= day
        and (row.resumed_on is None or row.resumed_on < row.suspended_on or day < row.resumed_on)
    )


def _insured(read: Read, scope: Scope) -> dict[Id, list[tuple[date, date]]]:
    own, found = Insurance.TABLE.c, dict[Id, list[tuple[date, date]]]()
    for row in read.rows(sa.select(own.study, own.valid_from, own.valid_to).where(scope.of(own.study), ~own.voided)):
        found.setdefault(row.study, []).append((row.valid_from, row.valid_to))
    return found


def _deviations(read: Read, scope: Scope) -> dict[tuple[Id, date], tuple[date, ...]]:
    """Return by participant and day when a deviation of it was found."""
    own, found = Deviation.TABLE.c, dict[tuple[Id, date], tuple[date, ...]]()
    query = sa.select(own.participant, own.occurred_on, own.found_on).where(
        scope.of(own.study), ~own.voided, own.participant.is_not(None)
    )
    for row in read.rows(query):
        key = row.participant, row.occurred_on
        found[key] = (*found.get(key, ()), row.found_on or row.occurred_on)
    return found
