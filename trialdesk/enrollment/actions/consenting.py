"""What is done about consent: given to one version of the form, given again, corrected, voided, found not valid."""

from __future__ import annotations

import re
from copy import copy
from dataclasses import replace
from datetime import date
from typing import Any

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.base.written import written_day
from trialdesk.enrollment.obtaining import tell_amiss
from trialdesk.enrollment.records import Consent
from trialdesk.people.acting import action, adding, correcting, needs_reason, voiding
from trialdesk.people.checks import check_not_future, label_of
from trialdesk.people.rules import IDENTIFYING
from trialdesk.persistence.editing import found_in
from trialdesk.persistence.work import Work, missing

_SAID = ("consent_version", "consented_on", "consented_at", "obtained_by", "representative", "copy_given")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)


def _check(work: Work, consent: Any) -> None:
    """Refuse a day or time to come and a time that is none; the version and the approval are the gates' to judge.

    A consent obtained by somebody not delegated is kept, and told of (`obtaining`).
    """
    check_not_future(work, Consent.FIELDS["consented_on"].label, consent.consented_on)
    if consent.consented_at and not _TIME.fullmatch(consent.consented_at):
        raise UserError(
            _("This is not a time of day."),
            where=label_of(Consent, "consented_at"),
            remedy=_("Write hours and minutes, such as 09:30."),
        )
    if consent.consented_at and consent.consented_on == work.today and consent.consented_at > work.time_here:
        raise UserError(
            _("This time is still to come: what has happened cannot lie in the future."),
            where=label_of(Consent, "consented_at"),
            remedy=_("Give the time at which it happened, or record it once it has."),
        )
    tell_amiss(work, consent)


record_consent = adding(
    Consent,
    "enrollment:consent:record",
    N_("Consent recorded"),
    words=N_("Record consent"),
    by=IDENTIFYING,
    asks=_SAID,
    about="participant",
    check=_check,
)
"""Record that a participant consented, or consented again, to a version of the form; answers the consent's id.

The gates refuse a version that was not the one in force in its language that day, and a day without an approval.
"""

correct_consent = correcting(
    Consent, "enrollment:consent:correct", N_("Consent corrected"), by=IDENTIFYING, asks=_SAID, check=_check
)


def _check_voided(work: Work, consent: Any) -> None:
    nobody = copy(consent)
    nobody.voided = True
    tell_amiss(work, nobody)


void_consent = voiding(Consent, "enrollment:consent:void", N_("Consent voided"), by=IDENTIFYING, check=_check_voided)
"""Void a consent entered in error; refused while anything was done that rests on it alone."""

_INVALID = ("invalid_found_on", "voids_participation")


@action(
    "enrollment:consent:find_invalid",
    N_("Consent found not valid"),
    by=IDENTIFYING,
    asks=tuple(replace(Consent.FIELDS[name], required=True) for name in _INVALID),
    about=Consent.KIND,
    words=N_("Found not valid…"),
    why=True,
)
def find_consent_invalid(
    work: Work,
    *,
    study: Id,
    consent: Id,
    invalid_found_on: date,
    voids_participation: bool,
) -> Id:
    """Record that a consent was not valid, and why: unsigned, of a wrong form, by somebody who could not give it.

    What was done on its strength stays recorded, and a deviation is proposed. Nothing new is done with the participant
    until consent is given again. `voids_participation` says that no other valid consent covers what was done: payments
    then take nothing of the participant as earned.
    """
    needs_reason(work, Consent)
    found = found_in(work, Consent, consent, study)
    if found.invalid_found_on is not None:
        raise UserError(
            _("This consent was found not valid on {day}.").format(day=written_day(found.invalid_found_on)),
            where=_(Consent.LABEL),
        )
    found.invalid_found_on, found.invalid_why = invalid_found_on, work.act.reason.strip()
    found.voids_participation = voids_participation
    for name in _INVALID:
        if getattr(found, name) is None:
            raise missing(Consent, Consent.FIELDS[name])
    check_not_future(work, Consent.FIELDS["invalid_found_on"].label, invalid_found_on)
    if invalid_found_on < found.consented_on:
        raise UserError(
            _("This consent was given on {day}: it cannot have been found not valid before.").format(
                day=written_day(found.consented_on)
            ),
            where=label_of(Consent, "invalid_found_on"),
            remedy=_("Give the day of the finding."),
        )
    tell_amiss(work, found)
    return found.id


@action(
    "enrollment:consent:find_valid",
    N_("Consent found valid after all"),
    by=IDENTIFYING,
    about=Consent.KIND,
    words=N_("Valid after all…"),
    why=True,
)
def find_consent_valid(work: Work, *, study: Id, consent: Id) -> Id:
    """Take back that a consent was found not valid, with the reason."""
    needs_reason(work, Consent)
    found = found_in(work, Consent, consent, study)
    if found.invalid_found_on is None:
        raise UserError(_("This consent was not found invalid."), where=_(Consent.LABEL))
    found.invalid_found_on = found.invalid_why = found.voids_participation = None
    tell_amiss(work, found)
    return found.id
