"""What is done about deviations: proposed or recorded, assessed and signed by an investigator, reported."""

from __future__ import annotations

from datetime import date
from typing import Any

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.enrollment.records import Participant, Visit
from trialdesk.people.acting import action, correcting, fields_of, voiding
from trialdesk.people.checks import check_not_future, check_order, label_of
from trialdesk.people.rules import INVESTIGATORS, STAFF
from trialdesk.people.signing import sign
from trialdesk.persistence.editing import correct, found_in
from trialdesk.persistence.work import Work
from trialdesk.safety.actions.numbering import numbered
from trialdesk.safety.records import Deviation
from trialdesk.studies.records import Site

ASSESSED = N_("I have assessed this deviation")
"""What the investigator's signature under a deviation means."""

FINDERS = STAFF | {"monitor", "quality", "pharmacist"}
_SAID = ("category", "occurred_on", "found_on", "description")


@action(
    "safety:deviation:record",
    N_("Deviation recorded"),
    words=N_("Record a deviation"),
    by=FINDERS,
    asks=fields_of(Deviation, "participant", "visit", "site", *_SAID),
)
def record_deviation(
    work: Work,
    *,
    study: Id,
    participant: Id | None = None,
    visit: Id | None = None,
    site: Id | None = None,
    **fields: Any,
) -> Id:
    """Record a deviation of a participant, a visit, a site or the study; returns its id. It gets the next number."""
    if visit:
        kept = found_in(work, Visit, visit, study)
        if participant not in (None, kept.participant):
            raise UserError(_("This visit is another participant's."), where=label_of(Deviation, "visit"))
        participant = kept.participant
    if participant:
        site = found_in(work, Participant, participant, study).site
    elif site:
        found_in(work, Site, site, study)
    fields["found_on"] = fields.get("found_on") or work.today
    return added(work, study=study, participant=participant, visit=visit, site=site, proposed=False, **fields).id


def added(work: Work, *, study: Id, site: Id | None, **fields: Any) -> Deviation:
    """Add a deviation with its number. Raises UserError for days that cannot be."""
    number = numbered(work, Deviation, "DEV", study=study, site=site)
    made = Deviation(study=study, site=site, number=number, **fields)
    _check(work, made)
    return work.add(made)


def _check(work: Work, deviation: Any) -> None:
    label = Deviation.FIELDS["found_on"].label
    check_not_future(work, Deviation.FIELDS["occurred_on"].label, deviation.occurred_on)
    check_not_future(work, label, deviation.found_on)
    check_order(label, deviation.occurred_on, deviation.found_on, _("It cannot be found before it occurred."))


correct_deviation = correcting(
    Deviation, "safety:deviation:correct", N_("Deviation corrected"), by=STAFF, asks=_SAID, check=_check
)
void_deviation = voiding(Deviation, "safety:deviation:void", N_("Deviation voided"), by=STAFF)


@action(
    "safety:deviation:assess",
    N_("Deviation assessed"),
    words=N_("Assess"),
    by=INVESTIGATORS,
    final=True,
    asks=fields_of(Deviation, "important", "impact", "corrective_action"),
    about=Deviation.KIND,
    signs=ASSESSED,
)
def assess_deviation(
    work: Work,
    *,
    study: Id,
    deviation: Id,
    important: bool,
    impact: str | None = None,
    corrective_action: str | None = None,
) -> Id:
    """Assess a deviation, or assess it again, and sign; returns the deviation's id.

    Raises UserError for an important one without its impact.
    """
    record = found_in(work, Deviation, deviation, study)
    if important is None:
        raise UserError(_("Is this deviation important?"), where=label_of(Deviation, "important"))
    if important and not (impact or "").strip():
        raise UserError(_("What does this important deviation touch?"), where=label_of(Deviation, "impact"))
    correct(
        record,
        {
            "important": important,
            "impact": impact,
            "corrective_action": corrective_action,
            "assessed_on": work.today,
        },
    )
    sign(work, record, ASSESSED)
    return record.id


@action(
    "safety:deviation:report",
    N_("Deviation reported"),
    words=N_("Record that it was reported"),
    by=STAFF,
    asks=fields_of(Deviation, "reported_on"),
    about=Deviation.KIND,
)
def report_deviation(work: Work, *, study: Id, deviation: Id, reported_on: date | None = None) -> Id:
    """Record the day a deviation was reported to sponsor or committee, today unless said; returns its id."""
    record = found_in(work, Deviation, deviation, study)
    on, label = reported_on or work.today, Deviation.FIELDS["reported_on"].label
    check_not_future(work, label, on)
    check_order(label, record.occurred_on, on, _("It cannot be reported before it occurred."))
    correct(record, {"reported_on": on})
    return record.id
