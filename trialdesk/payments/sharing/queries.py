"""Beneficiaries with what they are due, policies, distributions and their shares, to look at."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import asdict
from datetime import date

import sqlalchemy as sa

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.payments.rules.shared_parts import Part
from trialdesk.payments.sharing.records import Beneficiary, Distribution, Payout, Policy, Share
from trialdesk.people.queries import names_of_accounts
from trialdesk.persistence.reading import Read


@dataclass(frozen=True, slots=True)
class BeneficiaryRow:
    """Who may get shares."""

    id: Id
    version: int
    code: str
    name: str
    kind: str
    person: Id | None
    bank: str | None


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """A version of how a contract's receipts are shared out; a draft has no day of activation."""

    id: Id
    version: int
    contract: Id
    number: int
    effective_from: date
    text: str
    drafted_by: Id
    drafted_on: date
    activated_by: Id | None
    activated_on: date | None


@dataclass(frozen=True, slots=True)
class ShareRow:
    """A share as it stands, with its distribution's number, receipt and day of posting."""

    id: Id
    version: int
    distribution: Id
    number: str
    receipt: Id
    kind: str
    original: Id | None
    posted_on: date | None
    place: int
    step: int
    pool: str
    path: str
    beneficiary: Id
    weight: str
    weights: str
    divided: int
    amount: int
    currency: str
    suspended_for: str | None
    warned: str | None
    released_on: date | None

    @property
    def waits(self) -> bool:
        """Whether it is in suspense."""
        return self.suspended_for is not None and self.released_on is None

    @property
    def family(self) -> Id:
        """The distribution that first shared it out: its own, or the one that is taken back."""
        return self.original or self.distribution


@dataclass(frozen=True, slots=True)
class DistributionRow:
    """A distribution with who stands behind it; not yet posted where `posted_on` is None."""

    id: Id
    version: int
    contract: Id
    receipt: Id
    policy: Id
    number: str
    kind: str
    original: Id | None
    run_on: date
    amount: int
    currency: str
    told: str | None
    parts: tuple[Part, ...]
    prepared_by: str
    prepared_on: date
    posted_by: str | None
    posted_on: date | None

    @property
    def family(self) -> Id:
        """The distribution that first shared it out: itself, or the one that it takes back."""
        return self.original or self.id


@dataclass(frozen=True, slots=True)
class PayoutRow:
    """What a beneficiary was paid."""

    id: Id
    version: int
    beneficiary: Id
    paid_on: date
    amount: int
    currency: str
    reference: str
    purpose: str | None


@dataclass(frozen=True, slots=True)
class Balance:
    """A beneficiary in one currency: shares posted and payable, in suspense, paid; negative where too much was paid."""

    id: Id
    version: int
    code: str
    name: str
    kind: str
    currency: str | None
    payable: int
    suspended: int
    paid: int

    @property
    def due(self) -> int:
        """What may be paid now; negative is carried against the next shares."""
        return self.payable - self.paid


@dataclass(frozen=True, slots=True)
class Holder:
    """A beneficiary as a list shows it: with a balance for each currency in which it has or had shares."""

    id: Id
    version: int
    code: str
    name: str
    kind: str
    balances: tuple[Balance, ...]


def beneficiaries(read: Read, *, study: Id) -> tuple[BeneficiaryRow, ...]:
    """Return a study's beneficiaries by code. One statement."""
    own = Beneficiary.TABLE.c
    return read.shaped(BeneficiaryRow, Beneficiary, own.study == study, ~own.voided, order=(own.code, own.id))


def the_beneficiary(read: Read, *, study: Id, code: str) -> BeneficiaryRow:
    """Return the beneficiary of that code or id. Raises UserError, naming those there are, for another."""
    here = beneficiaries(read, study=study)
    for row in here:
        if code in {row.code, row.id}:
            return row
    raise UserError(
        _("The study has no beneficiary “{code}”.").format(code=code),
        remedy=_("Its beneficiaries: {codes}.").format(codes=", ".join(row.code for row in here) or _("none")),
    )


def policies(read: Read, *, contract: Id) -> tuple[PolicyRow, ...]:
    """Return the versions of a contract's distribution policy by number, drafts too. One statement."""
    own = Policy.TABLE.c
    return read.shaped(PolicyRow, Policy, own.contract == contract, ~own.voided, order=(own.number, own.id))


