"""Bringing a study in: once, again, taken back, corrected here, stopped; and the figures of a real trial."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.support.acts import ON
from tests.support.desks import desk_at
from tests.support.shared import DATA, needed
from trialdesk.application import CATALOGUE, Application, Done
from trialdesk.base.errors import UserError
from trialdesk.base.ids import Id
from trialdesk.base.places import resources
from trialdesk.base.problems import Problem
from trialdesk.enrollment.actions import correct_participant, void_participant
from trialdesk.enrollment.queries import consort, dispositions, participants
from trialdesk.exchange import sdtm
from trialdesk.exchange.bringing import Brought, bring_in
from trialdesk.exchange.rows import Contents
from trialdesk.overview.register import lines
from trialdesk.safety.queries import adverse_event_count, safety_summary
from trialdesk.studies.actions import correct_study
from trialdesk.studies.queries import sites, studies, study, the_site
from trialdesk.trail.history import record_history

PILOT = DATA / "pilot_slice"
DEMO = resources() / "demo" / "sdtm"


def expected() -> dict[str, Any]:
    told: dict[str, Any] = json.loads((PILOT / "expected.json").read_text("utf-8"))
    return told


@pytest.fixture(scope="module")
def demo() -> Contents:
    return sdtm.read(DEMO)


@pytest.fixture(scope="module")
def pilot() -> Contents:
    return sdtm.read(PILOT, study="PILOT")


def brought(desk: Application, contents: Contents, into: Id | None = None, name: str = "PILOT") -> Brought:
    done: Brought = desk.run(bring_in, study=into, contents=contents, short_name=name).result
    return done


def take_back(desk: Application, done: Done) -> None:
    assert done.transaction is not None
    desk.undo(done.transaction)


def one_of(desk: Application, into: Id, where: Any = lambda _row: True) -> Any:
    return next(row for row in desk.read(participants, study=into, on=ON) if where(row))


# On both databases, with the invented study


def test_an_import_is_one_act_and_the_same_import_again_none(desk: Application, demo: Contents):
    first = desk.run(bring_in, study=None, contents=demo, short_name="HARBOUR")
    assert first.result.new == len(demo.rows)
    assert first.transaction is not None
    position = desk.position()
    again = desk.run(bring_in, study=first.result.study, contents=demo, short_name="HARBOUR")
    assert again.transaction is None
    assert (again.result.new, again.result.changed, again.result.unchanged) == (0, 0, len(demo.rows))
    assert desk.position() == position
    assert desk.verify().proven


def test_one_undo_takes_it_all_back_and_the_import_restores_it(desk: Application, demo: Contents):
    first = desk.run(bring_in, study=None, contents=demo, short_name="HARBOUR")
    take_back(desk, first)
    assert desk.read(studies) == ()
    again = brought(desk, demo, name="harbour")
    assert again.study == first.result.study
    assert again.restored == len(demo.rows)
    assert again.new == 0
    assert len(desk.read(participants, study=again.study, on=ON)) == demo.summary["participants"]
    assert desk.verify().proven


def problems_kept(desk: Application, into: Id) -> list[tuple[Any, ...]]:
    """Return the import problems that stand in a study, as they are told."""
    kept = desk.read(lines, kind="exchange.problem", study=into, on=ON, catalogue=CATALOGUE)
    names = ("file", "words", "row", "column", "path")
    return sorted((tuple(each.values.get(name) for name in names) for each in kept), key=str)


def test_what_was_found_odd_is_kept_as_long_as_the_import(desk: Application, demo: Contents):
    odd = replace(
        demo,
        problems=[
            Problem("ae.csv", "“20l6-1” is no date.", 7, "AESTDTC"),
            Problem("ae.csv", "A fatal event is not serious.", 9, "AESER"),
            Problem("dm.csv", "No consent is recorded."),
        ],
    )
    told = sorted(
        (tuple(getattr(each, n) for n in ("file", "words", "row", "column", "path")) for each in odd.problems), key=str
    )
    first = desk.run(bring_in, study=None, contents=odd, short_name="HARBOUR")
    own = first.result.study
    assert (first.result.new, first.result.noted) == (len(odd.rows), 3)
    assert problems_kept(desk, own) == told
    assert desk.run(bring_in, study=own, contents=odd, short_name="HARBOUR").transaction is None
    take_back(desk, first)
    assert problems_kept(desk, own) == []
    brought(desk, odd, name="HARBOUR")
    assert problems_kept(desk, own) == told
    assert desk.verify().proven


def test_what_was_corrected_here_is_kept(desk: Application, demo: Contents):
    own = brought(desk, demo, name="HARBOUR").study
    row = one_of(desk, own)
    desk.run(
        correct_participant,
        reason="Passport seen",
        study=own,
        participant=row.id,
        version=row.version,
        age=41,
    )
    desk.run(correct_study, reason="Renamed", study=own, version=1, short_name="PORT")
    again = brought(desk, demo, own, "HARBOUR")
    assert (again.kept, again.changed) == (1, 0)
    assert one_of(desk, own, lambda each: each.id == row.id).age == 41
    assert desk.read(study, study=own).short_name == "PORT"


def test_a_source_that_changed_changes_the_record(desk: Application, demo: Contents):
    own = brought(desk, demo, name="HARBOUR").study
    row = one_of(desk, own)
    desk.run(correct_participant, reason="Guess", study=own, participant=row.id, version=row.version, age=41)
    newer = sdtm.read(DEMO)
    changed = next(
        each
        for each in newer.rows
        if each.kind == "enrollment.participant" and each.values["identifier"] == row.identifier
    )
    changed.values["age"] = 77
    again = brought(desk, newer, own)
    assert (again.changed, again.kept) == (1, 0)
    assert one_of(desk, own, lambda each: each.id == row.id).age == 77
    history = desk.read(record_history, record=row.id)
    assert [(each.old, each.new) for each in history if each.field == "age"][1:] == [(row.age, 41), (41, 77)]


def test_what_a_person_voided_stays_voided(desk: Application, demo: Contents):
    own = brought(desk, demo, name="HARBOUR").study
    row = one_of(desk, own)
    voided = desk.run(void_participant, reason="Entered twice", study=own, participant=row.id, version=row.version)
    again = desk.run(bring_in, study=own, contents=demo, short_name="")
    assert (again.transaction, again.result.kept, again.result.restored) == (None, 1, 0)
    assert row.id not in {each.id for each in desk.read(participants, study=own, on=ON)}
    take_back(desk, voided)
    assert brought(desk, demo, own).unchanged == len(demo.rows)


def test_who_is_missing_from_a_later_import_is_told_and_stays(desk: Application, demo: Contents):
    first = brought(desk, demo, name="HARBOUR")
    assert first.problems == tuple(demo.problems)
    gone = one_of(desk, first.study)
    after = {("enrollment.participant", (gone.identifier,))}
    rows = [row for row in demo.rows if (row.kind, row.key) not in after and row.links.get("participant") not in after]
    again = brought(desk, Contents(rows, [], demo.summary), first.study)
    (told,) = again.problems
    assert told.words == (f"1 participant brought in before is not in these data and stays as recorded: {gone.number}")
    assert told.file
    assert one_of(desk, first.study, lambda row: row.id == gone.id) == gone


def test_stopping_leaves_nothing(desk: Application, demo: Contents):
    position = desk.position()
    told: list[tuple[int, int]] = []

    def stop(done: int, total: int) -> None:
        told.append((done, total))
        if done > total // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        desk.run(bring_in, study=None, contents=demo, short_name="HARBOUR", tell=stop)
    assert told
    assert desk.position() == position
    assert desk.read(studies) == ()
    assert brought(desk, demo, name="HARBOUR").new == len(demo.rows)


def test_progress_only_goes_on_and_ends_with_all(sqlite_desk: Application, demo: Contents):
    told: list[tuple[int, int]] = []
    sqlite_desk.run(
        bring_in, study=None, contents=demo, short_name="HARBOUR", tell=lambda done, total: told.append((done, total))
    )
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1]


def test_a_name_taken_or_missing_is_refused(sqlite_desk: Application, demo: Contents):
    brought(sqlite_desk, demo, name="HARBOUR")
    with pytest.raises(UserError, match="already a study"):
        brought(sqlite_desk, demo, name="harbour")
    with pytest.raises(UserError, match="short name is needed"):
        brought(sqlite_desk, demo, name=" ")


# A real trial


@needed("pilot_slice")
def test_a_dry_run_says_what_is_there(pilot: Contents):
    preview, both = sdtm.preview(pilot), expected()["both"]
    assert preview["participants"] == both["screened"]
    assert preview["screen_failures"] == both["by_arm"]["Screen Failure"]
    assert preview["visits"] == both["sv_records"]
    assert preview["adverse_events"] == both["ae_records"]
    assert preview["arms"] == {arm: n for arm, n in both["by_arm"].items() if arm != "Screen Failure"}
    assert preview["sites"] == {site: expected()[site]["screened"] for site in ("704", "716")}


@needed("pilot_slice")
def test_the_figures_are_those_of_the_trial(sqlite_desk: Application, pilot: Contents):
    own = brought(sqlite_desk, pilot).study
    for name in ("both", "704", "716"):
        site = None if name == "both" else sqlite_desk.read(the_site, study=own, number=name).id
        figures_are(sqlite_desk, own, site, expected()[name])
    assert sqlite_desk.read(adverse_event_count, study=own) == expected()["both"]["ae_records"]
    assert [row.number for row in sqlite_desk.read(sites, study=own)] == ["704", "716"]


def figures_are(desk: Application, own: Id, site: Id | None, figures: Mapping[str, Any]) -> None:
    flow = desk.read(consort, study=own, on=ON, site=site)
    failed = figures["by_arm"].get("Screen Failure", 0)
    assert (flow.assessed, flow.excluded.total, flow.randomised) == (
        figures["screened"],
        failed,
        figures["screened"] - failed,
    )
    arms = {arm.arm: arm for arm in flow.arms}
    assert {name: arm.allocated for name, arm in arms.items()} | {"Screen Failure": failed} == {
        "Screen Failure": 0,
        **figures["by_arm"],
    }
    by_arm = figures["disposition_by_arm"]
    for name, arm in arms.items():
        reasons = dict(by_arm[name])
        assert arm.completed == reasons.pop("COMPLETED", 0)
        assert dict(arm.discontinued.reasons) == reasons
        assert arm.discontinued.total == sum(reasons.values())
    assert sum(arm.analysed["EFFICACY"] for arm in arms.values()) == figures["efficacy"]
    told = desk.read(dispositions, study=own, on=ON, site=site)
    assert {arm: dict(told[arm]) for arm in arms} == {arm: by_arm[arm] for arm in arms}
    safety = desk.read(safety_summary, study=own, on=ON, site=site).values()
    assert sum(counts.events for counts in safety) == figures["ae_records"]
    assert sum(counts.participants for counts in safety) == figures["subjects_with_ae"]
    assert sum(counts.serious for counts in safety) == figures["sae_records_AESER_Y"]
    assert sum(counts.fatal for counts in safety) == figures["fatal_ae"]


@needed("pilot_slice")
def test_a_real_trial_comes_once_goes_at_once_and_comes_back(tmp_path: Path, pilot: Contents):
    desk = desk_at(str(tmp_path / "pilot.desk"), tmp_path)
    try:
        done = desk.run(bring_in, study=None, contents=pilot, short_name="PILOT")
        position = desk.position()
        assert desk.run(bring_in, study=done.result.study, contents=pilot, short_name="PILOT").transaction is None
        assert desk.position() == position
        take_back(desk, done)
        assert desk.read(studies) == ()
        assert brought(desk, pilot).restored == len(pilot.rows)
        figures_are(desk, done.result.study, None, expected()["both"])
        assert desk.verify().proven
    finally:
        desk.close()
