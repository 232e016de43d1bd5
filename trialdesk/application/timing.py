"""A computer whose clock is behind what the desk has recorded: it is told, and what is final is not done under it."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.persistence.work import Work
from trialdesk.trail.position import last_instant
from trialdesk.trail.tables import event, stream

_AHEAD = timedelta(minutes=5)


def clock_note(connection: sa.Connection, now: datetime) -> str | None:
    """Return what is odd about this computer's time, or None."""
    last = last_instant(connection)
    if last is None or last <= now + _AHEAD:
        return None
    return _(
        "This computer's clock shows {now}, but the desk was last written at {last}. Check the clock; "
        "what you record now keeps its order all the same."
    ).format(now=_told(now), last=_told(last))


def refuse_if_behind(work: Work, study: Id) -> None:
    """Refuse a final act while the clock is behind the study's last step, unless its reason says why all the same.

    A clock set back would let an approval be in force again that has lapsed, or a role that has ended. The reason is
    for who has the right time after a step was recorded under a wrong one. Raises UserError. One statement.
    """
    query = (
        sa.select(event.c.at)
        .join(stream, stream.c.id == event.c.stream)
        .where(stream.c.study == study)
        .order_by(event.c.at.desc())
    )
    last = work.read.value(query)
    if last is None or last <= work.now + _AHEAD or work.act.reason.strip():
        return
    raise UserError(
        _("This computer's clock shows {now}, but the last step was recorded at {last}.").format(
            now=_told(work.now), last=_told(last)
        ),
        remedy=_("Set the clock right. If it is right and that step was recorded under a wrong one, give a reason."),
    )


def _told(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%d %H:%M UTC")
