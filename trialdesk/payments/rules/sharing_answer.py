"""What a case shares out, as data: shares with their state, and what each beneficiary gets in all."""

from __future__ import annotations

from typing import Any

from trialdesk.payments.rules.reading_policies import Sharing
from trialdesk.payments.rules.sharing import ENGINE, Share, distribute, guarded, mirrored

PAYABLE, SUSPENSE = "PAYABLE", "SUSPENSE"


def answer(case: Sharing, *, reverse: bool = False) -> dict[str, Any]:
    """Return the shares of a case as JSON tells them: minor units, fractions as "4/7". `reverse` takes them all back.

    Raises Unshareable where the policy cannot share it out.
    """
    policy = case.policy
    found = distribute(policy, case.received, case.points, case.costs)
    rows = [_row(case, each) for each in (mirrored(found) if reverse else found)]
    totals: dict[str, dict[str, int]] = {}
    for row in rows:
        own = totals.setdefault(row["beneficiary"], {"payable": 0, "suspense": 0})
        own["suspense" if row["state"] == SUSPENSE else "payable"] += row["amount"]
    return {
        "case": case.name,
        "policy": policy.name,
        "no": policy.no,
        "currency": policy.currency,
        "exponent": policy.exponent,
        "engine": ENGINE,
        "received": sum(case.received.values()) * (-1 if reverse else 1),
        "shares": rows,
        "totals": totals,
    }


def _row(case: Sharing, each: Share) -> dict[str, Any]:
    suspended, warned = guarded(case.policy, case.findings.get(each.beneficiary, frozenset()))
    return {
        "step": each.step,
        "pool": each.pool,
        "path": list(each.path),
        "beneficiary": each.beneficiary,
        "weight": str(each.weight),
        "weights": str(each.weights),
        "of": each.of,
        "amount": each.amount,
        "state": SUSPENSE if suspended else PAYABLE,
        "suspended_for": suspended,
        "warnings": list(warned),
    }
