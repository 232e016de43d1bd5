"""Persons and accounts (in the directory) and delegations (in a study)."""

from __future__ import annotations

from datetime import date, datetime

from trialdesk.base.i18n import N_
from trialdesk.base.ids import Id
from trialdesk.people.rules import ROLES
from trialdesk.persistence.declaration import Record, choice, day, flag, instant, link, text, whole


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


class Signature(Record, kind="people.signature", label=N_("Signature"), named=("name",)):
    """An electronic signature: who, when, what it means, and the hash of the very record signed (21 CFR 11.50, 11.70).

    Never corrected: a later change of the record shows the signature as superseded.
    """

    of_kind: str = text(N_("Kind of record"), required=True)
    of_record: Id = text(N_("Record"), required=True)
    of_version: int = whole(N_("Version signed"), required=True)
    digest: str = text(N_("SHA-256 of the record"), required=True)
    meaning: str = text(N_("Meaning"), required=True)
    account: Id = link(N_("Account"), "people.account", required=True)
    name: str = text(N_("Printed name"), required=True)
    signed_at: datetime = instant(N_("Signed at"), required=True)
