"""Training of those who work on a study: recorded, corrected with a reason, voided if it was never so."""

from __future__ import annotations

from trialdesk.base.i18n import N_, _
from trialdesk.people.acting import adding, correcting, voiding
from trialdesk.people.checks import check_not_future, check_order
from trialdesk.people.records import Training
from trialdesk.people.rules import STAFF
from trialdesk.persistence.work import Work

_BY = STAFF | {"quality"}
_ASKS = (
    "topic",
    "title",
    "version_trained",
    "method",
    "trainer",
    "completed_on",
    "expires_on",
    "evidence",
)


def _check(work: Work, training: Training) -> None:
    check_not_future(work, Training.FIELDS["completed_on"].label, training.completed_on)
    check_order(
        Training.FIELDS["expires_on"].label,
        training.completed_on,
        training.expires_on,
        _("The training would expire before it was completed."),
    )


add_training = adding(
    Training,
    "people:training:add",
    N_("Training recorded"),
    words=N_("Record training"),
    by=_BY,
    asks=_ASKS,
    about="person",
    check=_check,
)
correct_training = correcting(
    Training, "people:training:correct", N_("Training corrected"), by=_BY, asks=_ASKS, check=_check
)
void_training = voiding(Training, "people:training:void", N_("Training voided"), by=_BY)
