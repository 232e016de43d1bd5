"""What a reviewer holds against each other first, asked of the documents of a whole trial and of real data."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.support.desks import desk_at
from tests.support.shared import DATA, needed
from trialdesk.application import Application
from trialdesk.base.clock import SetClock
from trialdesk.base.ids import seeded_ids
from trialdesk.commandline.demonstration import story, team
from trialdesk.commandline.demonstration.cohort import SEED
from trialdesk.commandline.demonstration.design import SHORT_NAME
from trialdesk.commandline.demonstration.telling import OFFSET
from trialdesk.exchange.bringing import bring_in
from trialdesk.exchange.sdtm import read as read_sdtm
from trialdesk.people.credentials import Cost
from trialdesk.people.rules import IDENTIFYING
from trialdesk.reporting.making import facts
from trialdesk.reporting.report import facts_json

BEGUN = datetime(2025, 5, 12, 0, 30, tzinfo=UTC)
WORDS = "harbour lights at noon"


class Papers:
    """The facts of a study's documents, each gathered once."""

    def __init__(self, desk: Application, study: str) -> None:
        self._desk, self._study = desk, study
        self._told: dict[str, Any] = {}

    def __call__(self, key: str, **asked: Any) -> Any:
        name = f"{key}{asked}"
        if name not in self._told:
            self._told[name] = facts_json(facts(self._desk, key, study=self._study, **asked))
        return self._told[name]


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Papers]:
    """Give the documents of the trial that the demonstration tells."""
    folder = tmp_path_factory.mktemp("reviewer")
    clock = SetClock(BEGUN, step=timedelta(seconds=1), offset=OFFSET)
    desk = Application(
        str(folder / "told.desk"),
        clock=clock,
        new_id=seeded_ids(clock, SEED),
        marks=folder / "seen",
        cost=Cost(time_cost=1, memory_kib=64, lanes=1),
    )
    desk.make(name=team.PI_NAME, username=team.PI, password=WORDS)
    story.live(desk, clock, password=WORDS, progress=lambda *_counts: None)
    desk.sign_in(team.PI, WORDS)
    yield Papers(desk, SHORT_NAME)
    desk.close()


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Papers]:
    """Give the documents of a slice of a real trial."""
    folder = tmp_path_factory.mktemp("real")
    desk = desk_at(str(folder / "pilot.desk"), folder)
    desk.run(bring_in, study=None, contents=read_sdtm(DATA / "pilot_slice"), short_name="PILOT")
    yield Papers(desk, "PILOT")
    desk.close()


def test_consent_comes_before_the_first_procedure(papers: Papers):
    log = papers("consent-log")
    assert log["without"] == []
    first = [row for row in log["consents"] if not row["again"]]
    assert len(first) == len(papers("screening-log")["rows"])
    assert [row["identifier"] for row in first if row["before_procedures"] is False] == []
    assert sum(row["before_procedures"] is True for row in first) > 40


def test_each_consent_is_to_the_version_in_use_that_day(papers: Papers):
    versions = {(row["form"], row["language"], row["version"]): row for row in papers("consent-versions")["rows"]}
    for row in papers("consent-log")["consents"]:
        used = versions[row["form"], row["language"], row["label"]]
        assert used["used_from"] <= row["consented_on"]
        assert row["consented_on"] < (used["superseded_on"] or "9999")
        assert used["approved_on"] <= used["used_from"]


def test_consent_is_obtained_by_who_was_delegated_and_trained_that_day(papers: Papers):
    log = papers("delegation")
    for row in papers("consent-log")["consents"]:
        on = row["consented_on"]
        assert any(
            each["name"] == row["obtained_by"]
            and each["role"] in IDENTIFYING
            and each["starts_on"] <= on <= (each["ends_on"] or "9999")
            and each["authorised"]["at"][:10] <= on
            for each in log["delegations"]
        ), row
        assert any(
            each["name"] == row["obtained_by"]
            and each["topic"] == "gcp"
            and each["completed_on"] <= on <= (each["expires_on"] or "9999")
            for each in log["trainings"]
        ), row


def test_no_delegation_was_signed_for_after_it_began_or_changed_since(papers: Papers):
    assert [
        each["name"]
        for each in papers("delegation")["delegations"]
        if each["late"] or each["altered"] or each["awaits_signature"]
    ] == []


