"""The ageing of receivables: how old what is open is under each contract, and beside it invoice by invoice."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from trialdesk.base.i18n import N_, _, n_
from trialdesk.base.ids import Id
from trialdesk.base.money import money_text
from trialdesk.desktop import parts, style
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.models.rows import Column
from trialdesk.desktop.registers.columns import amounts_of, figures_of
from trialdesk.desktop.registers.declaration import Register
from trialdesk.desktop.widgets.facts import Facts
from trialdesk.desktop.widgets.listing import Listing
from trialdesk.payments.ageing import Ageing, ageing
from trialdesk.payments.rules.wording import unit_words
from trialdesk.reporting.reports.ageing import WORDS

AGES = (
    ("open", N_("Open amount"), N_("All that is asked for and neither paid nor credited, with tax.")),
    ("not_due", N_("Not due yet"), N_("Its day of payment is still to come.")),
    ("to_30", N_("1 to 30 days"), N_("Late by so many days.")),
    ("to_60", N_("31 to 60 days"), N_("Late by so many days.")),
    ("to_90", N_("61 to 90 days"), N_("Late by so many days.")),
    ("over_90", N_("Over 90 days"), N_("Late by so many days.")),
    ("disputed", N_("In dispute"), N_("Its clock stands still until the dispute is resolved.")),
    ("overpaid", N_("To be paid back"), N_("Paid, and credited since: to be paid back or set off.")),
    ("unapplied", N_("Not allocated"), N_("Money that arrived and pays no invoice line yet.")),
)
"""The figures of the ageing: the field, its heading and what it holds."""


def _invoices(currency: str) -> tuple[Column, ...]:
    amounts = (
        ("gross", N_("Gross")),
        ("credited", N_("Credited")),
        ("received", N_("Received")),
        ("written_off", N_("Written off")),
        ("open", N_("Open amount")),
        ("interest", N_("Interest")),
    )
    return (
        Column("number", N_("Invoice"), lambda each: each.number, width=96),
        Column("due_on", N_("Due on"), lambda each: each.due_on, "date", width=112),
        *(amounts_of(name, title, currency, width=84) for name, title in amounts),
    )


def _lines(currency: str) -> tuple[Column, ...]:
    return (
        Column("invoice", N_("Invoice"), lambda part: part.invoice, width=84),
        Column("line", N_("Invoice line"), lambda part: f"{part.rule} · {unit_words(part.unit)}", width=160),
        amounts_of("amount", N_("Open amount"), currency, width=106),
        Column("days", N_("Days late"), lambda part: part.days_late, "number", width=76),
        Column("age", N_("Age of the debt"), lambda part: _(WORDS[part.age]), width=280),
    )


class AgeingDetail(QWidget):
    """One contract: what is late and since when, each invoice, and each line that is open."""

    def __init__(self, _desk: Desk, _study: Id, row: Ageing) -> None:
        super().__init__()
        layout = parts.column(self, spacing=style.LARGE)
        layout.addWidget(Facts(list(_facts(row)), across=2))
        layout.addWidget(
            parts.group(
                _("Age of what is open"),
                Facts([(_(title), money_text(getattr(row, name), row.currency)) for name, title, _help in AGES]),
            )
        )
        if row.parts:
            self.pieces = Listing(_lines(row.currency), row.parts, name=_("What is open"))
            layout.addWidget(parts.group(_("What is open"), self.pieces))
        self.invoices = Listing(_invoices(row.currency), row.invoices, name=_("Invoices"))
        layout.addWidget(parts.group(_("Invoices"), self.invoices))
        layout.addStretch()


def _facts(row: Ageing) -> list[tuple[str, str]]:
    late = _("nothing")
    if row.late:
        since = n_("{count} day at most", "{count} days at most", row.oldest).format(count=row.oldest)
        late = f"{money_text(row.late, row.currency)} · {since}"
    pace = _("nothing has been paid yet")
    if row.days_to_pay is not None:
        pace = n_("{count} day on average", "{count} days on average", row.days_to_pay).format(count=row.days_to_pay)
    return [
        (_("Other party"), row.party),
        (_("Late"), late),
        (_("Pays after"), pace),
        (_("Interest by the terms"), money_text(row.interest, row.currency)),
    ]


AGEING = Register(
    kind="payments.invoice",
    key="payments-ageing",
    title=N_("Ageing"),
    columns=(
        Column("contract", N_("Contract"), lambda row: row.contract, width=120),
        Column("party", N_("Other party"), lambda row: row.party, width=150),
        Column("currency", N_("Currency"), lambda row: row.currency, width=78),
        *(figures_of(name, title, width=102, help_=help_) for name, title, help_ in AGES),
        Column("pace", N_("Pays after days"), lambda row: row.days_to_pay, "number", width=110),
    ),
    icon="calendar",
    empty=N_("How old what is open is stands here once an invoice is issued: not due, late, in dispute."),
    rows=ageing,
    begins=(),
    acts=(),
    also=frozenset({"*"}),
    beside=AgeingDetail,
    wide=True,
)
