"""Warnings of terms, each let stand by a named person for a reason."""

from __future__ import annotations

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.contracts.approvals import fingerprint
from trialdesk.contracts.records import TermsVersion, WarningApproval
from trialdesk.contracts.rules import APPROVING
from trialdesk.contracts.terms import read_terms
from trialdesk.people.acting import Action, action, fields_of, voiding
from trialdesk.people.checks import check_second_person, label_of
from trialdesk.persistence.editing import found_in
from trialdesk.persistence.work import Work


@action(
    "contracts:warning_approval:approve",
    N_("Warning approved"),
    by=APPROVING,
    about=TermsVersion.KIND,
    asks=fields_of(WarningApproval, "code"),
    why=True,
    words=N_("Approve warning"),
    makes=WarningApproval.KIND,
)
def approve_warning(work: Work, *, study: Id, terms_version: Id, code: str) -> Id:
    """Let a draft stand although it crosses a line that wants a reason; holds for its text as it is now.

    Raises UserError without a reason, where the draft does not cross it or counts already; NotAllowed for who drafted
    it.
    """
    grounds = work.act.reason.strip()
    if not grounds:
        raise UserError(
            _("A warning is approved for a reason."),
            where=_(WarningApproval.LABEL),
            remedy=_("Say why it is agreed all the same."),
        )
    record = found_in(work, TermsVersion, terms_version, study)
    if record.activated_on is not None:
        raise UserError(_("These terms count already."), where=_(TermsVersion.LABEL))
    check_second_person(work, record.drafted_by, N_("Who drafted terms does not approve their warnings."))
    found = read_terms(work, record.text, file=_("Terms"))
    if not any(each.code == code for each in found.warnings):
        raise UserError(
            _("These terms do not cross this line."),
            where=label_of(WarningApproval, "code"),
            remedy=_("Choose one of their warnings."),
        )
    return work.add(
        WarningApproval(
            study=study,
            terms_version=record.id,
            code=code,
            grounds=grounds,
            approved_by=work.act.account,
            approved_on=work.today,
            text_sha256=fingerprint(record.text),
        )
    ).id


def _check_still_a_draft(work: Work, record: WarningApproval) -> None:
    if found_in(work, TermsVersion, record.terms_version, record.study).activated_on is not None:
        raise UserError(_("These terms count already."), where=_(TermsVersion.LABEL))


void_approval = voiding(
    WarningApproval,
    "contracts:warning_approval:void",
    N_("Approval of a warning withdrawn"),
    by=APPROVING,
    check=_check_still_a_draft,
    words=N_("Withdraw approval"),
)

ACTIONS: tuple[Action, ...] = (approve_warning, void_approval)
