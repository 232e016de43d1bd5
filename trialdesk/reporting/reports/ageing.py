"""What is open of a contract's invoices, how old it is, what is in dispute apart from it, and the interest it bears."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from trialdesk.base.i18n import N_, _, n_
from trialdesk.base.ids import Id
from trialdesk.base.money import money_text
from trialdesk.base.values import dataclass
from trialdesk.base.written import written_day
from trialdesk.contracts.queries import contracts, named_on, the_contract
from trialdesk.payments.books import Owing, Receivables, receivables
from trialdesk.payments.dunning import ReminderRow, reminders
from trialdesk.payments.queries import invoices
from trialdesk.payments.rules.receivables import AGES, DISPUTED, LATE
from trialdesk.persistence.reading import Read
from trialdesk.reporting.dates import day_words
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports.cells import NOTHING
from trialdesk.reporting.reports.parameters import AS_OF, CONTRACT
from trialdesk.reporting.reports.sums import Sum, sums
from trialdesk.reporting.structure import Block, Column, Definitions, Heading, Landscape, Paragraph, Table
from trialdesk.trail.position import last_known

WORDS = {
    "not_due": N_("Not due yet"),
    "1-30": N_("1 to 30 days late"),
    "31-60": N_("31 to 60 days late"),
    "61-90": N_("61 to 90 days late"),
    "over_90": N_("More than 90 days late"),
    "disputed": N_("In dispute"),
    "overpaid": N_("Paid and credited since: to be paid back or set off"),
}


@dataclass(frozen=True, slots=True)
class AgedPart:
    """What is open of one invoice with one age, in minor units; `days_late` of what is oldest of it."""

    invoice: str
    age: str
    due_on: date | None
    days_late: int
    amount: int


@dataclass(frozen=True, slots=True)
class Aged:
    """The facts of an ageing, in minor units."""

    contract: str
    other_party: str
    currency: str
    on: date
    sums: Mapping[str, int]
    parts: tuple[AgedPart, ...]
    invoices: tuple[Owing, ...]
    unapplied: int
    days_to_pay: int | None
    days_outstanding: int | None
    reminded: tuple[tuple[str, ReminderRow], ...]
    """The last word about each invoice that is open, with the invoice's number."""


def gather(
    read: Read,
    *,
    study: Id,
    on: date,
    site: Id | None = None,  # noqa: ARG001 - a contract holds for the whole study
    as_of: date | None = None,
    contract: str | None = None,
) -> Aged | None:
    """Return the facts, None for a study without contracts."""
    if contract is None and not contracts(read, study=study):
        return None
    row = the_contract(read, study=study, number=contract)
    last = last_known(read, study)
    day = as_of or (last[1] if last else on)
    found = receivables(read, study=study, contract=row.id, on=day)
    parts: dict[tuple[str, str, date | None], AgedPart] = {}
    for each in found.parts:
        key = each.invoice, each.age, each.due_on
        before = parts.get(key)
        amount = each.amount + (before.amount if before else 0)
        parts[key] = AgedPart(each.invoice, each.age, each.due_on, each.days_late, amount)
    return Aged(
        contract=row.number,
        other_party=named_on(read, on=day).get(row.supporter, ""),
        currency=row.currency,
        on=found.on,
        sums=found.sums,
        parts=tuple(parts.values()),
        invoices=found.invoices,
        unapplied=found.unapplied,
        days_to_pay=found.days_to_pay,
        days_outstanding=found.days_outstanding,
        reminded=_reminded(read, study, row.id, found, day),
    )


def _reminded(
    read: Read, study: Id, contract: Id, found: Receivables, day: date
) -> tuple[tuple[str, ReminderRow], ...]:
    numbers = {each.id: each.number for each in invoices(read, study=study, contract=contract)}
    last: dict[Id, ReminderRow] = {}
    for each in reminders(read, study=study, invoices=numbers):
        if each.reminded_on <= day:
            last.setdefault(each.invoice, each)
    open_ = {each.number for each in found.invoices if each.open > 0}
    return tuple(
        (number, last[invoice])
        for invoice, number in sorted(numbers.items(), key=lambda each: each[1])
        if number in open_ and invoice in last
    )


