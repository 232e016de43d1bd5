"""An amount typed as people write it and kept in minor units of its currency, which another field may name."""

from __future__ import annotations

from decimal import Decimal

from trialdesk.base import typed
from trialdesk.base.i18n import _
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
        if wanted != self._currency and _known(wanted):
            self._currency = wanted
            self.changed.emit()

    def problem(self) -> str:
        """Say how many decimals the currency has where what is typed is no amount of it."""
        if not self.line.text().strip() or self.value() is not None:
            return ""
        places = _places(self._currency)
        if not places:
            return _("Not a whole amount.")
        return _("Not an amount with at most {places} decimals.").format(places=places)

    def _read_amount(self, text: str) -> int | None:
        return typed.read_money(text, _places(self._currency))

    def _write_amount(self, minor: int) -> str:
        return f"{Decimal(minor).scaleb(-_places(self._currency)):,f}"


def _places(currency: str) -> int:
    from babel.numbers import get_currency_precision

    return get_currency_precision(currency)


def _known(currency: str) -> bool:
    from babel.numbers import is_currency

    return is_currency(currency)
