"""What is done about adverse events: recorded, graded, reported to the sponsor in time, signed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from trialdesk.base.dates import earliest, latest
from trialdesk.base.errors import NotAllowed, UserError
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.enrollment.records import Participant
from trialdesk.people.acting import action, fields_of, needs_reason, voiding
from trialdesk.people.checks import check_not_future, check_zone, label_of
from trialdesk.people.rights import roles
from trialdesk.people.rules import INVESTIGATORS, OWNER, PI, STAFF
from trialdesk.people.signing import sign, signatures
from trialdesk.persistence.editing import correct, found_in
from trialdesk.persistence.work import Work
from trialdesk.safety.actions.numbering import numbered
from trialdesk.safety.records import AdverseEvent
from trialdesk.safety.rules import SERIOUSNESS, at_site, clocks_of, seriousness

CONFIRMED = N_("I have reviewed this adverse event and confirm its assessment")
"""What the investigator's signature under an adverse event means."""

_SAID = (
    "term",
    "started_on",
    "ended_on",
    "grade",
    "severity",
    *SERIOUSNESS,
    "related",
    "expected",
    "aware_at",
    "aware_zone",
    "action_taken",
    "outcome",
    "preferred_term",
    "system_organ_class",
    "narrative",
)


@action(
    "safety:adverse_event:record",
    N_("Adverse event recorded"),
    words=N_("Record an adverse event"),
    by=STAFF,
    asks=fields_of(AdverseEvent, *_SAID),
    about=Participant.KIND,
)
def record_adverse_event(work: Work, *, study: Id, participant: Id, **fields: Any) -> Id:
    """Record an adverse event; returns its id. It gets the next number of its site.

    Whether it is serious follows from the six criteria. Raises UserError for a serious one without the moment the site
    became aware, a grade outside 1 to 5, and dates that cannot be.
    """
    person = found_in(work, Participant, participant, study)
    _only_said(fields)
    event = AdverseEvent(study=study, participant=participant, **fields)
    event.number = numbered(work, AdverseEvent, "AE", study=study, site=person.site)
    event.recorded_on = work.today.isoformat()
    event.serious = bool(_serious(event))
    _check(work, event)
    if event.serious and event.aware_at is None:
        raise UserError(
            _("When did the site become aware of this serious event? The clock begins then."),
            where=label_of(AdverseEvent, "aware_at"),
        )
    return work.add(event).id


@action(
    "safety:adverse_event:correct",
    N_("Adverse event corrected"),
    by=STAFF,
    asks=fields_of(AdverseEvent, *_SAID),
    about=AdverseEvent.KIND,
    edit="correct",
)
def correct_adverse_event(work: Work, *, study: Id, adverse_event: Id, version: int, **fields: Any) -> Id:
    """Change what is recorded of an adverse event; its seriousness follows. A signature under it no longer stands.

    What would stop a clock of reporting is an investigator's to say: raises NotAllowed for anybody else.
    """
    needs_reason(work, AdverseEvent)
    _only_said(fields)
    event = found_in(work, AdverseEvent, adverse_event, study, version)
    before = clocks_of(event)
    correct(event, fields)
    event.serious = _serious(event, said=event.serious)
    if before - clocks_of(event):
        _refuse_others(work, study)
    _check(work, event)
    if event.serious and event.number is not None and event.aware_at is None:
        raise UserError(
            _("When did the site become aware of this serious event? The clock begins then."),
            where=label_of(AdverseEvent, "aware_at"),
        )
    return event.id


def _check_void(work: Work, event: AdverseEvent) -> None:
    if clocks_of(event):
        _refuse_others(work, event.study or "")


void_adverse_event = voiding(
    AdverseEvent, "safety:adverse_event:void", N_("Adverse event voided"), by=STAFF, check=_check_void
)


def _refuse_others(work: Work, study: Id) -> None:
    """Raise NotAllowed unless an investigator acts: they judge seriousness and causality (ICH E6(R3) 2.7.2)."""
    if (INVESTIGATORS | {OWNER}).isdisjoint(roles(work.read, study=study, on=work.today)):
        raise NotAllowed(
            _("This would stop a clock of reporting: an investigator judges seriousness, causality and expectedness."),
            where=_(AdverseEvent.LABEL),
            remedy=_("Ask an investigator to correct it, or leave a data query."),
        )


