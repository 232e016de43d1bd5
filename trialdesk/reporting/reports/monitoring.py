"""Report of a monitoring visit and the letter that follows it (ICH E6(R3) 3.11.4), two papers of the same facts.

They tell what the record holds of a site and a period. What a monitor sees with their own eyes is written by hand: a
line says so, so that nobody takes the record's silence for a finding.
"""

from __future__ import annotations

from collections.abc import Iterator

from trialdesk.base.i18n import N_, _, n_
from trialdesk.overview.rulebook import rules
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports.cells import NOTHING, day, words, yes_no
from trialdesk.reporting.reports.consent_log import invalid_words
from trialdesk.reporting.reports.items import Item, lacking, listed, open_items, unsaid
from trialdesk.reporting.reports.monitoring_facts import Monitored, gather
from trialdesk.reporting.reports.parameters import SITE, START
from trialdesk.reporting.structure import Block, Column, Heading, Note, Paragraph, Signature, Signatures, Table
from trialdesk.reporting.terms import choice_words, version_words
from trialdesk.safety.retelling import retold
from trialdesk.safety.rules import CATEGORIES


def _visit(told: Monitored) -> Iterator[Item]:
    by_hand = _("it is written by hand")
    yield Item(_("Site"), "\n".join(told.sites), why=_("no site is recorded"))
    yield Item(_("Principal investigator"), told.investigator, why=_("nobody is delegated as principal investigator"))
    yield Item(_("Monitor"), ", ".join(told.monitors), why=_("nobody is delegated as monitor"))
    yield Item(_("Period"), _period(told))
    yield Item(_("Day and sort of the visit"), None, why=by_hand, after=True)
    yield Item(_("Persons met"), None, why=by_hand, after=True)


def _period(told: Monitored) -> str:
    if told.start:
        return _("{first} to {last}").format(first=day(told.start), last=day(told.until))
    return _("from the beginning to {last}").format(last=day(told.until))


def compose(told: Monitored) -> list[Block]:
    """Return the visit, the counts, consents, queries, events, deviations, what is open and what is seen on site."""
    late = sum(each.late for each in told.points)
    return [
        Paragraph(_open_words(told), "lead"),
        Heading(1, _("Monitoring visit")),
        listed(_visit(told)),
        Heading(1, _("Participants")),
        _counts(told),
        Heading(1, _("Consents in the period")),
        *_consents(told),
        Heading(1, _("Data queries")),
        _queries(told),
        Heading(1, _("Serious adverse events in the period")),
        _serious(told),
        Heading(1, _("Deviations in the period")),
        _deviations(told),
        Heading(1, _("Open points")),
        *([Note(_("Overdue: {count}.").format(count=late))] if late else []),
        _points(told),
        Heading(1, _("Seen on site")),
        listed(_seen()),
        *open_items(_visit(told), _untold(told), _seen()),
        Signatures(
            [
                Signature(_("The report is complete and true"), _("Monitor")),
                Signature(_("I have read the report"), _("Sponsor")),
            ]
        ),
    ]


def _open_words(told: Monitored) -> str:
    return n_("{count} point is open.", "{count} points are open.", len(told.points)).format(count=len(told.points))


def _counts(told: Monitored) -> Table:
    rows = (
        (_("Screened"), told.screened),
        (_("Consent recorded"), told.consented),
        (_("Entered the study"), told.entered),
        (_("Completed"), told.completed),
        (_("Discontinued"), told.discontinued),
    )
    return Table(
        (
            Column(_("Participants"), 3, names_row=True),
            Column(_("All"), 1, "right"),
            Column(_("In the period"), 1, "right"),
        ),
        [(label, str(count.all), str(count.since)) for label, count in rows],
    )


def _consents(told: Monitored) -> Iterator[Block]:
    late = [each.identifier for each in told.consents if each.first is False]
    if late:
        yield Note(
            _("Something was done before consent, as it is recorded: {names}.").format(names=", ".join(late)),
            _("Consent after the first procedure"),
        )
    if told.invalid_consents:
        yield Note("\n".join(map(invalid_words, told.invalid_consents)), _("Consent found not valid"))
    if told.without_consent:
        yield Note(
            _("No consent is recorded here of {names}.").format(names=", ".join(told.without_consent)),
            _("No consent recorded"),
        )
    yield Table(
        (
            Column(_("Participant"), 1, names_row=True),
            Column(_("Version"), 1),
            Column(_("Consented on")),
            Column(_("Copy given"), 1),
            Column(_("Consent came first"), 1),
        ),
        [
            (
                each.identifier,
                version_words(each.label, each.language),
                day(each.consented_on),
                yes_no(each.copy_given),
                NOTHING if each.first is None else yes_no(each.first),
            )
            for each in told.consents
        ],
        empty=_("No consent is recorded."),
    )


def _queries(told: Monitored) -> Table:
    return Table(
        (
            Column(_("Participant"), 1, names_row=True),
            Column(_("Query"), 3),
            Column(_("Raised on")),
            Column(_("Answered on")),
            Column(_("Closed on")),
        ),
        [
            (
                each.identifier,
                each.text,
                day(each.raised_on),
                day(each.answered_on) if each.answered_on else NOTHING,
                day(each.closed_on) if each.closed_on else NOTHING,
            )
            for each in told.queries
        ],
        empty=_("No data query of the period, and none is open."),
    )


