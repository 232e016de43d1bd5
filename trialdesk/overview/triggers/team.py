"""What ends for those who do the work: delegations."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from trialdesk.overview.rules.deadlines import Started
from trialdesk.overview.triggers.scope import Scope
from trialdesk.people.records import Delegation, Person
from trialdesk.persistence.reading import Read


def delegations_ending(read: Read, scope: Scope) -> Iterator[Started]:
    """Yield the last delegation of each person and role, where it ends. One statement.

    Another one that goes on longer has renewed it: the earlier end waits for nobody.
    """
    given, person = Delegation.TABLE.c, Person.TABLE.c
    query = (
        sa.select(given.id, given.study, given.person, given.role, given.ends_on, person.name)
        .join(Person.TABLE, person.id == given.person)
        .where(scope.of(given.study), ~given.voided)
        .order_by(given.ends_on.is_(None), given.ends_on, given.id)
    )
    last = {(row.study, row.person, row.role): row for row in read.rows(query)}
    for row in last.values():
        if row.ends_on is not None:
            yield scope.started(
                "delegation_ends", row.study, row.id, name=row.name, day=row.ends_on, whose=row.name, focus=row.id
            )
