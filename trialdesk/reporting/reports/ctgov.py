"""Registration sheet for ClinicalTrials.gov: its data elements in their order, as far as they are recorded.

Elements are those of 42 CFR 11.28(a)(2) as the Protocol Registration and Results System names them. What an applicable
trial must say is an open item while it is missing; what the record has no place for says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from trialdesk.base.i18n import N_, _, n_
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports import chictr, registration
from trialdesk.reporting.reports.cells import day
from trialdesk.reporting.reports.chictr import Sheet
from trialdesk.reporting.reports.items import Item, listed, open_items
from trialdesk.reporting.structure import Block, Heading, Note, Paragraph
from trialdesk.reporting.terms import choice_words, country_words, phase_words

MASKING = {"open": N_("None (open label)"), "single": N_("Single"), "double": N_("Double")}
"""How the register names blinding."""

_OURS = re.compile(r"clinical ?trials\.gov|^nct", re.IGNORECASE)
_IND = re.compile(r"\b(?:IND|IDE|FDA)\b", re.IGNORECASE)

gather = chictr.gather


def compose(sheet: Sheet) -> list[Block]:
    """Return the register's modules in their order, each element as recorded, and what is still missing."""
    groups = [(title, list(items(sheet))) for title, items in _MODULES]
    all_ = [item for _title, items in groups for item in items]
    return [
        Paragraph(
            _("{filled} of {all} items are recorded.").format(
                filled=sum(bool(item.value) for item in all_), all=len(all_)
            ),
            "lead",
        ),
        Note(_("An applicable trial is registered within 21 days of enrolling its first participant (42 CFR 11.24).")),
        *(block for title, items in groups for block in (Heading(1, _(title)), listed(items))),
        *open_items(all_),
    ]


def _unkept() -> str:
    return _("the study's record has no place for it")


def _identification(sheet: Sheet) -> Iterator[Item]:
    row = sheet.told.study
    entries = [each for each in sheet.told.entries if each.purpose == "registration"]
    ours = [each for each in entries if _OURS.search(each.registry) or _OURS.search(each.reference or "")]
    others = ", ".join(
        f"{each.registry} {each.reference or ''}".strip()
        for each in entries
        if each not in ours and not _IND.search(each.registry)
    )
    number = next((each.reference for each in ours if each.reference), None)
    yield Item(_("Unique protocol identification number"), row.protocol_number)
    yield Item(_("NCT number"), number, why=_("the registry gives it"), wanted=False)
    yield Item(_("Secondary identification numbers"), others, why=_("none is recorded"), wanted=False)
    yield Item(_("Brief title"), row.short_name)
    yield Item(_("Official title"), row.title)


def _status(sheet: Sheet) -> Iterator[Item]:
    row = sheet.told.study
    begun = sheet.told.first_in or row.started
    planned = row.recruitment_starts_on
    start = _("{day} (actual)").format(day=day(begun)) if begun else None
    if start is None and planned:
        start = _("{day} (anticipated)").format(day=day(planned))
    yield Item(_("Overall recruitment status"), registration.status(sheet.told))
    yield Item(_("Why the study was stopped"), None, why=_("no stop is recorded"), wanted=False)
    yield Item(_("Study start date"), start)
    yield Item(_("Primary completion date"), None, why=_("when the last primary outcome is measured is not planned"))
    yield Item(
        _("Study completion date"),
        _("{day} (actual)").format(day=day(row.ended)) if row.ended else None,
        why=_("the study has not ended"),
    )
    yield Item(
        _("Record verification date"), None, why=_("it is the month in which the entry is checked"), wanted=False
    )


def _sponsor(sheet: Sheet) -> Iterator[Item]:
    lead = sheet.investigator
    yield Item(_("Responsible party"), _("Sponsor") if sheet.told.study.sponsor else None)
    yield Item(_("Sponsor"), sheet.told.study.sponsor)
    yield Item(
        _("Collaborators"), ", ".join(sheet.told.supporters), why=_("no contract of support is recorded"), wanted=False
    )
    yield Item(_("Principal investigator"), ", ".join(filter(None, (lead.name, lead.institution))) if lead else None)


def _oversight(sheet: Sheet) -> Iterator[Item]:
    approved = [each for each in sheet.told.ethics if each.outcome.startswith("approved")]
    first = min(approved, key=lambda each: each.decided_on, default=None)
    numbers = ", ".join(
        f"{each.registry} {each.reference}"
        for each in sheet.told.entries
        if each.reference and _IND.search(each.registry)
    )
    said = None
    if first is not None:
        words = _("Approved by {committee} on {day}, {reference}")
        said = words.format(
            committee=first.committee, day=day(first.decided_on), reference=first.reference or _("number not recorded")
        )
    yield Item(_("Human subjects protection review"), said, why=_("no approval is recorded"))
    yield Item(_("Studies a drug regulated by the FDA"), None, why=_unkept())
    yield Item(_("Studies a device regulated by the FDA"), None, why=_unkept())
    yield Item(_("Not approved or cleared by the FDA"), None, why=_unkept())
    yield Item(_("Post-market surveillance for children"), None, why=_unkept(), wanted=False)
    yield Item(_("Product exported from the United States"), None, why=_unkept(), wanted=False)
    yield Item(_("IND or IDE number"), numbers, why=_("no application is recorded"), wanted=False)
    yield Item(_("Data monitoring committee"), None, why=_unkept(), wanted=False)


