"""What was earned becomes money; the study ends."""

from __future__ import annotations

from collections.abc import Iterator

from tests.life.playing import Step
from tests.life.sharing import deciding, lowering, sharing
from tests.life.words import (
    CO,
    DATA,
    MONEY,
    mended,
)


def money() -> Iterator[Step]:
    """Give what was earned, certified, invoiced and received."""
    yield Step(
        act="payments:deliverable:record",
        who=CO,
        given={"kind": "milestone", "occurred_on": "2026-03-09", "name": "First participant"},
        broken={"occurred_on": "2031-01-01"},
        keep="deliverable",
    )
    yield from mended(
        "payments:deliverable:record",
        "deliverable",
        corrected={"evidence": "Log"},
        again={"kind": "milestone", "occurred_on": "2026-03-09", "name": "Twice"},
    )
    yield Step(
        act="payments:ledger:post",
        who=MONEY,
        given={"contract": "C-001"},
        broken={"contract": "{contract_spare}"},
    )
    yield Step(
        act="payments:certificate:prepare",
        who=CO,
        given={"contract": "C-001", "as_of": "2026-03-09", "needs_verification": "yes"},
        broken={"as_of": "2031-01-01"},
        keep="certificate",
    )
    yield Step(
        act="payments:certificate:withdraw",
        who=CO,
        given={"certificate": "{certificate}"},
        reason="A visit was missing",
    )
    yield Step(
        act="payments:certificate:prepare",
        who=CO,
        given={"contract": "C-001", "as_of": "2026-03-09", "needs_verification": "yes", "needs_attestation": "yes"},
        keep="certificate",
        plain=True,
    )
    yield Step(
        act="payments:certificate:verify",
        who=DATA,
        given={"certificate": "{certificate}"},
        broken={"certificate": "not this"},
        denied=CO,
    )
    yield Step(
        act="payments:certificate:attest",
        given={"certificate": "{certificate}"},
        broken={"certificate": "not this"},
        denied=CO,
    )
    yield Step(
        act="payments:certificate:certify",
        who=MONEY,
        given={"certificate": "{certificate}"},
        broken={"certificate": "not this"},
        denied=CO,
    )
    yield Step(
        act="payments:certificate:accept",
        who=CO,
        given={"certificate": "{certificate}", "accepted_on": "today"},
        broken={"accepted_on": "2031-01-01"},
    )
    yield Step(
        act="payments:invoice:issue",
        who=MONEY,
        given={"contract": "C-001"},
        broken={"contract": "{contract_spare}"},
        keep="invoice",
    )
    yield Step(
        act="payments:receipt:record",
        who=MONEY,
        given={
            "contract": "C-001",
            "reference": "BANK-1",
            "value_on": "today",
            "amount": "1,000.00",
            "currency": "CNY",
        },
        broken={"currency": "EUR"},
        keep="receipt",
    )
    yield from mended(
        "payments:receipt:record",
        "receipt",
        corrected={"remarks": "By cheque"},
        again={
            "contract": "C-001",
            "reference": "BANK-2",
            "value_on": "today",
            "amount": "1",
            "currency": "CNY",
        },
        who=MONEY,
    )
    line = "{first payments.invoice_line}"
    yield Step(
        act="payments:receipt:allocate",
        who=MONEY,
        given={"receipt": "{receipt}", "line": line, "amount": "50"},
        broken={"amount": "99999999"},
        keep="allocation",
    )
    yield Step(
        act="payments:allocation:void", who=MONEY, given={"allocation": "{allocation}"}, reason="Laid to another"
    )
    yield Step(
        act="payments:dispute:raise",
        who=CO,
        given={"invoice_line": line, "raised_on": "today", "grounds": "evidence", "amount": "10.00",
               "currency": "CNY", "words": "The log is missing"},
        broken={"amount": "99999999"},
        keep="dispute",
    )  # fmt: skip
    yield Step(
        act="payments:dispute:correct",
        who=CO,
        given={"dispute": "{dispute}", "words": "The log was missing"},
        reason="Came",
    )
    yield Step(
        act="payments:dispute:resolve",
        who=CO,
        given={"dispute": "{dispute}", "resolved_on": "today", "outcome": "rejected", "resolution": "Sent"},
        broken={"resolved_on": "2026-03-01"},
    )
    yield Step(
        act="payments:dispute:raise",
        who=CO,
        given={"invoice_line": line, "raised_on": "today", "grounds": "other", "amount": "0.10", "currency": "CNY",
               "words": "Twice"},
        keep="dispute_spare",
        plain=True,
    )  # fmt: skip
    yield Step(act="payments:dispute:void", who=CO, given={"dispute": "{dispute_spare}"}, reason="Entered twice")
    yield from _collecting(line)
    yield Step(
        act="payments:receipt:settle",
        who=MONEY,
        given={"receipt": "{receipt}", "invoice": "{invoice}"},
        broken={"receipt": "{receipt_spare}"},
    )
    yield from deciding()
    yield from sharing()
    visit = {"visit": "{visit}", "happened": "no", "started_on": "", "ended_on": ""}
    yield Step(act="enrollment:visit:correct", who=CO, given=visit, reason="It was another's", plain=True)
    yield Step(
        act="payments:invoice:credit",
        who=MONEY,
        given={"invoice": "{invoice}", "grounds": "The visit did not take place"},
        broken={"invoice": "not this"},
    )
    yield from lowering()


