"""What a report asks for and nobody recorded keeps it from being final, by name; once it is recorded, it is final."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.overview.stages import change, keep
from tests.support.acts import a_colleague, a_site, a_study
from tests.support.desks import PASSWORD
from tests.support.ethics import a_committee, a_decision, a_submission, a_version, done
from trialdesk.application import Application
from trialdesk.base.errors import UserError
from trialdesk.base.ids import Id
from trialdesk.documents.actions import attach
from trialdesk.documents.issued import issues
from trialdesk.documents.issuing import finalise
from trialdesk.enrollment.queries import participants
from trialdesk.enrollment.records import (
    Consent,
    Disposition,
    Exposure,
    Participant,
    Population,
    ProductMovement,
    Treatment,
    Visit,
)
from trialdesk.reporting.catalog import report_named
from trialdesk.reporting.making import facts
from trialdesk.reporting.structure import Bullets, Definitions
from trialdesk.safety.actions import sign_adverse_event
from trialdesk.safety.records import AdverseEvent
from trialdesk.studies.actions import add_arm, add_criterion, add_protocol_version
from trialdesk.studies.closing import add_registration, close_study
from trialdesk.studies.records import Study

HELD = (
    "dsur",
    "ind-annual",
    "ethics-progress",
    "sae-log",
    "filing",
    "filing-annual",
    "e3-synopsis",
    "monitoring-report",
)
PLAN: dict[str, Any] = {
    "title": "Velmorin in mild impairment",
    "protocol_number": "HB-1",
    "registry_number": "NCT00000001",
    "phase": "PHASE III",
    "indication": "Mild impairment",
    "sponsor": "Harbour University",
    "blinding": "open",
    "unblinded": True,
    "objective": "To see whether it helps.",
    "design": "One arm",
    "planned_participants": 10,
    "recruitment_starts_on": date(2025, 1, 5),
    "recruitment_ends_on": date(2026, 12, 31),
    "started": "2025-01-05",
}


def a_whole_study(desk: Application, **but: Any) -> Id:
    """Return a study of which everything is recorded that these reports ask for and the record has a place for."""
    study = a_study(desk, **{**PLAN, **but})
    site = a_site(desk, study)
    arm = done(desk, add_arm, study, code="A", name="Velmorin")
    for code, category in (("I1", "inclusion"), ("E1", "exclusion")):
        done(desk, add_criterion, study, code=code, category=category, text="As the protocol says.")
    approval = a_submission(desk, study, a_committee(desk, study), submitted_on=date(2025, 1, 1))
    decision = a_decision(
        desk, study, approval, decided_on=date(2025, 1, 2), reference="EC-1", expires_on=date(2027, 1, 1)
    )
    done(desk, add_protocol_version, study, label="1.0", dated_on=date(2024, 12, 1))
    form = a_version(desk, study, dated_on=date(2024, 12, 1), decision=decision)
    for registry, reference in (("IND", "123456"), ("医学研究登记备案信息系统", "MR-1")):
        done(
            desk, add_registration, study, registry=registry, purpose="registration", submitted_on=date(2025, 1, 3),
            reference=reference,
        )  # fmt: skip
    who = keep(
        desk, Participant, study, site=site, number="001", identifier="01-001", imported=True, screened_on="2025-01-10",
        informed_consent_on="2025-01-10", reference_start="2025-01-20", first_exposure="2025-01-20", age=61,
        age_unit="YEARS", sex="F", race="ASIAN", ethnicity="NOT HISPANIC OR LATINO",
    )  # fmt: skip
    keep(desk, Consent, study, participant=who, consent_version=form, consented_on=date(2025, 1, 10), copy_given=True)
    keep(desk, Treatment, study, participant=who, planned_arm=arm, actual_arm=arm)
    keep(desk, Visit, study, participant=who, name="Week 4", happened=True, started_on="2025-02-20")
    keep(
        desk, Exposure, study, participant=who, treatment="Velmorin", dose=Decimal(10), dose_unit="mg",
        frequency="QD", started_on="2025-01-20", ended_on="2025-02-20",
    )  # fmt: skip
    keep(
        desk, ProductMovement, study, site=site, moved="received", moved_on=date(2025, 1, 6), product="Velmorin 10 mg",
        batch="A1", quantity=10, unit="kits",
    )  # fmt: skip
    keep(desk, Population, study, participant=who, code="ITT", included=True)
    event = keep(
        desk, AdverseEvent, study, participant=who, number="01-AE-001", term="Fainted", preferred_term="Syncope",
        system_organ_class="Nerves", serious=True, hospitalised=True, grade=3, related="no", expected=False,
        outcome="RECOVERED/RESOLVED", started_on="2025-02-01", aware_at=datetime(2025, 2, 1, 9, tzinfo=UTC),
        reported_at=datetime(2025, 2, 1, 12, tzinfo=UTC), reported_to="Harbour University",
    )  # fmt: skip
    desk.run(sign_adverse_event, study=study, adverse_event=event, signed_with=PASSWORD)
    for category in ("protocol", "consent", "approval", "contract"):
        done(
            desk, attach, study, title=category, category=category, file_name=f"{category}.txt", data=category.encode()
        )
    a_colleague(desk, study, "monitor")
    return study


def final(desk: Application, study: Id, report: str) -> Id:
    made: Id = desk.run(finalise, study=study, report=report, language="en").result
    return made


def ended(desk: Application, study: Id) -> None:
    (who,) = desk.read(participants, study=study, on=desk.today)
    keep(desk, Disposition, study, participant=who.id, category="event", reason="COMPLETED", occurred_on="2025-02-20")
    change(desk, Study, study, study, ended="2026-01-31")
    desk.run(
        close_study, study=study, closed_on=desk.today, archive="Cellar", custodian="Ada Lind",
        retained_until=date(2041, 3, 4), samples="Destroyed", outcome="No difference",
        grounds="What is open stays open.", signed_with=PASSWORD,
    )  # fmt: skip


def said(desk: Application, key: str) -> str:
    lines: list[str] = []
    for block in report_named(key).compose(facts(desk, key, study="HARBOUR")):
        if isinstance(block, Bullets):
            lines += block.items
        elif isinstance(block, Definitions):
            lines += [f"{label}: {value}" for label, value in block.pairs]
    return "\n".join(lines)


@pytest.mark.parametrize("key", [key for key in HELD if key != "e3-synopsis"])
def test_what_is_recorded_whole_is_made_final(sqlite_desk: Application, key: str):
    study = a_whole_study(sqlite_desk)
    assert report_named(key).open_items(facts(sqlite_desk, key, study="HARBOUR")) == ()
    final(sqlite_desk, study, key)
    assert [each.state for each in sqlite_desk.read(issues, study=study)] == ["final"]


@pytest.mark.parametrize(
    ("key", "missing"),
    [
        ("dsur", ("Period reported", "Sponsor", "Product", "Objective", "Sites")),
        ("ind-annual", ("Period reported", "IND number", "Phase", "Planned participants")),
        ("ethics-progress", ("Period reported", "Ethics committee", "Registry number")),
        ("filing", ("Commissioning unit", "Inclusion criteria", "Contract", "Recruitment from")),
        ("filing-annual", ("Period reported", "Filing record number", "Participating centres")),
        ("e3-synopsis", ("The study is not closed yet", "Batch numbers", "Summary of the outcome")),
        ("monitoring-report", ("Site", "Monitor")),
    ],
)
def test_nothing_of_a_bare_study_is_final_and_what_is_missing_is_named(
    sqlite_desk: Application, key: str, missing: tuple[str, ...]
):
    study = a_study(sqlite_desk)
    with pytest.raises(UserError, match="not complete") as refused:
        final(sqlite_desk, study, key)
    page = said(sqlite_desk, key)
    for label in missing:
        assert label in str(refused.value)
        assert f"{label}: not recorded" in page or label == "The study is not closed yet"
    assert sqlite_desk.read(issues, study=study) == ()


def test_a_study_of_nobody_lacks_nobody(sqlite_desk: Application):
    """Before the first participant there is no first consent: its absence holds no report back."""
    a_study(sqlite_desk, **PLAN)
    lacks = " ".join(report_named("ethics-progress").open_items(facts(sqlite_desk, "ethics-progress", study="HARBOUR")))
    assert "First" not in lacks
    assert "Age" not in lacks
    assert "First consent: not recorded: nobody has entered" in said(sqlite_desk, "ethics-progress")


@pytest.mark.parametrize(
    ("record", "field", "value", "key", "missing"),
    [
        (AdverseEvent, "outcome", None, "dsur", "01-AE-001, Outcome"),
        (AdverseEvent, "expected", None, "ind-annual", "01-AE-001, Expected"),
        (AdverseEvent, "system_organ_class", None, "ind-annual", "Syncope, System organ class"),
        (AdverseEvent, "outcome", "FATAL", "dsur", "01-001, Died on"),
        (AdverseEvent, "grade", None, "sae-log", "01-AE-001, Grade, Signed by"),
        (AdverseEvent, "started_on", None, "monitoring-report", "01-AE-001, Began on, Signed by"),
        (Participant, "sex", None, "ethics-progress", "Sex of 1 participant"),
        (Participant, "race", None, "ind-annual", ""),
        (Participant, "died", True, "ind-annual", "01-001, Died on, Cause of death"),
        (Exposure, "frequency", None, "dsur", "Velmorin, Frequency"),
        (Consent, "copy_given", None, "monitoring-report", "01-001, Copy given"),
    ],
)
def test_one_thing_missing_is_named_until_it_is_recorded(
    sqlite_desk: Application, record: Any, field: str, value: object, key: str, missing: str
):
    desk = sqlite_desk
    study = a_whole_study(desk)
    with desk.reading() as read:
        row = read.first(record.TABLE.select().where(record.TABLE.c.study == study))
    assert row is not None
    before = getattr(row, field)
    change(desk, record, study, row.id, **{field: value})
    lacks = report_named(key).open_items(facts(desk, key, study="HARBOUR"))
    assert lacks == ((f"{missing}: not recorded",) if missing else ()), "race or ethnic group: one of them is enough"
    if not missing:
        return
    assert f"{missing}: not recorded" in said(desk, key)
    with pytest.raises(UserError, match=missing):
        final(desk, study, key)
    change(desk, record, study, row.id, **{field: before})
    final(desk, study, key)


def test_the_synopsis_of_the_report_is_final_once_the_study_is_closed_with_its_outcome(sqlite_desk: Application):
    desk = sqlite_desk
    study = a_whole_study(desk)
    with pytest.raises(UserError, match="not closed yet"):
        final(desk, study, "e3-synopsis")
    ended(desk, study)
    assert "Batch numbers: Velmorin 10 mg: A1" in said(desk, "e3-synopsis")
    assert "Efficacy results: not recorded: they come from the analysis, which is not kept here" in said(
        desk, "e3-synopsis"
    )
    final(desk, study, "e3-synopsis")


def test_what_the_record_has_no_place_for_stands_on_the_page_and_holds_nothing_back(sqlite_desk: Application):
    a_whole_study(sqlite_desk)
    for key, label in (
        ("dsur", "18 Overall assessment of safety and of benefit and risk"),
        ("ethics-progress", "Complaints"),
        ("filing", "Field of research"),
    ):
        page = said(sqlite_desk, key)
        assert f"{label}: not recorded: it is written by hand before signing" in page
        assert f"\n{label}: not recorded\n" in f"{page}\n", "it is listed among the open items too"


@pytest.mark.parametrize("key", ["ethics-closure", "filing-completion"])
def test_a_report_of_the_end_is_final_once_the_study_has_ended_and_all_of_it_is_recorded(
    sqlite_desk: Application, key: str
):
    desk = sqlite_desk
    study = a_whole_study(desk)
    with pytest.raises(UserError, match="Nobody is still in screening or in the study"):
        final(desk, study, key)
    ended(desk, study)
    change(desk, Study, study, study, sponsor=None)
    with pytest.raises(UserError, match=r"(Sponsor|Commissioning unit): not recorded"):
        final(desk, study, key)
    change(desk, Study, study, study, sponsor="Harbour University")
    final(desk, study, key)
