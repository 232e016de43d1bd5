"""What is done about consent: given to one version of the form, given again, corrected, voided."""

from __future__ import annotations

import re
from typing import Any

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import N_, _
from trialdesk.enrollment.records import Consent
from trialdesk.people.acting import adding, correcting, voiding
from trialdesk.people.checks import check_not_future, label_of
from trialdesk.people.rules import IDENTIFYING
from trialdesk.persistence.work import Work

_SAID = ("consent_version", "consented_on", "consented_at", "obtained_by", "representative", "copy_given")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)


def _check(work: Work, consent: Any) -> None:
    """Refuse a day to come and a time that is none; the version and the approval are the gates' to judge."""
    check_not_future(work, Consent.FIELDS["consented_on"].label, consent.consented_on)
    if consent.consented_at and not _TIME.fullmatch(consent.consented_at):
        raise UserError(
            _("This is not a time of day."),
            where=label_of(Consent, "consented_at"),
            remedy=_("Write hours and minutes, such as 09:30."),
        )


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
void_consent = voiding(Consent, "enrollment:consent:void", N_("Consent voided"), by=IDENTIFYING)
"""Void a consent entered in error; refused while anything was done that rests on it alone."""
