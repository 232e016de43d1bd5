"""What every trigger needs to know first: which studies are looked at, on which day, and where their sites are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, tzinfo
from typing import Any

import sqlalchemy as sa

from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.contracts.records import Contract
from trialdesk.enrollment.rules import happened_by
from trialdesk.overview.rulebook import country_named, zone_named
from trialdesk.overview.rules.deadlines import Started
from trialdesk.persistence.reading import Read
from trialdesk.studies.queries import StudyRow, studies
from trialdesk.studies.records import Site


@dataclass(frozen=True, slots=True)
class Place:
    """Where a site is: its zone, and the code of its country (empty where it is not known)."""

    zone: tzinfo = UTC
    country: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """The studies looked at on a day. `bases` are the laws a study's sites lie under, `ended` the studies that ended.

    `homes` is a study's own place: that of its first site. `contracts` are their contracts' numbers.
    """

    on: date
    studies: Mapping[Id, StudyRow]
    ended: frozenset[Id]
    places: Mapping[Id, Place]
    homes: Mapping[Id, Place]
    bases: Mapping[Id, frozenset[str]]
    contracts: Mapping[Id, str]

    def of(self, column: sa.ColumnElement[Id]) -> sa.ColumnElement[bool]:
        """Return the condition that a record is of one of these studies; all of the desk need no list."""
        if len(self.studies) == 1:
            return column == next(iter(self.studies))
        return column.is_not(None)

    def place(self, site: Id | None, study: Id) -> Place:
        """Return where a site is, or the study where no site is named."""
        return self.places.get(site or "") or self.homes.get(study) or Place()

    def started(
        self, trigger: str, study: Id, subject: Id, *, name: str, day: date, site: Id | None = None, **more: Any
    ) -> Started:
        """Return what set a clock off at a site, or in the study as a whole; `more` are fields of `Started`."""
        place = self.place(site, study)
        fields = {"zone": place.zone, "country": place.country, "bases": self.bases.get(study, frozenset()), **more}
        return Started(trigger=trigger, study=study, subject=subject, name=name, day=day, **fields)


def scope(read: Read, *, on: date, study: Id | None = None) -> Scope:
    """Return what is looked at: all studies, or the one named. Three statements."""
    rows = {row.id: row for row in studies(read) if study in (None, row.id)}
    own = Site.TABLE.c
    places: dict[Id, Place] = {}
    homes: dict[Id, Place] = {}
    bases: dict[Id, set[str]] = {}
    query = sa.select(own.id, own.study, own.country, own.zone).where(~own.voided).order_by(own.number, own.id)
    for row in read.rows(query):
        country = country_named(row.country)
        named = row.zone or (country.zone if country else "")
        place = Place(zone_named(named) if named else UTC, country.code if country else "")
        places[row.id] = place
        homes.setdefault(row.study, place)
        if country and country.basis:
            bases.setdefault(row.study, set()).add(country.basis)
    numbers = sa.select(Contract.TABLE.c.id, Contract.TABLE.c.number)
    if study is not None:
        numbers = numbers.where(Contract.TABLE.c.study == study)
    return Scope(
        on=on,
        studies=rows,
        ended=frozenset(
            row.id
            for row in rows.values()
            if (row.ended is not None and happened_by(row.ended, on)) or (row.closed_on or date.max) <= on
        ),
        places=places,
        homes=homes,
        bases={each: frozenset(found) for each, found in bases.items()},
        contracts={row.id: row.number for row in read.rows(numbers)},
    )
