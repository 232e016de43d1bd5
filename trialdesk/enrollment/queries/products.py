"""The study product as it is recorded: places of the list with their kits, and doses."""

from __future__ import annotations

from decimal import Decimal

import sqlalchemy as sa

from trialdesk.base.dates import PartialDate
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.enrollment.records import Exposure, Slot
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
    started_on: PartialDate | None
    ended_on: PartialDate | None


def places(read: Read, *, study: Id) -> tuple[PlaceRow, ...]:
    """Return the places of a study's lists in their order. One statement."""
    own = Slot.TABLE.c
    return read.shaped(PlaceRow, Slot, own.study == study, ~own.voided, order=(own.order, own.id))


def doses(read: Read, *, study: Id) -> tuple[DoseRow, ...]:
    """Return a study's doses by day. One statement."""
    own = Exposure.TABLE.c
    order: tuple[sa.ColumnElement[object], ...] = (own.started_on, own.sequence, own.id)
    return read.shaped(DoseRow, Exposure, own.study == study, ~own.voided, order=order)
