"""What a version of terms changes, told in money: the same facts assessed without it and with it."""

from __future__ import annotations

from datetime import UTC, date, datetime

from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.contracts.queries import TermsRow, the_contract
from trialdesk.payments.cases import case_of, with_terms
from trialdesk.payments.rules.assess import Assessment, assess
from trialdesk.payments.rules.case import LineKey
from trialdesk.payments.rules.lines import DUE, GATED
from trialdesk.payments.terms import reads_terms
from trialdesk.persistence.reading import Read
from trialdesk.trail.position import last_known

DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Moved:
    """A line that a version moves: what is earned of it without and with the version, in minor units."""

    id: str
    rule: str
    unit: str
    on: date | None
    before: int
    after: int
    currency: str

    @property
    def difference(self) -> int:
        """What the version adds."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Difference:
    """All that a version moves over the facts of today. `earned`, `held` and `payable` are what it adds to the sums."""

    number: int
    currency: str
    moved: tuple[Moved, ...]
    earned: int
    held: int
    payable: int


def difference(read: Read, *, study: Id, contract: Id, text: str, on: date) -> Difference:
    """Return what a text of terms would change of what is owed on a day, were it to count from now on.

    A version that counts already is compared with those before it. Raises Unreadable for a text that cannot be read.
    Some ten statements.
    """
    row = the_contract(read, study=study, number=contract)
    last = last_known(read, study)
    known_at = last[0] if last else datetime.now(UTC)
    desk = case_of(read, study=study, contract=row, known_at=known_at)
    found = reads_terms(text, file="")
    if found.unreadable:
        # Reading it for good says so with its place.
        with_terms(desk, row, [_counting(text, 0, on, known_at)])
    ((number, effective_from, _late, _text),) = found.versions
    counting = [each for each in desk.terms if each.recorded_at is not None and each.recorded_at <= known_at]
    before = [each for each in counting if each.number < number]
    here = next((each for each in counting if each.number == number and each.text == text), None)
    version = here or _counting(text, number, effective_from, known_at)
    return compared(
        assess(with_terms(desk, row, before), on, known_at),
        assess(with_terms(desk, row, [*before, version]), on, known_at),
        number,
    )


def compared(before: Assessment, after: Assessment, number: int) -> Difference:
    """Return what moves from one assessment to another of the same facts."""
    old, new = _earned(before), _earned(after)
    days = {line.unit.line: line.unit.day for each in (before, after) for line in each.lines}
    currency = after.case.currency
    moved = [
        Moved(f"{rule} {unit}", rule, unit, days.get((rule, unit)), was, now, currency)
        for rule, unit in sorted({*old, *new})
        if (was := old.get((rule, unit), 0)) != (now := new.get((rule, unit), 0))
    ]
    return Difference(
        number=number,
        currency=currency,
        moved=tuple(moved),
        earned=after.totals.earned - before.totals.earned,
        held=after.totals.held - before.totals.held,
        payable=after.totals.payable - before.totals.payable,
    )


def _earned(assessment: Assessment) -> dict[LineKey, int]:
    found = {line.unit.line: line.earned for line in assessment.lines if line.state in {*DUE, GATED}}
    return {**found, **{each.line: each.amount for each in assessment.study_level}}


def _counting(text: str, number: int, effective_from: date, known_at: datetime) -> TermsRow:
    return TermsRow(
        id=DRAFT,
        version=0,
        number=number,
        effective_from=effective_from,
        retroactive=False,
        text=text,
        drafted_by="",
        drafted_on=effective_from,
        activated_by=None,
        activated_on=None,
        occasion=None,
        protocol_version=None,
        retroactive_grounds=None,
        recorded_at=known_at,
    )
