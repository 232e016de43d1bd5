"""Log of serious adverse events, with the hours from the site's awareness to the report to the sponsor.

Rule: EU 536/2014 Art. 41, 21 CFR 312.64(b), ICH E6(R3) 2.7. Hours are elapsed hours; times are the site's.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.base.written import written_day
from trialdesk.persistence.reading import Read
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports.cells import NOTHING, day, words, yes_no
from trialdesk.reporting.reports.items import Item, lacking, open_items, unsaid
from trialdesk.reporting.reports.parameters import AS_OF, SITE
from trialdesk.reporting.structure import (
    Block,
    Column,
    Heading,
    Landscape,
    Note,
    Paragraph,
    Signature,
    Signatures,
    Table,
)
from trialdesk.reporting.terms import ACTIONS_TAKEN, OUTCOMES, choice_words, in_words
from trialdesk.safety.logs import SeriousRow, serious_events
from trialdesk.safety.rules import BEFORE_ALL, CRITERIA, RECIPIENTS, RELATED, Clock, at_site, is_suspected
from trialdesk.safety.told import Sent, sent_by_event

UNKEPT = N_(
    "The version of MedDRA, what the sponsor judged, whether it abated and came back, by which version of the "
    "reference safety information it was expected, and the day it was found to be a SUSAR: the record has no place "
    "for them."
)


@dataclass(frozen=True, slots=True)
class Log:
    """The rows by participant and number. A clock that still runs tells when it is due, not how late it is.

    `sent` are the reports to authorities and committees, one tuple for each row.
    """

    rows: tuple[SeriousRow, ...]
    sent: tuple[tuple[Sent, ...], ...] = ()


def gather(read: Read, *, study: Id, on: date, site: Id | None = None, as_of: date | None = None) -> Log:
    """Return the log; as of a day, events that had begun by then. A bounded number of statements."""
    rows = serious_events(read, study=study, on=on, now=BEFORE_ALL, site=site, as_of=as_of)
    told = sent_by_event(read, study=study)
    until = as_of or date.max
    return Log(rows, tuple(tuple(each for each in told.get(row.id, ()) if each.submitted_on <= until) for row in rows))


def compose(log: Log) -> list[Block]:
    """Return the totals, then the log on pages that lie on their side."""
    rows = log.rows
    states = [row.clock.state if row.clock else "" for row in rows]
    return [
        Landscape(),
        Paragraph(
            _(
                "{events} serious adverse events: {done} reported in time, {late} reported late, {open} not reported."
            ).format(
                events=len(rows),
                done=states.count("done"),
                late=states.count("done late"),
                open=sum(row.reported_at is None for row in rows),
            ),
            "lead",
        ),
        Paragraph(
            _("A report is due 24 hours after the site became aware. Hours begun count as whole hours."), "small"
        ),
        Heading(1, _("Serious adverse events")),
        Table(
            (
                Column(_("No."), names_row=True),
                Column(_("Participant")),
                Column(_("Event"), 1.5),
                Column(_("Began on")),
                Column(_("Serious because"), 2),
                Column(_("Grade")),
                Column(_("Related")),
                Column(_("Expected")),
                Column(_("Outcome")),
                Column(_("Aware"), 1.2),
                Column(_("Reported"), 1.2),
                Column(_("Hours")),
                Column(_("Signed by"), 1.2),
            ),
            [_cells(row) for row in rows],
            empty=_("No serious adverse event is recorded."),
        ),
        Heading(1, _("Coding, course and reports to authorities")),
        _more(log),
        *([Note(_(UNKEPT), _("Not recorded"))] if rows else []),
        *(open_items(_unsaid(log)) if rows else []),
        Signatures([Signature(_("I have reviewed these events"), _("Principal investigator"))]),
    ]


def _more(log: Log) -> Table:
    return Table(
        (
            Column(_("No."), names_row=True),
            Column(_("Preferred term (MedDRA)"), 1.3),
            Column(_("System organ class"), 1.5),
            Column(_("Ended on")),
            Column(_("Action taken"), 1.2),
            Column("SUSAR", 1),
            Column(_("Reported to authorities and committees"), 2.4),
        ),
        [
            (
                row.number or NOTHING,
                words(row.preferred_term),
                words(row.system_organ_class),
                day(row.ended_on) if row.ended_on else _("not recorded"),
                words(in_words(ACTIONS_TAKEN, row.action_taken) if row.action_taken else None),
                _susar(row),
                "\n".join(map(_sent, sent)) or (_("not reported") if is_suspected(row) else NOTHING),
            )
            for row, sent in zip(log.rows, log.sent or [()] * len(log.rows), strict=True)
        ],
        empty=_("No serious adverse event is recorded."),
    )


def _susar(row: SeriousRow) -> str:
    """Return whether it is a suspected unexpected serious reaction; what was not judged is not taken for expected."""
    if row.expected is None:
        return _("not judged")
    return _("yes") if is_suspected(row) else _("no")


def _sent(each: Sent) -> str:
    said = f"{choice_words(RECIPIENTS, each.recipient)}, {day(each.submitted_on)}"
    if each.reference:
        said = f"{said}, {each.reference}"
    return _("{report} (follow-up)").format(report=said) if each.follow_up else said


def open_points(log: Log) -> tuple[str, ...]:
    """Return what must be recorded before the log is final, event by event.

    When an event is reported is no part of it: that an event is not reported is what the log is there to tell.
    """
    return lacking(_unsaid(log))


def _unsaid(log: Log) -> Iterator[Item]:
    for row in log.rows:
        asked = (
            (_("No."), row.number),
            (_("Began on"), row.started_on),
            (_("Serious because"), row.criteria),
            (_("Grade"), row.grade is not None),
            (_("Related"), row.related or row.causality),
            (_("Expected"), row.expected is not None),
            (_("Outcome"), row.outcome),
            (_("Aware"), row.aware_at),
            (_("Signed by"), row.signed_by),
        )
        yield from unsaid(row.number or f"{row.identifier} {row.term}", asked)


def _cells(row: SeriousRow) -> tuple[str, ...]:
    reported = row.clock if row.reported_at is not None else None
    related = _(dict(RELATED)[row.related]) if row.related else words(row.causality)
    return (
        row.number or NOTHING,
        row.identifier,
        f"{row.term}\nSUSAR" if row.expected is not None and is_suspected(row) else row.term,
        day(row.started_on),
        ", ".join(_(dict(CRITERIA)[name]) for name in row.criteria) or _("not recorded"),
        str(row.grade) if row.grade is not None else _("not recorded"),
        related,
        yes_no(row.expected),
        words(in_words(OUTCOMES, row.outcome) if row.outcome else None),
        moment_words(row.aware_at, row.aware_zone),
        due_words(row) if row.reported_at is None else moment_words(row.reported_at, row.aware_zone),
        hours_words(reported) if reported else NOTHING,
        row.signed_by or _("not signed"),
    )


def hours_words(clock: Clock) -> str:
    """Return the hours a report took, and whether that was in time."""
    words = _("{hours}, in time") if clock.state == "done" else _("{hours}, late")
    return words.format(hours=clock.hours)


def due_words(row: SeriousRow) -> str:
    """Return that an event is not reported, and when that is due."""
    if row.clock is None:
        return _("not reported")
    return _("not reported, due {moment}").format(moment=moment_words(row.clock.due_at, row.aware_zone))


def moment_words(at: datetime | None, zone: str | None) -> str:
    """Return an instant by the clock of the site."""
    if at is None:
        return _("not recorded")
    local = at_site(at, zone)
    hours = local.strftime("%z")
    return f"{written_day(local.date())} {local:%H:%M} UTC{hours[:3]}:{hours[3:5]}"


REPORT = Report(
    key="sae-log",
    title=N_("Log of serious adverse events"),
    audience="site",
    section="safety",
    parameters=(SITE, AS_OF),
    gather=gather,
    compose=compose,
    unblinds=False,
    open_items=open_points,
    about=N_("Serious adverse events with the hours from awareness to the report to the sponsor."),
)
