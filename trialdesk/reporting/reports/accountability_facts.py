"""What the record holds of the study product: batches, movements, the list of kits, and who was given what.

Where arms may not be known, neither is what somebody was given, returned or took: a product, a batch beside a
participant would tell the arm, whatever the label says. What came in and went out without a participant is named.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal

from trialdesk.base.dates import PartialDate
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.enrollment.progress import allocation_rows
from trialdesk.enrollment.queries import participants
from trialdesk.enrollment.queries.products import MovementRow, PlaceRow, batches, doses, movements, places
from trialdesk.enrollment.stock import MOVEMENTS, on_hand
from trialdesk.people.queries import persons
from trialdesk.persistence.reading import Read
from trialdesk.studies.queries import sites
from trialdesk.studies.queries import study as study_row


@dataclass(frozen=True, slots=True)
class Stock:
    """The places of the list for a site (None: for all): with a kit, given out, and both."""

    site: str | None
    places: int
    kits: int
    used: int
    left: int


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch at a site, in its unit: what was moved of it, by what happened, and what is on hand."""

    site: str
    product: str
    batch: str
    unit: str
    expires_on: date | None
    moved: dict[str, int]
    on_hand: int


@dataclass(frozen=True, slots=True)
class Movement:
    """A movement as it was recorded; of a participant's, no product and no batch where they may not be known."""

    on: date
    moved: str
    site: str
    product: str | None
    batch: str | None
    quantity: int
    unit: str
    kits: str | None
    participant: str | None
    condition: str | None
    reference: str | None
    handled_by: str | None


@dataclass(frozen=True, slots=True)
class Kept:
    """What a participant was given of a batch and returned, in its unit; of all batches where none may be named."""

    identifier: str
    product: str | None
    batch: str | None
    unit: str
    given: int
    returned: int


@dataclass(frozen=True, slots=True)
class Given:
    """A participant's place of the list and kit."""

    identifier: str
    allocated_on: date | None
    slot: str | None
    kit: str | None


@dataclass(frozen=True, slots=True)
class Dosed:
    """A constant dose over a period; without `treatment` what it was may not be known."""

    identifier: str
    treatment: str | None
    dose: Decimal | None
    unit: str | None
    frequency: str | None
    started_on: PartialDate | None
    ended_on: PartialDate | None


@dataclass(frozen=True, slots=True)
class Account:
    """The whole account. `named` says whether treatments are named; `twice` are kits given to more than one.

    `holders` are the participants with a place of the list, None where one site is told: a list may be for all.
    """

    named: bool
    holders: int | None
    batches: tuple[Batch, ...]
    movements: tuple[Movement, ...]
    kept: tuple[Kept, ...]
    stocks: tuple[Stock, ...]
    given: tuple[Given, ...]
    doses: tuple[Dosed, ...]
    twice: tuple[str, ...]
    undosed: tuple[str, ...]
    late: tuple[str, ...] = ()
    """Who was given something after its use-by date, with the batch where it may be named."""


def gather(
    read: Read,
    *,
    study: Id,
    on: date,
    site: Id | None = None,
    as_of: date | None = None,  # noqa: ARG001 - it is told as it is recorded
) -> Account:
    """Return the account of a site, or of all. A bounded number of statements."""
    people = {row.id: row for row in participants(read, study=study, on=on, site=site)}
    allocated = allocation_rows(read, study=study)
    named = study_row(read, study=study).arms_known
    dosages = _doses(read, study, {who: row.identifier for who, row in people.items()}, named=named)
    given = tuple(
        Given(person.identifier, row.allocated_on, row.slot, row.kit)
        for person in sorted(people.values(), key=lambda each: each.identifier)
        if (row := allocated.get(person.id))
    )
    kits = Counter(row.kit for row in allocated.values() if row.kit)
    dosed = {each.identifier for each in dosages}
    moved = [row for row in movements(read, study=study) if site in (None, row.site)]
    told = _movements(read, study, moved, on, named=named)
    stock = _batches(read, study, moved)
    return Account(
        named=named,
        batches=stock,
        movements=told,
        kept=_kept(told),
        holders=None if site else sum(row.slot is not None for row in allocated.values()),
        stocks=_stocks(read, study, site, {row.slot for row in allocated.values() if row.slot}),
        given=given,
        doses=dosages,
        twice=tuple(sorted(kit for kit, count in kits.items() if count > 1)),
        undosed=tuple(each.identifier for each in given if each.identifier not in dosed),
        late=_late(stock, moved, {who: row.identifier for who, row in people.items()}, named=named),
    )


