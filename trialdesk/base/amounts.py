"""An amount as people write it, in whole units of its currency: one reading for forms and for the command line."""

from __future__ import annotations

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _
from trialdesk.base.money import exponent_of, plain_money
from trialdesk.base.typed import read_decimal

LARGEST = 10**15 - 1
"""The largest amount anybody writes, in minor units. Nine thousand of them add up within what databases can hold."""


def read_amount(text: str, currency: str) -> int:
    """Return an amount typed as 1,000.00, 1000.00 or 1000 in minor units of its currency (ISO 4217).

    A comma sets thousands apart, a full stop begins the decimals; 1.000 of a currency with two is not guessed at. The
    currency's own code or sign may stand before it, as amounts are shown; that of another is refused.
    Raises UserError for it, for what is no number, for less than nothing and for more than `LARGEST`; KeyError for a
    code that ISO 4217 does not list.
    """
    places = exponent_of(currency)
    amount = read_decimal(_without_sign(text.strip(), currency))
    shown = text.strip()[:80]
    if amount is None:
        raise UserError(
            _("“{words}” is no amount.").format(words=shown),
            remedy=_("Write it as {example}.").format(example=_example(places)),
        )
    written = -int(amount.as_tuple().exponent)
    if written > places == 0:
        raise UserError(
            _("“{words}” is no whole amount, and {currency} has no decimals.").format(words=shown, currency=currency),
            remedy=_("Write it as {example}.").format(example=_example(places)),
        )
    if written > places:
        raise UserError(
            _("“{words}” has more decimals than {currency}, which has {places}.").format(
                words=shown, currency=currency, places=places
            ),
            remedy=_("A comma sets thousands apart, a full stop begins the decimals: write {example}.").format(
                example=_example(places)
            ),
        )
    if amount.is_signed() and amount:
        raise UserError(_("An amount is not less than nothing."), remedy=_("Write it without a sign."))
    if amount.adjusted() + places >= len(str(LARGEST)):
        raise UserError(
            _("This is more than can be recorded."),
            remedy=_("The largest amount is {amount}.").format(amount=plain_money(LARGEST, places)),
        )
    return int(amount.scaleb(places))


def _without_sign(text: str, currency: str) -> str:
    """Return what follows the currency's code or its sign in either language (CLDR), or the text as it is."""
    if not text or text[0].isdecimal():
        return text
    from babel.numbers import get_currency_symbol

    signs = {currency, *(get_currency_symbol(currency, language) for language in ("en", "zh"))}
    for sign in sorted(signs, key=len, reverse=True):
        if text.upper().startswith(sign):
            return text[len(sign) :].lstrip()
    return text


def _example(places: int) -> str:
    return f"1,200.{'0' * places}" if places else "1,200"
