"""Why an amount is what it is: its factors, the rule it follows, the facts behind it and who recorded each."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QDeadlineTimer, QTimer
from PySide6.QtGui import QMoveEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.base.money import money_text
from trialdesk.desktop import parts, shown, style
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.widgets.facts import Facts
from trialdesk.payments.rules.wording import NAMES, unit_words
from trialdesk.payments.why import Why, WhyFact, WhyPaper
from trialdesk.people.signing import SignatureRow
from trialdesk.reporting.reports.payment_statement import STATES

SETTLED = 300
"""Milliseconds after which what stands above an answer has its height: from then on only the reader scrolls."""


Go = Callable[[str, str], None]
"""Goes to a section of the study and looks there at what is named."""


def leading(desk: Desk, study: Id) -> Go:
    """Return what leads from an answer to the records it names."""
    return lambda section, focus: desk.go("studies", study=study, section=section, focus=focus)


class WhyBelow(QWidget):
    """The place below a list where the answer for the line opened in it appears, and is brought into sight."""

    def __init__(self, go: Go) -> None:
        super().__init__()
        self._go = go
        self._layout = parts.column(self)
        self._coming = QDeadlineTimer()

    def answer(self, told: Why) -> None:
        """Show why in place of the answer before, its heading at the top of what is in sight."""
        self.tell(told)
        self._coming.setRemainingTime(SETTLED)
        QTimer.singleShot(0, self, self._come_into_sight)

    def tell(self, told: Why) -> None:
        """Show why in place of the answer before, and leave what is in sight as it is."""
        while (old := self._layout.takeAt(0)) is not None:
            if widget := old.widget():
                widget.hide()
                widget.deleteLater()
        self._layout.addWidget(parts.group(_("Why this amount?"), WhyDetail(told, self._go)))

    def moveEvent(self, event: QMoveEvent) -> None:
        """Stay in sight while what stands above finds its height."""
        super().moveEvent(event)
        if not self._coming.hasExpired():
            QTimer.singleShot(0, self, self._come_into_sight)

    def _come_into_sight(self) -> None:
        parts.lead_to(self)


class WhyDetail(QWidget):
    """A line's amount, its factors, the rule it follows, the facts behind it and who recorded each."""

    def __init__(self, told: Why, go: Go) -> None:
        super().__init__()
        self._go = go
        layout = parts.column(self, spacing=style.MEDIUM)
        layout.addWidget(Facts(_amounts(told), across=1))
        for words in told.why_not_more:
            layout.addWidget(parts.said(words, "muted", wrap=True))
        terms = told.terms
        layout.addWidget(
            parts.group(
                _("The rule, in version {number} of the terms").format(number=terms.number),
                Facts(terms.rule, across=1),
                parts.said(
                    _("In effect from {day}; let count by {name} on {instant}").format(
                        day=shown.day(terms.effective_from),
                        name=terms.activated_by,
                        instant=shown.instant(terms.recorded_at),
                    ),
                    "muted",
                    wrap=True,
                ),
            )
        )
        layout.addWidget(parts.group(_("The facts"), *(self._fact(each) for each in told.facts)))
        papers = [
            *(self._paper(_("Certificate"), "payments-certificate", each) for each in told.certificates),
            *(self._paper(_("Invoice"), "payments-invoice", each) for each in told.invoices),
        ]
        layout.addWidget(parts.group(_("What came of it"), Facts(_outcome(told), across=1), *papers))
        layout.addWidget(parts.group(_("As the terms are written"), parts.said(terms.rule_text, "fine", wrap=True)))
        layout.addStretch()

    def _fact(self, fact: WhyFact) -> QWidget:
        words = _("{kind} on {day}; recorded by {name}, {instant}").format(
            kind=" ".join(filter(None, (_(NAMES.get(fact.kind, fact.kind)), fact.visit))),
            day=shown.day(fact.occurred_on),
            name=fact.recorded_by or _("somebody not known here"),
            instant=shown.instant(fact.recorded_at),
        )
        made = parts.box()
        layout = parts.column(made, spacing=style.HAIR)
        layout.addWidget(parts.said(words, wrap=True))
        for title in fact.documents:
            layout.addWidget(parts.said(_("Attached: {title}").format(title=title), "muted", wrap=True))
        _add_signatures(layout, fact.signed)
        leads = None
        if fact.participant is not None and fact.subject:
            leads = _("Participant {number}").format(number=fact.subject), "participants", fact.participant
        elif fact.record_kind == "payments.deliverable":
            leads = _("The deliverable"), "payments", f"payments-deliverable:{fact.record}"
        if leads is not None:
            layout.addWidget(self._link(*leads))
        return made

    def _paper(self, kind: str, register: str, paper: WhyPaper) -> QWidget:
        made = parts.box()
        layout = parts.column(made, spacing=style.HAIR)
        layout.addWidget(self._link(f"{kind} {paper.number}", "payments", f"{register}:{paper.id}"))
        _add_signatures(layout, paper.signed)
        return made

    def _link(self, words: str, section: str, focus: str) -> QWidget:
        link = parts.button(words, lambda: self._go(section, focus), role="link")
        held = parts.box()
        row = parts.row(held)
        row.addWidget(link)
        row.addStretch()
        return held


def _amounts(told: Why) -> list[tuple[str, str]]:
    def money(amount: int) -> str:
        return money_text(amount, told.currency)

    factors = _("complete {complete} × window {window} × quality {grade}").format(
        complete=told.complete, window=told.window, grade=told.grade
    )
    return [
        (_("Unit"), f"{told.rule} · {unit_words(told.unit, told.site)}"),
        (_("State"), _(STATES[told.state])),
        *([(_("Factors"), factors), (_("Price × factors"), money(told.base))] if told.base or told.line else []),
        (_("Overhead"), money(told.overhead)),
        (_("Line"), money(told.line)),
        *([(_("Forfeited"), money(-told.forfeit))] if told.forfeit else []),
        (_("Held"), money(told.hold)),
        (_("Payable"), money(told.pay)),
    ]


def _add_signatures(layout: QVBoxLayout, signed: Sequence[SignatureRow]) -> None:
    for each in signed:
        words = _("Signed: {meaning}: {name}, {when}").format(
            meaning=_(each.meaning), name=each.name, when=shown.zoned(each.signed_at)
        )
        layout.addWidget(parts.said(words, "muted", wrap=True))
        if not each.stands:
            layout.addWidget(parts.said(_("The record was changed since: this signature is superseded."), "fine"))


def _outcome(told: Why) -> list[tuple[str, str]]:
    posted = sum(each.amount for each in told.posted)
    nothing = _("not yet")
    return [
        (_("Posted to the ledger"), money_text(posted, told.currency) if told.posted else nothing),
        *([] if told.certificates else [(_("Certificates"), nothing)]),
        *([] if told.invoices else [(_("Invoices"), nothing)]),
    ]
