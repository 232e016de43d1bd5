"""The gates, attacked from below the screen: by order, by date, by correction, by taking steps back, by two at once."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

import trialdesk.enrollment.actions as acts
from tests.support.acts import ON, a_colleague, a_participant, a_site
from tests.support.desks import CHEAP, OWNER, PASSWORD, reopened
from tests.support.trial import (
    APPROVED_ON,
    ASSESSED_ON,
    CONSENTED_ON,
    ENVELOPES,
    Trial,
    a_version,
    approved,
    brought_in,
)
from trialdesk.application import Application
from trialdesk.application import stages as wired
from trialdesk.application.desk import Done
from trialdesk.base.errors import NotAllowed, UserError
from trialdesk.base.written import written_day
from trialdesk.enrollment.gates import ALLOCATION_GATE
from trialdesk.enrollment.records import Consent, Participant, Slot, SlotUse, Treatment
from trialdesk.exchange.bringing import bring_in
from trialdesk.exchange.rows import Contents, Key, Row
from trialdesk.people.acting import action
from trialdesk.people.actions import add_training
from trialdesk.people.queries import account_named
from trialdesk.people.rules import STAFF
from trialdesk.persistence.declaration import Record
from trialdesk.reporting.reports.consent_log import gather as consent_log_facts
from trialdesk.safety.logs import deviations
from trialdesk.studies.actions import correct_study
from trialdesk.trail.tables import event

DAY = timedelta(days=1)


@pytest.fixture
def trial(desk: Application) -> Trial:
    return Trial(desk)


@pytest.fixture
def quick(sqlite_desk: Application) -> Trial:
    return Trial(sqlite_desk)


def undone(desk: Application, done: Done) -> Done:
    assert done.transaction is not None
    return desk.undo(done.transaction)


def count(trial: Trial, record: type[Record]) -> int:
    own = record.TABLE.c
    found: int = trial.desk.read(
        lambda read: len(read.rows(sa.select(own.id).where(own.study == trial.study, ~own.voided)))
    )
    return found


def test_the_whole_way_through(trial: Trial):
    trial.list("A", "P")
    first, second = trial.ready("001"), trial.ready("002")
    trial.visit(first, "2026-03-02")
    trial.allocate(first)
    trial.allocate(second, number="S002")
    assert count(trial, Treatment) == 2


def test_nobody_is_allocated_without_consent(trial: Trial):
    trial.list("A", "P")
    with pytest.raises(UserError, match="not consented"):
        trial.allocate(trial.person())
    assert count(trial, Treatment) == 0


def test_nobody_is_allocated_without_signed_eligibility(trial: Trial):
    trial.list("A", "P")
    who = trial.person()
    trial.consented(who)
    with pytest.raises(UserError, match="not been assessed"):
        trial.allocate(who)
    assessment = trial.assessed(who, signed=False)
    with pytest.raises(UserError, match="No investigator's signature"):
        trial.allocate(who)
    trial.sign(assessment)
    trial.allocate(who)
    with pytest.raises(UserError, match="already allocated"):
        trial.allocate(who)
    assert count(trial, Treatment) == 1


def test_a_superseded_signature_does_not_do(trial: Trial):
    trial.list("A")
    who = trial.person()
    trial.consented(who)
    assessment = trial.assessed(who)
    change: dict[str, Any] = {"study": trial.study, "eligibility": assessment, "reason": "typed wrongly"}
    trial.desk.run(acts.correct_eligibility, version=1, remarks="height was wrong", **change)
    with pytest.raises(UserError, match="No investigator's signature"):
        trial.allocate(who)
    trial.sign(assessment)
    with pytest.raises(UserError, match="signed already"):
        trial.sign(assessment)
    trial.allocate(who)


def test_who_is_not_eligible_is_not_allocated(quick: Trial):
    quick.list("A")
    who = quick.person()
    quick.consented(who)
    quick.assessed(who, eligible=False, failed_criteria="e1")
    with pytest.raises(UserError, match="not eligible"):
        quick.allocate(who)
    quick.assessed(who, on=ON)
    quick.allocate(who)


def test_only_an_investigator_signs_and_with_the_password(quick: Trial):
    who = quick.person()
    quick.consented(who)
    assessment = quick.assessed(who, signed=False)
    with pytest.raises(NotAllowed, match="password"):
        quick.desk.run(acts.sign_eligibility, study=quick.study, eligibility=assessment)
    with pytest.raises(NotAllowed):
        quick.sign(assessment, "another horse battery")
    a_colleague(quick.desk, quick.study, "coordinator")
    quick.desk.sign_in("bo", "another horse")
    with pytest.raises(NotAllowed, match="role"):
        quick.sign(assessment, "another horse")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"eligible": True, "failed_criteria": "E1"}, "not eligible"),
        ({"eligible": False}, "Which criterion"),
        ({"eligible": False, "failed_criteria": "E1, E9"}, "no criterion E9"),
        ({"assessed_on": ON + DAY, "eligible": True}, "still to come"),
        ({"assessed_on": CONSENTED_ON - DAY, "eligible": True}, "not consented by then"),
    ],
)
def test_an_assessment_does_not_contradict_itself(quick: Trial, fields, words):
    who = quick.person()
    quick.consented(who)
    given = {"assessed_on": ASSESSED_ON, **fields}
    with pytest.raises(UserError, match=words):
        quick.desk.run(acts.assess_eligibility, study=quick.study, participant=who, **given)


# Consent


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (APPROVED_ON - DAY, "no ethics approval"),
        (ON + DAY, "still to come"),
    ],
)
def test_consent_needs_an_approval_and_a_day_that_has_come(trial: Trial, on: date, words: str):
    with pytest.raises(UserError, match=words):
        trial.consented(on=on)
    assert count(trial, Consent) == 0


def test_consent_is_to_the_version_in_force_that_day_in_that_language(quick: Trial):
    desk, study = quick.desk, quick.study
    second = a_version(desk, study, quick.decision, "2", effective_on=date(2026, 2, 15))
    chinese = a_version(desk, study, quick.decision, language="zh")
    unapproved = a_version(desk, study, None, "3")
    withdrawn = a_version(desk, study, quick.decision, language="de", withdrawn_on=date(2026, 3, 1))
    who = quick.person()
    with pytest.raises(UserError, match=r"Version 1 \(en\) was not the one in force on 2026-03-02.*version 2"):
        quick.consented(who)
    with pytest.raises(UserError, match="Version 3"):
        quick.consented(who, version=unapproved)
    with pytest.raises(UserError, match="Version 2"):
        quick.consented(who, version=second, on=date(2026, 2, 14))
    with pytest.raises(UserError, match="No version in this language"):
        quick.consented(who, version=withdrawn)
    quick.consented(who, version=quick.version, on=date(2026, 2, 14))
    quick.consented(who, version=second)
    quick.consented(quick.person("002"), version=chinese)


def test_an_approval_lapses(trial: Trial):
    desk = trial.desk
    last = ON + 2 * DAY
    approved(desk, trial.study, effective_on=date(2026, 2, 1), expires_on=last, kind="renewal")
    trial.list("A", "P", "A")
    first, second = trial.ready("001"), trial.ready("002")
    desk.clock.at += 2 * DAY  # type: ignore[attr-defined]
    trial.allocate(first)
    desk.clock.at += DAY  # type: ignore[attr-defined]
    with pytest.raises(UserError, match="no ethics approval"):
        trial.allocate(second)
    with pytest.raises(UserError, match="no ethics approval"):
        trial.consented(trial.person("003"), on=last + DAY)
    with pytest.raises(UserError, match="no ethics approval"):
        trial.visit(first, (last + DAY).isoformat())
    approved(desk, trial.study, effective_on=last + DAY, expires_on=date(2027, 1, 1), kind="renewal")
    trial.allocate(second)


def test_a_suspension_ends_allocation(quick: Trial):
    quick.list("A")
    who = quick.ready()
    approved(quick.desk, quick.study, effective_on=ON, outcome="suspended", kind="reportable")
    with pytest.raises(UserError, match="no ethics approval"):
        quick.allocate(who)


def test_who_must_consent_again_is_not_allocated_before(quick: Trial):
    quick.list("A")
    who = quick.ready()
    second = a_version(quick.desk, quick.study, quick.decision, "2", effective_on=ON, mandatory_on=ON)
    with pytest.raises(UserError, match="not consented again"):
        quick.allocate(who)
    quick.consented(who, version=second, on=ON)
    quick.allocate(who)


def test_consent_to_an_optional_part_is_no_consent(quick: Trial):
    optional = a_version(quick.desk, quick.study, quick.decision, form="optional")
    who = quick.person()
    quick.consented(who, version=optional)
    with pytest.raises(UserError, match="not consented"):
        quick.visit(who, "2026-03-03")


# Nothing before consent


def test_no_visit_before_consent(trial: Trial):
    who = trial.person()
    with pytest.raises(UserError, match="nothing is done with anybody before consent"):
        trial.visit(who, "2026-03-02")
    trial.visit(who, None, happened=False)
    trial.consented(who, consented_at="09:30")
    with pytest.raises(UserError, match="before consent"):
        trial.visit(who, "2026-03-01")
    with pytest.raises(UserError, match="before consent"):
        trial.visit(who, "2026-03-02T09:15")
    with pytest.raises(UserError, match="before consent"):
        trial.visit(who, "2026-03")
    with pytest.raises(UserError, match="on which day"):
        trial.visit(who, None)
    with pytest.raises(UserError, match="still to come"):
        trial.visit(who, "2026-03-05")
    trial.visit(who, "2026-03-02T09:30")
    with pytest.raises(UserError, match="before consent"):
        trial.desk.run(acts.record_exposure, study=trial.study, participant=who, started_on="2026-03-01")


def test_a_correction_does_not_go_round_the_gate(trial: Trial):
    desk, study = trial.desk, trial.study
    who = trial.person()
    consent = trial.consented(who)
    visit = trial.visit(who, "2026-03-03")
    missed = trial.visit(who, "2026-02-01", happened=False)
    other = trial.person("002")
    for act, change in (
        (acts.correct_visit, {"visit": visit, "started_on": "2026-03-01"}),
        (acts.correct_visit, {"visit": visit, "started_on": None}),
        (acts.correct_visit, {"visit": missed, "happened": True}),
        (acts.correct_consent, {"consent": consent, "consented_on": ON}),
        (acts.void_consent, {"consent": consent}),
    ):
        with pytest.raises(UserError, match=r"consent"):
            desk.run(act, study=study, version=1, reason="an attack", **change)
    with pytest.raises(TypeError):
        desk.run(acts.correct_participant, study=study, participant=other, version=1, imported=True, reason="x")
    with pytest.raises(TypeError):
        trial.person("003", imported=True)


def test_steps_taken_back_and_done_again_do_not_go_round_the_gate(trial: Trial):
    desk, study = trial.desk, trial.study
    who = trial.person()
    consented = desk.run(
        acts.record_consent, study=study, participant=who, consent_version=trial.version, consented_on=CONSENTED_ON
    )
    visited = desk.run(acts.record_visit, study=study, participant=who, started_on="2026-03-03", name="Extra")
    with pytest.raises(UserError, match="before consent"):
        undone(desk, consented)
    taken_back = undone(desk, visited)
    undone(desk, consented)
    with pytest.raises(UserError, match="before consent"):
        undone(desk, taken_back)
    assert count(trial, Consent) == 0


def test_what_an_allocation_rests_on_stays(trial: Trial):
    desk, study = trial.desk, trial.study
    trial.list("A")
    who = trial.person()
    consent = trial.consented(who)
    assessment = trial.assessed(who)
    signed = desk.last_step()
    allocated = desk.run(acts.allocate_open, study=study, participant=who)
    assert signed is None or signed[1] != "enrollment:eligibility:sign"
    assert not allocated.undoable
    with pytest.raises(UserError, match="final"):
        undone(desk, allocated)
    for act, change in (
        (acts.void_consent, {"consent": consent}),
        (acts.correct_consent, {"consent": consent, "consented_on": ON}),
        (acts.void_eligibility, {"eligibility": assessment}),
        (acts.correct_eligibility, {"eligibility": assessment, "eligible": False, "failed_criteria": "E1"}),
        (acts.void_participant, {"participant": who}),
    ):
        with pytest.raises(UserError):
            desk.run(act, study=study, version=1, reason="an attack", **change)
    with pytest.raises(UserError, match="stays in the study"):
        desk.run(acts.fail_screening, study=study, participant=who, occurred_on="2026-03-04", term="late thought")


def test_a_voided_study_of_ethics_is_no_way_round_for_who_is_new_in_an_imported_study(trial: Trial):
    desk = trial.desk
    study = Trial(desk, short_name="BROUGHT", imported=True)
    old = brought_in(desk, study.study, study.site)
    study.visit(old, "2026-02-02")
    new = study.person("002")
    with pytest.raises(UserError, match="before consent"):
        study.visit(new, "2026-03-02")
    study.list("A")
    for who in (old, new):
        with pytest.raises(UserError, match="not consented"):
            study.allocate(who)


def test_an_import_does_not_touch_who_was_screened_here(trial: Trial):
    desk, study = trial.desk, trial.study
    who = trial.person("001")
    site = ("studies.site", ("99",))
    rows = [
        Row("studies.study", ("HARBOUR",), {"imported": True}, {}, ("", 1)),
        Row("studies.site", ("99",), {"number": "99"}, {}, ("", 1)),
    ]
    same = Row(
        "enrollment.participant", ("01-001",), {"number": "001", "identifier": "01-001"}, {"site": site}, ("", 1)
    )
    with pytest.raises(UserError, match="already taken"):
        desk.run(bring_in, study=study, contents=Contents([*rows, same], []), short_name="HARBOUR")
    key: Key = ("x",)
    link: dict[str, tuple[str, Key]] = {"participant": ("enrollment.participant", key)}
    other = Row("enrollment.participant", key, {"number": "x", "identifier": "x"}, {"site": site}, ("", 1))
    visit = Row("enrollment.visit", key, {"happened": True, "started_on": "2026-02-01"}, link, ("", 1))
    desk.run(bring_in, study=study, contents=Contents([*rows, other, visit], []), short_name="HARBOUR")
    with pytest.raises(UserError, match="before consent"):
        trial.visit(who, "2026-03-02")


# Slots


def test_slots_go_in_order_and_once(trial: Trial):
    desk, study = trial.desk, trial.study
    slots = trial.list("A", "P")
    first, second, third = trial.ready("001"), trial.ready("002"), trial.ready("003")
    with pytest.raises(UserError, match="S001 is the next"):
        trial.allocate(first, number="S002")
    trial.allocate(first)

    @action("tests:slot:reuse", "Reused", by=STAFF, final=True)
    def reuse(work, *, study, participant, arm):
        work.add(Treatment(study=study, participant=participant, slot=slots[0], planned_arm=arm, allocated_on=ON))

    @action("tests:slot:cross", "Reused", by=STAFF, final=True)
    def cross(work, *, study, participant):
        work.add(SlotUse(study=study, participant=participant, slot=slots[0], allocated_on=ON))

    with pytest.raises(UserError, match="already taken"):
        desk.run(reuse, study=study, participant=second, arm=trial.arms[0])
    with pytest.raises(UserError, match="already used"):
        desk.run(cross, study=study, participant=second)
    trial.allocate(second)
    with pytest.raises(UserError, match="no slot left"):
        trial.allocate(third)
    loaded = desk.run(acts.load_slots, study=study, rows="number,arm,site\nS010,P,01\n")
    trial.allocate(third)
    with pytest.raises(UserError, match="is used"):
        undone(desk, loaded)


def test_the_list_of_an_open_label_study_tells_no_arm_before_its_slot_is_used(trial: Trial):
    desk = trial.desk
    slots = trial.list("P", "A", "A")
    who = trial.ready()
    kept = desk.read(lambda read: read.rows(sa.select(Slot.TABLE).order_by(Slot.TABLE.c.order)))
    assert [row.arm for row in kept] == [None] * 3
    assert len({row.sealed for row in kept}) == 3
    with desk.database.reading() as connection:
        told = [bytes(row.bytes) for row in connection.execute(event.select())]
    written = [each for each in told if any(slot.encode() in each for slot in slots)]
    assert not any(arm.encode() in each for arm in trial.arms for each in written)
    a_colleague(desk, trial.study, "coordinator")
    a_colleague(desk, trial.study, "monitor", "cy", "a third horse")
    desk.sign_in("cy", "a third horse")
    with pytest.raises(NotAllowed):
        trial.allocate(who)
    desk.sign_in("bo", "another horse")
    made = trial.allocate(who)
    treated = Treatment.TABLE.c
    row = desk.read(lambda read: read.first(sa.select(treated.planned_arm, treated.slot).where(treated.id == made)))
    assert tuple(row) == (trial.arms[1], slots[0])
    assert desk.verify().proven


def test_a_list_loaded_before_lists_were_sealed_is_used_on(quick: Trial):
    @action("tests:slot:clear", "Loaded", by=STAFF)
    def clear(work, *, study, arm):
        work.add(Slot(study=study, number="1", order=1, arm=arm))

    quick.desk.run(clear, study=quick.study, arm=quick.arms[1])
    made = quick.allocate(quick.ready())
    treated = Treatment.TABLE.c
    planned = quick.desk.read(lambda read: read.value(sa.select(treated.planned_arm).where(treated.id == made)))
    assert planned == quick.arms[1]


def test_a_site_uses_its_own_list_and_strata_are_asked_for(quick: Trial):
    desk, study = quick.desk, quick.study
    rows = [
        {"number": "1", "arm": "A", "stratum": "old", "site": "01"},
        {"number": "2", "arm": "P", "stratum": "young", "site": "01"},
        {"number": "3", "arm": "P"},
    ]
    desk.run(acts.load_slots, study=study, rows=rows)
    who = quick.ready()
    with pytest.raises(UserError, match="in which stratum"):
        quick.allocate(who)
    quick.allocate(who, stratum="young", number="2")
    other = a_site(desk, study, "02")
    away = a_participant(desk, study, other, "001")
    quick.consented(away)
    quick.assessed(away)
    quick.allocate(away, number="3")


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([], "empty"),
        ([{"number": "1", "arm": "X"}], "knows no “X”"),
        ([{"number": "1", "arm": "A", "site": "77"}], "row 1, site"),
        ([{"number": "1", "arm": "A"}, {"number": "1", "arm": "P"}], "already taken"),
        ([{"arm": "A"}], "left empty"),
    ],
)
def test_a_list_that_cannot_be_read_is_not_loaded(quick: Trial, rows, words):
    with pytest.raises(UserError, match=words):
        quick.desk.run(acts.load_slots, study=quick.study, rows=rows)
    assert count(quick, Slot) == 0


def test_a_blinded_study_and_an_open_one_are_not_mixed_up(quick: Trial):
    quick.list("A")
    with pytest.raises(UserError, match="open-label"):
        quick.desk.run(acts.allocate_blinded, study=quick.study, participant=quick.ready())
    nothing_said = Trial(quick.desk, blinding="open", short_name="UNSAID")
    quick.desk.run(correct_study, study=nothing_said.study, version=1, blinding=None, reason="not known yet")
    with pytest.raises(UserError, match="open-label or blinded"):
        nothing_said.list("A")


# Who else is asked, and who else is there


def test_a_later_stage_refuses(trial: Trial, monkeypatch: pytest.MonkeyPatch):
    def no_insurance(work, *, study, participant, on):
        raise UserError(f"Nobody is insured on {on}.")

    monkeypatch.setitem(wired.WIRING, ALLOCATION_GATE, (no_insurance,))
    trial.list("A")
    who = trial.ready()
    with pytest.raises(UserError, match="Nobody is insured on 2026-03-04"):
        trial.allocate(who)
    assert count(trial, Treatment) == 0


def test_a_clock_put_back_does_not_help(quick: Trial):
    quick.list("A")
    who = quick.ready()
    quick.desk.clock.at -= 2 * DAY  # type: ignore[attr-defined]
    with pytest.raises(UserError, match="clock"):
        quick.allocate(who)


def test_a_lapsed_approval_is_not_in_force_again_under_a_clock_set_back(trial: Trial):
    desk, clock = trial.desk, trial.desk.clock
    approved(desk, trial.study, effective_on=date(2026, 2, 1), expires_on=ON + 2 * DAY, kind="renewal")
    trial.list("A")
    who = trial.ready("001")
    clock.at += 3 * DAY  # type: ignore[attr-defined]
    trial.person("002")
    with pytest.raises(UserError, match="no ethics approval"):
        trial.allocate(who)
    clock.at -= 2 * DAY  # type: ignore[attr-defined]
    with pytest.raises(UserError, match="Set the clock right"):
        trial.allocate(who)
    assert count(trial, Treatment) == 0
    # Who has the right time after a step under a wrong one says so, and it stands in the trail.
    desk.run(acts.allocate_open, study=trial.study, participant=who, reason="002 was entered with the clock ahead")
    assert count(trial, Treatment) == 1


def test_what_was_recorded_under_a_clock_set_forward_opens_no_gate(quick: Trial):
    desk, clock = quick.desk, quick.desk.clock
    quick.list("A", "P")
    who = quick.person("001")
    clock.at += 5 * DAY  # type: ignore[attr-defined]
    quick.consented(who, on=ON + 4 * DAY)
    clock.at -= 5 * DAY  # type: ignore[attr-defined]
    with pytest.raises(UserError, match="not consented by then"):
        quick.assessed(who)
    with pytest.raises(UserError, match="not consented by then"):
        quick.visit(who, "2026-03-03")
    with pytest.raises(UserError, match="Set the clock right"):
        quick.allocate(who)
    again = reopened(desk)
    assert any("clock" in note for note in again.notes)
    again.close()


def test_two_at_once_use_two_slots_and_allocate_one_person_once(trial: Trial):
    desk = trial.desk
    trial.list("A", "P", "A", "P")
    same, others = trial.ready("001"), [trial.ready("002"), trial.ready("003")]
    second = Application(
        desk.database.where, clock=desk.clock, new_id=desk.new_id, cost=CHEAP, marks=desk._marks
    ).open()
    second.sign_in("ada", PASSWORD)
    outcomes: list[str] = []
    start = threading.Barrier(4)

    def allocate(on: Application, who: str) -> None:
        start.wait()
        try:
            on.run(acts.allocate_open, study=trial.study, participant=who)
            outcomes.append("done")
        except UserError as told:
            outcomes.append(told.words)

    threads = [
        threading.Thread(target=allocate, args=each)
        for each in ((desk, same), (second, same), (desk, others[0]), (second, others[1]))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    second.close()
    assert outcomes.count("done") == 3
    assert [words for words in outcomes if words != "done"] == ["This participant is already allocated."]
    assert count(trial, Treatment) == 3


def test_who_ended_is_not_allocated(quick: Trial):
    quick.list("A")
    who = quick.ready()
    quick.desk.run(
        acts.withdraw, study=quick.study, participant=who, occurred_on="2026-03-04", why="WITHDRAWAL BY SUBJECT"
    )
    with pytest.raises(UserError, match="ended"):
        quick.allocate(who)


def test_a_blinded_list_is_loaded_by_the_unblinded_and_says_nothing(desk: Application):
    trial = Trial(desk, blinding="double")
    with pytest.raises(NotAllowed):
        trial.list("A")
    a_colleague(desk, trial.study, "pharmacist")
    who = trial.ready()
    desk.sign_in("bo", "another horse")
    slots = trial.list("A", "P")
    desk.sign_in("ada", PASSWORD)
    done = desk.run(acts.allocate_blinded, study=trial.study, participant=who)
    assert not done.undoable
    with pytest.raises(UserError, match="already allocated"):
        desk.run(acts.allocate_blinded, study=trial.study, participant=who)
    with pytest.raises(UserError, match="blinded"):
        trial.allocate(who)
    desk.sign_in("bo", "another horse")
    with pytest.raises(UserError, match="already allocated"):
        desk.run(acts.record_allocation, study=trial.study, participant=who, arm=trial.arms[0])
    arms = [arm.encode() for arm in trial.arms]
    with desk.database.reading() as connection:
        told = [bytes(row.bytes) for row in connection.execute(event.select())]
    written = [each for each in told if any(slot.encode() in each for slot in slots)]
    assert len(written) == len(slots) + 1
    assert not any(arm in each for arm in arms for each in written)


def test_a_code_is_broken_with_the_passphrase_held_apart(desk: Application):
    trial = Trial(desk, blinding="double")
    a_colleague(desk, trial.study, "pharmacist")
    who, other = trial.ready(), trial.person("002")
    desk.sign_in("bo", "another horse")
    trial.list("P", "A")
    desk.sign_in("ada", PASSWORD)
    desk.run(acts.allocate_blinded, study=trial.study, participant=who)
    about: dict[str, Any] = {"study": trial.study, "participant": who, "grounds": "Anaphylaxis"}
    with pytest.raises(NotAllowed, match="passphrase"):
        desk.run(acts.break_code, passphrase="the wrong one", **about)
    with pytest.raises(UserError, match="reason"):
        desk.run(acts.break_code, passphrase=ENVELOPES, **{**about, "grounds": " "})
    with pytest.raises(UserError, match="no sealed allocation"):
        desk.run(acts.break_code, passphrase=ENVELOPES, **{**about, "participant": other})
    done = desk.run(acts.break_code, passphrase=ENVELOPES, **about)
    assert done.result.arm_name == "Placebo"
    assert not done.undoable
    with desk.database.reading() as connection:
        told = b"".join(bytes(row.bytes) for row in connection.execute(event.select()))
    assert ENVELOPES.encode() not in told


# Who was brought in, and how participation ends


def test_who_was_brought_in_goes_on_here_only_with_a_consent_known(trial: Trial):
    desk, today = trial.desk, ON.isoformat()
    who = brought_in(desk, trial.study, trial.site)
    trial.visit(who, "2026-02-02")
    refused = "No consent of this participant is known"
    for on in (today, None):
        with pytest.raises(UserError, match=refused):
            trial.visit(who, on)
        with pytest.raises(UserError, match=refused):
            desk.run(acts.record_exposure, study=trial.study, participant=who, dose=None, started_on=on)
    with pytest.raises(UserError, match=refused):
        desk.run(acts.complete, study=trial.study, participant=who, occurred_on=today)
    trial.visit(who, None, happened=False)
    trial.consented(who)
    trial.visit(who, today)
    told = brought_in(desk, trial.study, trial.site, "I-2", informed_consent_on="2026-01")
    trial.visit(told, today)
    desk.run(acts.complete, study=trial.study, participant=told, occurred_on=today)


def test_nothing_is_done_after_a_death_and_a_death_after_completion_is_kept(quick: Trial):
    desk, study = quick.desk, quick.study
    quick.list("A")
    who = quick.ready()
    quick.visit(who, "2026-03-03")
    about: dict[str, Any] = {"study": study, "participant": who}
    with pytest.raises(UserError, match="This participant died"):
        desk.run(acts.record_death, occurred_on="2026-03-02", **about)
    quick.allocate(who)
    with pytest.raises(UserError, match="not completed by then"):
        desk.run(acts.complete, occurred_on="2026-03-02", **about)
    desk.run(acts.complete, occurred_on="2026-03-03", **about)
    dead = desk.run(acts.record_death, occurred_on="2026-03-04", **about).result
    own = Participant.TABLE.c
    kept = desk.read(lambda read: read.first(sa.select(own.died, own.died_on).where(own.id == who)))
    assert tuple(kept) == (True, "2026-03-04")
    desk.run(acts.void_disposition, study=study, disposition=dead, version=1, reason="somebody else")
    kept = desk.read(lambda read: read.first(sa.select(own.died, own.died_on).where(own.id == who)))
    assert tuple(kept) == (None, None)


def test_after_the_end_a_visit_says_why_and_no_dose_is_given(quick: Trial):
    desk, study = quick.desk, quick.study
    who = quick.person()
    quick.consented(who)
    desk.run(acts.withdraw, study=study, participant=who, occurred_on="2026-03-03", why="WITHDRAWAL BY SUBJECT")
    with pytest.raises(UserError, match="Participation has ended by that day"):
        quick.visit(who, "2026-03-04")
    with pytest.raises(UserError, match="no dose is given"):
        desk.run(acts.record_exposure, study=study, participant=who, started_on="2026-03-04")
    quick.visit(who, "2026-03-03")
    quick.visit(who, "2026-03-04", unscheduled_reason="rash looked at again")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"screened_on": "2027-01-01"}, "still to come"),
        ({"age": -1}, "Nobody is of this age"),
        ({"age": 121}, "Nobody is of this age"),
        ({"age": 20_000, "age_unit": "MONTHS"}, "Nobody is of this age"),
        ({"identifier": "01-001-again"}, "already a participant of this number"),
    ],
)
def test_nobody_is_screened_who_cannot_be(quick: Trial, fields, words):
    first = quick.person("001", age=90)
    asked: dict[str, Any] = {"study": quick.study, "site": quick.site, "number": "001", "screened_on": "2026-03-01"}
    with pytest.raises(UserError, match=words):
        quick.desk.run(acts.screen, **{**asked, **({"number": "002"} if "identifier" not in fields else {}), **fields})
    change: dict[str, Any] = {"number": "001"} if "identifier" in fields else fields
    second = quick.person("003")
    with pytest.raises(UserError, match=words):
        quick.desk.run(acts.correct_participant, study=quick.study, participant=second, version=1, reason="x", **change)
    assert first != second


# Who obtained a consent


def proposed(trial: Trial) -> list[str]:
    return [
        row.description for row in trial.desk.read(deviations, study=trial.study, on=ON) if row.category == "consent"
    ]


def logged(trial: Trial) -> tuple[str, ...]:
    found: tuple[str, ...] = trial.desk.read(consent_log_facts, study=trial.study, on=ON).amiss
    return found


def test_a_consent_by_somebody_not_delegated_is_kept_and_a_deviation_proposed(trial: Trial):
    desk = trial.desk
    a_colleague(desk, trial.study, "monitor")
    a_colleague(desk, trial.study, "coordinator", "cy", "a third horse")
    ada, bo, cy = (desk.read(account_named, username=name).person for name in (OWNER, "bo", "cy"))
    who = trial.person()
    trial.consented(trial.person("002"), obtained_by=ada)
    assert (proposed(trial), logged(trial)) == ([], ())
    given = trial.consented(who, obtained_by=bo, on=ON)
    (words,) = proposed(trial)
    assert "obtained by Bo, to whom this was not delegated that day" in words
    assert logged(trial) == ("01-001",)
    change: dict[str, Any] = {"study": trial.study, "consent": given, "reason": "it was Cy"}
    desk.run(acts.correct_consent, version=1, obtained_by=cy, **change)
    assert (proposed(trial), logged(trial)) == ([], ())
    desk.run(acts.correct_consent, version=2, consented_on=CONSENTED_ON, **change)
    assert len(proposed(trial)) == 1  # Cy was delegated later than that
    desk.run(acts.void_consent, version=3, **change)
    assert proposed(trial) == []


def test_a_consent_by_somebody_whose_training_had_lapsed_is_told(quick: Trial):
    desk = quick.desk
    ada = desk.read(account_named, username=OWNER).person
    desk.run(
        add_training,
        study=quick.study,
        person=ada,
        topic="gcp",
        completed_on=date(2023, 1, 1),
        expires_on=date(2026, 1, 1),
    )
    quick.consented(obtained_by=ada)
    (words,) = proposed(quick)
    assert "training in good clinical practice did not hold" in words


def test_a_consent_found_not_valid_keeps_what_was_done_and_stops_what_would_be_new(trial: Trial):
    trial.list("A", "P")
    who = trial.ready("001")
    trial.visit(who, "2026-03-02")
    trial.allocate(who)
    (consent,) = trial.desk.read(
        lambda read: read.rows(sa.select(Consent.TABLE.c.id).where(Consent.TABLE.c.participant == who))
    )
    found: dict[str, Any] = {"study": trial.study, "consent": consent.id}
    said: dict[str, Any] = {
        "invalid_found_on": date(2026, 3, 3),
        "voids_participation": True,
        "reason": "Signed by a neighbour.",
    }
    for wrong, words in (
        ({"invalid_found_on": ON + DAY}, "future"),
        ({"invalid_found_on": CONSENTED_ON - DAY}, "cannot have been found"),
        ({"reason": "  "}, "needs a reason"),
        ({"voids_participation": None}, "left empty"),
    ):
        with pytest.raises(UserError, match=words):
            trial.desk.run(acts.find_consent_invalid, **{**found, **said, **wrong})
    done = trial.desk.run(acts.find_consent_invalid, **found, **said)
    with pytest.raises(UserError, match="was found not valid on"):
        trial.desk.run(acts.find_consent_invalid, **found, **said)
    assert proposed(trial) == [f"Consent of {written_day(CONSENTED_ON)} found not valid: Signed by a neighbour."]
    assert (count(trial, Treatment), count(trial, Participant)) == (1, 1)
    with pytest.raises(UserError, match="found not valid by then"):
        trial.visit(who, "2026-03-04")
    trial.visit(who, "2026-03-02")  # before the finding: it happened, and is told
    undone(trial.desk, undone(trial.desk, done))
    with pytest.raises(UserError, match="found not valid by then"):
        trial.visit(who, "2026-03-04")
    trial.consented(who, on=date(2026, 3, 4))
    trial.visit(who, "2026-03-04")
    with pytest.raises(UserError, match="needs a reason"):
        trial.desk.run(acts.find_consent_valid, **found)
    trial.desk.run(acts.find_consent_valid, **found, reason="the signature was the participant's")
    assert proposed(trial) == []
    with pytest.raises(UserError, match="not found invalid"):
        trial.desk.run(acts.find_consent_valid, **found, reason="again")
    assert trial.desk.verify().proven


def test_nobody_is_allocated_on_a_consent_found_not_valid(trial: Trial):
    trial.list("A", "P")
    who = trial.ready("001")
    (consent,) = trial.desk.read(
        lambda read: read.rows(sa.select(Consent.TABLE.c.id).where(Consent.TABLE.c.participant == who))
    )
    trial.desk.run(
        acts.find_consent_invalid,
        study=trial.study,
        consent=consent.id,
        invalid_found_on=ON,
        reason="A page was missing.",
        voids_participation=False,
    )
    with pytest.raises(UserError, match="found not valid by then"):
        trial.allocate(who)


def test_a_time_of_consent_still_to_come_is_refused(quick: Trial):
    with pytest.raises(UserError, match="time is still to come"):
        quick.consented(on=ON, consented_at="23:59")
    quick.consented(quick.person("002"), on=ON, consented_at="00:00")
    quick.consented(quick.person("003"), on=CONSENTED_ON, consented_at="23:59")


# What guards participants


def test_a_gate_is_taken_away_and_a_blinding_changed_by_the_principal_investigator_alone(desk: Application):
    trial = Trial(desk, blinding="double", needs_insurance=True)
    change: dict[str, Any] = {"study": trial.study, "version": 1, "reason": "it is in the way"}
    a_colleague(desk, trial.study, "coordinator")
    desk.sign_in("bo", "another horse")
    for fields in ({"needs_insurance": False}, {"needs_insurance": None}, {"blinding": "open"}):
        with pytest.raises(NotAllowed, match="Principal investigator"):
            desk.run(correct_study, **change, **fields)
    desk.run(correct_study, **change, title="A title", blinding="double", needs_contract=True)
    desk.sign_in(OWNER, PASSWORD)
    desk.run(correct_study, **{**change, "version": 2}, needs_contract=False, blinding="open", needs_insurance=False)


def test_no_gate_is_taken_away_under_which_somebody_was_allocated(quick: Trial):
    quick.list("A")
    quick.allocate(quick.ready())
    change: dict[str, Any] = {"study": quick.study, "reason": "no longer wanted"}
    quick.desk.run(correct_study, version=1, needs_insurance=True, **change)
    with pytest.raises(UserError, match="it stays"):
        quick.desk.run(correct_study, version=2, needs_insurance=False, **change)
