"""What is paid of each participant, rule by rule: one row a participant, as a payer checks it against the visits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trialdesk.base.i18n import _
from trialdesk.base.money import figure_text
from trialdesk.reporting.structure import Block, Column, Paragraph, Table

ACROSS = 9
"""How many rules stand side by side; further ones stand in a table below."""

Cell = tuple[str, str, str, int]
"""A line of a participant: whose, by which rule, why nothing is due of it (else empty), and what is paid and held."""


def grid(cells: Sequence[Cell], currency: str) -> Iterator[Block]:
    """Yield a table for every so many rules, participants down and rules across; amounts with what is held of them.

    A line that is not due is said in words. Two lines of a participant by one rule are added up.
    """
    rules = list(dict.fromkeys(rule for _who, rule, _why, _amount in cells))
    people = sorted({who for who, _rule, _why, _amount in cells})
    due: dict[tuple[str, str], int] = {}
    other: dict[tuple[str, str], str] = {}
    for who, rule, why_not, amount in cells:
        if why_not:
            other[who, rule] = why_not
        else:
            due[who, rule] = due.get((who, rule), 0) + amount
    if not rules:
        return
    yield Paragraph(
        _("Amounts are in {currency}, before tax, with what is held of them.").format(currency=currency), "small"
    )
    for start in range(0, len(rules), ACROSS):
        some = rules[start : start + ACROSS]
        rows = []
        for who in people:
            told = [_cell(due.get((who, rule)), other.get((who, rule)), currency) for rule in some]
            if any(told):
                rows.append((who, *told, figure_text(sum(due.get((who, rule), 0) for rule in some), currency)))
        sums = [sum(due.get((who, rule), 0) for who in people) for rule in some]
        total = [figure_text(amount, currency) for amount in (*sums, sum(sums))]
        yield Table(
            (
                Column(_("Participant"), 1.2, names_row=True),
                *(Column(rule, 1, "right") for rule in some),
                Column(_("Total"), 1.2, "right"),
            ),
            [*rows, (_("Total"), *total)],
            totals=1,
        )


def _cell(amount: int | None, why_not: str | None, currency: str) -> str:
    return (why_not or "") if amount is None else figure_text(amount, currency)
