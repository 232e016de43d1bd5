"""How a contract stands beside its money: whose interests are declared, days with whom, what is given."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import sqlalchemy as sa

from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.contracts.records import Contract, InKind, Interest, Obligation, Particular, Turn
from trialdesk.contracts.rules import ENDED, Declared, is_clear
from trialdesk.contracts.vocabulary import HOLDERS, topics_of
from trialdesk.people.queries import accounts, persons
from trialdesk.people.rights import holders
from trialdesk.people.rules import INVESTIGATORS
from trialdesk.persistence.reading import Read


@dataclass(frozen=True, slots=True)
class Clock:
    """A contract's days: with each holder, to final terms, to the last signature; `turns` so far, `open_with` now.

    Days are calendar days from the beginning of the negotiation, None while the day is not known. `stalls` counts the
    turns that stalled on each issue.
    """

    contract: Id
    turns: int
    open_with: str | None
    days: dict[str, int]
    final_terms: int | None
    full_execution: int | None
    stalls: dict[str, int]


@dataclass(frozen=True, slots=True)
class Given:
    """Support in kind of one contract in one currency: its value, and what of it has arrived, in minor units."""

    contract: Id
    currency: str
    promised: int
    received: int


@dataclass(frozen=True, slots=True)
class Supply:
    """Something given in kind under a contract, and where it is now; `unit_value` in minor units."""

    id: Id
    kind: str
    name: str
    quantity: int
    unit_value: int | None
    currency: str | None
    received_on: date | None
    used: int | None
    returned: int | None


@dataclass(frozen=True, slots=True)
class Duty:
    """Something a contract asks for by a day."""

    id: Id
    what: str
    due_on: date
    met_on: date | None


def supplies(read: Read, *, contract: Id) -> tuple[Supply, ...]:
    """Return what is given in kind under a contract, by name. One statement."""
    own = InKind.TABLE.c
    return read.shaped(Supply, InKind, own.contract == contract, ~own.voided, order=(own.name, own.id))


def duties(read: Read, *, contract: Id) -> tuple[Duty, ...]:
    """Return what a contract asks for, by day. One statement."""
    own = Obligation.TABLE.c
    return read.shaped(Duty, Obligation, own.contract == contract, ~own.voided, order=(own.due_on, own.id))


def agreed_on(read: Read, *, contract: Id, topic: str) -> str | None:
    """Return what a contract says on a matter; None where no clause is recorded. One statement."""
    own = Particular.TABLE.c
    words: str | None = read.value(
        sa.select(own.words).where(own.contract == contract, own.topic == topic, ~own.voided).order_by(own.id)
    )
    return words


def undeclared(read: Read, *, study: Id, organisation: Id, on: date) -> tuple[str, ...]:
    """Return who runs the study and has no valid declaration about a party, or one with an interest not accepted.

    Those with the role of an investigator on that day, by name. Six statements.
    """
    wanted = set(holders(read, study=study, wanted=INVESTIGATORS, on=on))
    persons_of = {row.person for row in accounts(read) if row.id in wanted}
    sound = without_interest(read, study=study, organisation=organisation, on=on)
    names = {row.id: row.name for row in persons(read)}
    return tuple(sorted(names.get(each, "") for each in persons_of - sound))


def without_interest(read: Read, *, study: Id, organisation: Id, on: date) -> frozenset[Id]:
    """Return the persons whose declaration towards a party leaves nothing in the way on a day. One statement."""
    own = Interest.TABLE.c
    told: dict[Id, list[Declared]] = {}
    for row in read.rows(
        sa.select(Interest.TABLE).where(own.study == study, own.organisation == organisation, ~own.voided)
    ):
        told.setdefault(row.person, []).append(_declared(row))
    return frozenset(person for person, declared in told.items() if is_clear(declared, on))


def _declared(row: sa.Row) -> Declared:  # type: ignore[type-arg]  # a row of declarations
    accepted_on = row.judged_on if row.acceptable else None
    return Declared(row.declared_on, row.expires_on, bool(row.has_interest), accepted_on, row.id)


def has_open_interest(read: Read, *, study: Id, organisation: Id, person: Id, on: date) -> bool:
    """Say whether somebody declared interests in a party and the declaration has run out, or tells one not accepted.

    False for who has declared nothing: not everybody must. One statement.
    """
    own = Interest.TABLE.c
    rows = read.rows(
        sa.select(Interest.TABLE).where(
            own.study == study, own.organisation == organisation, own.person == person, ~own.voided
        )
    )
    declared = [
        Declared(
            row.declared_on, row.expires_on, bool(row.has_interest), row.judged_on if row.acceptable else None, row.id
        )
        for row in rows
        if row.declared_on <= on
    ]
    return bool(declared) and not is_clear(declared, on)


def missing_supply(read: Read, *, study: Id, on: date) -> tuple[str, ...]:
    """Return what must have arrived before the first participant and has not, by name. One statement."""
    own, contract = InKind.TABLE.c, Contract.TABLE.c
    rows = read.rows(
        sa.select(own.name)
        .join(Contract.TABLE, contract.id == own.contract)
        .where(
            own.study == study,
            ~own.voided,
            ~contract.voided,
            contract.state.not_in(sorted(ENDED)),
            own.needed_first,
            sa.or_(own.received_on.is_(None), own.received_on > on),
        )
        .order_by(own.name)
    )
    return tuple(row.name for row in rows)


def clocks(read: Read, *, study: Id, on: date) -> tuple[Clock, ...]:
    """Return the clock of each contract of a study, a turn not over counted up to `on`. Two statements."""
    own, turn = Contract.TABLE.c, Turn.TABLE.c
    by_contract: dict[Id, list[sa.Row]] = {}  # type: ignore[type-arg]  # a row of what is selected below
    for row in read.rows(
        sa.select(Turn.TABLE).where(turn.study == study, ~turn.voided).order_by(turn.sent_on, turn.id)
    ):
        by_contract.setdefault(row.contract, []).append(row)
    found = read.rows(
        sa.select(
            own.id, own.negotiating_from, own.terms_agreed_on, own.sent_to_signature_on, own.fully_executed_on
        ).where(own.study == study, ~own.voided)
    )
    return tuple(
        Clock(
            contract=row.id,
            turns=len(turns := by_contract.get(row.id, [])),
            open_with=next((each.holder for each in reversed(turns) if each.returned_on is None), None),
            days={holder: _days_with(turns, holder, on) for holder, _label in HOLDERS},
            final_terms=_between(row.negotiating_from, row.terms_agreed_on or row.sent_to_signature_on),
            full_execution=_between(row.negotiating_from, row.fully_executed_on),
            stalls=_counted(each.issue for each in turns if each.issue),
        )
        for row in found
    )


def in_kind(read: Read, *, study: Id) -> tuple[Given, ...]:
    """Return the value of support in kind by contract and currency; what has no value counts nothing. One statement."""
    own = InKind.TABLE.c
    sums: dict[tuple[Id, str], tuple[int, int]] = {}
    for row in read.rows(sa.select(InKind.TABLE).where(own.study == study, ~own.voided, own.unit_value.is_not(None))):
        value = row.quantity * row.unit_value
        promised, received = sums.get((row.contract, row.currency), (0, 0))
        sums[row.contract, row.currency] = (promised + value, received + (value if row.received_on else 0))
    return tuple(Given(contract, currency, *amounts) for (contract, currency), amounts in sorted(sums.items()))


def unsettled(read: Read, *, contract: Id) -> tuple[str, ...]:
    """Return the matters a contract of its kind settles and of which no clause is recorded, by code. Two statements."""
    own, clause = Contract.TABLE.c, Particular.TABLE.c
    kind = read.value(sa.select(own.kind).where(own.id == contract))
    known = {row.topic for row in read.rows(sa.select(clause.topic).where(clause.contract == contract, ~clause.voided))}
    # Of an agreement of another kind nobody can say what it should settle.
    return () if kind == "other" else tuple(topic for topic in topics_of(kind or "other") if topic not in known)


def _days_with(turns: Iterable[sa.Row], holder: str, on: date) -> int:  # type: ignore[type-arg]  # as above
    return sum(
        ((min(each.returned_on, on) if each.returned_on else on) - each.sent_on).days
        for each in turns
        if each.holder == holder and each.sent_on <= on
    )


def _between(first: date | None, last: date | None) -> int | None:
    return (last - first).days if first and last else None


def _counted(issues: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for each in issues:
        found[each] = found.get(each, 0) + 1
    return found
