"""What is done with participants: screened, corrected, named, erased."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from trialdesk.base.dates import PartialDate
from trialdesk.base.errors import UserError
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.enrollment.records import Erasure, Identity, Participant
from trialdesk.enrollment.rules import possible_age
from trialdesk.people.acting import action, fields_of, needs_reason, voiding
from trialdesk.people.checks import check_alone, check_happened, label_of
from trialdesk.people.rules import IDENTIFYING, PI, STAFF
from trialdesk.persistence.editing import correct, found_in
from trialdesk.persistence.work import Work
from trialdesk.studies.records import Site

_DESCRIBED = (
    "screened_on",
    "informed_consent_on",
    "reference_start",
    "reference_end",
    "first_exposure",
    "last_exposure",
    "participation_end",
    "age",
    "age_unit",
    "sex",
    "race",
    "ethnicity",
    "country",
)
"""What a person says of a participant. Whether one was brought in by an import is not a person's to say."""


_HAPPENED = ("screened_on", "informed_consent_on", "first_exposure", "last_exposure", "participation_end", "died_on")
"""The days on which something has happened."""


@action(
    "enrollment:participant:screen",
    N_("Participant screened"),
    words=N_("Screen a participant"),
    by=STAFF,
    asks=fields_of(Participant, "site", "number", "identifier", *_DESCRIBED),
)
def screen(work: Work, *, study: Id, site: Id, number: str, screened_on: PartialDate | None, **fields: Any) -> Id:
    """Enter somebody into the screening log; returns the participant's id.

    Raises UserError for a number the site already used, a day to come and an age nobody has.
    """
    _only_described(fields)
    place = found_in(work, Site, site, study)
    kept = number.strip()
    fields["identifier"] = fields.get("identifier") or f"{place.number}-{kept}"
    made = work.add(Participant(study=study, site=site, number=kept, screened_on=screened_on, **fields))
    _check(work, made)
    return made.id


@action(
    "enrollment:participant:correct",
    N_("Participant corrected"),
    by=STAFF,
    asks=fields_of(Participant, "site", "number", "identifier", *_DESCRIBED, "died", "died_on"),
    about=Participant.KIND,
    edit="correct",
)
def correct_participant(work: Work, *, study: Id, participant: Id, version: int, **fields: Any) -> Id:
    """Change what is recorded of a participant. Raises Conflict if it moved on since `version`."""
    needs_reason(work, Participant)
    _only_described(fields)
    if fields.get("site"):
        found_in(work, Site, fields["site"], study)
    record = found_in(work, Participant, participant, study, version)
    before = {name: getattr(record, name) for name in (*_HAPPENED, "number", "site", "age", "age_unit")}
    correct(record, fields)
    # What an import brought in as it was may be odd: only what is said here and now is asked about.
    if any(getattr(record, name) != value for name, value in before.items()):
        _check(work, record)
    return record.id


void_participant = voiding(Participant, "enrollment:participant:void", N_("Participant voided"), by=STAFF)


@action(
    "enrollment:identity:record",
    N_("Identity recorded"),
    words=N_("Record identity"),
    by=IDENTIFYING,
    asks=fields_of(Identity, "name", "contact"),
    about=Participant.KIND,
)
def identify(work: Work, *, study: Id, participant: Id, name: str | None, contact: str | None = None) -> Id:
    """Keep who a participant is, sealed under the participant's key. Raises UserError once they were erased."""
    found_in(work, Participant, participant, study)
    erasure = Erasure.TABLE.c
    if work.read.first(sa.select(erasure.id).where(erasure.participant == participant, ~erasure.voided)):
        raise UserError(_("Who this participant was has been erased and is not recorded again."))
    own = Identity.TABLE.c
    existing = work.read.value(sa.select(own.id).where(own.participant == participant, ~own.voided))
    if existing is None:
        return work.add(Identity(study=study, participant=participant, name=name, contact=contact)).id
    return correct(work.get(Identity, existing), {"name": name, "contact": contact})


@action(
    "enrollment:identity:erase",
    N_("Identity erased"),
    words=N_("Erase identity…"),
    by=frozenset({PI}),
    final=True,
    asks=fields_of(Erasure, "decided_on"),
    about=Participant.KIND,
)
def erase_identity(work: Work, *, study: Id, participant: Id, decided_on: date) -> Id:
    """Erase who a participant was, for good: the key goes. What happened in the study stays. Needs a reason."""
    if not work.act.reason.strip():
        raise UserError(_("Erasing needs a reason."), where=_("Participant"))
    found_in(work, Participant, participant, study)
    return work.add(Erasure(study=study, participant=participant, decided_on=decided_on)).id


def _check(work: Work, record: Participant) -> None:
    for name in _HAPPENED:
        check_happened(work, Participant.FIELDS[name].label, getattr(record, name))
    if record.age is not None and not possible_age(record.age, record.age_unit):
        raise UserError(
            _("Nobody is of this age."),
            where=label_of(Participant, "age"),
            remedy=_("Give the age in full years, or say its unit."),
        )
    check_alone(work, record, "number", "site", words=_("There is already a participant of this number at this site."))


def _only_described(fields: dict[str, Any]) -> None:
    """Raise TypeError for what a person does not say: that somebody was imported, and so passed no gate here."""
    if "imported" in fields:
        msg = "whether a participant was imported is said by imports alone"
        raise TypeError(msg)
