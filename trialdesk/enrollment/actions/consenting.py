"""What is done about consent: given to one version of the form, given again, corrected, voided."""

from __future__ import annotations

import re
from copy import copy
from typing import Any

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import N_, _
from trialdesk.enrollment.obtaining import tell_who_obtained
from trialdesk.enrollment.records import Consent
from trialdesk.people.acting import adding, correcting, voiding
from trialdesk.people.checks import check_not_future, label_of
from trialdesk.people.rules import IDENTIFYING
from trialdesk.persistence.work import Work

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
    tell_who_obtained(work, consent)


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
    tell_who_obtained(work, nobody)


void_consent = voiding(Consent, "enrollment:consent:void", N_("Consent voided"), by=IDENTIFYING, check=_check_voided)
"""Void a consent entered in error; refused while anything was done that rests on it alone."""
