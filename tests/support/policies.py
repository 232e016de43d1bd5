"""Distribution cases as the worked examples give them."""

from __future__ import annotations

from typing import Any

from trialdesk.payments.rules.reading_policies import Sharing, read_sharing
from trialdesk.payments.rules.sharing_answer import answer

HOSPITAL = """\
policy: HOSP-2026
no: 1
effective_from: 2026-01-01
currency: CNY
categories: {ec_fee: [EC], archiving: [ARC], tests: [LAB, RAD], observation: rest}
steps:
- {take: tax, to: tax_payable}
- {take: {category: ec_fee}, to: ec_account, share: "1"}
- {take: {category: archiving}, to: archive_office, share: "1"}
- {take: {category: tests}, split: {hospital: "30", performing: "70"},
   then: {performing: {by: workload, period: invoice}}}
- {take: {category: observation}, split: {hospital: "10", team: "90"},
   then: {team: {by: contribution_points, min_points: 1}}}
guards: {coi_valid: suspense, training_valid: warn, person_left: suspense}
rounding: largest_remainder
"""
TOLD = "told: {points: {workload: {radiology: 3, lab: 4}, contribution_points: {p1: 41, p2: 26, p3: 17}}}\n"
RECEIVED = """\
received: {tax: "6000.00", observation: "72000.00", tests: "20000.00", ec_fee: "5000.00", archiving: "3000.00"}
"""
X15 = "case: X15\n" + HOSPITAL + RECEIVED + TOLD
LICENCE = """\
policy: LICENCE
no: 1
effective_from: 2026-01-01
currency: CHF
licence_income:
- {deduct: patent_cost}
- {deduct: {rate: "0.10", of: remaining}, to: transfer_office}
- {split: {inventors: "1", unit: "1", institution: "1"}, then: {inventors: {by: agreed_shares}}}
points: {agreed_shares: {ann: "50", ben: "30", cai: "20"}}
"""
X10 = "case: X10\n" + LICENCE + 'received: {net: "100000.00"}\ntold: {costs: {patent_cost: "12345.68"}}\n'


def case(written: str) -> Sharing:
    return read_sharing(written, "case.yaml")


def given(written: str, *, reverse: bool = False) -> dict[str, Any]:
    """Return the amounts by beneficiary, summed over the steps."""
    said = answer(case(written), reverse=reverse)
    sums: dict[str, int] = {}
    for row in said["shares"]:
        sums[row["beneficiary"]] = sums.get(row["beneficiary"], 0) + row["amount"]
    return sums


def simple(steps: str, received: str, more: str = "", currency: str = "CNY") -> str:
    """Return a case of these steps."""
    return (
        f"policy: P\nno: 1\neffective_from: 2026-01-01\ncurrency: {currency}\nsteps: {steps}\n"
        f"received: {received}\n{more}"
    )
