"""What became of the study product: delivered, given out in bottles, returned, destroyed; one delivery got too warm."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from trialdesk.commandline.demonstration.cohort import Course, cohort, workday
from trialdesk.commandline.demonstration.course import NURSE
from trialdesk.commandline.demonstration.design import ACTIVATED, PRODUCT
from trialdesk.commandline.demonstration.team import TOMAS
from trialdesk.commandline.demonstration.telling import Act, act
from trialdesk.enrollment.actions import record_movement

BATCH, WARM = "VX-2504", "VX-2511"
USE_BY = date(2027, 4, 30)
DELIVERED, GIVEN, RETURNED = 60, 3, 1
"""Bottles of thirty: a site's delivery, a participant's twelve weeks, and what is left of them."""
DESTROYED_ON = date(2026, 3, 27)
WARM_ON = date(2026, 1, 20)


def moved() -> Iterator[Act]:
    """Give every movement of the product at both sites."""
    for site, opened in ACTIVATED.items():
        yield _move(TOMAS, site, opened + timedelta(days=2), "received", DELIVERED, condition="good",
                    reference=f"Delivery note {site}-1", remarks="Kept in the locked cabinet")  # fmt: skip
    yield _move(TOMAS, "01", WARM_ON, "received", 20, batch=WARM, condition="excursion", clock="08:40",
                reference="Delivery note 01-2", remarks="Logger: 31 °C for six hours on the way")  # fmt: skip
    yield _move(TOMAS, "01", workday(WARM_ON + timedelta(days=2)), "sent_back", 20, batch=WARM,
                condition="excursion", reference="Return form 01-1")  # fmt: skip
    for each in cohort():
        if each.arm == "A" and each.allocated_on is not None:
            yield _move(NURSE[each.site], each.site, each.allocated_on, "given", GIVEN, clock="10:25",
                        participant=each.identifier)  # fmt: skip
            if (on := _back(each)) is not None:
                yield _move(NURSE[each.site], each.site, on, "returned", RETURNED, clock="10:30",
                            participant=each.identifier)  # fmt: skip
    for site in ACTIVATED:
        back = [on for each in cohort() if each.site == site and (on := _back(each)) and on < DESTROYED_ON]
        if back:
            yield _move(TOMAS, site, DESTROYED_ON, "destroyed", RETURNED * len(back),
                        reference=f"Certificate of destruction {site}-1")  # fmt: skip


def _back(each: Course) -> date | None:
    """Return when a participant brought back what was left."""
    if each.arm != "A" or each.allocated_on is None:
        return None
    return next((kept.on for kept in each.visits if kept.name == "Week 12" and kept.on is not None), None)


def _move(who: str, site: str, on: date, moved: str, count: int, *, batch: str = BATCH, clock: str = "09:40",
          **more: Any) -> Act:  # fmt: skip
    return act(who, on, record_movement, clock=clock, site=f"site {site}", moved=moved, moved_on=on, product=PRODUCT,
               batch=batch, expires_on=USE_BY, quantity=count, unit="bottles", handled_by=who, **more)  # fmt: skip
