"""The whole life of a trial, in the words of the command line: from a question to a paid invoice and a closed study.

Every act of the catalogue is done here at least once, with words that break one of its rules beside it. An act that
changes or voids what is recorded is refused without its reason: that rule needs no words.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.life.playing import Step, Words
from tests.support.checkout import ROOT
from tests.support.desks import OWNER

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
  defaults: {overhead: {rate: "0.10", mode: on_top}, holdback: {rate: "0.10", on: [visit], release: REP}, round: half_up}
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


def life() -> Iterator[Step]:
    """Give the steps in their order."""
    yield from team()
    yield from design()
    yield from ethics()
    yield from papers()
    yield from contract()
    yield from participants()
    yield from open_label()
    yield from safety()
    yield from money()
    yield from ending()


def team() -> Iterator[Step]:
    """Give the study and who works on it."""
    yield Step(
        act="studies:study:create",
        study=None,
        given={"short_name": "HARBOUR", "blinding": "double", "planned_participants": "60", "needs_contract": "yes",
               "needs_insurance": "yes"},
        broken={"short_name": "PIER"},
        refusal="already a study",
    )  # fmt: skip
    yield Step(
        act="studies:study:correct",
        given={"study": "HARBOUR", "title": "Harbour light for winter fatigue", "sponsor": "Harbour Hospital"},
        reason="Title as approved",
    )

    yield Step(
        act="people:person:add",
        study=None,
        given={"name": "Gu Lan", "position": "Nurse"},
        broken={"name": " "},
        keep="person",
    )
    yield Step(
        act="people:person:correct",
        study=None,
        given={"person": "{person}", "initials": "GL"},
        reason="Asked",
    )
    yield Step(
        act="people:account:add",
        study=None,
        given={"name": "Gu Lan", "username": "gu", "password": "lamps along the quay", "person": "{person}"},
        broken={"password": "short"},
        keep="account",
    )
    yield Step(
        act="people:account:deactivate",
        study=None,
        given={"account": "gu"},
        broken={"account": OWNER},
    )
    yield Step(act="people:account:reactivate", study=None, given={"account": "gu"}, broken={"account": "nobody"})
    yield Step(
        act="people:account:reset_password",
        study=None,
        given={"account": "gu", "password": "lamps along the pier"},
        broken={"password": "short"},
        reason="Forgotten on leave",
    )
    yield Step(
        act="people:delegation:give",
        given={"person": "{person}", "role": "coordinator", "starts_on": "2026-03-04"},
        broken={"ends_on": "2026-03-01"},
        keep="delegation",
    )
    yield Step(
        act="people:delegation:give",
        given={"person": "{person}", "role": "monitor", "starts_on": "2026-03-04"},
        keep="delegation_spare",
        plain=True,
    )
    yield Step(
        act="people:delegation:void",
        given={"delegation": "{delegation_spare}"},
        reason="Entered twice",
    )
    yield Step(
        act="people:delegation:authorise",
        given={"delegation": "{delegation}"},
        broken={"delegation": "{delegation_spare}"},
    )
    yield Step(
        act="people:delegation:correct",
        given={"delegation": "{delegation}", "tasks": "1, 4"},
        reason="Tasks were left out",
    )
    yield Step(
        act="people:delegation:end",
        given={"delegation": "{delegation}", "ends_on": "2026-03-04"},
        broken={"ends_on": "2026-03-01"},
    )
    yield Step(
        act="people:training:add",
        who=CO,
        given={"person": "{person}", "topic": "gcp", "completed_on": "2026-02-01"},
        broken={"expires_on": "2026-01-01"},
        keep="training",
    )
    yield from mended(
        "people:training:add",
        "training",
        corrected={"evidence": "Certificate 12"},
        again={"person": "{person}", "topic": "protocol", "completed_on": "2026-02-02"},
    )


def papers() -> Iterator[Step]:
    """Give documents and their versions."""
    yield Step(
        act="documents:document:attach",
        who=CO,
        given={"title": "Approval letter", "category": "approval", "file_name": "letter.txt", "data": LETTER},
        broken={"title": " "},
        keep="document",
    )
    yield from mended(
        "documents:document:attach",
        "document",
        corrected={"title": "Letter of approval"},
        again={"title": "Twice", "category": "other", "file_name": "twice.txt", "data": LETTER},
    )
    yield Step(
        act="documents:document_version:add",
        who=CO,
        given={"document": "{document}", "file_name": "letter-2.txt", "data": SIGNED_LETTER, "note": "Signed copy"},
        broken={"document": "{document_spare}"},
        keep="document_version",
    )
    yield Step(
        act="documents:document_version:correct",
        who=CO,
        given={"document_version": "{document_version}", "note": "Signed copy, page 2"},
        reason="More exact",
    )
    yield Step(
        act="documents:document_version:void",
        who=CO,
        given={"document_version": "{document_version}"},
        reason="Another study's",
    )


def design() -> Iterator[Step]:
    """Give the protocol, its arms, visits, schedule and criteria, the sites and the plan."""
    yield Step(
        act="studies:protocol:add",
        who=CO,
        given={"label": "1.0", "dated_on": "2026-01-10"},
        broken={"effective_on": "2026-01-09"},
        refusal="before it is dated",
        keep="protocol_version",
    )
    yield from mended(
        "studies:protocol:add",
        "protocol_version",
        corrected={"effective_on": "2026-01-20"},
        again={"label": "1.1", "dated_on": "2026-01-12"},
        who=OWNER,
    )
    yield Step(
        act="studies:protocol:sign",
        given={"protocol_version": "{protocol_version}"},
        broken={"protocol_version": "9.9"},
    )
    yield Step(
        act="studies:site:add",
        who=CO,
        given={"number": "01", "name": "Harbour Hospital", "target": "40"},
        broken={"target": "-1"},
        keep="site",
    )
    yield from mended("studies:site:add", "site", corrected={"country": "CN"}, again={"number": "03"}, who=OWNER)
    yield Step(act="studies:site:add", who=CO, given={"number": "02", "name": "Quay Clinic"}, plain=True)
    yield Step(
        act="studies:site:activate",
        who=CO,
        given={"site": "01", "activated_on": "2026-02-01"},
        broken={"activated_on": "2031-01-01"},
        refusal="future",
    )
    yield Step(
        act="studies:recruitment_target:add",
        who=CO,
        given={"month": "2026-03-01", "planned": "5"},
        broken={"planned": "-5"},
        keep="recruitment_target",
    )
    yield from mended(
        "studies:recruitment_target:add",
        "recruitment_target",
        corrected={"planned": "6"},
        again={"month": "2026-04-01", "planned": "5"},
    )
    yield Step(act="studies:arm:add", given={"code": "A", "name": "Light"}, broken={"ratio": "0"}, keep="arm")
    yield Step(act="studies:arm:add", given={"code": "B", "name": "Dim light"}, plain=True)
    yield from mended(
        "studies:arm:add", "arm", corrected={"ratio": "1"}, again={"code": "X", "name": "Dark"}, who=OWNER
    )
    yield Step(
        act="studies:planned_visit:add",
        who=CO,
        given={"number": "1", "name": "V1", "planned_day": "1", "window_before": "0", "window_after": "3"},
        broken={"planned_day": "0"},
        refusal="no study day 0",
        keep="planned_visit",
    )
    yield Step(
        act="studies:planned_visit:add",
        who=CO,
        given={"number": "2", "name": "V2", "planned_day": "15", "window_before": "3", "window_after": "3"},
        plain=True,
    )
    yield from mended(
        "studies:planned_visit:add",
        "planned_visit",
        corrected={"window_after": "4"},
        again={"number": "9", "name": "V9", "planned_day": "99"},
    )
    yield Step(
        act="studies:activity:add",
        who=CO,
        given={"name": "Questionnaire", "category": "questionnaire"},
        broken={"name": ""},
        keep="activity",
    )
    yield from mended("studies:activity:add", "activity", corrected={"order": "1"}, again={"name": "Blood"})
    yield Step(
        act="studies:scheduled_activity:add",
        who=CO,
        given={"activity": "Questionnaire", "planned_visit": "V1"},
        broken={"planned_visit": "V9"},
        keep="scheduled_activity",
    )
    yield from mended(
        "studies:scheduled_activity:add",
        "scheduled_activity",
        corrected={"note": "before breakfast"},
        again={"activity": "Questionnaire", "planned_visit": "V2"},
    )
    yield Step(
        act="studies:criterion:add",
        given={"code": "I01", "category": "inclusion", "text": "Aged 18 or more"},
        broken={"text": ""},
        keep="criterion",
    )
    yield from mended(
        "studies:criterion:add",
        "criterion",
        corrected={"text": "Aged 18 to 80"},
        again={"code": "E01", "category": "exclusion", "text": "Works at night"},
        who=OWNER,
    )
    yield Step(
        act="studies:registration:add",
        who=CO,
        given={"registry": "ChiCTR", "purpose": "registration", "submitted_on": "2026-02-20"},
        broken={"submitted_on": "2031-01-01"},
        keep="registration",
    )
    yield from mended(
        "studies:registration:add",
        "registration",
        corrected={"reference": "ChiCTR2600000001"},
        again={"registry": "ChiCTR", "purpose": "update", "submitted_on": "2026-02-21"},
        who=OWNER,
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
        given={"committee": "{committee}", "kind": "initial", "title": "Initial application", "submitted_on": "2026-01-26",
               "protocol_version": "1.0"},
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
    yield Step(
        act="contracts:contract:add",
        who=MONEY,
        given={"number": "C-001", "kind": "support", "supporter": "Quayside Pharma", "direction": "receivable",
               "currency": "CNY"},
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


def participants() -> Iterator[Step]:
    """Give screening, consent, eligibility, allocation, visits and how participation ends."""
    yield Step(
        act="enrollment:slots:load",
        who=PHARMA,
        given={"rows": A_LIST, "passphrase": "the envelope lies in the harbour safe"},
        broken={"rows": "number,arm\nK9,Z\n"},
        refusal="row",
    )
    yield Step(
        act="enrollment:participant:screen",
        who=CO,
        at="2026-03-05T08:00",
        given={"site": "01", "number": "001", "identifier": "01-001", "screened_on": "2026-03-05", "age": "40"},
        broken={"site": "03"},
        keep="participant",
    )
    yield from mended(
        "enrollment:participant:screen",
        "participant",
        corrected={"sex": "F"},
        again={"site": "01", "number": "002", "identifier": "01-002", "screened_on": "2026-03-05"},
    )
    for number in ("003", "004", "005", "006"):
        yield Step(
            act="enrollment:participant:screen",
            who=CO,
            given={"site": "01", "number": number, "identifier": f"01-{number}", "screened_on": "2026-03-05"},
            keep=f"p{number}",
            plain=True,
        )
    yield Step(
        act="enrollment:identity:record",
        who=CO,
        given={"participant": "01-001", "name": "Mei Lin", "contact": "By the quay"},
        broken={"participant": "{participant_spare}"},
        refusal="",
    )
    yield Step(
        act="enrollment:identity:erase",
        given={"participant": "{p006}", "decided_on": "2026-03-05"},
        broken={"participant": "{participant_spare}"},
        reason="Asked for it",
    )
    yield Step(
        act="enrollment:consent:record",
        who=CO,
        given={"participant": "01-001", "consent_version": "{consent_version}", "consented_on": "2026-03-05"},
        broken={"consented_on": "2026-02-01"},
        keep="consent",
    )
    yield from mended(
        "enrollment:consent:record",
        "consent",
        corrected={"copy_given": "yes"},
        again={"participant": "01-005", "consent_version": "{consent_version}", "consented_on": "2026-03-05"},
    )
    for number in ("003", "004"):
        yield Step(
            act="enrollment:consent:record",
            who=CO,
            given={"participant": f"01-{number}", "consent_version": "{consent_version}", "consented_on": "2026-03-05"},
            plain=True,
        )
    yield Step(
        act="enrollment:eligibility:assess",
        who=CO,
        given={"participant": "01-001", "assessed_on": "2026-03-05", "eligible": "yes"},
        broken={"failed_criteria": "I01"},
        keep="eligibility",
    )
    yield from mended(
        "enrollment:eligibility:assess",
        "eligibility",
        corrected={"remarks": "Seen with the sister"},
        again={"participant": "01-004", "assessed_on": "2026-03-05", "eligible": "no", "failed_criteria": "I01"},
    )
    yield Step(
        act="enrollment:eligibility:sign",
        given={"eligibility": "{eligibility}"},
        broken={"eligibility": "{eligibility_spare}"},
        denied=CO,
    )
    yield Step(
        act="enrollment:slot_use:allocate",
        who=CO,
        given={"participant": "01-001"},
        broken={"participant": "01-003"},
        keep="slot_use",
    )
    yield Step(
        act="enrollment:eligibility:assess",
        who=CO,
        given={"participant": "01-003", "assessed_on": "2026-03-05", "eligible": "yes"},
        keep="second_eligibility",
        plain=True,
    )
    yield Step(act="enrollment:eligibility:sign", given={"eligibility": "{second_eligibility}"}, plain=True)
    yield Step(
        act="enrollment:allocation:record",
        who=PHARMA,
        given={"participant": "01-003", "arm": "Light"},
        broken={"participant": "01-001"},
        refusal="",
    )
    yield Step(
        act="enrollment:code:break",
        who=PHARMA,
        given={"participant": "01-001", "grounds": "Overdose", "emergency": "yes",
               "passphrase": "the envelope lies in the harbour safe"},
        broken={"passphrase": "the wrong one"},
    )  # fmt: skip
    yield Step(
        act="enrollment:exposure:record",
        who=CO,
        given={"participant": "01-001", "treatment": "Lamp", "dose": "1", "dose_unit": "h", "started_on": "2026-03-05"},
        broken={"ended_on": "2026-03-01"},
        keep="exposure",
    )
    yield from mended(
        "enrollment:exposure:record",
        "exposure",
        corrected={"frequency": "QD"},
        again={"participant": "01-003", "treatment": "Lamp", "started_on": "2026-03-05"},
    )
    yield Step(
        act="enrollment:participant:correct",
        who=CO,
        given={"participant": "{participant}", "reference_start": "2026-03-05"},
        reason="First light",
        plain=True,
    )
    yield Step(
        act="enrollment:visit:record",
        who=CO,
        given={"participant": "01-001", "planned_visit": "V1", "happened": "yes", "started_on": "2026-03-05"},
        broken={"ended_on": "2026-03-01"},
        keep="visit",
    )
    yield from mended(
        "enrollment:visit:record",
        "visit",
        corrected={"ended_on": "2026-03-05"},
        again={"participant": "01-001", "name": "Extra", "happened": "yes", "started_on": "2026-03-05"},
    )


def open_label() -> Iterator[Step]:
    """Give an allocation in a study whose arms everybody knows."""
    study = {"study": "PIER", "plain": True}
    yield Step(act="studies:site:add", given={"number": "01"}, **study)
    yield Step(act="studies:arm:add", given={"code": "A", "name": "Light"}, **study)
    yield Step(act="studies:study:correct", given={"study": "PIER", "blinding": "open"}, reason="Open label", **study)
    yield Step(act="ethics:committee:add", given={"name": "Pier Committee"}, keep="pier_committee", **study)
    yield Step(
        act="ethics:submission:record",
        given={"committee": "{pier_committee}", "kind": "initial", "title": "Initial", "submitted_on": "2026-01-26"},
        keep="pier_submission",
        **study,
    )
    yield Step(
        act="ethics:decision:record",
        given={"submission": "{pier_submission}", "decided_on": "2026-02-10", "outcome": "approved",
               "effective_on": "2026-02-10"},
        keep="pier_decision",
        **study,
    )  # fmt: skip
    yield Step(
        act="ethics:consent_version:add",
        given={"form": "main", "language": "en", "label": "1.0", "dated_on": "2026-01-10",
               "decision": "{pier_decision}", "effective_on": "2026-02-10"},
        keep="pier_version",
        **study,
    )  # fmt: skip
    yield Step(
        act="enrollment:slots:load", given={"rows": "number,arm\n1,A\n2,A\n", "passphrase": "not needed"}, **study
    )
    yield Step(
        act="enrollment:participant:screen",
        given={"site": "01", "number": "1", "identifier": "P-1", "screened_on": "2026-03-05"},
        **study,
    )
    yield Step(
        act="enrollment:consent:record",
        given={"participant": "P-1", "consent_version": "{pier_version}", "consented_on": "2026-03-05"},
        **study,
    )
    yield Step(
        act="enrollment:eligibility:assess",
        given={"participant": "P-1", "assessed_on": "2026-03-05", "eligible": "yes"},
        keep="pier_eligibility",
        **study,
    )
    yield Step(act="enrollment:eligibility:sign", given={"eligibility": "{pier_eligibility}"}, **study)
    yield Step(
        act="enrollment:treatment:allocate",
        study="PIER",
        given={"participant": "P-1"},
        broken={"number": "2"},
        refusal="is the next one",
    )


def safety() -> Iterator[Step]:
    """Give adverse events, deviations, queries and signed visits."""
    yield Step(
        act="safety:adverse_event:record",
        who=CO,
        at="2026-03-09T08:00",
        given={"participant": "01-001", "term": "Headache", "grade": "3", "hospitalised": "yes", "related": "unknown",
               "started_on": "2026-03-08", "aware_at": "2026-03-09T07:00:00Z"},
        broken={"grade": "7"},
        keep="adverse_event",
    )  # fmt: skip
    yield from mended(
        "safety:adverse_event:record",
        "adverse_event",
        corrected={"outcome": "Recovered"},
        again={"participant": "01-001", "term": "Headache twice", "grade": "1", "started_on": "2026-03-08"},
    )
    yield Step(
        act="safety:adverse_event:report",
        who=CO,
        given={"adverse_event": "{adverse_event}", "reported_at": "2026-03-09T07:30:00Z", "reported_to": "Sponsor"},
        broken={"reported_at": "2026-03-09T06:00:00Z"},
    )
    yield Step(
        act="safety:adverse_event:sign",
        given={"adverse_event": "{adverse_event}"},
        broken={"adverse_event": "{adverse_event_spare}"},
        denied=CO,
    )
    yield Step(
        act="safety:expedited_report:add",
        who=CO,
        given={"adverse_event": "{adverse_event}", "recipient": "committee", "submitted_on": "2026-03-09"},
        broken={"submitted_on": "2031-01-01"},
        keep="expedited_report",
    )
    yield from mended(
        "safety:expedited_report:add",
        "expedited_report",
        corrected={"reference": "HEC-SAE-1"},
        again={"adverse_event": "{adverse_event}", "recipient": "other", "submitted_on": "2026-03-09"},
    )
    yield Step(
        act="safety:deviation:record",
        who=CO,
        given={"participant": "01-001", "category": "procedure", "occurred_on": "2026-03-06", "found_on": "2026-03-09",
               "description": "Questionnaire after breakfast"},
        broken={"found_on": "2026-03-01"},
        keep="deviation",
    )  # fmt: skip
    yield from mended(
        "safety:deviation:record",
        "deviation",
        corrected={"description": "Questionnaire filled in after breakfast"},
        again={"site": "01", "category": "other", "occurred_on": "2026-03-06", "description": "Twice"},
    )
    yield Step(
        act="safety:deviation:assess",
        given={"deviation": "{deviation}", "important": "no", "impact": "None"},
        broken={"deviation": "{deviation_spare}"},
        denied=CO,
    )
    yield Step(
        act="safety:deviation:report",
        who=CO,
        given={"deviation": "{deviation}", "reported_on": "2026-03-09"},
        broken={"reported_on": "2031-01-01"},
    )
    yield Step(
        act="safety:query:raise",
        who=DATA,
        given={"participant": "01-001", "visit": "{visit}", "text": "Which questionnaire?"},
        broken={"text": ""},
        keep="query",
    )
    yield from mended(
        "safety:query:raise",
        "query",
        corrected={"text": "Which questionnaire was it?"},
        again={"participant": "01-001", "text": "Twice?"},
        who=DATA,
    )
    yield Step(
        act="safety:query:answer",
        who=CO,
        given={"query": "{query}", "answer": "The long one"},
        broken={"query": "{query_spare}"},
    )
    yield Step(act="safety:query:close", who=DATA, given={"query": "{query}"}, broken={"query": "{query_spare}"})
    yield Step(
        act="safety:query:reopen",
        who=DATA,
        given={"query": "{query}"},
        broken={"query": "{query_spare}"},
        reason="The answer names another form",
    )
    yield Step(act="safety:query:answer", who=CO, given={"query": "{query}", "answer": "The long form"}, plain=True)
    yield Step(act="safety:query:close", who=DATA, given={"query": "{query}"}, plain=True)
    yield Step(act="safety:crf:sign", given={"visit": "{visit}"}, broken={"visit": "{visit_spare}"}, denied=CO)


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
        given={"contract": "C-001", "as_of": "2026-03-09", "needs_verification": "yes"},
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
        act="payments:certificate:certify",
        who=MONEY,
        given={"certificate": "{certificate}"},
        broken={"certificate": "not this"},
        denied=CO,
    )
    yield Step(
        act="payments:certificate:accept",
        who=CO,
        given={"certificate": "{certificate}", "accepted_on": "2026-03-09"},
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
            "value_on": "2026-03-09",
            "amount": "100000",
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
            "value_on": "2026-03-09",
            "amount": "100",
            "currency": "CNY",
        },
        who=MONEY,
    )
    line = "{first payments.invoice_line}"
    yield Step(
        act="payments:receipt:allocate",
        who=MONEY,
        given={"receipt": "{receipt}", "line": line, "amount": "5000"},
        broken={"amount": "99999999"},
        keep="allocation",
    )
    yield Step(
        act="payments:allocation:void", who=MONEY, given={"allocation": "{allocation}"}, reason="Laid to another"
    )
    yield Step(
        act="payments:dispute:raise",
        who=CO,
        given={"invoice_line": line, "raised_on": "2026-03-09", "grounds": "evidence", "amount": "1000",
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
        given={"dispute": "{dispute}", "resolved_on": "2026-03-09", "outcome": "rejected", "resolution": "Sent"},
        broken={"resolved_on": "2026-03-01"},
    )
    yield Step(
        act="payments:dispute:raise",
        who=CO,
        given={"invoice_line": line, "raised_on": "2026-03-09", "grounds": "other", "amount": "10", "currency": "CNY",
               "words": "Twice"},
        keep="dispute_spare",
        plain=True,
    )  # fmt: skip
    yield Step(act="payments:dispute:void", who=CO, given={"dispute": "{dispute_spare}"}, reason="Entered twice")
    yield Step(
        act="payments:receipt:settle",
        who=MONEY,
        given={"receipt": "{receipt}", "invoice": "{invoice}"},
        broken={"receipt": "{receipt_spare}"},
    )
    visit = {"visit": "{visit}", "happened": "no", "started_on": "", "ended_on": ""}
    yield Step(act="enrollment:visit:correct", who=CO, given=visit, reason="It was another's", plain=True)
    yield Step(
        act="payments:invoice:credit",
        who=MONEY,
        given={"invoice": "{invoice}", "grounds": "The visit did not take place"},
        broken={"invoice": "not this"},
    )


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
        act="contracts:contract:close",
        who=MONEY,
        given={"contract": "C-001", "closed_on": "2026-03-09"},
        broken={"closed_on": "2026-01-01"},
    )
    yield Step(
        act="studies:study:close",
        given={"closed_on": "2026-03-09", "archive": "Cellar 2", "custodian": "Records office",
               "retained_until": "2041-03-09", "grounds": "The supporter pays at the end of the quarter"},
        broken={"retained_until": "2026-01-01"},
        denied=CO,
        keep="close_out",
    )  # fmt: skip
    yield Step(
        act="studies:study:reopen",
        given={"close_out": "{close_out}", "reopened_on": "2026-03-09"},
        broken={"reopened_on": "2026-01-01"},
        reason="One more query",
        denied=CO,
    )
