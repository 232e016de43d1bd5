"""Who lives the life, and the texts they use in it."""

from __future__ import annotations

from collections.abc import Iterator

from tests.life.playing import Step, Words
from tests.support.checkout import ROOT

CO, PHARMA, DATA, MONEY, MONITOR, AUDIT = "bo", "cy", "dee", "fin", "mo", "quin"
ROLES = {
    CO: "coordinator",
    PHARMA: "pharmacist",
    DATA: "data_manager",
    MONEY: "finance",
    MONITOR: "monitor",
    AUDIT: "auditor",
}
PASSWORDS = {name: f"the harbour watch of {role}" for name, role in ROLES.items()}

TERMS = """\
currency: CNY
tax: {code: VAT6, rate: "0.06", mode: on_top, rounding: half_up, scope: document}
terms:
- no: 1
  effective_from: 2026-01-01
  defaults:
    {overhead: {rate: "0.10", mode: on_top}, holdback: {rate: "0.10", on: [visit], release: REP}, round: half_up}
  rules:
  - {code: V1, kind: visit, trigger: {fact: visit_done, visit: V1}, per: subject, amount: {fixed: "2000.00"},
     require: [consent_valid(unit.date), not voided(subject)], evidence: [visit_record]}
  - {code: V2, kind: visit, trigger: {fact: visit_done, visit: V2}, per: subject, amount: {fixed: "1500.00"},
     require: [consent_valid(unit.date), not voided(subject)], evidence: [visit_record]}
  - {code: REP, kind: milestone, trigger: {fact: report_signed}, per: study, amount: {fixed: "0.00"}, overhead: none,
     holdback: none, evidence: [report]}
"""
AGREED = "contract: C-009\nsupporter: Quayside Pharma\ndirection: receivable\n" + TERMS

LETTER = str(ROOT / "packaging" / "LICENSE")
SIGNED_LETTER = str(ROOT / "README.md")
A_LIST = "number,arm,site\nK1,A,01\nK2,B,01\nK3,A,01\nK4,B,01\n"


def mended(
    act: str,
    name: str,
    *,
    again: Words,
    corrected: Words,
    who: str = CO,
    add: str = "",
    void: str = "",
    correct: str = "",
) -> Iterator[Step]:
    """Correct the record kept under `name`; add another by `again` and void that."""
    stem, subject = act.rsplit(":", 1)[0], name
    if corrected:
        yield Step(
            act=correct or f"{stem}:correct",
            who=who,
            given={subject: f"{{{name}}}", **corrected},
            reason="Copied wrongly",
        )
    yield Step(act=add or act, who=who, given=again, keep=f"{name}_spare", plain=True)
    yield Step(act=void or f"{stem}:void", who=who, given={subject: f"{{{name}_spare}}"}, reason="Entered twice")
