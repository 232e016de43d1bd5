"""Keys follow roles: of participants' privacy, of a sealed list, of an open-label study's list until slots are used.

A key can only be handed on by somebody signed in who holds it, so what is due is done with the next act or sign-in of
one of them. Taking a key away needs no key; the last account that can still open something keeps it all the same, for
without it what is sealed would be lost to everybody.
"""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa

from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.people.rights import holders
from trialdesk.people.rules import IDENTIFYING, UNBLINDED
from trialdesk.people.sealing import ALLOCATING, CONCEALING, UNBLINDING, concealing_subject, unblinding_subject
from trialdesk.persistence.reading import Read
from trialdesk.persistence.work import Work
from trialdesk.persistence.wrapping import PRIVACY, keep_wrap, keyring, withdraw, wrap_to
from trialdesk.trail.access import KEY_GIVEN, KEY_WITHDRAWN, Note, note

_NOTED = {PRIVACY: "privacy", UNBLINDING: "unblinding", CONCEALING: "list"}
"""What the access log calls each key."""


@dataclass(frozen=True, slots=True)
class Due:
    """A wrap to be made (`wrapped`) or to be taken away (None)."""

    subject: Id
    account: Id
    study: Id
    wrapped: bytes | None
    purpose: bytes


def follow(work: Work) -> None:
    """Hand on and take away keys as the roles stand after this act, in its transaction."""
    work.afterwards(lambda connection: settle(connection, due(work.read, on=work.today), work.act.account, work.now))


def hand_on_new(work: Work) -> None:
    """Hand on the keys that this act itself makes: the first private value of a study makes the study's key."""
    made = work.read.vault.made

    def hand_on(connection: sa.Connection) -> None:
        if made:
            made.clear()
            settle(connection, due(work.read, on=work.today), work.act.account, work.now)

    work.afterwards(hand_on)


def due(read: Read, *, on: date) -> tuple[Due, ...]:
    """Return what is due on a day, as far as the reading account can do it. Some four statements for each key."""
    live = read.live
    kept: dict[tuple[Id, Id], set[Id]] = {}
    columns = keyring.c
    for row in live.rows(
        sa.select(columns.study, columns.subject, columns.recipient).where(columns.recipient != columns.study)
    ):
        if row.subject in _keys_of(row.study):
            kept.setdefault((row.study, row.subject), set()).add(row.recipient)
    found: list[Due] = []
    for (study, subject), recipients in sorted(kept.items()):
        purpose, wanted = _keys_of(study)[subject]
        entitled = holders(live, study=study, wanted=wanted, on=on)
        having = recipients - {subject}
        key = live.key(subject, purpose)
        given = entitled.keys() - having if key is not None else set()
        found += [
            Due(subject, account, study, wrap_to(entitled[account], key or b"", purpose=purpose), purpose)
            for account in sorted(given)
        ]
        if entitled.keys() & (having | given):
            found += [Due(subject, account, study, None, purpose) for account in sorted(having - entitled.keys())]
    return tuple(found)


def _keys_of(study: Id) -> dict[Id, tuple[bytes, frozenset[str]]]:
    """Return the keys of a study by subject: what each is for, and who is to have it."""
    return {
        study: (PRIVACY, IDENTIFYING),
        unblinding_subject(study): (UNBLINDING, UNBLINDED),
        concealing_subject(study): (CONCEALING, ALLOCATING),
    }


def settle(connection: sa.Connection, all_due: tuple[Due, ...], account: Id | None, at: datetime) -> None:
    """Do what is due, and note it: to whom, for which study, which key."""
    for each in all_due:
        if each.wrapped is None:
            withdraw(connection, each.subject, each.account)
        else:
            keep_wrap(connection, each.subject, each.account, each.study, each.wrapped)
    noted = (
        Note(
            KEY_WITHDRAWN if each.wrapped is None else KEY_GIVEN,
            account,
            each.study,
            f"{_NOTED[each.purpose]} {each.account}",
        )
        for each in all_due
    )
    note(connection, at, *noted)
