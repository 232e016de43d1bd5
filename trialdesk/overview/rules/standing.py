"""At what stage a study is, what is missing in it and what comes next: on plain numbers."""

from __future__ import annotations

from datetime import date
from typing import Literal

from trialdesk.base.dates import PartialDate
from trialdesk.base.values import dataclass
from trialdesk.enrollment.rules import happened_by

Stage = Literal["set-up", "enrolling", "follow-up", "ended"]
GapCode = Literal["consent", "eligibility", "approval", "fatal", "arms"]
Next = Literal["site", "participant", "gaps", "report"]


@dataclass(frozen=True, slots=True)
class Tally:
    """Numbers of a study. `entered` were allocated, `ended` of them completed or discontinued.

    `unconsented` are imported participants without a recorded consent, `fatal_not_serious` events, `other_arm`
    participants whose actual arm is not the planned one (0 where arms are not open to all).
    """

    sites: int = 0
    screened: int = 0
    entered: int = 0
    ended: int = 0
    screening: int = 0
    imported: int = 0
    unconsented: int = 0
    adverse_events: int = 0
    fatal_not_serious: int = 0
    other_arm: int = 0


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is not recorded, or contradicts itself: `count` cases of `of`."""

    code: GapCode
    count: int
    of: int


def stage(tally: Tally, *, planned: int | None, ended_on: PartialDate | None, today: date) -> Stage:
    """Return the stage of a study, from what is recorded of its participants."""
    if ended_on is not None and happened_by(ended_on, today):
        return "ended"
    if not tally.screened:
        return "set-up"
    if tally.entered >= (planned or 1) and not tally.screening:
        return "ended" if tally.ended == tally.entered else "follow-up" if planned else "enrolling"
    return "enrolling"


def gaps(tally: Tally) -> tuple[Gap, ...]:
    """Return what a person should look at.

    Consent, eligibility and approval are asked of imported participants: an import invents none of them. Neither
    eligibility nor approval can come with one, so they are missing for all of them.
    """
    found = (
        Gap("consent", tally.unconsented, tally.imported),
        Gap("eligibility", tally.imported, tally.imported),
        Gap("approval", int(tally.imported > 0), 1),
        Gap("fatal", tally.fatal_not_serious, tally.adverse_events),
        Gap("arms", tally.other_arm, tally.entered),
    )
    return tuple(gap for gap in found if gap.count)


def next_step(tally: Tally) -> Next:
    """Return what a study needs next."""
    if not tally.sites:
        return "site"
    if not tally.screened:
        return "participant"
    return "gaps" if gaps(tally) else "report"
