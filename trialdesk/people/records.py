"""Persons and accounts (in the directory); delegations, training and signatures (in a study)."""

from __future__ import annotations

from datetime import date, datetime

from trialdesk.base.i18n import N_
from trialdesk.base.ids import Id
from trialdesk.people.rules import ROLES, TOPICS
from trialdesk.persistence.declaration import Record, choice, day, flag, instant, link, text, whole


class Person(Record, kind="people.person", label=N_("Person")):
    """Somebody who works on studies. Not a participant."""

    name: str = text(N_("Name"), required=True, help=N_("As it should be printed on documents."))
    initials: str | None = text(N_("Initials"), help=N_("As used to sign off on paper."))
    position: str | None = text(N_("Position"))
    institution: str | None = text(N_("Institution"))
    contact: str | None = text(N_("Contact"), help=N_("Telephone or e-mail at work."))
    licence: str | None = text(N_("Professional licence"), help=N_("Number and issuing body."))
    licence_expires_on: date | None = day(N_("Licence expires on"))


class Account(Record, kind="people.account", label=N_("Account"), named=("username",)):
    """What a person signs in with. The password and the secret key are not here: they never become events."""

    person: Id = link(N_("Person"), "people.person", required=True)
    username: str = text(N_("User name"), required=True, claim=True)
    public_key: str = text(N_("Public key"), required=True)
    owner: bool = flag(N_("Owner of this desk"), required=True)
    active: bool = flag(N_("May sign in"), required=True)
    identity_checked: str | None = text(
        N_("Identity checked"), help=N_("How it was made sure that the account is this person's, such as a staff card.")
    )


class Delegation(Record, kind="people.delegation", label=N_("Delegation"), named=("role",)):
    """What a person may do in a study, from when to when. It counts from the day the principal investigator signed it.

    `awaits_signature` is None in delegations from before they were signed: those count as they were given.
    """

    person: Id = link(N_("Person"), "people.person", required=True)
    role: str = choice(N_("Role"), ROLES, required=True)
    tasks: str | None = text(
        N_("Tasks"), help=N_("What is delegated, in the words or codes of the study's task list."), prose=True
    )
    starts_on: date = day(N_("From"), required=True)
    ends_on: date | None = day(N_("Until"))
    awaits_signature: bool | None = flag(N_("Awaits the principal investigator's signature"))
    authorised_on: date | None = day(N_("Authorised on"))


class Training(Record, kind="people.training", label=N_("Training"), named=("topic", "title")):
    """That a person was trained in something, when, by whom, and until when it holds (ICH E6(R3) 2.3)."""

    person: Id = link(N_("Person"), "people.person", required=True)
    topic: str = choice(N_("Topic"), TOPICS, required=True)
    title: str | None = text(N_("Title"))
    version_trained: str | None = text(N_("Version"), help=N_("Of the protocol, manual or procedure trained."))
    method: str | None = text(N_("Method"), help=N_("Such as course, reading, site initiation visit."))
    trainer: str | None = text(N_("Trainer"))
    completed_on: date = day(N_("Completed on"), required=True)
    expires_on: date | None = day(N_("Holds until"))
    evidence: str | None = text(N_("Evidence"), help=N_("Certificate number, or where the certificate is filed."))


class Certificate(Record, kind="people.certificate", label=N_("Signing certificate"), named=("name",)):
    """What a person signs files with. Its secret key is not here: it never becomes an event."""

    account: Id = link(N_("Account"), "people.account", required=True)
    name: str = text(N_("Name in the certificate"), required=True)
    issuer: str = text(N_("Issued by"), required=True)
    fingerprint: str = text(N_("SHA-256 of the certificate"), required=True, claim=True)
    valid_from: datetime = instant(N_("Holds from"), required=True)
    valid_until: datetime = instant(N_("Holds until"), required=True)
    made_here: bool = flag(N_("Made here"), required=True)
    certificates: str = text(N_("Certificate and who vouches for it"), required=True)
    withdrawn_on: date | None = day(N_("Withdrawn on"))


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
