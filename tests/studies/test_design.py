"""A study's design: what is added, corrected, voided and signed, and what is refused in words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.support.acts import a_colleague, a_participant, a_site, a_study
from tests.support.desks import PASSWORD
from tests.support.statements import counted
from trialdesk.application import Application
from trialdesk.base.errors import Conflict, NotAllowed, UserError
from trialdesk.base.ids import Id
from trialdesk.studies import actions, queries

TODAY = date(2026, 3, 4)


def done(desk: Application, action: Any, study: Id, **arguments: Any) -> Id:
    made: Id = desk.run(action, study=study, **arguments).result
    return made


def a_protocol(desk: Application, study: Id, label: str = "1.0", **fields: Any) -> Id:
    return done(desk, actions.add_protocol_version, study, label=label, **{"dated_on": date(2026, 1, 5), **fields})


def test_the_synopsis_is_kept_with_the_study(desk: Application):
    study = a_study(desk, objective="Whether it helps", design="Parallel groups", planned_participants=120)
    desk.run(
        actions.correct_study,
        reason="Agreed",
        study=study,
        version=1,
        recruitment_starts_on=date(2026, 3, 1),
        recruitment_ends_on=date(2027, 3, 1),
        needs_contract=True,
    )
    row = desk.read(queries.study, study=study)
    assert (row.objective, row.design, row.planned_participants) == ("Whether it helps", "Parallel groups", 120)
    assert (row.recruitment_ends_on, row.needs_contract, row.needs_insurance) == (date(2027, 3, 1), True, None)


def test_for_whom_papers_are_set_is_said_with_the_study_or_later(desk: Application):
    study = a_study(desk, papers="us")
    assert desk.read(queries.papers_for, study=study) == "us"
    desk.run(actions.correct_study, reason="Sent home", study=study, version=1, papers="cn")
    assert desk.read(queries.papers_for, study=study) == "cn"
    assert desk.read(queries.papers_for, study=a_study(desk, "OTHER")) == ""
    asked = [field for field in actions.create_study.asks if field.name == "papers"]
    assert [code for code, _words in asked[0].choices] == ["us", "eu", "cn"]


def test_the_pi_signs_a_protocol_version_and_a_change_supersedes_the_signature(desk: Application):
    study = a_study(desk)
    protocol = a_protocol(desk, study)
    with pytest.raises(NotAllowed, match="password"):
        desk.run(actions.sign_protocol_version, study=study, protocol_version=protocol)
    with pytest.raises(NotAllowed):
        desk.run(actions.sign_protocol_version, signed_with="not the word", study=study, protocol_version=protocol)
    done_ = desk.run(actions.sign_protocol_version, signed_with=PASSWORD, study=study, protocol_version=protocol)
    assert not done_.undoable
    (row,) = desk.read(queries.protocol_versions, study=study)
    assert row.signed
    (signature,) = row.signatures
    assert (signature.name, signature.of_version, signature.meaning) == ("Ada Lind", 1, actions.APPROVE_PROTOCOL)
    with pytest.raises(UserError, match="signed as it stands"):
        desk.run(actions.sign_protocol_version, signed_with=PASSWORD, study=study, protocol_version=protocol)
    desk.run(
        actions.correct_protocol_version,
        reason="Typing",
        study=study,
        protocol_version=protocol,
        version=1,
        effective_on=date(2026, 2, 1),
    )
    (row,) = desk.read(queries.protocol_versions, study=study)
    assert not row.signed
    desk.run(actions.sign_protocol_version, signed_with=PASSWORD, study=study, protocol_version=protocol)
    (row,) = desk.read(queries.protocol_versions, study=study)
    assert [(each.of_version, each.stands) for each in row.signatures] == [(1, False), (2, True)]
    assert desk.verify().proven


def test_only_the_pi_signs(sqlite_desk: Application):
    study = a_study(sqlite_desk)
    protocol = a_protocol(sqlite_desk, study)
    a_colleague(sqlite_desk, study, "coordinator")
    sqlite_desk.sign_in("bo", "another horse")
    with pytest.raises(NotAllowed):
        sqlite_desk.run(
            actions.sign_protocol_version, signed_with="another horse", study=study, protocol_version=protocol
        )


def test_the_protocol_in_force_is_the_one_that_took_effect_last(desk: Application):
    study = a_study(desk)
    first = a_protocol(desk, study, effective_on=date(2026, 1, 10))
    a_protocol(
        desk,
        study,
        "2.0",
        dated_on=date(2026, 2, 1),
        effective_on=date(2026, 3, 1),
        amendment_of=first,
        substantial=True,
        change_summary="A visit more",
    )
    a_protocol(desk, study, "3.0", dated_on=date(2026, 3, 1))

    def in_force(on: date) -> str | None:
        found = desk.read(queries.protocol_in_force, study=study, on=on)
        return found.label if found else None

    assert [in_force(date(2026, month, 1)) for month in (1, 2, 3, 4)] == [None, "1.0", "2.0", "2.0"]
    with pytest.raises(UserError, match="still used: Protocol version, field Amends"):
        desk.run(actions.void_protocol_version, reason="Mistyped", study=study, protocol_version=first, version=1)


@pytest.mark.parametrize(
    ("action", "fields", "words"),
    [
        (actions.add_protocol_version, {"label": "1.0", "dated_on": TODAY}, "already a protocol version"),
        (actions.add_protocol_version, {"label": "2", "dated_on": date(2026, 3, 5)}, "still to come"),
        (
            actions.add_protocol_version,
            {"label": "2", "dated_on": TODAY, "effective_on": date(2026, 3, 3)},
            "before it is dated",
        ),
        (actions.add_protocol_version, {"label": "2"}, "left empty"),
        (actions.add_site, {"number": "01"}, "already a site"),
        (actions.add_site, {"number": " "}, "left empty"),
        (actions.add_site, {"number": "02", "target": -1}, "less than 0"),
        (actions.add_arm, {"code": "a", "name": "Again"}, "already an arm"),
        (actions.add_arm, {"code": "B", "name": "B", "ratio": 0}, "less than 1"),
        (
            actions.add_planned_visit,
            {"number": Decimal(2), "name": "V2", "planned_day": 8, "window_before": -1},
            "cannot be negative",
        ),
        (actions.add_planned_visit, {"number": Decimal(2), "name": "V2", "window_after": 1}, "needs the planned day"),
        (actions.add_planned_visit, {"number": Decimal(2), "name": "V2", "planned_day": 0}, "no study day 0"),
        (actions.add_planned_visit, {"number": Decimal("1.0"), "name": "V1 again"}, "already a planned visit"),
        (actions.add_planned_visit, {"number": Decimal(2), "name": "V2", "anchor": "moon"}, "not one of the choices"),
        (actions.add_activity, {"name": "ecg"}, "already an activity"),
        (actions.add_criterion, {"code": "I1", "category": "exclusion", "text": "x"}, "already a criterion"),
        (actions.add_criterion, {"code": "I2", "category": "inclusion", "text": " "}, "left empty"),
        (actions.add_recruitment_target, {"month": date(2026, 4, 20), "planned": 3}, "already a target"),
        (actions.add_recruitment_target, {"month": date(2026, 5, 1), "planned": -3}, "less than 0"),
    ],
)
def test_what_a_design_may_not_say(sqlite_desk: Application, action: Any, fields: dict[str, Any], words: str):
    desk, study = sqlite_desk, a_study(sqlite_desk)
    a_protocol(desk, study)
    a_site(desk, study)
    desk.run(actions.add_arm, study=study, code="A", name="Active")
    desk.run(actions.add_planned_visit, study=study, number=Decimal(1), name="V1", planned_day=1)
    desk.run(actions.add_activity, study=study, name="ECG")
    desk.run(actions.add_criterion, study=study, code="I1", category="inclusion", text="Adult")
    desk.run(actions.add_recruitment_target, study=study, month=date(2026, 4, 1), planned=5)
    with pytest.raises(UserError, match=words):
        desk.run(action, study=study, **fields)


def test_recruitment_does_not_end_before_it_begins(sqlite_desk: Application):
    with pytest.raises(UserError, match="end before it begins"):
        a_study(sqlite_desk, recruitment_starts_on=TODAY, recruitment_ends_on=date(2026, 3, 3))


def test_a_version_amends_an_earlier_one_and_not_itself(sqlite_desk: Application):
    study = a_study(sqlite_desk)
    late = a_protocol(sqlite_desk, study, "2.0", dated_on=TODAY)
    with pytest.raises(UserError, match="dated later, 2026-03-04"):
        a_protocol(sqlite_desk, study, "2.1", dated_on=date(2026, 3, 3), amendment_of=late)
    with pytest.raises(UserError, match="cannot amend itself"):
        sqlite_desk.run(
            actions.correct_protocol_version,
            reason="So",
            study=study,
            protocol_version=late,
            version=1,
            amendment_of=late,
        )


def test_a_visit_counted_from_allocation_may_be_on_day_0(sqlite_desk: Application):
    study = a_study(sqlite_desk)
    sqlite_desk.run(
        actions.add_planned_visit,
        study=study,
        number=Decimal(1),
        name="Allocation",
        anchor="allocation",
        planned_day=0,
        window_after=2,
    )
    (row,) = sqlite_desk.read(queries.planned_visits, study=study)
    assert (row.anchor, row.planned_day, row.window_before, row.window_after) == ("allocation", 0, None, 2)


def test_the_schedule_is_a_grid_of_activities_and_visits(desk: Application):
    study = a_study(desk)
    visits = [
        done(desk, actions.add_planned_visit, study, number=Decimal(number), name=f"V{number}", planned_day=7 * number)
        for number in (1, 2, 3)
    ]
    ecg = done(desk, actions.add_activity, study, name="ECG", category="procedure", order=2)
    consent = done(desk, actions.add_activity, study, name="Consent", category="consent", order=1)
    for activity, visit in ((ecg, visits[0]), (ecg, visits[2]), (consent, visits[0])):
        desk.run(actions.schedule_activity, study=study, activity=activity, planned_visit=visit)
    with pytest.raises(UserError, match="already scheduled"):
        desk.run(actions.schedule_activity, study=study, activity=ecg, planned_visit=visits[0])
    with counted(desk) as said:
        found = desk.read(queries.schedule, study=study)
    assert len([each for each in said if each.startswith("SELECT")]) == 3
    assert [row.name for row in found.activities] == ["Consent", "ECG"]
    assert [[mark is not None for mark in row] for row in found.grid()] == [[True, False, False], [True, False, True]]
    mark = found.grid()[1][2]
    with pytest.raises(UserError, match="still used: Scheduled activity"):
        desk.run(actions.void_planned_visit, reason="Dropped", study=study, planned_visit=visits[2], version=1)
    desk.run(actions.void_scheduled_activity, reason="Dropped", study=study, scheduled_activity=mark.id, version=1)
    voided = desk.run(actions.void_planned_visit, reason="Dropped", study=study, planned_visit=visits[2], version=1)
    assert [row.name for row in desk.read(queries.schedule, study=study).visits] == ["V1", "V2"]
    assert voided.transaction is not None
    desk.undo(voided.transaction, reason="Kept after all")
    assert len(desk.read(queries.schedule, study=study).visits) == 3


def test_a_site_is_activated_once(desk: Application):
    study = a_study(desk)
    site = a_site(desk, study)
    with pytest.raises(UserError, match="still to come"):
        desk.run(actions.activate_site, study=study, site=site, activated_on=date(2026, 3, 5))
    desk.run(actions.activate_site, study=study, site=site, activated_on=TODAY)
    with pytest.raises(UserError, match="active since 2026-03-04"):
        desk.run(actions.activate_site, study=study, site=site, activated_on=TODAY)
    person = desk.session.account.person if desk.session else ""
    desk.run(actions.correct_site, reason="Named", study=study, site=site, version=2, pi=person, target=40)
    (row,) = desk.read(queries.sites, study=study)
    assert (row.activated_on, row.pi, row.target) == (TODAY, person, 40)


def test_a_site_with_participants_is_not_voided(desk: Application):
    study = a_study(desk)
    site, empty = a_site(desk, study), a_site(desk, study, "02")
    a_participant(desk, study, site)
    with pytest.raises(UserError, match="still used: Participant, field Site"):
        desk.run(actions.void_site, reason="Mistyped", study=study, site=site, version=1)
    desk.run(actions.void_site, reason="Mistyped", study=study, site=empty, version=1)
    assert [row.number for row in desk.read(queries.sites, study=study)] == ["01"]


@pytest.mark.parametrize("number", ["1", "001", "０１", " 01 "])
def test_a_number_that_looks_like_another_sites_is_refused(desk: Application, number: str):
    study = a_study(desk)
    a_site(desk, study)
    with pytest.raises(UserError, match="site"):
        a_site(desk, study, number)
    assert [row.number for row in desk.read(queries.sites, study=study)] == ["01"]


def test_a_site_keeps_its_number_once_participants_are_numbered_after_it(desk: Application):
    study = a_study(desk)
    site, empty = a_site(desk, study), a_site(desk, study, "02")
    a_participant(desk, study, site)
    with pytest.raises(UserError, match="numbered after this site"):
        desk.run(actions.correct_site, reason="Renumbered", study=study, site=site, version=1, number="09")
    desk.run(actions.correct_site, reason="Named", study=study, site=site, version=1, name="Harbour Hospital")
    desk.run(actions.correct_site, reason="Renumbered", study=study, site=empty, version=1, number="09")
    assert [row.number for row in desk.read(queries.sites, study=study)] == ["01", "09"]


def test_the_recruitment_plan_is_kept_by_the_month(desk: Application):
    study = a_study(desk)
    site = a_site(desk, study)
    target = done(desk, actions.add_recruitment_target, study, month=date(2026, 4, 17), planned=5)
    done(desk, actions.add_recruitment_target, study, month=date(2026, 4, 1), planned=2, site=site)
    rows = desk.read(queries.recruitment_plan, study=study)
    assert [(row.month, row.site, row.planned) for row in rows] == [
        (date(2026, 4, 1), None, 5),
        (date(2026, 4, 1), site, 2),
    ]
    then = desk.position()
    desk.run(
        actions.correct_recruitment_target,
        reason="Replanned",
        study=study,
        recruitment_target=target,
        version=1,
        month=date(2026, 6, 30),
    )
    with desk.reading_at(then) as read:
        assert queries.recruitment_plan(read, study=study) == rows
    assert [row.month.month for row in desk.read(queries.recruitment_plan, study=study)] == [4, 6]


@pytest.mark.parametrize("said", [{"reason": ""}, {"reason": "Typing", "version": 7}])
def test_a_correction_has_its_reason_and_knows_what_it_corrects(sqlite_desk: Application, said: dict[str, Any]):
    study = a_study(sqlite_desk)
    arm = done(sqlite_desk, actions.add_arm, study, code="A", name="Active")
    with pytest.raises((UserError, Conflict)):
        sqlite_desk.run(actions.correct_arm, **{"study": study, "arm": arm, "version": 1, "name": "Drug", **said})
    assert sqlite_desk.read(queries.arms, study=study)[0].name == "Active"


def test_a_monitor_designs_nothing(sqlite_desk: Application):
    study = a_study(sqlite_desk)
    a_colleague(sqlite_desk, study, "monitor")
    sqlite_desk.sign_in("bo", "another horse")
    for action, fields in (
        (actions.add_activity, {"name": "ECG"}),
        (actions.add_criterion, {"code": "I1", "category": "inclusion", "text": "Adult"}),
        (actions.add_protocol_version, {"label": "1", "dated_on": TODAY}),
    ):
        with pytest.raises(NotAllowed):
            sqlite_desk.run(action, study=study, **fields)
