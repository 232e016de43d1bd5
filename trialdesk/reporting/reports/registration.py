"""Registration sheet: the 24 items of the WHO Trial Registration Data Set (version 1.3.1), each as it is recorded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from trialdesk.base.dates import PartialDate
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.contracts.queries import contracts, organisations
from trialdesk.contracts.rules import BOUND, RECEIVABLE
from trialdesk.enrollment.queries import participants
from trialdesk.ethics.queries import decisions, submissions
from trialdesk.ethics.rules import OUTCOMES
from trialdesk.persistence.reading import Read
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports.cells import day
from trialdesk.reporting.reports.items import Item, listed, open_items
from trialdesk.reporting.structure import Block, Heading, Paragraph
from trialdesk.reporting.terms import choice_words, country_words, phase_words
from trialdesk.studies.queries import ArmRow, CriterionRow, StudyRow, arms, criteria, registrations, sites
from trialdesk.studies.queries import study as study_row
from trialdesk.studies.rules import BLINDING


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry in a registry."""

    registry: str
    purpose: str
    submitted_on: date
    reference: str | None


@dataclass(frozen=True, slots=True)
class Ethics:
    """One decision of a committee."""

    committee: str
    outcome: str
    decided_on: date
    reference: str | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the 24 items are filled from. Counts are of participants who entered the study."""

    study: StudyRow
    entries: tuple[Entry, ...]
    countries: tuple[str, ...]
    arms: tuple[ArmRow, ...]
    criteria: tuple[CriterionRow, ...]
    ethics: tuple[Ethics, ...]
    supporters: tuple[str, ...]
    entered: int
    first_in: PartialDate | None


def gather(
    read: Read,
    *,
    study: Id,
    on: date,
    site: Id | None = None,  # noqa: ARG001 - a trial is registered once
    as_of: date | None = None,  # noqa: ARG001 - it is told as it is recorded
) -> Sheet:
    """Return the facts of the sheet. A bounded number of statements."""
    entered = [row for row in participants(read, study=study, on=on) if row.state in _ENTERED]
    committees = {row.id: row.committee_name for row in submissions(read, study=study)}
    return Sheet(
        study=study_row(read, study=study),
        entries=tuple(
            Entry(row.registry, row.purpose, row.submitted_on, row.reference)
            for row in registrations(read, study=study)
        ),
        countries=tuple(sorted({row.country for row in sites(read, study=study) if row.country})),
        arms=arms(read, study=study),
        criteria=criteria(read, study=study),
        ethics=tuple(
            Ethics(committees.get(row.submission, ""), row.outcome, row.decided_on, row.reference)
            for row in decisions(read, study=study)
        ),
        supporters=supporters(read, study=study),
        entered=len(entered),
        first_in=min((row.reference_start for row in entered if row.reference_start), default=None),
    )


def supporters(read: Read, *, study: Id) -> tuple[str, ...]:
    """Return who gives money for a study, by the contracts under which it receives. Bounded statements."""
    names = {row.id: row.name for row in organisations(read)}
    found = {
        names[row.supporter]
        for row in contracts(read, study=study)
        # Who is only negotiated with supports nothing yet.
        if row.direction == RECEIVABLE and row.state in BOUND
    }
    return tuple(sorted(found))


_ENTERED = ("in study", "completed", "discontinued")


def compose(told: Sheet) -> list[Block]:
    """Return the 24 items in their order and what is still missing."""
    items = list(_items(told))
    filled = sum(bool(item.value) for item in items)
    return [
        Paragraph(_("{filled} of {all} items are recorded.").format(filled=filled, all=len(items)), "lead"),
        Heading(1, _("WHO Trial Registration Data Set")),
        listed(items),
        *open_items(items),
    ]


def _items(told: Sheet) -> Iterator[Item]:
    row = told.study
    unkept = _("the study's record has no place for it")
    registered = [each for each in told.entries if each.purpose == "registration"]
    results = [each for each in told.entries if each.purpose == "results"]
    yield Item(
        _("1 Primary registry and number"), row.registry_number or _joined(each.reference for each in registered)
    )
    yield Item(_("2 Date of registration"), day(registered[0].submitted_on) if registered else None)
    yield Item(_("3 Secondary identifying numbers"), row.protocol_number)
    yield Item(_("4 Sources of support"), ", ".join(told.supporters), why=_("no contract of support is recorded"))
    yield Item(_("5 Primary sponsor"), row.sponsor)
    yield Item(_("6 Secondary sponsors"), None, why=unkept, wanted=False)
    yield Item(_("7 Contact for public queries"), None, why=unkept)
    yield Item(_("8 Contact for scientific queries"), None, why=unkept)
    yield Item(_("9 Public title"), row.short_name)
    yield Item(_("10 Scientific title"), row.title)
    yield Item(_("11 Countries of recruitment"), ", ".join(map(country_words, told.countries)))
    yield Item(_("12 Condition studied"), row.indication)
    yield Item(_("13 Interventions"), "\n".join(_arm(each) for each in told.arms))
    yield Item(
        _("14 Inclusion and exclusion criteria"), "\n".join(f"{each.code}: {each.text}" for each in told.criteria)
    )
    yield Item(_("15 Study type"), "\n".join(filter(None, (row.design, _blinding(row), phase_words(row.phase)))))
    yield Item(
        _("16 Date of first enrolment"), day(told.first_in) if told.first_in else None, why=_("nobody has entered")
    )
    yield Item(_("17 Sample size"), _size(told))
    yield Item(_("18 Recruitment status"), status(told))
    yield Item(_("19 Primary outcomes"), None, why=_("outcomes are not kept apart from the objective"))
    yield Item(_("20 Key secondary outcomes"), None, why=unkept)
    yield Item(_("21 Ethics review"), "\n".join(_decision(each) for each in told.ethics))
    yield Item(
        _("22 Completion date"), day(row.ended) if row.ended else None, why=_("the study has not ended"), wanted=False
    )
    yield Item(
        _("23 Summary results"),
        "\n".join(f"{each.registry}, {day(each.submitted_on)}" for each in results),
        why=_("no results are registered"),
        wanted=bool(row.ended),
    )
    yield Item(_("24 Plan to share participants' data"), None, why=unkept)


def _joined(parts: Iterable[str | None]) -> str:
    return ", ".join(part for part in parts if part)


def _arm(arm: ArmRow) -> str:
    return f"{arm.name}: {arm.description}" if arm.description else arm.name


def _blinding(row: StudyRow) -> str:
    return choice_words(BLINDING, row.blinding) if row.blinding else ""


def _size(told: Sheet) -> str | None:
    if told.study.planned_participants is None:
        return None
    return _("planned {planned}, entered {entered}").format(
        planned=told.study.planned_participants, entered=told.entered
    )


def status(told: Sheet) -> str:
    """Return the recruitment status in words."""
    row = told.study
    if row.closed_on:
        return _("closed on {day}").format(day=day(row.closed_on))
    return _("recruiting or in follow-up") if told.entered else _("not yet recruiting")


def _decision(told: Ethics) -> str:
    said = f"{told.committee}: {choice_words(OUTCOMES, told.outcome)}, {day(told.decided_on)}"
    return f"{said}, {told.reference}" if told.reference else said


REPORT = Report(
    key="registration",
    title=N_("Trial registration sheet (WHO, 24 items)"),
    audience="outside",
    section="protocol",
    parameters=(),
    gather=gather,
    compose=compose,
    unblinds=False,
    about=N_("What a public registry asks for, filled from what is recorded, with what is still missing."),
    tells_day=True,
)
