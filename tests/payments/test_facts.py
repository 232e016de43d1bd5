"""Facts follow from records: a late entry, a correction, a voided record and an undo need no step of their own."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.payments.playing import Trial, at, edit, on
from tests.support import trial as trials
from trialdesk.application import CATALOGUE, Application
from trialdesk.enrollment import records as enrollment
from trialdesk.enrollment.actions import correct_visit, record_visit
from trialdesk.payments.cases import facts_told
from trialdesk.payments.facts import ACT_DAY, SELF, SOURCES
from trialdesk.payments.rules.facts import KINDS, Fact, Known
from trialdesk.studies import records as studies
from trialdesk.studies.actions import add_planned_visit


@pytest.fixture
def trial(sqlite_desk: Application) -> Trial:
    made = Trial(sqlite_desk)
    at(sqlite_desk, on("2026-03-01"))
    return made


def facts(trial: Trial, known_at: Any = None) -> tuple[Fact, ...]:
    told = trial.desk.read(facts_told, study=trial.study, known_at=known_at or trial.desk.clock.now())
    named: tuple[Fact, ...] = told.named(frozenset())
    return named


def standing(trial: Trial, kind: str) -> list[Fact]:
    known = Known(facts(trial), trial.desk.clock.now())
    return list(known.until(on("2999-01-01").date(), kind))


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: f"{source.fact} of {source.of.KIND}")
def test_every_source_names_fields_and_keys_there_are(source: Any):
    assert source.fact in KINDS
    for path in (
        *source.when,
        *source.unless,
        *source.given,
        source.on,
        source.subject,
        source.visit,
        *source.keys.values(),
    ):
        if path and not path.startswith("@"):
            record = source.of
            *links, name = path.split(".")
            for link in links:
                target = record.FIELDS[link].link or {"of_record": "enrollment.eligibility"}[link]
                record = CATALOGUE[target].record
            assert name in record.FIELDS, path
    known = KINDS[source.fact]
    assert set(source.keys) <= {*known.needed, *known.allowed, "reason"}
    told = {*source.keys, *(["visit"] if source.visit else [])}
    assert set(known.needed) <= told
    assert known.subject == bool(source.subject)


def test_a_visit_tells_a_fact_of_its_day_with_its_target(trial: Trial):
    trial.happened("001", "V3", "2026-03-10", target=on("2026-03-12").date())
    (fact,) = standing(trial, "visit_done")
    assert (fact.subject, fact.visit, fact.occurred_on.isoformat()) == ("001", "V3", "2026-03-10")
    assert fact.get("target_on").isoformat() == "2026-03-12"
    assert fact.recorded_at > on("2026-03-01")


def test_a_corrected_date_supersedes_and_the_same_again_does_not(trial: Trial):
    visit = trial.happened("001", "V3", "2026-03-10")
    (first,) = standing(trial, "visit_done")
    trial.desk.run(
        correct_visit, study=trial.study, visit=visit, version=1, started_on="2026-03-11", reason="typed wrong"
    )
    (second,) = standing(trial, "visit_done")
    assert (second.supersedes, second.occurred_on.isoformat()) == (first.id, "2026-03-11")
    edit(trial.desk, trial.study, enrollment.Visit, visit, epoch="TREATMENT")
    assert standing(trial, "visit_done") == [second]
    assert standing_before(trial, first) == [first]


def standing_before(trial: Trial, fact: Fact) -> list[Fact]:
    then = fact.recorded_at + timedelta(microseconds=1)
    return list(Known(facts(trial, then), then).until(on("2999-01-01").date(), fact.kind))


def test_what_did_not_happen_after_all_is_void_and_may_come_back(trial: Trial):
    visit = trial.happened("001", "V3", "2026-03-10")
    edit(trial.desk, trial.study, enrollment.Visit, visit, happened=False, reason="other participant")
    assert standing(trial, "visit_done") == []
    (void,) = [fact for fact in facts(trial) if fact.kind == "void"]
    assert void.get("reason") == "other participant"
    edit(trial.desk, trial.study, enrollment.Visit, visit, happened=True)
    assert len(standing(trial, "visit_done")) == 1
    edit(trial.desk, trial.study, enrollment.Visit, visit, voided=True)
    assert standing(trial, "visit_done") == []


def test_a_step_taken_back_and_done_again(trial: Trial):
    subject, plan = trial.subject("001"), trial.visit("V3")
    edit(trial.desk, trial.study, enrollment.Participant, subject, informed_consent_on="2026-02-01")
    at(trial.desk, on("2026-03-20"))
    done = trial.desk.run(
        record_visit, study=trial.study, participant=subject, planned_visit=plan, started_on="2026-03-10"
    )
    assert len(standing(trial, "visit_done")) == 1
    back = trial.take_back(done)
    assert standing(trial, "visit_done") == []
    trial.take_back(back)
    assert len(standing(trial, "visit_done")) == 1


def test_a_voided_participant_is_a_fact_of_the_day_of_the_act(trial: Trial):
    subject = trial.subject("001")
    at(trial.desk, on("2026-05-02", 23))
    edit(trial.desk, trial.study, enrollment.Participant, subject, voided=True)
    (fact,) = standing(trial, "subject_voided")
    assert fact.occurred_on.isoformat() == "2026-05-03"  # at the desk, an hour ahead of UTC
    at(trial.desk, on("2026-06-01"))
    edit(trial.desk, trial.study, enrollment.Participant, subject, voided=False)
    assert standing(trial, "subject_voided") == []


def test_a_consent_found_not_valid_is_no_consent_and_may_void_the_participant(trial: Trial):
    subject, version = trial.subject("001"), trial.version(1, date(2026, 1, 15))
    consent = trial.add(enrollment.Consent(participant=subject, consent_version=version, consented_on=date(2026, 2, 1)))
    assert len(standing(trial, "consent_signed")) == 1
    at(trial.desk, on("2026-05-02"))
    found: dict[str, Any] = {
        "invalid_found_on": date(2026, 5, 1),
        "invalid_why": "unsigned",
        "voids_participation": False,
    }
    edit(trial.desk, trial.study, enrollment.Consent, consent, **found)
    assert (standing(trial, "consent_signed"), standing(trial, "subject_voided")) == ([], [])
    edit(trial.desk, trial.study, enrollment.Consent, consent, voids_participation=True)
    (fact,) = standing(trial, "subject_voided")
    assert (fact.subject, fact.occurred_on) == ("001", date(2026, 5, 1))
    edit(trial.desk, trial.study, enrollment.Participant, subject, voided=True)
    assert len(standing(trial, "subject_voided")) == 1
    edit(trial.desk, trial.study, enrollment.Participant, subject, voided=False)
    cleared: dict[str, Any] = dict.fromkeys(found)
    edit(trial.desk, trial.study, enrollment.Consent, consent, **cleared)
    assert (len(standing(trial, "consent_signed")), standing(trial, "subject_voided")) == (1, [])


def test_a_date_not_known_to_the_day_makes_no_fact_and_is_listed(trial: Trial):
    visit = trial.happened("001", "V3", "2026-03")
    told = trial.desk.read(facts_told, study=trial.study, known_at=trial.desk.clock.now())
    assert standing(trial, "visit_done") == []
    assert [(each.fact, each.subject, each.written) for each in told.undated] == [("visit_done", "001", "2026-03")]
    edit(trial.desk, trial.study, enrollment.Visit, visit, started_on="2026-03-10")
    told = trial.desk.read(facts_told, study=trial.study, known_at=trial.desk.clock.now())
    assert (len(standing(trial, "visit_done")), told.undated) == (1, ())


def test_a_participant_has_one_randomisation_however_many_records_tell_it(trial: Trial):
    subject = trial.subject("001")
    arm = trial.add(studies.Arm(code="A", name="Active"))
    treated = trial.add(enrollment.Treatment(participant=subject, planned_arm=arm))
    (fact,) = standing(trial, "randomised")
    assert fact.occurred_on.isoformat() == "2026-02-01"  # the reference day: nothing better is known yet
    milestone = trial.add(
        enrollment.Disposition(participant=subject, category="milestone", reason="RANDOMIZED", occurred_on="2026-02-03")
    )
    (better,) = standing(trial, "randomised")
    assert (better.supersedes, better.occurred_on.isoformat()) == (fact.id, "2026-02-03")
    edit(trial.desk, trial.study, enrollment.Disposition, milestone, voided=True)
    assert standing(trial, "randomised")[0].occurred_on.isoformat() == "2026-02-01"
    edit(trial.desk, trial.study, enrollment.Treatment, treated, voided=True)
    assert standing(trial, "randomised") == []


def test_another_identifier_is_told_of_all_that_the_participant_did_and_the_past_stays(trial: Trial):
    subject = trial.subject("001")
    trial.happened("001", "V3", "2026-03-10")
    before = facts(trial)
    edit(trial.desk, trial.study, enrollment.Participant, subject, identifier="001A")
    assert [fact.subject for fact in standing(trial, "visit_done")] == ["001A"]
    assert facts(trial)[: len(before)] == before


def test_a_visit_renamed_in_the_schedule_stays_what_the_terms_call_it(trial: Trial):
    plan = trial.visit("V3")
    trial.happened("001", "V3", "2026-03-10")
    edit(trial.desk, trial.study, studies.PlannedVisit, plan, name="Week 4")
    told = trial.desk.read(facts_told, study=trial.study, known_at=trial.desk.clock.now())
    for used, called in ((set(), "Week 4"), ({"V3"}, "V3"), ({"1"}, "1"), ({"1", "Week 4"}, "Week 4")):
        assert [fact.visit for fact in told.named(frozenset(used)) if fact.kind == "visit_done"] == [called]


def test_an_unscheduled_visit_goes_by_its_name(trial: Trial):
    trial.add(
        enrollment.Visit(
            participant=trial.subject("001"), name="UNSCHEDULED 1.1", happened=True, started_on="2026-03-10"
        )
    )
    assert [fact.visit for fact in standing(trial, "visit_done")] == ["UNSCHEDULED 1.1"]


def test_a_clock_set_back_cannot_let_a_correction_come_before_what_it_corrects(trial: Trial):
    at(trial.desk, on("2026-03-20"))
    visit = trial.happened("001", "V3", "2026-03-10")
    at(trial.desk, on("2026-03-15"))
    edit(trial.desk, trial.study, enrollment.Visit, visit, started_on="2026-03-11")
    at(trial.desk, on("2026-03-21"))
    first, second = [fact for fact in facts(trial) if fact.kind == "visit_done"]
    assert (second.supersedes, second.recorded_at) == (first.id, first.recorded_at)
    assert [fact.occurred_on.isoformat() for fact in standing(trial, "visit_done")] == ["2026-03-11"]


def test_paths_stay_within_what_a_source_may_say():
    assert {source.on for source in SOURCES if source.on.startswith("@")} == {ACT_DAY}
    assert {source.subject for source in SOURCES if source.subject.startswith("@")} == {SELF}


def test_a_visit_is_due_from_the_day_its_schedule_names_as_that_day_comes_to_be_known(sqlite_desk: Application):
    desk = sqlite_desk
    lived = trials.Trial(desk)
    plans = {
        name: desk.run(
            add_planned_visit,
            study=lived.study,
            number=Decimal(number),
            name=name,
            anchor=anchor,
            planned_day=day,
        ).result
        for number, (name, anchor, day) in enumerate(
            (("V0", "consent", 2), ("V1", "allocation", 0), ("V2", "day1", 15), ("V3", "previous", 10)), 1
        )
    }
    who = lived.ready("007")
    lived.list("A", "P")

    def due() -> dict[str, str]:
        told = desk.read(facts_told, study=lived.study, known_at=desk.clock.now()).named(frozenset())
        visits = Known(told, desk.clock.now()).until(on("2999-01-01").date(), "visit_done")
        return {str(fact.visit): fact.get("target_on").isoformat() for fact in visits if fact.get("target_on")}

    lived.visit(who, "2026-03-02", planned_visit=plans["V0"])
    at(desk, on("2026-03-04"))
    lived.visit(who, "2026-03-04", planned_visit=plans["V1"])
    assert due() == {"V0": "2026-03-04"}
    lived.allocate(who)
    assert due() == {"V0": "2026-03-04", "V1": "2026-03-04"}
    at(desk, on("2026-04-01"))
    second = lived.visit(who, "2026-03-19", planned_visit=plans["V2"])
    lived.visit(who, "2026-03-30", planned_visit=plans["V3"])
    assert {name: due()[name] for name in ("V2", "V3")} == {"V2": "2026-03-18", "V3": "2026-03-29"}
    desk.run(correct_visit, study=lived.study, visit=second, version=1, started_on="2026-03-20", reason="typed wrong")
    assert due()["V3"] == "2026-03-30"