def ending() -> Iterator[Step]:
    """Give how participation, contract and study end."""
    for act, who, more in (
        ("complete", "001", {}),
        ("withdraw", "003", {"why": "WITHDRAWAL BY SUBJECT"}),
        ("fail_screening", "004", {"failed_criteria": "I01"}),
        ("died", "005", {}),
    ):
        yield Step(
            act=f"enrollment:participant:{act}",
            who=CO,
            given={"participant": f"01-{who}", "occurred_on": "2026-03-09", **more},
            broken={"occurred_on": "2031-01-01"},
            keep=act,
        )
    yield Step(
        act="enrollment:disposition:correct",
        who=CO,
        given={"disposition": "{died}", "term": "Unrelated"},
        reason="Certificate came",
    )
    yield Step(
        act="enrollment:participant:fail_screening",
        who=CO,
        given={"participant": "{p006}", "occurred_on": "2026-03-09", "term": "Moved away"},
        keep="twice",
        plain=True,
    )
    yield Step(
        act="enrollment:disposition:void", who=CO, given={"disposition": "{twice}"}, reason="Entered for another"
    )
    yield Step(
        act="enrollment:participant:fail_screening",
        who=CO,
        given={"participant": "{p006}", "occurred_on": "2026-03-09", "term": "Moved away"},
        plain=True,
    )
    yield Step(
        act="contracts:contract:begin_closing",
        who=MONEY,
        given={"contract": "C-001", "closing_from": "today"},
        broken={"closing_from": "2026-01-01"},
    )
    yield Step(
        act="contracts:contract:close",
        who=MONEY,
        given={"contract": "C-001", "closed_on": "today"},
        broken={"closed_on": "2026-01-01"},
        reason="The supporter pays what is open under the next contract",
    )
    yield Step(
        act="studies:study:close",
        given={"closed_on": "today", "archive": "Cellar 2", "custodian": "Records office",
               "retained_until": "2041-03-09", "grounds": "The supporter pays at the end of the quarter"},
        broken={"retained_until": "2026-01-01"},
        denied=CO,
        keep="close_out",
    )  # fmt: skip
    yield Step(
        act="studies:study:reopen",
        given={"close_out": "{close_out}", "reopened_on": "today"},
        broken={"reopened_on": "2026-01-01"},
        reason="One more query",
        denied=CO,
    )


def _collecting(line: str) -> Iterator[Step]:
    """Give what is done until an invoice is paid; what is written off is asked for again in the end."""
    yield Step(
        act="payments:write_off:record",
        who=MONEY,
        given={"invoice_line": line, "written_off_on": "today", "grounds": "dispute", "amount": "10.00",
               "currency": "CNY", "words": "As settled"},
        broken={"amount": "99999999"},
        keep="write_off",
    )  # fmt: skip
    given: dict[str, str] = {"write_off": "{write_off}"}
    yield Step(
        act="payments:write_off:correct", who=MONEY, given={**given, "words": "As settled by both"}, reason="Said so"
    )
    yield Step(act="payments:write_off:void", who=MONEY, given=given, reason="It is owed after all")
    paper = {"invoice": "{invoice}", "issued_on": "today"}
    yield Step(
        act="payments:tax_invoice:record",
        who=MONEY,
        given={**paper, "number": "24412000"},
        broken={"issued_on": "2031-01-01"},
        keep="tax_invoice",
    )
    yield from mended(
        "payments:tax_invoice:record",
        "tax_invoice",
        corrected={"code": "0110"},
        again={**paper, "number": "24412001"},
        who=MONEY,
    )
    word = {"invoice": "{invoice}", "reminded_on": "today", "said": "They pay next week"}
    yield Step(
        act="payments:reminder:record",
        who=CO,
        given=word,
        broken={"reminded_on": "2031-01-01"},
        keep="reminder",
    )
    yield from mended("payments:reminder:record", "reminder", corrected={"whom": "Accounts"}, again=word)
