"""A study's whole life, from an empty desk to a received payment and a closed study, by keys and clicks alone.

Three people live it, one after the other at the same window: the owner of the desk, who is the principal investigator;
the coordinator, who is the finance office too; a data manager. No date is fixed: each is typed as so many days from
today.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.life.words import TERMS
from tests.support.clerk import Clerk
from tests.support.person import Person
from tests.support.somebody import somebody
from trialdesk.base.i18n import _
from trialdesk.base.written import written_day

PI, COORDINATOR, DATA = "Chen Wei", "Gu Lan", "Xu Min"
HOSPITAL = "Harbour Hospital"
USERS = {PI: "chen.wei", COORDINATOR: "gu", DATA: "xu"}
PASSWORDS = {PI: "correct horse battery", COORDINATOR: "lamps along the quay", DATA: "harbour watch at night"}
A_LIST = "number,arm,site\nK1,A,01\nK2,B,01\n"
LETTER = b"The committee approves the study."


def whole_life(person: Person, folder: Path) -> None:
    """Live it. Words are looked for in the language in force, so that none may be missing in it."""
    clerk = Clerk(person)
    _begin(clerk, folder)
    _team(clerk)
    _design(clerk)
    _enter(clerk, COORDINATOR)
    _approval(clerk, folder)
    _contract(clerk)
    _enter(clerk, PI)
    _allow(clerk)
    _enter(clerk, COORDINATOR)
    _first_participant(clerk)
    _enter(clerk, PI)
    _sign(clerk)
    _enter(clerk, COORDINATOR)
    _visits(clerk)
    _event(clerk)
    _claim(clerk)
    _enter(clerk, DATA)
    _verify(clerk)
    _enter(clerk, PI)
    _cash(clerk)
    _close(clerk)
    _report(clerk, folder)


def _enter(clerk: Clerk, name: str) -> None:
    clerk.enter(USERS[name], PASSWORDS[name])
    clerk.open("HARBOUR")


def _begin(clerk: Clerk, folder: Path) -> None:
    person = clerk.person
    clerk.password = PASSWORDS[PI]
    person.click(_("Start a desk on this computer"))
    person.type(PI)
    for field in (_("Password"), _("Password again")):
        person.tab_to(field)
        person.type(clerk.password)
    person.tab_to(_("Where the desk lies"))
    person.retype(str(folder / "harbour.desk"))
    person.press("Return")
    person.wait_for(_("No study yet"))
    person.look("no study")
    person.press("Alt+2")
    clerk.begin(
        "studies:study:create",
        {
            "short_name": "HARBOUR",
            "title": "Harbour light for winter fatigue",
            "sponsor": "Harbour Hospital",
            "blinding": "open",
            "planned_participants": "60",
            "needs_contract": "yes",
            "needs_insurance": "yes",
        },
        picture="study",
    )


def _team(clerk: Clerk) -> None:
    clerk.turn_to("Team", "Accounts")
    for name, picture in ((COORDINATOR, "account"), (DATA, "")):
        clerk.begin(
            "people:account:add",
            {"name": name, "username": USERS[name], "password": PASSWORDS[name]},
            picture=picture,
        )
    clerk.turn_to("Team", "Delegations")
    for name, role in ((PI, "pi"), (COORDINATOR, "coordinator"), (COORDINATOR, "finance"), (DATA, "data_manager")):
        first = name == PI
        given = {"person": name, "role": role, "starts_on": "-1"}
        clerk.begin("people:delegation:give", given, picture="delegation" if first else "")
        clerk.do("people:delegation:authorise", picture="authorised" if first else "")


def _design(clerk: Clerk) -> None:
    clerk.turn_to("Design", "Protocol versions")
    clerk.begin("studies:protocol:add", {"label": "1.0", "dated_on": "-90", "effective_on": "-80"})
    clerk.do("studies:protocol:sign", picture="protocol signed")
    clerk.turn_to("Design", "Arms")
    clerk.begin("studies:arm:add", {"code": "A", "name": "Light", "ratio": "1"})
    clerk.begin("studies:arm:add", {"code": "B", "name": "Dim light", "ratio": "1"}, picture="arms")
    clerk.turn_to("Design", "Planned visits")
    for number, day, before in (("1", "1", "0"), ("2", "2", "1")):
        clerk.begin(
            "studies:planned_visit:add",
            {
                "number": number,
                "name": f"V{number}",
                "planned_day": day,
                "window_before": before,
                "window_after": "3",
            },
            picture="visits planned" if number == "2" else "",
        )
    clerk.turn_to("Design", "Activities")
    clerk.begin("studies:activity:add", {"name": "Questionnaire", "category": "questionnaire"})
    clerk.follow("studies:scheduled_activity:add", {"planned_visit": "V1"}, picture="schedule")
    clerk.turn_to("Design", "Criteria")
    clerk.begin(
        "studies:criterion:add",
        {"code": "I01", "category": "inclusion", "text": "Aged 18 or more"},
        picture="criterion",
    )
    clerk.turn_to("Design", "Allocation list")
    clerk.turn_to("Sites", "Sites")
    clerk.begin("studies:site:add", {"number": "01", "name": "Harbour Hospital", "target": "40"})
    clerk.do("studies:site:activate", {"activated_on": "-30"}, picture="site")
    clerk.turn_to("Design", "Allocation list")
    clerk.begin("enrollment:slots:load", {"rows": A_LIST, "passphrase": "the harbour safe"}, picture="list")


def _approval(clerk: Clerk, folder: Path) -> None:
    clerk.person.look("coordinator begins")
    clerk.turn_to("Ethics", "Committees")
    clerk.begin("ethics:committee:add", {"name": "Harbour Ethics Committee", "renewal_days": "30"}, picture="committee")
    clerk.turn_to("Ethics", "Submissions")
    clerk.begin(
        "ethics:submission:record",
        {
            "committee": "Harbour Ethics Committee",
            "kind": "initial",
            "title": "Initial application",
            "submitted_on": "-60",
            "protocol_version": "1.0",
        },
        picture="submission",
    )
    clerk.follow(
        "ethics:decision:record",
        {"decided_on": "-40", "outcome": "approved", "effective_on": "-40", "expires_on": "+325"},
        picture="decision",
    )
    clerk.turn_to("Ethics", "Consent versions")
    clerk.begin(
        "ethics:consent_version:add",
        {
            "form": "main",
            "language": "zh",
            "label": "1.0",
            "dated_on": "-90",
            "decision": f"{written_day(date.today() - timedelta(40))} {_('Approved')}",  # noqa: DTZ011 - as the desk
            "effective_on": "-40",
        },
        picture="consent version",
    )
    letter = folder / "letter.txt"
    letter.write_bytes(LETTER)
    clerk.turn_to("Documents")
    clerk.begin(
        "documents:document:attach",
        {"title": "Approval letter", "category": "approval", "data": str(letter)},
        picture="document",
    )


def _contract(clerk: Clerk) -> None:
    _agree(clerk)
    clerk.follow("contracts:terms:draft", {"text": TERMS}, picture="terms")
    _insure(clerk)


def _agree(clerk: Clerk) -> None:
    """Bring a contract into effect, without terms yet."""
    clerk.turn_to("Contracts", "Organisations")
    clerk.begin("contracts:organisation:add", {"name": "Quayside Pharma", "country": "CN"}, picture="organisation")
    clerk.follow("contracts:interest:declare", {"person": PI, "declared_on": "-60"}, picture="interest")
    clerk.turn_to("Contracts", "Organisations")
    clerk.begin("contracts:organisation:add", {"name": HOSPITAL, "country": "CN"}, picture="our own organisation")
    clerk.turn_to("Contracts", "Contracts")
    clerk.begin(
        "contracts:contract:add",
        {
            "number": "C-001",
            "kind": "support",
            "supporter": "Quayside Pharma",
            "institution": HOSPITAL,
            "direction": "receivable",
            "currency": "CNY",
            "net_days": "45",
        },
        picture="contract",
    )
    clerk.do("contracts:contract:negotiate", {"negotiating_from": "-70"})
    clerk.do("contracts:contract:send_to_signature", {"sent_to_signature_on": "-40"})
    clerk.do("contracts:contract:execute", {"fully_executed_on": "-30", "signed_on": "-32"})
    clerk.do("contracts:contract:activate", {"effective_from": "-30"}, picture="contract in effect")


def _insure(clerk: Clerk) -> None:
    clerk.turn_to("Contracts", "Insurance")
    clerk.begin(
        "contracts:insurance:add",
        {"insurer": "Lloyd", "policy": "P-1", "valid_from": "-60", "valid_to": "+700"},
        picture="insurance",
    )


def _allow(clerk: Clerk) -> None:
    """Do what only the principal investigator does before anybody is allocated."""
    clerk.turn_to("Contracts", "Contracts")
    clerk.person.point_at("C-001")
    clerk.open_inside("1 |")
    clerk.do("contracts:terms:activate", reason="Agreed with the department", picture="terms activated")


def _first_participant(clerk: Clerk) -> None:
    clerk.turn_to("Participants")
    clerk.begin("enrollment:participant:screen", {"number": "001", "sex": _("female"), "age": "40"}, picture="screened")
    clerk.follow(
        "enrollment:consent:record",
        {"consent_version": "zh 1.0", "consented_on": "today", "copy_given": "yes"},
        picture="consent",
    )
    clerk.follow("enrollment:eligibility:assess", {"assessed_on": "today", "eligible": "yes"}, picture="eligible")


def _sign(clerk: Clerk) -> None:
    clerk.turn_to("Participants")
    clerk.person.point_at("001")
    clerk.open_inside(f"{_('Yes')} |")
    clerk.do("enrollment:eligibility:sign", picture="eligibility signed")


def _visits(clerk: Clerk) -> None:
    clerk.turn_to("Participants")
    clerk.person.point_at("001")
    clerk.do("enrollment:treatment:allocate", picture="allocated")
    clerk.do("enrollment:participant:correct", {"reference_start": "today"}, reason="First light")
    for visit in ("V1", "V2"):
        clerk.person.press("Ctrl+R")
        clerk.fill_in("enrollment:visit:record", {"started_on": "today"}, picture=visit)


def _event(clerk: Clerk) -> None:
    clerk.follow(
        "safety:adverse_event:record",
        {
            "term": "Headache",
            "started_on": "today",
            "grade": "3",
            "hospitalised": "yes",
            "related": "unknown",
            "aware_at": "today 00:00",
        },
        picture="event",
    )
    clerk.turn_to("Safety")
    clerk.person.point_at("Headache")
    clerk.do("safety:adverse_event:report", {"reported_at": "today 00:00", "reported_to": "Harbour Hospital"})
    clerk.follow(
        "safety:expedited_report:add",
        {"recipient": "committee", "submitted_on": "today", "reference": "HEC-SAE-1"},
        picture="event reported",
    )


def _claim(clerk: Clerk) -> None:
    clerk.turn_to("What is owed")
    clerk.person.look("owed")
    clerk.turn_to("Contracts", "Contracts")
    clerk.person.point_at("C-001")
    clerk.do("payments:ledger:post", picture="posted")
    clerk.follow("payments:certificate:prepare", {"as_of": "today", "needs_verification": "yes"}, picture="prepared")


def _verify(clerk: Clerk) -> None:
    clerk.turn_to("Payments", "Certificates")
    clerk.person.point_at("C-001/1")
    clerk.do("payments:certificate:verify", picture="verified")


def _cash(clerk: Clerk, amount: str = "3672.90") -> None:
    clerk.turn_to("Payments", "Certificates")
    clerk.person.point_at("C-001/1")
    clerk.do("payments:certificate:certify", picture="certified")
    clerk.do("payments:certificate:accept", {"accepted_on": "today"})
    clerk.turn_to("Contracts", "Contracts")
    clerk.person.point_at("C-001")
    clerk.do("payments:invoice:issue", picture="invoiced")
    clerk.follow(
        "payments:receipt:record",
        {"reference": "BANK-1", "value_on": "today", "amount": amount, "currency": "CNY"},
        picture="received",
    )
    clerk.turn_to("Payments", "Receipts")
    clerk.person.point_at("BANK-1")
    clerk.do("payments:receipt:settle", {"invoice": "INV-0001"}, picture="settled")


def _close(clerk: Clerk) -> None:
    clerk.turn_to("Participants")
    clerk.person.point_at("001")
    clerk.do("enrollment:participant:complete", {"occurred_on": "today"}, picture="completed")
    clerk.turn_to("Design", "Close-out")
    clerk.begin(
        "studies:study:close",
        {"closed_on": "today", "archive": "Cellar 2", "custodian": "Records office", "retained_until": "+5475"},
        picture="closed",
    )
    clerk.turn_to("Overview")
    clerk.person.look("end")


def _report(clerk: Clerk, folder: Path) -> None:
    """Print how the study ended, and prove the document."""
    document = folder / "closure.pdf"
    clerk.turn_to("Reports")
    clerk.person.point_at(_("Closure report of the study"))
    clerk.person.look("reports")
    clerk.person.press("Ctrl+S")
    clerk.person.choose_file(document)
    clerk.person.wait_until(document.exists, "closure.pdf is written")
    assert document.read_bytes().startswith(b"%PDF")
    clerk.find(_("Check a PDF…"))
    clerk.person.wait_for(_("PDF made by TrialDesk"))
    clerk.person.retype(str(document))
    clerk.person.press("Return")
    clerk.person.wait_for(_("Unaltered, and still true"))
    clerk.person.look("proven")


@pytest.mark.parametrize("spoken", ["en", pytest.param("zh", marks=pytest.mark.long)])
def test_from_an_empty_desk_to_a_closed_study(tmp_path, spoken, strays):
    with somebody(tmp_path, spoken, "light") as person:
        whole_life(person, tmp_path)
