"""What is like one event in its study, counted from events and reports on a desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from tests.overview.stages import keep
from tests.support.acts import a_site, a_study
from trialdesk.application import Application
from trialdesk.base.ids import Id
from trialdesk.enrollment.records import Disposition, Participant
from trialdesk.safety.records import AdverseEvent, ExpeditedReport
from trialdesk.safety.rules import alike
from trialdesk.safety.similar import Similar, similar_events

BY = date(2026, 2, 20)


@dataclass(frozen=True)
class Named:
    term: str
    preferred_term: str | None = None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (Named("Fainted", "Syncope"), Named("Blackout", "SYNCOPE "), True),
        (Named("Fainted", "Syncope"), Named("Fainted", "Dizziness"), False),
        (Named("Fainted", "Syncope"), Named("fainted  "), True),
        (Named("Fainted"), Named("Blackout", "Syncope"), False),
    ],
)
def test_events_are_alike_by_preferred_term_else_by_the_words(one: Named, other: Named, same: bool):
    assert alike(one, other) is alike(other, one) is same


class Told:
    """A study with participants and their events."""

    def __init__(self, desk: Application) -> None:
        self.desk, self.study = desk, a_study(desk)
        self.site = a_site(desk, self.study)
        self.count = 0

    def person(self, number: str, allocated_on: date | None = None) -> Id:
        own = {"site": self.site, "number": number, "identifier": f"01-{number}", "imported": True}
        started = {"reference_start": allocated_on.isoformat()} if allocated_on else {}
        made = keep(self.desk, Participant, self.study, **own, **started)
        if allocated_on:
            passed = {"category": "milestone", "reason": "RANDOMIZED"}
            keep(self.desk, Disposition, self.study, participant=made, **passed)
        return made

    def event(self, who: Id, **fields: Any) -> Id:
        self.count += 1
        said: dict[str, Any] = {"term": "Fainted", "preferred_term": "Syncope", "serious": True, "expected": False}
        said |= {"related": "yes", "started_on": "2026-02-10", "number": f"01-AE-{self.count:03}"}
        said |= {"system_organ_class": "Nervous system disorders"}
        return keep(self.desk, AdverseEvent, self.study, participant=who, **{**said, **fields})

    def report(self, event: Id, on: date, recipient: str = "FDA", **fields: Any) -> None:
        said = {"recipient": recipient, "submitted_on": on, **fields}
        keep(self.desk, ExpeditedReport, self.study, adverse_event=event, **said)

    def similar(self, event: Id, by: date | None = BY, recipient: str | None = "FDA") -> Similar:
        found: Similar = self.desk.read(similar_events, study=self.study, event=event, recipient=recipient, by=by)
        return found


def test_the_other_events_of_the_kind_are_counted_and_this_one_is_not(desk: Application):
    told = Told(desk)
    one, two = told.person("001", date(2026, 1, 5)), told.person("002", date(2026, 2, 21))
    told.person("003")
    this = told.event(one)
    told.event(one, term="Blackout")
    told.event(two, related="no")
    told.event(two, serious=False)
    told.event(two, preferred_term="Headache", term="Headache")
    told.event(two, preferred_term="Rash", term="Rash", system_organ_class="Skin")
    told.event(two, started_on="2026-02-21")
    told.event(two, started_on=None)
    found = told.similar(this)
    assert (found.by_term, found.events, found.participants) == (True, 3, 2)
    assert (found.serious, found.suspected, found.organ_class) == (2, 1, 3)
    assert found.entered == 1
    later = told.similar(this, by=None)
    assert (later.events, later.entered) == (5, 2)


def test_earlier_reports_are_those_of_such_events_to_the_same_recipient_by_then(desk: Application):
    told = Told(desk)
    one, two = told.person("001"), told.person("002")
    this, other, unlike = told.event(one), told.event(two), told.event(two, preferred_term="Rash")
    told.report(this, date(2026, 2, 1))
    told.report(other, date(2026, 2, 2), reference="SN 0040")
    told.report(other, date(2026, 2, 20), follow_up=True)
    told.report(other, date(2026, 2, 21), follow_up=True)
    told.report(other, date(2026, 2, 3), recipient="CDE")
    told.report(unlike, date(2026, 2, 4))
    found = told.similar(this).reports
    assert [(each.identifier, each.submitted_on, each.reference, each.follow_up) for each in found] == [
        ("01-002", date(2026, 2, 2), "SN 0040", None),
        ("01-002", date(2026, 2, 20), None, True),
    ]
    assert [each.submitted_on.day for each in told.similar(this, recipient="CDE").reports] == [3]
    assert told.similar(this, recipient=None).reports == ()


def test_without_a_preferred_term_the_words_decide(desk: Application):
    told = Told(desk)
    one = told.person("001")
    this = told.event(one, preferred_term=None, system_organ_class=None)
    told.event(one, term="FAINTED")
    told.event(one, term="Blackout")
    found = told.similar(this)
    assert (found.by_term, found.events, found.organ_class) == (False, 1, None)
