"""The reports of a study's course that there are, each declared as a shape.

To the committee: the continuing review (21 CFR 56.109(f), 45 CFR 46.109(e)) and the closure. To the institution and the
national system of China: the filing sheet, its annual report and its completion report (NHC measure on
investigator-initiated research, 2024).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from trialdesk.base.i18n import N_, _
from trialdesk.documents.rules import CATEGORIES
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports import progress
from trialdesk.reporting.reports import progress_gaps as gaps
from trialdesk.reporting.reports import progress_parts as parts
from trialdesk.reporting.reports.cells import day
from trialdesk.reporting.reports.items import Item
from trialdesk.reporting.reports.progress_facts import ATTACHED, gather, gather_filing
from trialdesk.reporting.reports.progress_told import Progress
from trialdesk.reporting.terms import choice_words, phase_words

_PLAN = (N_("No more participants entered than were planned"), progress.within_plan)
_CONSENT = (N_("Everybody who entered has a consent on record"), progress.consented)
_SAE = (N_("The sponsor was told of every serious event in time"), progress.sponsor_told)
_JUDGED = (N_("Every deviation is assessed"), progress.assessed)
_CONDITIONS = (N_("No condition of an approval is open"), progress.met)
_OUT = (N_("Nobody is still in screening or in the study"), progress.nobody_in)
_OVER = (N_("The day on which the study ended is recorded"), progress.ended)
_FIRST = (N_("Ethics approval came before the first consent"), progress.approved_first)

CHECKED = (_PLAN, _CONSENT, _SAE, _JUDGED)
"""What every report of the course to a regulator is checked for."""

_COURSE: tuple[tuple[str, progress.Part], ...] = (
    (N_("Participants"), parts.people),
    (N_("Safety"), parts.safety),
    (N_("Deviations"), parts.deviations),
)
_CHANGES = (N_("Changes since the last approval"), parts.changes)


def _basics(told: Progress, *, numbered: bool = True) -> Iterator[Item]:
    """Give what names the filing; unless `numbered` its number is still to be given."""
    row, why = told.study, gaps.with_study()
    yield Item(_("Filing title (as in the committee's approval)"), row.title, why=why)
    yield Item(_("Short title"), row.short_name, why=why)
    yield Item(_("Project number"), row.protocol_number, why=why)
    yield Item(_("Commissioning unit"), row.sponsor, why=why)
    yield Item(
        _("Filing record number"),
        next((each.reference for each in told.registries if "备案" in each.registry and each.reference), None),
        why=_("no registry entry of the national system has a reference"),
        after=not numbered,
    )
    yield Item(_("Recruitment from"), day(row.recruitment_starts_on) if row.recruitment_starts_on else None, why=why)
    yield Item(_("Recruitment until"), day(row.recruitment_ends_on) if row.recruitment_ends_on else None, why=why)


def _implementing(told: Progress) -> Iterator[Item]:
    alone = told.sites[0] if len(told.sites) == 1 else None
    yield Item(_("Lead unit"), alone, why=_("no record says which of the sites leads"), after=bool(told.sites))
    yield Item(_("Participating centres"), "\n".join(told.sites), why=_("no site is recorded"))


def _content(told: Progress) -> Iterator[Item]:
    why, design = gaps.with_study(), _("it is recorded with the design")
    yield Item(_("Phase"), phase_words(told.study.phase), why=why)
    yield Item(_("Disease"), told.study.indication, why=why)
    yield from parts.design_items(told)
    yield Item(_("Arms"), "\n".join(told.arms), why=design)
    yield Item(_("Inclusion criteria"), "\n".join(told.inclusion), why=design)
    yield Item(_("Exclusion criteria"), "\n".join(told.exclusion), why=design)
    planned = told.study.planned_participants
    yield Item(_("Sample size"), None if planned is None else str(planned), why=why)


def _attachments(told: Progress) -> Iterator[Item]:
    for category in ATTACHED:
        files = "\n".join(told.files.get(category, ()))
        yield Item(choice_words(CATEGORIES, category), files, why=_("no file is attached"))


FILING = "filing"
SHAPES = (
    progress.Shape(
        "ethics-progress",
        N_("Progress report for continuing review"),
        N_("The course of the study since the last approval, for the committee's yearly review."),
        "ethics",
        (
            (N_("Study"), parts.study_items),
            (N_("Approval"), parts.approval_items),
            (N_("Course of the study"), parts.time_items),
            *_COURSE,
            _CHANGES,
        ),
        (
            N_("Complaints"),
            N_("Letters of the data monitoring committee"),
            N_("New information on risk and benefit, and literature"),
            N_("Interim findings"),
            N_("Changed conflicts of interest"),
            N_("What is requested of the committee"),
        ),
        (
            _PLAN,
            _CONSENT,
            _SAE,
            _JUDGED,
            _CONDITIONS,
            (N_("Renewal was asked for before the approval ran out"), progress.in_time),
        ),
        N_("The report is complete and true"),
        "renewal",
    ),
    progress.Shape(
        "ethics-closure",
        N_("Closure report to the ethics committee"),
        N_("How the study ended, with its counts, its outcome and where its records are."),
        "ethics",
        (
            (N_("Study"), parts.study_items),
            (N_("Course of the study"), parts.time_items),
            (N_("Results, samples and archive"), parts.archive_items),
            *_COURSE,
        ),
        (N_("How participants are told of the results"),),
        (_OUT, _OVER, _CONSENT, _SAE, _JUDGED, _CONDITIONS),
        N_("The study is ended and the report is complete and true"),
        "closure",
    ),
    progress.Shape(
        FILING,
        N_("Filing sheet for medical research (China)"),
        N_("What the national filing system of China asks for of a study, tab by tab."),
        "regulator",
        (
            (N_("Basic information"), partial(_basics, numbered=False)),
            (N_("Implementation"), _implementing),
            (N_("Content and design"), _content),
            (N_("Ethics approval"), parts.approval_items),
            (N_("Recruitment"), parts.time_items),
            (N_("Other registries"), parts.registry_items),
            (N_("Attachments"), _attachments),
        ),
        (
            N_("Registration study or not"),
            N_("Source of the project"),
            N_("Cooperating unit"),
            N_("Field of research"),
            N_("Investigator in charge at each centre"),
            N_("Primary and secondary outcomes"),
            N_("Use outside the approved indication"),
            N_("Combination without safety data"),
            N_("To be passed on to ChiCTR"),
        ),
        (_FIRST,),
        N_("The sheet is complete and true"),
        since=False,
    ),
    progress.Shape(
        "filing-annual",
        N_("Annual report on filed medical research (China)"),
        N_("The yearly report of a filed study to the institution and the national system."),
        "regulator",
        (
            (N_("Basic information"), _basics),
            (N_("Implementation"), _implementing),
            (N_("Ethics approval"), parts.approval_items),
            (N_("Course of the study"), parts.time_items),
            *_COURSE,
            _CHANGES,
        ),
        (N_("Use of funds"), N_("Problems met and what was done"), N_("Plan for the coming year")),
        (_FIRST, _PLAN, _CONSENT, _SAE, _JUDGED),
        N_("The report is complete and true"),
    ),
    progress.Shape(
        "filing-completion",
        N_("Completion report on filed medical research (China)"),
        N_("The report at the end of a filed study to the institution and the national system."),
        "regulator",
        (
            (N_("Basic information"), _basics),
            (N_("Implementation"), _implementing),
            (N_("Course of the study"), parts.time_items),
            (N_("Results, samples and archive"), parts.archive_items),
            *_COURSE,
        ),
        (N_("Use of funds"), N_("Results by outcome")),
        (_OUT, _OVER, _FIRST, _CONSENT, _SAE, _JUDGED),
        N_("The study is ended and the report is complete and true"),
    ),
)


def _open_points(told: Progress, *, shape: progress.Shape) -> tuple[str, ...]:
    """Return what must be there before a report is final: what it asks for and, of a report of the end, that end."""
    unended = [_(words) for words, holds in (_OUT, _OVER) if (words, holds) in shape.checks and not holds(told)]
    return (*unended, *progress.open_points(told, shape=shape))


REPORTS = tuple(
    Report(
        key=shape.key,
        title=shape.title,
        audience=shape.audience,
        section="ethics" if shape.audience == "ethics" else "authority",
        parameters=(),
        gather=gather_filing if shape.key == FILING else gather,
        compose=partial(progress.compose, shape=shape),
        unblinds=False,
        about=shape.about,
        tells_day=True,
        open_items=partial(_open_points, shape=shape),
        occasional=_OVER in shape.checks,
    )
    for shape in SHAPES
)
