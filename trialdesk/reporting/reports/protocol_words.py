"""What is held of the protocol, each piece in words; empty or None where nothing is recorded."""

from __future__ import annotations

from trialdesk.base.i18n import _
from trialdesk.base.written import written_day
from trialdesk.ethics.rules import FORMS, KINDS
from trialdesk.reporting.reports.protocol_facts import ProtocolTold
from trialdesk.reporting.reports.synopsis import when
from trialdesk.reporting.terms import choice_words, country_words, phase_words, version_words
from trialdesk.studies.rules import BLINDING


def title(told: ProtocolTold) -> str | None:
    """Return the full title."""
    return told.design.title


def short_title(told: ProtocolTold) -> str | None:
    """Return the acronym."""
    return told.design.short_name


def number(told: ProtocolTold) -> str | None:
    """Return the sponsor's number of the protocol."""
    return told.design.protocol_number


def sponsor(told: ProtocolTold) -> str | None:
    """Return the sponsor."""
    return told.design.sponsor


def registry(told: ProtocolTold) -> str | None:
    """Return the number in the registry."""
    return told.design.registry_number


def phase(told: ProtocolTold) -> str | None:
    """Return the phase."""
    return phase_words(told.design.phase)


def condition(told: ProtocolTold) -> str | None:
    """Return the condition studied."""
    return told.design.indication


def objective(told: ProtocolTold) -> str | None:
    """Return the objective."""
    return told.design.objective


def design(told: ProtocolTold) -> str | None:
    """Return how the study is designed."""
    return told.design.design


def sites(told: ProtocolTold) -> str | None:
    """Return how many sites there are."""
    return str(told.design.sites) if told.design.sites else None


def planned(told: ProtocolTold) -> str | None:
    """Return how many participants are planned."""
    return None if told.design.planned is None else str(told.design.planned)


def version(told: ProtocolTold) -> str | None:
    """Return the version dated last."""
    last = told.versions[-1] if told.versions else None
    return _("{version}, dated {day}").format(version=last.label, day=written_day(last.dated_on)) if last else None


def amendments(told: ProtocolTold) -> str:
    """Return the versions after the first, each with its day."""
    return "\n".join(
        _("{version}, dated {day}").format(version=each.label, day=written_day(each.dated_on))
        for each in told.versions[1:]
    )


def criteria(told: ProtocolTold) -> str | None:
    """Return how many criteria there are."""
    into, out = told.design.inclusion, told.design.exclusion
    counted = _("{inclusion} criteria for inclusion, {exclusion} for exclusion")
    return counted.format(inclusion=len(into), exclusion=len(out)) if into or out else None


def arms(told: ProtocolTold) -> str:
    """Return the arms with what is given in each."""
    return "\n".join(f"{arm.name}: {arm.description}" if arm.description else arm.name for arm in told.design.arms)


def ratio(told: ProtocolTold) -> str | None:
    """Return the ratio of allocation."""
    ratios = [str(arm.ratio or 1) for arm in told.design.arms]
    return _("ratio {ratio}").format(ratio=":".join(ratios)) if len(ratios) > 1 else None


def blinded(told: ProtocolTold) -> str | None:
    """Return how the study is blinded."""
    return choice_words(BLINDING, told.design.blinding) if told.design.blinding else None


def timeline(told: ProtocolTold) -> str | None:
    """Return how many visits and activities are planned."""
    visits, activities = len(told.design.visits), len(told.design.activities)
    counted = _("{visits} visits and {activities} activities, see the schedule")
    return counted.format(visits=visits, activities=activities) if visits else None


def recruitment(told: ProtocolTold) -> str | None:
    """Return from when until when participants are recruited."""
    first, last = told.design.recruits_from, told.design.recruits_until
    if not first:
        return None
    said = _("from {day}").format(day=written_day(first))
    return _("{first} until {day}").format(first=said, day=written_day(last)) if last else said


def activities(told: ProtocolTold, *categories: str) -> str:
    """Return the names of the scheduled activities of some categories."""
    return "\n".join(each.name for each in told.design.activities if each.category in categories)


def harms(told: ProtocolTold) -> str:
    """Return the activities that look for harm."""
    return activities(told, "safety")


def consent(told: ProtocolTold) -> str:
    """Return at which visits consent is planned and with which forms it is given, as they are recorded."""
    planned = {
        column
        for each in told.design.activities
        if each.category == "consent"
        for column, mark in enumerate(each.marks)
        if mark is not None
    }
    visits = [f"{each.name} ({when(each)})" for column, each in enumerate(told.design.visits) if column in planned]
    forms = [
        _("{form} {version}, used from {day}").format(
            form=version_words(choice_words(FORMS, each.form), each.language),
            version=each.label,
            day=written_day(each.used_from),
        )
        for each in told.forms
    ]
    return "\n".join(
        (*([_("Consent and eligibility at: {visits}").format(visits=", ".join(visits))] if visits else []), *forms)
    )


def approval(told: ProtocolTold) -> str:
    """Return what committees approved, the initial application first, and whether none of it is in force."""
    said = [
        ", ".join(
            part
            for part in (
                _("{committee}, from {day}").format(committee=each.committee, day=written_day(each.from_)),
                choice_words(KINDS, each.kind),
                each.reference,
            )
            if part
        )
        for each in told.approvals
    ]
    return "\n".join((*said, *([_("No ethics approval is in force.")] if said and told.standing is None else [])))


def setting(told: ProtocolTold) -> str:
    """Return the sites with their countries."""
    return "\n".join(
        f"{each.label}, {country_words(each.country)}" if each.country else each.label for each in told.places
    )


def funding(told: ProtocolTold) -> str:
    """Return who gives money for the study."""
    return ", ".join(told.supporters)
