"""Synopsis of the study report in the order of ICH E3, Annex I: the plan, who took part, what came of it.

What the record holds is filled in; efficacy is analysed elsewhere, and its places say so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.enrollment.queries import consort, participants
from trialdesk.enrollment.queries.products import MovementRow, batches, movements
from trialdesk.enrollment.rules import Flow, SafetyCounts
from trialdesk.overview.closure import Kept, Times, kept, times_of
from trialdesk.people.queries import principal_investigator
from trialdesk.persistence.reading import Read
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports import synopsis
from trialdesk.reporting.reports.cells import day
from trialdesk.reporting.reports.items import Item, lacking, listed, open_items
from trialdesk.reporting.reports.synopsis import Synopsis
from trialdesk.reporting.structure import Block, Column, Heading, Paragraph, Signature, Signatures, Table
from trialdesk.reporting.terms import arm_words, choice_words, phase_words, population_order, population_words
from trialdesk.safety.queries import safety_summary
from trialdesk.studies.queries import sites
from trialdesk.studies.queries import study as study_row
from trialdesk.studies.rules import BLINDING
from trialdesk.trail.position import last_known


@dataclass(frozen=True, slots=True)
class Results:
    """The plan and what came of it; `investigator` as on the last day on which anything was recorded."""

    design: Synopsis
    investigator: str | None
    sites: tuple[str, ...]
    times: Times
    flow: Flow
    safety: Mapping[str, SafetyCounts]
    batches: tuple[str, ...]
    kept: Kept | None


def gather(read: Read, *, study: Id, on: date, site: Id | None = None, as_of: date | None = None) -> Results:
    """Return the plan and what came of it, over all sites. A bounded number of statements."""
    today = (last_known(read, study) or (None, on))[1]
    return Results(
        design=synopsis.gather(read, study=study, on=on, site=site, as_of=as_of),
        investigator=principal_investigator(read, study=study, on=today),
        sites=tuple(row.label for row in sites(read, study=study)),
        times=times_of(read, study_row(read, study=study), participants(read, study=study, on=on)),
        flow=consort(read, study=study, on=on),
        safety=safety_summary(read, study=study, on=on),
        batches=_batches(movements(read, study=study)),
        kept=kept(read, study=study),
    )


def _batches(rows: Iterable[MovementRow]) -> tuple[str, ...]:
    """Return each product with its batches, however a batch is cased or spaced at a site."""
    first = {key[1:]: own[0] for key, own in batches(rows).items()}
    found: dict[str, list[str]] = {}
    for row in sorted(first.values(), key=lambda row: (row.product, row.batch)):
        found.setdefault(row.product, []).append(row.batch)
    return tuple(f"{product}: {', '.join(own)}" for product, own in found.items())


def compose(told: Results) -> list[Block]:
    """Return the items of the synopsis in their order, the two tables, what is missing and who signs."""
    study, plan, results = list(_study(told)), list(_plan(told)), list(_results(told))
    return [
        Paragraph(
            _("{assessed} participants were assessed, {entered} entered the study.").format(
                assessed=told.flow.assessed, entered=told.flow.randomised
            ),
            "lead",
        ),
        Heading(1, _("Study")),
        listed(study),
        Heading(1, _("Objectives and methods")),
        listed(plan),
        Heading(1, _("Participants planned and analysed")),
        *_numbers(told),
        Heading(1, _("Safety results")),
        _safety(told),
        Heading(1, _("Results and conclusions")),
        listed(results),
        *open_items(study, plan, _analysed(told), results),
        Signatures([Signature(_("The synopsis is complete and true"), _("Principal investigator"))]),
    ]


def _by_hand(label: str, why: str = "") -> Item:
    """Return what the record has no place for, so that its absence holds nothing back."""
    why = why or _("it is written by hand before signing")
    return Item(label, None, why=why, after=True)


def _with_study() -> str:
    return _("it is recorded with the study")


def _with_design() -> str:
    return _("it is recorded with the design")


def _study(told: Results) -> Iterator[Item]:
    plan, times, why = told.design, told.times, _with_study()
    yield Item(_("Sponsor"), plan.sponsor, why=why)
    yield Item(_("Product"), None, why=_("the arms tell it"), wanted=False)
    yield _by_hand(_("Active ingredient"))
    yield Item(_("Title"), plan.title, why=why)
    yield Item(_("Protocol number"), plan.protocol_number, why=why)
    yield Item(_("Investigator"), told.investigator, why=_("nobody is delegated as principal investigator"))
    yield Item(_("Sites"), "\n".join(told.sites), why=_("no site is recorded"))
    yield Item(
        _("Publication"),
        told.kept.publication if told.kept else None,
        why=_("none is recorded") if told.kept else _("the study is not closed"),
        wanted=False,
    )
    first, last = times.first_in, times.last_visit
    yield Item(_("First participant in"), day(first) if first else None, why=_("nobody has entered"))
    yield Item(_("Last visit"), day(last) if last else None, why=_("no visit is recorded"))
    yield Item(_("Phase"), phase_words(plan.phase), why=why)


def _plan(told: Results) -> Iterator[Item]:
    plan, why, design = told.design, _with_study(), _with_design()
    blinding = choice_words(BLINDING, plan.blinding) if plan.blinding else ""
    yield Item(_("Objectives"), plan.objective, why=why)
    yield Item(_("Methodology"), "\n".join(part for part in (plan.design, blinding) if part), why=why)
    yield Item(_("Diagnosis"), plan.indication, why=why)
    yield Item(_("Inclusion criteria"), "\n".join(plan.inclusion), why=design)
    yield Item(_("Exclusion criteria"), "\n".join(plan.exclusion), why=design)
    arms = [f"{each.name}: {each.description}" if each.description else each.name for each in plan.arms]
    yield Item(_("Test and reference treatment"), "\n".join(arms), why=design)
    yield Item(_("Batch numbers"), "\n".join(told.batches), why=_("no delivery of a product is recorded"))
    yield Item(_("Duration of treatment"), None, why=_("the schedule of activities tells it"), wanted=False)
    yield _by_hand(_("Criteria of efficacy"), _("outcomes are not kept apart from the objective"))
    yield Item(_("Criteria of safety"), _("Adverse events, serious and other"))
    yield _by_hand(_("Statistical methods"))


def _numbers(told: Results) -> Iterator[Block]:
    planned, arms = told.design.planned, told.flow.arms
    yield Paragraph(
        _("Planned: {count}.").format(
            count=_("not recorded: {why}").format(why=_with_study()) if planned is None else planned
        )
    )
    yield Table(
        (
            Column(_("Planned arm"), 2, names_row=True),
            Column(_("Allocated"), 1, "right"),
            Column(_("Received the allocated intervention"), 1.4, "right"),
            Column(_("Completed"), 1, "right"),
            Column(_("Discontinued"), 1, "right"),
        ),
        [
            (arm_words(arm.arm), *map(str, (arm.allocated, arm.received, arm.completed, arm.discontinued.total)))
            for arm in arms
        ],
        empty=_("Nobody was allocated to an arm."),
    )
    yield Table(
        (Column(_("Analysis population"), 2), Column(_("Planned arm"), 2), Column(_("Participants"), 1, "right")),
        [
            (population_words(code), arm_words(arm.arm), str(arm.analysed.get(code, 0)))
            for code in sorted({code for arm in arms for code in arm.analysed}, key=population_order)
            for arm in arms
        ],
        empty=_("No analysis population is recorded."),
    )


def _analysed(told: Results) -> Iterator[Item]:
    """Give what the tables of participants lack."""
    planned, arms = told.design.planned, told.flow.arms
    yield Item(_("Planned participants"), None if planned is None else str(planned), why=_with_study())
    entered = any(arm.allocated for arm in arms)
    analysed = any(arm.analysed for arm in arms)
    why = _("it is recorded with the participant")
    yield Item(_("Analysis populations"), "yes" if analysed else None, why=why, wanted=entered)


def _safety(told: Results) -> Table:
    return Table(
        (
            Column(_("Actual arm"), 2, names_row=True),
            Column(_("Participants with an event"), 1.4, "right"),
            Column(_("Events"), 1, "right"),
            Column(_("Serious"), 1, "right"),
            Column(_("Fatal"), 1, "right"),
        ),
        [
            (arm_words(arm), *map(str, (each.participants, each.events, each.serious, each.fatal)))
            for arm, each in told.safety.items()
        ],
        empty=_("No adverse event is recorded."),
    )


def _results(told: Results) -> Iterator[Item]:
    analysis = _("they come from the analysis, which is not kept here")
    yield _by_hand(_("Efficacy results"), analysis)
    yield Item(_("Summary of the outcome"), told.kept.outcome if told.kept else None, why=_("the study is not closed"))
    yield _by_hand(_("Conclusions"), analysis)
    yield Item(_("Date of the report"), None, why=_("it is the day of the signature"), wanted=False)


def open_points(told: Results) -> tuple[str, ...]:
    """Return what must be there before the synopsis is final: a closed study, and all it asks for but the analysis."""
    closed = () if told.kept else (_("The study is not closed yet."),)
    return (*closed, *lacking(_study(told), _plan(told), _analysed(told), _results(told)))


REPORT = Report(
    key="e3-synopsis",
    title=N_("Synopsis of the study report (ICH E3)"),
    audience="regulator",
    section="results",
    parameters=(),
    gather=gather,
    compose=compose,
    about=N_("The study report in short, in the order of ICH E3: plan, numbers, safety, and what is to be added."),
    tells_day=True,
    open_items=open_points,
    occasional=True,
)
