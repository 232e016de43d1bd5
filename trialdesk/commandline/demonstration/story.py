"""The story: an investigator-initiated trial at two sites, from its protocol to a Friday of the fourteenth month."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain

from trialdesk.application import Application
from trialdesk.base.clock import SetClock
from trialdesk.commandline.demonstration import (
    collecting,
    course,
    dealing,
    design,
    ethics,
    money,
    papers,
    product,
    safety,
    sharing,
    team,
)
from trialdesk.commandline.demonstration.cohort import NOW
from trialdesk.commandline.demonstration.telling import Act, Told, tell

CHAPTERS = (
    team.people,
    design.study,
    team.delegations,
    team.trainings,
    design.laid_down,
    ethics.initial,
    money.agreed,
    dealing.dealt,
    course.lists,
    course.courses,
    product.moved,
    safety.events,
    safety.found,
    safety.asked,
    safety.signed,
    ethics.renewal,
    design.amended,
    ethics.amendment,
    ethics.reported,
    money.claimed,
    collecting.collected,
    money.doubted,
    sharing.shared,
    papers.filed,
    papers.issued,
)
"""Who gives which acts; of one instant, those of an earlier chapter come first."""


def live(application: Application, clock: SetClock, *, password: str, progress: Callable[[int, int], None]) -> Told:
    """Live the story on a desk just made by its owner, up to the day on which it stops."""
    acts = [*team.accounts(password), *chain.from_iterable(chapter() for chapter in CHAPTERS)]
    return tell(application, clock, filter(_is_past, acts), password=password, progress=progress)


def _is_past(each: Act) -> bool:
    return each.at <= NOW
