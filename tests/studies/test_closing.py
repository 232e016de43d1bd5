"""Closing a study: what may stay open, who signs, what a closed study still takes, and opening it again."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.overview.stages import keep
from tests.support.acts import ON, a_colleague, a_participant, a_site, a_study
from tests.support.desks import PASSWORD
from trialdesk.application import Application
from trialdesk.base.errors import NotAllowed, UserError
from trialdesk.base.ids import Id
from trialdesk.enrollment.actions import erase_identity, identify
from trialdesk.enrollment.queries import participant
from trialdesk.enrollment.records import Participant, Treatment
from trialdesk.ethics.records import Committee, Condition, Decision, Question, Submission
from trialdesk.overview.clocks import clocks
from trialdesk.people.signing import signatures
from trialdesk.persistence.vault import Hidden
from trialdesk.studies.actions import add_arm, add_site, correct_study
from trialdesk.studies.closing import (
    CLOSE,
    add_registration,
    close_study,
    correct_registration,
    reopen_study,
    void_registration,
)
from trialdesk.studies.queries import study as study_row
from trialdesk.studies.records import CloseOut, Registration

KEPT: dict[str, Any] = {"archive": "Cellar 2", "custodian": "Ada Lind", "retained_until": date(2041, 3, 4)}


def closed(desk: Application, study: Id, **fields: Any) -> Id:
    made: Id = desk.run(close_study, study=study, **{"closed_on": ON, **KEPT, **fields}, signed_with=PASSWORD).result
    return made


def still_in(desk: Application, study: Id) -> Id:
    """Bring in somebody who is in the study."""
    site = a_site(desk, study)
    arm = desk.run(add_arm, study=study, code="A", name="A").result
    person = keep(desk, Participant, study, site=site, number="001", identifier="01-001", imported=True)
    keep(desk, Treatment, study, participant=person, planned_arm=arm)
    return site


def test_an_empty_study_is_closed_by_signature(desk: Application):
    study = a_study(desk)
    made = closed(desk, study, outcome="No difference", grounds="Nothing is open, so this says nothing.")
    assert desk.read(study_row, study=study).closed_on == ON
    (signed,) = desk.read(signatures, record=CloseOut, study=study)[made]
    assert (signed.meaning, signed.stands, signed.name) == (CLOSE, True, "Ada Lind")
    assert desk.last_step() is None, "closing is not taken back but opened again"


def test_nobody_closes_it_without_a_password_or_the_right(desk: Application):
    study = a_study(desk)
    with pytest.raises(NotAllowed, match="password"):
        desk.run(close_study, study=study, closed_on=ON, **KEPT)
    a_colleague(desk, study, "coordinator", "cy", "a third horse")
    desk.sign_in("cy", "a third horse")
    with pytest.raises(NotAllowed, match="role"):
        desk.run(close_study, study=study, closed_on=ON, **KEPT, signed_with="a third horse")


def test_somebody_in_the_study_keeps_it_open_whatever_the_grounds(desk: Application):
    study = a_study(desk, imported=True)
    still_in(desk, study)
    with pytest.raises(UserError, match=r"1 participant is still in the study"):
        closed(desk, study, grounds="We are tired")
    assert desk.read(study_row, study=study).closed_on is None


def test_what_may_stay_open_needs_its_grounds(desk: Application):
    study = a_study(desk)
    committee = keep(desk, Committee, study, name="EC")
    asked = keep(desk, Submission, study, committee=committee, kind="initial", title="P", submitted_on=ON)
    decision = keep(desk, Decision, study, submission=asked, decided_on=ON, outcome="approved_with_conditions")
    keep(desk, Condition, study, decision=decision, text="Insure")
    keep(desk, Condition, study, decision=decision, text="Paint", met_on=ON)
    for words in ("Why?", "How?"):
        keep(desk, Question, study, submission=asked, asked_on=ON, text=words)
    a_participant(desk, study, a_site(desk, study))
    with pytest.raises(UserError, match=r"1 participant is still in screening.*2 questions.*1 condition") as told:
        closed(desk, study)
    assert told.value.where == "Why it is closed with open points"
    made = closed(desk, study, grounds="The committee was dissolved")
    with desk.reading() as read:
        kept = {row.id: row for row in read.rows(CloseOut.TABLE.select())}[made]
    assert (kept.grounds, kept.open_points) == (
        "The committee was dissolved",
        "screening:1 questions:2 conditions:1",
    )


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"closed_on": date(2026, 3, 5)}, "still to come"),
        ({"retained_until": date(2026, 1, 1)}, "destroyed before"),
        ({"data_locked_on": date(2027, 1, 1)}, "still to come"),
        ({"archive": " "}, "left empty"),
    ],
)
def test_what_cannot_be_is_refused(sqlite_desk: Application, wrong: dict[str, Any], said: str):
    study = a_study(sqlite_desk)
    with pytest.raises(UserError, match=said):
        closed(sqlite_desk, study, **wrong)


def test_a_closed_study_takes_nobody_in_and_changes_no_design(desk: Application):
    study = a_study(desk)
    site = a_site(desk, study)
    closed(desk, study)
    with pytest.raises(UserError, match="no longer change"):
        a_participant(desk, study, site)
    with pytest.raises(UserError, match="no longer change"):
        desk.run(add_arm, study=study, code="A", name="A")
    with pytest.raises(UserError, match="closed since"):
        closed(desk, study)
    desk.run(
        correct_study,
        study=study,
        version=desk.read(study_row, study=study).version,
        title="A title",
        reason="Was missing",
    )
    other = a_study(desk, "OTHER")
    a_participant(desk, other, a_site(desk, other))


def test_a_closed_study_still_erases_who_somebody_was(desk: Application):
    study = a_study(desk)
    person = a_participant(desk, study, a_site(desk, study))
    desk.run(identify, study=study, participant=person, name="Lin")
    closed(desk, study, grounds="The committee was dissolved")
    with pytest.raises(UserError, match="no longer change"):
        desk.run(identify, study=study, participant=person, name="Li", reason="Misspelt")
    desk.run(erase_identity, study=study, participant=person, decided_on=ON, reason="The period of keeping is over")
    assert desk.read(participant, study=study, participant=person, on=ON).name_hidden is Hidden.ERASED


def test_a_step_taken_back_does_not_change_a_closed_study(desk: Application):
    study = a_study(desk)
    step = desk.run(add_arm, study=study, code="A", name="A").transaction
    closed(desk, study)
    assert step is not None
    with pytest.raises(UserError, match="no longer change"):
        desk.undo(step)


def test_it_is_opened_again_by_an_act_of_its_own(desk: Application):
    study = a_study(desk)
    site = a_site(desk, study)
    made = closed(desk, study)
    with pytest.raises(UserError, match="reason"):
        desk.run(reopen_study, study=study, close_out=made, reopened_on=ON, signed_with=PASSWORD)
    with pytest.raises(UserError, match="before it was closed"):
        desk.run(
            reopen_study,
            study=study,
            close_out=made,
            reopened_on=date(2026, 3, 3),
            reason="A late event",
            signed_with=PASSWORD,
        )
    desk.run(reopen_study, study=study, close_out=made, reopened_on=ON, reason="A late event", signed_with=PASSWORD)
    assert desk.read(study_row, study=study).closed_on is None
    a_participant(desk, study, site)
    with pytest.raises(UserError, match="already"):
        desk.run(reopen_study, study=study, close_out=made, reopened_on=ON, reason="Again", signed_with=PASSWORD)


def test_what_the_registries_are_told_ends_their_clocks(desk: Application):
    study = a_study(desk, ended="2026-01-10")
    desk.run(add_site, study=study, number="01", country="US")
    told = {"registry": "ClinicalTrials.gov", "purpose": "results"}
    entry = desk.run(add_registration, study=study, **told, submitted_on=date(2026, 3, 1), reference="NCT1").result
    (clock,) = [each for each in desk.read(clocks, on=ON) if each.rule.id == "CTGOV-RES"]
    assert (clock.due, clock.done_on, clock.state) == (date(2027, 1, 10), date(2026, 3, 1), "done")
    with pytest.raises(UserError, match="still to come"):
        desk.run(add_registration, study=study, **told, submitted_on=date(2026, 3, 5))
    desk.run(
        correct_registration,
        study=study,
        registration=entry,
        version=1,
        purpose="update",
        reason="It was an update",
    )
    assert [each.state for each in desk.read(clocks, on=ON) if each.rule.id == "CTGOV-RES"] == ["running"]
    desk.run(void_registration, study=study, registration=entry, version=2, reason="Twice")
    with desk.reading() as read:
        assert [row.voided for row in read.rows(Registration.TABLE.select())] == [True]
