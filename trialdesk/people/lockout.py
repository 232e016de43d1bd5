"""Failed sign-ins, counted per account on this desk: after five an account waits, longer each time (21 CFR 11.300).

The count is neither an event nor synced: it belongs to this copy of the database, as the credentials do.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from trialdesk.base.errors import NotAllowed
from trialdesk.base.i18n import _, n_
from trialdesk.base.ids import Id
from trialdesk.people.rules import wait_after
from trialdesk.persistence.declaration import metadata
from trialdesk.persistence.types import IdType, InstantType, WholeType

lockout = sa.Table(
    "lockout",
    metadata,
    sa.Column("account", IdType, primary_key=True),
    sa.Column("failures", WholeType, nullable=False),
    sa.Column("until", InstantType),
    sqlite_strict=True,
)


def refuse_if_locked(connection: sa.Connection, account: Id, now: datetime) -> None:
    """Raise NotAllowed, telling for how many minutes, while an account must wait. No password is tried then."""
    until = connection.scalar(sa.select(lockout.c.until).where(lockout.c.account == account))
    if until is None or now >= until:
        return
    minutes = -(-(until - now) // timedelta(minutes=1))
    failures = connection.scalar(sa.select(lockout.c.failures).where(lockout.c.account == account))
    raise Locked(
        _("After {count} wrong passwords this account is locked.").format(count=failures),
        remedy=n_("Try again in {count} minute.", "Try again in {count} minutes.", minutes).format(count=minutes),
    )


class Locked(NotAllowed):
    """The account must wait before another password is tried."""


def count_failure(connection: sa.Connection, account: Id, now: datetime) -> int:
    """Count a wrong password and set the wait that follows; returns how many there were since the last right one."""
    own = lockout.c.account == account
    if not connection.execute(sa.update(lockout).where(own).values(failures=lockout.c.failures + 1)).rowcount:
        connection.execute(sa.insert(lockout).values(account=account, failures=1))
    failures: int = connection.execute(sa.select(lockout.c.failures).where(own)).scalar_one()
    wait = wait_after(failures)
    connection.execute(sa.update(lockout).where(own).values(until=now + wait if wait else None))
    return failures


def clear(connection: sa.Connection, account: Id) -> None:
    """Forget the failures of an account: its password was given, or made anew."""
    connection.execute(sa.delete(lockout).where(lockout.c.account == account))


def has_failures(connection: sa.Connection, account: Id) -> bool:
    """Say whether there is anything to clear."""
    return connection.scalar(sa.select(lockout.c.failures).where(lockout.c.account == account)) is not None
