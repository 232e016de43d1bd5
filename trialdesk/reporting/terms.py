"""Coded terms in words: declared once, translated where they are printed. A term not listed here is its own word.

The reasons are terms of CDISC's codelists NCOMPLT and PROTMLST, the populations the usual codes of analysis sets.
"""

from __future__ import annotations

from trialdesk.base.i18n import N_, _
from trialdesk.enrollment.rules import ALL_ARMS, NOT_ALLOCATED

REASONS = {
    "COMPLETED": N_("Completed"),
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

POPULATIONS = {
    "COMPLT": N_("Completers"),
    "EFFICACY": N_("Efficacy"),
    "ENROLLED": N_("Enrolled"),
    "FULLSET": N_("Full analysis set"),
    "ITT": N_("Intention to treat"),
    "MITT": N_("Modified intention to treat"),
    "PPROT": N_("Per protocol"),
    "RANDOM": N_("Randomised"),
    "SAFETY": N_("Safety"),
}

ARMS = {
    ALL_ARMS: N_("All arms together"),
    NOT_ALLOCATED[True]: N_("Screen failure"),
    NOT_ALLOCATED[False]: N_("Not assigned"),
}
"""What stands where there is no arm, or none that may be named."""

SEVERITIES = {"MILD": N_("Mild"), "MODERATE": N_("Moderate"), "SEVERE": N_("Severe")}
SEXES = {"F": N_("female"), "M": N_("male"), "U": N_("sex unknown"), "UNDIFFERENTIATED": N_("sex undifferentiated")}
AGE_UNITS = {"YEARS": N_("years"), "MONTHS": N_("months"), "WEEKS": N_("weeks"), "DAYS": N_("days")}


def in_words(terms: dict[str, str], code: str) -> str:
    """Return a coded term in the language in force, upper and lower case alike; an unknown one as it stands."""
    found = terms.get(code.upper()) or terms.get(code)
    return _(found) if found else code


def reason_words(code: str) -> str:
    """Return a reason for ending in words."""
    return in_words(REASONS, code)


def population_words(code: str) -> str:
    """Return an analysis population in words; COMPLT16 is the completers of week 16."""
    week = code[len("COMPLT") :]
    if code.upper().startswith("COMPLT") and week.isdigit():
        return _("Completers of week {week}").format(week=week)
    return in_words(POPULATIONS, code)


def arm_words(name: str) -> str:
    """Return the name of an arm, or the words for what stands in its place."""
    return in_words(ARMS, name) if name in ARMS else name
