"""What goes wrong and what is asked: adverse events, deviations, data queries, and the signatures under the visits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from trialdesk.base.values import dataclass
from trialdesk.commandline.demonstration.cohort import NOW, OFF_PLAN, Course, cohort, workday
from trialdesk.commandline.demonstration.course import INVESTIGATOR, NURSE
from trialdesk.commandline.demonstration.team import INES, LU, MARCUS, NORTH, PI, PRIYA
from trialdesk.commandline.demonstration.telling import Act, Find, act, instant
from trialdesk.enrollment.actions import correct_visit
from trialdesk.safety.actions import (
    add_expedited_report,
    answer_query,
    assess_deviation,
    close_query,
    correct_adverse_event,
    raise_query,
    record_adverse_event,
    record_deviation,
    report_adverse_event,
    report_deviation,
    sign_adverse_event,
    sign_crf,
)
from trialdesk.safety.logs import deviations

ZONE = "Asia/Shanghai"
COMMON = (
    ("Headache", "Headache", "Nervous system disorders", 1),
    ("Nausea", "Nausea", "Gastrointestinal disorders", 1),
    ("Dizzy on standing up", "Dizziness postural", "Nervous system disorders", 1),
    ("Common cold", "Nasopharyngitis", "Infections and infestations", 1),
    ("Loose stools", "Diarrhoea", "Gastrointestinal disorders", 2),
    ("Sleeps badly", "Insomnia", "Psychiatric disorders", 1),
    ("Itching rash on both arms", "Rash pruritic", "Skin and subcutaneous tissue disorders", 2),
    ("Back pain", "Back pain", "Musculoskeletal and connective tissue disorders", 1),
    ("Tired", "Fatigue", "General disorders and administration site conditions", 1),
    ("Liver tests slightly raised", "Transaminases increased", "Investigations", 2),
)
"""As reported, preferred term, system organ class, grade."""
SEVERITY = {1: "mild", 2: "moderate", 3: "severe"}

QUERIES = (
    ("01-002", "Week 6", "Pill count is missing", "Counted again: 4 tablets left", 12, 3, 4, PRIYA),
    ("01-007", "Baseline", "Questionnaire page 2 has no date", "Dated 18 December, same visit", 14, 5, 7, MARCUS),
    ("01-015", "Week 12", "Spirometry before or after the inhaler?", "Before; noted in the record", 9, 2, 3, PRIYA),
    ("02-003", "Week 6", "Blood pressure 18/80?", "180/80, copied wrongly", 11, 25, 27, PRIYA),
    ("01-024", "Week 2", "Which questionnaire version was used?", "Version 2, in Chinese", 8, 4, 5, MARCUS),
    ("02-011", "Week 12", "Radiograph report not filed", "Filed under tab 9", 10, 6, 8, MARCUS),
    ("01-028", "Week 12", "Liver tests of week 12 are not in the laboratory's file", "", 3, 0, 0, PRIYA),
    ("02-016", "Week 6", "Dispensed 42 tablets, protocol says 43", "", 20, 0, 0, MARCUS),
)
"""Whose, of which visit, what is asked and answered, after how many days asked, answered, closed, and by whom asked."""

SLOW_TO_SIGN = {"01-030 Week 6", "01-032 Week 2"}
NOT_ASSESSED = {("01-032", "Week 6"), ("01-036", "Week 2")}

MISDATED, TRUE_DAY = ("01-022", "Week 12"), "2026-08-10"
"""A visit entered for another day, and the day it was: ten days late, and invoiced by then."""


@dataclass(frozen=True, slots=True)
class Found:
    """A deviation that somebody found: who on which day, who assessed it when, and what was done about it."""

    keep: str
    who: str
    on: date
    category: str
    words: str
    about: dict[str, str]
    by: str
    assessed: date
    important: bool
    impact: str
    mended: str


FOUND = (
    Found("late report", LU, date(2026, 5, 13), "safety_reporting",
          "Serious event 02-005 reported in the 54th hour after the site knew of it", {"participant": "02-005"}, PI,
          date(2026, 5, 15), important=True, impact="Safety reporting", mended="On-call list for reports at site 02"),
    Found("store", MARCUS, date(2026, 6, 10), "product",
          "Product store at 27 °C for five hours; the label allows 25 °C", {"site": "site 01"}, PI,
          date(2026, 6, 12), important=False, impact="Stability confirmed by the manufacturer", mended="Alarm set"),
    Found("old form", INES, date(2026, 11, 4), "consent",
          "Week 12 kept before version 2.0 of the consent form was signed", {"participant": "01-029"}, PI,
          date(2026, 11, 6), important=True, impact="Consent", mended="To be signed at the next visit"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Serious:
    """A serious event: `seen` and `told` are when the site knew and when it told the sponsor."""

    who: str
    began: date
    seen: tuple[date, str]
    told: tuple[date, str]
    signed: date | None
    fields: dict[str, Any]


SERIOUS = (
    Serious("01-005", date(2026, 1, 12), (date(2026, 1, 13), "08:40"), (date(2026, 1, 13), "14:20"), date(2026, 1, 20),
            {"term": "Pneumonia again, in hospital", "preferred_term": "Pneumonia", "grade": 3, "hospitalised": True,
             "system_organ_class": "Infections and infestations", "related": "no", "expected": True,
             "outcome": "NOT RECOVERED/NOT RESOLVED", "narrative": "Fever and new infiltrate; antibiotics by vein."}),
    Serious("01-012", date(2026, 4, 6), (date(2026, 4, 7), "08:20"), (date(2026, 4, 7), "10:45"), date(2026, 4, 8),
            {"term": "Myocardial infarction at home", "preferred_term": "Myocardial infarction", "grade": 5,
             "fatal": True, "system_organ_class": "Cardiac disorders", "related": "no", "expected": False,
             "outcome": "FATAL", "narrative": "Known coronary disease; told by the family the next morning."}),
    Serious("02-005", date(2026, 5, 9), (date(2026, 5, 11), "09:00"), (date(2026, 5, 13), "14:10"), date(2026, 5, 15),
            {"term": "Fainted at work, one night in hospital", "preferred_term": "Syncope", "grade": 3,
             "hospitalised": True, "system_organ_class": "Nervous system disorders", "related": "unknown",
             "expected": False, "ended_on": "2026-05-10", "outcome": "RECOVERED/RESOLVED",
             "narrative": "Short loss of consciousness four hours after the tablet; no cause was found."}),
    Serious("02-019", date(2026, 11, 14), (date(2026, 11, 16), "08:30"), (date(2026, 11, 16), "10:05"), None,
            {"term": "Swollen throat an hour after the tablet", "preferred_term": "Anaphylactic reaction", "grade": 4,
             "life_threatening": True, "hospitalised": True, "system_organ_class": "Immune system disorders",
             "related": "yes", "expected": False, "action_taken": "DRUG WITHDRAWN", "outcome": "RECOVERING/RESOLVING",
             "narrative": "Adrenaline at the emergency ward, observed for two days; product stopped."}),
)  # fmt: skip


def events() -> Iterator[Act]:
    """Give adverse events: the common ones of everybody treated, and the serious ones with their reports."""
    for each in cohort():
        if each.allocated_on is not None:
            yield from _common(each)
    for serious in SERIOUS:
        yield from _serious(serious)
    yield act(INES, date(2026, 1, 19), correct_adverse_event, clock="11:00", adverse_event="serious 01-005",
              reason="Discharged from hospital", ended_on="2026-01-18", outcome="RECOVERED/RESOLVED")  # fmt: skip
    yield act(LU, date(2026, 5, 22), add_expedited_report, adverse_event="serious 02-005", recipient="CDE",
              submitted_on=date(2026, 5, 22), reference="CDE-S-2026-11873")  # fmt: skip


def found() -> Iterator[Act]:
    """Give deviations: those the program proposes assessed, and three that people found."""
    for each in cohort():
        for kept in each.visits:
            key = (each.identifier, kept.name)
            if kept.on is not None and key in OFF_PLAN and key not in NOT_ASSESSED:
                late = OFF_PLAN[key] > 0
                yield act(
                    INVESTIGATOR[each.site],
                    workday(kept.on + timedelta(days=3)),
                    assess_deviation,
                    clock="16:00",
                    deviation=_proposed(each.identifier, kept.name),
                    important=False,
                    impact="None on the primary outcome",
                    corrective_action="Reminder a week before" if late else "Calendar checked",
                )
    who, visit = MISDATED
    yield act(INES, date(2026, 9, 29), correct_visit, clock="11:00", visit=f"{who} {visit}", started_on=TRUE_DAY,
              reason="The source record says 10 August")  # fmt: skip
    yield act(PI, date(2026, 10, 1), assess_deviation, clock="16:20", deviation=_proposed(who, visit), important=False,
              impact="None on the primary outcome", corrective_action="Dates read back at entry")  # fmt: skip
    yield act(PI, date(2026, 10, 8), sign_crf, clock="17:30", visit=f"{who} {visit}")
    for deviation in FOUND:
        yield from _told(deviation)
    yield act(INES, date(2026, 5, 18), report_deviation, deviation="late report", reported_on=date(2026, 5, 18))


def asked() -> Iterator[Act]:
    """Give data queries, answered soon, late, or not yet."""
    visits = {(each.identifier, kept.name): kept.on for each in cohort() for kept in each.visits}
    first = {each.identifier: each.allocated_on for each in cohort()}
    for who, visit, words, said, asked_after, answered_after, closed_after, by in QUERIES:
        began = visits.get((who, visit)) or first[who]
        assert began is not None
        name, raised = f"query {who} {visit}", workday(began + timedelta(days=asked_after))
        yield act(
            by, raised, raise_query, clock="13:00", keep=name, participant=who, visit=f"{who} {visit}", text=words
        )
        if said:
            yield act(NURSE[who[:2]], workday(raised + timedelta(days=answered_after)), answer_query, clock="13:30",
                      query=name, answer=said)  # fmt: skip
            yield act(by, workday(raised + timedelta(days=closed_after)), close_query, clock="17:00", query=name)


def signed() -> Iterator[Act]:
    """Give the investigators' signatures under the visits: every other Thursday, and later where a query was open."""
    waits = {(who, visit): asked + closed if said else None for who, visit, _q, said, asked, _a, closed, _by in QUERIES}
    for each in cohort():
        days = [("Screening", each.screened_on)]
        if each.allocated_on is not None:
            days.append(("Baseline", each.allocated_on))
        days += [(kept.name, kept.on) for kept in each.visits if kept.on is not None]
        for name, on in days:
            wait = waits.get((each.identifier, name), 5)
            if wait is None or f"{each.identifier} {name}" in SLOW_TO_SIGN:
                continue
            day = _thursday(on + timedelta(days=wait + 4 if wait > 5 else wait))
            if day <= NOW.date():
                yield act(INVESTIGATOR[each.site], day, sign_crf, clock="17:30", visit=f"{each.identifier} {name}")


