"""What money a contract would leave behind: closing it says so, and asks why it is closed all the same."""

from __future__ import annotations

from datetime import date, datetime

from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.base.money import money_text
from trialdesk.base.values import dataclass
from trialdesk.payments.books import Books, reconciled
from trialdesk.persistence.reading import Read


@dataclass(frozen=True, slots=True)
class Left:
    """Money of a contract that is not settled, in minor units; what is open and disputed is with tax.

    `held` is held back and not released, as posted or still to be posted.
    """

    currency: str
    unposted: int
    uncertified: int
    ready: int
    to_credit: int
    open: int
    disputed: int
    unapplied: int
    held: int

    @property
    def words(self) -> tuple[str, ...]:
        """What there is of it in words, each with its amount; nothing where all is settled."""
        found = (
            (_("Not posted yet"), self.unposted),
            (_("To be certified"), self.uncertified),
            (_("To be invoiced"), self.ready),
            (_("To be credited"), self.to_credit),
            (_("Invoiced and not received"), self.open),
            (_("In dispute"), self.disputed),
            (_("Arrived and not applied"), self.unapplied),
            (_("Held back and not released"), self.held),
        )
        return tuple(
            _("{words}: {amount}").format(words=words, amount=money_text(amount, self.currency))
            for words, amount in found
            if amount
        )


def left(books: Books) -> Left:
    """Return what a contract's books leave open. What happened after its end is nobody's to certify and not counted."""
    lines = [line for line in books.lines if not line.late]
    of = books.receivables.sums
    disputed = of.get("disputed", 0)
    return Left(
        currency=books.contract.currency,
        unposted=sum(line.payable - line.posted for line in lines),
        uncertified=sum(line.uncertified for line in lines),
        ready=sum(line.ready for line in lines),
        to_credit=sum(line.to_credit for line in lines),
        open=sum(of.values()) - disputed,
        disputed=disputed,
        unapplied=books.unapplied,
        held=books.totals.held,
    )


def left_by(read: Read, *, study: Id, contract: Id, on: date, known_at: datetime) -> tuple[str, ...]:
    """Return in words what money a contract leaves open on a day, as known at an instant. Some thirty statements."""
    return left(reconciled(read, study=study, contract=contract, as_of=on, known_at=known_at)).words
