"""Persons and accounts (in the directory) and delegations (in a study)."""

from __future__ import annotations

from datetime import date

from trialdesk.base.i18n import N_
from trialdesk.base.ids import Id
from trialdesk.people.rules import ROLES
from trialdesk.persistence.declaration import Record, choice, day, flag, link, text


class Person(Record, kind="people.person", label=N_("Person")):
    """Somebody who works on studies. Not a participant."""

    name: str = text(N_("Name"), required=True, help=N_("As it should be printed on documents."))


class Account(Record, kind="people.account", label=N_("Account")):
    """What a person signs in with. The password and the secret key are not here: they never become events."""

    person: Id = link(N_("Person"), "people.person", required=True)
    username: str = text(N_("User name"), required=True, claim=True)
    public_key: str = text(N_("Public key"), required=True)
    owner: bool = flag(N_("Owner of this desk"), required=True)
    active: bool = flag(N_("May sign in"), required=True)


class Delegation(Record, kind="people.delegation", label=N_("Delegation")):
    """What a person may do in a study, from when to when."""

    person: Id = link(N_("Person"), "people.person", required=True)
    role: str = choice(N_("Role"), ROLES, required=True)
    starts_on: date = day(N_("From"), required=True)
    ends_on: date | None = day(N_("Until"))