def test_who_was_allocated_was_found_eligible_and_signed_before(papers: Papers):
    rows = papers("enrolment-log")["rows"]
    allocated = [row for row in rows if row["allocated_on"]]
    assert len(allocated) == papers("consort")["randomised"]
    consents = papers("consent-log")["consents"]
    first = {row["identifier"]: row["consented_on"] for row in reversed(consents)}
    for row in allocated:
        assert row["eligible"]
        assert row["eligibility_signed"]
        assert first[row["identifier"]] <= row["eligible_on"] <= row["allocated_on"][:10]
    assert [row["identifier"] for row in rows if row["state"] == "screen failure" and not row["reason"]] == []


def test_hours_from_awareness_are_those_between_the_times_printed(papers: Papers):
    rows = papers("sae-log")["rows"]
    for row in rows:
        aware, reported = (datetime.fromisoformat(row[name]) for name in ("aware_at", "reported_at"))
        hours = -(-(reported - aware) // timedelta(hours=1))
        assert row["clock"]["hours"] == hours
        assert row["clock"]["state"] == ("done" if hours <= 24 else "done late")
        assert papers("sae-report", event=row["number"])["row"] == row
    assert {row["clock"]["state"] for row in rows} == {"done", "done late"}


def test_every_deviation_is_assessed_and_signed_or_open_and_none_is_found_before_it_occurred(papers: Papers):
    for row in papers("deviation-log")["rows"]:
        assert row["occurred_on"] <= row["found_on"]
        assert (row["assessed_on"] is None) == (row["signed_by"] is None)
        assert row["category"] != "eligibility" or row["important"] is not None
        assert papers("deviation-report", deviation=row["number"]) == row


def sums_close(papers: Papers) -> None:
    flow, log = papers("consort"), papers("screening-log")
    parts = flow["excluded"]["total"], flow["screening"], flow["randomised"]
    assert flow["assessed"] == sum(parts) == len(log["rows"])
    assert flow["randomised"] == sum(arm["allocated"] for arm in flow["arms"])
    states = [row["state"] for row in log["rows"]]
    people = papers("dsur")["people"]
    assert parts[:2] == (states.count("screen failure"), states.count("screening"))
    assert parts[:2] == (people["excluded"]["all"], people["screening"])
    assert states.count("completed") == sum(arm["completed"] for arm in flow["arms"])
    assert states.count("discontinued") == sum(arm["discontinued"]["total"] for arm in flow["arms"])
    serious = sum(arm["serious"] for arm in papers("safety-summary").values())
    assert serious == len(papers("sae-log")["rows"]) == papers("site-file")["kept"]["serious_events"]
    assert {row["identifier"] for row in papers("code-list")["rows"]} == {row["identifier"] for row in log["rows"]}


def test_sums_close_over_all_documents(papers: Papers):
    sums_close(papers)


@needed("pilot_slice")
def test_sums_close_over_all_documents_of_real_data(real: Papers):
    sums_close(real)


@needed("pilot_slice")
def test_what_an_import_did_not_bring_is_listed_and_not_invented(real: Papers):
    log = real("consent-log")
    assert log["consents"] == []
    assert len(log["without"]) == len(real("screening-log")["rows"])
    assert real("ethics-package")["checks"]["consent_there"] is False


def test_money_adds_up(papers: Papers):
    bill, owed = papers("invoice"), papers("payment-statement")["totals"]
    assert bill["net"] == sum(line["net"] for line in bill["lines"])
    assert bill["gross"] == bill["net"] + bill["tax"]
    assert owed["accrued"] == owed["earned"] + owed["pending"]
    assert owed["earned"] == owed["gated"] + owed["held"] + owed["payable"]


def test_the_same_numbers_stand_in_every_document(papers: Papers):
    package, synopsis, sheet = papers("ethics-package"), papers("synopsis"), papers("registration")
    assert package["planned"] == synopsis["planned"] == sheet["study"]["planned_participants"]
    assert sheet["entered"] == papers("consort")["randomised"]
    assert package["title"] == synopsis["title"] == sheet["study"]["title"]
    assert {code for code, holds in package["checks"].items() if holds is False} <= {"files_there"}
    assert package["submitted_on"] < papers("consent-log")["consents"][0]["consented_on"]


def test_the_first_enrolment_follows_approval_and_registration(papers: Papers):
    sheet = papers("registration")
    first = date.fromisoformat(sheet["first_in"][:10])
    approved = [date.fromisoformat(each["decided_on"]) for each in sheet["ethics"] if each["outcome"].startswith("app")]
    assert min(approved) <= first
    registered = [
        date.fromisoformat(each["submitted_on"]) for each in sheet["entries"] if each["purpose"] == "registration"
    ]
    assert all(each <= first for each in registered)