def _late(stock: tuple[Batch, ...], moved: list[MovementRow], people: dict[Id, str], *, named: bool) -> tuple[str, ...]:
    until = {(each.product, each.batch): each.expires_on for each in stock if each.expires_on is not None}
    first = {row.id: rows[0] for rows in batches(moved).values() for row in rows}
    found = set()
    for row in moved:
        last = until.get((first[row.id].product, first[row.id].batch))
        if row.moved == "given" and row.participant in people and last is not None and row.moved_on > last:
            who = people[row.participant]
            found.add(f"{who} ({first[row.id].batch})" if named else who)
    return tuple(sorted(found))


def _doses(read: Read, study: Id, people: dict[Id, str], *, named: bool) -> tuple[Dosed, ...]:
    found = [
        Dosed(
            identifier=people[row.participant],
            treatment=row.treatment if named else None,
            dose=row.dose if named else None,
            unit=row.dose_unit if named else None,
            frequency=row.frequency if named else None,
            started_on=row.started_on,
            ended_on=row.ended_on,
        )
        for row in doses(read, study=study)
        if row.participant in people
    ]
    return tuple(sorted(found, key=lambda each: (each.identifier, each.started_on or "")))


def _batches(read: Read, study: Id, moved: list[MovementRow]) -> tuple[Batch, ...]:
    labels = {row.id: row.label for row in sites(read, study=study)}
    found = [
        Batch(
            site=labels[rows[0].site],
            product=rows[0].product,
            batch=rows[0].batch,
            unit=rows[0].unit,
            expires_on=min((row.expires_on for row in rows if row.expires_on), default=None),
            moved={code: sum(row.quantity for row in rows if row.moved == code) for code, _label in MOVEMENTS},
            on_hand=on_hand(rows),
        )
        for rows in batches(moved).values()
    ]
    return tuple(sorted(found, key=lambda each: (each.site, each.product, each.batch)))


def _movements(read: Read, study: Id, moved: list[MovementRow], on: date, *, named: bool) -> tuple[Movement, ...]:
    if not moved:
        return ()
    numbers = {row.id: row.number for row in sites(read, study=study)}
    people = {row.id: row.identifier for row in participants(read, study=study, on=on)}
    names = {row.id: row.name for row in persons(read)}
    # A batch is printed as it was first written: it is one, however it was cased or spaced afterwards.
    first = {row.id: rows[0] for rows in batches(moved).values() for row in rows}
    return tuple(
        Movement(
            on=row.moved_on,
            moved=row.moved,
            site=numbers[row.site],
            product=first[row.id].product if named or not row.participant else None,
            batch=first[row.id].batch if named or not row.participant else None,
            quantity=row.quantity,
            unit=first[row.id].unit,
            kits=row.kits,
            participant=people.get(row.participant) if row.participant else None,
            condition=row.condition,
            reference=row.reference,
            handled_by=names.get(row.handled_by) if row.handled_by else None,
        )
        for row in moved
    )


def _kept(told: tuple[Movement, ...]) -> tuple[Kept, ...]:
    found: dict[tuple[str, str | None, str | None, str], dict[str, int]] = {}
    for each in told:
        if each.participant is not None:
            key = each.participant, each.product, each.batch, each.unit
            sums_of = found.setdefault(key, {"given": 0, "returned": 0})
            sums_of[each.moved] += each.quantity
    return tuple(Kept(*key, counts["given"], counts["returned"]) for key, counts in sorted(found.items(), key=str))


def _stocks(read: Read, study: Id, site: Id | None, used: set[str]) -> tuple[Stock, ...]:
    labels = {row.id: row.label for row in sites(read, study=study)}
    by_site: dict[str | None, list[PlaceRow]] = {}
    for row in places(read, study=study):
        if site is None or row.site in (None, site):
            by_site.setdefault(labels.get(row.site or ""), []).append(row)
    return tuple(
        Stock(
            site=label,
            places=len(some),
            kits=sum(row.kit is not None for row in some),
            used=sum(row.number in used for row in some),
            left=sum(row.number not in used for row in some),
        )
        for label, some in sorted(by_site.items(), key=lambda each: each[0] or "")
    )
