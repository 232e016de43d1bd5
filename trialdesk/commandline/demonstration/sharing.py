"""How two receipts are shared out: a share that waits for a declaration, a credit note followed, a project paid for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from trialdesk.commandline.demonstration.money import CURRENCY
from trialdesk.commandline.demonstration.team import EDDA, INES, LU, NORTH, PI, PI_NAME, SUB, own_person
from trialdesk.commandline.demonstration.telling import Act, Find, Told, act
from trialdesk.contracts.actions.interests import declare_interest
from trialdesk.payments.sharing.actions.deciding import activate_policy, draft_policy
from trialdesk.payments.sharing.actions.distributing import (
    credit_distribution,
    post_distribution,
    prepare_distribution,
    release_share,
)
from trialdesk.payments.sharing.actions.paying import add_beneficiary, record_payout
from trialdesk.payments.sharing.queries import shares
from trialdesk.persistence.reading import Read

POLICY = """\
# How the money of the VELA trial is shared out at North Pier University Hospital.
policy: NPUH-VELA
no: 1
effective_from: 2025-10-01
currency: CNY
categories:
  start_up: [START]
  milestones: [INTERIM, LOCK]
  observation: rest
steps:
- {take: tax, to: tax_payable}
- {take: {category: start_up}, to: research_office}
- {take: {category: milestones}, split: {hospital: "20", department: "50", fund: "30"}}
- {take: {category: observation}, split: {hospital: "10", department: "30", fund: "10", team: "50"},
   then: {team: {by: contribution_points, min_points: 1}}}
guards: {coi_valid: suspense, training_valid: warn, person_left: suspense}
rounding: largest_remainder
"""
ACCOUNTS = (
    ("tax_payable", "Value added tax to be paid", "account"),
    ("hospital", NORTH, "account"),
    ("research_office", "Clinical research office", "department"),
    ("department", "Department of respiratory medicine", "department"),
    ("fund", "Fund for investigator-initiated research", "fund"),
)
TEAM = (
    ("amory", PI_NAME, PI),
    ("shen", "沈若川 (Dr Shen Ruochuan)", SUB),
    ("calloway", "Ines Calloway", INES),
    ("lu", "陆青禾 (Lu Qinghe)", LU),
)
POINTS = (
    "points: {contribution_points: {amory: 30, shen: 24, calloway: 28, lu: 18}}",
    "points: {contribution_points: {amory: 22, shen: 26, calloway: 31, lu: 21}}",
)
WAITING = "shen"
"""Whose declaration ran out before the first receipt was shared out."""


def shared() -> Iterator[Act]:
    """Give declarations, beneficiaries, the policy, and what two receipts became."""
    yield from _decided()
    yield from _distributed("distribution 1", "receipt 6", date(2026, 7, 13), POINTS[0])
    yield _declared(WAITING, SUB, date(2026, 7, 20))
    yield act(EDDA, date(2026, 7, 22), release_share, clock="10:00", share=_waiting,
              reason="Declaration of 20 July: no interest in the supporter")  # fmt: skip
    for code, amount in (("amory", 300_000), ("calloway", 250_000)):
        yield act(
            EDDA,
            date(2026, 7, 31),
            record_payout,
            clock="15:00",
            beneficiary=f"beneficiary {code}",
            paid_on=date(2026, 7, 31),
            amount=amount,
            currency=CURRENCY,
            reference=f"NPUH-260731-{code}",
        )
    yield act(EDDA, date(2026, 8, 20), record_payout, clock="15:00", beneficiary="beneficiary fund",
              paid_on=date(2026, 8, 20), amount=100_000, currency=CURRENCY, reference="NPUH-260820-fund",
              purpose="Spirometry registry, pilot phase")  # fmt: skip
    yield from _distributed("distribution 2", "receipt 8", date(2026, 9, 14), POINTS[1])
    yield act(INES, date(2026, 10, 14), credit_distribution, clock="10:00", keep="distribution 3",
              distribution="distribution 2")  # fmt: skip
    yield act(EDDA, date(2026, 10, 15), post_distribution, clock="10:00", distribution="distribution 3")
    yield act(INES, date(2026, 11, 11), credit_distribution, clock="10:00", keep="distribution 4",
              distribution="distribution 1")  # fmt: skip
    yield act(EDDA, date(2026, 11, 12), post_distribution, clock="10:00", distribution="distribution 4")


def _decided() -> Iterator[Act]:
    for code, name, kind in ACCOUNTS:
        yield act(EDDA, date(2026, 1, 12), add_beneficiary, clock="11:00", keep=f"beneficiary {code}", code=code,
                  name=name, kind=kind)  # fmt: skip
    for code, name, user in TEAM:
        yield act(EDDA, date(2026, 1, 12), add_beneficiary, clock="11:10", keep=f"beneficiary {code}", code=code,
                  name=name, kind="person", person=_person(user))  # fmt: skip
        yield _declared(code, user, date(2025, 6, 30))
        if code != WAITING:
            yield _declared(code, user, date(2026, 6, 29))
    yield act(EDDA, date(2026, 1, 13), draft_policy, clock="14:00", keep="policy", contract="contract", text=POLICY)
    yield act(PI, date(2026, 1, 14), activate_policy, clock="16:30", policy="policy")


def _distributed(name: str, receipt: str, on: date, told: str) -> Iterator[Act]:
    yield act(INES, on, prepare_distribution, clock="14:00", keep=name, receipt=receipt, told=told)
    yield act(EDDA, on + timedelta(days=1), post_distribution, clock="09:30", distribution=name)


def _declared(code: str, user: str, on: date) -> Act:
    until = on.replace(year=on.year + 1)
    return act(EDDA, on, declare_interest, clock="12:00", keep=f"declaration {code} {on}", person=_person(user),
               organisation="larkmoor", declared_on=on, expires_on=until)  # fmt: skip


def _person(user: str) -> str | Find:
    """Return the name a person was kept under, or what finds the owner's, who was there before the story."""
    return own_person if user == PI else user


def _waiting(read: Read, told: Told) -> str:
    """Return the share that waits."""
    return next(each.id for each in shares(read, study=told.study) if each.waits)
