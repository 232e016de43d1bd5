"""What was received is shared out: declarations, beneficiaries, a policy of two people, suspense, payouts."""

from __future__ import annotations

from collections.abc import Iterator

from tests.life.playing import Step
from tests.life.words import CO, MONEY, mended

POLICY = """\
policy: QUAY
no: 1
effective_from: 2026-01-01
currency: CNY
steps:
- {take: net, to: coordinator, fixed: "100.00"}
- {take: tax, to: treasury}
- {take: remaining, split: {hospital: "40", team: "60"}, then: {team: {by: points}}}
guards: {coi_valid: suspense}
"""
TOLD = "points: {points: {hospital: 2, fund: 1}}"


def deciding() -> Iterator[Step]:
    """Give beneficiaries and the policy."""
    yield Step(
        act="payments:beneficiary:add",
        who=MONEY,
        given={"code": "hospital", "name": "Harbour Hospital", "kind": "account"},
        broken={"kind": "person"},
        keep="beneficiary",
    )
    yield from mended(
        "payments:beneficiary:add",
        "beneficiary",
        corrected={"bank": "Harbour Bank 17"},
        again={"code": "spare", "name": "Nobody", "kind": "account"},
        who=MONEY,
    )
    for code, kind in (("treasury", "account"), ("fund", "fund")):
        yield Step(
            act="payments:beneficiary:add",
            who=MONEY,
            given={"code": code, "name": code, "kind": kind},
            plain=True,
        )
    yield Step(
        act="payments:beneficiary:add",
        who=MONEY,
        given={"code": "coordinator", "name": "Coordinator", "kind": "person", "person": "Bo"},
        plain=True,
    )
    yield Step(
        act="payments:policy:draft",
        who=CO,
        given={"contract": "C-001", "text": POLICY},
        broken={"text": POLICY.replace("take: tax", "take: taxes")},
        refusal="taxes",
        keep="policy",
    )
    yield Step(
        act="payments:policy:correct",
        who=CO,
        given={"policy": "{policy}", "text": POLICY.replace('"40"', '"50"').replace('"60"', '"50"')},
        reason="As the department agreed",
    )
    yield Step(
        act="payments:policy:activate",
        who=MONEY,
        given={"policy": "{policy}"},
        broken={"policy": "not this"},
        denied=CO,
    )
    yield Step(
        act="payments:policy:draft",
        who=CO,
        given={"contract": "C-001", "text": POLICY.replace("no: 1", "no: 2")},
        keep="second_policy",
        plain=True,
    )
    yield Step(act="payments:policy:void", who=CO, given={"policy": "{second_policy}"}, reason="Not agreed")


def sharing() -> Iterator[Step]:
    """Give a receipt shared out by two people, a share released from suspense, what is paid of it."""
    yield Step(
        act="payments:distribution:prepare",
        who=CO,
        given={"receipt": "{receipt}", "told": TOLD},
        broken={"told": TOLD.replace("hospital", "harbour")},
        refusal="harbour",
        keep="distribution",
    )
    yield Step(
        act="payments:distribution:withdraw",
        who=CO,
        given={"distribution": "{distribution}"},
        reason="The points were last month's",
    )
    yield Step(
        act="payments:distribution:prepare",
        who=CO,
        given={"receipt": "{receipt}", "told": TOLD},
        keep="distribution",
        plain=True,
    )
    yield Step(
        act="payments:distribution:post",
        who=MONEY,
        given={"distribution": "{distribution}"},
        broken={"distribution": "not this"},
        denied=CO,
    )
    yield Step(
        act="contracts:interest:declare",
        who=MONEY,
        given={"person": "Bo", "organisation": "Quayside Pharma", "declared_on": "today"},
        plain=True,
    )
    yield Step(
        act="payments:share:release",
        who=MONEY,
        given={"share": "{first payments.share suspended_for}"},
        broken={"share": "not this"},
        reason="The declaration came",
        denied=CO,
    )
    yield Step(
        act="payments:payout:record",
        who=MONEY,
        given={"beneficiary": "hospital", "paid_on": "today", "amount": "100.00", "currency": "CNY",
               "reference": "OUT-1"},
        broken={"amount": "99999999"},
        refusal="due",
        keep="payout",
    )  # fmt: skip
    yield from mended(
        "payments:payout:record",
        "payout",
        corrected={"amount": "90.00"},
        again={"beneficiary": "fund", "paid_on": "today", "amount": "10.00", "currency": "CNY", "reference": "OUT-2",
               "purpose": "A registry of pilots"},
        who=MONEY,
    )  # fmt: skip
    yield Step(
        act="payments:distribution:reverse",
        who=CO,
        given={"distribution": "{distribution}"},
        broken={"distribution": "not this"},
        reason="Shared out too early",
        keep="reversal",
    )
    yield Step(
        act="payments:distribution:withdraw",
        who=CO,
        given={"distribution": "{reversal}"},
        reason="It was not",
        plain=True,
    )


def lowering() -> Iterator[Step]:
    """Give how what was shared out follows a credit note."""
    yield Step(
        act="payments:distribution:credit",
        who=CO,
        given={"distribution": "{distribution}"},
        broken={"distribution": "not this"},
        keep="lowered",
    )
    yield Step(
        act="payments:distribution:post",
        who=MONEY,
        given={"distribution": "{lowered}"},
        plain=True,
    )
