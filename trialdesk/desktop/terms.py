"""What stands beside terms as they are written: what is said of them, what they change in money, and trying them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QComboBox, QMenu, QPlainTextEdit, QWidget

from trialdesk.base.i18n import N_, _, n_
from trialdesk.base.money import money_text
from trialdesk.contracts.approvals import Approval
from trialdesk.desktop import parts, shown, style
from trialdesk.desktop.models.rows import Column
from trialdesk.desktop.models.status import Status
from trialdesk.desktop.style import Hue
from trialdesk.desktop.widgets.dates import DayEditor
from trialdesk.desktop.widgets.listing import Listing
from trialdesk.desktop.widgets.status import StatusPill
from trialdesk.payments.differences import Difference
from trialdesk.payments.notices import Notice
from trialdesk.payments.phrases import facts, sample_fact
from trialdesk.payments.rules.conditions import FALSE, TRUE, Truth
from trialdesk.payments.rules.wording import unit_words
from trialdesk.payments.trying import Tried
from trialdesk.reporting.reports.payment_statement import STATES

MOST = 200
"""How many moved lines are listed; the sums are of all."""

WEIGHTS: Mapping[str, tuple[str, Hue]] = {
    "unreadable": (N_("Cannot be read"), "bad"),
    "error": (N_("Error"), "bad"),
    "warning": (N_("Warning"), "warning"),
    "advice": (N_("To be looked at"), "warning"),
}
TRUTHS: Mapping[Truth, tuple[str, Hue]] = {TRUE: (N_("True"), "good"), FALSE: (N_("False"), "bad")}
PENDING: tuple[str, Hue] = (N_("Not to be said yet"), "neutral")


class Checks(QWidget):
    """What is said of the text, each with the line it leads to; a warning can be approved by who may."""

    line_wanted = Signal(int)
    approval_wanted = Signal(str)
    """A warning is to be approved: its code."""

    def __init__(self, found: Sequence[Notice], approved: Sequence[Approval], *, why_not: str, approves: bool) -> None:
        super().__init__()
        layout = parts.column(self, spacing=style.LARGE, margins=(0, 0, style.SMALL, style.MEDIUM))
        by_code = {each.code: each for each in approved}
        layout.addWidget(parts.said(_verdict(found, by_code), "muted", wrap=True))
        for each in found:
            layout.addWidget(self._notice(each, by_code.get(each.code), why_not, approves))
        layout.addStretch(1)

    def _notice(self, said: Notice, approval: Approval | None, why_not: str, approves: bool) -> QWidget:  # noqa: FBT001 - one of many of a notice
        words, hue = WEIGHTS[said.weight]
        top = parts.box()
        row = parts.row(top, spacing=style.SMALL)
        row.addWidget(StatusPill(Status(_("Approved"), "good") if approval else Status(_(words), hue)))
        line = parts.button(
            _("Line {line}").format(line=said.line), lambda: self.line_wanted.emit(said.line), role="link"
        )
        row.addWidget(line)
        row.addStretch()
        if said.weight == "warning" and approval is None and approves:
            button = parts.button(
                _("Approve {code}…").format(code=said.code), lambda: self.approval_wanted.emit(said.code), role="quiet"
            )
            button.setEnabled(not why_not)
            button.setToolTip(why_not)
            row.addWidget(button)
        inside: list[QWidget] = [top, parts.said(said.words, wrap=True)]
        if approval is not None:
            words = _("Approved by {name} on {day}: {grounds}")
            inside.append(
                parts.said(
                    words.format(
                        name=approval.approved_by, day=shown.day(approval.approved_on), grounds=approval.grounds
                    ),
                    "muted",
                    wrap=True,
                )
            )
        elif said.remedy:
            inside.append(parts.said(said.remedy, "muted", wrap=True))
        made = parts.box()
        column = parts.column(made, spacing=style.HAIR)
        for widget in inside:
            column.addWidget(widget)
        return made


def _verdict(found: Sequence[Notice], approved: Mapping[str, Approval]) -> str:
    if any(each.weight in {"unreadable", "error"} for each in found):
        return _("These terms cannot be activated until the errors are mended.")
    left = [each for each in found if each.weight == "warning" and each.code not in approved]
    if left:
        return n_(
            "One warning wants a named approver and a reason before these terms count.",
            "{count} warnings want a named approver and a reason before these terms count.",
            len(left),
        ).format(count=len(left))
    return _("Nothing stands in the way of these terms.")


class Moves(QWidget):
    """What the version changes of what is owed today, told in money."""

    def __init__(self, found: Difference) -> None:
        super().__init__()

        def money(amount: int) -> str:
            return f"{'+' if amount > 0 else ''}{money_text(amount, found.currency)}"

        layout = parts.column(self, spacing=style.MEDIUM, margins=(0, 0, style.SMALL, style.MEDIUM))
        count = len(found.moved)
        words = n_("moves one line, {amount}", "moves {count} lines, {amount}", count)
        headline = _("Version {number} {moves}").format(
            number=found.number, moves=words.format(count=count, amount=money(found.earned))
        )
        if not count:
            headline = _("Version {number} moves nothing of what is recorded so far.").format(number=found.number)
        layout.addWidget(parts.said(headline, "strong", wrap=True))
        if count:
            sums = _("Held {held}, payable {payable}. Reckoned over what is recorded today.")
            layout.addWidget(
                parts.said(sums.format(held=money(found.held), payable=money(found.payable)), "muted", wrap=True)
            )
            columns = (
                Column("rule", N_("Rule"), lambda row: row.rule, width=84),
                Column("unit", N_("Unit"), lambda row: unit_words(row.unit), width=112),
                Column("before", N_("Before"), lambda row: row.before, "number", width=112, text=_amount("before")),
                Column("after", N_("After"), lambda row: row.after, "number", width=112, text=_amount("after")),
            )
            layout.addWidget(Listing(columns, found.moved[:MOST], name=_("What moves")))
            if count > MOST:
                layout.addWidget(parts.said(_("… and {count} more").format(count=count - MOST), "muted"))
        layout.addStretch(1)


def _amount(name: str) -> Callable[[object], str]:
    def text(row: object) -> str:
        return money_text(getattr(row, name), getattr(row, "currency"))  # noqa: B009 - a row of the listing, whatever it is

    return text


class Bench(QWidget):
    """Where terms are tried: facts of somebody, or typed, and what each rule says to them."""

    facts_wanted = Signal(str)
    """The facts of a participant are wanted: the number."""
    tried = Signal(str, object)
    """The terms are to be tried: the facts, and the day."""

    def __init__(self, subjects: Sequence[str], *, today: Callable[[], date], visit: str) -> None:
        super().__init__()
        self._today, self._visit = today, visit
        layout = parts.column(self, spacing=style.SMALL, margins=(0, 0, style.SMALL, style.MEDIUM))
        self.who = QComboBox()
        self.who.setAccessibleName(_("Participant"))
        self.who.addItem(_("Choose a participant…"), "")
        for number in subjects:
            self.who.addItem(number, number)
        self.who.activated.connect(self._choose)
        self.on = DayEditor(today)
        self.on.control.setAccessibleName(_("As of"))
        self.on.set_value(today())
        row = parts.row(spacing=style.SMALL)
        row.addWidget(self.who)
        row.addWidget(parts.said(_("As of"), "muted"))
        row.addWidget(self.on)
        row.addStretch()
        layout.addLayout(row)
        self.facts = QPlainTextEdit()
        self.facts.setAccessibleName(_("Facts"))
        self.facts.setTabChangesFocus(True)
        self.facts.setFixedHeight(150)
        self.facts.setPlaceholderText("- {kind: visit_done, visit: V1, occurred_on: 2026-03-10}")
        layout.addWidget(self.facts)
        self.add = parts.button(_("Add a fact…"), self._offer_facts, role="quiet", icon="add")
        buttons = parts.row(spacing=style.SMALL)
        buttons.addWidget(parts.button(_("Try these facts"), self._try, role="", icon="check"))
        buttons.addWidget(self.add)
        buttons.addStretch()
        layout.addLayout(buttons)
        self._answer = parts.box()
        parts.column(self._answer, spacing=style.LARGE)
        layout.addWidget(self._answer)
        layout.addStretch(1)
        self.setFocusProxy(self.facts)

    def show_facts(self, text: str) -> None:
        """Put facts in place of those that stand there."""
        self.facts.setPlainText(text)
        self._try()

    def show_rows(self, rows: Sequence[Tried]) -> None:
        """Show what came of it: what money came of first, then what nothing set off."""
        self._clear()
        for row in sorted(rows, key=lambda row: not row.state):
            self._add(_tried(row))

    def refuse(self, words: str) -> None:
        """Say why it could not be tried."""
        self._clear()
        self._add(parts.said(words, "problem", wrap=True))

    def add_fact(self, kind: str) -> None:
        """Put a fact of a kind below those that stand there, of the day up to which things happened."""
        day = self.on.value()
        line = sample_fact(kind, visit=self._visit, on=day if isinstance(day, date) else self._today())
        there = self.facts.toPlainText().rstrip("\n")
        self.facts.setPlainText(f"{there}\n{line}" if there else line)
        self.facts.moveCursor(QTextCursor.MoveOperation.End)
        self.facts.setFocus(Qt.FocusReason.OtherFocusReason)

    def _offer_facts(self) -> None:
        menu = QMenu(self)
        for kind, words in sorted(facts(), key=lambda each: each[1].casefold()):
            menu.addAction(words).triggered.connect(lambda _checked=False, kind=kind: self.add_fact(kind))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.add.mapToGlobal(self.add.rect().bottomLeft()))

    def _choose(self, _place: int) -> None:
        if self.who.currentData():
            self.facts_wanted.emit(self.who.currentData())

    def _try(self) -> None:
        day = self.on.value()
        if isinstance(day, date):
            self.tried.emit(self.facts.toPlainText(), day)
        else:
            self.refuse(_("Name the day up to which things happened."))

    def _add(self, widget: QWidget) -> None:
        layout = self._answer.layout()
        assert layout is not None
        layout.addWidget(widget)

    def _clear(self) -> None:
        layout = self._answer.layout()
        while layout is not None and (old := layout.takeAt(0)) is not None:
            if widget := old.widget():
                widget.hide()
                widget.deleteLater()


def _tried(row: Tried) -> QWidget:
    made = parts.box()
    layout = parts.column(made, spacing=style.HAIR)
    if not row.state:
        words = _("{rule}: nothing sets it off")
        if row.answers:
            words = _("{rule}: not reached")
        layout.addWidget(parts.said(words.format(rule=row.rule), "muted"))
    else:
        head = _("{rule} {unit}: {state}, {amount} payable").format(
            rule=row.rule,
            unit=unit_words(row.unit),
            state=_(STATES[row.state]),
            amount=money_text(row.pay, row.currency),
        )
        layout.addWidget(parts.said(head, "strong", wrap=True))
        factors = _("Line {line}, held {hold}; complete {complete} × window {window} × quality {grade}").format(
            line=money_text(row.line, row.currency),
            hold=money_text(row.hold, row.currency),
            complete=row.factors[0],
            window=row.factors[1],
            grade=row.factors[2],
        )
        layout.addWidget(parts.said(factors, "muted", wrap=True))
    for answer in row.answers:
        words, hue = TRUTHS.get(answer.truth, PENDING)
        line = parts.box()
        inner = parts.row(line, spacing=style.SMALL)
        inner.addWidget(StatusPill(Status(_(words), hue)))
        inner.addWidget(parts.said(answer.words, wrap=True), 1)
        layout.addWidget(line)
    for why in row.why_not_more:
        layout.addWidget(parts.said(why, "muted", wrap=True))
    return made
