"""What is done about reports of single events to authorities and committees."""

from __future__ import annotations

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import N_, _
from trialdesk.people.acting import adding, correcting, voiding
from trialdesk.people.checks import check_not_future
from trialdesk.people.rules import STAFF
from trialdesk.persistence.work import Work
from trialdesk.safety.records import AdverseEvent, ExpeditedReport


def _check(work: Work, record: ExpeditedReport) -> None:
    check_not_future(work, ExpeditedReport.FIELDS["submitted_on"].label, record.submitted_on)
    event = work.find(AdverseEvent, record.adverse_event)
    if event is not None and not event.serious:
        raise UserError(_("Only serious events are reported one by one."), where=_(AdverseEvent.LABEL))


_SAID = ("recipient", "submitted_on", "reference", "follow_up")
add_expedited_report = adding(
    ExpeditedReport,
    "safety:expedited_report:add",
    N_("Expedited report recorded"),
    by=STAFF,
    asks=_SAID,
    about="adverse_event",
    check=_check,
)
correct_expedited_report = correcting(
    ExpeditedReport,
    "safety:expedited_report:correct",
    N_("Expedited report corrected"),
    by=STAFF,
    asks=_SAID,
    check=_check,
)
void_expedited_report = voiding(
    ExpeditedReport, "safety:expedited_report:void", N_("Expedited report voided"), by=STAFF
)
