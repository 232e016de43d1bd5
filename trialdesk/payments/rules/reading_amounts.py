"""The shapes of what a rule pays, and of the pools."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise

from trialdesk.base.i18n import _
from trialdesk.payments.rules.nodes import Node
from trialdesk.payments.rules.shapes import Key, Shape, many, maybe, natural, one_of, optional, rate, record
from trialdesk.payments.rules.terms import Actual, Amount, Fixed, Pool, Share, Tier, Tiers

SUBJECT_LINES = "subject_lines"
GAPS = "E4"
"""The bright line that tiers with gaps or overlaps, and unknown currencies, cross."""


def amount_shape(cash: Shape[int]) -> Shape[Amount]:
    """Return the shape of an amount: exactly one of its forms."""
    forms: dict[str, Shape[Amount]] = {
        "fixed": record(Fixed, Key("fixed", cash, into="amount")),
        "actual": record(lambda actual: actual, Key("actual", record(Actual, optional("cap", maybe(cash))))),
        "table": record(Tiers, Key("table", record(lambda tiers: tiers, Key("tiers", _tiers(cash))), into="tiers")),
        "rate": record(_share, Key("rate", rate), Key("of", one_of(SUBJECT_LINES))),
    }

    def read(node: Node) -> Amount:
        keys = node.value.keys() if isinstance(node.value, dict) else ()
        form = next((name for name in forms if name in keys), None)
        if form is None:
            raise node.wrong(_("Here stands an amount: one of {names}.").format(names=", ".join(forms)))
        return forms[form](node)

    return read


def pools(cash: Shape[int]) -> Shape[tuple[Pool | None, Pool | None]]:
    """Return the shape of the bonus and penalty pools."""

    def pool(node: Node) -> Pool:
        is_rate = isinstance(node.value, dict) and "of" in node.value
        read: Shape[Pool] = record(
            (lambda cap, of: Pool(None, cap)) if is_rate else (lambda cap, of: Pool(cap, None)),  # noqa: ARG005 - `of` says which
            Key("cap", rate if is_rate else cash),
            optional("of", one_of(SUBJECT_LINES)),
        )
        return read(node)

    make: Callable[..., tuple[Pool | None, Pool | None]] = lambda bonus, penalty: (bonus, penalty)  # noqa: E731 - typed for the shape
    return record(make, optional("bonus", maybe(pool)), optional("penalty", maybe(pool)))


def _share(rate: Fraction, of: str) -> Share:  # noqa: ARG001 - there is but one thing to be a rate of
    return Share(rate)


def _tiers(cash: Shape[int]) -> Shape[tuple[Tier, ...]]:
    tier = record(
        Tier, Key("from", natural, into="first"), optional("to", maybe(natural), into="last"), Key("each", cash)
    )

    def read(node: Node) -> tuple[Tier, ...]:
        tiers = many(tier)(node)
        joined = all(before.last is not None and after.first == before.last + 1 for before, after in pairwise(tiers))
        sound = all(each.last is None or each.first <= each.last for each in tiers)
        if not (tiers and tiers[0].first == 1 and joined and sound):
            raise node.wrong(_("The tiers must follow each other from 1 on without gap or overlap."), GAPS)
        return tiers

    return read
