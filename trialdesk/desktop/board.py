"""The deliverables board and the gates: registers of what is reckoned, with what stands beside a row of each."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.base.money import money_text
from trialdesk.desktop import parts, style
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.models.rows import Column
from trialdesk.desktop.models.status import Status
from trialdesk.desktop.registers.columns import amount_text, amounts_of, figures_of
from trialdesk.desktop.registers.declaration import Register
from trialdesk.desktop.widgets.facts import Facts
from trialdesk.desktop.widgets.listing import Listing
from trialdesk.desktop.widgets.why import WhyBelow, leading
from trialdesk.payments.board import Deliverable, Part, board
from trialdesk.payments.gates import GateRow, Verdict, gates
from trialdesk.payments.rules.wording import NAMES, plain_words, unit_words
from trialdesk.payments.why import Why, why
from trialdesk.reporting.reports.payment_statement import STATES

KINDS = {
    "visit": N_("Visit"),
    "procedure": N_("Procedure"),
    "subject_event": N_("Event of a participant"),
    "milestone": N_("Milestone"),
    "site_fee": N_("Site fee"),
    "invoiceable": N_("Invoiceable item"),
    "screen_failure": N_("Screen failure"),
    "bonus": N_("Bonus"),
    "penalty": N_("Penalty"),
}
"""What kinds of rule are called."""

SUMS = (
    ("accrued", N_("Accrued"), N_("Earned and pending together.")),
    ("pending", N_("Pending"), N_("What may still be earned, at its best.")),
    ("earned", N_("Earned"), N_("With what is held back and what waits behind a gate.")),
    ("gated", N_("Gated"), N_("Earned, and waiting behind a gate.")),
    ("held", N_("Held"), N_("Holdback that is not released yet.")),
    ("certified", N_("Certified"), N_("Lines that a certificate names, holdback in them.")),
    ("invoiced", N_("Invoiced with tax"), N_("What invoices ask less what credit notes take back.")),
    ("received", N_("Received with tax"), N_("What receipts pay of invoice lines.")),
    ("disputed", N_("Disputed with tax"), N_("What is in dispute now.")),
)
"""The figures of the board: the field, its heading and what it holds."""


class BoardDetail(QWidget):
    """One deliverable: its figures and its lines; a line opened says why its amount is what it is."""

    def __init__(self, desk: Desk, study: Id, row: Deliverable) -> None:
        super().__init__()
        self._desk, self._study, self._row = desk, study, row
        layout = parts.column(self, spacing=style.LARGE)
        layout.addWidget(Facts([(_(title), amount_text(name)(row)) for name, title, _help in SUMS]))
        columns = (
            Column("unit", N_("Why this amount?"), lambda part: unit_words(part.unit, part.site), "link", width=150),
            Column("on", N_("Date"), lambda part: part.on, "date", width=112),
            Column("state", N_("State"), lambda part: _(STATES[part.state]), width=100),
            amounts_of("line", N_("Line")),
        )
        if row.parts:
            self.lines = Listing(columns, row.parts, name=_("Lines"))
            self.lines.opened.connect(self._ask)
            layout.addWidget(parts.group(_("Lines"), self.lines))
        else:
            layout.addWidget(parts.said(_("Nothing of it has happened yet."), "muted", wrap=True))
        self.why = WhyBelow(leading(self._desk, self._study))
        layout.addWidget(self.why)
        layout.addStretch()
        if len(row.parts) == 1:
            self._read_why(row.parts[0], self.why.tell)

    def _ask(self, part: Part) -> None:
        self._read_why(part, self.why.answer)

    def _read_why(self, part: Part, then: Callable[[Why], None]) -> None:
        self._desk.read(
            why,
            then=then,
            owner=self,
            latest="why",
            study=self._study,
            rule=self._row.rule,
            unit=part.unit,
            as_of=self._row.as_of,
            known_at=self._row.known_at,
            contract=self._row.contract,
        )


def _standing(passes: bool) -> Status:  # noqa: FBT001 - a column's value takes what it shows
    return Status(_("Passes"), "good") if passes else Status(_("Holds back"), "warning")


def _verdict(row: GateRow, verdict: Verdict) -> Status:
    """Return how a gate stood: while fewer count than it asks for it holds nothing back, whatever the share."""
    if verdict.passes and verdict.denominator < row.min_n:
        return Status(_("Too few to count"), "neutral")
    return _standing(verdict.passes)


def _share(verdict: Verdict) -> str:
    if not verdict.denominator:
        return f"{verdict.numerator} / {verdict.denominator}"
    per_cent = 100 * verdict.numerator / verdict.denominator
    return f"{verdict.numerator} / {verdict.denominator} = {per_cent:.1f} %"


class GateDetail(QWidget):
    """One gate: what it asks, how it stood at each month end, and who is counted above and below the line."""

    def __init__(self, _desk: Desk, _study: Id, row: GateRow) -> None:
        super().__init__()
        layout = parts.column(self, spacing=style.LARGE)
        cure = _("never forfeited")
        if row.forfeit is not None:
            cure = _("{share} of a line after {count} month ends").format(
                share=row.forfeit, count=(row.cure_periods or 0) + 1
            )
        layout.addWidget(
            Facts(
                [
                    (_("Measures"), _metric(row)),
                    (_("Passes while"), row.test),
                    (_("Counts from"), _("{count} participants on").format(count=row.min_n)),
                    (_("Forfeits"), cure),
                    (_("Waiting behind it"), money_text(row.waiting, row.currency)),
                ],
                across=1,
            )
        )
        columns = (
            Column("on", N_("On"), lambda each: each.on, "date", width=124),
            Column("share", N_("Numerator / denominator"), _share, width=190),
            Column("passes", N_("Gate"), lambda each: _verdict(row, each), "status", width=150),
        )
        layout.addWidget(
            parts.group(_("Today and at month ends"), Listing(columns, row.verdicts, name=_("Month ends")))
        )
        if row.numerator is None or row.denominator is None:
            layout.addWidget(parts.said(_("Reported as two numbers: nobody is counted by name."), "muted", wrap=True))
        else:
            for title, who in ((_("Numerator"), row.numerator), (_("Denominator"), row.denominator)):
                heading = _("{title}: {count}").format(title=title, count=len(who))
                layout.addWidget(parts.group(heading, parts.said(", ".join(who) or _("nobody"), wrap=True)))
        layout.addStretch()


def _metric(row: GateRow) -> str:
    return _(NAMES[row.metric]) if row.metric in NAMES else plain_words(row.metric)


BOARD = Register(
    kind="payments.entry",
    key="payments-board",
    title=N_("Deliverables board"),
    columns=(
        Column("contract", N_("Contract"), lambda row: row.contract, width=110, hidden=True),
        Column("rule", N_("Deliverable"), lambda row: row.rule, width=96),
        Column("kind", N_("Kind"), lambda row: _(KINDS[row.kind]), width=120, hidden=True),
        Column("units", N_("Lines"), lambda row: row.units, "number", width=56),
        Column("currency", N_("Currency"), lambda row: row.currency, width=78),
        *(figures_of(name, title, help_=help_) for name, title, help_ in SUMS),
    ),
    icon="money",
    empty=N_("What the contracts pay for stands here once their terms count: how far the money of each has come."),
    rows=board,
    begins=(),
    acts=(),
    also=frozenset({"*"}),
    beside=BoardDetail,
    wide=True,
)
GATES = Register(
    kind="payments.entry",
    key="payments-gates",
    title=N_("Gates"),
    columns=(
        Column("contract", N_("Contract"), lambda row: row.contract, width=110, hidden=True),
        Column("code", N_("Gate"), lambda row: row.code, width=90),
        Column("metric", N_("Measures"), _metric, width=280),
        Column("test", N_("Passes while"), lambda row: row.test, width=110),
        Column("share", N_("Today"), lambda row: _share(row.now), width=140),
        Column("state", N_("State"), lambda row: _standing(row.now.passes), "status", width=130),
        amounts_of("waiting", N_("Waiting behind it"), width=140),
    ),
    icon="lock",
    empty=N_("Where terms hold money back until a measure is good again, it stands here with whom it counts."),
    rows=gates,
    begins=(),
    acts=(),
    also=frozenset({"*"}),
    beside=GateDetail,
)
