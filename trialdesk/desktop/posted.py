"""The ledger as a list: each entry with what it rests on, in words that lead to the records."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from trialdesk.base.errors import Told
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.desktop import parts
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.models.rows import Column
from trialdesk.desktop.registers.columns import Shown, value_of
from trialdesk.desktop.registers.declaration import Register
from trialdesk.desktop.widgets.why import WhyBelow, leading
from trialdesk.overview.register import Line
from trialdesk.payments.rules.wording import unit_words
from trialdesk.payments.why import why

UNIT = Column("unit", N_("Unit"), lambda row: unit_words(value_of(row, "unit")), width=180)


class RestsOn(QWidget):
    """Why the line an entry was posted for is what it is, by what was known when it was posted."""

    def __init__(self, desk: Desk, study: Id, entry: Line) -> None:
        super().__init__()
        self._layout = parts.column(self)
        self.why = WhyBelow(leading(desk, study))
        self._layout.addWidget(self.why)
        desk.read(
            why,
            then=self.why.tell,
            failed=self._say,
            owner=self,
            latest="why",
            study=study,
            rule=entry.values["rule"],
            unit=entry.values["unit"],
            as_of=entry.values["as_of"],
            known_at=entry.values["known_at"],
            contract=entry.values["contract"],
        )

    def _say(self, error: BaseException) -> None:
        if not isinstance(error, Told):
            raise error
        words = _("By what was known then the line is owed no more: this entry takes back what was posted for it.")
        self._layout.addWidget(parts.said(words, "muted", wrap=True))


LEDGER = Register(
    kind="payments.entry",
    title=N_("Ledger"),
    columns=(Shown("as_of", 116), Shown("rule", 110), UNIT, "component", Shown("amount", 150), "currency"),
    facts=(
        "contract",
        "rule",
        UNIT,
        "component",
        "amount",
        "currency",
        "terms",
        "as_of",
        "known_at",
        "engine",
        "reverses",
    ),
    icon="report",
    empty=N_("What is earned is posted here from a contract's record; the ledger only grows."),
    within=RestsOn,
)
