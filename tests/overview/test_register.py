from __future__ import annotations

from datetime import date

import pytest

from tests.support import ethics
from tests.support.acts import ON, a_participant, a_site, a_study
from tests.support.statements import counted
from trialdesk.application import CATALOGUE
from trialdesk.ethics.actions import void_committee
from trialdesk.overview.changes import Unseen
from trialdesk.overview.register import choices, lines
from trialdesk.studies.actions import add_arm


def _lines(desk, kind, study, **more):
    return desk.read(lines, kind=kind, study=study, on=ON, catalogue=CATALOGUE, **more)


@pytest.fixture
def study(sqlite_desk):
    return a_study(sqlite_desk)


def test_records_stand_in_the_order_they_were_made_with_their_links_named(sqlite_desk, study):
    committee = ethics.a_committee(sqlite_desk, study, "Harbour committee")
    for title in ("Second thoughts", "Afterthoughts"):
        ethics.a_submission(sqlite_desk, study, committee, title=title)
    found = _lines(sqlite_desk, "ethics.submission", study)
    assert [line.name for line in found] == ["Second thoughts", "Afterthoughts"]
    assert {line.value("committee") for line in found} == {"Harbour committee"}
    assert {line.values["committee"] for line in found} == {committee}


def test_records_that_have_an_order_stand_in_it(sqlite_desk, study):
    for code, order in (("C", None), ("B", 2), ("A", 1)):
        sqlite_desk.run(add_arm, study=study, code=code, name=f"Arm {code}", order=order)
    assert [line.value("code") for line in _lines(sqlite_desk, "studies.arm", study)] == ["A", "B", "C"]


def test_a_record_without_a_name_of_its_own_is_named_by_whose_it_is(sqlite_desk, study):
    person = a_participant(sqlite_desk, study, a_site(sqlite_desk, study))
    (line,) = _lines(sqlite_desk, "enrollment.participant", study)
    assert (line.id, line.name) == (person, "01-001")


def test_voided_ones_and_those_of_other_studies_are_left_out(sqlite_desk, study):
    other = a_study(sqlite_desk, "OTHER")
    ethics.a_committee(sqlite_desk, other, "Elsewhere")
    gone = ethics.a_committee(sqlite_desk, study, "Gone")
    sqlite_desk.run(void_committee, reason="Twice", study=study, committee=gone, version=1)
    assert _lines(sqlite_desk, "ethics.committee", study) == ()
    (line,) = _lines(sqlite_desk, "ethics.committee", study, only=gone)
    assert line.voided


def test_those_that_point_to_one_record_are_asked_for(sqlite_desk, study):
    one, other = (ethics.a_submission(sqlite_desk, study, ethics.a_committee(sqlite_desk, study, n)) for n in "ab")
    made = ethics.a_decision(sqlite_desk, study, one)
    ethics.a_decision(sqlite_desk, study, other)
    assert [line.id for line in _lines(sqlite_desk, "ethics.decision", study, where={"submission": one})] == [made]


def test_choices_are_by_name_and_include_the_directory(sqlite_desk, study):
    ethics.a_committee(sqlite_desk, study, "Zeta")
    ethics.a_committee(sqlite_desk, study, "alpha")
    found = sqlite_desk.read(
        choices,
        kinds=("ethics.committee", "people.person", "enrollment.identity"),
        study=study,
        on=ON,
        catalogue=CATALOGUE,
    )
    assert [line.name for line in found["ethics.committee"]] == ["alpha", "Zeta"]
    assert [line.name for line in found["people.person"]] == ["Ada Lind"]
    assert "enrollment.identity" not in found


@pytest.mark.parametrize("kind", ["enrollment.identity", "enrollment.allocation"])
def test_what_is_not_open_to_everybody_is_never_a_register(sqlite_desk, study, kind):
    with pytest.raises(TypeError):
        _lines(sqlite_desk, kind, study)


def test_what_tells_an_arm_is_withheld_from_who_is_blinded(sqlite_desk, study):
    from tests.support.trial import consented
    from trialdesk.enrollment.actions import record_exposure

    person = a_participant(sqlite_desk, study, a_site(sqlite_desk, study))
    consented(sqlite_desk, study, person)
    sqlite_desk.run(record_exposure, study=study, participant=person, treatment="Verum", started_on="2026-03-03")
    (line,) = _lines(sqlite_desk, "enrollment.exposure", study)
    assert line.value("treatment") is Unseen.WITHHELD
    assert line.value("participant") == "01-001"
    assert "Verum" not in repr(line)


def test_many_cost_no_more_than_few(sqlite_desk, study):
    committee = ethics.a_committee(sqlite_desk, study)
    asked = []
    for count in (1, 20):
        for number in range(count):
            ethics.a_submission(
                sqlite_desk, study, committee, title=f"{count} {number}", submitted_on=date(2026, 1, 10)
            )
        with counted(sqlite_desk) as said:
            _lines(sqlite_desk, "ethics.submission", study)
        asked.append(len(said))
    assert asked[0] == asked[1]
