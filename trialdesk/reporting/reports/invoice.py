"""An invoice or credit note. Every amount on it is an integer of the record; nothing is reckoned here but subtotals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction

from trialdesk.base.i18n import N_, _, language
from trialdesk.base.ids import Id
from trialdesk.base.money import money_text
from trialdesk.base.written import written_day
from trialdesk.payments.billing import Bill, BilledLine, bill
from trialdesk.payments.queries import takes_back
from trialdesk.payments.rules.wording import percent_words, unit_words
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
    return bill(read, study=study, number=number)


def compose(told: Bill | None) -> list[Block]:
    """Return the invoice: parties, lines, tax, total and, in Chinese, the total in words."""
    if told is None:
        return [Paragraph(_("No invoice has been issued."), "lead")]
    gross = money_text(told.gross, told.currency)
    if takes_back(told.kind):
        lead = _("Credit note {number} on invoice {original}: {total}").format(
            number=told.number, original=told.corrects, total=gross
        )
    else:
        lead = _("Invoice {number}: {total}").format(number=told.number, total=gross)
    words = in_words(told.gross, told.currency)
    nets = tuple(line.net for line in told.lines)

    def money(amount: int) -> str:
        return money_text(amount, told.currency)

    return [
        Paragraph(lead, "lead"),
        *_head(told),
        _parties(told),
        _credited(told) if takes_back(told.kind) else _billed(told),
        *([Paragraph(_("Total in words: {words}").format(words=words), "strong")] if words else []),
        *unclosed(
            [
                Sum(_("Net = lines"), told.net, (sum(nets),), money),
                Sum(_("Total = net + tax"), told.gross, (told.net, told.tax), money),
            ]
        ),
        *_deliverables(told),
    ]


def _head(told: Bill) -> Iterator[Block]:
    """Yield what an invoice says of itself, without what it does not have: facts in rows, then what needs words."""
    facts = [(_("Number"), told.number), (_("Issued on"), day_words(told.issued_on))]
    if told.corrects:
        on = f"\n{day_words(told.corrects_of)}" if told.corrects_of else ""
        facts.append((_("Corrects invoice"), f"{told.corrects}{on}"))
    if told.due_on:
        days = _("{days} days from issue").format(days=told.net_days)
        facts.append((_("Payable by"), f"{day_words(told.due_on)}\n{days}"))
    if told.period:
        facts.append((_("Service period"), " –\n".join(dict.fromkeys(day_words(day) for day in told.period))))
    facts.append((_("Currency"), told.currency))
    versions = ", ".join(map(str, told.terms))
    rest = [(_("Contract"), told.contract)]
    if versions:
        rest.append((_("Versions of the terms"), versions))
    if told.certificates:
        rest.append((_("Certificates"), ", ".join(told.certificates)))
    if told.tax_invoices:
        rest.append((_("Tax invoice"), ", ".join(told.tax_invoices)))
    if told.purchase_order:
        rest.append((_("Purchase order"), told.purchase_order))
    for row in (facts, rest):
        yield Table([Column(words) for words, _fact in row], [[fact for _words, fact in row]])
    if told.corrects:
        yield Definitions([(_("Grounds"), told.grounds or "")])
    elif told.late_interest:
        rate = percent_words(Fraction(told.late_interest))
        yield Definitions([(_("Paid late"), _("{rate} of what is overdue, for each day").format(rate=rate))])


def _billed(told: Bill) -> Table:
    """Return the lines of an invoice: how each comes to its net."""

    def money(amount: int) -> str:
        return money_text(amount, told.currency)

    def or_dash(amount: int) -> str:
        return money(amount) if amount else "–"

    lines = told.lines
    before = any(line.before for line in lines)
    kept = any(line.withheld for line in lines)
    return Table(
        (
            Column(_("No."), 0.4, "right"),
            Column(_("Deliverable"), 1.8, names_row=True),
            Column(_("Date"), 1.2),
            Column(_("Price, factor, overhead"), 1.5, "right"),
            Column(_("Line"), 1.4, "right"),
            *((Column(_("Held back"), 1.3, "right"),) if kept else ()),
            *((Column(_("Asked before"), 1.3, "right"),) if before else ()),
            Column(_("Net"), 1.6, "right"),
        ),
        [
            *(
                (
                    str(line.place),
                    f"{line.rule}\n{unit_words(line.unit, line.site)}",
                    written_day(line.on) if line.on else "–",
                    _price(line, money),
                    "–" if line.line is None else money(line.line),
                    *((or_dash(-line.withheld),) if kept else ()),
                    *((or_dash(-line.before),) if before else ()),
                    money(line.net),
                )
                for line in lines
            ),
            *_totals(told, 3 + kept + before),
        ],
        totals=3,
    )


def _price(line: BilledLine, money: Callable[[int], str]) -> str:
    if line.price is None:
        return "–"
    said = [money(line.price)]
    if line.factor not in {None, "1"}:
        said.append(f"× {line.factor}")
    if line.overhead:
        said.append(f"+ {money(line.overhead)}")
    return "\n".join(said)


def _credited(told: Bill) -> Table:
    """Return the lines of a credit note: which line of the invoice each takes back, and how much of it."""

    def money(amount: int) -> str:
        return money_text(amount, told.currency)

    return Table(
        (
            Column(_("No."), 0.4, "right"),
            Column(_("Deliverable"), 1.6, names_row=True),
            Column(_("Date"), 1.3),
            Column(_("Corrects line"), 1.6),
            Column(_("Asked for there"), 1.4, "right"),
            Column(_("Net"), 1.4, "right"),
        ),
        [
            *(
                (
                    str(line.place),
                    f"{line.rule}\n{unit_words(line.unit, line.site)}",
                    written_day(line.on) if line.on else "–",
                    f"{told.corrects}, {line.corrects.place}" if line.corrects else "–",
                    money(line.corrects.net) if line.corrects else "–",
                    money(line.net),
                )
                for line in told.lines
            ),
            *_totals(told, 3),
        ],
        totals=3,
    )


def _totals(told: Bill, between: int) -> Iterator[tuple[str, ...]]:
    """Yield net, tax and total, so many columns empty between their names and their amounts."""
    tax = _("Tax")
    rate = tax if told.tax_rate is None else f"{tax} {told.tax_code} {percent_words(told.tax_rate)}"
    for words, amount in ((_("Net"), told.net), (rate, told.tax), (_("Total"), told.gross)):
        yield ("", words, *[""] * between, money_text(amount, told.currency))


def _deliverables(told: Bill) -> Iterator[Block]:
    """Yield what each deliverable that is billed is paid for and its price, in the words of the terms."""
    if not told.deliverables:
        return
    yield Table(
        (
            Column(_("Deliverable"), 1, names_row=True),
            Column(_("Terms"), 0.6, "right"),
            Column(_("Paid for"), 4),
            Column(_("Price"), 2),
        ),
        [
            (each.rule, str(each.terms), *(words for _name, words in each.wording.get(language(), ())[:2]))
            for each in told.deliverables
        ],
        _("What the terms say"),
    )


def _parties(told: Bill) -> Table:
    """Return seller and buyer beside each other, with what is known of either."""
    rows = [
        (_(words), *(_said(name, party.get(name)) for party in (told.seller, told.buyer)))
        for name, words in _PARTY
        if name == "name" or name in told.seller or name in told.buyer
    ]
    return Table((Column("", 1, names_row=True), Column(_("Seller"), 2.4), Column(_("Buyer"), 2.4)), rows)


def _said(name: str, value: str | None) -> str:
    if not value:
        return "–"
    return country_words(value) if name == "country" else value


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
    titled=lambda told: N_("Credit note") if told is not None and takes_back(told.kind) else N_("Invoice"),
    about=N_("An invoice or credit note as it was issued."),
)
