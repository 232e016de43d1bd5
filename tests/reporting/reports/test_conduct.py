"""What the date card, the reports of a study's course, the amendment and the schedule tell, from records."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.reporting.building import PEOPLE, Someone, bring
from tests.reporting.reports.test_hostile import texts
from tests.support.acts import a_participant, a_site, a_study
from tests.support.ethics import a_committee, a_decision, a_submission, a_version, done
from trialdesk.application import Application
from trialdesk.base.errors import UserError
from trialdesk.base.ids import Id
from trialdesk.documents.actions import attach
from trialdesk.enrollment.actions import record_visit
from trialdesk.enrollment.queries import participants
from trialdesk.ethics import actions
from trialdesk.reporting.making import facts
from trialdesk.reporting.report import facts_json
from trialdesk.reporting.reports import progress
from trialdesk.reporting.reports.progress_period import year_begun
from trialdesk.reporting.reports.progress_shapes import SHAPES
from trialdesk.reporting.reports.progress_yearly import SHAPES as YEARLY
from trialdesk.reporting.reports.spirit import placed
from trialdesk.reporting.reports.synopsis import VisitTold
from trialdesk.studies.actions import add_planned_visit, add_protocol_version
from trialdesk.studies.queries import planned_visits

DAY1 = date(2026, 2, 2)
DSUR = next(each for each in YEARLY if each.key == "dsur")
PROGRESS = next(each for each in SHAPES if each.key == "ethics-progress")


def told(desk: Application, key: str, **asked: Any) -> Any:
    return facts_json(facts(desk, key, study="HARBOUR", **asked))


def a_planned_study(desk: Application) -> tuple[Id, Id]:
    """Return a study with three planned visits and a participant who has kept the first."""
    study = bring(desk, [Someone("001", "Active", started_on=DAY1.isoformat())])
    for number, (name, day, around) in enumerate((("Baseline", 1, None), ("Week 1", 8, 2), ("Week 4", 29, 3))):
        window: dict[str, Any] = {} if around is None else {"window_before": around, "window_after": around}
        desk.run(add_planned_visit, study=study, number=Decimal(number), name=name, planned_day=day, **window)
    (row,) = desk.read(participants, study=study, on=desk.today)
    who = row.id
    plan = {row.name: row.id for row in desk.read(planned_visits, study=study)}
    desk.run(record_visit, study=study, participant=who, planned_visit=plan["Baseline"], started_on=DAY1.isoformat())
    return study, who


def test_a_card_has_every_visit_with_the_days_between_which_it_may_be_kept(desk: Application):
    a_planned_study(desk)
    card = told(desk, "date-card")
    assert (card["participant"], card["site"], card["ended_on"]) == ("01-001", "01 Harbour Hospital", None)
    assert [(row["name"], row["kept_on"], row["missed"]) for row in card["visits"]] == [
        ("Baseline", DAY1.isoformat(), False),
        ("Week 1", None, False),
        ("Week 4", None, False),
    ]
    for row, after, around in zip(card["visits"][1:], (7, 28), (2, 3), strict=True):
        planned = DAY1 + timedelta(days=after)
        assert row["planned_on"] == planned.isoformat()
        assert row["opens_on"] == (planned - timedelta(days=around)).isoformat()
        assert row["closes_on"] == (planned + timedelta(days=around)).isoformat()
    desk.clock.at += timedelta(days=300)  # type: ignore[attr-defined]
    assert told(desk, "date-card") == card, "a card says the same on any day"


def test_a_card_is_of_who_is_asked_for_and_of_nobody_unknown(desk: Application):
    bring(desk)
    assert told(desk, "date-card", participant="02-003")["participant"] == "02-003"
    assert told(desk, "date-card", participant="01-001")["ended_on"] == "2025-06-01"
    with pytest.raises(UserError, match="99-999"):
        told(desk, "date-card", participant="99-999")


def test_a_missed_visit_stands_on_the_card(sqlite_desk: Application):
    study, who = a_planned_study(sqlite_desk)
    plan = {row.name: row.id for row in sqlite_desk.read(planned_visits, study=study)}
    sqlite_desk.run(record_visit, study=study, participant=who, planned_visit=plan["Week 1"], happened=False)
    assert [row["missed"] for row in told(sqlite_desk, "date-card")["visits"]] == [False, True, False]


def test_the_course_counts_who_is_where_and_it_adds_up(desk: Application):
    bring(desk)
    found = told(desk, "ethics-progress")
    people = found["people"]
    entered = [someone for someone in PEOPLE if someone.arm]
    assert people["screened"]["all"] == len(PEOPLE)
    assert people["entered"]["all"] == len(entered)
    assert people["completed"]["all"] == sum(someone.ending == "COMPLETED" for someone in entered)
    assert people["screened"]["all"] == people["screening"] + people["excluded"]["all"] + people["entered"]["all"]
    assert people["entered"]["all"] == people["in_study"] + people["completed"]["all"] + people["discontinued"]["all"]
    assert sum(found["endings"].values()) == people["discontinued"]["all"]
    assert sum(row["screened"] for row in found["sexes"]) == len(PEOPLE)
    assert found["serious"]["events"]["all"] == sum(serious for who in PEOPLE for _s, serious, _f in who.events)
    assert found["ages"] == [61, 61]
    for shape in SHAPES:
        arms = ["Active", "Placebo"] if shape.key == "filing" else []
        assert told(desk, shape.key) == {**found, "arms": arms}, "every shape tells the same facts"


def test_the_course_since_the_last_approval(desk: Application):
    study = a_study(desk)
    site = a_site(desk, study)
    committee = a_committee(desk, study)
    decision = a_decision(
        desk, study, a_submission(desk, study, committee), outcome="approved_with_conditions", reference="EC-17"
    )
    done(desk, actions.add_condition, study, decision=decision, text="Insure.", due_on=date(2026, 3, 1))
    a_participant(desk, study, site, "001", screened_on="2026-01-31")
    a_participant(desk, study, site, "002", screened_on="2026-02-01")
    a_participant(desk, study, site, "003", screened_on="2026-02")
    done(desk, add_protocol_version, study, label="1.0", dated_on=date(2026, 1, 2))
    done(desk, add_protocol_version, study, label="2.0", dated_on=date(2026, 2, 20))
    a_version(desk, study, "1.1", dated_on=date(2026, 2, 21))
    found = told(desk, "ethics-progress")
    assert (found["since"], found["first_approval"]) == ("2026-02-01", "2026-02-01")
    assert found["people"]["screened"] == {"all": 3, "since": 2}
    assert [(row["form"], row["label"]) for row in found["changes"]] == [("", "2.0"), ("main", "1.1")]
    assert [row["condition"] for row in found["open"]] == ["Insure."]
    assert found["standing"]["reference"] == "EC-17"


def test_a_yearly_report_begins_with_an_anniversary_of_the_first_approval(desk: Application):
    study = a_study(desk)
    site = a_site(desk, study)
    a_participant(desk, study, site, "001", screened_on="2026-01-31")
    found = told(desk, "dsur")
    assert (found["since"], found["people"]["screened"]) == (None, {"all": 1, "since": None})
    said = list(texts(progress.compose(facts(desk, "dsur", study="HARBOUR"), shape=DSUR)))
    assert "No approval is recorded, so that no period begins: everything is told." in " ".join(said)
    a_decision(desk, study, a_submission(desk, study, a_committee(desk, study)))
    a_version(desk, study, "1.1", dated_on=date(2026, 1, 5), effective_on=date(2026, 2, 20))
    found = told(desk, "dsur")
    assert (found["since"], found["people"]["screened"]) == ("2026-02-01", {"all": 1, "since": 0})
    assert [row["label"] for row in found["changes"]] == ["1.1"], "dated before, in use only since"
    with pytest.raises(UserError, match="still to come"):
        told(desk, "dsur", start=(desk.today + timedelta(days=1)).isoformat())
    with pytest.raises(UserError, match="does not ask for site"):
        told(desk, "dsur", site="01")


@pytest.mark.parametrize(
    ("first", "on", "found"),
    [
        (date(2025, 9, 4), date(2026, 11, 20), date(2026, 9, 4)),
        (date(2025, 9, 4), date(2026, 9, 3), date(2025, 9, 4)),
        (date(2025, 9, 4), date(2026, 9, 4), date(2026, 9, 4)),
        (date(2024, 2, 29), date(2026, 2, 28), date(2026, 2, 28)),
        (date(2024, 2, 29), date(2026, 2, 27), date(2025, 2, 28)),
        (date(2024, 2, 29), date(2028, 2, 29), date(2028, 2, 29)),
        (date(2024, 2, 29), date(2024, 3, 1), date(2024, 2, 29)),
        (date(2026, 9, 4), date(2026, 9, 3), None),
    ],
)
def test_years_are_counted_from_the_first_approval(first: date, on: date, found: date | None):
    assert year_begun(first, on) == found


def test_the_expiry_stands_with_the_decision_that_set_it_and_who_had_left_before_is_no_change(desk: Application):
    study = a_study(desk)
    committee = a_committee(desk, study)
    first = a_submission(desk, study, committee)
    a_decision(desk, study, first, reference="EC-17", expires_on=date(2027, 1, 31))
    amendment = a_submission(desk, study, committee, kind="amendment", submitted_on=date(2026, 2, 2))
    a_decision(desk, study, amendment, decided_on=date(2026, 2, 20), reference="EC-17-A1")
    found = told(desk, "ethics-progress")
    held = found["standing"]
    assert (held["reference"], held["expires_on"], held["expires_by"]) == ("EC-17", "2027-01-31", None)
    assert found["amended"] == [{"reference": "EC-17-A1", "from_": "2026-02-20"}], "the amendment stands beside it"
    done(desk, actions.submit, study, committee=committee, kind="renewal", title="Renewal",
         submitted_on=date(2026, 1, 15))  # fmt: skip
    said = list(texts(progress.compose(facts(desk, "ethics-progress", study="HARBOUR"), shape=PROGRESS)))
    assert any("It is not yet submitted." in each for each in said), (
        "what was sent before the last approval was answered by it"
    )


def test_what_fails_is_found(sqlite_desk: Application):
    bring(sqlite_desk)
    course = facts(sqlite_desk, "ethics-closure", study="HARBOUR")
    assert progress.within_plan(course) is None, "nothing is planned"
    assert progress.nobody_in(course) is False
    assert progress.sponsor_told(course) is False, "no report of the serious event is recorded"
    assert progress.consented(course) is (course.people.without_consent == 0)
    assert progress.met(course) is None, "there is no approval"


def an_amended_study(desk: Application, effective_on: date) -> Id:
    study = a_study(desk)
    first = done(desk, add_protocol_version, study, label="1.0", dated_on=date(2026, 1, 2))
    second = done(
        desk,
        add_protocol_version,
        study,
        label="2.0",
        dated_on=date(2026, 2, 10),
        amendment_of=first,
        substantial=True,
        change_summary="Two more visits",
        effective_on=effective_on,
    )
    submission = a_submission(
        desk,
        study,
        a_committee(desk, study),
        kind="amendment",
        title="Amendment 1",
        submitted_on=date(2026, 2, 12),
        protocol_version=second,
    )
    decision = a_decision(desk, study, submission, decided_on=date(2026, 2, 20), reference="EC-17-A1")
    a_version(desk, study, "1.0", dated_on=date(2026, 1, 5))
    a_version(desk, study, "2.0", dated_on=date(2026, 2, 10), decision=decision)
    done(
        desk,
        attach,
        study,
        title="Protocol 2.0",
        category="protocol",
        file_name="protocol.pdf",
        data=b"%PDF-1.7",
        dated_on=date(2026, 2, 10),
    )
    return study


def test_an_amendment_with_what_belongs_to_it(desk: Application):
    an_amended_study(desk, date(2026, 3, 1))
    found = told(desk, "amendment")
    assert (found["old"]["label"], found["new"]["label"], found["substantial"]) == ("1.0", "2.0", True)
    assert found["answer"] == {"outcome": "approved", "decided_on": "2026-02-20", "reference": "EC-17-A1"}
    assert [(row["label"], row["approved_on"]) for row in found["forms"]] == [("2.0", "2026-02-20")]
    assert [row["title"] for row in found["files"]] == ["Protocol 2.0"]
    assert found["checks"] == {
        "classed": True,
        "described": True,
        "signed": False,
        "submitted": True,
        "in_order": True,
        "forms_approved": True,
    }
    assert told(desk, "amendment", version="2.0") == found
    with pytest.raises(UserError, match=r"no amended version “1\.0”.*2\.0"):
        told(desk, "amendment", version="1.0")


def test_an_amendment_in_effect_before_its_approval_is_found(sqlite_desk: Application):
    an_amended_study(sqlite_desk, date(2026, 2, 19))
    assert told(sqlite_desk, "amendment")["checks"]["in_order"] is False


def test_the_reportable_event_is_the_serious_one_that_began_last(desk: Application):
    bring(desk)
    found = told(desk, "reportable")
    assert (found["deviation"], found["now_in"]) == (None, sum(bool(each.arm) and not each.ending for each in PEOPLE))
    assert found["event"]["row"]["identifier"] == "01-004"
    with pytest.raises(UserError, match="no record with the number"):
        told(desk, "reportable", deviation="DEV-9")


def visit(name: str, anchor: str, day: int | None) -> VisitTold:
    return VisitTold(name, Decimal(1), anchor, day, None, None)


@pytest.mark.parametrize(
    ("visits", "labels"),
    [
        ((), []),
        ((visit("a", "day1", 1),), ["0"]),
        ((visit("a", "day1", -7), visit("b", "day1", 1), visit("c", "day1", 8), visit("d", "day1", 29)),
         ["−t1", "0", "t1", "tx"]),
        ((visit("a", "consent", 0), visit("b", "allocation", 0), visit("c", "day1", None), visit("d", "previous", 7)),
         ["−t1", "0", "tx", "u1"]),
        ((visit("a", "day1", -3), visit("b", "day1", 5), visit("c", "day1", -1)), ["−t1", "t1", "tx"]),
    ],
)  # fmt: skip
def test_points_of_time_are_counted_from_the_allocation(visits: tuple[VisitTold, ...], labels: list[str]):
    assert [each.label for each in placed(visits)] == labels


def test_the_curve_of_the_closure_report_ends_with_what_is_recorded(sqlite_desk: Application):
    desk = sqlite_desk
    a_study(
        desk,
        planned_participants=24,
        recruitment_starts_on=date(desk.today.year, 1, 1),
        recruitment_ends_on=date(desk.today.year + 1, 12, 31),
    )
    months = facts(desk, "study-report", study="HARBOUR").curve.months
    later = [each for each in months if each.month > desk.today]
    assert later
    assert {each.actual for each in later} == {None}, "nobody knows who will be allocated"
    assert [each.actual for each in months if each.month <= desk.today] == [0] * (len(months) - len(later))
