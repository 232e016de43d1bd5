"""What an account may do and see, computed from the records on the day it is asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from trialdesk.base.errors import NotAllowed
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.people.records import Account, Delegation
from trialdesk.people.rules import PI, ROLES, UNBLINDED, counts_from, roles_on
from trialdesk.persistence.reading import Read

_account, _given = Account.TABLE.c, Delegation.TABLE.c

# Asked before every act: made once, so that asking costs no more than the two look-ups.
_PERSON = sa.select(_account.person, _account.owner).where(
    _account.id == sa.bindparam("account"), _account.active, ~_account.voided
)
SIGNED_FOR = sa.or_(_given.awaits_signature.is_(None), ~_given.awaits_signature)
"""The condition that a delegation counts: it is signed for, or from before delegations were."""

_DELEGATIONS = sa.select(_given.person, _given.role, _given.starts_on, _given.authorised_on, _given.ends_on).where(
    _given.study == sa.bindparam("study"), ~_given.voided, SIGNED_FOR
)


def roles(read: Read, *, study: Id | None, on: date) -> frozenset[str]:
    """Return the roles of the reading account in a study on a day; in the directory, whether it owns the desk.

    Two statements. Judged on the desk as it is, also while a past state is shown.
    """
    live = read.live
    person = next(iter(live.rows(_PERSON, account=live.account)), None)
    if person is None:
        return frozenset()
    return _held(live.rows(_DELEGATIONS, study=study) if study else [], person.person, on, owner=person.owner)


def holders(read: Read, *, study: Id, wanted: frozenset[str], on: date) -> dict[Id, bytes]:
    """Return the accounts that hold one of the roles `wanted` in a study on a day, with their public keys.

    Two statements. Judged as `roles` judges, for everybody at once.
    """
    live = read.live
    query = sa.select(_account.id, _account.person, _account.owner, _account.public_key)
    delegations = live.rows(_DELEGATIONS, study=study)
    found: dict[Id, bytes] = {}
    for row in live.rows(query.where(_account.active, ~_account.voided)):
        if not wanted.isdisjoint(_held(delegations, row.person, on, owner=row.owner)):
            found[row.id] = bytes.fromhex(row.public_key)
    return found


def may_see_arms(read: Read, *, study: Id, unblinded: bool, on: date) -> bool:
    """Say whether the account may know who is in which arm: everybody in an unblinded study, else the unblinded."""
    return unblinded or not roles(read, study=study, on=on).isdisjoint(UNBLINDED)


def refuse_unless(held: Iterable[str], wanted: frozenset[str]) -> None:
    """Raise NotAllowed, naming the roles that may, unless one of them is held."""
    if wanted.isdisjoint(held):
        labels = dict(ROLES)
        names = ", ".join(_(labels[code]) for code, _label in ROLES if code in wanted) or _("the owner of this desk")
        raise NotAllowed(_("Your role does not allow this."), remedy=_("It is done by: {roles}.").format(roles=names))


def _held(delegations: Sequence[sa.Row[Any]], person: Id, on: date, *, owner: bool) -> frozenset[str]:
    counted = [(each, counts_from(each.starts_on, each.authorised_on)) for each in delegations]
    return roles_on(
        on,
        owner=owner,
        delegations=[(each.role, since, each.ends_on) for each, since in counted if each.person == person],
        study_has_pi=any(each.role == PI and since <= on for each, since in counted),
    )
