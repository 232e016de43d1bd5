"""What a distribution comes to: of a receipt by the policy of its day, or of an earlier one that is taken back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from fractions import Fraction

import sqlalchemy as sa

from trialdesk.base.canonical import digest
from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.contracts.queries import ContractRow, the_contract
from trialdesk.contracts.rules import RECEIVABLE
from trialdesk.contracts.standing import without_interest
from trialdesk.payments.queries import invoices, receipts
from trialdesk.payments.records import Allocation
from trialdesk.payments.rules import sharing as rules
from trialdesk.payments.rules.pools import COI, LEFT, TAX, TRAINING
from trialdesk.payments.rules.reading_policies import Sharing, read_sharing, read_told
from trialdesk.payments.rules.shared_parts import (
    Billed,
    Paid,
    Part,
    standing,
    taken_back,
    to_share,
    to_take_back,
    totals,
)
from trialdesk.payments.sharing.queries import (
    BeneficiaryRow,
    DistributionRow,
    PolicyRow,
    ShareRow,
    beneficiaries,
    distributions,
    policies,
    policy_on,
    shares,
)
from trialdesk.payments.sharing.records import CREDIT, REVERSAL, Distribution, Policy
from trialdesk.people.queries import delegations, trainings
from trialdesk.people.rules import GCP
from trialdesk.persistence.reading import Read


@dataclass(frozen=True, slots=True)
class Given:
    """A share as it is to be recorded; `share.amount` is negative where it is taken back."""

    share: rules.Share
    beneficiary: Id
    suspended_for: str | None
    warned: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What a distribution shares out, and to whom."""

    contract: ContractRow
    receipt: Id
    policy: Id
    original: Id | None
    parts: tuple[Part, ...]
    given: tuple[Given, ...]

    @property
    def amount(self) -> int:
        """All that is shared out, tax included."""
        return sum(totals(self.parts))

    @property
    def sha256(self) -> str:
        """The hash of what is shared out and of every share."""
        rows = [
            [each.share.step, list(each.share.path), each.share.amount, each.suspended_for, list(each.warned)]
            for each in self.given
        ]
        told = {"parts": [asdict(each) for each in self.parts], "shares": rows}
        return digest(json.dumps(told, ensure_ascii=False, sort_keys=True).encode())


def of_receipt(
    read: Read, *, study: Id, receipt: Id, told: str | None, on: date, besides: Id | None = None
) -> Reckoned:
    """Return what is still to be shared out of a receipt and how, with the guards as they hold on a day.

    `besides` is a distribution that does not count as shared: the one that is reckoned again. Raises UserError where
    nothing is left to share out, no policy was in effect, or it cannot share this out.
    """
    row = next(each for each in receipts(read, study=study) if each.id == receipt)
    contract = the_contract(read, study=study, number=row.contract)
    if contract.direction != RECEIVABLE:
        raise UserError(_("Only what we are paid is shared out."), where=_(Distribution.LABEL))
    earlier = [each for each in distributions(read, study=study) if each.id != besides]
    shared = [part for each in earlier for part in each.parts]
    billed, units = _billed(read, study)
    parts = to_share(_paid(read, study, receipt, units), billed, shared)
    if not parts:
        raise UserError(
            _("Nothing of this receipt is left to share out."),
            where=_(Distribution.LABEL),
            remedy=_("What pays invoice lines is shared out once; unapplied money is not."),
        )
    version = policy_on(read, contract=contract.id, on=row.value_on)
    if version is None:
        raise UserError(
            _("No distribution policy of {contract} was in effect on {day}.").format(
                contract=contract.number, day=row.value_on
            ),
            where=_(Policy.LABEL),
            remedy=_("Draft one with the contract; a second person activates it."),
        )
    here = {each.code: each for each in beneficiaries(read, study=study)}
    policy = policy_of(contract, version).policy
    points, costs = read_told(told or "", policy.exponent, _("Points and costs"))
    try:
        found = rules.distribute(policy, _amounts(policy, parts), points, costs)
    except rules.Unshareable as refused:
        raise UserError(str(refused), where=_(Distribution.LABEL)) from refused
    refuse_strangers((each.beneficiary for each in found), here)
    failing = findings(read, study=study, organisation=contract.supporter, who=here.values(), on=on)
    given = []
    for each in found:
        suspended, warned = rules.guarded(policy, failing.get(each.beneficiary, frozenset()))
        given.append(Given(each, here[each.beneficiary].id, suspended, warned))
    return Reckoned(contract, receipt, version.id, None, parts, tuple(given))


