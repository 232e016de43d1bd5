"""Who the participants are, for the list that keeps code and person together at the site (ICH E6(R3), Appendix C)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa

from trialdesk.base.dates import PartialDate
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.enrollment.naming import Names, names_of
from trialdesk.enrollment.queries.listing import participants
from trialdesk.enrollment.records import Identity, Participant
from trialdesk.people.queries import persons
from trialdesk.people.rights import roles
from trialdesk.people.rules import IDENTIFYING
from trialdesk.persistence.reading import Read
from trialdesk.persistence.vault import Hidden, Place


@dataclass(frozen=True, slots=True)
class IdentityRow:
    """A participant's code and, to who may know, the person; `hidden` says why it is not told."""

    identifier: str
    site_number: str
    screened_on: PartialDate | None
    state: str
    recorded: bool
    name: str | None
    contact: str | None
    hidden: Hidden | None


_SEALED = ("name", "contact")


def identities(
    read: Read, *, study: Id, on: date, site: Id | None = None, as_of: date | None = None
) -> tuple[IdentityRow, ...]:
    """Return a study's participants with who they are, by site and number. A bounded number of statements.

    Names are told to who may identify participants on that day; that they were told goes into the access log.
    """
    own = Identity.TABLE.c
    kept = {
        row.participant: row
        for row in read.rows(
            sa.select(own.id, own.participant, own.name, own.contact)
            .where(own.study == study, ~own.voided)
            .order_by(own.id)
        )
    }
    allowed = not IDENTIFYING.isdisjoint(roles(read, study=study, on=on))
    people = participants(read, study=study, on=on, site=site, as_of=as_of)
    sealed = list(_sealed(study, (kept[person.id] for person in people if person.id in kept)))
    told = dict(zip((place for place, _value in sealed), read.reveal_all(study, sealed, allowed=allowed), strict=True))
    found = []
    for person in people:
        row = kept.get(person.id)
        name, contact = (
            told.get(Place(study, person.id, row.id, field)) if row is not None else None for field in _SEALED
        )
        found.append(
            IdentityRow(
                identifier=person.identifier,
                site_number=person.site_number,
                screened_on=person.screened_on,
                state=person.state,
                recorded=row is not None,
                name=name if isinstance(name, str) else None,
                contact=contact if isinstance(contact, str) else None,
                hidden=next((each for each in (name, contact) if isinstance(each, Hidden)), None),
            )
        )
    return tuple(found)


def code_list(read: Read, *, study: Id) -> Names | None:
    """Return what tells the participants of a study, to look for in texts; None where this account may not know.

    Nothing of it is shown to anybody, so the access log is told of nothing. The names of who works on studies are left
    out: they may be told, and may be a participant's too. Six statements, one where nobody is identified.
    """
    live = read.live
    own, person = Identity.TABLE.c, Participant.TABLE.c
    rows = live.rows(
        sa.select(own.id, own.participant, own.name, own.contact, person.identifier)
        .join(Participant.TABLE, person.id == own.participant)
        .where(own.study == study, ~own.voided)
        .order_by(own.id)
    )
    if not rows:
        # Of a study in which nobody is identified here: every act that writes a text asks.
        return names_of(())
    sealed = list(_sealed(study, rows))
    told = dict(zip((place for place, _value in sealed), live.reveal_all(study, sealed, shown=False), strict=True))
    if Hidden.NOT_ALLOWED in told.values():
        return None

    def said(row: sa.Row[Any], field: str) -> str | None:
        value = told.get(Place(study, row.participant, row.id, field))
        return value if isinstance(value, str) else None

    return names_of(
        ((row.identifier, said(row, "name"), said(row, "contact")) for row in rows),
        known=(each.name for each in persons(live)),
    )


def _sealed(study: Id, rows: Iterable[sa.Row[Any]]) -> Iterator[tuple[Place, bytes]]:
    for row in rows:
        for field in _SEALED:
            value = getattr(row, field)
            if value is not None:
                yield Place(study, row.participant, row.id, field), value
