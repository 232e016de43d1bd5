"""What is open of what was invoiced, how old it is and what interest it bears, on plain values in minor units.

A line in dispute is two parts: what is disputed, whose clock stands still from the day the dispute was raised to the
day it was resolved, and the rest, which stays due. What is paid of a line pays the rest first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction

from trialdesk.base.money import Rounding, rounded
from trialdesk.base.values import dataclass

NOT_DUE, DISPUTED, OVERPAID = "not_due", "disputed", "overpaid"
BUCKETS = ((30, "1-30"), (60, "31-60"), (90, "61-90"))
OLDEST = "over_90"
LATE = (*(name for _last, name in BUCKETS), OLDEST)
AGES = (NOT_DUE, *LATE, DISPUTED, OVERPAID)
"""How old what is open can be: not due yet, so many days late; in dispute, of no age; or paid and credited since."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A dispute of part of a line; open where it is not resolved."""

    raised_on: date
    resolved_on: date | None
    amount: int


@dataclass(frozen=True, slots=True)
class Billed:
    """An invoice line, gross, with what was credited (negative), paid and written off of it by day, and its disputes.

    What is written off bears no interest, as if it had never been asked; it is taken off what was in dispute first.
    `interest` is the daily rate its terms ask for when it is late, None where they ask for none. Without `due_on` it
    is never late.
    """

    invoice: str
    line: str
    gross: int
    due_on: date | None
    credits: tuple[tuple[date, int], ...] = ()
    paid: tuple[tuple[date, int], ...] = ()
    disputes: tuple[Pause, ...] = ()
    interest: Fraction | None = None
    written_off: tuple[tuple[date, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Open:
    """A part of a line that is open on a day. `due_on` is moved by the days on which its clock stood still."""

    invoice: str
    line: str
    due_on: date | None
    amount: int
    days_late: int
    age: str


def age_of(days_late: int) -> str:
    """Return the bucket of something so many days late; 0 or less is not due."""
    if days_late <= 0:
        return NOT_DUE
    return next((name for last, name in BUCKETS if days_late <= last), OLDEST)


def open_parts(lines: Iterable[Billed], on: date) -> tuple[Open, ...]:
    """Return what is open at the end of a day: of each line the undisputed rest, then what is or was disputed."""
    found = []
    for line in lines:
        for part in _parts(line, on):
            if not part.left:
                continue
            late = max(0, (on - part.due_on).days) if part.due_on else 0
            age = OVERPAID if part.left < 0 else DISPUTED if part.disputed else age_of(late)
            days = late if age in LATE else 0
            found.append(Open(line.invoice, line.line, part.due_on, part.left, days, age))
    return tuple(found)


def aged(parts: Iterable[Open]) -> dict[str, int]:
    """Return the sums of open parts by age, zero where there is none."""
    sums = dict.fromkeys(AGES, 0)
    for part in parts:
        sums[part.age] += part.amount
    return sums


def interest(lines: Sequence[Billed], on: date, rounding: Rounding = "half_up") -> dict[str, int]:
    """Return the interest each invoice bears by the end of a day: simple, by calendar days, rounded once an invoice.

    What was paid late bears it up to the day the money arrived, what is still open up to `on`. What was credited was
    never owed and bears none, nor does what is in dispute; once resolved as owed it does, from its moved due date.
    """
    sums: dict[str, Fraction] = {}
    for line in lines:
        if line.interest is None:
            continue
        for part in _parts(line, on):
            sums.setdefault(line.invoice, Fraction(0))
            if part.due_on is None or part.disputed:
                continue
            days = sum(amount * max(0, (day - part.due_on).days) for day, amount in part.paid)
            days += max(0, part.left) * max(0, (on - part.due_on).days)
            sums[line.invoice] += days * line.interest
    return {invoice: rounded(amount, rounding) for invoice, amount in sums.items()}


def days_to_pay(lines: Iterable[tuple[date, Iterable[tuple[date, int]]]]) -> int | None:
    """Return after how many days money arrived on average, weighed by amount; None where none has.

    Each line is its day of issue with what was paid of it by day.
    """
    days = amount = 0
    for issued_on, paid in lines:
        for day, part in paid:
            days += (day - issued_on).days * part
            amount += part
    return rounded(Fraction(days, amount)) if amount else None


OUTSTANDING_OVER = 365
"""Days looked back for the days sales outstanding."""


def days_outstanding(issued: Iterable[tuple[date, int]], open_: int, on: date) -> int | None:
    """Return the days sales outstanding at the end of a day: what is open, as days of what was invoiced on average.

    `issued` are the invoices less credit notes, gross, by day. The average is over the year before, or since the first
    invoice where that is later; None where nothing was invoiced in it.
    """
    known = [(day, amount) for day, amount in issued if 0 <= (on - day).days < OUTSTANDING_OVER]
    invoiced = sum(amount for _day, amount in known)
    if invoiced <= 0:
        return None
    days = (on - min(day for day, _amount in known)).days + 1
    return rounded(Fraction(max(open_, 0) * days, invoiced))


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a line with what was paid of it."""

    amount: int
    due_on: date | None
    disputed: bool
    paid: tuple[tuple[date, int], ...]

    @property
    def left(self) -> int:
        """What is still owed of it; negative where a line was credited after it was paid."""
        return self.amount - sum(amount for _day, amount in self.paid)


def _parts(line: Billed, on: date) -> Iterator[_Part]:
    given_up = sum(amount for day, amount in line.written_off if day <= on)
    owed = line.gross + sum(amount for day, amount in line.credits if day <= on) - given_up
    raised = [each for each in line.disputes if each.raised_on <= on]
    disputed = max(0, min(owed, max((each.amount for each in raised), default=0) - given_up))
    paid = sorted((day, amount) for day, amount in line.paid if day <= on)
    rest, paid = _filled(owed - disputed, paid)
    yield _Part(owed - disputed, line.due_on, disputed=False, paid=tuple(rest))
    if disputed:
        open_ = any(each.resolved_on is None or each.resolved_on > on for each in raised)
        paused = sum((min(each.resolved_on or on, on) - each.raised_on).days for each in raised)
        due_on = line.due_on + timedelta(days=paused) if line.due_on else None
        yield _Part(disputed, due_on, disputed=open_, paid=tuple(paid))
    elif paid:
        yield _Part(0, None, disputed=False, paid=tuple(paid))


def _filled(amount: int, paid: Sequence[tuple[date, int]]) -> tuple[list[tuple[date, int]], list[tuple[date, int]]]:
    """Share payments between what comes first, up to its amount, and what is left for the next."""
    first, rest = [], []
    for day, each in paid:
        taken = min(each, max(amount, 0))
        amount -= taken
        if taken:
            first.append((day, taken))
        if each - taken:
            rest.append((day, each - taken))
    return first, rest
