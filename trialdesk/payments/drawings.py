"""Pictures of money. Values in, a drawing out; no database, no screen."""

from __future__ import annotations

from collections.abc import Sequence

from trialdesk.base.drawing import Box, Curve, Dot, Drawing, Line, Shape, Words, text_width
from trialdesk.base.i18n import _, babel_locale
from trialdesk.base.money import exponent_of, money_text
from trialdesk.payments.rules.forecast import Month

_TINY = 7.0
_LINES = 4


def forecast_drawing(months: Sequence[Month], currency: str, *, width: float = 480.0, height: float = 190.0) -> Drawing:
    """Return accrual by month as a bar from low to high with the middle marked, and cash as a dashed line."""
    if not months:
        return Drawing(width, 0, (), _("Nothing is foretold."))
    most = max([1, *(each.high for each in months), *(each.cash for each in months)])
    step = _step(-(-most // _LINES), 10 ** exponent_of(currency))
    top_of_scale = -(-most // step) * step
    labels = [_short(amount, currency) for amount in range(0, top_of_scale + 1, step)]
    left, right = max(text_width(each, _TINY) for each in labels) + 8, width - 8
    top, bottom = 26.0, height - 20
    room = (right - left) / len(months)

    def up(amount: int) -> float:
        return bottom - (bottom - top) * amount / top_of_scale

    shapes: list[Shape] = []
    for number, label in enumerate(labels):
        shapes.append(Line(left, up(number * step), right, up(number * step)))
        shapes.append(Words(left - 5, up(number * step) + 2.5, label, _TINY, "muted", align="right"))
    centres = [left + room * (number + 0.5) for number in range(len(months))]
    bar = min(18.0, room * 0.5)
    for each, centre in zip(months, centres, strict=True):
        ways = (each.low, each.base, each.high)
        highest, tall = up(max(ways)), max(up(min(ways)) - up(max(ways)), 1.0)
        shapes.append(Box(centre - bar / 2, highest, bar, tall, fill="accent-soft", outline="accent"))
        shapes.append(Line(centre - bar / 2 - 2, up(each.base), centre + bar / 2 + 2, up(each.base), "accent", 2.0))
    cash = tuple((centre, up(each.cash)) for each, centre in zip(months, centres, strict=True))
    if any(each.cash for each in months):
        shapes.append(Curve(cash, "good", 1.5, dashed=True))
        shapes += [Dot(x, y, 2.2, "good") for x, y in cash]
    shapes += _names(months, centres, room, bottom)
    shapes += _legend(left, cash=any(each.cash for each in months))
    return Drawing(width, height, tuple(shapes), forecast_words(months, currency))


def forecast_words(months: Sequence[Month], currency: str) -> str:
    """Return in one sentence what the months may bring in all."""
    sums = [sum(getattr(each, name) for each in months) for name in _WAYS]
    low, base, high = (money_text(amount, currency) for amount in sums)
    # Each month is rounded for itself: sums that differ by less than that are one sum.
    if max(sums) - min(sums) <= len(months):
        return _(
            "In these months {base} may be earned. Whether people come in fast or slowly moves it from month to month."
        ).format(base=base)
    if sums[0] > sums[2]:
        low, high = high, low
    return _("In these months between {low} and {high} may be earned, {base} in the middle.").format(
        low=low, base=base, high=high
    )


def not_foretold(left_out: Sequence[str]) -> str:
    """Return what the months know nothing of: rules by their codes, and what is held."""
    if not left_out:
        return _("the release of what is held")
    return _("{rules}, and the release of what is held: no schedule tells their day").format(rules=", ".join(left_out))


_WAYS = ("low", "base", "high")


def _names(months: Sequence[Month], centres: Sequence[float], room: float, bottom: float) -> list[Shape]:
    from babel.dates import format_skeleton

    names = [str(format_skeleton("yMMM", each.month, locale=babel_locale())) for each in months]
    every = max(1, -(-int(max(text_width(name, _TINY) for name in names) + 6) // max(int(room), 1)))
    return [
        Words(centre, bottom + 11, name, _TINY, "muted", align="centre")
        for number, (name, centre) in enumerate(zip(names, centres, strict=True))
        if number % every == 0
    ]


def _legend(left: float, *, cash: bool) -> list[Shape]:
    shapes: list[Shape] = [
        Box(left, 5, 10, 8, fill="accent-soft", outline="accent"),
        Words(left + 14, 12, _("Earned, low to high"), _TINY, "muted"),
    ]
    at = left + 14 + text_width(_("Earned, low to high"), _TINY) + 14
    shapes += [
        Line(at, 9, at + 12, 9, "accent", 2.0),
        Words(at + 16, 12, _("Earned, in the middle"), _TINY, "muted"),
    ]
    at += 16 + text_width(_("Earned, in the middle"), _TINY) + 14
    if cash:
        shapes += [
            Line(at, 9, at + 12, 9, "good", 1.5, dashed=True),
            Dot(at + 6, 9, 2.2, "good"),
            Words(at + 16, 12, _("Cash from these months"), _TINY, "muted"),
        ]
    return shapes


def _step(least: int, unit: int) -> int:
    """Return a round step of at least so much: 1, 2 or 5 times a power of ten of whole currency."""
    power = unit
    while 5 * power < least:
        power *= 10
    return next(each for each in (power, 2 * power, 5 * power) if each >= least)


def _short(amount: int, currency: str) -> str:
    from babel.numbers import format_decimal

    return str(format_decimal(amount // 10 ** exponent_of(currency), locale=babel_locale()))