def _description(sheet: Sheet) -> Iterator[Item]:
    row = sheet.told.study
    yield Item(_("Brief summary"), row.objective)
    yield Item(_("Disease"), row.indication)
    yield Item(_("Keywords"), None, why=_unkept(), wanted=False)


def _design(sheet: Sheet) -> Iterator[Item]:
    told, row = sheet.told, sheet.told.study
    size = row.planned_participants
    enrolment = None
    if row.ended:
        enrolment = _("{count} (actual)").format(count=told.entered)
    elif size is not None:
        enrolment = _("{count} (anticipated)").format(count=size)
    several = len(told.arms) > 1
    yield Item(_("Study type"), _("Interventional") if told.arms else None, why=_("no arm is recorded"))
    yield Item(_("Primary purpose"), None, why=_unkept())
    yield Item(_("Study phase"), phase_words(row.phase))
    yield Item(_("Interventional study model"), row.design)
    yield Item(
        _("Number of arms"),
        n_("{count} arm", "{count} arms", len(told.arms)).format(count=len(told.arms)) if told.arms else None,
    )
    yield Item(_("Masking"), choice_words(tuple(MASKING.items()), row.blinding) if row.blinding else None)
    yield Item(
        _("Allocation"),
        ":".join(str(each.ratio or 1) for each in told.arms) if several else None,
        why=_("there is one arm"),
        wanted=several,
    )
    yield Item(_("Enrolment"), enrolment)


def _interventions(sheet: Sheet) -> Iterator[Item]:
    arms = sheet.told.arms
    if not arms:
        yield Item(_("Arms and interventions"), None)
    for place, each in enumerate(arms, 1):
        words = each.description or _("not recorded")
        yield Item(_("Arm {number}").format(number=place), f"{each.name}: {words}")
    yield Item(_("Type of each arm and of each intervention"), None, why=_unkept())


def _outcomes(_sheet: Sheet) -> Iterator[Item]:
    unkept = _("outcomes are not kept apart from the objective")
    yield Item(_("Primary outcomes: title, description, time frame"), None, why=unkept)
    yield Item(_("Secondary outcomes: title, description, time frame"), None, why=unkept)


def _eligibility(sheet: Sheet) -> Iterator[Item]:
    for category, label in (("inclusion", _("Inclusion criteria")), ("exclusion", _("Exclusion criteria"))):
        told = [f"{each.code}: {each.text}" for each in sheet.told.criteria if each.category == category]
        yield Item(label, "\n".join(told))
    yield Item(_("Sex"), None, why=_("it stands among the criteria"))
    yield Item(_("Ages"), None, why=_("ages stand among the criteria"))
    yield Item(_("Accepts healthy volunteers"), None, why=_unkept())


def _places(sheet: Sheet) -> Iterator[Item]:
    lead = sheet.investigator
    places = [f"{label} ({country_words(country)})" if country else label for label, country in sheet.sites]
    yield Item(_("Central contact"), ", ".join(filter(None, (lead.name, lead.contact))) if lead else None)
    yield Item(_("Overall study official"), lead.name if lead else None)
    yield Item(_("Facilities"), "\n".join(places))
    yield Item(_("Recruitment status of each facility"), None, why=_unkept(), wanted=False)


def _sharing(sheet: Sheet) -> Iterator[Item]:
    results = [each for each in sheet.told.entries if each.purpose == "results" and _OURS.search(each.registry)]
    yield Item(_("Plan to share participants' data"), None, why=_unkept())
    yield Item(_("Citations"), None, why=_unkept(), wanted=False)
    yield Item(
        _("Results submitted"),
        "\n".join(f"{each.registry}, {day(each.submitted_on)}" for each in results),
        why=_("no results are registered"),
        wanted=bool(sheet.told.study.ended),
    )


_MODULES: tuple[tuple[str, Callable[[Sheet], Iterator[Item]]], ...] = (
    (N_("Study identification"), _identification),
    (N_("Study status"), _status),
    (N_("Sponsor and collaborators"), _sponsor),
    (N_("Oversight"), _oversight),
    (N_("Study description and conditions"), _description),
    (N_("Study design"), _design),
    (N_("Arms and interventions"), _interventions),
    (N_("Outcome measures"), _outcomes),
    (N_("Eligibility"), _eligibility),
    (N_("Contacts, locations and investigators"), _places),
    (N_("Data sharing, references and results"), _sharing),
)


REPORT = Report(
    key="ctgov",
    title=N_("Registration sheet for ClinicalTrials.gov"),
    audience="outside",
    section="protocol",
    parameters=(),
    gather=gather,
    compose=compose,
    unblinds=False,
    about=N_("What ClinicalTrials.gov asks for, filled from what is recorded, with what is still missing."),
    tells_day=True,
)
