"""What passes at the door of a desk: what a person asks for, the desk they are given, and the doors themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from trialdesk.base.values import dataclass
from trialdesk.desktop.drafts import Drafts
from trialdesk.desktop.jobs import Progress

if TYPE_CHECKING:
    from trialdesk.desktop.desk import Application, Sources

Where = Path | str
"""A desk's file, or the address of its server."""


@dataclass(frozen=True, slots=True)
class NewDesk:
    """Make a desk at `path`, owned by a person with this name and user name."""

    path: Path
    name: str
    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignIn:
    """Open the desk at `path` as this user."""

    path: Where
    user: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class Opened:
    """A desk open for one account."""

    application: Application
    sources: Sources
    path: Where
    user: str
    drafts: Drafts | None = None
    notes: tuple[str, ...] = ()
    """What the person should know of the desk as it was opened."""
    close: Callable[[], object] = lambda: None
    interrupt: Callable[[], object] = lambda: None
    """Told when the desk is locked: who signs next proves anew who they are."""


class Demonstration(Protocol):
    """Builds the demonstration, which the window does not know how to build."""

    def __call__(self, folder: Path, tell: Callable[[int, int], None]) -> tuple[Path, str, str]:
        """Build it in the folder where there is none yet; return its desk, its user and that user's password."""
        ...


class Doors(Protocol):
    """How the window reaches the domain. Each raises a `Told` where a person can mend it."""

    def make(self, request: NewDesk) -> Opened:
        """Make a desk and its owner, and open it."""
        ...

    def sign_in(self, request: SignIn) -> Opened:
        """Open a desk for an account."""
        ...

    def demonstration(self, progress: Progress) -> Opened:
        """Build the demonstration desk where there is none yet, and open it."""
        ...
