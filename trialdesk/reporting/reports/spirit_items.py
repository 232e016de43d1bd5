"""The items of SPIRIT 2025, each with what the program holds of it, in words of our own."""

from __future__ import annotations

from collections.abc import Callable

from trialdesk.base.i18n import N_, _
from trialdesk.reporting.reports import protocol_words as words
from trialdesk.reporting.reports.protocol_facts import ProtocolTold

Held = Callable[[ProtocolTold], str | None]

ITEMS: tuple[tuple[str, str, Held | None], ...] = (
    ("1a", N_("Title"), words.title),
    ("1b", N_("Structured summary"), None),
    ("2", N_("Protocol version"), words.version),
    ("3a", N_("Who contributed"), None),
    ("3b", N_("Sponsor"), words.sponsor),
    ("3c", N_("Part of sponsor and funder"), None),
    ("3d", N_("Committees"), None),
    ("4", N_("Registration"), words.registry),
    ("5", N_("Where protocol and analysis plan can be read"), None),
    ("6", N_("Sharing of data"), None),
    ("7a", N_("Funding"), words.funding),
    ("7b", N_("Conflicts of interest"), None),
    ("8", N_("Dissemination"), None),
    ("9a", N_("Background"), None),
    ("9b", N_("Choice of comparator"), None),
    ("10", N_("Objectives"), words.objective),
    ("11", N_("Involvement of patients and public"), None),
    ("12", N_("Study design"), words.design),
    ("13", N_("Setting"), words.setting),
    ("14a", N_("Eligibility of participants"), words.criteria),
    ("14b", N_("Eligibility of sites and of who treats"), None),
    ("15a", N_("Intervention and comparator"), words.arms),
    ("15b", N_("Changing or stopping treatment"), None),
    ("15c", N_("Adherence"), None),
    ("15d", N_("Concomitant care"), None),
    ("16", N_("Outcomes"), None),
    ("17", N_("Harms"), words.harms),
    ("18", N_("Timeline of participants"), words.timeline),
    ("19", N_("Sample size"), words.planned),
    ("20", N_("Recruitment"), words.recruitment),
    ("21a", N_("Making of the allocation list"), None),
    ("21b", N_("Type of randomisation"), words.ratio),
    ("22", N_("Concealment of the list"), None),
    ("23", N_("Who enrols and who allocates"), None),
    ("24a", N_("Who is blinded"), words.blinded),
    ("24b", N_("How blinding is kept"), None),
    ("24c", N_("Unblinding"), None),
    ("25a", N_("Collection of data"), None),
    ("25b", N_("Keeping participants in the study"), None),
    ("26", N_("Management of data"), None),
    ("27a", N_("Statistical methods"), None),
    ("27b", N_("Analysis sets"), None),
    ("27c", N_("Missing data"), None),
    ("27d", N_("Further analyses"), None),
    ("28a", N_("Data monitoring committee"), None),
    ("28b", N_("Interim analyses and stopping"), None),
    ("29", N_("Monitoring"), None),
    ("30", N_("Ethics approval"), words.approval),
    ("31", N_("Amendments"), words.amendments),
    ("32a", N_("Consent"), words.consent),
    ("32b", N_("Consent to further use"), None),
    ("33", N_("Confidentiality"), None),
    ("34", N_("Care after the study"), None),
)
"""Number, subject and what the program holds of it; None where nothing is kept that could answer."""
RECORDED = {
    "4": N_("it is recorded with the study"),
    "7a": N_("no contract of support is recorded"),
    "13": N_("no site is recorded"),
    "30": N_("no approval is recorded"),
    "32a": N_("neither a consent form in use nor its visit is recorded"),
}
"""Why an item is missing that the record has a place for."""


def checklist(told: ProtocolTold) -> list[tuple[str, str, str | None]]:
    """Return for each item its number, its subject in words and what is recorded, None where nothing is."""
    return [(number, _(subject), (held(told) if held else None) or None) for number, subject, held in ITEMS]