def _thursday(day: date) -> date:
    """Return the next Thursday of an even week."""
    return day + timedelta(days=(11 - day.toordinal()) % 14)


def _common(each: Course) -> Iterator[Act]:
    first = each.allocated_on
    assert first is not None
    for _event in range(each.random.choice((0, 0, 1, 1, 1, 2))):
        words, preferred, organ, grade = each.random.choice(COMMON)
        began = first + timedelta(days=each.random.randint(3, 80))
        ended = began + timedelta(days=each.random.randint(2, 12))
        told = next((kept.on for kept in each.visits if kept.on and kept.on >= ended), None)
        if told is None or (each.ended is not None and told > each.ended[0]):
            continue
        related = each.random.choice(("yes", "no", "unknown", "no")) if each.arm == "A" else "no"
        yield act(NURSE[each.site], told, record_adverse_event, clock="10:40", participant=each.identifier, term=words,
                  preferred_term=preferred, system_organ_class=organ, grade=grade, severity=SEVERITY[grade],
                  started_on=began.isoformat(), ended_on=ended.isoformat(), related=related, expected=True,
                  outcome="RECOVERED/RESOLVED")  # fmt: skip


def _serious(each: Serious) -> Iterator[Act]:
    name, who = f"serious {each.who}", NURSE[each.who[:2]]
    seen, told = instant(*each.seen), instant(*each.told)
    yield act(
        who,
        each.seen[0],
        record_adverse_event,
        clock="10:00",
        keep=name,
        participant=each.who,
        started_on=each.began.isoformat(),
        aware_at=seen,
        aware_zone=ZONE,
        severity="severe",
        **each.fields,
    )
    yield act(who, each.told[0], report_adverse_event, clock="15:30", adverse_event=name, reported_at=told,
              reported_to=f"Sponsor's safety desk, {NORTH}")  # fmt: skip
    if each.signed is not None:
        yield act(PI, each.signed, sign_adverse_event, clock="16:30", adverse_event=name)


def _told(each: Found) -> Iterator[Act]:
    yield act(
        each.who,
        each.on,
        record_deviation,
        clock="16:20",
        keep=each.keep,
        category=each.category,
        occurred_on=each.on - timedelta(days=1),
        found_on=each.on,
        description=each.words,
        **each.about,
    )
    yield act(each.by, each.assessed, assess_deviation, clock="16:40", deviation=each.keep, important=each.important,
              impact=each.impact, corrective_action=each.mended)  # fmt: skip


def _proposed(who: str, visit: str) -> Find:
    """Return what finds the deviation that was proposed for a visit."""
    return lambda read, told: next(
        row.id for row in deviations(read, study=told.study, on=NOW.date()) if row.visit == told.ids[f"{who} {visit}"]
    )
