"""What is done with one participant after the other: screened, consented, found eligible, allocated, seen, followed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from trialdesk.commandline.demonstration.cohort import UNSIGNED, Course, allocation_list, cohort, workday
from trialdesk.commandline.demonstration.design import ACTIVATED, AMENDED_ON, PRODUCT
from trialdesk.commandline.demonstration.team import INES, LU, PI, SUB, TOMAS
from trialdesk.commandline.demonstration.telling import Act, act
from trialdesk.enrollment.actions import (
    allocate_open,
    assess_eligibility,
    complete,
    correct_participant,
    fail_screening,
    identify,
    load_slots,
    record_consent,
    record_death,
    record_exposure,
    record_visit,
    screen,
    sign_eligibility,
    withdraw,
)

NURSE = {"01": INES, "02": LU}
ON_TREATMENT = ("Week 2", "Week 6", "Week 12")
"""The visits at which is written down what was taken since the one before."""
STOPPED = {"02-019": (date(2026, 11, 14), date(2026, 11, 16))}
"""Whose treatment an event stopped: the last day of it, and the day on which the site knew."""
ENVELOPES = "the tin box of the night shift"
INVESTIGATOR = {"01": PI, "02": SUB}


def lists() -> Iterator[Act]:
    """Give the allocation list of each site, loaded by the pharmacist once the site is open."""
    for site, opened in ACTIVATED.items():
        rows = [
            {"number": f"{site}{place:03d}", "arm": arm, "site": site}
            for place, arm in enumerate(allocation_list(site), 1)
        ]
        yield act(TOMAS, opened + timedelta(days=1), load_slots, rows=rows, passphrase=ENVELOPES)


def courses() -> Iterator[Act]:
    """Give everybody's way through the study."""
    for each in cohort():
        yield from _screening(each)
        if each.allocated_on is not None:
            yield from _treatment(each, each.allocated_on)
        if each.again_on is not None:
            yield _consent(each, each.again_on, "2.0", "09:20")
        if each.ended is not None:
            yield from _end(each)
    yield act(INES, date(2026, 3, 18), correct_participant, clock="14:10", participant="01-011",
              reason="Copied from the wrong line of the hospital's record", age=57)  # fmt: skip


def _screening(each: Course) -> Iterator[Act]:
    who, on, name = NURSE[each.site], each.screened_on, each.identifier
    yield act(who, on, screen, clock="09:00", keep=name, site=f"site {each.site}", number=each.number,
              identifier=name, screened_on=on.isoformat(), age=each.age, age_unit="YEARS", sex=each.sex)  # fmt: skip
    yield act(
        who, on, identify, clock="09:05", participant=name, name=each.name, contact=f"Card {each.site}{each.number}"
    )
    yield _consent(each, on, "2.0" if on >= AMENDED_ON else "1.0", "09:20")
    yield _visit(each, "Screening", on, "10:00")
    said = {"eligible": False, "failed_criteria": each.failed} if each.failed else {"eligible": True}
    yield act(who, each.assessed_on, assess_eligibility, clock="10:30", keep=f"{name} eligible", participant=name,
              assessed_on=each.assessed_on, **said)  # fmt: skip
    if name not in UNSIGNED:
        yield act(INVESTIGATOR[each.site], each.assessed_on, sign_eligibility, clock="15:00",
                  eligibility=f"{name} eligible")  # fmt: skip
    if each.failed:
        yield act(who, each.assessed_on, fail_screening, clock="16:00", participant=name,
                  occurred_on=each.assessed_on.isoformat(), failed_criteria=each.failed)  # fmt: skip


def _treatment(each: Course, first: date) -> Iterator[Act]:
    who, name = NURSE[each.site], each.identifier
    yield act(who, first, allocate_open, clock="09:30", participant=name)
    yield _visit(each, "Baseline", first, "10:00")
    yield _exposed(each, first, first, first, "10:20")
    taken, stopped = first, STOPPED.get(name)
    for kept in each.visits:
        if kept.on is None:
            yield act(who, kept.known, record_visit, clock="11:00", keep=f"{name} {kept.name}", participant=name,
                      planned_visit=kept.name, name=kept.name, happened=False)  # fmt: skip
            continue
        yield _visit(each, kept.name, kept.on, "10:00")
        if kept.name in ON_TREATMENT and (stopped is None or kept.on <= stopped[0]):
            yield _exposed(each, taken + timedelta(days=1), kept.on, kept.on, "10:20")
            taken = kept.on
    if stopped is not None:
        last, known = stopped
        yield _exposed(each, taken + timedelta(days=1), last, known, "16:20")


def _visit(each: Course, name: str, on: date, clock: str) -> Act:
    return act(NURSE[each.site], on, record_visit, clock=clock, keep=f"{each.identifier} {name}",
               participant=each.identifier, planned_visit=name, name=name, happened=True,
               started_on=on.isoformat())  # fmt: skip


def _exposed(each: Course, first: date, last: date, on: date, clock: str) -> Act:
    dose: dict[str, Any] = {"treatment": "Usual care"}
    if each.arm == "A":
        dose = {
            "treatment": PRODUCT,
            "dose": Decimal(20),
            "dose_unit": "mg",
            "form": "Tablet",
            "frequency": "QD",
            "route": "Oral",
        }
    return act(NURSE[each.site], on, record_exposure, clock=clock, participant=each.identifier,
               started_on=first.isoformat(), ended_on=last.isoformat(), **dose)  # fmt: skip


def _consent(each: Course, on: date, label: str, clock: str) -> Act:
    who = NURSE[each.site]
    return act(who, on, record_consent, clock=clock, participant=each.identifier, consented_on=on, consented_at="09:15",
               consent_version=f"consent {each.language} {label}", obtained_by=who, copy_given=True)  # fmt: skip


def _end(each: Course) -> Iterator[Act]:
    assert each.ended is not None
    on, why, words = each.ended
    who, about = NURSE[each.site], {"participant": each.identifier, "occurred_on": on.isoformat()}
    if why == "COMPLETED":
        yield act(who, on, complete, clock="11:30", **about)
    elif why == "DEATH":
        yield act(who, workday(on + timedelta(days=1)), record_death, clock="11:30", term=words, **about)
    else:
        yield act(who, on, withdraw, clock="11:30", why=why, term=words, **about)