def compose(aged: Aged | None) -> list[Block]:
    """Return the ageing: sums by age, each invoice, what is late and what is in dispute."""
    if aged is None:
        return [Paragraph(_("The study has no contract."), "lead")]

    def money(amount: int) -> str:
        return money_text(amount, aged.currency)

    open_ = sum(each.open for each in aged.invoices)
    late = sum(aged.sums[age] for age in LATE)
    lead = _("On {day}, {open} is open under contract {contract}: {late} late, {disputed} in dispute.").format(
        day=day_words(aged.on),
        open=money(open_),
        contract=aged.contract,
        late=money(late),
        disputed=money(aged.sums[DISPUTED]),
    )
    paid = aged.days_to_pay
    gross, credited, received, written_off = (
        sum(getattr(each, name) for each in aged.invoices) for name in ("gross", "credited", "received", "written_off")
    )
    return [
        Paragraph(lead, "lead"),
        Definitions(
            [
                (_("Contract"), aged.contract),
                (_("Other party"), aged.other_party),
                (
                    _("Money arrived after"),
                    _("nothing has arrived yet")
                    if paid is None
                    else n_("{count} day on average", "{count} days on average", paid).format(count=paid),
                ),
                (
                    _("Days sales outstanding"),
                    _("nothing was invoiced in the year before")
                    if aged.days_outstanding is None
                    else n_("{count} day", "{count} days", aged.days_outstanding).format(count=aged.days_outstanding),
                ),
                (_("Arrived and not applied"), money(aged.unapplied)),
            ]
        ),
        Table(
            (Column(_("Age of the debt"), 3, names_row=True), Column(_("Open amount"), 1.4, "right")),
            [*((_(WORDS[age]), money(aged.sums[age])) for age in AGES), (_("Open in all"), money(open_))],
            _("By age"),
            totals=1,
        ),
        *sums(
            [
                Sum(_("Open = by age"), open_, tuple(aged.sums[age] for age in AGES), money),
                Sum(
                    _("Invoiced = received + credited + written off + open"),
                    gross,
                    (received, -credited, written_off, open_),
                    money,
                ),
            ]
        ),
        Landscape(),
        Heading(1, _("Every invoice")),
        _invoices(aged),
        Heading(1, _("What is open")),
        _parts(aged),
        Heading(1, _("Last word with the other party")),
        _words(aged),
        Paragraph(
            _(
                "Days are calendar days after the due date. The clock of what is in dispute stands still from the day "
                "it was raised to the day it was resolved; the rest of the line stays due. Interest is simple, at the "
                "daily rate the terms ask for, and none where they ask for none. Days sales outstanding are what is "
                "open as days of what was invoiced on average in the year before, or since the first invoice."
            ),
            "small",
        ),
    ]


def _invoices(aged: Aged) -> Table:
    def money(amount: int) -> str:
        return money_text(amount, aged.currency)

    rows = [
        (
            each.number,
            written_day(each.issued_on),
            written_day(each.due_on) if each.due_on else "–",
            *(
                money(amount)
                for amount in (
                    each.gross,
                    each.credited,
                    each.received,
                    each.written_off,
                    each.open,
                    each.interest,
                )
            ),
        )
        for each in aged.invoices
    ]
    names = ("gross", "credited", "received", "written_off", "open", "interest")
    total = [money(sum(getattr(each, name) for each in aged.invoices)) for name in names]
    return Table(
        (
            Column(_("Invoice"), 1.2, names_row=True),
            Column(_("Issued on"), 1.1),
            Column(_("Payable by"), 1.1),
            Column(_("Invoiced"), 1.3, "right"),
            Column(_("Credited"), 1.3, "right"),
            Column(_("Received"), 1.3, "right"),
            Column(_("Written off"), 1.2, "right"),
            Column(_("Open amount"), 1.3, "right"),
            Column(_("Interest"), 1.1, "right"),
        ),
        [*rows, (_("Total"), "", "", *total)] if rows else [],
        totals=1 if rows else 0,
        empty=_("No invoice has been issued."),
    )


def _words(aged: Aged) -> Table:
    return Table(
        (
            Column(_("Invoice"), 1.2, names_row=True),
            Column(_("Last word on"), 1.1),
            Column(_("With"), 1.3),
            Column(_("What was said"), 2.4),
            Column(_("Next action"), 2),
            Column(_("By"), 1.1),
            Column(_("In whose hands"), 1.3),
        ),
        [
            (
                number,
                written_day(each.reminded_on),
                each.whom or NOTHING,
                each.said,
                each.next_action or NOTHING,
                written_day(each.next_on) if each.next_on else NOTHING,
                each.owner or NOTHING,
            )
            for number, each in aged.reminded
        ],
        empty=_("No reminder of an open invoice is recorded."),
    )


def _parts(aged: Aged) -> Table:
    return Table(
        (
            Column(_("Invoice"), 1.2, names_row=True),
            Column(_("Age of the debt"), 2),
            Column(_("Payable by"), 1.2),
            Column(_("Days late"), 0.9, "right"),
            Column(_("Open amount"), 1.4, "right"),
        ),
        [
            (
                each.invoice,
                _(WORDS[each.age]),
                written_day(each.due_on) if each.due_on else "–",
                str(each.days_late) if each.days_late else "–",
                money_text(each.amount, aged.currency),
            )
            for each in aged.parts
        ],
        empty=_("Nothing is open."),
    )


REPORT = Report(
    key="ageing",
    title=N_("Receivables ageing"),
    audience="site",
    section="money",
    parameters=(CONTRACT, AS_OF),
    each="contract",
    gather=gather,
    compose=compose,
    tells_day=True,
    about=N_("What is open of a contract's invoices by age, with what is in dispute apart, and interest."),
)
