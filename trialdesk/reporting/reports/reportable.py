"""Form for an event the ethics committee must be told of (21 CFR 56.108(b), 45 CFR 46.108(a)(4)).

A serious adverse event or a deviation, asked the three questions of an unanticipated problem: unexpected, related,
a greater risk of harm. Names no person and no arm.
"""

from __future__ import annotations

from collections.abc import Iterator

from trialdesk.base.i18n import N_, _
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports.cells import day
from trialdesk.reporting.reports.items import Item, listed, open_items
from trialdesk.reporting.reports.parameters import DEVIATION, EVENT
from trialdesk.reporting.reports.reportable_facts import Reportable, Submitted, gather
from trialdesk.reporting.reports.sae_log import moment_words
from trialdesk.reporting.structure import Block, Checks, Heading, Paragraph, Signature, Signatures
from trialdesk.reporting.terms import ACTIONS_TAKEN, OUTCOMES, choice_words, in_words
from trialdesk.safety.rules import CATEGORIES, CRITERIA, RELATED

_COMMITTEE = "committee"


def compose(told: Reportable | None) -> list[Block]:
    """Return what happened, the three questions, what was done, what is missing and who signs."""
    if told is None:
        return [Paragraph(_("No serious adverse event and no deviation is recorded."), "lead")]
    happened, done = list(_happened(told)), list(_done(told))
    narrative = [Item(_("Narrative"), told.event.narrative)] if told.event else []
    return [
        Paragraph(_lead(told), "lead"),
        Heading(1, _("What happened")),
        listed(happened),
        *(block for each in narrative for block in (Heading(2, each.label), Paragraph(each.said))),
        Heading(1, _("Is it an unanticipated problem?")),
        Checks(_questions(told)),
        Paragraph(
            _("A box is left open where the answer is no, or is not recorded; the last one is answered by hand."),
            "small",
        ),
        Heading(1, _("What was done")),
        listed(done),
        *open_items(happened, narrative, done),
        Signatures([Signature(_("The report is complete and true"), _("Principal investigator"))]),
    ]


def _lead(told: Reportable) -> str:
    if told.event:
        row = told.event.row
        return _("{number}: {term}, participant {participant}.").format(
            number=row.number or _("no number"), term=row.term, participant=row.identifier
        )
    assert told.deviation is not None
    return _("{number}: {category}, {day}.").format(
        number=told.deviation.number,
        category=choice_words(CATEGORIES, told.deviation.category),
        day=day(told.deviation.occurred_on),
    )


def _happened(told: Reportable) -> Iterator[Item]:
    if told.event:
        row = told.event.row
        yield Item(_("Kind"), _("Serious adverse event"))
        yield Item(_("Participant"), row.identifier)
        yield Item(_("Site"), told.event.site)
        yield Item(_("Began on"), day(row.started_on) if row.started_on else None)
        yield Item(_("Site aware at"), moment_words(row.aware_at, row.aware_zone) if row.aware_at else None)
        yield Item(_("Serious because"), "\n".join(choice_words(CRITERIA, each) for each in row.criteria))
        yield Item(_("Related to the study product"), choice_words(RELATED, row.related) if row.related else None)
        yield Item(_("Outcome"), in_words(OUTCOMES, row.outcome) if row.outcome else None)
        return
    row_ = told.deviation
    assert row_ is not None
    yield Item(_("Kind"), _("Protocol deviation"))
    yield Item(_("Participant or site"), row_.identifier or row_.site_number or _("whole study"))
    yield Item(_("Occurred on"), day(row_.occurred_on))
    yield Item(_("Found on"), day(row_.found_on) if row_.found_on else None)
    yield Item(_("Description"), row_.description)
    yield Item(_("Impact"), row_.impact)


def _questions(told: Reportable) -> list[tuple[str, bool]]:
    row = told.event.row if told.event else None
    return [
        (_("Unexpected: not in the reference safety information"), row is not None and row.expected is False),
        (_("Related to taking part in the study"), row is not None and row.related == "yes"),
        (_("Important: it may touch rights, safety or data"), bool(told.deviation and told.deviation.important)),
        (_("Participants or others are at greater risk of harm than was known"), False),
    ]


def _done(told: Reportable) -> Iterator[Item]:
    unkept = _("the program keeps no record of it")
    if told.event:
        action = told.event.action_taken
        sent = [each for each in told.event.sent if each.recipient == _COMMITTEE]
        yield Item(_("Action taken"), in_words(ACTIONS_TAKEN, action) if action else None)
    else:
        assert told.deviation is not None
        sent = []
        yield Item(_("Corrective action"), told.deviation.corrective_action)
        yield Item(
            _("Reported on"), day(told.deviation.reported_on) if told.deviation.reported_on else None, wanted=False
        )
    reported = [f"{day(each.submitted_on)} {each.reference or ''}".strip() for each in sent]
    yield Item(
        _("Told to the committee"),
        "\n".join((*reported, *map(_submission, told.submitted))),
        why=_unsure(told),
        wanted=bool(told.candidates),
    )
    yield Item(_("Participants affected"), _("one") if _one(told) else None, why=unkept)
    yield Item(_("Participants now in the study"), str(told.now_in))
    yield Item(_("They were informed"), None, why=unkept)
    yield Item(_("Change of the protocol or the consent form"), None, why=unkept)


def _submission(each: Submitted) -> str:
    return _("{day}: {title}, to {committee}").format(
        day=day(each.submitted_on), title=each.title, committee=each.committee
    )


def _unsure(told: Reportable) -> str:
    """Return why no report is told: there is none, or which there are that may be about something else."""
    if not told.candidates:
        return _("no report to the committee is recorded")
    named = "; ".join(map(_submission, told.candidates))
    return _("the record does not say which submission is about it; it may be: {submissions}").format(submissions=named)


def _one(told: Reportable) -> bool:
    return told.event is not None or bool(told.deviation and told.deviation.participant)


REPORT = Report(
    key="reportable",
    title=N_("Reportable event form for the ethics committee"),
    audience="ethics",
    section="ethics",
    parameters=(EVENT, DEVIATION),
    each="event",
    gather=gather,
    compose=compose,
    unblinds=False,
    about=N_("One serious event or deviation, with the questions of an unanticipated problem and what was done."),
    tells_day=True,
    occasional=True,
)
