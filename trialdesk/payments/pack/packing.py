"""Takes from a desk what a contract's amounts rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import sqlalchemy as sa

from trialdesk.base.canonical import digest
from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.contracts.queries import ContractRow, TermsRow, the_contract
from trialdesk.documents.queries import documents
from trialdesk.payments.cases import DeskCase, case_of
from trialdesk.payments.dunning import write_offs
from trialdesk.payments.pack.casefile import case_text
from trialdesk.payments.pack.contents import (
    Applied,
    Bill,
    BillLine,
    Disputed,
    Evidence,
    GivenUp,
    Head,
    Pack,
    Paper,
    Posted,
    Received,
    Signed,
    TermsPart,
    VisitName,
)
from trialdesk.payments.projection import KINDS
from trialdesk.payments.queries import InvoiceRow, entries, invoices, receipts
from trialdesk.payments.records import Allocation, Certificate, Dispute
from trialdesk.payments.rules.answer import answer
from trialdesk.payments.rules.assess import assess
from trialdesk.payments.rules.certifying import lines_of
from trialdesk.people.queries import names_of_accounts, person_of
from trialdesk.persistence.reading import Read
from trialdesk.studies.queries import study as study_row
from trialdesk.trail.position import last_known
from trialdesk.trail.tables import event, stream


def packed(read: Read, *, study: Id, as_of: date, contract: str | None = None) -> Pack:
    """Return everything a contract's amounts rest on, assessed for a day on all that is recorded.

    Now is when the last event was recorded, so that the same desk gives the same pack. Some twenty statements. Raises
    UserError where there is no such contract, or none of its terms count yet.
    """
    row = the_contract(read, study=study, number=contract)
    last = last_known(read, study)
    assert last is not None
    known_at, _day = last
    desk = case_of(read, study=study, contract=row, known_at=known_at)
    if not desk.case.terms:
        raise UserError(
            _("No terms of contract {number} count yet.").format(number=row.number),
            remedy=_("A second person activates them first; until then nothing is owed."),
        )
    known = [each for each in desk.terms if each.recorded_at is not None and each.recorded_at <= known_at]
    told = assess(desk.case, as_of, known_at)
    billed = invoices(read, study=study, contract=row.id)
    places = {line.id: (each.number, line.place) for each in billed for line in each.lines}
    return Pack(
        head=Head(
            study=study_row(read, study=study).short_name,
            contract=row.number,
            currency=row.currency,
            exponent=desk.case.exponent,
            as_of=as_of,
            known_at=known_at,
            engine=told.engine,
        ),
        texts={each.number: each.text for each in known},
        case=case_text(desk.case, [(each.text, each.recorded_at) for each in known if each.recorded_at]),
        told=answer(told, ledger=True),
        terms=tuple(_terms(each) for each in known),
        evidence=_evidence(read, study, desk),
        visits=tuple(VisitName(visit, name) for visit, names in sorted(desk.told.visits.items()) for name in names),
        papers=_papers(read, study, desk),
        ledger=tuple(
            Posted(
                id=each.id,
                rule=each.rule,
                unit=each.unit,
                component=each.component,
                amount=each.amount,
                currency=each.currency,
                terms=each.terms,
                as_of=each.as_of,
                known_at=each.known_at,
                engine=each.engine,
                reverses=each.reverses,
            )
            for each in entries(read, contract=row.id)
        ),
        certificates=_certificates(read, row),
        invoices=tuple(_bill(each) for each in billed),
        invoice_lines=tuple(_lines(billed, places)),
        receipts=tuple(
            Received(each.id, each.reference, each.value_on, each.amount, each.fees or 0)
            for each in receipts(read, study=study, contract=row.id)
        ),
        allocations=_allocations(read, study, places),
        disputes=_disputes(read, study, places),
        write_offs=tuple(
            GivenUp(*places[each.line], each.amount, each.written_off_on, each.grounds)
            for found in write_offs(read, study=study).values()
            for each in found
            if each.line in places
        ),
    )


def _terms(row: TermsRow) -> TermsPart:
    assert row.recorded_at is not None
    hashed = digest(row.text.encode())
    return TermsPart(row.number, row.effective_from, row.recorded_at, row.activated_by or "", hashed)


def _evidence(read: Read, study: Id, desk: DeskCase) -> tuple[Evidence, ...]:
    """Return a row for each fact. A fact's id begins with its stream and the number of its event there."""
    rows = read.rows(
        sa.select(event.c.stream, event.c.number, event.c.hash)
        .join(stream, stream.c.id == event.c.stream)
        .where(stream.c.study == study, stream.c.audience == "open", event.c.kind.in_(list(KINDS)))
    )
    hashes = {f"{row.stream[:8]}.{row.number:08d}": row.hash.hex() for row in rows}
    names = names_of_accounts(read)
    found = []
    for fact in desk.told.facts:
        origin = desk.told.origins[fact.id]
        found.append(
            Evidence(
                fact=fact.id,
                planned_visit=fact.visit if fact.visit in desk.told.visits else None,
                record_kind=origin.kind,
                record=origin.record,
                action=origin.action,
                recorded_by=names.get(origin.account or "", ""),
                event_sha256=hashes[".".join(fact.id.split(".")[:2])],
            )
        )
    return tuple(found)


