"""Who the participants are, for the list that keeps code and person together at the site (ICH E6(R3), Appendix C)."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from trialdesk.base.dates import PartialDate
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.enrollment.queries.listing import participants
from trialdesk.enrollment.records import Identity
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
    found = []
    for person in participants(read, study=study, on=on, site=site, as_of=as_of):
        row = kept.get(person.id)
        said: dict[str, str | Hidden | None] = {"name": None, "contact": None}
        if row is not None:
            for field in said:
                sealed = getattr(row, field)
                if sealed is not None:
                    place = Place(study, person.id, row.id, field)
                    said[field] = read.reveal(place, sealed, allowed=allowed)
        name, contact = said["name"], said["contact"]
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
