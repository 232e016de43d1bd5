"""Coded terms in words: declared once, translated where they are printed. A term not listed here is its own word.

The reasons are terms of CDISC's codelists NCOMPLT and PROTMLST, outcomes and actions taken those of OUT and ACN, the
populations the usual codes of analysis sets.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from trialdesk.base.i18n import N_, _, babel_locale
from trialdesk.base.written import written_day
from trialdesk.enrollment.rules import ALL_ARMS, NOT_ALLOCATED

_ALPHA2 = 2
"""The letters of a country's code."""

REASONS = {
    "COMPLETED": N_("Completed"),
    "NOT ELIGIBLE": N_("Did not meet the criteria"),
    "ADVERSE EVENT": N_("Adverse event"),
    "DEATH": N_("Death"),
    "DISEASE RELAPSE": N_("Disease relapse"),
    "FAILURE TO MEET RANDOMIZATION CRITERIA": N_("Randomisation criteria not met"),
    "LACK OF EFFICACY": N_("Lack of efficacy"),
    "LOST TO FOLLOW-UP": N_("Lost to follow-up"),
    "NON-COMPLIANCE WITH STUDY DRUG": N_("Non-compliance with the study drug"),
    "OTHER": N_("Other"),
    "PARENT/GUARDIAN DECISION": N_("Decision of parent or guardian"),
    "PHYSICIAN DECISION": N_("Physician's decision"),
    "PREGNANCY": N_("Pregnancy"),
    "PROGRESSIVE DISEASE": N_("Progressive disease"),
    "PROTOCOL DEVIATION": N_("Protocol deviation"),
    "PROTOCOL VIOLATION": N_("Protocol violation"),
    "RECOVERY": N_("Recovery"),
    "SCREEN FAILURE": N_("Screen failure"),
    "SITE TERMINATED BY SPONSOR": N_("Site closed by the sponsor"),
    "STUDY TERMINATED BY SPONSOR": N_("Study stopped by the sponsor"),
    "TECHNICAL PROBLEMS": N_("Technical problems"),
    "TRIAL SCREEN FAILURE": N_("Screen failure"),
    "WITHDRAWAL BY PARENT/GUARDIAN": N_("Withdrawal by parent or guardian"),
    "WITHDRAWAL BY SUBJECT": N_("Withdrawal by participant"),
}

OUTCOMES = {
    "FATAL": N_("Fatal"),
    "NOT RECOVERED/NOT RESOLVED": N_("Not recovered"),
    "RECOVERED/RESOLVED": N_("Recovered"),
    "RECOVERED/RESOLVED WITH SEQUELAE": N_("Recovered with sequelae"),
    "RECOVERING/RESOLVING": N_("Recovering"),
    "UNKNOWN": N_("Unknown"),
}

ACTIONS_TAKEN = {
    "DOSE INCREASED": N_("Dose increased"),
    "DOSE NOT CHANGED": N_("Dose not changed"),
    "DOSE RATE REDUCED": N_("Dose rate reduced"),
    "DOSE REDUCED": N_("Dose reduced"),
    "DRUG INTERRUPTED": N_("Treatment interrupted"),
    "DRUG WITHDRAWN": N_("Treatment stopped"),
    "NOT APPLICABLE": N_("Not applicable"),
    "NOT EVALUABLE": N_("Not evaluable"),
    "UNKNOWN": N_("Unknown"),
}

POPULATIONS = {
    "ENROLLED": N_("Enrolled"),
    "RANDOM": N_("Randomised"),
    "ITT": N_("Intention to treat"),
    "MITT": N_("Modified intention to treat"),
    "FULLSET": N_("Full analysis set"),
    "SAFETY": N_("Safety set"),
    "PPROT": N_("Per-protocol set"),
    "EFFICACY": N_("Efficacy set"),
    "COMPLT": N_("Completers"),
}
"""In the order in which they are listed: from the widest to the narrowest."""

ARMS = {
    ALL_ARMS: N_("All arms together"),
    NOT_ALLOCATED[True]: N_("Screen failure"),
    NOT_ALLOCATED[False]: N_("Not assigned"),
}
"""What stands where there is no arm, or none that may be named."""

FIGURES = {
    "assessed": N_("Assessed for eligibility"),
    "excluded": N_("Excluded"),
    "randomised": N_("Randomised"),
    "allocated": N_("Allocated"),
    "received": N_("Received the allocated intervention"),
    "completed": N_("Completed"),
    "discontinued": N_("Discontinued"),
    "lost_to_follow_up": N_("Lost to follow-up"),
    "analysed": N_("Analysed"),
    "reasons": N_("Reasons"),
    "total": N_("Total"),
    "arms": N_("Arms"),
    "events": N_("Events"),
    "participants": N_("Participants"),
    "serious": N_("Serious"),
    "fatal": N_("Fatal"),
    "by_severity": N_("Severity"),
    "rows": N_("Everybody screened"),
    "flow": N_("Participant flow"),
    "entered": N_("Entered the study"),
    "screened_on": N_("Screened on"),
    "consented_on": N_("Consent on"),
    "enrolled_on": N_("Enrolled on"),
    "ended_on": N_("Ended on"),
    "reason": N_("Reason"),
    "state": N_("Status"),
    "arm": N_("Planned arm"),
    "site": N_("Site"),
    "sex": N_("Sex"),
    "age": N_("Age"),
}
"""What the keys of the facts are called when somebody is told that a figure changed."""

