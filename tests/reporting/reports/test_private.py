"""No document tells who a participant is but the one that is made to, and none that is blinded tells an arm."""

from __future__ import annotations

import json

import pytest

from tests.reporting.building import PEOPLE, bring
from tests.support.acts import a_colleague
from tests.support.desks import OWNER, PASSWORD
from trialdesk.application import Application
from trialdesk.base.ids import Id
from trialdesk.enrollment.actions import erase_identity, identify, record_allocation
from trialdesk.enrollment.queries import participants
from trialdesk.reporting.catalog import REPORTS
from trialdesk.reporting.looking import page_texts
from trialdesk.reporting.making import facts, make
from trialdesk.reporting.report import Report, facts_json
from trialdesk.studies.queries import arms
from trialdesk.trail.access import READ, entries

NAME, CONTACT = "Xiuying 王秀英", "xiuying@river.example"
SECRETS = ("Xiuying", "王秀英", "@river")
"""None of them can be part of a digest or a number, of which there are many in what leaves."""
LEAVING = [report for report in REPORTS if report.audience != "inside"]
BLINDED = [report for report in REPORTS if not report.unblinds]


@pytest.fixture
def study(sqlite_desk: Application) -> Id:
    """Give a blinded study with a named participant; the pharmacist `bo` knows its arms, which `ada` does not."""
    desk = sqlite_desk
    made = bring(desk, unblinded=False)
    people = {row.number: row.id for row in desk.read(participants, study=made, on=desk.today)}
    desk.run(identify, study=made, participant=people["001"], name=NAME, contact=CONTACT)
    a_colleague(desk, made, "pharmacist")
    desk.sign_in("bo", "another horse")
    arm_ids = {row.name: row.id for row in desk.read(arms, study=made)}
    for someone in PEOPLE:
        if someone.arm:
            desk.run(record_allocation, study=made, participant=people[someone.number], arm=arm_ids[someone.arm])
    desk.sign_in(OWNER, PASSWORD)
    return made


def names(report: Report) -> str:
    return report.key


@pytest.mark.usefixtures("study")
@pytest.mark.parametrize("report", LEAVING, ids=names)
def test_nobody_is_named_in_what_may_leave_the_site(sqlite_desk: Application, report: Report):
    made = make(sqlite_desk, report.key, study="HARBOUR", language="en")
    said = json.dumps(facts_json(made.facts), ensure_ascii=False) + "".join(page_texts(made.pdf))
    for secret in SECRETS:
        assert secret not in said


@pytest.mark.usefixtures("study")
@pytest.mark.parametrize("report", BLINDED, ids=names)
def test_a_blinded_document_is_the_same_for_who_knows_the_arms(sqlite_desk: Application, report: Report):
    told = facts_json(facts(sqlite_desk, report.key, study="HARBOUR"))
    sqlite_desk.sign_in("bo", "another horse")
    unblinded = facts_json(facts(sqlite_desk, report.key, study="HARBOUR"))
    if report.names:
        for rows in (told["rows"], unblinded["rows"]):
            for row in rows:
                assert not {"Active", "Placebo"} & set(map(str, row.values()))
    else:
        assert unblinded == told


def test_the_code_list_names_to_who_may_know_and_that_is_noted(sqlite_desk: Application, study: Id):
    made = make(sqlite_desk, "code-list", study="HARBOUR", language="zh")
    text = "".join("".join(page_texts(made.pdf)).split())
    assert "王秀英" in text
    assert "保密。不得带离研究中心。" in text
    assert "@river" in text
    with sqlite_desk.reading() as read:
        assert [entry.what for entry in entries(read, study=study, what=(READ,))] != []
    sqlite_desk.sign_in("bo", "another horse")
    (row, *_others) = facts_json(facts(sqlite_desk, "code-list", study="HARBOUR"))["rows"]
    assert (row["name"], row["contact"], row["hidden"]) == (None, None, "not allowed")


def test_who_was_erased_is_erased_in_the_code_list(sqlite_desk: Application, study: Id):
    (first, *_others) = sqlite_desk.read(participants, study=study, on=sqlite_desk.today)
    sqlite_desk.run(
        erase_identity, study=study, participant=first.id, decided_on=sqlite_desk.today, reason="Asked for it"
    )
    (row, *_others) = facts_json(facts(sqlite_desk, "code-list", study="HARBOUR"))["rows"]
    assert (row["name"], row["contact"], row["hidden"]) == (None, None, "erased")


@pytest.mark.usefixtures("study")
def test_the_code_list_of_who_may_not_know_is_no_list(sqlite_desk: Application):
    sqlite_desk.sign_in("bo", "another horse")
    said = " ".join("".join(page_texts(make(sqlite_desk, "code-list", study="HARBOUR", language="en").pdf)).split())
    assert "open only to who may know" in said
    assert "Code list checked" not in said
    assert "01-001" not in said
