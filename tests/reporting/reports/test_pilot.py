"""The figures of a real trial equal those counted from its data by other hands."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.desks import desk_at
from tests.support.shared import DATA, needed
from trialdesk.application import Application
from trialdesk.exchange.bringing import bring_in
from trialdesk.exchange.sdtm import read
from trialdesk.reporting.making import facts
from trialdesk.reporting.report import facts_json

PILOT = DATA / "pilot_slice"

pytestmark = needed("pilot_slice")


@pytest.fixture(scope="module")
def pilot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    folder = tmp_path_factory.mktemp("pilot")
    desk = desk_at(str(folder / "pilot.desk"), folder)
    desk.run(bring_in, study=None, contents=read(PILOT), short_name="PILOT")
    yield desk
    desk.close()


@pytest.fixture(params=["704", "716", "both"])
def site(request: pytest.FixtureRequest) -> str:
    asked: str = request.param
    return asked


@pytest.fixture
def expected(site: str) -> Any:
    return json.loads((PILOT / "expected.json").read_text())[site]


def told(desk: Application, key: str, site: str) -> Any:
    return facts_json(facts(desk, key, study="PILOT", site=None if site == "both" else site))


def test_the_flow(pilot: Application, site: str, expected: Any):
    flow = told(pilot, "consort", site)
    by_arm = dict(expected["by_arm"])
    failed = by_arm.pop("Screen Failure", 0)
    assert flow["assessed"] == expected["screened"]
    assert flow["excluded"] == {"total": failed, "reasons": {"SCREEN FAILURE": failed} if failed else {}}
    assert {arm["arm"]: arm["allocated"] for arm in flow["arms"]} == by_arm
    assert flow["randomised"] == sum(by_arm.values())
    ended = expected["disposition_by_arm"]
    assert {arm["arm"]: arm["completed"] for arm in flow["arms"]} == {
        arm: ended[arm].get("COMPLETED", 0) for arm in by_arm
    }
    assert {arm["arm"]: arm["discontinued"]["reasons"] for arm in flow["arms"]} == {
        arm: {reason: count for reason, count in ended[arm].items() if reason != "COMPLETED"} for arm in by_arm
    }
    assert sum(arm["analysed"]["EFFICACY"] for arm in flow["arms"]) == expected["efficacy"]
    assert sum(arm["analysed"]["COMPLT24"] for arm in flow["arms"]) == expected["completed_week24"]


def test_the_disposition(pilot: Application, site: str, expected: Any):
    assert told(pilot, "disposition", site) == expected["disposition_by_arm"]


def test_the_adverse_events(pilot: Application, site: str, expected: Any):
    arms = told(pilot, "safety-summary", site).values()
    assert sum(arm["events"] for arm in arms) == expected["ae_records"]
    assert sum(arm["participants"] for arm in arms) == expected["subjects_with_ae"]
    assert sum(arm["serious"] for arm in arms) == expected["sae_records_AESER_Y"]
    assert sum(arm["fatal"] for arm in arms) == expected["fatal_ae"]


def test_the_log_agrees(pilot: Application, site: str, expected: Any):
    log = told(pilot, "screening-log", site)
    assert len(log["rows"]) == expected["screened"] == log["flow"]["assessed"]
    completed = sum(row["state"] == "completed" for row in log["rows"])
    assert completed == expected["disposition"]["COMPLETED"] == log["flow"]["completed"]
