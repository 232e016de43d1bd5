"""A contract's money from what has accrued to what has come in, and where the rest of it stands on the way.

The steps are the identities of the reconciliation, each from the one before; they end at the penny that was received.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trialdesk.base.drawing import Box, Drawing, Line, Shape, Words, text_width
from trialdesk.base.i18n import N_, _
from trialdesk.base.money import money_text
from trialdesk.base.values import dataclass
from trialdesk.payments.books import Books
from trialdesk.payments.rules.receivables import DISPUTED

_SIZE = 8.0
_ROW = 17.0
_BAR = 10.0


@dataclass(frozen=True, slots=True)
class Step:
    """A step in minor units: a level that is reached, or what is taken from the one before (added where below 0)."""

    words: str
    amount: int
    level: bool = False


def steps(books: Books) -> tuple[Step, ...]:
    """Return the steps of a contract's money; what comes to nothing is left out, the levels stay."""
    return tuple(each for each in _all(books) if each.level or each.amount)


def _all(books: Books) -> Iterator[Step]:
    totals, ages = books.totals, books.receivables.sums

    def over(name: str) -> int:
        return sum(getattr(line, name) for line in books.lines)

    yield Step(N_("Accrued"), totals.accrued, level=True)
    yield Step(N_("Pending"), totals.pending)
    yield Step(N_("Earned"), totals.earned, level=True)
    yield Step(N_("Gated"), totals.gated)
    yield Step(N_("Held"), totals.held)
    yield Step(N_("Payable"), totals.payable, level=True)
    late = sum(line.uncertified for line in books.lines if line.late)
    yield Step(N_("After the contract's end"), late)
    yield Step(N_("Waits for a certificate"), over("uncertified") - late)
    yield Step(N_("Ready to invoice"), over("ready"))
    yield Step(N_("To be credited"), over("to_credit"))
    yield Step(N_("Invoiced net"), books.net, level=True)
    yield Step(N_("Tax"), -books.tax)
    yield Step(N_("Invoiced with tax"), books.gross, level=True)
    yield Step(N_("Outstanding"), sum(amount for age, amount in ages.items() if age != DISPUTED))
    yield Step(N_("In dispute"), ages[DISPUTED])
    yield Step(N_("Written off"), books.written_off)
    yield Step(N_("Received"), books.received, level=True)


def waterfall_drawing(told: Sequence[Step], currency: str, *, width: float = 480.0) -> Drawing:
    """Return the steps one below the other: a level as a bar from nothing, a step as a bar between two levels."""
    spans: list[tuple[int, int]] = []
    at = 0
    for each in told:
        if each.level:
            spans.append((0, each.amount))
            at = each.amount
        else:
            spans.append((at, at - each.amount))
            at -= each.amount
    if not any(first or last for first, last in spans):
        return Drawing(width, 0, (), _("Nothing has accrued yet."))
    names = [_(each.words) for each in told]
    amounts = [money_text(each.amount if each.level else -each.amount, currency) for each in told]
    left = max(text_width(name, _SIZE) for name in names) + 10
    right = width - max(text_width(amount, _SIZE) for amount in amounts) - 10
    least, most = min(map(min, spans)), max(map(max, spans))

    def along(amount: int) -> float:
        return left + (right - left) * (amount - least) / (most - least)

    shapes: list[Shape] = [Line(along(0), 0, along(0), _ROW * len(told))]
    for place, (each, name, amount, span) in enumerate(zip(told, names, amounts, spans, strict=True)):
        top = _ROW * place
        start, end = sorted(map(along, span))
        fill, outline = ("accent", "accent") if each.level else ("accent-soft", "accent")
        shapes.append(Box(start, top + (_ROW - _BAR) / 2, max(end - start, 1.0), _BAR, fill=fill, outline=outline))
        if place + 1 < len(told):
            shapes.append(Line(along(span[1]), top + (_ROW + _BAR) / 2, along(span[1]), top + _ROW + 3.5, "muted", 0.7))
        shapes.append(Words(0, top + _ROW / 2 + 3, name, _SIZE, bold=each.level))
        shapes.append(Words(width, top + _ROW / 2 + 3, amount, _SIZE, bold=each.level, align="right"))
    return Drawing(width, _ROW * len(told), tuple(shapes), waterfall_words(told, currency))


def waterfall_words(told: Sequence[Step], currency: str) -> str:
    """Return the steps in words, for who does not see them."""
    return _("; ").join(
        _("{label}: {value}").format(
            label=_(each.words), value=money_text(each.amount if each.level else -each.amount, currency)
        )
        for each in told
    )
