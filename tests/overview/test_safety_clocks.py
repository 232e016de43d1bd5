"""What adverse events, deviations and queries set off, and what waits for a signature."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.overview.stages import change, keep
from tests.support.acts import ON, a_colleague, a_study
from tests.support.desks import PASSWORD
from trialdesk.application import Application
from trialdesk.base.errors import UserError
from trialdesk.base.ids import Id
from trialdesk.enrollment.records import Participant
from trialdesk.overview.clocks import clocks, today
from trialdesk.overview.closing import still_open
from trialdesk.overview.rules.waiting import in_order
from trialdesk.safety.actions import add_expedited_report, correct_expedited_report, void_expedited_report
from trialdesk.safety.records import AdverseEvent, Deviation, Query
from trialdesk.studies.actions import add_protocol_version, add_site, correct_protocol_version, sign_protocol_version

SHANGHAI = ZoneInfo("Asia/Shanghai")
AWARE = datetime(2026, 2, 27, 23, 50, tzinfo=SHANGHAI).astimezone(UTC)
"""Friday evening at the site."""


@pytest.fixture
def study(desk: Application) -> Id:
    return a_study(desk)


@pytest.fixture
def person(desk: Application, study: Id) -> Id:
    site = desk.run(add_site, study=study, number="01", country="CN").result
    return keep(desk, Participant, study, site=site, number="001", identifier="01-001", imported=True)


def an_event(desk: Application, study: Id, person: Id, **fields: Any) -> Id:
    said = {"term": "Syncope", "number": "01-AE-001", "serious": True, "aware_at": AWARE, "recorded_on": "2026-02-27"}
    return keep(desk, AdverseEvent, study, participant=person, **{**said, **fields})


def due(desk: Application, on: date = ON, at: datetime | None = None) -> dict[str, tuple[date, str]]:
    return {each.rule.id: (each.due, each.state) for each in desk.read(clocks, on=on, at=at)}


def test_a_serious_event_goes_to_the_sponsor_within_a_day(desk: Application, study: Id, person: Id):
    event = an_event(desk, study, person)
    for hours, state in ((0, "running"), (20, "due today"), (25, "late")):
        at = AWARE + timedelta(hours=hours)
        found = {each.rule.id: each for each in desk.read(clocks, on=at.astimezone(SHANGHAI).date(), at=at)}
        assert (found["SAE-SITE"].state, found["SAE-SITE"].due_at) == (state, AWARE + timedelta(hours=24))
    assert due(desk).keys() == {"SAE-SITE"}, "nobody signs what was brought in"
    (row,) = desk.read(today, on=ON)
    assert (row.what, row.whose, row.state) == (
        "Report the serious adverse event 01-AE-001 Syncope to the sponsor",
        "01-001",
        "late",
    )
    change(desk, AdverseEvent, study, event, reported_at=AWARE + timedelta(hours=20))
    assert due(desk)["SAE-SITE"][1] == "done"


def test_day_zero_of_an_unexpected_one_is_the_sites_day(desk: Application, study: Id, person: Id):
    an_event(desk, study, person, expected=False, related="yes", fatal=True)
    assert due(desk)["CN-SUSAR7"] == (date(2026, 3, 6), "half")
    assert {"US-IND-7", "EU-SUSAR7", "CN-SUSAR15"}.isdisjoint(due(desk)), "the site is in China, the event fatal"


@pytest.mark.parametrize("said", [{"expected": True}, {"expected": None}, {"expected": False, "related": "no"}])
def test_what_is_expected_or_unrelated_goes_to_no_authority(
    desk: Application, study: Id, person: Id, said: dict[str, Any]
):
    an_event(desk, study, person, **said)
    assert not [name for name in due(desk) if name.startswith("CN-SUSAR")]


def test_a_report_to_an_authority_ends_its_clock_alone(desk: Application, study: Id, person: Id):
    desk.run(add_site, study=study, number="02", country="DE")
    event = an_event(desk, study, person, expected=False, related="unknown")
    told: dict[str, Any] = {"recipient": "CDE", "submitted_on": date(2026, 3, 4)}
    report = desk.run(add_expedited_report, study=study, adverse_event=event, **told).result
    assert due(desk)["CN-SUSAR15"] == (date(2026, 3, 14), "done")
    assert due(desk)["EU-SUSAR15"] == (date(2026, 3, 14), "running")
    desk.run(
        correct_expedited_report,
        study=study,
        expedited_report=report,
        version=1,
        recipient="EudraVigilance",
        reason="Wrong authority",
    )
    assert (due(desk)["CN-SUSAR15"][1], due(desk)["EU-SUSAR15"][1]) == ("running", "done")
    desk.run(void_expedited_report, study=study, expedited_report=report, version=2, reason="Never sent")
    assert due(desk)["EU-SUSAR15"][1] == "running"
    with pytest.raises(UserError, match="still to come"):
        desk.run(add_expedited_report, study=study, adverse_event=event, recipient="CDE", submitted_on=date(2026, 3, 5))


def test_only_serious_events_are_reported_one_by_one(desk: Application, study: Id, person: Id):
    event = an_event(desk, study, person, serious=False)
    with pytest.raises(UserError, match="serious"):
        desk.run(add_expedited_report, study=study, adverse_event=event, recipient="CDE", submitted_on=ON)


def test_deviations_are_assessed_and_queries_answered(desk: Application, study: Id, person: Id):
    found = {"category": "other", "description": "Late", "proposed": False, "occurred_on": date(2026, 2, 24)}
    deviation = keep(desk, Deviation, study, number="01-DEV-001", found_on=date(2026, 2, 25), **found)
    query = keep(desk, Query, study, participant=person, raised_on=date(2026, 2, 26), text="Which arm?")
    assert due(desk, date(2026, 3, 3))["DEV-ASSESS"] == (date(2026, 3, 3), "due today"), "Saturday the 28th was worked"
    assert due(desk)["DATA-QUERY"] == (date(2026, 3, 11), "running")
    assert [(point.code, point.waivable) for point in _open(desk, study)] == [("deviations", True), ("queries", True)]
    change(desk, Deviation, study, deviation, assessed_on=ON, important=False)
    change(desk, Query, study, query, answered_on=ON, answer="None")
    assert (due(desk)["DEV-ASSESS"][1], due(desk)["DATA-QUERY"][1]) == ("done late", "done")


def test_an_unreported_serious_event_keeps_a_study_open(desk: Application, study: Id, person: Id):
    an_event(desk, study, person)
    assert [(point.code, point.waivable) for point in _open(desk, study)] == [("serious_events", False)]


def _open(desk: Application, study: Id) -> list[Any]:
    return [point for point in desk.read(_listed, study=study) if point.code != "screening"]


def _listed(read: Any, *, study: Id) -> list[Any]:
    return list(still_open(read, study=study, on=ON))


def test_a_protocol_version_waits_for_the_signature_of_who_may_sign(desk: Application, study: Id):
    version = desk.run(add_protocol_version, study=study, label="1.0", dated_on=date(2026, 2, 20)).result
    (row,) = desk.read(today, on=ON)
    assert (row.group, row.what, row.due) == ("signatures", "Sign protocol version 1.0", date(2026, 3, 6))
    a_colleague(desk, study, "coordinator", "cy", "a third horse")
    owner = desk.session
    desk.sign_in("cy", "a third horse")
    assert desk.read(today, on=ON) == ()
    desk.session = owner
    desk.run(sign_protocol_version, study=study, protocol_version=version, signed_with=PASSWORD)
    assert desk.read(today, on=ON) == ()
    desk.run(
        correct_protocol_version, study=study, protocol_version=version, version=1, change_summary="A word", reason="X"
    )
    assert [each.what for each in desk.read(today, on=ON)] == ["Sign protocol version 1.0"], "it was signed before"


def test_what_is_late_stands_first(desk: Application, study: Id, person: Id):
    an_event(desk, study, person)
    keep(desk, Query, study, participant=person, raised_on=date(2026, 3, 3), text="Which arm?")
    rows = desk.read(today, on=ON)
    assert [row.state for row in rows] == ["late", "running"]
    assert in_order(reversed(rows)) == rows
