"""Distribution policies: drafted by one person and activated by a second, as terms are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.contracts.records import Contract
from trialdesk.contracts.rules import OFFICE
from trialdesk.payments.sharing.records import Policy
from trialdesk.people.acting import Action, action, fields_of, needs_reason, voiding
from trialdesk.people.checks import check_second_person, label_of
from trialdesk.people.rules import OWNER, PI
from trialdesk.people.signing import sign
from trialdesk.persistence.editing import correct, found_in
from trialdesk.persistence.work import Work

if TYPE_CHECKING:
    from trialdesk.payments.rules.reading_policies import Sharing

APPROVING = frozenset({PI, "finance", OWNER})


def _check_draft(_work: Work, record: Policy) -> None:
    if record.activated_on is not None:
        raise UserError(
            _("This policy counts since {day} and is never changed.").format(day=record.activated_on),
            where=_(Policy.LABEL),
            remedy=_("Draft the next version."),
        )


@action(
    "payments:policy:draft",
    N_("Distribution policy drafted"),
    by=OFFICE,
    about=Contract.KIND,
    asks=fields_of(Policy, "text"),
    words=N_("Draft distribution policy"),
    makes=Policy.KIND,
)
def draft_policy(work: Work, *, study: Id, contract: Id, text: str) -> Id:
    """Draft a version of how a contract's receipts are shared out; returns its id.

    Raises UserError for a text that cannot be read as a policy, of another currency, or whose number is taken.
    """
    record = found_in(work, Contract, contract, study)
    return work.add(Policy(study=study, **_drafted(work, record, text))).id


@action(
    "payments:policy:correct",
    N_("Draft of a distribution policy changed"),
    by=OFFICE,
    about=Policy.KIND,
    asks=fields_of(Policy, "text"),
    edit="correct",
)
def correct_policy(work: Work, *, study: Id, policy: Id, version: int, text: str) -> Id:
    """Change a policy that is still a draft; whoever does becomes its drafter. Raises UserError once it counts."""
    needs_reason(work, Policy)
    record = found_in(work, Policy, policy, study, version)
    _check_draft(work, record)
    contract = found_in(work, Contract, record.contract, study)
    return correct(record, _drafted(work, contract, text, besides=record.id))


void_policy = voiding(
    Policy, "payments:policy:void", N_("Draft of a distribution policy voided"), by=OFFICE, check=_check_draft
)


@action(
    "payments:policy:activate",
    N_("Distribution policy activated"),
    by=APPROVING,
    final=True,
    about=Policy.KIND,
    signs=N_("Approval of the distribution policy"),
    words=N_("Activate policy"),
)
def activate_policy(work: Work, *, study: Id, policy: Id) -> Id:
    """Let a drafted policy count from its day on, signed by a second person.

    Raises UserError where it names a beneficiary the study has not, NotAllowed for the drafter.
    """
    from trialdesk.payments.rules.reading_policies import read_sharing
    from trialdesk.payments.sharing.queries import beneficiaries
    from trialdesk.payments.sharing.reckoning import refuse_strangers

    record = found_in(work, Policy, policy, study)
    _check_draft(work, record)
    check_second_person(work, record.drafted_by, N_("Who drafted a policy does not let it count."))
    named = read_sharing(record.text, _(Policy.LABEL)).policy.beneficiaries
    refuse_strangers(named, {each.code: each for each in beneficiaries(work.read, study=study)})
    record.activated_by, record.activated_on = work.act.account, work.today
    sign(work, record, activate_policy.signs)
    return record.id


def _drafted(work: Work, contract: Contract, text: str, besides: Id | None = None) -> dict[str, Any]:
    """Return the fields of a draft of that text. Raises UserError for what cannot become a policy of the contract."""
    from trialdesk.payments.rules.reading_policies import read_sharing
    from trialdesk.payments.sharing.queries import policies

    found: Sharing = read_sharing(text, _(Policy.LABEL))
    policy = found.policy
    if found.told:
        raise UserError(
            _("A policy says how to share, not what was received."),
            where=label_of(Policy, "text"),
            remedy=_("Leave out received, told and findings."),
        )
    if contract.currency != policy.currency:
        raise UserError(
            _("The contract is in {currency}, the policy is in {other}.").format(
                currency=contract.currency, other=policy.currency
            ),
            where=label_of(Contract, "currency"),
            remedy=_("A contract keeps its currency."),
        )
    others = [row.number for row in policies(work.read, contract=contract.id) if row.id != besides]
    if any(number >= policy.no for number in others):
        raise UserError(
            _("Version {number} is not the next: there is a version {last}.").format(
                number=policy.no, last=max(others)
            ),
            where=label_of(Policy, "number"),
            remedy=_("Give it a higher number."),
        )
    return {
        "contract": contract.id,
        "number": policy.no,
        "effective_from": policy.effective_from,
        "text": text,
        "drafted_by": work.act.account,
        "drafted_on": work.today,
    }


ACTIONS: tuple[Action, ...] = (draft_policy, correct_policy, void_policy, activate_policy)