@action(
    "safety:adverse_event:report",
    N_("Adverse event reported to the sponsor"),
    words=N_("Record the report to the sponsor"),
    by=STAFF,
    asks=fields_of(AdverseEvent, "reported_at", "reported_to"),
    about=AdverseEvent.KIND,
)
def report_adverse_event(
    work: Work, *, study: Id, adverse_event: Id, reported_at: datetime | None = None, reported_to: str | None = None
) -> Id:
    """Record that an adverse event was reported to the sponsor, now unless said otherwise; its clock stops then.

    Raises UserError if it was reported before, or for a moment to come or before the site knew.
    """
    event = found_in(work, AdverseEvent, adverse_event, study)
    label = label_of(AdverseEvent, "reported_at")
    if event.reported_at is not None:
        raise UserError(
            _("This event was reported already."),
            where=label,
            remedy=_("Take that step back if it was entered wrongly."),
        )
    at = reported_at or work.now
    if at > work.now:
        raise UserError(_("This moment is still to come."), where=label)
    if event.aware_at is not None and at < event.aware_at:
        raise UserError(_("It cannot be reported before the site knew of it."), where=label)
    correct(event, {"reported_at": at, "reported_to": reported_to})
    return event.id


@action(
    "safety:adverse_event:sign",
    N_("Adverse event signed"),
    words=N_("Sign"),
    by=frozenset({PI}),
    final=True,
    about=AdverseEvent.KIND,
    signs=CONFIRMED,
)
def sign_adverse_event(work: Work, *, study: Id, adverse_event: Id) -> Id:
    """Sign an adverse event as it is recorded now; returns the signature's id. Raises UserError if that is done."""
    event = found_in(work, AdverseEvent, adverse_event, study)
    signed = signatures(work.read, record=AdverseEvent, study=study, of=[event.id]).get(event.id, ())
    if any(each.stands and each.meaning == CONFIRMED for each in signed):
        raise UserError(_("This event is signed already."), where=event.number or _(AdverseEvent.LABEL))
    return sign(work, event, CONFIRMED)


def _serious(event: AdverseEvent, *, said: bool | None = None) -> bool | None:
    return seriousness({name: getattr(event, name) for name in SERIOUSNESS}, said=said)


def _only_said(fields: dict[str, Any]) -> None:
    """Raise TypeError for a field that follows from others or has an act of its own."""
    for name in fields:
        if name not in _SAID:
            msg = f"{name} is not said with an adverse event"
            raise TypeError(msg)


def _check(work: Work, event: AdverseEvent) -> None:
    label = {name: _(field.label) for name, field in AdverseEvent.FIELDS.items()}
    if event.grade is not None and not 1 <= event.grade <= 5:
        raise UserError(_("A grade is a whole number from 1 to 5."), where=label["grade"])
    if event.grade is not None and (event.grade == 5) != bool(event.fatal):
        raise UserError(_("Grade 5 is death, and death is grade 5."), where=label["grade"])
    for name in ("started_on", "ended_on"):
        if getattr(event, name):
            check_not_future(work, AdverseEvent.FIELDS[name].label, earliest(getattr(event, name)))
    if event.started_on and event.ended_on and latest(event.ended_on) < earliest(event.started_on):
        raise UserError(_("This day is before it began."), where=label["ended_on"])
    check_zone(AdverseEvent.FIELDS["aware_zone"].label, event.aware_zone)
    if event.aware_at is None:
        return
    if event.aware_at > work.now:
        raise UserError(_("This moment is still to come."), where=label["aware_at"])
    if event.started_on and at_site(event.aware_at, event.aware_zone).date() < earliest(event.started_on):
        raise UserError(_("The site cannot have known of it before it began."), where=label["aware_at"])
    if event.reported_at is not None and event.reported_at < event.aware_at:
        raise UserError(_("It cannot be reported before the site knew of it."), where=label["aware_at"])
