"""Which shares a beneficiary's payouts drew on: the oldest first. What no share covers is set against the next ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from trialdesk.base.values import dataclass


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a payout drew on the shares of one distribution."""

    payout: str
    of: str
    amount: int


def settled(owed: Mapping[str, int], paid: Sequence[tuple[str, int]]) -> tuple[Drawn, ...]:
    """Return what each payout drew on which distribution, in their order.

    `owed` says, oldest first, what of each distribution is payable after what was taken back of it.
    """
    left = dict(owed)
    found = []
    for payout, amount in paid:
        rest = amount
        for of in owed:
            taken = min(rest, left[of])
            if taken > 0:
                left[of] -= taken
                rest -= taken
                found.append(Drawn(payout, of, taken))
    return tuple(found)
