"""Ethics and contract: what must be there before anybody is allocated."""

from __future__ import annotations

from collections.abc import Iterator

from tests.life.playing import Step
from tests.life.words import (
    AGREED,
    AUDIT,
    CO,
    MONEY,
    TERMS,
    mended,
)


def ethics() -> Iterator[Step]:
    """Give review, submission, question, decision, condition and consent versions."""
    yield Step(
        act="ethics:review:add",
        who=CO,
        given={"body": "Department board", "requested_on": "2026-01-20"},
        broken={"decided_on": "2026-01-19", "outcome": "favourable"},
        keep="review",
    )
    yield from mended(
        "ethics:review:add",
        "review",
        corrected={"decided_on": "2026-01-25", "outcome": "favourable"},
        again={"body": "Board of the faculty"},
    )
    yield Step(
        act="ethics:committee:add",
        who=CO,
        given={"name": "Harbour Ethics Committee", "renewal_days": "30"},
        broken={"renewal_days": "-1"},
        keep="committee",
    )
    yield from mended(
        "ethics:committee:add", "committee", corrected={"country": "CN"}, again={"name": "Quay Committee"}
    )
    yield Step(
        act="ethics:submission:record",
        who=CO,
        given={"committee": "{committee}", "kind": "initial", "title": "Initial application",
               "submitted_on": "2026-01-26", "protocol_version": "1.0"},
        broken={"submitted_on": "2031-01-01"},
        keep="submission",
    )  # fmt: skip
    yield from mended(
        "ethics:submission:record",
        "submission",
        corrected={"title": "Initial application with annexes"},
        again={"committee": "{committee}", "kind": "amendment", "title": "Twice", "submitted_on": "2026-01-27"},
    )
    yield Step(
        act="ethics:question:record",
        who=CO,
        given={"submission": "{submission}", "asked_on": "2026-01-30", "text": "Who holds the key?"},
        broken={"asked_on": "2026-01-01"},
        keep="question",
    )
    yield Step(
        act="ethics:question:answer",
        who=CO,
        given={"question": "{question}", "answered_on": "2026-02-02", "answer": "The pharmacist."},
        broken={"answered_on": "2026-01-29"},
    )
    yield from mended(
        "ethics:question:record",
        "question",
        corrected={"text": "Who holds the key of the list?"},
        again={"submission": "{submission}", "asked_on": "2026-01-30", "text": "Twice?"},
    )
    yield Step(
        act="ethics:decision:record",
        who=CO,
        given={"submission": "{submission}", "decided_on": "2026-02-10", "outcome": "approved_with_conditions",
               "effective_on": "2026-02-10", "expires_on": "2027-02-09"},
        broken={"expires_on": "2026-02-01"},
        keep="decision",
    )  # fmt: skip
    yield from mended(
        "ethics:decision:record",
        "decision",
        corrected={"reference": "HEC-2026-007"},
        who="ada",
        again={"submission": "{submission}", "decided_on": "2026-02-09", "outcome": "deferred"},
    )
    yield Step(
        act="ethics:condition:add",
        who=CO,
        given={"decision": "{decision}", "text": "Report the first ten participants", "due_on": "2026-06-30"},
        broken={"text": ""},
        keep="condition",
    )
    yield Step(
        act="ethics:condition:meet",
        who=CO,
        given={"condition": "{condition}", "met_on": "2026-03-01"},
        broken={"met_on": "2031-01-01"},
    )
    yield from mended(
        "ethics:condition:add",
        "condition",
        corrected={"text": "Report the first ten participants to the committee"},
        again={"decision": "{decision}", "text": "Twice"},
    )
    yield Step(
        act="ethics:consent_version:add",
        who=CO,
        given={"form": "main", "language": "zh", "label": "1.0", "dated_on": "2026-01-10", "decision": "{decision}",
               "effective_on": "2026-02-10"},
        broken={"effective_on": "2026-01-01"},
        keep="consent_version",
    )  # fmt: skip
    yield from mended(
        "ethics:consent_version:add",
        "consent_version",
        corrected={"change_summary": "First version"},
        again={"form": "main", "language": "en", "label": "1.0", "dated_on": "2026-01-10"},
    )
    yield Step(
        act="ethics:consent_version:add",
        who=CO,
        given={"form": "main", "language": "fr", "label": "1.0", "dated_on": "2026-01-10"},
        keep="french",
        plain=True,
    )
    yield Step(
        act="ethics:consent_version:withdraw",
        who=CO,
        given={"consent_version": "{french}", "withdrawn_on": "2026-02-20"},
        broken={"withdrawn_on": "2025-12-01"},
    )
    yield Step(
        act="ethics:consent_version:add",
        who=CO,
        given={"form": "assent", "language": "zh", "label": "1.0", "dated_on": "2026-01-10"},
        keep="assent",
        plain=True,
    )
    yield Step(
        act="ethics:consent_version:approve",
        who=CO,
        given={"consent_version": "{assent}", "decision": "{decision}", "effective_on": "2026-02-10"},
        broken={"effective_on": "2026-01-01"},
    )
    yield Step(
        act="ethics:institutional_approval:record",
        who=CO,
        given={"institution": "Harbour Hospital", "approved_on": "2026-02-15"},
        broken={"expires_on": "2026-01-01"},
        keep="institutional_approval",
    )
    yield from mended(
        "ethics:institutional_approval:record",
        "institutional_approval",
        corrected={"reference": "IIT-12"},
        again={"institution": "Quay Clinic", "approved_on": "2026-02-15"},
    )


