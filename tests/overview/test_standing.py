"""Stage, gaps and the next step, from numbers alone."""

from __future__ import annotations

from datetime import date

import pytest

from trialdesk.overview.rules.standing import Gap, Tally, gaps, next_step, stage

TODAY = date(2026, 3, 4)


@pytest.mark.parametrize(
    ("tally", "planned", "ended_on", "expected"),
    [
        (Tally(), None, None, "set-up"),
        (Tally(sites=1), 10, None, "set-up"),
        (Tally(screened=1, screening=1), None, None, "enrolling"),
        (Tally(screened=9, entered=9), 10, None, "enrolling"),
        (Tally(screened=10, entered=10, ended=3), 10, None, "follow-up"),
        (Tally(screened=11, entered=10, ended=3, screening=1), 10, None, "enrolling"),
        (Tally(screened=10, entered=10, ended=10), 10, None, "ended"),
        (Tally(screened=5, entered=5, ended=2), None, None, "enrolling"),
        (Tally(screened=5, entered=5, ended=5), None, None, "ended"),
        (Tally(screened=5, entered=2), 10, "2026-03", "ended"),
        (Tally(screened=5, entered=2), 10, "2026-04", "enrolling"),
    ],
)
def test_the_stage_follows_from_what_is_recorded(tally, planned, ended_on, expected):
    assert stage(tally, planned=planned, ended_on=ended_on, today=TODAY) == expected


def test_nothing_is_missing_where_nothing_was_imported():
    assert gaps(Tally(sites=1, screened=4, entered=4)) == ()


def test_what_an_import_did_not_bring_is_missing():
    tally = Tally(screened=4, entered=3, imported=4, unconsented=2, adverse_events=7, fatal_not_serious=1, other_arm=1)
    assert gaps(tally) == (
        Gap("consent", 2, 4),
        Gap("eligibility", 4, 4),
        Gap("approval", 1, 1),
        Gap("fatal", 1, 7),
        Gap("arms", 1, 3),
    )


@pytest.mark.parametrize(
    ("tally", "expected"),
    [
        (Tally(), "site"),
        (Tally(sites=1), "participant"),
        (Tally(sites=1, screened=3, imported=3), "gaps"),
        (Tally(sites=1, screened=3), "report"),
    ],
)
def test_what_comes_next(tally, expected):
    assert next_step(tally) == expected
