"""Where one is in the window, and what the window must know of a study and of things found. Values, no Qt."""

from __future__ import annotations

from trialdesk.base.values import dataclass
from trialdesk.desktop.models.status import Status


@dataclass(frozen=True, slots=True)
class Spot:
    """A place, or a section of a study, and within it what to look at: an id the page understands."""

    place: str
    study: str = ""
    section: str = ""
    focus: str = ""


@dataclass(frozen=True, slots=True)
class StudyHead:
    """What a study's header and the list of studies show; all words ready to be read.

    `late` says that what comes next should be done already.
    """

    id: str
    acronym: str
    title: str
    stage: Status
    pi: str = ""
    next_action: str = ""
    next_spot: Spot | None = None
    blinding: Status | None = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """Something the palette offers besides places and commands: a participant, a report."""

    title: str
    detail: str
    spot: Spot
    icon: str = "search"
