"""Which desk, which account, which password; and the desk opened with them."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from trialdesk.application import Application, normalised
from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _
from trialdesk.base.settings import Settings
from trialdesk.commandline.output import complain
from trialdesk.people.queries import accounts

DESKS = "desks"
"""The desks opened here, the last one first; the window keeps the same list."""
USERS = "users"
"""Who signed in last, by desk."""

_RECENT = 5


@contextmanager
def desk(arguments: Namespace) -> Iterator[Application]:
    """Open the desk the words name, with nobody signed in. Raises Told."""
    where = _where(arguments.desk)
    application = Application(where)
    try:
        application.open()
        if application.is_demonstration:
            complain(_("Demonstration: the date here is {date}.").format(date=application.today.isoformat()))
        _tell_notes(application)
        remember(where)
        yield application
    finally:
        application.close()


def is_named(arguments: Namespace) -> bool:
    """Say whether the words, the environment or an earlier opening name a desk."""
    return bool(_named(arguments.desk))


@contextmanager
def signed_in(arguments: Namespace) -> Iterator[Application]:
    """Open the desk and sign the account in. Raises Told, NotAllowed for a wrong password."""
    with desk(arguments) as application:
        username = _who(application, arguments.user)
        application.sign_in(username, password(username))
        _tell_notes(application)
        remember(application.database.where, username)
        yield application


def password(username: str, *, new: bool = False) -> str:
    """Return the password from TRIALDESK_PASSWORD or ask for it without showing it; a new one is asked for twice.

    Raises UserError where nobody can be asked, or two answers differ.
    """
    given = os.environ.get("TRIALDESK_PASSWORD")
    if given is not None:
        return given
    if sys.stdin is None or not sys.stdin.isatty():
        raise UserError(
            _("The password of {user} is needed.").format(user=username),
            remedy=_("Set TRIALDESK_PASSWORD, or run this in a terminal."),
        )
    from getpass import getpass

    try:
        typed = getpass(_("Password of {user}: ").format(user=username))
        again = getpass(_("Once more: ")) if new else typed
    except EOFError as error:
        raise UserError(_("No password was given.")) from error
    if typed != again:
        raise UserError(_("The two passwords differ."), remedy=_("Nothing was made. Try again."))
    return typed


def passphrase(name: str) -> str:
    """Return the passphrase of a file from TRIALDESK_PASSPHRASE or ask for it without showing it.

    Raises UserError where nobody can be asked.
    """
    given = os.environ.get("TRIALDESK_PASSPHRASE")
    if given is not None:
        return given
    if sys.stdin is None or not sys.stdin.isatty():
        raise UserError(
            _("The passphrase of {file} is needed.").format(file=name),
            remedy=_("Set TRIALDESK_PASSPHRASE, or run this in a terminal."),
        )
    from getpass import getpass

    try:
        return getpass(_("Passphrase of {file}: ").format(file=name))
    except EOFError as error:
        raise UserError(_("No passphrase was given.")) from error


def remember(where: str, username: str = "") -> None:
    """Keep the desk as the one opened last, and who signed in there. An address that holds a password is not kept."""
    if "://" in where and urlsplit(where).password is not None:
        return
    settings = Settings()
    where = normalised(where)
    desks = _recent(settings)
    if desks[:1] != [where]:
        settings.set(DESKS, [where, *(each for each in desks if each != where)][:_RECENT])
    users = _last_users(settings)
    if username and users.get(where) != username:
        settings.set(USERS, {**users, where: username})


def _named(given: str | None) -> str | None:
    return given or os.environ.get("TRIALDESK_DESK") or next(iter(_recent(Settings())), None)


def _where(given: str | None) -> str:
    where = _named(given)
    if not where:
        raise UserError(
            _("Which desk?"),
            remedy=_("Name it by --desk or TRIALDESK_DESK, or make one: trialdesk new PATH --user U --name N"),
        )
    return normalised(where)


def _who(application: Application, given: str | None) -> str:
    name = given or os.environ.get("TRIALDESK_USER")
    if name:
        return name
    here: list[str] = [row.username for row in application.read(accounts) if row.active]
    if len(here) == 1:
        return here[0]
    last = _last_users(Settings()).get(application.database.where)
    if isinstance(last, str) and last in here:
        return last
    raise UserError(_("Who are you?"), remedy=_("Name your account by --user or TRIALDESK_USER."))


def _recent(settings: Settings) -> list[str]:
    kept = settings.get(DESKS, [])
    return [each for each in kept if isinstance(each, str)] if isinstance(kept, list) else []


def _last_users(settings: Settings) -> dict[str, Any]:
    kept = settings.get(USERS, {})
    return kept if isinstance(kept, dict) else {}


def _tell_notes(application: Application) -> None:
    for note in application.notes:
        complain(note)
    application.notes.clear()
