"""Persons of the desk and what they sign in with. An account is never given to another person: it is closed."""

from __future__ import annotations

import sqlalchemy as sa

from trialdesk.base.errors import UserError
from trialdesk.base.fields import Field
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.people import credentials, keys, lockout
from trialdesk.people.acting import action, adding, correcting, fields_of, needs_reason, voiding
from trialdesk.people.checks import check_unused
from trialdesk.people.queries import persons
from trialdesk.people.records import Account, Person
from trialdesk.people.rules import OWNER, password_weakness
from trialdesk.persistence.editing import found_in
from trialdesk.persistence.work import Work
from trialdesk.persistence.wrapping import keyring, new_secret, public_of
from trialdesk.trail.access import PASSWORD, Note, note

_OWNER = frozenset({OWNER})
_PERSON = ("name", "initials", "position", "institution", "contact", "licence", "licence_expires_on")
_PASSWORD = Field(
    "secret",
    N_("Password"),
    name="password",
    required=True,
    help=N_("At least 10 characters: three or four words do well."),
)


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


def _tidy(_work: Work, person: Person) -> None:
    person.name = checked_name(person.name or "")


add_person = adding(
    Person, "people:person:add", N_("Person added"), by=_OWNER, asks=_PERSON, check=_tidy, in_study=False
)
correct_person = correcting(
    Person, "people:person:correct", N_("Person corrected"), by=_OWNER, asks=_PERSON, check=_tidy, in_study=False
)
void_person = voiding(Person, "people:person:void", N_("Person voided"), by=_OWNER, check=check_unused, in_study=False)


@action(
    "people:account:add",
    N_("Account added"),
    by=_OWNER,
    final=True,
    asks=(
        *fields_of(Person, "name"),
        *fields_of(Account, "username"),
        _PASSWORD,
        *fields_of(Account, "identity_checked"),
        Field("id", N_("Person"), name="person", link=Person.KIND, help=N_("If somebody known here; else left empty.")),
    ),
    in_study=False,
    words=N_("New account"),
    makes=Account.KIND,
)
def add_account(
    work: Work,
    *,
    study: Id | None = None,  # noqa: ARG001 - accounts are in the directory
    name: str,
    username: str,
    password: str,
    identity_checked: str | None = None,
    person: Id | None = None,
) -> Id:
    """Add an account, with its person unless `person` is known already; returns the account's id.

    Raises UserError for a weak password, a user name that is taken, and somebody of a name known here unless a reason
    is given: one person with two identities could be the second person of what two people must do.
    """
    _refuse_weak(password, username)
    if person is None:
        _refuse_namesake(work, name)
    secret = new_secret(work.read.vault.entropy)
    whose = found_in(work, Person, person, None) if person else work.add(Person(name=checked_name(name)))
    account = work.add(
        Account(
            person=whose.id,
            username=checked_username(username),
            public_key=public_of(secret).hex(),
            owner=False,
            active=True,
            identity_checked=identity_checked,
        )
    )
    work.beside(lambda connection: _keep(connection, work, account.id, password, secret))
    return account.id


@action(
    "people:account:deactivate",
    N_("Account closed"),
    by=_OWNER,
    about=Account.KIND,
    in_study=False,
    words=N_("Close account"),
)
def deactivate_account(work: Work, *, study: Id | None = None, account: Id) -> Id:  # noqa: ARG001 - as above
    """Let an account sign in no more; what it did stays under its name, its keys are taken away.

    Raises UserError for the owner's own: somebody must be able to open accounts again.
    """
    found = found_in(work, Account, account, None)
    if found.owner:
        raise UserError(_("The account of the desk's owner stays open."), where=_("Account"))
    found.active = False
    keys.follow(work)
    return found.id


@action(
    "people:account:reactivate",
    N_("Account opened again"),
    by=_OWNER,
    about=Account.KIND,
    in_study=False,
    words=N_("Open account again"),
)
def reactivate_account(work: Work, *, study: Id | None = None, account: Id) -> Id:  # noqa: ARG001 - as above
    """Let an account that was closed sign in again."""
    found = found_in(work, Account, account, None)
    found.active = True
    work.beside(lambda connection: lockout.clear(connection, found.id))
    keys.follow(work)
    return found.id


@action(
    "people:account:reset_password",
    N_("Password made anew"),
    by=_OWNER,
    final=True,
    asks=(_PASSWORD,),
    about=Account.KIND,
    in_study=False,
    why=True,
    words=N_("New password"),
)
def reset_password(
    work: Work,
    *,
    study: Id | None = None,  # noqa: ARG001 - as above
    account: Id,
    password: str,
) -> Id:
    """Give an account whose password is forgotten a new one, and new keys with it; needs a reason.

    What was sealed to the old keys is handed on anew by whoever else holds it, with their next act or sign-in. Raises
    UserError where nobody else does: then only the old password can ever open it, and it must not be thrown away.
    """
    needs_reason(work, Account)
    found = found_in(work, Account, account, None)
    if found.id == work.act.account:
        raise UserError(
            _("This is your own account."), remedy=_("Change your password instead: your keys stay as they are.")
        )
    _refuse_weak(password, found.username)
    _refuse_loss(work, found.id)
    secret = new_secret(work.read.vault.entropy)
    found.public_key = public_of(secret).hex()

    def write(connection: sa.Connection) -> None:
        connection.execute(sa.delete(keyring).where(keyring.c.recipient == found.id))
        lockout.clear(connection, found.id)
        _keep(connection, work, found.id, password, secret)
        note(connection, work.now, Note(PASSWORD, work.act.account, None, found.id))

    work.beside(write)
    keys.follow(work)
    return found.id


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


def _refuse_namesake(work: Work, name: str) -> None:
    same = [each for each in persons(work.read) if each.name.casefold().split() == name.casefold().split()]
    if same and not work.act.reason.strip():
        raise UserError(
            _("Somebody called {name} is known here already.").format(name=same[0].name),
            where=_("Person"),
            remedy=_("Choose that person, or give a reason if it is somebody else of the same name."),
        )


def _refuse_weak(password: str, username: str) -> None:
    weak = password_weakness(password, username=username)
    if weak is not None:
        raise UserError(_(weak), where=_("Password"))


def _refuse_loss(work: Work, account: Id) -> None:
    """Raise UserError where this account alone can open something. One statement."""
    columns = keyring.c
    others = keyring.alias()
    # A list's public halves are kept under the list itself: they open nothing.
    alone = ~sa.exists().where(
        others.c.subject == columns.subject, others.c.recipient != account, others.c.recipient != others.c.subject
    )
    if work.read.first(sa.select(columns.subject).where(columns.recipient == account, alone)):
        raise UserError(
            _("Only this account can open sealed values of a study; with a new password they would be lost."),
            where=_("Account"),
            remedy=_("Make the person a new account. What is sealed waits until the old password is remembered."),
        )


def _keep(connection: sa.Connection, work: Work, account: Id, password: str, secret: bytes) -> None:
    """Seal an account's keys as those of the acting account are sealed: with the desk's key, at the same cost."""
    by = work.act.account or account
    own = credentials.Keys(secret, work.read.vault.desk_key)
    credentials.keep(connection, account, password, own, credentials.cost_of(connection, by))
