"""What is done with persons and accounts."""

from __future__ import annotations

from datetime import date

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.people import credentials
from trialdesk.people.acting import action, fields_of
from trialdesk.people.records import Account, Delegation, Person
from trialdesk.people.rules import OWNER, PI, password_weakness
from trialdesk.persistence.work import Work
from trialdesk.persistence.wrapping import new_secret, public_of

_OWNER = frozenset({OWNER})


def begin_desk(work: Work, *, name: str, username: str, account: Id, public_key: bytes) -> Id:
    """Record the owner of a new desk. Not an action: nobody is there yet who could have the right to it."""
    person = work.add(Person(name=checked_name(name)))
    work.add(
        Account(
            id=account,
            person=person.id,
            username=checked_username(username),
            public_key=public_key.hex(),
            owner=True,
            active=True,
        )
    )
    return person.id


@action("people:account:add", N_("Account added"), by=_OWNER)
def add_account(
    work: Work,
    *,
    study: Id | None,  # noqa: ARG001 - accounts are in the directory
    name: str,
    username: str,
    password: str,
    desk_key: bytes,
    cost: credentials.Cost,
) -> Id:
    """Add a person with an account; returns the account's id. Raises UserError for a weak password."""
    weak = password_weakness(password, username=username)
    if weak is not None:
        raise UserError(_(weak), where=_("Password"))
    secret = new_secret()
    person = work.add(Person(name=checked_name(name)))
    account = work.add(
        Account(
            person=person.id,
            username=checked_username(username),
            public_key=public_of(secret).hex(),
            owner=False,
            active=True,
        )
    )
    keys = credentials.Keys(secret, desk_key)
    work.beside(lambda connection: credentials.keep(connection, account.id, password, keys, cost))
    return account.id


@action(
    "people:delegation:give",
    N_("Delegation given"),
    by=frozenset({PI}),
    asks=fields_of(Delegation, "person", "role", "starts_on", "ends_on"),
)
def delegate(work: Work, *, study: Id, person: Id, role: str, starts_on: date, ends_on: date | None = None) -> Id:
    """Let a person act in a role from a day on. Raises UserError if it would end before it begins."""
    if ends_on is not None and ends_on < starts_on:
        raise UserError(_("The delegation would end before it begins."), where=_("Until"))
    work.get(Person, person)
    return work.add(Delegation(study=study, person=person, role=role, starts_on=starts_on, ends_on=ends_on)).id


def checked_username(username: str) -> str:
    """Return a user name fit to type: no spaces at its ends, none within. Raises UserError."""
    kept = username.strip()
    if not kept or any(character.isspace() or not character.isprintable() for character in kept):
        raise UserError(_("A user name is one word without spaces."), where=_("User name"))
    return kept


def checked_name(name: str) -> str:
    """Return a person's name without spaces at its ends. Raises UserError if nothing is left."""
    kept = " ".join(name.split())
    if not kept:
        raise UserError(_("A name is needed; it is printed on documents."), where=_("Name"))
    return kept
