"""What the papers for an inspection tell, from records."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from tests.reporting.building import PEOPLE, bring
from tests.reporting.reports.evidence_specimens import REMARK
from tests.reporting.reports.test_hostile import texts
from tests.support.acts import ON, a_colleague, a_participant, a_site, a_study
from tests.support.trial import Trial
from trialdesk.application import Application
from trialdesk.base.errors import UserError
from trialdesk.base.i18n import speaking
from trialdesk.base.ids import Id
from trialdesk.documents.actions import attach
from trialdesk.enrollment.actions import correct_participant, identify, record_exposure, record_movement
from trialdesk.enrollment.queries import participants
from trialdesk.people.actions import add_training
from trialdesk.people.queries import account_named
from trialdesk.reporting.looking import page_texts
from trialdesk.reporting.making import facts, make
from trialdesk.reporting.report import facts_digest, facts_json
from trialdesk.reporting.reports import accountability, destruction, note_to_file
from trialdesk.safety.actions import record_deviation
from trialdesk.studies.closing import add_registration
from trialdesk.studies.queries import sites
from trialdesk.trail.tables import event


def told(desk: Application, key: str, **asked: Any) -> Any:
    return facts_json(facts(desk, key, study="HARBOUR", **asked))


def a_correction(desk: Application, study: Id, number: str, **values: Any) -> None:
    row = next(each for each in desk.read(participants, study=study, on=desk.today) if each.number == number)
    desk.run(
        correct_participant, study=study, participant=row.id, version=row.version, reason="Copied wrongly", **values
    )


def test_a_correction_stands_in_the_evidence_with_who_why_old_and_new(desk: Application):
    study = bring(desk)
    assert told(desk, "evidence")["changes"] == [], "what was recorded first is no change"
    a_correction(desk, study, "002", screened_on="2025-01-06")
    (change,) = told(desk, "evidence")["changes"]
    assert (change["who"], change["label"], change["name"], change["field"], change["reason"]) == (
        "Ada Lind",
        "Participant",
        "01-002",
        "Screened on",
        "Copied wrongly",
    )
    assert (change["old"]["text"], change["new"]["text"]) == ("2025-01-05", "2025-01-06")


def test_the_trail_of_a_participant_has_what_was_recorded_first_and_no_name(sqlite_desk: Application):
    study = bring(sqlite_desk)
    row = next(each for each in sqlite_desk.read(participants, study=study, on=sqlite_desk.today))
    sqlite_desk.run(identify, study=study, participant=row.id, name="Xiuying 王秀英", contact=None)
    found = told(sqlite_desk, "evidence", participant="01-001")
    labels = {change["label"] for change in found["changes"]}
    assert {"Participant", "Identity", "Adverse event", "Disposition"} <= labels
    assert {change["name"].partition(" ")[0] for change in found["changes"]} == {"01-001"}
    assert "王秀英" not in str(found)
    assert {"text": "sealed", "sort": "word"} in [change["new"] for change in found["changes"]]
    with pytest.raises(UserError, match="99-999"):
        told(sqlite_desk, "evidence", participant="99-999")


def test_the_evidence_is_the_same_in_every_language(sqlite_desk: Application):
    bring(sqlite_desk)
    said = []
    for language in ("en", "zh"):
        with speaking(language):
            said.append(facts_digest(facts(sqlite_desk, "evidence", study="HARBOUR", participant="01-001")))
    assert said[0] == said[1]


def test_who_may_act_stands_in_the_evidence(sqlite_desk: Application):
    study = bring(sqlite_desk)
    a_colleague(sqlite_desk, study, "coordinator")
    users = {row["username"]: row for row in told(sqlite_desk, "evidence")["users"]}
    assert users["ada"]["owner"] is True
    assert [role[0] for role in users["bo"]["roles"]] == ["coordinator"]


def test_an_altered_event_breaks_the_chain_of_the_evidence(sqlite_desk: Application):
    bring(sqlite_desk)
    with sqlite_desk.database.writing() as connection:
        connection.exec_driver_sql("DROP TRIGGER event_no_update")
        longest = connection.execute(
            sa.select(event.c.stream, sa.func.max(event.c.number).label("last"))
            .group_by(event.c.stream)
            .order_by(sa.desc("last"))
        ).first()
        assert longest is not None
        connection.execute(
            sa.update(event).where(event.c.stream == longest.stream, event.c.number == 3).values(bytes=b"{}")
        )
    broken = {row["broken_at"] for row in told(sqlite_desk, "evidence")["streams"]}
    assert broken == {None, 3}


def a_deviation(desk: Application, study: Id, occurred_on: date, category: str = "consent") -> None:
    desk.run(
        record_deviation,
        study=study,
        category=category,
        occurred_on=occurred_on,
        found_on=ON,
        description="Late by days",
    )


def test_a_note_explains_the_deviation_asked_for_and_says_that_it_happened_before(desk: Application):
    study = a_study(desk)
    for days in (9, 5):
        a_deviation(desk, study, ON - timedelta(days=days))
    a_deviation(desk, study, ON - timedelta(days=7), category="privacy")
    last = told(desk, "note-to-file")
    assert last["deviation"]["occurred_on"] == (ON - timedelta(days=5)).isoformat()
    (other,) = last["alike"]
    assert told(desk, "note-to-file", deviation=other)["alike"] == [last["deviation"]["number"]]
    with pytest.raises(UserError, match="DEV-99"):
        told(desk, "note-to-file", deviation="DEV-99")


def test_a_note_explains_a_document_by_its_remark(desk: Application):
    study = a_study(desk)
    for title, note in (("Temperature log", "Printed again."), ("Floor plan", None)):
        desk.run(attach, study=study, title=title, category="product", file_name="log.pdf", data=b"%PDF-1.7", note=note)
    found = told(desk, "note-to-file")
    assert (found["deviation"], found["document"]["remark"]) == (None, "Printed again.")
    assert told(desk, "note-to-file", document="Temperature log") == found
    with pytest.raises(UserError, match="Floor plan"):
        told(desk, "note-to-file", document="Floor plan")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_note_on_a_document_prints_its_remark(language: str):
    with speaking(language):
        blocks = note_to_file.compose(REMARK)
    said = str(blocks)
    assert "the ink had faded" in said
    assert "ab" * 32 in said


def test_the_sheet_for_the_registry_names_who_leads_and_what_is_to_be_uploaded(sqlite_desk: Application):
    study = bring(sqlite_desk)
    sqlite_desk.run(
        attach, study=study, title="Protocol 1.0", category="protocol", file_name="protocol.pdf", data=b"%PDF-1.7"
    )
    a_colleague(sqlite_desk, study, "pi")
    found = told(sqlite_desk, "chictr")
    assert (found["investigator"]["name"], found["files"]["protocol"]) == ("Bo", ["Protocol 1.0"])
    assert [label for label, _country in found["sites"]] == ["01 Harbour Hospital", "02 北京协和医院"]
    assert found["told"] == told(sqlite_desk, "registration"), "both registries are told the same"


def test_what_is_monitored_is_of_the_site_and_of_the_period(desk: Application):
    bring(desk)
    everything = told(desk, "monitoring-report")
    assert everything["screened"] == {"all": len(PEOPLE), "since": len(PEOPLE)}
    later = told(desk, "monitoring-report", site="02", start="2025-01-10")
    assert later["sites"] == ["02 北京协和医院"]
    assert later["screened"] == {"all": 2, "since": 0}
    assert later["entered"] == {"all": 2, "since": 2}
    assert (len(everything["serious"]), later["serious"]) == (1, [])
    assert later["without_consent"] == ["02-003", "02-005"]
    assert told(desk, "monitoring-letter", site="02", start="2025-01-10") == later, (
        "the letter tells what the report does"
    )
    with pytest.raises(UserError, match="is no day"):
        told(desk, "monitoring-report", start="soon")


def test_a_letter_lists_what_is_open_at_the_site_by_when_and_what_is_late(sqlite_desk: Application):
    study = a_study(sqlite_desk)
    places = [a_site(sqlite_desk, study, number) for number in ("01", "02")]
    for site, number in zip(places, ("001", "002"), strict=True):
        who = a_participant(sqlite_desk, study, site, number)
        sqlite_desk.run(
            record_deviation, study=study, category="privacy", occurred_on=ON - timedelta(days=30),
            found_on=ON - timedelta(days=30), participant=who, description="Said aloud",
        )  # fmt: skip
    points = [row for row in told(sqlite_desk, "monitoring-letter", site="01")["points"] if row["rule"] == "DEV-ASSESS"]
    assert [(row["whose"], row["late"]) for row in points] == [("01-001", True)]
    assert points[0]["due"] < ON.isoformat()


def test_the_account_of_the_product_tells_kits_given_out_and_left_and_the_doses(desk: Application):
    trial = Trial(desk)
    trial.list("A", "P", "A", kit="K-1")
    who, other = trial.ready("001"), trial.ready("002")
    trial.allocate(who)
    trial.allocate(other)
    desk.run(
        record_exposure, study=trial.study, participant=who, treatment="Iron", dose=Decimal(200), dose_unit="mg",
        started_on="2026-03-04", ended_on="2026-03-05",
    )  # fmt: skip
    found = told(desk, "accountability")
    (stock,) = found["stocks"]
    assert (stock["places"], stock["kits"], stock["used"], stock["left"], found["holders"]) == (3, 3, 2, 1, 2)
    assert [(row["slot"], row["kit"]) for row in found["given"]] == [("S001", "K-1"), ("S002", "K-1")]
    assert (found["twice"], len(found["undosed"])) == (["K-1"], 1)
    assert [(row["treatment"], row["dose"]) for row in found["doses"]] == [("Iron", "200")]
    assert told(desk, "accountability", site="01")["holders"] is None


def test_the_account_reconciles_every_batch_and_tells_what_each_participant_holds(desk: Application):
    trial = Trial(desk)
    who = trial.ready("001")
    site = next(iter(desk.read(sites, study=trial.study))).id
    batch: dict[str, Any] = {
        "study": trial.study,
        "site": site,
        "product": "Iron 20 mg",
        "batch": "B-1",
        "unit": "bottles",
    }
    day: dict[str, Any] = {"moved_on": date(2026, 3, 3)}
    desk.run(record_movement, **batch, **day, moved="received", quantity=10, expires_on=date(2026, 3, 1))
    desk.run(record_movement, **batch, **day, moved="given", quantity=3, participant=who)
    desk.run(record_movement, **{**batch, "batch": "b-1"}, **day, moved="returned", quantity=1, participant=who)
    found = told(desk, "accountability")
    (row,) = found["batches"]
    assert (row["moved"]["received"], row["moved"]["given"], row["on_hand"]) == (10, 3, 8)
    (kept,) = found["kept"]
    assert (kept["given"], kept["returned"]) == (3, 1)
    said = " ".join(texts(accountability.compose(facts(desk, "accountability", study="HARBOUR"))))
    assert "Given after its use-by date" in said
    assert "bottles of batch B-1 given, and by participant: 3 = 3" in said


def test_the_account_of_a_blinded_study_does_not_name_what_was_given(sqlite_desk: Application):
    study = bring(sqlite_desk, unblinded=False)
    row = next(each for each in sqlite_desk.read(participants, study=study, on=sqlite_desk.today))
    sqlite_desk.run(
        record_exposure, study=study, participant=row.id, treatment="Iron", dose=Decimal(200), started_on="2025-01-20"
    )
    moved: dict[str, Any] = {
        "study": study, "site": row.site, "product": "Iron 20 mg", "batch": "B-1", "unit": "bottles",
        "moved_on": date(2025, 1, 20),
    }  # fmt: skip
    sqlite_desk.run(record_movement, **moved, moved="received", quantity=9, expires_on=date(2025, 1, 1))
    sqlite_desk.run(record_movement, **moved, moved="given", quantity=3, participant=row.id)
    found = told(sqlite_desk, "accountability")
    assert found["named"] is False
    assert [(each["product"], each["participant"]) for each in found["movements"]] == [
        ("Iron 20 mg", None), (None, "01-001")
    ]  # fmt: skip
    ((kept),) = found["kept"]
    assert (kept["product"], kept["batch"], kept["given"], found["late"]) == (None, None, 3, ["01-001"])
    said = " ".join(texts(accountability.compose(facts(sqlite_desk, "accountability", study="HARBOUR"))))
    assert "bottles given, and by participant: 3 = 3" in said
    (dose,) = found["doses"]
    assert (dose["identifier"], dose["treatment"], dose["dose"]) == ("01-001", None, None)


def test_the_synopsis_of_the_report_counts_as_the_flow_and_the_safety_summary_do(desk: Application):
    bring(desk)
    found = told(desk, "e3-synopsis")
    assert found["flow"] == told(desk, "consort")
    assert found["safety"] == told(desk, "safety-summary")
    assert (found["design"], found["kept"]) == (told(desk, "synopsis"), None)


def test_the_american_register_is_told_what_the_chinese_is_and_keeps_its_own_number_apart(sqlite_desk: Application):
    study = bring(sqlite_desk)
    for registry, reference in (("ClinicalTrials.gov", "NCT01234567"), ("ChiCTR", "ChiCTR26"), ("FDA, IND", "123456")):
        given: dict[str, Any] = {"registry": registry, "purpose": "registration", "submitted_on": date(2025, 1, 2)}
        sqlite_desk.run(add_registration, study=study, reference=reference, **given)
    assert told(sqlite_desk, "ctgov") == told(sqlite_desk, "chictr")
    text = "\n".join(page_texts(make(sqlite_desk, "ctgov", study="HARBOUR", language="en").pdf))
    said = " ".join(text.split())
    assert "NCT number NCT01234567" in said
    assert "Secondary identification numbers ChiCTR ChiCTR26" in said
    assert "IND or IDE number FDA, IND 123456" in said
    assert "Primary purpose: not recorded" in said


def test_what_was_destroyed_is_certified_with_its_paper(desk: Application):
    study = bring(desk)
    place = desk.read(sites, study=study)[0].id
    moved: dict[str, Any] = {"site": place, "product": "Iron", "batch": "B-1", "unit": "vials"}
    desk.run(record_movement, study=study, moved="received", moved_on=date(2025, 1, 5), quantity=9, **moved)
    assert told(desk, "destruction") == {"movements": [], "batches": []}
    assert destruction.lacks(facts(desk, "destruction", study="HARBOUR")) == ("Nothing was destroyed.",)
    desk.run(record_movement, study=study, moved="destroyed", moved_on=date(2025, 2, 5), quantity=4, **moved)
    found = told(desk, "destruction")
    assert [(each["quantity"], each["batch"]) for each in found["movements"]] == [(4, "B-1")]
    assert [(each["moved"]["destroyed"], each["on_hand"]) for each in found["batches"]] == [(4, 5)]
    assert destruction.lacks(facts(desk, "destruction", study="HARBOUR")) == (
        "B-1 of 5 Feb 2025: Paper is not recorded",
        "B-1 of 5 Feb 2025: Handled by is not recorded",
    )


def test_who_began_untrained_is_named(desk: Application):
    study = bring(desk)
    a_colleague(desk, study, "coordinator", "cy")

    def unready() -> set[tuple[str, str]]:
        return {(name, topic) for name, topic, _on in told(desk, "delegation")["unready"] if name == "Cy"}

    assert unready() == {("Cy", "gcp"), ("Cy", "protocol")}
    cy = desk.read(account_named, username="cy").person
    desk.run(add_training, study=study, person=cy, topic="gcp", completed_on=ON)
    desk.clock.at += timedelta(2)  # type: ignore[attr-defined]
    desk.run(add_training, study=study, person=cy, topic="protocol", completed_on=ON + timedelta(1))
    assert unready() == {("Cy", "protocol")}, "trained afterwards is not trained when it began"