def of_earlier(read: Read, *, study: Id, row: DistributionRow, kind: str, besides: Id | None = None) -> Reckoned:
    """Return what takes a posted distribution back: all that is left of it, or what credit notes leave unowed.

    Shares in suspense are taken back in suspense. Raises UserError where there is nothing to take back.
    """
    contract = the_contract(read, study=study, number=row.contract)
    all_ = [each for each in distributions(read, study=study) if each.id != besides]
    own = [part for each in all_ if each.family == row.id for part in each.parts]
    if kind == REVERSAL:
        parts = taken_back(own)
    else:
        billed, _units = _billed(read, study)
        parts = to_take_back(own, billed, [part for each in all_ for part in each.parts])
    if not parts:
        raise UserError(
            _("Nothing of this distribution is left to take back.")
            if kind == REVERSAL
            else _("No credit note lowers what was shared out."),
            where=_(Distribution.LABEL),
        )
    rows = shares(read, study=study, among={each.id for each in all_ if each.family == row.id})
    before = [_as_share(each) for each in rows]
    after: tuple[rules.Share, ...] = ()
    if kind == CREDIT and standing([*own, *parts]):
        (version,) = (each for each in policies(read, contract=contract.id) if each.id == row.policy)
        policy = policy_of(contract, version).policy
        points, costs = read_told(row.told or "", policy.exponent, _("Points and costs"))
        try:
            after = rules.distribute(policy, _amounts(policy, standing([*own, *parts])), points, costs)
        except rules.Unshareable as refused:
            raise UserError(str(refused), where=_(Distribution.LABEL)) from refused
    first = {(each.step, each.path): each for each in rows if each.original is None}
    here = {each.code: each.id for each in beneficiaries(read, study=study)}
    given = []
    for each in rules.less(after, before):
        share = first.get((each.step, "/".join(each.path)))
        given.append(Given(each, share.beneficiary if share else here[each.beneficiary],
                           share.suspended_for if share and share.waits else None, ()))  # fmt: skip
    return Reckoned(contract, row.receipt, row.policy, row.id, parts, tuple(given))


def policy_of(contract: ContractRow, version: PolicyRow) -> Sharing:
    """Return a version of a policy as it was read."""
    name = _("{contract}, version {number}").format(contract=contract.number, number=version.number)
    return read_sharing(version.text, name)


def findings(
    read: Read, *, study: Id, organisation: Id, who: Iterable[BeneficiaryRow], on: date
) -> Mapping[str, frozenset[str]]:
    """Return, by code, the guards that do not hold for a beneficiary on a day. Only persons have any. Three statements.

    Somebody who never had a role in the study has not left it.
    """
    clear = without_interest(read, study=study, organisation=organisation, on=on)
    trained = {
        row.person
        for row in trainings(read, study=study)
        if row.topic == GCP and row.completed_on <= on <= (row.expires_on or date.max)
    }
    roles = delegations(read, study=study)
    known = {row.person for row in roles}
    here = {row.person for row in roles if row.counts_on(on)}
    found = {}
    for each in who:
        if each.person is None:
            continue
        failing = {
            COI: each.person not in clear,
            TRAINING: each.person not in trained,
            LEFT: each.person in known - here,
        }
        found[each.code] = frozenset(guard for guard, fails in failing.items() if fails)
    return found


def refuse_strangers(codes: Iterable[str], here: Mapping[str, BeneficiaryRow]) -> None:
    """Raise UserError for a code that no beneficiary of the study has."""
    strangers = [code for code in dict.fromkeys(codes) if code not in here]
    if strangers:
        raise UserError(
            _("The study has no beneficiary “{code}”.").format(code=", ".join(strangers)),
            where=_(Policy.LABEL),
            remedy=_("Add the beneficiaries first."),
        )


def _amounts(policy: rules.Policy, parts: Iterable[Part]) -> dict[str, int]:
    """Return what is shared out by category, and the tax."""
    sums: dict[str, int] = {}
    try:
        for part in parts:
            for name, amount in ((TAX, part.tax), (policy.category(part.rule), part.net)):
                sums[name] = sums.get(name, 0) + amount
    except rules.Unshareable as refused:
        raise UserError(str(refused), where=_(Policy.LABEL)) from refused
    return sums


def _billed(read: Read, study: Id) -> tuple[dict[Id, Billed], dict[Id, tuple[str, str]]]:
    """Return every invoice line as it was asked for with what credit notes leave, and its rule and unit."""
    lines = [line for invoice in invoices(read, study=study) for line in invoice.lines]
    billed = {line.id: Billed(line.net + line.tax, line.tax, line.net + line.tax + line.credited) for line in lines}
    return billed, {line.id: (line.rule, line.unit) for line in lines}


def _paid(read: Read, study: Id, receipt: Id, units: Mapping[Id, tuple[str, str]]) -> list[Paid]:
    own = Allocation.TABLE.c
    rows = read.rows(
        sa.select(own.id, own.line, own.amount)
        .where(own.study == study, own.receipt == receipt, ~own.voided)
        .order_by(own.id)
    )
    return [Paid(row.id, row.line, *units[row.line], row.amount) for row in rows]


def _as_share(row: ShareRow) -> rules.Share:
    return rules.Share(row.step, row.pool, tuple(row.path.split("/")), Fraction(row.weight), Fraction(row.weights),
                       row.divided, row.amount)  # fmt: skip
