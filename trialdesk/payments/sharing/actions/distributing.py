"""Distributions: prepared by one person, posted by a second who gets no share of them, taken back by another.

A beneficiary may tell the points of contribution, and never lets amounts count: refused here and kept in
`payments.sharing.keeping`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from trialdesk.base.errors import Conflict, NotAllowed, UserError
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.payments.records import Receipt
from trialdesk.payments.sharing.records import CREDIT, REVERSAL, SHARE_OUT, Beneficiary, Distribution, Share
from trialdesk.people.acting import Action, action, fields_of, needs_reason
from trialdesk.people.checks import check_second_person
from trialdesk.people.queries import person_of
from trialdesk.people.rules import OWNER, PI
from trialdesk.people.signing import sign
from trialdesk.persistence.editing import found_in
from trialdesk.persistence.work import Work

if TYPE_CHECKING:
    from trialdesk.payments.sharing.queries import DistributionRow, ShareRow
    from trialdesk.payments.sharing.reckoning import Reckoned

MONEY = frozenset({PI, "finance"})
PREPARING = MONEY | {"coordinator"}
RELEASING = MONEY | {"quality", OWNER}


@action(
    "payments:distribution:prepare",
    N_("Distribution prepared"),
    by=PREPARING,
    about=Receipt.KIND,
    asks=fields_of(Distribution, "told"),
    words=N_("Share it out"),
    makes=Distribution.KIND,
)
def prepare_distribution(work: Work, *, study: Id, receipt: Id, told: str | None = None) -> Id:
    """Reckon who gets what of what a receipt pays, by the policy of its day; returns the distribution.

    `told` says the points and costs the policy asks for. Raises UserError where nothing is left to share out, or the
    policy cannot share it out.
    """
    from trialdesk.payments.sharing.reckoning import of_receipt

    found_in(work, Receipt, receipt, study)
    _refuse_unposted(work, study, receipt)
    told = (told or "").strip() or None
    found = of_receipt(work.read, study=study, receipt=receipt, told=told, on=work.today)
    return _record(work, study, found, SHARE_OUT, told)


def _taking_back(name: str, said: str, words: str, kind: str, *, why: bool) -> Action:
    """Return the act that prepares a distribution which takes an earlier one back."""

    def perform(work: Work, *, study: Id, distribution: Id) -> Id:
        from trialdesk.payments.sharing.reckoning import of_earlier

        found_in(work, Distribution, distribution, study)
        row = _row(work, study, distribution)
        if row.kind != SHARE_OUT or row.posted_on is None:
            raise UserError(
                _("Only what was shared out and posted is taken back."),
                where=_(Distribution.LABEL),
                remedy=_("Withdraw what is not posted yet."),
            )
        _refuse_unposted(work, study, row.receipt)
        return _record(work, study, of_earlier(work.read, study=study, row=row, kind=kind), kind, None)

    return Action(
        f"payments:distribution:{name}", said, PREPARING, False, perform, (), Distribution.KIND, why=why, words=words
    )


reverse_distribution = _taking_back(
    "reverse", N_("Reversal of a distribution prepared"), N_("Reverse the shares"), REVERSAL, why=True
)
credit_distribution = _taking_back(
    "credit", N_("Distribution lowered for a credit note"), N_("Follow credit notes"), CREDIT, why=False
)


@action(
    "payments:distribution:withdraw",
    N_("Distribution withdrawn"),
    by=PREPARING,
    about=Distribution.KIND,
    edit="void",
    words=N_("Withdraw the distribution"),
)
def withdraw_distribution(work: Work, *, study: Id, distribution: Id, version: int) -> Id:
    """Void a distribution that is not posted, with its shares. Raises UserError once it is posted."""
    needs_reason(work, Distribution)
    record = found_in(work, Distribution, distribution, study, version)
    _check_open(record)
    own = Share.TABLE.c
    ids = [row.id for row in work.read.rows(sa.select(own.id).where(own.distribution == distribution, ~own.voided))]
    for share in work.find_all(Share, ids).values():
        work.void(share)
    work.void(record)
    return record.id


@action(
    "payments:distribution:post",
    N_("Distribution posted"),
    by=MONEY,
    final=True,
    about=Distribution.KIND,
    signs=N_("I let these shares count"),
    words=N_("Post the shares"),
)
def post_distribution(work: Work, *, study: Id, distribution: Id) -> Id:
    """Let the shares count. They are first reckoned again: they must still be the same.

    Raises NotAllowed for who prepared it and for who gets a share of it, Conflict where the desk now tells otherwise.
    """
    from trialdesk.payments.sharing.queries import shares

    record = found_in(work, Distribution, distribution, study)
    _check_open(record)
    check_second_person(work, record.prepared_by, N_("Who prepared a distribution does not post it."))
    rows = shares(work.read, study=study, among={distribution})
    me = person_of(work.read, account=work.act.account)
    who = work.find_all(Beneficiary, {row.beneficiary for row in rows})
    if me in {each.person for each in who.values() if each.person is not None}:
        raise NotAllowed(_("Who gets a share of it does not post it."), remedy=_("A second person does this."))
    if _again(work, study, record).sha256 != record.sha256:
        raise Conflict(
            _("What was known then is told otherwise now, or some of it was shared out meanwhile."),
            record=record.id,
            where=_(Distribution.LABEL),
            remedy=_("Withdraw the distribution and prepare it anew."),
        )
    record.posted_by, record.posted_on = work.act.account, work.today
    sign(work, record, post_distribution.signs)
    return record.id


@action(
    "payments:share:release",
    N_("Share released from suspense"),
    by=RELEASING,
    final=True,
    about=Share.KIND,
    why=True,
    words=N_("Release"),
)
def release_share(work: Work, *, study: Id, share: Id) -> Id:
    """Let a share in suspense be paid, with what was taken back of it meanwhile.

    Raises UserError where it does not wait or what it waits for still stands in the way; of somebody who has left, the
    reason decides. Raises NotAllowed for the beneficiary.
    """
    from trialdesk.payments.rules.pools import LEFT
    from trialdesk.payments.sharing.queries import shares

    record = found_in(work, Share, share, study)
    rows = shares(work.read, study=study)
    row = next(each for each in rows if each.id == share)
    if not row.waits or row.posted_on is None:
        raise UserError(_("This share is not in suspense."), where=_(Share.LABEL))
    who = work.get(Beneficiary, record.beneficiary)
    if who.person is not None and person_of(work.read, account=work.act.account) == who.person:
        raise NotAllowed(_("Nobody releases a share of their own."), remedy=_("A second person does this."))
    if row.suspended_for != LEFT and row.suspended_for in _failing(work, study, row, who.code):
        raise UserError(
            _("What it waits for still stands in the way."),
            where=_(Share.LABEL),
            remedy=_("Record the declaration or the training first."),
        )
    same = [each.id for each in rows if each.family == row.family and (each.step, each.path) == (row.step, row.path)]
    waiting = [each for each in work.find_all(Share, same).values() if each.suspended_for and each.released_on is None]
    for each in waiting:
        each.released_by, each.released_on = work.act.account, work.today
    return record.id


def _failing(work: Work, study: Id, row: ShareRow, code: str) -> frozenset[str]:
    from trialdesk.contracts.queries import the_contract
    from trialdesk.payments.sharing.queries import beneficiaries
    from trialdesk.payments.sharing.reckoning import findings

    run = work.get(Distribution, row.distribution)
    supporter = the_contract(work.read, study=study, number=run.contract).supporter
    here = [each for each in beneficiaries(work.read, study=study) if each.code == code]
    found = findings(work.read, study=study, organisation=supporter, who=here, on=work.today)
    return found.get(code, frozenset())


def _record(work: Work, study: Id, found: Reckoned, kind: str, told: str | None) -> Id:
    from trialdesk.payments.rules.sharing import ENGINE
    from trialdesk.payments.sharing.queries import parts_text

    own = Distribution.TABLE.c
    count = work.read.value(sa.select(sa.func.count()).where(own.study == study, own.contract == found.contract.id))
    currency = found.contract.currency
    made = work.add(
        Distribution(
            study=study,
            contract=found.contract.id,
            receipt=found.receipt,
            policy=found.policy,
            number=f"{found.contract.number}/D{count + 1}",
            kind=kind,
            original=found.original,
            run_on=work.today,
            amount=found.amount,
            currency=currency,
            told=told,
            parts=parts_text(found.parts),
            sha256=found.sha256,
            engine=ENGINE,
            prepared_by=work.act.account,
            prepared_on=work.today,
        )
    )
    for place, each in enumerate(found.given, 1):
        share = each.share
        work.add(
            Share(
                study=study,
                distribution=made.id,
                place=place,
                step=share.step,
                pool=share.pool,
                path="/".join(share.path),
                beneficiary=each.beneficiary,
                weight=str(share.weight),
                weights=str(share.weights),
                divided=share.of,
                amount=share.amount,
                currency=currency,
                suspended_for=each.suspended_for,
                warned=", ".join(each.warned) or None,
            )
        )
    return made.id


def _again(work: Work, study: Id, record: Distribution) -> Reckoned:
    """Return what a distribution that is not posted comes to now, with the guards as of its day."""
    from trialdesk.payments.sharing.reckoning import of_earlier, of_receipt

    if record.kind == SHARE_OUT:
        return of_receipt(
            work.read, study=study, receipt=record.receipt, told=record.told, on=record.run_on, besides=record.id
        )
    assert record.original is not None
    row = _row(work, study, record.original)
    return of_earlier(work.read, study=study, row=row, kind=record.kind, besides=record.id)


def _row(work: Work, study: Id, distribution: Id) -> DistributionRow:
    from trialdesk.payments.sharing.queries import distributions

    return next(each for each in distributions(work.read, study=study) if each.id == distribution)


def _refuse_unposted(work: Work, study: Id, receipt: Id) -> None:
    from trialdesk.payments.sharing.queries import distributions

    for row in distributions(work.read, study=study):
        if row.receipt == receipt and row.posted_on is None:
            raise UserError(
                _("{number} of this receipt is not posted yet.").format(number=row.number),
                where=_(Distribution.LABEL),
                remedy=_("Post it or withdraw it first."),
            )


def _check_open(record: Distribution) -> None:
    if record.posted_on is not None:
        raise UserError(
            _("This distribution was posted on {day} and stands.").format(day=record.posted_on),
            where=_(Distribution.LABEL),
            remedy=_("Take it back by another distribution."),
        )


ACTIONS: tuple[Action, ...] = (
    prepare_distribution,
    reverse_distribution,
    credit_distribution,
    withdraw_distribution,
    post_distribution,
    release_share,
)
