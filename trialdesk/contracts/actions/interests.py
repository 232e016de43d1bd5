"""Interests in a party: declared by those who run the study, judged by a second person."""

from __future__ import annotations

from datetime import date

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.contracts.records import Interest
from trialdesk.contracts.rules import APPROVING, OFFICE
from trialdesk.people.acting import Action, action, adding, correcting, fields_of, voiding
from trialdesk.people.checks import check_not_future, check_order, check_second_person, label_of
from trialdesk.people.queries import person_of
from trialdesk.persistence.editing import correct, found_in
from trialdesk.persistence.work import Work

_ASKS = ("person", "declared_on", "expires_on", "has_interest", "words")


def _check(work: Work, record: Interest) -> None:
    check_not_future(work, Interest.FIELDS["declared_on"].label, record.declared_on)
    check_order(
        Interest.FIELDS["expires_on"].label,
        record.declared_on,
        record.expires_on,
        _("The declaration would end before it was made."),
    )
    if record.has_interest and not (record.words or "").strip():
        raise UserError(
            _("An interest is named."),
            where=label_of(Interest, "words"),
            remedy=_("Say which, such as fees, shares, a patent, a relative employed there."),
        )
    # What was judged was another declaration.
    record.judged_on = record.judged_by = record.acceptable = record.judgement = None


declare_interest = adding(
    Interest,
    "contracts:interest:declare",
    N_("Interest declared"),
    by=OFFICE,
    asks=_ASKS,
    about="organisation",
    check=_check,
    words=N_("Declare interests"),
)
correct_interest = correcting(
    Interest,
    "contracts:interest:correct",
    N_("Declaration of interest corrected"),
    by=OFFICE,
    asks=_ASKS,
    check=_check,
)
void_interest = voiding(Interest, "contracts:interest:void", N_("Declaration of interest voided"), by=OFFICE)


@action(
    "contracts:interest:judge",
    N_("Interest judged"),
    by=APPROVING,
    about=Interest.KIND,
    asks=fields_of(Interest, "judged_on", "acceptable", "judgement"),
    words=N_("Judge interest"),
)
def judge_interest(
    work: Work,
    *,
    study: Id,
    interest: Id,
    judged_on: date | None = None,
    acceptable: bool | None = None,
    judgement: str | None = None,
) -> Id:
    """Judge a declared interest. Raises NotAllowed for the one whose it is, UserError where nothing is declared."""
    record = found_in(work, Interest, interest, study)
    if not record.has_interest:
        raise UserError(_("No interest is declared: there is nothing to judge."), where=_(Interest.LABEL))
    if person_of(work.read, account=work.act.account) == record.person:
        check_second_person(work, work.act.account, N_("Nobody judges their own interest."))
    check_not_future(work, Interest.FIELDS["judged_on"].label, judged_on)
    correct(
        record,
        {
            "judged_on": judged_on or work.today,
            "judged_by": work.act.account,
            "acceptable": bool(acceptable),
            "judgement": (judgement or "").strip() or None,
        },
    )
    return record.id


ACTIONS: tuple[Action, ...] = (declare_interest, correct_interest, void_interest, judge_interest)
