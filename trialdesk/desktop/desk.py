"""What a page has around it: questions, acts, undo, drafts, memory and the way to other pages.

A page never touches the application, a thread or another page itself: it asks `read`, `act` and `go`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Signal

from trialdesk.base.clock import Clock
from trialdesk.base.errors import Told
from trialdesk.base.i18n import _
from trialdesk.desktop.changes import Changes
from trialdesk.desktop.drafts import Drafts
from trialdesk.desktop.jobs import Job, Jobs, Progress
from trialdesk.desktop.remember import Memory
from trialdesk.desktop.spot import Found, Spot, StudyHead

if TYPE_CHECKING:
    from trialdesk.overview.rules.waiting import Waiting

T = TypeVar("T")

UNDO_STEPS = 50


class Done(Protocol):
    """What an act answers."""

    @property
    def result(self) -> object:
        """Return what the action returned, such as the id of a new record."""
        ...

    @property
    def transaction(self) -> str | None:
        """Return the change set's id, None where nothing changed."""
        ...

    @property
    def changed(self) -> frozenset[str]:
        """Return the kinds of record that changed."""
        ...

    @property
    def label(self) -> str:
        """Return what was done, in words."""
        ...

    @property
    def undoable(self) -> bool:
        """Say whether it can be taken back."""
        ...


class Application(Protocol):
    """The domain as the window sees it; called from worker threads only."""

    clock: Clock
    is_demonstration: bool
    """Whether the desk tells an invented trial, whose clock is its own."""

    @property
    def today(self) -> date:
        """The calendar date at the desk."""
        ...

    def read(self, query: Callable[..., Any], /, **arguments: Any) -> Any:
        """Return what the query answers: frozen dataclasses."""
        ...

    def run(self, action: Any, /, *, reason: str = "", **arguments: Any) -> Done:
        """Run an action and answer what was done."""
        ...

    def undo(self, transaction: str, *, reason: str = "") -> Done:
        """Take a change set back."""
        ...

    def verify(self, progress: Progress) -> Any:
        """Prove the desk and return the verdict."""
        ...


class Sources(Protocol):
    """What the window itself must read; each is called on a reader's thread."""

    def studies(self) -> tuple[StudyHead, ...]:
        """Return the studies this account may see."""
        ...

    def glance(self) -> tuple[tuple[StudyHead, ...], Mapping[str, int]]:
        """Return the studies, and by place or `place/section` how many things wait there: both from one look."""
        ...

    def waiting(self) -> tuple[Waiting, ...]:
        """Return what waits for somebody today in the studies this account may see, most urgent first."""
        ...

    def find(self, words: str) -> tuple[Found, ...]:
        """Return at most a dozen participants, reports and other things whose names fit the words."""
        ...