def contract() -> Iterator[Step]:
    """Give supporter, contract, terms and insurance."""
    yield Step(
        act="contracts:organisation:add",
        who=MONEY,
        given={"name": "Quayside Pharma", "country": "CN"},
        broken={"name": "  "},
        keep="organisation",
    )
    yield from mended(
        "contracts:organisation:add",
        "organisation",
        corrected={"tax_id": "91330100X"},
        again={"name": "Quayside Pharma Two"},
        who=MONEY,
    )
    others = (("Quay Laboratories", "laboratory"), ("Pier Analytics", "analytics"), ("Harbour Hospital", "hospital"))
    for name, key in others:
        yield Step(act="contracts:organisation:add", who=MONEY, given={"name": name}, keep=key, plain=True)
    yield Step(
        act="contracts:organisation:merge",
        who=MONEY,
        given={"organisation": "{analytics}", "merged_into": "Quay Laboratories", "merged_on": "2026-02-01"},
        broken={"merged_into": "Pier Analytics"},
    )
    yield Step(
        act="contracts:contract:add",
        who=MONEY,
        given={"number": "C-001", "kind": "support", "supporter": "Quayside Pharma", "direction": "receivable",
               "currency": "CNY", "institution": "Harbour Hospital"},
        broken={"net_days": "-3"},
        keep="contract",
    )  # fmt: skip
    yield from mended(
        "contracts:contract:add",
        "contract",
        corrected={"net_days": "45"},
        again={"number": "C-002", "kind": "support", "supporter": "Quayside Pharma", "direction": "receivable",
               "currency": "CNY"},
        who=MONEY,
    )  # fmt: skip
    yield Step(
        act="contracts:contract:negotiate",
        who=MONEY,
        given={"contract": "C-001", "negotiating_from": "2026-01-15"},
        broken={"negotiating_from": "2031-01-01"},
    )
    yield from _interests()
    yield from _dealings()
    yield Step(
        act="contracts:contract:agree",
        who=MONEY,
        given={"contract": "C-001", "terms_agreed_on": "2026-02-10"},
        broken={"terms_agreed_on": "2026-01-01"},
    )
    yield Step(
        act="contracts:contract:send_to_signature",
        who=MONEY,
        given={"contract": "C-001", "sent_to_signature_on": "2026-02-11"},
        broken={"sent_to_signature_on": "2026-01-01"},
    )
    yield Step(
        act="contracts:terms:draft",
        who=MONEY,
        given={"contract": "C-001", "text": TERMS},
        broken={"text": TERMS.replace("0.10", "0.1.0")},
        keep="terms_version",
    )
    yield Step(
        act="contracts:terms:correct",
        who=MONEY,
        given={"terms_version": "{terms_version}", "text": TERMS.replace("1500.00", "1600.00")},
        reason="As negotiated",
    )
    yield Step(
        act="contracts:contract:execute",
        who=MONEY,
        given={"contract": "C-001", "fully_executed_on": "2026-02-20", "signed_on": "2026-02-18"},
        broken={"fully_executed_on": "2026-01-01"},
    )
    yield Step(
        act="contracts:contract:activate",
        who=MONEY,
        given={"contract": "C-001", "effective_from": "2026-02-20"},
        broken={"contract": "{contract_spare}"},
    )
    yield Step(
        act="contracts:contract:suspend",
        who=MONEY,
        given={"contract": "C-001", "suspended_on": "2026-02-21"},
        broken={"suspended_on": "2031-01-01"},
    )
    yield Step(
        act="contracts:contract:resume",
        who=MONEY,
        given={"contract": "C-001", "resumed_on": "2026-02-22"},
        broken={"contract": "{contract_left}"},
    )
    approving = {"terms_version": "{terms_version}", "code": "W7"}
    grounds = "The faculty's price list is public"
    yield Step(
        act="contracts:warning_approval:approve",
        given=approving,
        reason=grounds,
        broken={"code": "W2"},
        keep="warning_approval",
    )
    yield Step(
        act="contracts:warning_approval:void",
        given={"warning_approval": "{warning_approval}"},
        reason="The list is of last year",
    )
    yield Step(act="contracts:warning_approval:approve", given=approving, reason=grounds, plain=True)
    yield Step(
        act="contracts:terms:activate",
        given={"terms_version": "{terms_version}"},
        broken={"terms_version": "not this"},
        reason="The holdback is released with the report; agreed with the department",
    )
    yield Step(
        act="contracts:terms:draft",
        who=MONEY,
        given={"contract": "C-001", "text": TERMS.replace("no: 1", "no: 2").replace("2026-01-01", "2026-07-01")},
        keep="second",
        plain=True,
    )
    yield Step(act="contracts:terms:void", who=MONEY, given={"terms_version": "{second}"}, reason="Not agreed")
    yield Step(
        act="contracts:terms:load",
        who=MONEY,
        given={"text": AGREED},
        broken={"text": TERMS},
        study="PIER",
        denied=AUDIT,
    )
    yield Step(
        act="contracts:insurance:add",
        who=MONEY,
        given={"insurer": "Lloyd", "policy": "P-1", "valid_from": "2026-01-01", "valid_to": "2027-12-31"},
        broken={"valid_to": "2025-12-31"},
        refusal="end before",
        keep="insurance",
    )
    yield from mended(
        "contracts:insurance:add",
        "insurance",
        corrected={"policy": "P-1/2026"},
        again={"insurer": "Lloyd", "policy": "P-2", "valid_from": "2026-01-01", "valid_to": "2026-12-31"},
        who=MONEY,
    )