SEVERITIES = {"MILD": N_("Mild"), "MODERATE": N_("Moderate"), "SEVERE": N_("Severe")}
SEXES = {"F": N_("female"), "M": N_("male"), "U": N_("sex unknown"), "UNDIFFERENTIATED": N_("sex undifferentiated")}
RACES = {
    "AMERICAN INDIAN OR ALASKA NATIVE": N_("American Indian or Alaska Native"),
    "ASIAN": N_("Asian"),
    "BLACK OR AFRICAN AMERICAN": N_("Black or African American"),
    "MULTIPLE": N_("More than one"),
    "NATIVE HAWAIIAN OR OTHER PACIFIC ISLANDER": N_("Native Hawaiian or other Pacific Islander"),
    "NOT REPORTED": N_("Not reported"),
    "OTHER": N_("Other"),
    "UNKNOWN": N_("Unknown"),
    "WHITE": N_("White"),
}
ETHNICITIES = {
    "HISPANIC OR LATINO": N_("Hispanic or Latino"),
    "NOT HISPANIC OR LATINO": N_("Not Hispanic or Latino"),
    "NOT REPORTED": N_("Not reported"),
    "UNKNOWN": N_("Unknown"),
}
AGES = {
    "YEARS": N_("{age} years"),
    "MONTHS": N_("{age} months"),
    "WEEKS": N_("{age} weeks"),
    "DAYS": N_("{age} days"),
}


def in_words(terms: dict[str, str], code: str) -> str:
    """Return a coded term in the language in force, upper and lower case alike; an unknown one as it stands."""
    found = terms.get(code.upper()) or terms.get(code)
    return _(found) if found else code


def choice_words(choices: tuple[tuple[str, str], ...], code: str) -> str:
    """Return one of a field's choices in the language in force; a code it does not know as it stands."""
    found = dict(choices).get(code)
    return _(found) if found else code


def day_cell(day: date | None, none: str = "–") -> str:
    """Return a calendar date as a table prints it, `none` where nothing is due."""
    return written_day(day) if day else none


def language_words(tag: str) -> str:
    """Return what a language is called in the language in force, of a tag (RFC 5646); an unknown tag as it stands."""
    from babel import Locale

    names = Locale.parse(babel_locale()).languages
    return str(names.get(tag.replace("-", "_")) or names.get(tag.partition("-")[0]) or tag)


def country_words(country: str) -> str:
    """Return what a country is called in the language in force, of a code (ISO 3166); another text as it stands."""
    return _country(country, babel_locale())


@cache
def _country(country: str, locale: str) -> str:
    from trialdesk.overview.rulebook import country_named

    known = country_named(country)
    code = known.code if known else country.strip().upper()
    if len(code) != _ALPHA2:
        return country
    from babel import Locale

    return str(Locale.parse(locale).territories.get(code) or country)


def version_words(label: str, tag: str) -> str:
    """Return a version of a form with its language: 1.0 (Chinese)."""
    return _("{version} ({language})").format(version=label, language=language_words(tag))


def age_words(age: int, unit: str | None) -> str:
    """Return an age with its unit; an unknown unit as it stands."""
    said = AGES.get((unit or "").upper())
    return _(said).format(age=age) if said else f"{age} {unit or ''}".strip()


def reason_words(code: str) -> str:
    """Return a reason for ending in words."""
    return in_words(REASONS, code)


def phase_words(phase: str | None) -> str | None:
    """Return a trial's phase as people write it (terms of CDISC's codelist TPHASE); another text as it stands.

    "Phase 2" is such a term without its last word.
    """
    found = re.fullmatch(r"\s*phase\s+(?P<number>\S+)(\s+trial)?\s*", phase or "", re.IGNORECASE)
    return _("Phase {number}").format(number=found["number"]) if found else phase


def population_words(code: str) -> str:
    """Return an analysis population in words; COMPLT16 is the completers of week 16."""
    family, week = _family(code)
    return _("Completers of week {week}").format(week=week) if week else in_words(POPULATIONS, family)


def population_order(code: str) -> tuple[int, int, str]:
    """Return the key by which populations are sorted; one not listed here comes last."""
    family, week = _family(code)
    known = list(POPULATIONS)
    return (known.index(family.upper()) if family.upper() in known else len(known), week, code)


def _family(code: str) -> tuple[str, int]:
    """Return a population's code and, for the completers of a week, that week."""
    head, week = code[: len("COMPLT")], code[len("COMPLT") :]
    return (head, int(week)) if head.upper() == "COMPLT" and week.isdecimal() else (code, 0)


def arm_words(name: str) -> str:
    """Return the name of an arm, or the words for what stands in its place."""
    return in_words(ARMS, name) if name in ARMS else name


def figure_words(key: str) -> str:
    """Return what a key of the facts is called: a figure, a reason, a severity, an arm; else the key itself."""
    if key in FIGURES:
        return _(FIGURES[key])
    for terms in (ARMS, REASONS, SEVERITIES):
        if key in terms:
            return _(terms[key])
    return population_words(key)
