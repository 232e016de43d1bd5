"""Insurance of the participants."""

from __future__ import annotations

from trialdesk.base.i18n import N_, _
from trialdesk.contracts import rules
from trialdesk.contracts.records import Insurance
from trialdesk.contracts.rules import OFFICE
from trialdesk.people.acting import Action, adding, correcting, voiding
from trialdesk.people.checks import check_order
from trialdesk.persistence.work import Work

_ASKS = ("insurer", "policy", "limit", "currency", "valid_from", "valid_to")


def _check_insurance(_work: Work, record: Insurance) -> None:
    check_order(
        Insurance.FIELDS["valid_to"].label,
        record.valid_from,
        record.valid_to,
        _("The insurance would end before it begins."),
    )
    if record.limit is not None:
        rules.check_currency(record.currency or "")


add_insurance = adding(
    Insurance,
    "contracts:insurance:add",
    N_("Insurance recorded"),
    by=OFFICE,
    asks=_ASKS,
    check=_check_insurance,
    words=N_("Add insurance"),
)
correct_insurance = correcting(
    Insurance,
    "contracts:insurance:correct",
    N_("Insurance corrected"),
    by=OFFICE,
    asks=_ASKS,
    check=_check_insurance,
)
void_insurance = voiding(Insurance, "contracts:insurance:void", N_("Insurance voided"), by=OFFICE)


ACTIONS: tuple[Action, ...] = (add_insurance, correct_insurance, void_insurance)
