"""The study product as it is recorded: places of the list with their kits, movements, and doses."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from trialdesk.base.dates import PartialDate
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.enrollment.records import Exposure, ProductMovement, Slot
from trialdesk.persistence.reading import Read


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place of the list; `site` is None where the list is for all. Which arm it is stands nowhere in it."""

    number: str
    site: Id | None
    kit: str | None


@dataclass(frozen=True, slots=True)
class DoseRow:
    """A constant dose over a period. Treatment and dose may tell the arm: who prints them asks who may know it."""

    participant: Id
    treatment: str | None
    dose: Decimal | None
    dose_unit: str | None
    frequency: str | None
    route: str | None
    started_on: PartialDate | None
    ended_on: PartialDate | None


@dataclass(frozen=True, slots=True)
class MovementRow:
    """So many units of a batch that came, went or changed hands at a site."""

    id: Id
    version: int
    site: Id
    moved: str
    moved_on: date
    product: str
    batch: str
    expires_on: date | None
    quantity: int
    unit: str
    kits: str | None
    participant: Id | None
    condition: str | None
    reference: str | None
    handled_by: Id | None


def places(read: Read, *, study: Id) -> tuple[PlaceRow, ...]:
    """Return the places of a study's lists in their order. One statement."""
    own = Slot.TABLE.c
    return read.shaped(PlaceRow, Slot, own.study == study, ~own.voided, order=(own.order, own.id))


def doses(read: Read, *, study: Id) -> tuple[DoseRow, ...]:
    """Return a study's doses by day. One statement."""
    own = Exposure.TABLE.c
    order: tuple[sa.ColumnElement[object], ...] = (own.started_on, own.sequence, own.id)
    return read.shaped(DoseRow, Exposure, own.study == study, ~own.voided, order=order)


def movements(read: Read, *, study: Id) -> tuple[MovementRow, ...]:
    """Return the movements of a study's product by day. One statement."""
    own = ProductMovement.TABLE.c
    order: tuple[sa.ColumnElement[object], ...] = (own.moved_on, own.id)
    return read.shaped(MovementRow, ProductMovement, own.study == study, ~own.voided, order=order)


def batches(rows: Iterable[MovementRow]) -> dict[tuple[Id, str, str], list[MovementRow]]:
    """Return movements by site and batch; how a product or batch is cased or spaced is no difference."""
    found: dict[tuple[Id, str, str], list[MovementRow]] = {}
    for row in rows:
        found.setdefault(_batch(row), []).append(row)
    return found


def batch_of(read: Read, movement: ProductMovement) -> list[MovementRow]:
    """Return the other movements of a movement's batch at its site. One statement."""
    assert movement.study is not None
    others = (row for row in movements(read, study=movement.study) if row.id != movement.id)
    return batches(others).get(_batch(movement), [])


def _batch(movement: ProductMovement | MovementRow) -> tuple[Id, str, str]:
    product, batch = ("".join(name.split()).casefold() for name in (movement.product, movement.batch))
    return movement.site, product, batch
