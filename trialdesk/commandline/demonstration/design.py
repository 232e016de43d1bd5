"""What the study lays down: synopsis, protocol, arms, schedule, criteria, sites and the plan of recruitment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from trialdesk.commandline.demonstration.team import INES, LU, NORTH, PI, SUB, WANGCHAO
from trialdesk.commandline.demonstration.telling import Act, act
from trialdesk.studies.actions import (
    activate_site,
    add_activity,
    add_arm,
    add_criterion,
    add_planned_visit,
    add_protocol_version,
    add_recruitment_target,
    add_site,
    correct_study,
    create_study,
    schedule_activity,
    sign_protocol_version,
)
from trialdesk.studies.closing import add_registration

SHORT_NAME = "VELA"
PRODUCT = "Velmorin"
ACTIVE, USUAL = "Velmorin and usual care", "Usual care alone"
PLANNED = 64
RECRUITS = (date(2025, 10, 13), date(2027, 1, 29))
ACTIVATED = {"01": date(2025, 10, 9), "02": date(2025, 12, 16)}
AMENDED_ON = date(2026, 10, 1)
"""The day from which protocol 2.0 and its consent forms are in use."""

SYNOPSIS: dict[str, Any] = {
    "short_name": SHORT_NAME,
    "title": "Velmorin for lasting cough after pneumonia: an open-label randomised controlled trial at two sites",
    "protocol_number": "NPUH-2025-017",
    "phase": "Phase 2",
    "indication": "Cough lasting more than eight weeks after community-acquired pneumonia",
    "sponsor": NORTH,
    "blinding": "open",
    "objective": "To find out whether twelve weeks of velmorin shorten the cough that lasts after pneumonia, and how "
    "well it is tolerated.",
    "design": "Investigator-initiated, open-label, parallel groups, allocated 1:1 in blocks by site; twelve weeks of "
    "treatment, four weeks of follow-up. Primary outcome: Leicester Cough Questionnaire at week 12.",
    "planned_participants": PLANNED,
    "recruitment_starts_on": RECRUITS[0],
    "recruitment_ends_on": RECRUITS[1],
    "needs_contract": True,
    "needs_insurance": True,
}

VISITS = (
    ("1", "Screening", "consent", 0, 0, 3),
    ("2", "Baseline", "allocation", 0, 0, 3),
    ("3", "Week 2", "day1", 15, 3, 3),
    ("4", "Week 6", "day1", 43, 4, 4),
    ("5", "Week 12", "day1", 85, 5, 5),
    ("6", "Week 16", "day1", 113, 7, 7),
)
"""Number, name, what it is counted from, the day, days before and after it."""

ACTIVITIES = (
    ("Informed consent", "consent", "1"),
    ("Eligibility criteria", "consent", "1"),
    ("Medical history", "procedure", "1"),
    ("Vital signs", "procedure", "1 2 3 4 5 6"),
    ("Spirometry", "procedure", "1 4 5"),
    ("Chest radiograph", "procedure", "1"),
    ("Blood count and liver tests", "laboratory", "1 3 5"),
    ("Leicester Cough Questionnaire", "questionnaire", "2 3 4 5 6"),
    ("Dispensing and pill count", "treatment", "2 3 4 5"),
    ("Adverse events", "safety", "2 3 4 5 6"),
)
"""What is done, of which category, at the visits of which numbers."""

CRITERIA = (
    ("I01", "inclusion", "Aged 18 to 80 years"),
    ("I02", "inclusion", "Pneumonia confirmed by radiograph eight weeks to twelve months before"),
    ("I03", "inclusion", "Cough at least four days a week since then"),
    ("E01", "exclusion", "Asthma, bronchiectasis or interstitial lung disease"),
    ("E02", "exclusion", "Treatment with an ACE inhibitor in the last four weeks"),
    ("E03", "exclusion", "Liver tests above three times the upper limit of normal"),
    ("E04", "exclusion", "Pregnant or breastfeeding"),
    ("E05", "exclusion", "Smoked in the last six months"),
)

TARGETS = (2, 4, 4, 5, 3, 4, 4, 4, 4, 4, 4, 5, 5, 5, 4, 3)
"""How many are planned to be allocated in each month from the first on."""


def study() -> Iterator[Act]:
    """Give the study, before anybody works on it."""
    yield act(PI, date(2025, 5, 14), create_study, keep="study", **SYNOPSIS)


def laid_down() -> Iterator[Act]:
    """Give the design, the sites and the registry entry."""
    yield act(PI, date(2025, 6, 16), add_protocol_version, keep="protocol 1.0", label="1.0",
              dated_on=date(2025, 6, 16), effective_on=date(2025, 9, 15))  # fmt: skip
    yield act(PI, date(2025, 6, 20), sign_protocol_version, protocol_version="protocol 1.0")
    yield act(PI, date(2025, 10, 27), correct_study, clock="17:00", reason="The first participant was allocated",
              study="study", started="2025-10-27")  # fmt: skip
    yield from _arms_and_schedule(date(2025, 6, 17))
    yield from _sites(date(2025, 9, 24))
    yield act(INES, date(2025, 9, 15), add_registration, registry="ChiCTR", purpose="registration",
              submitted_on=date(2025, 9, 15), reference="ChiCTR2500990017")  # fmt: skip
    yield act(PI, date(2025, 9, 19), correct_study, reason="The registry gave the number", study="study",
              registry_number="ChiCTR2500990017")  # fmt: skip


def amended() -> Iterator[Act]:
    """Give the amendment of the protocol and what the registry was told of it."""
    yield act(
        PI,
        date(2026, 8, 10),
        add_protocol_version,
        keep="protocol 2.0",
        label="2.0",
        dated_on=date(2026, 8, 10),
        effective_on=AMENDED_ON,
        amendment_of="protocol 1.0",
        substantial=True,
        change_summary="Liver tests also at week 2; the consent form names fainting as a possible effect",
    )
    yield act(PI, date(2026, 8, 14), sign_protocol_version, protocol_version="protocol 2.0")
    yield act(INES, date(2026, 10, 6), add_registration, registry="ChiCTR", purpose="update",
              submitted_on=date(2026, 10, 6), reference="ChiCTR2500990017, version 2")  # fmt: skip


def _arms_and_schedule(on: date) -> Iterator[Act]:
    arms = (("A", ACTIVE, f"{PRODUCT} 20 mg by mouth once a day for twelve weeks, and usual care"),
            ("B", USUAL, "Usual care as the guideline of each hospital describes it"))  # fmt: skip
    for order, (code, name, words) in enumerate(arms, 1):
        yield act(PI, on, add_arm, keep=f"arm {code}", code=code, name=name, order=order, ratio=1, description=words)
    for number, name, anchor, planned, before, after in VISITS:
        yield act(INES, on, add_planned_visit, keep=name, clock="10:00", number=Decimal(number), name=name,
                  anchor=anchor, planned_day=planned, window_before=before, window_after=after)  # fmt: skip
    names = {number: name for number, name, *_rest in VISITS}
    for order, (name, category, numbers) in enumerate(ACTIVITIES, 1):
        yield act(INES, on, add_activity, keep=f"activity {name}", clock="11:00", name=name, category=category,
                  order=order)  # fmt: skip
        for number in numbers.split():
            yield act(INES, on, schedule_activity, clock="11:30", activity=f"activity {name}",
                      planned_visit=names[number])  # fmt: skip
    for code, category, words in CRITERIA:
        yield act(PI, on, add_criterion, clock="14:00", code=code, category=category, text=words)


def _sites(on: date) -> Iterator[Act]:
    for number, name, target, who in (("01", NORTH, 42, None), ("02", WANGCHAO, 22, SUB)):
        yield act(PI, on, add_site, keep=f"site {number}", number=number, name=name, country="CN", pi=who,
                  target=target)  # fmt: skip
    for number, who in (("01", INES), ("02", LU)):
        yield act(who, ACTIVATED[number], activate_site, site=f"site {number}", activated_on=ACTIVATED[number])
    for place, planned in enumerate(TARGETS):
        month = date(2025 + (9 + place) // 12, (9 + place) % 12 + 1, 1)
        yield act(INES, on, add_recruitment_target, clock="15:00", month=month, planned=planned)
