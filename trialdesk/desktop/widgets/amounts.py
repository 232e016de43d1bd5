"""An amount typed as people write it and kept in minor units of its currency, which another field may name."""

from __future__ import annotations

from decimal import Decimal

from trialdesk.base.amounts import read_amount
from trialdesk.base.currencies import EXPONENTS
from trialdesk.base.errors import UserError
from trialdesk.base.money import exponent_of
from trialdesk.desktop.widgets.editors import LineEditor

USUAL = "CNY"
"""The currency where none is named yet."""


class MoneyEditor(LineEditor):
    """One line for an amount. What is typed stays as it is when the currency changes: 100 is 100 of either."""

    def __init__(self, currency: str = "") -> None:
        super().__init__(self._read_amount, self._write_amount, numeric=True)
        self._currency = currency or USUAL

    def set_currency(self, code: str | None) -> None:
        """Take the amount as one in this currency (ISO 4217); one not known yet changes nothing."""
        wanted = (code or "").strip().upper()
        if wanted != self._currency and wanted in EXPONENTS:
            self._currency = wanted
            self.changed.emit()

    def problem(self) -> str:
        """Say why what is typed is no amount of the currency."""
        text = self.line.text().strip()
        try:
            if text:
                read_amount(text, self._currency)
        except UserError as error:
            return str(error)
        return ""

    def _read_amount(self, text: str) -> int | None:
        try:
            return read_amount(text, self._currency)
        except UserError:
            return None

    def _write_amount(self, minor: int) -> str:
        return f"{Decimal(minor).scaleb(-exponent_of(self._currency)):,f}"
