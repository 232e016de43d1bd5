"""How far a contract's money had come at the end of a day, and what a period moved of it."""

from __future__ import annotations

from datetime import date

from trialdesk.base.i18n import N_, _
from trialdesk.base.money import money_text
from trialdesk.base.values import dataclass
from trialdesk.base.written import written_day
from trialdesk.contracts.queries import ContractRow
from trialdesk.payments.books import receivables
from trialdesk.payments.owed import Statement
from trialdesk.payments.queries import certificates
from trialdesk.payments.rules.case import LineKey
from trialdesk.payments.rules.receivables import DISPUTED
from trialdesk.persistence.reading import Read
from trialdesk.reporting.structure import Column, Table


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the money had come at the end of a day, in minor units: totals of the evaluator, then of the books.

    Certified is before tax with what is held of it; what follows is with tax, invoiced less credit notes.
    """

    accrued: int
    earned: int
    held: int
    payable: int
    certified: int
    invoiced: int
    received: int
    disputed: int


STANDING = (
    ("accrued", N_("Accrued: earned and pending")),
    ("earned", N_("Earned")),
    ("held", N_("Held back")),
    ("payable", N_("Payable")),
    ("certified", N_("Certified")),
    ("invoiced", N_("Invoiced with tax, less credit notes")),
    ("received", N_("Received with tax")),
    ("disputed", N_("In dispute, with tax")),
)
"""The rows of the period: the field and what it is called."""


def standing(read: Read, found: Statement, row: ContractRow, day: date) -> Standing:
    """Return how far a contract's money had come at the end of a statement's day. Some ten statements."""
    totals = found.assessment.totals
    last: dict[LineKey, int] = {}
    for each in certificates(read, study=found.study, contract=row.id):
        if each.certified_on is not None and each.certified_on <= day:
            last.update({line.key: line.line for line in each.lines})
    books = receivables(read, study=found.study, contract=row.id, on=day)
    return Standing(
        accrued=totals.accrued,
        earned=totals.earned,
        held=totals.held,
        payable=totals.payable,
        certified=sum(last.values()),
        invoiced=sum(each.gross + each.credited for each in books.invoices),
        received=sum(each.received for each in books.invoices),
        disputed=books.sums[DISPUTED],
    )


def period(
    closing: Standing, on: date, currency: str, *, since: date | None = None, opening: Standing | None = None
) -> Table:
    """Return how far the money had come: at the end, and of a period also before it and what it moved."""

    def money(amount: int) -> str:
        return money_text(amount, currency)

    heads: tuple[Column, ...] = (Column(_("Way of the money"), 2.4, names_row=True),)
    if opening is not None and since is not None:
        heads += (
            Column(_("Before {day}").format(day=written_day(since)), 1.3, "right"),
            Column(_("In the period"), 1.3, "right"),
        )
    heads += (Column(_("At the end of {day}").format(day=written_day(on)), 1.3, "right"),)
    rows = []
    for name, words in STANDING:
        end = getattr(closing, name)
        before = [getattr(opening, name), end - getattr(opening, name)] if opening is not None else []
        rows.append((_(words), *map(money, (*before, end))))
    return Table(heads, rows, _("Way of the money"))
