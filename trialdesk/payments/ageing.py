"""How old what is open is, contract by contract."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.contracts.queries import contracts, named_on
from trialdesk.contracts.rules import RECEIVABLE
from trialdesk.payments.books import Receivables, receivables
from trialdesk.payments.queries import LineRow, invoices
from trialdesk.persistence.reading import Read


@dataclass(frozen=True, slots=True)
class Debt:
    """An invoice on a day, in minor units with tax."""

    id: Id
    version: int
    number: str
    due_on: date | None
    gross: int
    credited: int
    received: int
    written_off: int
    open: int
    interest: int


@dataclass(frozen=True, slots=True)
class Piece:
    """What is open of an invoice line, all of one age."""

    id: Id
    version: int
    invoice: str
    rule: str
    unit: str
    age: str
    days_late: int
    amount: int


@dataclass(frozen=True, slots=True)
class Ageing:
    """What one party owes under a contract on a day, in minor units with tax.

    `late` is what is past its due day and not in dispute, `oldest` the days the oldest of it is late.
    """

    id: Id
    version: int
    contract: str
    party: str
    currency: str
    not_due: int
    to_30: int
    to_60: int
    to_90: int
    over_90: int
    disputed: int
    overpaid: int
    unapplied: int
    late: int
    oldest: int
    interest: int
    days_to_pay: int | None
    invoices: tuple[Debt, ...]
    parts: tuple[Piece, ...]

    @property
    def title(self) -> str:
        """What it is called."""
        return f"{self.contract} · {self.party}"

    @property
    def open(self) -> int:
        """All that is open, in dispute or not."""
        return self.not_due + self.late + self.disputed + self.overpaid


def ageing(read: Read, *, study: Id, on: date) -> tuple[Ageing, ...]:
    """Return the age of what is open under each contract that pays the study and has an invoice, by number.

    Some thirteen statements a contract.
    """
    names = named_on(read, on=on)
    found = []
    for row in contracts(read, study=study):
        if row.direction != RECEIVABLE:
            continue
        told = receivables(read, study=study, contract=row.id, on=on)
        if not told.invoices and not told.unapplied:
            continue
        issued = invoices(read, study=study, contract=row.id)
        ids = {each.number: each.id for each in issued}
        lines = {line.id: line for each in issued for line in each.lines}
        of = told.sums
        older = [of.get(age, 0) for age in ("1-30", "31-60", "61-90", "over_90")]
        found.append(
            Ageing(
                id=row.id,
                version=row.version,
                contract=row.number,
                party=names.get(row.supporter, ""),
                currency=row.currency,
                not_due=of.get("not_due", 0),
                to_30=older[0],
                to_60=older[1],
                to_90=older[2],
                over_90=older[3],
                disputed=of.get("disputed", 0),
                overpaid=of.get("overpaid", 0),
                unapplied=told.unapplied,
                late=sum(older),
                oldest=max((part.days_late for part in told.parts if part.age not in _STANDING), default=0),
                interest=sum(each.interest for each in told.invoices),
                days_to_pay=told.days_to_pay,
                invoices=tuple(_debts(told, ids)),
                parts=tuple(_pieces(told, lines)),
            )
        )
    return tuple(found)


def _debts(told: Receivables, ids: Mapping[str, Id]) -> Iterator[Debt]:
    for each in told.invoices:
        yield Debt(
            id=ids[each.number],
            version=0,
            number=each.number,
            due_on=each.due_on,
            gross=each.gross,
            credited=each.credited,
            received=each.received,
            written_off=each.written_off,
            open=each.open,
            interest=each.interest,
        )


def _pieces(told: Receivables, lines: Mapping[Id, LineRow]) -> Iterator[Piece]:
    for place, part in enumerate(told.parts):
        line = lines[part.line]
        yield Piece(f"{place}", 0, part.invoice, line.rule, line.unit, part.age, part.days_late, part.amount)


_STANDING = frozenset({"not_due", "disputed", "overpaid"})
"""The ages of what is not late."""
