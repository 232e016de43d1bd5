"""The gates on plain values: whatever the dates, consent and signed eligibility come first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import hypothesis.strategies as st
import pytest
from hypothesis import given

from trialdesk.enrollment.gates import (
    CLOCK_BEHIND,
    ENDED,
    NO_CONSENT,
    NO_CONSENT_TO_ALLOCATE,
    NOT_ASSESSED,
    NOT_ELIGIBLE,
    NOT_SIGNED,
    TWICE,
    UNDATED,
    Assessed,
    Case,
    Given,
    Place,
    broken,
    consented_by,
    next_place,
    places_for,
    ready,
    strata_of,
)
from trialdesk.enrollment.plan import Anchors, planned_days

DAY = timedelta(days=1)
ON = date(2026, 3, 4)
NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
READY = Case(
    bound=True, consents=(Given(ON - 2 * DAY),), assessments=(Assessed(ON - DAY, eligible=True, signed_at=NOW - DAY),)
)


def test_who_is_ready_is_allocated_and_it_holds():
    assert ready(READY, ON, NOW) is None
    assert broken(replace(READY, allocations=(ON,))) is None


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"consents": ()}, NO_CONSENT_TO_ALLOCATE),
        ({"assessments": ()}, NOT_ASSESSED),
        ({"assessments": (Assessed(ON, eligible=True),)}, NOT_SIGNED),
        ({"assessments": (Assessed(ON, eligible=False, signed_at=NOW),)}, NOT_ELIGIBLE),
        ({"assessments": (*READY.assessments, Assessed(ON, eligible=False, signed_at=NOW))}, NOT_ELIGIBLE),
        ({"assessments": (*READY.assessments, Assessed(ON, eligible=True))}, NOT_SIGNED),
        ({"assessments": (Assessed(ON - 3 * DAY, eligible=True, signed_at=NOW),)}, NO_CONSENT),
        ({"assessments": (Assessed(ON, eligible=True, signed_at=NOW + DAY),)}, CLOCK_BEHIND),
        ({"consents": (Given(ON + DAY),)}, CLOCK_BEHIND),
        ({"allocations": (ON,)}, TWICE),
        ({"allocations": (None,)}, TWICE),
        ({"endings": (("SCREEN FAILURE", "2026-03"),)}, ENDED),
        ({"endings": (("COMPLETED", None),)}, ENDED),
        ({"endings": (("WITHDRAWAL BY SUBJECT", "2026-03-04"),)}, ENDED),
    ],
)
def test_what_is_missing_is_told(fields, refusal):
    assert ready(replace(READY, **fields), ON, NOW) == refusal


@given(DAYS, DAYS, DAYS, st.booleans(), st.booleans())
def test_nobody_is_allocated_but_after_consent_and_signed_eligibility(
    consented: date, assessed: date, on: date, eligible: bool, signed: bool
):
    case = Case(
        bound=True,
        consents=(Given(consented),),
        assessments=(Assessed(assessed, eligible=eligible, signed_at=NOW - 400 * DAY if signed else None),),
    )
    in_order = consented <= assessed <= on and eligible and signed
    assert (ready(case, on, NOW) is None) is in_order
    assert (broken(replace(case, allocations=(on,))) is None) is in_order


@given(st.lists(DAYS, max_size=4), DAYS)
def test_nothing_is_done_before_the_first_consent(consents: list[date], done: date):
    case = Case(bound=True, consents=tuple(map(Given, consents)), procedures=(done.isoformat(),))
    assert (broken(case) is None) is any(each <= done for each in consents)
    assert broken(replace(case, bound=False)) is None
    assert broken(replace(case, exists=False)) is None


def test_what_is_not_dated_is_not_taken_for_later():
    case = Case(bound=True, consents=(Given(date(2026, 3, 2), "09:30"),))
    assert broken(replace(case, procedures=(None,))) == UNDATED
    for done, fine in (
        ("2026", False),
        ("2026-03", False),
        ("2026-03-02", True),
        ("2026-03-02T09", True),
        ("2026-03-02T08", False),
        ("2026-03-02T09:29", False),
        ("2026-03-02T09:30:00", True),
        ("2026-04", True),
    ):
        assert consented_by(case.consents, done) is fine, done


def test_slots_are_taken_in_order_of_the_site_s_own_list():
    places = [
        Place(str(n), f"S{n}", n, site, stratum)
        for n, site, stratum in ((3, "a", None), (1, None, None), (2, "a", "x"))
    ]
    assert [each.id for each in places_for(places, site="a")] == ["2", "3"]
    assert [each.id for each in places_for(places, site="b")] == ["1"]
    assert strata_of(places_for(places, site="a")) == ("x",)
    found = next_place(places_for(places, site="a"), frozenset({"2"}), stratum=None)
    assert found is not None
    assert found.id == "3"
    assert next_place(places_for(places, site="b"), frozenset({"1"}), stratum=None) is None


def test_visits_are_planned_from_the_day_the_schedule_names():
    plans = [
        SimpleNamespace(id=id_, number=Decimal(number), name=id_, anchor=anchor, planned_day=day)
        for number, (id_, anchor, day) in enumerate(
            (
                ("screening", "consent", 3),
                ("baseline", "allocation", 0),
                ("week1", None, 8),
                ("call", "previous", 2),
                ("unknown", "previous", None),
            )
        )
    ]
    anchors = Anchors(day1=ON, allocation=ON, consent=ON - 10 * DAY)
    days = planned_days(plans, anchors, {})
    assert days == {
        "screening": ON - 7 * DAY,
        "baseline": ON,
        "week1": ON + 7 * DAY,
        "call": ON + 9 * DAY,
        "unknown": None,
    }
    kept = planned_days(plans, anchors, {"week1": (ON + 8 * DAY).isoformat()})
    assert kept["call"] == ON + 10 * DAY
    assert set(planned_days(plans, Anchors(), {}).values()) == {None}
