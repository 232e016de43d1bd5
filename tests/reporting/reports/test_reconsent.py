"""The re-consent matrix on a trial that changed its consent form, and what the consent log says of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.support.acts import ON
from tests.support.trial import Trial, a_version
from trialdesk.application import Application
from trialdesk.enrollment.actions import withdraw
from trialdesk.reporting.looking import page_texts
from trialdesk.reporting.making import facts, make
from trialdesk.reporting.report import facts_json

DAY = timedelta(days=1)


@pytest.fixture
def trial(desk: Application) -> Trial:
    made = Trial(desk)
    made.list("A", "P", "A")
    return made


def cells(trial: Trial, **asked: Any) -> dict[str, list[tuple[str, str | None]]]:
    told = facts_json(facts(trial.desk, "reconsent", study="HARBOUR", **asked))
    return {row["identifier"]: [(cell["standing"], cell["on"]) for cell in row["cells"]] for row in told["rows"]}


def pages(trial: Trial, key: str) -> str:
    made = make(trial.desk, key, study="HARBOUR", language="en")
    return " ".join("\n".join(page_texts(made.pdf)).split())


def amended(trial: Trial) -> str:
    return a_version(trial.desk, trial.study, trial.decision, "2", effective_on=ON, mandatory_on=ON + 5 * DAY)


def test_each_stands_to_each_version_as_it_is_recorded(trial: Trial):
    first, _second, third = trial.ready("001"), trial.ready("002"), trial.ready("003")
    trial.desk.run(
        withdraw, study=trial.study, participant=third, occurred_on="2026-03-04", why="WITHDRAWAL BY SUBJECT"
    )
    again = amended(trial)
    a_version(trial.desk, trial.study, None, "3")
    trial.consented(first, version=again, on=ON)
    signed = ("signed", "2026-03-02")
    due = (ON + 5 * DAY).isoformat()
    assert cells(trial) == {
        "01-001": [signed, ("signed", ON.isoformat()), ("unused", None)],
        "01-002": [signed, ("due", due), ("unused", None)],
        "01-003": [signed, ("left", None), ("unused", None)],
    }
    assert "0 participants are overdue" in pages(trial, "reconsent")
    trial.desk.clock.at += 6 * DAY  # type: ignore[attr-defined]
    fourth = trial.person("004")
    trial.consented(fourth, version=again, on=ON + 6 * DAY)
    trial.person("005")
    told = cells(trial)
    assert told["01-002"][1] == ("overdue", due)
    assert told["01-004"] == [("later", None), ("signed", (ON + 6 * DAY).isoformat()), ("unused", None)]
    assert told["01-005"] == [("missing", None), ("missing", None), ("unused", None)]
    said = pages(trial, "reconsent")
    assert "1 participant is overdue" in said
    assert f"OVERDUE since {(ON + 5 * DAY).day} Mar 2026" in said
    assert "overdue" in pages(trial, "consent-log")


def test_a_past_day_knows_nothing_of_what_came_later(trial: Trial):
    trial.ready("001")
    amended(trial)
    told = facts_json(facts(trial.desk, "reconsent", study="HARBOUR", as_of=ON + 9 * DAY))
    assert told["rows"][0]["cells"][1]["standing"] == "overdue"
    early = facts_json(facts(trial.desk, "reconsent", study="HARBOUR", as_of=date(2026, 3, 2)))
    assert early["rows"][0]["cells"][0]["standing"] == "signed"


def test_of_one_day_nobody_can_tell_what_came_first(trial: Trial):
    who = trial.person("001")
    trial.consented(who, consented_at="09:30")
    trial.visit(who, "2026-03-02")
    assert "same day; the time of the procedure is not recorded" in pages(trial, "consent-log")
    later = trial.person("002")
    trial.consented(later)
    trial.visit(later, "2026-03-03")
    (row,) = (
        each
        for each in facts_json(facts(trial.desk, "consent-log", study="HARBOUR"))["consents"]
        if each["identifier"] == "01-002"
    )
    assert row["before_procedures"] is True
    assert date.fromisoformat(row["consented_on"]) < date.fromisoformat(row["first_procedure"])
