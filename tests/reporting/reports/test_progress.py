"""Which period a report of progress is of, what is told of it, and that nothing is denied where nothing tells it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.reporting.building import Someone, bring
from tests.support.acts import a_site, a_study
from tests.support.ethics import a_committee, a_decision, a_submission, a_version, done
from trialdesk.application import Application
from trialdesk.base.errors import UserError
from trialdesk.base.ids import Id
from trialdesk.enrollment.queries import participants
from trialdesk.exchange.bringing import bring_in
from trialdesk.exchange.rows import Contents, Key, Row
from trialdesk.people.actions import add_person, delegate
from trialdesk.reporting.catalog import report_named
from trialdesk.reporting.making import facts
from trialdesk.reporting.report import facts_json
from trialdesk.reporting.reports import progress
from trialdesk.reporting.reports.cells import day
from trialdesk.reporting.reports.progress_period import Period, the_period
from trialdesk.reporting.structure import Bullets, Definitions, Paragraph, Table
from trialdesk.safety.actions import record_adverse_event
from trialdesk.studies.actions import add_protocol_version
from trialdesk.studies.closing import add_registration

BORN = (date(2025, 1, 2), "committee")
TODAY = date(2026, 3, 2)
ARMS = ("Active", "Placebo")
TREATED = (
    Someone("001", "Active", "COMPLETED", events=(("mild", False, False),)),
    Someone("002", "Active", "ADVERSE EVENT", ended_on="2025-05-05"),
    Someone("003", "Placebo", "DEATH", ended_on="2025-03-09", events=(("severe", True, True),)),
    Someone("004", "Placebo", started_on="2026-01-20", screened_on="2026-01-10"),
    Someone("005", ending="SCREEN FAILURE", ended_on="2025-01-10"),
)


def told(desk: Application, key: str, **asked: Any) -> Any:
    return facts_json(facts(desk, key, study="HARBOUR", **asked))


def said(desk: Application, key: str, **asked: Any) -> str:
    """Return everything a report says, block by block."""
    words: list[str] = []
    for block in report_named(key).compose(facts(desk, key, study="HARBOUR", **asked)):
        if isinstance(block, Paragraph):
            words.append(block.text)
        elif isinstance(block, Bullets):
            words += block.items
        elif isinstance(block, Definitions):
            words += [f"{label}: {value}" for label, value in block.pairs]
        elif isinstance(block, Table):
            words += ["|".join(row) for row in block.rows] or [block.empty]
    return "\n".join(words)


def a_treated_study(desk: Application, *, unblinded: bool = True) -> Id:
    """Return a study approved on 2 January 2025, with doses, and events of body systems."""
    study = bring(desk, TREATED, unblinded=unblinded)
    approval = a_submission(desk, study, a_committee(desk, study), submitted_on=date(2024, 12, 1))
    a_decision(desk, study, approval, decided_on=BORN[0], reference="EC-1")
    rows = []
    for number, treatment, first, last in (
        ("001", "Velmorin", "2025-01-20", "2025-02-18"),
        ("002", "Velmorin", "2025-01-20", "2025-01-20"),
        ("003", "Sugar", "2025-01-20", None),
        ("004", "Sugar", "2026-01-20", "2026-02-01"),
    ):
        who: dict[str, tuple[str, Key]] = {"participant": ("enrollment.participant", (number,))}
        dose: dict[str, object] = {"treatment": treatment, "started_on": first, "ended_on": last}
        rows.append(Row("enrollment.exposure", (number,), dose, who, ("", 1)))
    desk.run(bring_in, study=study, contents=Contents(rows, []), short_name="HARBOUR")
    people = {row.number: row.id for row in desk.read(participants, study=study, on=desk.today)}
    for number, fields in (
        ("002", {"term": "Wheals", "preferred_term": "Urticaria", "system_organ_class": "Skin", "related": "yes",
                 "action_taken": "DRUG WITHDRAWN", "started_on": "2025-05-01"}),
        ("004", {"term": "Fainted", "preferred_term": "Syncope", "system_organ_class": "Nerves", "hospitalised": True,
                 "related": "no", "aware_at": datetime(2026, 2, 20, 9, tzinfo=UTC), "started_on": "2026-02-20"}),
    ):  # fmt: skip
        desk.run(record_adverse_event, study=study, participant=people[number], **fields)
    return study


@pytest.mark.parametrize(
    ("until", "number", "begins", "lock"),
    [
        (date(2025, 6, 30), 1, date(2025, 1, 2), date(2025, 6, 30)),
        (date(2026, 1, 1), 1, date(2025, 1, 2), date(2026, 1, 1)),
        (date(2026, 1, 2), 1, date(2025, 1, 2), date(2026, 1, 1)),
        (date(2026, 3, 2), 1, date(2025, 1, 2), date(2026, 1, 1)),
        (date(2026, 3, 3), 2, date(2026, 1, 2), date(2026, 3, 3)),
        (date(2028, 12, 31), 4, date(2028, 1, 2), date(2028, 12, 31)),
    ],
)
def test_the_period_is_the_year_whose_report_is_due_else_the_running_one(
    until: date, number: int, begins: date, lock: date
):
    found = the_period(BORN, until=until, today=until)
    assert (found.number, found.begins, found.lock) == (number, begins, lock)
    assert found.ends == date(begins.year + 1, 1, 1)
    assert found.running == (lock < date(begins.year + 1, 1, 1))


def test_a_period_that_was_asked_for():
    past = the_period(BORN, until=TODAY, today=TODAY, as_of=date(2025, 6, 30))
    assert (past.number, past.begins, past.lock) == (1, date(2025, 1, 2), date(2025, 6, 30))
    own = the_period(BORN, until=TODAY, today=TODAY, start="2025-07-01")
    assert (own.number, own.begins, own.ends, own.lock) == (None, date(2025, 7, 1), None, TODAY)
    second = the_period(BORN, until=TODAY, today=TODAY, start="2026-01-02")
    assert (second.number, second.ends) == (2, date(2027, 1, 1))
    both = the_period(BORN, until=TODAY, today=TODAY, start="2025-01-02")
    assert both.number is None, "more than a year"


def test_a_period_that_cannot_be_is_refused_in_words():
    with pytest.raises(UserError, match=r"would begin on 3 Mar 2026, after its data end on 2 Mar 2026"):
        the_period(BORN, until=TODAY, today=date(2026, 3, 3), start="2026-03-03")
    with pytest.raises(UserError, match=r"begins on 3 Mar 2026, which is still to come"):
        the_period(BORN, until=TODAY, today=TODAY, start="2026-03-03")
    with pytest.raises(UserError, match=r"would begin on 2 Jan 2026, after its data end on 1 Jan 2026"):
        the_period(BORN, until=TODAY, today=TODAY, start="2026-01-02", as_of=date(2026, 1, 1))
    with pytest.raises(UserError, match=r"data-lock point 3 Mar 2026 is still to come"):
        the_period(BORN, until=TODAY, today=TODAY, as_of=date(2026, 3, 3))
    with pytest.raises(UserError, match=r"“soon” is no day"):
        the_period(BORN, until=TODAY, today=TODAY, start="soon")


def test_nothing_that_began_tells_no_period():
    none = Period(None, "", None, None, None, TODAY)
    assert the_period((None, ""), until=TODAY, today=TODAY) == none
    early = the_period(BORN, until=TODAY, today=TODAY, as_of=date(2024, 12, 31))
    assert (early.number, early.begins, early.lock) == (None, None, date(2024, 12, 31))


def test_a_development_born_on_a_leap_day_has_years():
    found = the_period((date(2024, 2, 29), "committee"), until=date(2026, 2, 27), today=TODAY)
    assert (found.number, found.begins, found.ends) == (2, date(2025, 2, 28), date(2026, 2, 27))


def test_a_safety_update_report_tells_its_year_without_being_asked(desk: Application):
    study = a_treated_study(desk)
    done(desk, add_protocol_version, study, label="2.0", dated_on=date(2026, 1, 20))
    found = told(desk, "dsur", start="2026-01-02")
    assert found["year"]["period"] == {
        "birth": "2025-01-02", "born": "committee", "number": 2, "begins": "2026-01-02", "ends": "2027-01-01",
        "lock": desk.today.isoformat(),
    }  # fmt: skip
    assert found["people"]["screened"] == {"all": 5, "since": 1}
    assert [(row["term"], row["new"]) for row in found["listing"]] == [("Headache", False), ("Fainted", True)]
    assert [row["label"] for row in found["changes"]] == ["2.0"]
    plain = told(desk, "dsur")
    assert plain["since"], "the period follows from the first approval"
    assert plain["since"] == plain["year"]["period"]["begins"]
    words = said(desk, "dsur")
    assert f"Data-lock point: {day(date.fromisoformat(plain['year']['period']['lock']))}" in words
    assert "Development international birth date: 2 Jan 2025, the first approval of an ethics committee" in words


def test_without_an_approval_nothing_is_denied_and_the_period_is_an_open_item(desk: Application):
    study = bring(desk, TREATED)
    done(desk, add_protocol_version, study, label="2.0", dated_on=date(2026, 1, 20))
    for key in ("dsur", "ind-annual", "ethics-progress", "filing-annual"):
        found = told(desk, key)
        assert (found["since"], found["people"]["screened"]) == (None, {"all": 5, "since": None})
        assert found["serious"]["events"] == {"all": 1, "since": None}
        words = said(desk, key)
        assert "Period reported: not recorded" in words
        assert "was made, approved or put into use" not in words
        assert "Nobody joined or left" not in words
        assert "not recorded: no period is known" in words
        assert "Screened|5|not recorded" in words


def test_a_development_is_counted_from_a_registration_where_nothing_was_approved(sqlite_desk: Application):
    study = bring(sqlite_desk, TREATED)
    for purpose, on in (("update", date(2025, 2, 1)), ("registration", date(2025, 3, 1))):
        done(sqlite_desk, add_registration, study, registry="ChiCTR", purpose=purpose, submitted_on=on)
    period = told(sqlite_desk, "dsur")["year"]["period"]
    assert (period["birth"], period["born"]) == ("2025-03-01", "registry")


def test_a_report_to_a_data_lock_point_in_the_past_tells_only_what_had_happened(desk: Application):
    study = a_treated_study(desk)
    late = a_submission(desk, study, a_committee(desk, study, "Second"), kind="amendment", submitted_on=TODAY)
    a_decision(desk, study, late, decided_on=TODAY, reference="EC-2")
    found = told(desk, "dsur", as_of=date(2026, 1, 1))
    assert (found["year"]["period"]["number"], found["since"]) == (1, "2025-01-02")
    assert found["people"]["screened"] == {"all": 4, "since": 4}
    assert [row["term"] for row in found["listing"]] == ["Headache"]
    assert [(row["term"], row["related"]) for row in found["year"]["late"]] == [("Fainted", "no")]
    assert sum(arm["exposed"]["all"] for arm in found["year"]["exposure"]["arms"]) == 3
    assert [row["reference"] for row in found["amended"]] == []
    assert {row["submitted_on"] for row in found["asked"]} == {"2024-12-01"}
    assert told(desk, "dsur", start="2025-01-02")["year"]["late"] is None


@pytest.mark.parametrize(
    ("known", "told_of"),
    [
        ({}, True),
        ({"aware_at": datetime(2026, 1, 1, 9, tzinfo=UTC)}, True),
        ({"aware_at": datetime(2026, 1, 1, 20, tzinfo=UTC), "aware_zone": "Asia/Shanghai"}, False),
        ({"recorded_on": "2025-12"}, True),
        ({"recorded_on": "2026-01-02"}, False),
        ({"recorded_on": "2026-01-02", "aware_at": datetime(2025, 12, 30, 9, tzinfo=UTC)}, True),
        ({"started_on": "2026-01-02", "recorded_on": "2025-12-30"}, False),
    ],
)
def test_a_serious_event_without_a_first_day_is_told_if_it_was_known_by_the_data_lock_point(
    sqlite_desk: Application, known: dict[str, Any], told_of: bool
):
    desk = sqlite_desk
    study = a_treated_study(desk)
    fields = {"term": "Undated", "serious": True, "life_threatening": True, "related": "yes", **known}
    who: dict[str, tuple[str, Key]] = {"participant": ("enrollment.participant", ("001",))}
    row = Row("safety.adverse_event", ("undated",), fields, who, ("", 1))
    desk.run(bring_in, study=study, contents=Contents([row], []), short_name="HARBOUR")
    found = told(desk, "dsur", as_of=date(2026, 1, 1))
    year = found["year"]
    assert [row["term"] for row in found["listing"]] == [*(["Undated"] if told_of else []), "Headache"]
    assert found["serious"]["events"]["all"] == 1 + told_of
    assert sum(row["serious"]["all"] for row in year["events"]) == 1 + told_of
    assert {row["term"] for row in year["late"]} == ({"Fainted"} if told_of else {"Fainted", "Undated"})
    log = told(desk, "sae-log", as_of=date(2026, 1, 1))["rows"]
    assert [row["term"] for row in log] == [*(["Undated"] if told_of else []), "Headache"]


def test_exposure_is_told_by_arm_and_adds_up(desk: Application):
    a_treated_study(desk)
    found = told(desk, "dsur", start="2026-01-02")["year"]["exposure"]
    assert [(arm["arm"], arm["entered"], arm["exposed"], arm["days"], arm["unknown"]) for arm in found["arms"]] == [
        ("Active", 2, {"all": 2, "since": 0}, 31, 0),
        ("Placebo", 2, {"all": 2, "since": 1}, 13, 1),
    ]
    assert [(arm["shortest"], arm["longest"]) for arm in found["arms"]] == [(1, 30), (13, 13)]
    assert [(row["treatment"], row["participants"]) for row in found["doses"]] == [("Sugar", 2), ("Velmorin", 2)]
    assert found["ages"] == [{"band": 1, "sex": "F", "participants": 4}]
    assert found["races"] == {"": 4}
    words = said(desk, "dsur", start="2026-01-02")
    assert "Total|4|4|1|44|1 – 30|1" in words
    assert "Exposed by race or ethnic group: not recorded: it is recorded of nobody" in words


def test_where_arms_are_secret_none_is_told_and_no_dose(desk: Application):
    a_treated_study(desk, unblinded=False)
    found = told(desk, "dsur")["year"]
    assert not found["arms"]
    assert {arm["arm"] for arm in found["exposure"]["arms"]} == {"all"}
    assert found["exposure"]["doses"] is None
    assert {row["arm"] for row in (*found["deaths"], *found["left"])} == {None}
    assert {arm for row in found["events"] for arm in row["serious_by_arm"]} == {"all"}
    words = said(desk, "dsur")
    assert "Velmorin" not in words
    assert "Sugar" not in words
    assert "Active" not in words


def test_events_are_tabulated_by_body_system_with_deaths_and_who_left(desk: Application):
    a_treated_study(desk)
    found = told(desk, "ind-annual", start="2026-01-02")["year"]
    assert [(row["system"], row["term"], row["events"], row["serious"]) for row in found["events"]] == [
        ("Nerves", "Syncope", {"all": 1, "since": 1}, {"all": 1, "since": 1}),
        ("Skin", "Urticaria", {"all": 1, "since": 0}, {"all": 0, "since": 0}),
        (None, "Headache", {"all": 2, "since": 0}, {"all": 1, "since": 0}),
    ]
    assert found["deaths"] == [
        {"participant": "01-003", "arm": "Placebo", "died_on": "2025-03-09", "causes": ["Headache"], "related": None,
         "new": False},
    ]  # fmt: skip
    assert found["left"] == [
        {"participant": "01-002", "arm": "Active", "left": True, "left_on": "2025-05-05", "events": ["Wheals"],
         "new": False},
    ]  # fmt: skip
    words = said(desk, "ind-annual", start="2026-01-02")
    assert "Nerves|Syncope|1|1|1|1|1" in words
    assert "01-003|Placebo|9 Mar 2025|Headache|not recorded|no" in words
    assert "01-002|Active|5 May 2025|Wheals|no" in words
    assert "Serious adverse events: 2; begun in the period: 1." in said(desk, "dsur", start="2026-01-02")


def test_an_amendment_approved_later_keeps_reference_and_expiry_of_the_approval_it_amends(desk: Application):
    study = a_study(desk)
    committee = a_committee(desk, study)
    first = a_submission(desk, study, committee, submitted_on=date(2025, 1, 1))
    a_decision(desk, study, first, decided_on=date(2025, 2, 1), expires_on=date(2026, 1, 31), reference="EC-1")
    renewal = a_submission(desk, study, committee, kind="renewal", title="Renewal", submitted_on=date(2025, 12, 20))
    a_decision(desk, study, renewal, decided_on=date(2026, 1, 15), expires_on=date(2027, 1, 14), reference="EC-2")
    version = done(desk, add_protocol_version, study, label="2.0", dated_on=date(2026, 1, 2))
    amendment = a_submission(
        desk, study, committee, kind="amendment", submitted_on=date(2026, 1, 10), protocol_version=version
    )
    decision = a_decision(desk, study, amendment, decided_on=date(2026, 2, 1), reference="EC-2-A1")
    a_version(desk, study, "2.0", dated_on=date(2026, 1, 3), decision=decision)
    found = told(desk, "ethics-progress")
    assert found["since"] == "2026-01-15"
    held = found["standing"]
    assert (held["reference"], held["from_"], held["expires_on"]) == ("EC-2", "2026-01-15", "2027-01-14")
    assert found["amended"] == [{"reference": "EC-2-A1", "from_": "2026-02-01"}]
    changed = [(row["form"], row["label"], row["approved_on"]) for row in found["changes"]]
    assert changed == [("", "2.0", "2026-02-01"), ("main", "2.0", "2026-02-01")], "made before, approved in the period"
    words = said(desk, "ethics-progress")
    assert "It is not yet submitted." in words, "the renewal sent last is answered"
    assert "20 Dec 2025" not in words
    next_one = {"kind": "renewal", "title": "Second", "submitted_on": date(2026, 2, 20)}
    a_submission(desk, study, committee, **next_one)
    assert "Submitted to Harbour ethics committee on 20 Feb 2026." in said(desk, "ethics-progress")
    course = facts(desk, "ethics-progress", study="HARBOUR")
    assert progress.in_time(course) is True


def test_an_approval_that_ran_out_without_a_renewal_is_said(sqlite_desk: Application):
    desk = sqlite_desk
    study = a_study(desk)
    first = a_submission(desk, study, a_committee(desk, study), submitted_on=date(2025, 1, 1))
    a_decision(desk, study, first, decided_on=date(2025, 1, 5), expires_on=date(2026, 1, 4))
    course = facts(desk, "ethics-progress", study="HARBOUR")
    assert course.lapsed
    assert progress.in_time(course) is False
    assert "Expires on: 4 Jan 2026: it has run out" in said(desk, "ethics-progress")


def test_who_leaves_after_the_data_end_has_not_left(desk: Application):
    study = a_study(desk)
    a_site(desk, study)
    a_decision(
        desk, study, a_submission(desk, study, a_committee(desk, study), submitted_on=date(2025, 1, 1)),
        decided_on=date(2026, 1, 5),
    )  # fmt: skip
    for name, starts_on, ends_on in (
        ("Before", date(2025, 5, 1), date(2026, 12, 31)),
        ("Gone", date(2025, 5, 1), date(2026, 1, 31)),
        ("New", date(2026, 1, 20), date(2026, 12, 31)),
    ):
        person = desk.run(add_person, name=name).result
        desk.run(delegate, study=study, person=person, role="monitor", starts_on=starts_on, ends_on=ends_on)
    moves = {row["name"]: (row["starts_on"], row["ends_on"]) for row in told(desk, "ethics-progress")["moves"]}
    assert moves == {"Gone": ("2025-05-01", "2026-01-31"), "New": ("2026-01-20", None)}
