"""What ends, or is not signed, for those who do the work: delegations and training."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from trialdesk.base.ids import Id
from trialdesk.overview.rules.deadlines import Started
from trialdesk.overview.triggers.scope import Scope
from trialdesk.people.records import Delegation, Person, Training
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


def delegations_unsigned(read: Read, scope: Scope) -> Iterator[Started]:
    """Yield delegations the principal investigator has still to sign. One statement."""
    given, person = Delegation.TABLE.c, Person.TABLE.c
    query = (
        sa.select(given.id, given.study, given.starts_on, person.name)
        .join(Person.TABLE, person.id == given.person)
        .where(scope.of(given.study), ~given.voided, given.awaits_signature)
    )
    for row in read.rows(query):
        yield scope.started(
            "delegation_unsigned", row.study, row.id, name=row.name, day=row.starts_on, whose=row.name, focus=row.id
        )


def training_ending(read: Read, scope: Scope) -> Iterator[Started]:
    """Yield the last training in each topic of everybody who works on a study, where it expires. Two statements.

    Training kept in the directory holds for every study its person works on.
    """
    given, own, person = Delegation.TABLE.c, Training.TABLE.c, Person.TABLE.c
    working: dict[Id, set[Id]] = {}
    for row in read.rows(
        sa.select(given.person, given.study).where(
            scope.of(given.study),
            ~given.voided,
            given.starts_on <= scope.on,
            sa.or_(given.ends_on.is_(None), given.ends_on >= scope.on),
        )
    ):
        working.setdefault(row.person, set()).add(row.study)
    query = (
        sa.select(own.id, own.study, own.person, own.topic, own.title, own.completed_on, own.expires_on, person.name)
        .join(Person.TABLE, person.id == own.person)
        .where(sa.or_(scope.of(own.study), own.study.is_(None)), ~own.voided)
        .order_by(own.completed_on, own.id)
    )
    last = {}
    for row in read.rows(query):
        for study in working.get(row.person, ()):
            if row.study in (None, study):
                last[study, row.person, row.topic, row.title] = row
    for (study, _person, _topic, _title), row in last.items():
        if row.expires_on is not None:
            yield scope.started(
                "training_ends",
                study,
                row.id,
                name=row.title or row.topic,
                day=row.expires_on,
                since=row.completed_on,
                whose=row.name,
                focus=row.id,
            )
