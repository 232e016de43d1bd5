"""Persons, accounts and delegations to look at."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa

from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.people.records import Account, Delegation, Person, Training
from trialdesk.people.rules import GCP, PI, counts_from
from trialdesk.persistence.reading import Read


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account with its person."""

    id: Id
    person: Id
    name: str
    username: str
    owner: bool
    active: bool


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody of the desk, as documents name them."""

    id: Id
    version: int
    name: str
    initials: str | None
    position: str | None
    institution: str | None
    contact: str | None
    licence: str | None
    licence_expires_on: date | None


@dataclass(frozen=True, slots=True)
class DelegationRow:
    """Who may act as what, from when to when (None: without end).

    `awaits_signature` is None for one given before delegations were signed for; it counts. `authorised_on` is the day
    of the first signature, None where there is none.
    """

    id: Id
    version: int
    person: Id
    name: str
    role: str
    tasks: str | None
    starts_on: date
    ends_on: date | None
    awaits_signature: bool | None
    authorised_on: date | None

    def counts_on(self, day: date) -> bool:
        """Say whether the role is held on a day."""
        since = counts_from(self.starts_on, self.authorised_on)
        return not self.awaits_signature and since <= day and (self.ends_on is None or day <= self.ends_on)

    @property
    def late(self) -> bool:
        """Whether it was signed for after it had begun (ICH E6(R3) 2.3: before the person acts)."""
        return self.authorised_on is not None and self.authorised_on > self.starts_on


@dataclass(frozen=True, slots=True)
class TrainingRow:
    """What a person was trained in, when, and until when it holds (None: without end)."""

    id: Id
    version: int
    person: Id
    name: str
    topic: str
    title: str | None
    version_trained: str | None
    method: str | None
    trainer: str | None
    completed_on: date
    expires_on: date | None
    evidence: str | None


def accounts(read: Read) -> tuple[AccountRow, ...]:
    """Return all accounts by user name. One statement."""
    account, person = Account.TABLE.c, Person.TABLE.c
    query = (
        sa.select(account.id, account.person, person.name, account.username, account.owner, account.active)
        .join(Person.TABLE, person.id == account.person)
        .where(~account.voided)
        .order_by(account.username)
    )
    return tuple(AccountRow(**row._mapping) for row in read.rows(query))  # noqa: SLF001 - SQLAlchemy's documented name


def account_named(read: Read, *, username: str) -> AccountRow | None:
    """Return the account with a user name, exactly as written, or None. One statement."""
    return next((row for row in accounts(read) if row.username == username), None)


def names_of_accounts(read: Read) -> dict[Id, str]:
    """Return the printed name of every account's person, by account. One statement."""
    return {row.id: row.name for row in read.rows(_names())}


@cache
def _names() -> sa.Select[Any]:
    account, person = Account.TABLE.c, Person.TABLE.c
    return sa.select(account.id, person.name).join(Person.TABLE, person.id == account.person)


def person_of(read: Read, *, account: Id | None) -> Id | None:
    """Return whose account it is, None for one that is not here. One statement."""
    found: Id | None = read.value(sa.select(Account.TABLE.c.person).where(Account.TABLE.c.id == account))
    return found


def persons(read: Read) -> tuple[PersonRow, ...]:
    """Return everybody of the desk by name. One statement."""
    own = Person.TABLE.c
    return read.shaped(PersonRow, Person, ~own.voided, order=(own.name, own.id))


def delegations(read: Read, *, study: Id) -> tuple[DelegationRow, ...]:
    """Return a study's delegations by beginning, those not signed for too. One statement."""
    given, person = Delegation.TABLE.c, Person.TABLE.c
    own = [given[each.name] for each in fields(DelegationRow) if each.name != "name"]
    query = (
        sa.select(*own, person.name)
        .join(Person.TABLE, person.id == given.person)
        .where(given.study == study, ~given.voided)
        .order_by(given.starts_on, person.name, given.id)
    )
    return tuple(DelegationRow(**row._mapping) for row in read.rows(query))  # noqa: SLF001 - as above


def trainings(read: Read, *, study: Id) -> tuple[TrainingRow, ...]:
    """Return a study's training records by person and day. One statement."""
    given, person = Training.TABLE.c, Person.TABLE.c
    own = [given[each.name] for each in fields(TrainingRow) if each.name != "name"]
    query = (
        sa.select(*own, person.name)
        .join(Person.TABLE, person.id == given.person)
        .where(given.study == study, ~given.voided)
        .order_by(person.name, given.completed_on, given.id)
    )
    return tuple(TrainingRow(**row._mapping) for row in read.rows(query))  # noqa: SLF001 - as above


@dataclass(frozen=True, slots=True)
class Untrained:
    """Somebody who holds a role on a day without training in good clinical practice that holds; `since` it lapsed."""

    person: Id
    name: str
    since: date | None


def untrained(read: Read, *, study: Id, on: date) -> tuple[Untrained, ...]:
    """Return who acts on a day without valid training in good clinical practice, by name. Two statements.

    It is listed and blocks nobody. Somebody whose training never had an end is trained.
    """
    acting = {row.person: row.name for row in delegations(read, study=study) if row.counts_on(on)}
    ends: dict[Id, list[date]] = {}
    for row in trainings(read, study=study):
        if row.topic == GCP and row.completed_on <= on:
            ends.setdefault(row.person, []).append(row.expires_on or date.max)
    found = [
        Untrained(person, name, max(ends[person]) if person in ends else None)
        for person, name in acting.items()
        if max(ends.get(person, [date.min])) < on
    ]
    return tuple(sorted(found, key=lambda each: (each.name, each.person)))


def principal_investigator(read: Read, *, study: Id, on: date) -> str | None:
    """Return the PI's printed name on a day: from the study's log, else the owner of the desk. Two statements."""
    for row in delegations(read, study=study):
        if row.role == PI and row.counts_on(on):
            return row.name
    return next((row.name for row in accounts(read) if row.owner), None)
