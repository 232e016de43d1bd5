"""A desk's study as a case: the terms that count, the facts its events tell, what was certified and invoiced."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

import sqlalchemy as sa

from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.base.money import exponent_of
from trialdesk.base.values import dataclass
from trialdesk.contracts.queries import ContractRow, TermsRow, terms_versions
from trialdesk.payments.projection import KINDS, Told, told
from trialdesk.payments.records import Certificate, Invoice, InvoiceLine
from trialdesk.payments.rules.case import Case, Credited, LineKey, read_case, with_facts
from trialdesk.payments.rules.case import Certificate as Certified
from trialdesk.payments.rules.case import Invoice as Invoiced
from trialdesk.payments.rules.terms import Terms
from trialdesk.payments.terms import visit_names
from trialdesk.persistence.folding import Event
from trialdesk.persistence.reading import Read
from trialdesk.studies.queries import planned_visits
from trialdesk.studies.records import PlannedVisit
from trialdesk.trail.events import parse
from trialdesk.trail.tables import event, stream


@dataclass(frozen=True, slots=True)
class DeskCase:
    """A case with what the desk knows besides: where each fact comes from, and the versions of the terms."""

    case: Case
    told: Told
    terms: tuple[TermsRow, ...]


def facts_told(read: Read, *, study: Id, known_at: datetime) -> Told:
    """Return the facts of a study that were recorded by an instant. One statement.

    Only from what is open to everybody: whoever asks gets the same answer.
    """
    query = (
        sa.select(event.c.bytes)
        .join(stream, stream.c.id == event.c.stream)
        .where(
            stream.c.study == study,
            stream.c.audience == "open",
            event.c.kind.in_(list(KINDS)),
            event.c.at <= known_at,
        )
        .order_by(event.c.clock, event.c.stream, event.c.number)
    )
    return told(_parsed(row.bytes for row in read.rows(query)))


def visits_called(read: Read, *, study: Id) -> frozenset[str]:
    """Return every name by which terms may call the planned visits of a study, earlier names too. Two statements."""
    query = (
        sa.select(event.c.bytes)
        .join(stream, stream.c.id == event.c.stream)
        .where(stream.c.study == study, stream.c.audience == "open", event.c.kind == PlannedVisit.KIND)
        .order_by(event.c.clock, event.c.stream, event.c.number)
    )
    names = told(_parsed(row.bytes for row in read.rows(query))).visits
    return frozenset(name for row in planned_visits(read, study=study) for name in names.get(row.id, (row.name,)))


def case_of(
    read: Read, *, study: Id, contract: ContractRow, known_at: datetime, certified_only: bool = False
) -> DeskCase:
    """Return a contract's case as known at an instant. Five statements.

    With `certified_only` nothing counts as certified by default: what an invoice may ask for. Otherwise that is so from
    the contract's first certificate on (payments-case.md, decision 8).
    """
    versions = tuple(row for row in terms_versions(read, contract=contract.id) if row.recorded_at is not None)
    known = [row for row in versions if row.recorded_at is not None and row.recorded_at <= known_at]
    facts = facts_told(read, study=study, known_at=known_at)
    frame = framed(contract.number, contract.currency, [(row.number, row.text, row.recorded_at) for row in known])
    certified = _certified(read, contract.id, known_at)
    invoiced, credited = _documents(read, contract.id, known_at)
    case = replace(
        frame,
        certified=certified if certified or certified_only else None,
        invoiced=invoiced,
        credited=credited,
    )
    return DeskCase(with_facts(case, facts.named(visit_names(case))), facts, versions)


def with_terms(desk: DeskCase, contract: ContractRow, versions: Sequence[TermsRow]) -> Case:
    """Return a desk's case under other versions of the terms, each of which says when it was recorded.

    Raises Unreadable for a text that cannot be read.
    """
    frame = framed(contract.number, contract.currency, [(row.number, row.text, row.recorded_at) for row in versions])
    case = replace(frame, certified=desk.case.certified, invoiced=desk.case.invoiced, credited=desk.case.credited)
    return with_facts(case, desk.told.named(visit_names(case)))


def framed(name: str, currency: str, versions: Iterable[tuple[int, str, datetime | None]]) -> Case:
    """Return versions of terms (number, text, when they came to count) as one case without facts.

    What stands beside the terms is the newest version's. Raises Unreadable for a text that is no terms.
    """
    found = Case(name=name, currency=currency, exponent=exponent_of(currency), tax=None, terms=())
    for number, text, recorded_at in versions:
        assert recorded_at is not None
        file = _("{contract}, version {number}").format(contract=name, number=number)
        own = read_case(text, file, recorded_at=recorded_at)
        (terms,) = own.terms
        terms = replace(terms, recorded_at=recorded_at)
        found = replace(
            own,
            name=name,
            contract="",
            terms=(*found.terms, terms),
            weights={**found.weights, **own.weights},
            calendars={**found.calendars, **own.calendars},
        )
    return replace(found, facts=(), invoiced=(), credited=(), certified=None)


def terms_of(read: Read, contract: ContractRow) -> tuple[Terms, ...]:
    """Return the versions of a contract's terms that count, by number. Three statements."""
    versions = [row for row in terms_versions(read, contract=contract.id) if row.recorded_at is not None]
    return framed(
        contract.number, contract.currency, [(row.number, row.text, row.recorded_at) for row in versions]
    ).terms


def _certified(read: Read, contract: Id, known_at: datetime) -> tuple[Certified, ...]:
    own = Certificate.TABLE.c
    rows = read.rows(
        sa.select(own.lines, own.certified_on)
        .where(own.contract == contract, own.certified_at <= known_at, ~own.voided)
        .order_by(own.certified_at, own.id)
    )
    return tuple(Certified(row.certified_on, tuple(keys_of(row.lines))) for row in rows)


def keys_of(lines: str) -> list[LineKey]:
    """Return the keys of the lines of a certificate."""
    return [(each["rule"], each["unit"]) for each in json.loads(lines)]


def _documents(read: Read, contract: Id, known_at: datetime) -> tuple[tuple[Invoiced, ...], tuple[Credited, ...]]:
    own, line = Invoice.TABLE.c, InvoiceLine.TABLE.c
    rows = read.rows(
        sa.select(own.id, own.number, own.kind, own.original, own.issued_on)
        .where(own.contract == contract, own.known_at <= known_at, ~own.voided)
        .order_by(own.known_at, own.series, own.place)
    )
    numbers = {row.id: row.number for row in rows}
    asked: dict[Id, dict[LineKey, tuple[int, date | None]]] = {row.id: {} for row in rows}
    for row in read.rows(
        sa.select(line.invoice, line.rule, line.unit, line.net, line.occurred_on)
        .join(Invoice.TABLE, own.id == line.invoice)
        .where(own.contract == contract, own.known_at <= known_at, ~own.voided, ~line.voided)
        .order_by(line.place)
    ):
        asked[row.invoice][row.rule, row.unit] = (row.net, row.occurred_on)
    invoiced = tuple(
        Invoiced(row.number, row.issued_on, tuple(asked[row.id]), asked[row.id])
        for row in rows
        if row.kind == "invoice"
    )
    credited = tuple(
        Credited(
            row.number,
            numbers[row.original],
            row.issued_on,
            {key: net for key, (net, _day) in asked[row.id].items()},
        )
        for row in rows
        if row.kind == "credit_note"
    )
    return invoiced, credited


def _parsed(rows: Iterable[bytes]) -> Iterable[Event]:
    return (parse(data) for data in rows)
