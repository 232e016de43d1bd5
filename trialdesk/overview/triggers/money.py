"""What contracts and payments set off: ends, insurance, certificates to sign, invoices to be paid."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import sqlalchemy as sa

from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.contracts.records import (
    BudgetDecision,
    Contract,
    Insurance,
    Interest,
    Obligation,
    Particular,
    TermsVersion,
    Turn,
)
from trialdesk.contracts.rules import ENDED, RECEIVABLE, SETTLING, SUSPENDED
from trialdesk.contracts.vocabulary import TOPICS
from trialdesk.overview.rules.deadlines import Started
from trialdesk.overview.triggers.scope import Scope
from trialdesk.payments.records import Allocation, Certificate, Dispute, Entry, Invoice, InvoiceLine, Receipt, WriteOff
from trialdesk.people.queries import persons
from trialdesk.persistence.reading import Read
from trialdesk.studies.records import ProtocolVersion


def contracts_ending(read: Read, scope: Scope) -> Iterator[Started]:
    """Yield the contracts that name an end. One statement."""
    own = Contract.TABLE.c
    query = sa.select(own.id, own.study, own.number, own.ends_on, own.closed_on, own.state).where(
        scope.of(own.study), ~own.voided, own.ends_on.is_not(None)
    )
    for row in read.rows(query):
        yield scope.started(
            "contract_ends",
            row.study,
            row.id,
            name=row.number,
            day=row.ends_on,
            done=(row.closed_on,) if row.closed_on else (),
            is_done=row.state in ENDED,
            focus=row.id,
        )


def obligations(read: Read, scope: Scope) -> Iterator[Started]:
    """Yield what contracts ask for by a day. One statement."""
    own = Obligation.TABLE.c
    query = sa.select(own.id, own.study, own.contract, own.what, own.due_on, own.met_on).where(
        scope.of(own.study), ~own.voided
    )
    for row in read.rows(query):
        yield scope.started(
            "obligation_due",
            row.study,
            row.id,
            name=row.what,
            day=row.due_on,
            done=(row.met_on,) if row.met_on else (),
            is_done=row.met_on is not None,
            whose=scope.contracts.get(row.contract, ""),
            focus=row.contract,
        )


def clauses_ending(read: Read, scope: Scope) -> Iterator[Started]:
    """Yield the clauses that hold until a day. One statement."""
    own = Particular.TABLE.c
    words = dict(TOPICS)
    query = sa.select(own.id, own.study, own.contract, own.topic, own.until).where(
        scope.of(own.study), ~own.voided, own.until.is_not(None)
    )
    for row in read.rows(query):
        whose = scope.contracts.get(row.contract, "")
        yield scope.started(
            "clause_ends",
            row.study,
            row.id,
            name=_(words.get(row.topic, row.topic)),
            day=row.until,
            whose=whose,
            focus=row.contract,
        )


def budgets_undecided(read: Read, scope: Scope) -> Iterator[Started]:
    """Yield each amendment of a protocol for each contract that then pays the study, until its budget is decided.

    Decided is what a decision or a version of terms that names the amendment says. Four statements at most.
    """
    own, terms, version = Contract.TABLE.c, TermsVersion.TABLE.c, ProtocolVersion.TABLE.c
    amendments = read.rows(
        sa.select(version.id, version.study, version.label, version.dated_on, version.effective_on).where(
            scope.of(version.study), ~version.voided, version.amendment_of.is_not(None)
        )
    )
    if not amendments:
        return
    paying = read.rows(
        sa.select(own.id, own.study, own.number, own.effective_from, own.fully_executed_on).where(
            scope.of(own.study),
            ~own.voided,
            own.direction == RECEIVABLE,
            own.state.in_(sorted(SETTLING | {SUSPENDED})),
        )
    )
    decision = BudgetDecision.TABLE.c
    decided: dict[tuple[Id, Id], date] = {
        (row.contract, row.protocol_version): row.day
        for query in (
            sa.select(terms.contract, terms.protocol_version, terms.drafted_on.label("day")).where(
                scope.of(terms.study), ~terms.voided, terms.protocol_version.is_not(None)
            ),
            sa.select(decision.contract, decision.protocol_version, decision.decided_on.label("day")).where(
                scope.of(decision.study), ~decision.voided
            ),
        )
        for row in read.rows(query)
    }
    for change in amendments:
        day = change.effective_on or change.dated_on
        for row in paying:
            since = row.fully_executed_on or row.effective_from
            if row.study != change.study or since is None or since > day:
                continue
            on = decided.get((row.id, change.id))
            yield scope.started(
                "protocol_amended",
                row.study,
                f"{row.id}{change.id}",
                name=change.label,
                day=day,
                done=(on,) if on else (),
                whose=row.number,
                focus=row.id,
            )


def drafts_with_us(read: Read, scope: Scope) -> Iterator[Started]:
    """Yield the drafts of contracts that lie on our desk. One statement."""
    own = Turn.TABLE.c
    query = sa.select(own.id, own.study, own.contract, own.sent_on).where(
        scope.of(own.study), ~own.voided, own.holder == "us", own.returned_on.is_(None)
    )
    for row in read.rows(query):
        name = scope.contracts.get(row.contract, "")
        yield scope.started("draft_with_us", row.study, row.id, name=name, day=row.sent_on, focus=row.contract)


def interests_ending(read: Read, scope: Scope) -> Iterator[Started]:
    """Yield the last declaration of each person about each party, where it ends. Two statements."""
    own = Interest.TABLE.c
    query = (
        sa.select(own.id, own.study, own.person, own.organisation, own.expires_on)
        .where(scope.of(own.study), ~own.voided)
        .order_by(own.declared_on, own.id)
    )
    last = {(row.study, row.person, row.organisation): row for row in read.rows(query)}
    names = {row.id: row.name for row in persons(read)}
    for row in last.values():
        if row.expires_on is not None:
            name = names.get(row.person, "")
            yield scope.started(
                "interest_ends", row.study, row.id, name=name, day=row.expires_on, focus=row.organisation
            )


def insurance_ending(read: Read, scope: Scope) -> Iterator[Started]:
    """Yield the insurance that goes on longest in each study: another has taken over from the rest. One statement."""
    own = Insurance.TABLE.c
    query = (
        sa.select(own.id, own.study, own.insurer, own.policy, own.valid_from, own.valid_to)
        .where(scope.of(own.study), ~own.voided)
        .order_by(own.valid_to, own.id)
    )
    last = {row.study: row for row in read.rows(query)}
    for row in last.values():
        name = f"{row.insurer} {row.policy}"
        yield scope.started(
            "insurance_ends", row.study, row.id, name=name, day=row.valid_to, since=row.valid_from, focus=row.id
        )


def uncertified(read: Read, scope: Scope) -> Iterator[Started]:
    """Yield certificates prepared, and contracts with postings that no certificate has seen. Two statements."""
    own, entry = Certificate.TABLE.c, Entry.TABLE.c
    query = sa.select(
        own.id, own.study, own.contract, own.number, own.known_at, own.prepared_on, own.certified_on
    ).where(scope.of(own.study), ~own.voided)
    known: dict[Id, datetime] = {}
    for row in read.rows(query):
        known[row.contract] = max(row.known_at, known.get(row.contract, row.known_at))
        yield scope.started(
            "certificate_prepared",
            row.study,
            row.id,
            name=row.number,
            day=row.prepared_on,
            done=(row.certified_on,) if row.certified_on else (),
            whose=scope.contracts.get(row.contract, ""),
            focus=row.id,
        )
    first = {}
    for row in read.rows(
        sa.select(entry.study, entry.contract, entry.known_at, entry.as_of)
        .where(scope.of(entry.study), ~entry.voided)
        .order_by(entry.known_at.desc())
    ):
        if row.contract not in known or row.known_at > known[row.contract]:
            first[row.contract] = row
    for contract, row in first.items():
        yield scope.started(
            "entries_posted", row.study, contract, name=scope.contracts.get(contract, ""), day=row.as_of, focus=contract
        )


def invoices_due(read: Read, scope: Scope) -> Iterator[Started]:
    """Yield the invoices that name a day to be paid by; one paid or credited whole is done.

    Of which nothing is open but what is in dispute is passed over: its clock stands still. Two statements.
    """
    own, line = Invoice.TABLE.c, InvoiceLine.TABLE.c
    credit = InvoiceLine.TABLE.alias("credit")
    given, receipt = Allocation.TABLE.c, Receipt.TABLE.c
    paid = {
        row.invoice: row
        for row in read.rows(
            sa.select(
                line.invoice, sa.func.sum(given.amount).label("amount"), sa.func.max(receipt.value_on).label("last")
            )
            .select_from(Allocation.TABLE)
            .join(InvoiceLine.TABLE, line.id == given.line)
            .join(Receipt.TABLE, receipt.id == given.receipt)
            .where(scope.of(given.study), ~given.voided, ~receipt.voided)
            .group_by(line.invoice)
        )
    }
    doubted = Dispute.TABLE.c
    disputed = (
        sa.select(sa.func.coalesce(sa.func.sum(doubted.amount), 0))
        .join(InvoiceLine.TABLE, line.id == doubted.line)
        .where(line.invoice == own.id, ~doubted.voided, doubted.resolved_on.is_(None))
        .scalar_subquery()
    )
    columns = own.id, own.study, own.contract, own.number, own.issued_on, own.due_on, own.gross
    given_up = WriteOff.TABLE.c
    gone = (
        sa.select(sa.func.coalesce(sa.func.sum(given_up.amount), 0))
        .join(InvoiceLine.TABLE, line.id == given_up.line)
        .where(line.invoice == own.id, ~given_up.voided)
        .scalar_subquery()
    )
    credited = (
        sa.select(sa.func.coalesce(sa.func.sum(credit.c.net + credit.c.tax), 0))
        .join(InvoiceLine.TABLE, line.id == credit.c.original)
        .where(line.invoice == own.id, ~line.voided, ~credit.c.voided)
        .scalar_subquery()
    )
    query = sa.select(
        *columns, disputed.label("disputed"), gone.label("written_off"), credited.label("credited")
    ).where(scope.of(own.study), ~own.voided, own.kind == "invoice", own.due_on.is_not(None))
    for row in read.rows(query):
        received = paid.get(row.id)
        left = row.gross + row.credited - (received.amount if received is not None else 0)
        left -= row.written_off
        settled = left <= 0
        if 0 < left <= row.disputed:
            continue
        yield scope.started(
            "invoice_due",
            row.study,
            row.id,
            name=row.number,
            day=row.due_on,
            since=row.issued_on,
            done=(received.last,) if settled and received is not None else (),
            is_done=settled,
            whose=scope.contracts.get(row.contract, ""),
            focus=row.id,
        )


def given_up(read: Read, scope: Scope) -> Iterator[Started]:
    """Yield the disputes that gave something up; done once it is credited, written off, or paid all the same.

    What a dispute gives up is said by whoever settles it and written off by whoever keeps the books: two acts, often of
    two people, of which the second is not to be forgotten. One statement.
    """
    own, line, invoice = Dispute.TABLE.c, InvoiceLine.TABLE.c, Invoice.TABLE.c
    credit = InvoiceLine.TABLE.alias("credit")
    off, given, receipt = WriteOff.TABLE.c, Allocation.TABLE.c, Receipt.TABLE.c

    def summed(amount: sa.ColumnElement[int], *where: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
        return sa.select(sa.func.coalesce(sa.func.sum(amount), 0)).where(*where).scalar_subquery()

    # The lines of credit notes are negative.
    credited = summed(credit.c.net + credit.c.tax, credit.c.original == own.line, ~credit.c.voided)
    written_off = summed(off.amount, off.line == own.line, ~off.voided)
    paid = summed(given.amount, given.line == own.line, given.receipt == receipt.id, ~given.voided, ~receipt.voided)
    query = (
        sa.select(
            own.id,
            own.study,
            own.conceded,
            own.resolved_on,
            (line.net + line.tax).label("gross"),
            line.invoice,
            invoice.number,
            invoice.contract,
            (written_off - credited).label("gone"),
            paid.label("paid"),
        )
        .join(InvoiceLine.TABLE, line.id == own.line)
        .join(Invoice.TABLE, invoice.id == line.invoice)
        .where(scope.of(own.study), ~own.voided, own.resolved_on.is_not(None), own.conceded > 0)
    )
    for row in read.rows(query):
        yield scope.started(
            "dispute_conceded",
            row.study,
            row.id,
            name=row.number,
            day=row.resolved_on,
            is_done=row.gone >= row.conceded or row.gone + row.paid >= row.gross,
            whose=scope.contracts.get(row.contract, ""),
            focus=row.invoice,
        )