class Desk(QObject):
    """One open desk and one account, for as long as they are open. The window listens to its signals."""

    asked = Signal(object)
    """A page asked to go to a Spot."""
    finished = Signal(object)
    """An act is done: Done."""
    refused = Signal(object)
    """An act or question was refused: Told."""
    said = Signal(str)
    """Words for the quiet notice."""
    undo_changed = Signal()
    settings_asked = Signal(str)
    """language:CODE, look:CHOICE or lock:MINUTES was chosen."""

    def __init__(
        self,
        application: Application,
        sources: Sources,
        *,
        jobs: Jobs,
        memory: Memory,
        drafts: Drafts | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.sources = sources
        self.jobs = jobs
        self.memory = memory
        self.drafts = drafts or Drafts()
        self.changes = Changes(self)
        self._application = application
        self._acts: list[Done] = []

    def read(
        self,
        query: Callable[..., Any],
        /,
        *,
        then: Callable[[Any], object],
        owner: QObject,
        failed: Callable[[BaseException], object] | None = None,
        latest: str = "",
        **arguments: Any,
    ) -> Job:
        """Ask a query in the background and hand its answer to `then`; the rest goes to the query.

        With `latest`, an answer that a newer question of that name has overtaken is dropped.
        """
        return self.jobs.read(
            lambda: self._application.read(query, **arguments), then=then, failed=failed, owner=owner, latest=latest
        )

    def act(
        self,
        action: Any,
        /,
        *,
        owner: QObject,
        then: Callable[[Any], object] | None = None,
        failed: Callable[[BaseException], object] | None = None,
        reason: str = "",
        fetched: Mapping[str, Callable[[], Any]] | None = None,
        **arguments: Any,
    ) -> Job:
        """Run an action in the background; `then` gets its result, the notice tells it and offers *Undo*.

        `failed` is for a page that shows some refusals itself; without it they go to the notice. `fetched` are
        arguments that take their time, such as a file's bytes: they are fetched in the background too.
        """

        # The act is noted even if the page that asked for it is gone by then: the desk owns the answer, not the page.
        def done(answer: Done) -> None:
            self._note(answer)
            if then and shiboken6.isValid(owner):
                then(answer.result)

        def run() -> Done:
            late = {name: fetch() for name, fetch in (fetched or {}).items()}
            return self._application.run(action, reason=reason, **arguments, **late)

        return self.jobs.write(
            run,
            then=done,
            failed=self._for(owner, failed) if failed else None,
            owner=self,
        )

    def act_beside(
        self,
        action: Any,
        /,
        *,
        title: str,
        owner: QObject,
        then: Callable[[Any], object] | None = None,
        failed: Callable[[BaseException], object] | None = None,
        **arguments: Any,
    ) -> Job:
        """Run an action that tells by `tell` how far it is; else as `act`. Cancelled, it leaves nothing."""

        def done(answer: Done) -> None:
            self._note(answer)
            if then and shiboken6.isValid(owner):
                then(answer.result)

        return self.jobs.long(
            lambda progress: self._application.run(action, tell=progress, **arguments),
            title=title,
            writes=True,
            then=done,
            failed=self._for(owner, failed) if failed else None,
            owner=self,
        )

    def ask(
        self,
        question: Callable[[Any], T],
        /,
        *,
        then: Callable[[T], object],
        owner: QObject,
        failed: Callable[[BaseException], object] | None = None,
        latest: str = "",
    ) -> Job:
        """Ask something of the application itself in the background, such as a document; else as `read`."""
        return self.jobs.read(lambda: question(self._application), then=then, failed=failed, owner=owner, latest=latest)

    @property
    def today(self) -> date:
        """The calendar date at the desk."""
        return self._application.today

    @property
    def now(self) -> datetime:
        """This instant at the desk, in UTC."""
        return self._application.clock.now()

    @property
    def is_demonstration(self) -> bool:
        """Say whether this is the demonstration, where time goes on from the last act."""
        return self._application.is_demonstration

    def long(
        self,
        work: Callable[[Application, Progress], Any],
        /,
        *,
        title: str,
        owner: QObject,
        writes: bool = False,
        then: Callable[[Any], object] | None = None,
        failed: Callable[[BaseException], object] | None = None,
    ) -> Job:
        """Run long work with the application and a progress to call; it shows at the window's foot under `title`."""
        return self.jobs.long(
            lambda progress: work(self._application, progress),
            title=title,
            owner=owner,
            writes=writes,
            then=then,
            failed=failed,
        )

    def go(self, place: str, *, study: str = "", section: str = "", focus: str = "") -> None:
        """Go to a place, or to a section of a study, and there look at `focus`."""
        self.asked.emit(Spot(place, study, section, focus))

    def tell(self, words: str) -> None:
        """Show words (translated) in the quiet notice."""
        self.said.emit(words)

    def last_act(self) -> str:
        """Return the words of the act that `undo` would take back, empty where there is none."""
        return self._acts[-1].label if self._acts else ""

    def undo(self) -> None:
        """Take the last act back that can be; says so where there is none."""
        if not self._acts:
            self.said.emit(_("There is nothing to undo."))
            return
        act = self._acts[-1]
        transaction = act.transaction or ""

        def done(answer: Done) -> None:
            if act in self._acts:
                self._acts.remove(act)
            self.changes.emit(answer.changed)
            self.undo_changed.emit()
            self.said.emit(_("Undone: {act}").format(act=act.label))

        def failed(error: BaseException) -> None:
            # What cannot be taken back now (someone changed it since) must not stand in the way of what was before.
            if act in self._acts:
                self._acts.remove(act)
            self.undo_changed.emit()
            if not isinstance(error, Told):
                raise error
            self.refused.emit(error)

        self.jobs.write(lambda: self._application.undo(transaction), then=done, failed=failed, owner=self)

    def take_back(
        self,
        transaction: str,
        *,
        reason: str,
        owner: QObject,
        then: Callable[[], object] | None = None,
        failed: Callable[[BaseException], object] | None = None,
    ) -> Job:
        """Take any step back, not only the last of this window; the notice tells it and offers *Undo* of that."""

        def done(answer: Done) -> None:
            self._note(answer)
            if then and shiboken6.isValid(owner):
                then()

        return self.jobs.write(
            lambda: self._application.undo(transaction, reason=reason),
            then=done,
            failed=self._for(owner, failed) if failed else None,
            owner=self,
        )

    def _for(self, owner: QObject, failed: Callable[[BaseException], object]) -> Callable[[BaseException], None]:
        """Return `failed`, or the notice where the one who asked is gone by the time of the answer."""

        def told(error: BaseException) -> None:
            if shiboken6.isValid(owner):
                failed(error)
            elif isinstance(error, Told):
                self.refused.emit(error)
            else:
                raise error

        return told

    def _note(self, answer: Done) -> None:
        if answer.undoable and answer.transaction:
            self._acts.append(answer)
            del self._acts[:-UNDO_STEPS]
        self.changes.emit(answer.changed)
        self.undo_changed.emit()
        if answer.label:
            self.finished.emit(answer)