def policy_on(read: Read, *, contract: Id, on: date) -> PolicyRow | None:
    """Return the version by which a receipt of a day is shared out, None where none was in effect. One statement.

    Of those activated, the one effective last by that day; of one day, the higher number.
    """
    counting = [row for row in policies(read, contract=contract) if row.activated_on and row.effective_from <= on]
    return max(counting, key=lambda row: (row.effective_from, row.number), default=None)


def distributions(read: Read, *, study: Id) -> tuple[DistributionRow, ...]:
    """Return a study's distributions, oldest first. Two statements."""
    own = Distribution.TABLE.c
    names = names_of_accounts(read)
    rows = read.rows(sa.select(Distribution.TABLE).where(own.study == study, ~own.voided).order_by(own.run_on, own.id))
    return tuple(
        DistributionRow(
            id=row.id,
            version=row.version,
            contract=row.contract,
            receipt=row.receipt,
            policy=row.policy,
            number=row.number,
            kind=row.kind,
            original=row.original,
            run_on=row.run_on,
            amount=row.amount,
            currency=row.currency,
            told=row.told,
            parts=parts_of(row.parts),
            prepared_by=names.get(row.prepared_by, ""),
            prepared_on=row.prepared_on,
            posted_by=names.get(row.posted_by) if row.posted_by else None,
            posted_on=row.posted_on,
        )
        for row in rows
    )


def shares(
    read: Read, *, study: Id, beneficiary: Id | None = None, among: Collection[Id] | None = None
) -> tuple[ShareRow, ...]:
    """Return the shares of a study, of one beneficiary or of some distributions, oldest first. One statement."""
    own, run = Share.TABLE.c, Distribution.TABLE.c
    where = [own.study == study, ~own.voided, ~run.voided]
    if beneficiary is not None:
        where.append(own.beneficiary == beneficiary)
    if among is not None:
        where.append(own.distribution.in_(list(among)))
    query = (
        sa.select(Share.TABLE, run.number, run.receipt, run.kind, run.original, run.posted_on)
        .join(Distribution.TABLE, run.id == own.distribution)
        .where(*where)
        .order_by(run.run_on, run.id, own.place)
    )
    names = ShareRow.__dataclass_fields__
    return tuple(ShareRow(**{name: getattr(row, name) for name in names}) for row in read.rows(query))


def payouts(read: Read, *, study: Id, beneficiary: Id | None = None) -> tuple[PayoutRow, ...]:
    """Return what was paid out in a study, or to one beneficiary, oldest first. One statement."""
    own = Payout.TABLE.c
    where = [own.study == study, ~own.voided, *([own.beneficiary == beneficiary] if beneficiary else [])]
    return read.shaped(PayoutRow, Payout, *where, order=(own.paid_on, own.id))


def balances(read: Read, *, study: Id, on: date | None = None) -> tuple[Balance, ...]:  # noqa: ARG001 - as of now
    """Return every beneficiary with what is due, a row for each currency. Three statements."""
    paid: dict[tuple[Id, str], int] = {}
    for each in payouts(read, study=study):
        key = each.beneficiary, each.currency
        paid[key] = paid.get(key, 0) + each.amount
    sums: dict[tuple[Id, str], list[int]] = {}
    for share in shares(read, study=study):
        if share.posted_on is not None:
            row = sums.setdefault((share.beneficiary, share.currency), [0, 0])
            row[share.waits] += share.amount
    found = []
    for who in beneficiaries(read, study=study):
        currencies: list[str | None] = [*sorted({currency for one, currency in (*sums, *paid) if one == who.id})]
        for currency in currencies or [None]:
            payable, suspended = sums.get((who.id, currency or ""), (0, 0))
            found.append(Balance(who.id, who.version, who.code, who.name, who.kind, currency, payable, suspended,
                                 paid.get((who.id, currency or ""), 0)))  # fmt: skip
    return tuple(found)


def holders(read: Read, *, study: Id, on: date) -> tuple[Holder, ...]:
    """Return a study's beneficiaries by code with their balances. Three statements."""
    found: dict[Id, Holder] = {}
    for each in balances(read, study=study, on=on):
        was = found.get(each.id)
        own = (*(was.balances if was else ()), *((each,) if each.currency else ()))
        found[each.id] = Holder(each.id, each.version, each.code, each.name, each.kind, own)
    return tuple(found.values())


def parts_of(text: str) -> tuple[Part, ...]:
    """Return the parts a distribution's text tells."""
    return tuple(Part(**each) for each in json.loads(text))


def parts_text(parts: Iterable[Part]) -> str:
    """Return parts as a distribution keeps them."""
    return json.dumps([asdict(each) for each in parts], ensure_ascii=False, sort_keys=True)