def _papers(read: Read, study: Id, desk: DeskCase) -> tuple[Paper, ...]:
    """Return the files attached to the records that tell facts."""
    telling = {origin.record for origin in desk.told.origins.values()}
    found = [
        Paper(row.about_record, row.category, version.number, version.size, version.sha256)
        for row in documents(read, study=study)
        if row.about_record in telling
        for version in row.versions
    ]
    return tuple(sorted(found, key=lambda each: (each.record, each.category, each.version, each.sha256)))


def _certificates(read: Read, contract: ContractRow) -> tuple[Signed, ...]:
    own = Certificate.TABLE.c
    rows = read.rows(
        sa.select(Certificate.TABLE)
        .where(own.contract == contract.id, ~own.voided)
        .order_by(own.certified_at, own.known_at, own.id)
    )
    people = {
        account: person_of(read, account=account) or account
        for row in rows
        for account in (row.prepared_by, row.certified_by)
        if account
    }
    return tuple(
        Signed(
            number=row.number,
            as_of=row.as_of,
            known_at=row.known_at,
            sha256=row.sha256,
            engine=row.engine,
            prepared_by=people[row.prepared_by],
            certified_by=people.get(row.certified_by),
            certified_on=row.certified_on,
            certified_at=row.certified_at,
            lines=lines_of(row.lines),
        )
        for row in rows
    )


def _bill(row: InvoiceRow) -> Bill:
    return Bill(
        number=row.number,
        kind=row.kind,
        original=row.original_number,
        issued_on=row.issued_on,
        known_at=row.known_at,
        due_on=row.due_on,
        currency=row.currency,
        net=row.net,
        tax=row.tax,
        gross=row.gross,
        tax_code=row.tax_code,
        tax_rate=row.tax_rate,
    )


def _lines(billed: Sequence[InvoiceRow], places: Mapping[Id, tuple[str, int]]) -> list[BillLine]:
    return [
        BillLine(
            invoice=row.number,
            place=line.place,
            rule=line.rule,
            unit=line.unit,
            occurred_on=line.occurred_on,
            terms=line.terms,
            original=places[line.original][1] if line.original else None,
            net=line.net,
            tax=line.tax,
        )
        for row in billed
        for line in row.lines
    ]


def _allocations(read: Read, study: Id, places: Mapping[Id, tuple[str, int]]) -> tuple[Applied, ...]:
    own = Allocation.TABLE.c
    rows = read.rows(sa.select(Allocation.TABLE).where(own.study == study, ~own.voided).order_by(own.receipt, own.id))
    return tuple(Applied(row.receipt, *places[row.line], row.amount) for row in rows if row.line in places)


def _disputes(read: Read, study: Id, places: Mapping[Id, tuple[str, int]]) -> tuple[Disputed, ...]:
    own = Dispute.TABLE.c
    rows = read.rows(sa.select(Dispute.TABLE).where(own.study == study).order_by(own.raised_on, own.id))
    return tuple(
        Disputed(*places[row.line], row.amount, row.raised_on, row.resolved_on, row.outcome, bool(row.voided))
        for row in rows
        if row.line in places
    )
