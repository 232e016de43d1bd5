"""What one beneficiary got of which receipt, why, what of it waits and what was paid."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.payments.records import Receipt
from trialdesk.payments.rules.settling import Drawn, settled
from trialdesk.payments.sharing.queries import (
    BeneficiaryRow,
    PayoutRow,
    ShareRow,
    beneficiaries,
    payouts,
    shares,
    the_beneficiary,
)
from trialdesk.persistence.reading import Read

PAYABLE, SUSPENDED, PAID, TAKEN_BACK = "payable", "suspended", "paid", "taken_back"


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A share as a statement tells it, in minor units; `state` is of the constants above."""

    number: str
    kind: str
    posted_on: date
    receipt: str
    received_on: date
    step: int
    pool: str
    path: str
    weight: str
    weights: str
    divided: int
    amount: int
    state: str
    suspended_for: str | None
    warned: str | None


@dataclass(frozen=True, slots=True)
class StatementPayout:
    """What was paid, and of which receipts' shares it was drawn."""

    paid_on: date
    reference: str
    purpose: str | None
    amount: int
    drawn: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class BeneficiaryStatement:
    """A beneficiary in one currency, as of a day."""

    code: str
    name: str
    kind: str
    bank: str | None
    currency: str
    lines: tuple[StatementLine, ...]
    payouts: tuple[StatementPayout, ...]
    payable: int
    suspended: int
    paid: int

    @property
    def due(self) -> int:
        """What may be paid; negative is set against the next shares."""
        return self.payable - self.paid


def statements(read: Read, *, study: Id, on: date, code: str | None = None) -> tuple[BeneficiaryStatement, ...]:
    """Return the statement of one beneficiary, or of all that ever had a share, as of a day. Four statements.

    A beneficiary with shares in two currencies has two. Raises UserError for a code that nobody has.
    """
    who = beneficiaries(read, study=study) if code is None else (the_beneficiary(read, study=study, code=code),)
    own = Receipt.TABLE.c
    receipts = {
        row.id: (row.reference, row.value_on)
        for row in read.rows(sa.select(own.id, own.reference, own.value_on).where(own.study == study))
    }
    given = [each for each in shares(read, study=study) if each.posted_on is not None and each.posted_on <= on]
    paid = [each for each in payouts(read, study=study) if each.paid_on <= on]
    found = []
    for each in who:
        mine = [row for row in given if row.beneficiary == each.id]
        theirs = [row for row in paid if row.beneficiary == each.id]
        currencies = {row.currency for row in mine} | {row.currency for row in theirs}
        found += [
            _statement(
                (each, currency),
                [row for row in mine if row.currency == currency],
                [row for row in theirs if row.currency == currency],
                receipts,
                on,
            )
            for currency in sorted(currencies)
        ]
    return tuple(found)


def _statement(
    of: tuple[BeneficiaryRow, str],
    given: list[ShareRow],
    paid: list[PayoutRow],
    receipts: dict[Id, tuple[str, date]],
    on: date,
) -> BeneficiaryStatement:
    who, currency = of
    waiting = {each.id for each in given if _waits(each, on)}
    owed: dict[Id, int] = {}
    for each in given:
        owed[each.family] = owed.get(each.family, 0) + (0 if each.id in waiting else each.amount)
    drawn = settled(owed, [(each.id, each.amount) for each in paid])
    of_receipt = {each.family: receipts[each.receipt][0] for each in given}
    return BeneficiaryStatement(
        code=who.code,
        name=who.name,
        kind=who.kind,
        bank=who.bank,
        currency=currency,
        lines=tuple(
            StatementLine(
                number=each.number,
                kind=each.kind,
                posted_on=each.posted_on or on,
                receipt=receipts[each.receipt][0],
                received_on=receipts[each.receipt][1],
                step=each.step,
                pool=each.pool,
                path=each.path,
                weight=each.weight,
                weights=each.weights,
                divided=each.divided,
                amount=each.amount,
                state=SUSPENDED if each.id in waiting else _state(owed[each.family], each.family, drawn),
                suspended_for=each.suspended_for,
                warned=each.warned,
            )
            for each in given
        ),
        payouts=tuple(
            StatementPayout(
                each.paid_on,
                each.reference,
                each.purpose,
                each.amount,
                tuple((of_receipt[part.of], part.amount) for part in drawn if part.payout == each.id),
            )
            for each in paid
        ),
        payable=sum(owed.values()),
        suspended=sum(each.amount for each in given if each.id in waiting),
        paid=sum(each.amount for each in paid),
    )


def _waits(each: ShareRow, on: date) -> bool:
    """Say whether a share was in suspense at the end of a day."""
    return each.suspended_for is not None and (each.released_on is None or each.released_on > on)


def _state(owed: int, family: Id, drawn: tuple[Drawn, ...]) -> str:
    if not owed:
        return TAKEN_BACK
    return PAID if sum(each.amount for each in drawn if each.of == family) == owed else PAYABLE
