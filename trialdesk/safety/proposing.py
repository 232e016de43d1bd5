"""Proposes a deviation for a visit kept outside its window; takes the proposal back where the visit is put right."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from trialdesk.base.ids import Id
from trialdesk.enrollment.records import Visit
from trialdesk.enrollment.windows import Outside
from trialdesk.persistence.work import Work
from trialdesk.safety.actions.deviations import added
from trialdesk.safety.records import Deviation
from trialdesk.safety.retelling import EARLY, LATE, told


def propose(work: Work, *, visit: Visit, site: Id, outside: Outside | None) -> None:
    """Answer `enrollment.windows.Proposal`: one deviation a visit, which follows the visit until it is assessed.

    An assessed one stays as it was signed: whether it was right is for the investigator to say.
    """
    standing = _standing(work, visit)
    if outside is None:
        if standing is not None and standing.proposed and standing.assessed_on is None:
            work.void(standing)
        return
    words = told(
        EARLY if outside.early else LATE,
        kept=outside.kept_on,
        planned=outside.planned_on,
        before=outside.before,
        after=outside.after,
    )
    if standing is None:
        added(
            work,
            study=visit.study or "",
            site=site,
            participant=visit.participant,
            visit=visit.id,
            category="visit_window",
            occurred_on=outside.kept_on,
            found_on=max(work.today, outside.kept_on),
            description=words,
            proposed=True,
        )
    elif standing.proposed and standing.assessed_on is None:
        standing.occurred_on, standing.description = outside.kept_on, words


def _standing(work: Work, visit: Any) -> Deviation | None:
    own = Deviation.TABLE.c
    found = work.read.value(sa.select(own.id).where(own.visit == visit.id, own.category == "visit_window", ~own.voided))
    return work.find(Deviation, found) if found else None
