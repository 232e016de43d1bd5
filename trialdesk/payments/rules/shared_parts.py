"""What of a receipt is still to be shared out, and what a credit note takes back, invoice line by invoice line.

Only what was allocated is shared out, and no more of a line than it asks for after its credit notes. An allocation is
gross; its tax is what the tax on all that was shared of the line so far comes to, less what was shared of it before:
however a line is paid, in the end its tax is shared out to the minor unit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from trialdesk.base.money import rounded
from trialdesk.base.values import dataclass


@dataclass(frozen=True, slots=True)
class Billed:
    """An invoice line as it was asked for, gross and tax, and what of its gross its credit notes leave."""

    gross: int
    tax: int
    left: int


@dataclass(frozen=True, slots=True)
class Paid:
    """A part of a receipt that pays an invoice line, gross."""

    allocation: str
    line: str
    rule: str
    unit: str
    amount: int


@dataclass(frozen=True, slots=True)
class Part:
    """What was, or is to be, shared out of one allocation; negative where it is taken back."""

    allocation: str
    line: str
    rule: str
    unit: str
    net: int
    tax: int

    @property
    def gross(self) -> int:
        """Net and tax."""
        return self.net + self.tax


def to_share(paid: Iterable[Paid], billed: Mapping[str, Billed], shared: Iterable[Part]) -> tuple[Part, ...]:
    """Return what of these allocations is still to be shared out, after what was shared of their lines before."""
    of_allocation: Counter[str] = Counter()
    of_line: Counter[str] = Counter()
    taxed: Counter[str] = Counter()
    for part in shared:
        of_allocation[part.allocation] += part.gross
        of_line[part.line] += part.gross
        taxed[part.line] += part.tax
    found = []
    for each in paid:
        line = billed[each.line]
        gross = min(each.amount - of_allocation[each.allocation], line.left - of_line[each.line])
        if gross <= 0:
            continue
        tax = rounded(Fraction(line.tax * (of_line[each.line] + gross), line.gross)) - taxed[each.line]
        tax = max(0, min(tax, gross))
        of_line[each.line] += gross
        taxed[each.line] += tax
        found.append(Part(each.allocation, each.line, each.rule, each.unit, gross - tax, tax))
    return tuple(found)


def standing(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Return parts summed over their allocations: what is left of them; none that is nothing."""
    sums: dict[str, Part] = {}
    for each in parts:
        was = sums.get(each.allocation)
        sums[each.allocation] = replace(each, net=was.net + each.net, tax=was.tax + each.tax) if was else each
    return tuple(each for each in sums.values() if each.net or each.tax)


def to_take_back(own: Iterable[Part], billed: Mapping[str, Billed], shared: Iterable[Part]) -> tuple[Part, ...]:
    """Return, negative, what of these parts was shared beyond what their lines still ask for; `shared` is all parts."""
    over: Counter[str] = Counter()
    for part in shared:
        over[part.line] += part.gross
    for line in over:
        over[line] -= billed[line].left
    found = []
    for each in standing(own):
        gross = min(each.gross, over[each.line])
        if gross > 0:
            tax = each.tax - rounded(Fraction(each.tax * (each.gross - gross), each.gross))
            over[each.line] -= gross
            found.append(replace(each, net=tax - gross, tax=-tax))
    return tuple(found)


def taken_back(own: Iterable[Part]) -> tuple[Part, ...]:
    """Return what takes all of these parts back."""
    return tuple(replace(each, net=-each.net, tax=-each.tax) for each in standing(own))


def totals(parts: Sequence[Part]) -> tuple[int, int]:
    """Return net and tax of all parts."""
    return sum(each.net for each in parts), sum(each.tax for each in parts)
