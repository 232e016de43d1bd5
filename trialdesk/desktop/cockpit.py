"""How a contract's money stands, in the figures the Money page has of it: what stands below the contract's facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.base.money import money_text
from trialdesk.desktop import parts, style
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.widgets.facts import Facts
from trialdesk.overview.money import Money, money

AMOUNTS: Mapping[str, str] = {
    "earned": N_("Posted, net"),
    "certified": N_("Certified, net"),
    "invoiced": N_("Invoiced, with tax"),
    "received": N_("Received, with tax"),
    "not_due": N_("Not due yet"),
    "overdue": N_("Overdue"),
    "disputed": N_("Disputed"),
    "overpaid": N_("To be paid back"),
    "open": N_("Outstanding in all"),
}
"""The amounts in the order of their life, marked for translation; the last is the sum of the four before it."""


class MoneyStands(QWidget):
    """The sums of one contract; nothing is shown while nothing is posted, certified, invoiced or received."""

    def __init__(self, desk: Desk, _study: Id, row: Any) -> None:
        super().__init__()
        self._contract = row.id
        self._layout = parts.column(self, spacing=style.SMALL)
        desk.read(money, then=self._show, owner=self, latest="money", on=desk.today)

    def _show(self, rows: tuple[Money, ...]) -> None:
        row = next((each for each in rows if each.id == self._contract), None)
        if row is None or not any(getattr(row, name) for name in AMOUNTS):
            return
        sums = [(_(title), money_text(getattr(row, name), row.currency)) for name, title in AMOUNTS.items()]
        self._layout.addWidget(parts.group(_("Money"), Facts(sums)))
