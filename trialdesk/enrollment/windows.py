"""Visits out of their window: found here, told to the stage that proposes a deviation."""

from __future__ import annotations

from datetime import date
from typing import Any, Protocol

from trialdesk.base.dates import day_of
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.enrollment.plan import planned_on
from trialdesk.enrollment.records import Participant, Visit
from trialdesk.enrollment.rules import visit_state
from trialdesk.persistence.work import Work
from trialdesk.studies.records import PlannedVisit

OUT_OF_WINDOW = "enrollment:visit:out_of_window"
"""Told of every visit recorded, corrected or voided here (`Proposal`)."""


@dataclass(frozen=True, slots=True)
class Outside:
    """A visit kept outside its window: the day it was kept, the day it was planned for, days before and after it."""

    kept_on: date
    planned_on: date
    before: int
    after: int
    early: bool


class Proposal(Protocol):
    """A later stage's answer to a visit: `outside` says how it lies outside its window, None where it does not."""

    def __call__(self, work: Any, *, visit: Visit, site: Id, outside: Outside | None) -> None: ...  # noqa: D102 - as above


def tell_of_window(work: Work, visit: Visit) -> None:
    """Tell whoever is wired to know whether a visit, as it will stand after this act, lies outside its window."""
    answers = work.wired(OUT_OF_WINDOW)
    if not answers:
        return
    found = None if visit.voided else outside(work, visit)
    site = work.get(Participant, visit.participant).site
    for propose in answers:
        propose(work, visit=visit, site=site, outside=found)


def outside(work: Work, visit: Visit) -> Outside | None:
    """Return how a visit lies outside its window; None where it lies inside, or nobody can tell."""
    plan = work.find(PlannedVisit, visit.planned_visit) if visit.planned_visit else None
    kept = day_of(visit.started_on) if visit.started_on else None
    if plan is None or kept is None or not visit.happened:
        return None
    planned = planned_on(work.read, study=visit.study or "", participant=visit.participant, planned_visit=plan.id)
    state = visit_state(
        planned_on=planned,
        before=plan.window_before,
        after=plan.window_after,
        started_on=visit.started_on,
        happened=True,
        today=work.today,
    )
    if planned is None or state not in ("early", "late"):
        return None
    return Outside(kept, planned, plan.window_before or 0, plan.window_after or 0, state == "early")
