"""An invoice or credit note. Every amount on it is an integer of the record; nothing is reckoned here but subtotals."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.base.money import money_text
from trialdesk.base.values import dataclass
from trialdesk.base.written import written_day
from trialdesk.contracts.queries import the_contract
from trialdesk.payments.queries import invoices, takes_back, the_invoice
from trialdesk.payments.rules.wording import unit_words
from trialdesk.persistence.reading import Read
from trialdesk.reporting.dates import day_words
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports.amounts import in_words
from trialdesk.reporting.reports.parameters import NUMBER
from trialdesk.reporting.reports.sums import Sum, unclosed
from trialdesk.reporting.structure import Block, Column, Definitions, Paragraph, Table
from trialdesk.reporting.terms import country_words

_PARTY = (
    ("name", N_("Legal name")),
    ("address", N_("Address")),
    ("country", N_("Country")),
    ("tax_id", N_("Tax number")),
    ("bank", N_("Bank account")),
)


@dataclass(frozen=True, slots=True)
class BilledLine:
    """A line as it was issued, in minor units."""

    place: int
    rule: str
    unit: str
    on: date | None
    terms: int | None
    net: int


@dataclass(frozen=True, slots=True)
class Bill:
    """The facts of an invoice or credit note."""

    number: str
    kind: str
    corrects: str | None
    grounds: str | None
    contract: str
    purchase_order: str | None
    issued_on: date
    due_on: date | None
    seller: dict[str, str]
    buyer: dict[str, str]
    currency: str
    lines: tuple[BilledLine, ...]
    net: int
    tax_code: str | None
    tax_rate: Decimal | None
    tax: int
    gross: int


def gather(
    read: Read,
    *,
    study: Id,
    on: date,  # noqa: ARG001 - an invoice is what it was when it was issued
    site: Id | None = None,  # noqa: ARG001 - likewise
    as_of: date | None = None,  # noqa: ARG001 - likewise
    number: str | None = None,
) -> Bill | None:
    """Return the facts of the invoice of that number, else of the one issued last; None if none was issued."""
    if number is None:
        here = invoices(read, study=study)
        if not here:
            return None
        row = here[-1]
    else:
        row = the_invoice(read, study=study, number=number)
    contract = the_contract(read, study=study, number=row.contract)
    parties = json.loads(row.parties)
    return Bill(
        number=row.number,
        kind=row.kind,
        corrects=row.original_number,
        grounds=row.grounds,
        contract=contract.number,
        purchase_order=contract.purchase_order,
        issued_on=row.issued_on,
        due_on=row.due_on,
        seller=parties["seller"],
        buyer=parties["buyer"],
        currency=row.currency,
        lines=tuple(
            BilledLine(each.place, each.rule, each.unit, each.occurred_on, each.terms, each.net) for each in row.lines
        ),
        net=row.net,
        tax_code=row.tax_code,
        tax_rate=row.tax_rate,
        tax=row.tax,
        gross=row.gross,
    )


def compose(bill: Bill | None) -> list[Block]:
    """Return the invoice: parties, lines, tax, total and, in Chinese, the total in words."""
    if bill is None:
        return [Paragraph(_("No invoice has been issued."), "lead")]
    gross = money_text(bill.gross, bill.currency)
    if takes_back(bill.kind):
        lead = _("Credit note {number} on invoice {original}: {total}").format(
            number=bill.number, original=bill.corrects, total=gross
        )
    else:
        lead = _("Invoice {number}: {total}").format(number=bill.number, total=gross)
    facts = [
        (_("Number"), bill.number),
        (_("Issued on"), day_words(bill.issued_on)),
        *([(_("Corrects invoice"), bill.corrects)] if bill.corrects else []),
        *([(_("Payable by"), day_words(bill.due_on))] if bill.due_on else []),
        (_("Contract"), bill.contract),
        *([(_("Purchase order"), bill.purchase_order)] if bill.purchase_order else []),
        (_("Currency"), bill.currency),
    ]
    grounds = [Definitions([(_("Grounds"), bill.grounds or "")])] if bill.corrects else []
    words = in_words(bill.gross, bill.currency)
    nets = tuple(line.net for line in bill.lines)

    def money(amount: int) -> str:
        return money_text(amount, bill.currency)

    return [
        Paragraph(lead, "lead"),
        Table([Column(words) for words, _fact in facts], [[fact for _words, fact in facts]]),
        *grounds,
        _parties(bill),
        _table(bill),
        *([Paragraph(_("Total in words: {words}").format(words=words), "strong")] if words else []),
        *unclosed(
            [
                Sum(_("Net = lines"), bill.net, (sum(nets),), money),
                Sum(_("Total = net + tax"), bill.gross, (bill.net, bill.tax), money),
            ]
        ),
    ]


def _table(bill: Bill) -> Table:
    def money(amount: int) -> str:
        return money_text(amount, bill.currency)

    tax = _("Tax")
    rate = tax if bill.tax_rate is None else f"{tax} {bill.tax_code} {_percent(bill.tax_rate)}"
    return Table(
        (
            Column(_("No."), 0.5, "right"),
            Column(_("Deliverable"), 1.6, names_row=True),
            Column(_("Unit"), 2),
            Column(_("Date"), 1.3),
            Column(_("Terms"), 0.6, "right"),
            Column(_("Net"), 1.4, "right"),
        ),
        [
            *(
                (
                    str(line.place),
                    line.rule,
                    unit_words(line.unit),
                    written_day(line.on) if line.on else "–",
                    str(line.terms) if line.terms is not None else "–",
                    money(line.net),
                )
                for line in bill.lines
            ),
            ("", _("Net"), "", "", "", money(bill.net)),
            ("", rate, "", "", "", money(bill.tax)),
            ("", _("Total"), "", "", "", money(bill.gross)),
        ],
        totals=3,
    )


def _parties(bill: Bill) -> Table:
    """Return seller and buyer beside each other, with what is known of either."""
    rows = [
        (_(words), *(_said(name, party.get(name)) for party in (bill.seller, bill.buyer)))
        for name, words in _PARTY
        if name == "name" or name in bill.seller or name in bill.buyer
    ]
    return Table((Column("", 1, names_row=True), Column(_("Seller"), 2.4), Column(_("Buyer"), 2.4)), rows)


def _said(name: str, value: str | None) -> str:
    if not value:
        return "–"
    return country_words(value) if name == "country" else value


def _percent(rate: Decimal) -> str:
    return f"{(rate * 100).normalize():f} %"


REPORT = Report(
    key="invoice",
    title=N_("Invoice"),
    audience="sponsor",
    section="money",
    parameters=(NUMBER,),
    each="invoice",
    gather=gather,
    compose=compose,
    tells_day=True,
    # What is issued is final; nobody has to release it besides.
    state="final",
    titled=lambda bill: N_("Credit note") if bill is not None and takes_back(bill.kind) else N_("Invoice"),
    about=N_("An invoice or credit note as it was issued."),
)
