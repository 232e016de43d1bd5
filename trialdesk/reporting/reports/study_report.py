"""Closure report of a study: what it set out to do, what came of it, and where its records are (ICH E6(R3) 2.13)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from trialdesk.base.i18n import N_, _
from trialdesk.base.money import money_text
from trialdesk.base.written import written_day
from trialdesk.contracts.rules import DIRECTIONS
from trialdesk.ethics.rules import KINDS, OUTCOMES
from trialdesk.overview.closing import point_words
from trialdesk.overview.closure import Closure, Kept, closure
from trialdesk.overview.drawings import curve_words, recruitment_drawing
from trialdesk.reporting.diagrams import flow_labels, ongoing
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports.cells import NOTHING, day, words, yes_no
from trialdesk.reporting.structure import (
    Block,
    Bullets,
    Column,
    Definitions,
    Figure,
    Heading,
    Note,
    Paragraph,
    Signature,
    Signatures,
    Table,
)
from trialdesk.reporting.terms import arm_words, phase_words
from trialdesk.safety.rules import CATEGORIES, RECIPIENTS
from trialdesk.studies.closing import CLOSE
from trialdesk.studies.rules import REGISTRY_PURPOSES


def compose(told: Closure) -> list[Block]:
    """Return the report: in short, aims, times, participants, safety, deviations, ethics, money, archive."""
    return [
        Paragraph(_in_short(told), "lead"),
        *_open(told),
        Heading(1, _("Objectives and design")),
        _aims(told),
        Heading(1, _("Course of the study")),
        _times(told),
        _versions(told),
        Heading(1, _("Participants")),
        *_participants(told),
        Heading(1, _("Safety")),
        *_safety(told),
        Heading(1, _("Deviations")),
        _deviations(told),
        Heading(1, _("Ethics and registries")),
        _decisions(told),
        _registries(told),
        Heading(1, _("Money")),
        _accounts(told),
        Heading(1, _("Records and archive")),
        *_archive(told.kept),
    ]


def _in_short(told: Closure) -> str:
    flow = told.flow
    counted = _("{assessed} participants were screened, {entered} entered the study, {completed} completed it.").format(
        assessed=flow.assessed, entered=flow.randomised, completed=sum(arm.completed for arm in flow.arms)
    )
    if told.times.closed:
        return _("{counted} The study was closed on {day}.").format(counted=counted, day=written_day(told.times.closed))
    return _("{counted} The study is not closed.").format(counted=counted)


def _open(told: Closure) -> Iterator[Block]:
    if told.times.closed is None and told.open:
        yield Note("\n".join(_points(told.open)), _("Still open"))


def _points(counts: Mapping[str, int]) -> list[str]:
    return [point_words(code, count) for code, count in counts.items()]


def _aims(told: Closure) -> Definitions:
    about = told.about
    return Definitions(
        (
            (_("Title"), about.title or ""),
            (_("Protocol number"), about.protocol_number or ""),
            (_("Registry number"), about.registry_number or ""),
            (_("Phase"), phase_words(about.phase) or ""),
            (_("Indication"), about.indication or ""),
            (_("Sponsor"), about.sponsor or ""),
            (_("Objective"), about.objective or ""),
            (_("Study design"), about.design or ""),
            (_("Planned participants"), "" if about.planned is None else str(about.planned)),
        )
    )


def _times(told: Closure) -> Definitions:
    times = told.times
    return Definitions(
        tuple(
            (label, "" if on is None else day(on))
            for label, on in (
                (_("Started on"), times.started),
                (_("First consent"), times.first_consent),
                (_("First participant in"), times.first_in),
                (_("Last visit"), times.last_visit),
                (_("Ended on"), times.ended),
                (_("Data locked on"), times.data_locked),
                (_("Closed on"), times.closed),
            )
        )
    )


def _versions(told: Closure) -> Table:
    return Table(
        (
            Column(_("Version"), 0.8, names_row=True),
            Column(_("Dated"), 1),
            Column(_("In effect from"), 1),
            Column(_("Substantial amendment"), 1.2),
            Column(_("What changed"), 2.4),
        ),
        [
            (each.label, day(each.dated_on), day(each.effective_on), yes_no(each.substantial), each.changed or NOTHING)
            for each in told.versions
        ],
        _("Versions of the protocol"),
        empty=_("No version of the protocol is recorded."),
    )


def _participants(told: Closure) -> Iterator[Block]:
    flow, labels = told.flow, flow_labels()
    if told.curve.months:
        yield Figure(recruitment_drawing(told.curve), _("Recruitment: planned and actual"))
        yield Paragraph(curve_words(told.curve), "small")
    yield Table(
        (
            Column(_("Arm"), 2, names_row=True),
            Column(labels.allocated, 1, "right"),
            Column(labels.completed, 1, "right"),
            Column(labels.discontinued, 1.2, "right"),
            Column(labels.lost, 1.2, "right"),
            Column(labels.ongoing, 1.2, "right"),
        ),
        [
            (
                arm_words(arm.arm),
                str(arm.allocated),
                str(arm.completed),
                str(arm.discontinued.total),
                str(arm.lost_to_follow_up),
                str(ongoing(arm)),
            )
            for arm in flow.arms
        ],
        _("What became of the participants"),
        empty=_("Nobody was allocated."),
    )
    yield Paragraph(
        _("{assessed} assessed, {excluded} excluded before allocation, {screening} still in screening.").format(
            assessed=flow.assessed, excluded=flow.excluded.total, screening=flow.screening
        ),
        "small",
    )


def _safety(told: Closure) -> Iterator[Block]:
    yield Table(
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
        _("Adverse events by actual arm"),
        empty=_("No adverse event is recorded."),
    )
    yield Paragraph(
        _("Serious events: {events}; recorded as reported to the sponsor: {reported}.").format(
            events=told.serious.events, reported=told.serious.reported
        )
    )
    if told.serious.expedited:
        names = dict(RECIPIENTS)
        yield Bullets(
            [
                _("Expedited reports to {recipient}: {count}").format(recipient=_(names.get(code, code)), count=count)
                for code, count in told.serious.expedited.items()
            ]
        )


def _deviations(told: Closure) -> Table:
    names = dict(CATEGORIES)
    rows = [
        (_(names.get(each.category, each.category)), *map(str, (each.count, each.important, each.unassessed)))
        for each in told.deviations
    ]
    total = (
        _("Total"),
        str(sum(each.count for each in told.deviations)),
        str(sum(each.important for each in told.deviations)),
        str(sum(each.unassessed for each in told.deviations)),
    )
    return Table(
        (
            Column(_("Category"), 2, names_row=True),
            Column(_("Deviations"), 1, "right"),
            Column(_("Important"), 1, "right"),
            Column(_("Not assessed"), 1, "right"),
        ),
        [*rows, total] if rows else [],
        _("Deviations by category"),
        totals=1 if rows else 0,
        empty=_("No deviation is recorded."),
    )


def _decisions(told: Closure) -> Table:
    kinds, outcomes = dict(KINDS), dict(OUTCOMES)
    return Table(
        (
            Column(_("Ethics committee"), 2, names_row=True),
            Column(_("Kind of submission"), 1.2),
            Column(_("Outcome"), 1.4),
            Column(_("Decided on"), 1),
            Column(_("Expires on"), 1),
            Column(_("Reference"), 1.2),
        ),
        [
            (
                words(each.committee),
                _(kinds.get(each.kind, each.kind)),
                _(outcomes.get(each.outcome, each.outcome)),
                day(each.decided_on),
                written_day(each.expires_on) if each.expires_on else NOTHING,
                each.reference or NOTHING,
            )
            for each in told.decisions
        ],
        _("Decisions of ethics committees"),
        empty=_("No decision of an ethics committee is recorded."),
    )


def _registries(told: Closure) -> Table:
    purposes = dict(REGISTRY_PURPOSES)
    return Table(
        (
            Column(_("Registry"), 2, names_row=True),
            Column(_("What was told"), 1.2),
            Column(_("Submitted on"), 1),
            Column(_("Reference"), 1.4),
        ),
        [
            (each.registry, _(purposes[each.purpose]), day(each.submitted_on), each.reference or NOTHING)
            for each in told.registries
        ],
        _("What registries were told"),
        empty=_("No registry entry is recorded."),
    )


def _accounts(told: Closure) -> Table:
    directions = dict(DIRECTIONS)
    return Table(
        (
            Column(_("Contract number"), 1.4, names_row=True),
            Column(_("Who pays"), 1),
            Column(_("Earned"), 1.2, "right"),
            Column(_("Invoiced with tax"), 1.2, "right"),
            Column(_("Received"), 1.2, "right"),
            Column(_("Still owed"), 1.2, "right"),
        ),
        [
            (
                each.number,
                _(directions[each.direction]),
                *(
                    money_text(amount, each.currency)
                    for amount in (each.earned, each.invoiced, each.received, each.owed)
                ),
            )
            for each in told.accounts
        ],
        _("Money by contract"),
        empty=_("No contract is recorded."),
    )


def _archive(kept: Kept | None) -> Iterator[Block]:
    if kept is None:
        yield Paragraph(_("Where the records are kept is told when the study is closed."))
        yield Signatures((Signature(_(CLOSE), _("Principal investigator")),))
        return
    yield Definitions(
        (
            (_("Archive"), kept.archive),
            (_("Custodian"), kept.custodian),
            (_("Retained until"), written_day(kept.retained_until)),
            (_("Samples and product"), kept.samples or ""),
            (_("Publication"), kept.publication or ""),
            (_("Outcome in short"), kept.outcome or ""),
        )
    )
    if kept.open_points:
        counts = {code: int(count) for code, _colon, count in map(_parted, kept.open_points.split())}
        yield Note("\n".join([*_points(counts), kept.grounds or ""]), _("Closed with open points"))
    if kept.reopened_on:
        yield Note(_("The study was opened again on {day}.").format(day=written_day(kept.reopened_on)))
    yield Signatures(
        tuple(
            Signature(
                _(each.meaning) if each.stands else _("{meaning} (changed since)").format(meaning=_(each.meaning)),
                _("Principal investigator"),
                each.name,
                each.signed_at,
                "UTC",
            )
            for each in kept.signatures
        )
    )


def _parted(point: str) -> tuple[str, str, str]:
    return point.rpartition(":")


def open_points(told: Closure) -> tuple[str, ...]:
    """Return what must be there before the report is final: a study that is closed."""
    return () if told.kept else (_("The study is not closed yet."),)


REPORT = Report(
    key="study-report",
    title=N_("Closure report of the study"),
    audience="regulator",
    section="results",
    parameters=(),
    gather=closure,
    compose=compose,
    open_items=open_points,
    about=N_(
        "Objectives, timeline, participants, safety, deviations, ethics, money and archive of a study at its end."
    ),
)
