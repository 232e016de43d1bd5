"""The cover letter of a safety report and the 3500A data sheet: which report, which clock, what is named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pypdfium2
import pytest
from pypdfium2 import raw

from tests.overview.stages import change, keep
from tests.reporting.reports.papers_specimens import CASE, EVENT, NARRATIVE, SHEET
from tests.reporting.reports.test_pages import document
from tests.support.acts import a_site, a_study, delegated
from tests.support.statements import counted
from trialdesk.application import Application
from trialdesk.base.errors import UserError
from trialdesk.base.i18n import speaking
from trialdesk.base.ids import Id
from trialdesk.contracts.actions.parties import add_organisation
from trialdesk.enrollment.records import Exposure, Participant, ProductMovement
from trialdesk.people.actions import correct_person
from trialdesk.people.queries import account_named, persons
from trialdesk.reporting.binder.choosing import wanted
from trialdesk.reporting.looking import page_texts
from trialdesk.reporting.making import facts, make
from trialdesk.reporting.render import render
from trialdesk.reporting.report import facts_json
from trialdesk.reporting.reports import cioms, form_3500a, safety_letter
from trialdesk.reporting.reports.expedited_facts import Case, turn_of
from trialdesk.reporting.reports.expedited_words import due_on, kind_words, timely_words
from trialdesk.reporting.reports.form_3500a import form_day
from trialdesk.reporting.structure import Block, Checks, Heading, Note
from trialdesk.safety.actions import add_expedited_report
from trialdesk.safety.records import AdverseEvent
from trialdesk.safety.told import Sent
from trialdesk.studies.closing import add_registration
from trialdesk.studies.records import Arm, Site

AWARE = datetime(2026, 2, 20, 8, tzinfo=UTC)
KEYS = ("safety-letter", "form-3500a")
LETTER, FORM = "safety-letter", "form-3500a"
each = pytest.mark.parametrize("key", KEYS)
both = pytest.mark.parametrize("language", ["en", "zh"])


@pytest.fixture
def study(desk: Application) -> Id:
    return a_study(desk, title="Iron by vein", protocol_number="HUH-1", sponsor="Harbour University", blinding="double")


@pytest.fixture
def person(desk: Application, study: Id) -> Id:
    site = a_site(desk, study)
    change(desk, Site, study, site, country="US")
    for name in ("Active", "Placebo"):
        keep(desk, Arm, study, code=name, name=name)
    own = {"site": site, "number": "001", "identifier": "01-001", "race": "Asian", "imported": True}
    return keep(desk, Participant, study, **own)


def an_event(desk: Application, study: Id, person: Id, **more: Any) -> Id:
    said: dict[str, Any] = {"term": "Fainted", "preferred_term": "Syncope", "number": "01-AE-001", "serious": True}
    said |= {"hospitalised": True, "expected": False, "related": "yes", "started_on": "2026-02-19"}
    said |= {"aware_at": AWARE, "aware_zone": "America/New_York"}
    return keep(desk, AdverseEvent, study, participant=person, **{**said, **more})


def sent(desk: Application, study: Id, event: Id, on: date, **more: Any) -> None:
    told = {"recipient": "FDA", "submitted_on": on, "follow_up": False, **more}
    desk.run(add_expedited_report, study=study, adverse_event=event, **told)


def case(desk: Application, key: str = LETTER, **asked: Any) -> Case:
    found: Case = facts(desk, key, study="HARBOUR", **asked)
    return found


def text(blocks: list[Block]) -> str:
    return "\n".join(said for block in blocks for said in _texts(block))


def _texts(said: Any) -> Iterator[str]:
    if isinstance(said, str):
        yield said
    elif isinstance(said, tuple | list):
        for one in said:
            yield from _texts(one)
    elif is_dataclass(said):
        for field in fields(said):
            yield from _texts(getattr(said, field.name))


def ticks(found: Case) -> dict[str, bool]:
    (checks,) = (block for block in safety_letter.compose(found) if isinstance(block, Checks))
    return dict(checks.items)


@pytest.mark.parametrize(
    ("said", "days", "last"),
    [
        ({}, 15, date(2026, 3, 7)),
        ({"fatal": True}, 7, date(2026, 2, 27)),
        ({"life_threatening": True}, 7, date(2026, 2, 27)),
    ],
)
def test_the_clock_of_an_initial_report(
    desk: Application, study: Id, person: Id, said: dict[str, Any], days: int, last: date
):
    an_event(desk, study, person, **said)
    found = case(desk)
    assert found.clock is not None
    assert (found.recipient, found.received, found.clock.days) == ("FDA", date(2026, 2, 20), days)
    assert (due_on(found), kind_words(found)) == (last, f"{days}-day, initial")
    assert f"IND safety report: {days}-day, initial" in text(safety_letter.compose(found))
    assert found.turn.sent is None
    assert not ticks(found)["Sent within the clock"]


@pytest.mark.parametrize(
    ("on", "said", "ticked"),
    [
        (date(2026, 2, 26), "yes", True),
        (date(2026, 2, 27), "yes", True),
        (date(2026, 2, 28), "no, 1 day late", False),
        (date(2026, 3, 2), "no, 3 days late", False),
    ],
)
def test_a_report_is_in_time_on_the_last_day_and_late_on_the_next(
    desk: Application, study: Id, person: Id, on: date, said: str, ticked: bool
):
    event = an_event(desk, study, person, life_threatening=True)
    sent(desk, study, event, on, reference="SN 0001")
    found = case(desk)
    blocks = safety_letter.compose(found)
    assert timely_words(on, due_on(found)) == said
    assert ticks(found)["Sent within the clock"] is ticked
    assert any(isinstance(block, Note) and block.title == "Late" for block in blocks) is not ticked
    assert ("Reason for the delay" in text(blocks)) is not ticked
    assert "SN 0001" in text(blocks)


def test_a_follow_up_has_no_day_of_its_own_and_tells_how_the_first_report_went(
    desk: Application, study: Id, person: Id
):
    event = an_event(desk, study, person, fatal=True)
    sent(desk, study, event, date(2026, 2, 28))
    sent(desk, study, event, date(2026, 3, 2), follow_up=True)
    sent(desk, study, event, date(2026, 3, 3), follow_up=True)
    found = case(desk)
    assert (found.turn.number, kind_words(found), due_on(found)) == (2, "7-day, follow-up 2", None)
    words = text(safety_letter.compose(found))
    assert "This is follow-up 2 to the initial report of 28 Feb 2026." in words
    assert "as soon as the new information is there" in words
    assert "Sent within the clock" not in ticks(found)
    assert ticks(found)["Initial report sent within the clock"] is False
    first = case(desk, follow_up="0")
    assert (first.turn.number, due_on(first)) == (0, date(2026, 2, 27))
    following = case(desk, follow_up="3")
    assert (following.turn.number, following.turn.sent) == (3, None)
    for wrong in ("4", "-1", "last", "²"):
        with pytest.raises(UserError, match="no report"):
            case(desk, follow_up=wrong)


def test_the_report_that_completes_one_of_seven_days_has_eight_more_where_the_authority_says_so(
    desk: Application, study: Id, person: Id
):
    event = an_event(desk, study, person, fatal=True)
    for recipient in ("CDE", "EudraVigilance", "FDA"):
        sent(desk, study, event, date(2026, 2, 25), recipient=recipient)
    completing = {name: due_on(case(desk, recipient=name, follow_up="1")) for name in ("CDE", "EudraVigilance", "FDA")}
    assert completing == {"CDE": date(2026, 3, 7), "EudraVigilance": date(2026, 3, 7), "FDA": None}
    sent(desk, study, event, date(2026, 3, 2), recipient="CDE", follow_up=True)
    assert due_on(case(desk, recipient="CDE", follow_up="2")) is None
    change(desk, AdverseEvent, study, event, fatal=False)
    assert due_on(case(desk, recipient="CDE", follow_up="1")) is None, "a report of fifteen days is complete at once"


def test_which_report_it_is():
    first, second = Sent("FDA", date(2026, 2, 1), None, None), Sent("FDA", date(2026, 2, 5), None, follow_up=True)
    other = Sent("CDE", date(2026, 2, 9), None, follow_up=False)
    assert turn_of((first, second, other), "FDA", None) == (turn := turn_of((first, second), "FDA", "1"))
    assert (turn.number, turn.sent, turn.first) == (1, second, first)
    assert turn_of((second,), "FDA", None).first is None
    assert turn_of((), None, None).number == 0


def test_the_addressee_is_who_was_told_last_else_the_sites_own(desk: Application, study: Id, person: Id):
    event = an_event(desk, study, person)
    assert case(desk).recipient == "FDA"
    sent(desk, study, event, date(2026, 3, 2), recipient="CDE")
    sent(desk, study, event, date(2026, 3, 3), recipient="committee")
    assert (case(desk).recipient, case(desk, recipient="eudravigilance").recipient) == ("CDE", "EudraVigilance")
    assert case(desk, FORM).recipient == "FDA"
    with pytest.raises(UserError, match="FDA, EudraVigilance, CDE"):
        case(desk, recipient="committee")
    assert "Expedited safety report: 15-day, initial" in text(safety_letter.compose(case(desk)))


def test_a_letter_to_the_fda_is_called_what_it_is(sqlite_desk: Application):
    desk = sqlite_desk
    study = a_study(desk)
    site = a_site(desk, study)
    who = keep(desk, Participant, study, site=site, number="001", identifier="01-001", imported=True)
    an_event(desk, study, who)
    made = make(desk, LETTER, study="HARBOUR", language="en", recipient="FDA")
    assert page_texts(made.pdf)[0].count("IND safety report") >= 2
    assert "IND safety report" not in page_texts(make(desk, LETTER, study="HARBOUR", language="en").pdf)[0]


def test_sender_numbers_and_reporter_are_those_recorded(desk: Application, study: Id, person: Id):
    an_event(desk, study, person)
    bare = case(desk, FORM)
    assert (bare.office.name, bare.office.address, bare.application) == ("Harbour University", None, None)
    assert {"G1 Address: not recorded", "G5 IND number: not recorded"} <= set(form_3500a.open_points(bare))
    assert {"Address: not recorded", "IND number: not recorded"} <= set(safety_letter.open_points(case(desk)))
    desk.run(add_organisation, name="harbour university", country="US", address="1 Quay Road")
    registry: dict[str, Any] = {"purpose": "registration", "submitted_on": date(2026, 1, 5)}
    desk.run(add_registration, study=study, registry="ClinicalTrials.gov", reference="NCT01", **registry)
    desk.run(add_registration, study=study, registry="FDA (IND)", reference="IND 123456", **registry)
    lead = desk.read(account_named, username="ada").person
    delegated(desk, study, lead, "pi")
    (row,) = (each for each in desk.read(persons) if each.id == lead)
    told = {"contact": "+1 555 0100", "position": "Physician", "reason": "Told"}
    desk.run(correct_person, person=lead, version=row.version, **told)
    found = case(desk, FORM)
    assert (found.office.address, found.office.contact, found.application) == (
        "1 Quay Road",
        "+1 555 0100",
        "IND 123456",
    )
    assert found.reporter is not None
    assert (found.reporter.name, found.reporter.position) == ("Ada Lind", "Physician")
    assert case(desk, recipient="CDE").application is None


def given(desk: Application, study: Id, who: Id, product: str, batch: str = "B1", on: date = date(2026, 2, 1)) -> None:
    site = desk.read(_site, study=study, person=who)
    own = {"site": site, "moved_on": on, "product": product, "batch": batch, "quantity": 1, "unit": "bottles"}
    keep(desk, ProductMovement, study, moved="received", expires_on=date(2027, 4, 30), **own)
    keep(desk, ProductMovement, study, moved="given", participant=who, **own)


def _site(read: Any, *, study: Id, person: Id) -> Id:
    from trialdesk.enrollment.queries import participants

    return next(row.site for row in participants(read, study=study, on=date(2026, 3, 4)) if row.id == person)


def test_a_blinded_study_tells_a_common_label_and_never_dose_or_arm(desk: Application, study: Id, person: Id):
    an_event(desk, study, person)
    keep(desk, Exposure, study, participant=person, treatment="Active", dose=None, started_on="2026-02-01")
    given(desk, study, person, "Velmorin or placebo", "VX-1")
    given(desk, study, person, "Velmorin or placebo", "VX-2", on=date(2026, 2, 20))
    found = case(desk, FORM)
    assert [(lot.batch, lot.expires_on) for lot in found.lots] == [("VX-1", date(2027, 4, 30))], "before the event"
    assert (found.doses, found.hidden) == ((), False)
    for module, key in ((safety_letter, LETTER), (form_3500a, FORM)):
        words = text(module.compose(case(desk, key)))
        assert "Velmorin or placebo" in words
        assert "Active" not in words


@pytest.mark.parametrize("labels", [("Velmorin", "Sugar"), ("active", "active")])
def test_labels_that_differ_or_name_an_arm_are_not_told_in_a_blinded_study(
    desk: Application, study: Id, person: Id, labels: tuple[str, str]
):
    an_event(desk, study, person)
    own = {"site": desk.read(_site, study=study, person=person), "number": "002", "identifier": "01-002"}
    other = keep(desk, Participant, study, imported=True, **own)
    given(desk, study, person, labels[0], "LOT-1")
    given(desk, study, other, labels[1], "LOT-2")
    for module, key in ((safety_letter, LETTER), (form_3500a, FORM)):
        found = case(desk, key)
        assert (found.hidden, found.lots) == (True, ())
        words = text(module.compose(found))
        assert "One of: Active, Placebo; allocation is not told here" in words
        assert not {"Velmorin", "Sugar", "active", "LOT-1", "LOT-2"} & set(words.replace(",", " ").split())


def test_an_open_study_tells_lot_and_dose(sqlite_desk: Application):
    desk = sqlite_desk
    study = a_study(desk, blinding="open", title="Open")
    site = a_site(desk, study)
    who = keep(desk, Participant, study, site=site, number="001", identifier="01-001", imported=True)
    an_event(desk, study, who)
    dose = {"treatment": "Velmorin", "dose": Decimal(20), "dose_unit": "mg", "frequency": "QD", "route": "Oral"}
    keep(desk, Exposure, study, participant=who, **dose, started_on="2026-02-01", ended_on="2026-02-19")
    keep(desk, Exposure, study, participant=who, **dose, started_on="2026-01-20", ended_on="2026-01-31")
    keep(desk, Exposure, study, participant=who, treatment="Later", started_on="2026-02-20")
    given(desk, study, who, "Velmorin 20 mg", "VX-1")
    words = text(form_3500a.compose(case(desk, FORM)))
    assert "Velmorin, 20 mg, QD, Oral, 01-Feb-2026 to 19-Feb-2026" in words
    assert "01-Feb-2026 to 19-Feb-2026" in words
    assert "VX-1 (Velmorin 20 mg)" in words
    assert "30-Apr-2027 (lot VX-1)" in words
    assert "Later" not in words
    form = text(cioms.compose(case(sqlite_desk, "cioms")))
    for said in ("Velmorin 20 mg, VX-1", "20 mg, QD", "Oral", "20 Jan 2026 to 19 Feb 2026", "31 days"):
        assert said in form, said
    assert form.count("20 mg, QD") == 1, "one dose over two periods"
    assert "allocation is not told here" not in form


def test_what_is_not_to_be_reported_is_said_and_never_final(desk: Application, study: Id, person: Id):
    an_event(desk, study, person, expected=True)
    found = case(desk)
    assert (found.clock, due_on(found)) == (None, None)
    words = text(safety_letter.compose(found))
    assert "Not to be reported by these records" in words
    assert "We report a serious" not in words
    assert any("no unexpected suspected reaction" in each for each in safety_letter.open_points(found))
    assert any("no unexpected suspected reaction" in each for each in form_3500a.open_points(case(desk, FORM)))


def test_similar_events_and_earlier_reports_stand_in_the_letter(desk: Application, study: Id, person: Id):
    other = an_event(desk, study, person, number="01-AE-002", term="Blackout", started_on="2026-02-01")
    sent(desk, study, other, date(2026, 2, 20), reference="SN 0040")
    event = an_event(desk, study, person)
    an_event(desk, study, person, number="01-AE-003", started_on="2026-03-01")
    sent(desk, study, event, date(2026, 2, 27))
    found = case(desk, event="01-AE-001")
    assert (found.similar.events, found.similar.participants, found.similar.suspected) == (1, 1, 1)
    assert [each.reference for each in found.similar.reports] == ["SN 0040"]
    words = text(safety_letter.compose(found))
    assert "Counted are those that had begun by 27 Feb 2026." in words
    assert "Blackout" in words


@pytest.mark.parametrize(
    ("on", "said"),
    [
        (date(2016, 10, 12), "12-Oct-2016"),
        ("2016-10-02T11:00", "02-Oct-2016"),
        ("2016-10", "Oct-2016"),
        ("2016", "2016"),
        (None, None),
    ],
)
def test_days_are_written_as_the_form_wants_them_in_every_language(on: Any, said: str | None):
    for language in ("en", "zh"):
        with speaking(language):
            assert form_day(on) == said


@both
def test_a_long_narrative_goes_on_under_the_reports_number(language: str):
    with speaking(language):
        blocks = form_3500a.compose(SHEET)
    headings = [block.text for block in blocks if isinstance(block, Heading)]
    assert sum("01-AE-001" in each for each in headings) == 1
    long = replace(SHEET, event=replace(EVENT, narrative=NARRATIVE * 40))
    with speaking(language):
        blocks = form_3500a.compose(long)
    sheets = [block.text for block in blocks if isinstance(block, Heading) and "01-AE-001" in block.text]
    assert len(sheets) > 2
    words = "".join(text(blocks).split())
    assert words.count("recoveredfully.") == 40
    assert "dd-mmm-yyyy" in words


@both
@each
def test_no_letter_is_smaller_than_eight_points(key: str, language: str):
    sizes = set()
    with pypdfium2.PdfDocument(render(*document(key, language))) as file:
        for page in file:
            words = page.get_textpage()
            for at in range(words.count_chars()):
                if not chr(raw.FPDFText_GetUnicode(words.raw, at)).isspace():
                    sizes.add(round(raw.FPDFText_GetFontSize(words.raw, at), 2))
    assert min(sizes) >= 8


def test_the_sections_stand_in_the_order_of_the_form():
    with speaking("en"):
        headings = [block.text[:2] for block in form_3500a.compose(SHEET) if isinstance(block, Heading)]
    assert [each for each in headings if each[1] == "."] == ["A.", "B.", "C.", "E.", "G."]


def test_a_sheet_and_a_letter_of_one_event_cost_no_more_statements_for_more_events(
    sqlite_desk: Application,
):
    desk = sqlite_desk
    study = a_study(desk)
    site = a_site(desk, study)
    counts = []
    for some in (1, 12):
        for at in range(some):
            own = {"site": site, "number": f"{some}-{at}", "identifier": f"01-{some}-{at}"}
            who = keep(desk, Participant, study, imported=True, **own)
            sent(desk, study, an_event(desk, study, who, number=f"AE-{some}-{at}"), date(2026, 3, 1))
        with counted(desk) as said:
            found = case(desk)
        counts.append(len(said))
        assert len(found.similar.reports) == found.similar.events
    assert counts[0] == counts[1] < 80


def test_the_letter_of_a_blinded_case_says_that_the_code_was_broken_and_not_what_it_showed():
    with speaking("en"):
        words = text(safety_letter.compose(CASE))
    assert "in an emergency; what it showed is not told here" in words
    assert facts_json(CASE)["person"]["broken"][0]["emergency"] is True


@each
def test_a_binder_holds_one_for_each_reaction_that_is_to_be_reported(
    desk: Application, study: Id, person: Id, key: str
):
    an_event(desk, study, person)
    an_event(desk, study, person, number="01-AE-002", expected=True)
    an_event(desk, study, person, number="01-AE-003", related="unknown")
    papers = desk.read(_wanted, study=study)
    asked = [dict(paper.parameters) for paper in papers if paper.report.key == key]
    assert asked == [{"event": "01-AE-001"}, {"event": "01-AE-003"}]


def _wanted(read: Any, *, study: Id) -> list[Any]:
    return list(wanted(read, study=study, audience="regulator", on=date(2026, 3, 4)))
