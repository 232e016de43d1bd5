"""Report of one serious adverse event to the sponsor within 24 hours of the site's awareness.

Rule: ICH E6(R3) 2.7, 21 CFR 312.64(b), EU 536/2014 Art. 41. What is not known yet is listed: a first report is sent
with what there is. It names no person and no arm.
"""

from __future__ import annotations

from collections.abc import Iterator

from trialdesk.base.i18n import N_, _
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports.cells import day
from trialdesk.reporting.reports.expedited_facts import event_facts
from trialdesk.reporting.reports.items import Item, lacking, listed, open_items
from trialdesk.reporting.reports.parameters import EVENT
from trialdesk.reporting.reports.sae_log import due_words, hours_words, moment_words
from trialdesk.reporting.structure import (
    Block,
    Checks,
    Column,
    Heading,
    Paragraph,
    Signature,
    Signatures,
    Table,
)
from trialdesk.reporting.terms import ACTIONS_TAKEN, OUTCOMES, SEVERITIES, SEXES, age_words, choice_words, in_words
from trialdesk.safety.rules import CRITERIA, RECIPIENTS, RELATED
from trialdesk.safety.told import EventTold


def compose(told: EventTold | None) -> list[Block]:
    """Return the clock, participant, event, assessment and narrative, what is missing, and who signs."""
    if told is None:
        return [Paragraph(_("No serious adverse event is recorded."), "lead")]
    row = told.row
    participant, event, assessed = list(_participant(told)), list(_event(told)), list(_assessed(told))
    clock = [
        Item(_("Site aware at"), moment_words(row.aware_at, row.aware_zone) if row.aware_at else None),
        Item(_("Reported to the sponsor at"), _reported(told), why=_("the report is not sent")),
        Item(_("Reported to"), row.reported_to),
    ]
    criteria, narrative = _criteria(told), [Item(_("Narrative"), told.narrative)]
    return [
        Paragraph(
            _("{number}: {term}, participant {participant}.").format(
                number=row.number or _("no number"), term=row.term, participant=row.identifier
            ),
            "lead",
        ),
        listed(clock),
        Heading(1, _("Participant")),
        listed(participant),
        Heading(1, _("Adverse event")),
        listed(event),
        Heading(2, _("Serious because")),
        Checks([(_(label), code in row.criteria) for code, label in CRITERIA]),
        Heading(1, _("Assessment")),
        listed(assessed),
        Heading(1, _("Narrative")),
        Paragraph(narrative[0].said),
        *_sent(told),
        *open_items(clock, participant, event, criteria, assessed, narrative),
        Signatures([Signature(_("The event is confirmed as told here"), _("Investigator"), row.signed_by or "")]),
    ]


def open_points(told: EventTold | None) -> tuple[str, ...]:
    """Return what must be recorded before the notification is final: all but that and when it was sent."""
    if told is None:
        return (_("No serious adverse event is recorded."),)
    narrative = [Item(_("Narrative"), told.narrative)]
    return lacking(_participant(told), _event(told), _criteria(told), _assessed(told), narrative)


def _criteria(told: EventTold) -> list[Item]:
    return [Item(_("Serious because"), "yes" if told.row.criteria else None)]


def _reported(told: EventTold) -> str | None:
    row = told.row
    if row.reported_at is None:
        return due_words(row) if row.clock else None
    said = moment_words(row.reported_at, row.aware_zone)
    return _("{moment}: hours {hours}").format(moment=said, hours=hours_words(row.clock)) if row.clock else said


def _participant(told: EventTold) -> Iterator[Item]:
    yield Item(_("Participant"), told.row.identifier)
    yield Item(_("Site"), told.site)
    yield Item(_("Sex"), in_words(SEXES, told.sex) if told.sex else None)
    yield Item(_("Age"), age_words(told.age, told.age_unit) if told.age is not None else None)
    yield Item(_("Consent on"), day(told.consented_on) if told.consented_on else None)
    yield Item(_("First exposure"), day(told.first_exposure) if told.first_exposure else None, wanted=False)
    yield Item(_("Last exposure"), day(told.last_exposure) if told.last_exposure else None, wanted=False)


def _event(told: EventTold) -> Iterator[Item]:
    row = told.row
    yield Item(_("Adverse event"), row.term)
    yield Item(_("Preferred term"), told.preferred_term, wanted=False)
    yield Item(_("System organ class"), told.system_organ_class, wanted=False)
    yield Item(_("Began on"), day(row.started_on) if row.started_on else None)
    yield Item(_("Ended on"), day(row.ended_on) if row.ended_on else None, wanted=False)
    yield Item(_("Severity"), in_words(SEVERITIES, told.severity) if told.severity else None, wanted=False)
    yield Item(_("Grade"), str(row.grade) if row.grade is not None else None)
    yield Item(_("Action taken"), in_words(ACTIONS_TAKEN, told.action_taken) if told.action_taken else None)
    yield Item(_("Outcome"), in_words(OUTCOMES, row.outcome) if row.outcome else None)


def _assessed(told: EventTold) -> Iterator[Item]:
    row = told.row
    related = choice_words(RELATED, row.related) if row.related else row.causality
    yield Item(_("Related to the study product"), related)
    yield Item(
        _("Expected"),
        None if row.expected is None else _("yes") if row.expected else _("no"),
        why=_("judged by the reference safety information"),
    )
    yield Item(_("Signed by"), row.signed_by, why=_("no investigator has signed it as it stands"))


def _sent(told: EventTold) -> list[Block]:
    if not told.sent:
        return []
    return [
        Heading(1, _("Expedited reports")),
        Table(
            (
                Column(_("Recipient"), 2, names_row=True),
                Column(_("Submitted on"), 1),
                Column(_("Reference"), 2),
                Column(_("Follow-up report"), 1),
            ),
            [
                (
                    choice_words(RECIPIENTS, each.recipient),
                    day(each.submitted_on),
                    each.reference or _("not recorded"),
                    _("yes") if each.follow_up else _("no"),
                )
                for each in told.sent
            ],
        ),
    ]


REPORT = Report(
    key="sae-report",
    title=N_("Report of a serious adverse event"),
    audience="sponsor",
    section="safety",
    parameters=(EVENT,),
    each="event",
    gather=event_facts,
    compose=compose,
    open_items=open_points,
    unblinds=False,
    about=N_("One serious event for the 24-hour report: what is known, the clock, and what is still open."),
    tells_day=True,
)