def _interests() -> Iterator[Step]:
    declared = {"organisation": "{organisation}", "person": "Ada Lind", "declared_on": "2026-01-20"}
    yield Step(
        act="contracts:interest:declare",
        who=MONEY,
        given=declared,
        broken={"has_interest": "yes"},
        keep="interest",
    )
    yield from mended(
        "contracts:interest:declare",
        "interest",
        corrected={"has_interest": "yes", "words": "Lectures for the company, paid to the department"},
        again=declared,
        who=MONEY,
    )
    yield Step(
        act="contracts:interest:judge",
        who=MONEY,
        given={
            "interest": "{interest}",
            "judged_on": "2026-01-25",
            "acceptable": "yes",
            "judgement": "Paid to the ward",
        },
        broken={"judged_on": "2031-01-01"},
    )


def _dealings() -> Iterator[Step]:
    """Give what is done about a contract beside its money."""
    of = {"contract": "C-001"}
    for stem, name, given, broken, corrected in (
        (
            "contracts:party:add",
            "party",
            {"organisation": "Quay Laboratories", "role": "vendor"},
            {"organisation": "Quayside Pharma"},
            {"signs": "yes", "signed_on": "2026-02-17"},
        ),
        (
            "contracts:budget_decision:add",
            "budget_decision",
            {"protocol_version": "1.0", "decision": "unchanged", "decided_on": "2026-02-01", "grounds": "No new visit"},
            {"decided_on": "2031-01-01"},
            {"grounds": "No visit is added, none is dearer"},
        ),
        (
            "contracts:particular:add",
            "particular",
            {"topic": "publication", "words": "30 days to comment, no veto", "days": "30"},
            {"topic": "royalty"},
            {"days": "45"},
        ),
        (
            "contracts:turn:add",
            "turn",
            {"holder": "them", "sent_on": "2026-01-15", "issue": "indemnity"},
            {"returned_on": "2026-01-14"},
            {"words": "Who covers the product"},
        ),
        (
            "contracts:obligation:add",
            "obligation",
            {"what": "Yearly report to the supporter", "due_on": "2027-02-20"},
            {"what": " "},
            {"remarks": "By letter"},
        ),
        (
            "contracts:in_kind:add",
            "in_kind",
            {"kind": "drug", "name": "Lamps", "quantity": "60", "unit_value": "200.00", "currency": "CNY"},
            {"used": "61"},
            {"received_on": "2026-02-15"},
        ),
        (
            "contracts:fair_value:add",
            "fair_value",
            {"item": "V1", "amount": "2,000.00", "currency": "CNY", "low": "1500", "high": "2500.00",
             "source": "Faculty's price list"},
            {"low": "2600"},
            {"justification": "As the list says"},
        ),
    ):  # fmt: skip
        yield Step(act=stem, who=MONEY, given={**of, **given}, broken=broken, keep=name)
        yield from mended(stem, name, corrected=corrected, again={**of, **given}, who=MONEY)
    yield Step(
        act="contracts:turn:return",
        who=MONEY,
        given={"turn": "{turn}", "returned_on": "2026-02-05"},
        broken={"returned_on": "2026-01-01"},
    )
    yield Step(
        act="contracts:obligation:meet",
        who=MONEY,
        given={"obligation": "{obligation}", "met_on": "2026-03-01"},
        broken={"met_on": "2031-01-01"},
    )
    yield Step(
        act="contracts:fair_value:approve",
        given={"fair_value": "{fair_value}"},
        broken={"fair_value": "not this"},
    )
    for number, act, state in (("C-003", "abandon", "negotiating"), ("C-004", "terminate", "executed")):
        yield Step(
            act="contracts:contract:add",
            who=MONEY,
            given={"number": number, "kind": "supply", "supporter": "Quayside Pharma", "direction": "payable",
                   "currency": "CNY"},
            keep="contract_left",
            plain=True,
        )  # fmt: skip
        if state == "negotiating":
            yield Step(
                act="contracts:contract:take_in",
                who=MONEY,
                given={"contract": number, "intake_from": "2026-01-20"},
                broken={"intake_from": "2031-01-01"},
            )
        steps = ["negotiate", *(("send_to_signature", "execute") if state == "executed" else ())]
        for step in steps:
            yield Step(act=f"contracts:contract:{step}", who=MONEY, given={"contract": number}, plain=True)
        yield Step(
            act=f"contracts:contract:{act}",
            who=MONEY,
            given={"contract": number, "closed_on": "today"},
            broken={"closed_on": "2026-01-01"},
        )