def _serious(told: Monitored) -> Table:
    return Table(
        (
            Column(_("No."), 1, names_row=True),
            Column(_("Participant"), 1),
            Column(_("Event"), 2),
            Column(_("Began on")),
            Column(_("Reported in time"), 1),
            Column(_("Signed by"), 1.4),
        ),
        [
            (
                row.number or NOTHING,
                row.identifier,
                row.term,
                day(row.started_on),
                yes_no(None if row.clock is None or row.reported_at is None else row.reported_at <= row.clock.due_at),
                words(row.signed_by),
            )
            for row in told.serious
        ],
        empty=_("No serious adverse event is recorded."),
    )


def _deviations(told: Monitored) -> Table:
    return Table(
        (
            Column(_("No."), 1, names_row=True),
            Column(_("Participant or site"), 1),
            Column(_("Occurred on")),
            Column(_("Category"), 1),
            Column(_("Description"), 2),
            Column(_("Important"), 0.8),
        ),
        [
            (
                row.number,
                row.identifier or row.site_number or _("whole study"),
                day(row.occurred_on),
                choice_words(CATEGORIES, row.category),
                retold(row.description),
                yes_no(row.important if row.assessed_on else None),
            )
            for row in told.deviations
        ],
        empty=_("No deviation is recorded."),
    )


def _points(told: Monitored) -> Table:
    said = {rule.id: rule.words for rule in rules()}
    return Table(
        (
            Column(_("No.")),
            Column(_("Open point"), 3, names_row=True),
            Column(_("Of"), 1),
            Column(_("Due by")),
            Column(_("Overdue"), 0.7),
        ),
        [
            (
                str(place),
                _(said[each.rule]).format(subject=each.subject),
                each.whose or NOTHING,
                day(each.due),
                yes_no(each.late),
            )
            for place, each in enumerate(told.points, 1)
        ],
        empty=_("No point is open."),
    )


def _seen() -> Iterator[Item]:
    by_hand = _("it is written by hand")
    for label in (
        _("Source data verified, and how much of it"),
        _("Product: storage, counts, temperature"),
        _("Site file"),
        _("Equipment and laboratory"),
        _("Findings and whose they are"),
    ):
        yield Item(label, None, why=by_hand, after=True)


def open_points(told: Monitored) -> tuple[str, ...]:
    """Return what must be recorded before the report is final: all it tells but what a monitor sees on site."""
    return lacking(_visit(told), _untold(told))


def _untold(told: Monitored) -> Iterator[Item]:
    """Give what the tables say is not recorded. That a report was late or a point is open is told, not missing."""
    consents = ((each.identifier, ((_("Copy given"), each.copy_given is not None),)) for each in told.consents)
    serious = (
        (
            row.number or row.identifier,
            ((_("Began on"), row.started_on), (_("Aware"), row.aware_at), (_("Signed by"), row.signed_by)),
        )
        for row in told.serious
    )
    assessed = ((row.number, ((_("Important"), row.assessed_on),)) for row in told.deviations)
    missing = ((whose, ((_("Consented on"), None),)) for whose in told.without_consent)
    for whose, asked in (*missing, *consents, *serious, *assessed):
        yield from unsaid(whose, asked)


def compose_letter(told: Monitored) -> list[Block]:
    """Return the letter: to whom, about which period, what is open by when, and who signs."""
    to = [told.investigator or _("Principal investigator"), *told.sites]
    return [
        Paragraph("\n".join(to)),
        Paragraph(_("Follow-up to the monitoring of the period {period}").format(period=_period(told)), "strong"),
        Paragraph(
            _(
                "Recorded in this period: participants screened {screened}, entered {entered}, "
                "deviations {deviations}, serious adverse events {serious}."
            ).format(
                screened=told.screened.since,
                entered=told.entered.since,
                deviations=len(told.deviations),
                serious=len(told.serious),
            )
        ),
        Paragraph(
            _("The points below are open as it is recorded. Please close each by the day it is due and record that it "
              "was done; what cannot be done by then needs a word of reply.")
        ),
        Heading(1, _("Open points")),
        _points(told),
        listed([Item(_("Findings and whose they are"), None, why=_("it is written by hand"))]),
        Signatures(
            [
                Signature(_("I sent this letter"), _("Monitor"), told.monitors[0] if len(told.monitors) == 1 else ""),
                Signature(_("I have received and read this letter"), _("Principal investigator")),
            ]
        ),
    ]  # fmt: skip


REPORTS = (
    Report(
        key="monitoring-report",
        title=N_("Report of a monitoring visit"),
        audience="sponsor",
        section="monitoring",
        parameters=(SITE, START),
        gather=gather,
        compose=compose,
        unblinds=False,
        about=N_("Of a site and a period: participants, consents, queries, events, deviations, and what is open."),
        tells_day=True,
        open_items=open_points,
    ),
    Report(
        key="monitoring-letter",
        title=N_("Follow-up letter after a monitoring visit"),
        audience="site",
        section="monitoring",
        parameters=(SITE, START),
        gather=gather,
        compose=compose_letter,
        unblinds=False,
        about=N_("To the investigator: what is open at the site, and by which day."),
        tells_day=True,
    ),
)
