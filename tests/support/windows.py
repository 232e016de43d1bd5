"""Two windows on one desk, doing something at once: one is held before it commits while the other tries."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from tests.support.desks import CHEAP
from trialdesk.application import Application, Done
from trialdesk.base.errors import Told
from trialdesk.people.acting import Action

_MOMENT = 0.2
"""Seconds in which a window that does not wait for the other is done with what it does."""


@contextmanager
def second_window(desk: Application, username: str, password: str) -> Iterator[Application]:
    """Open the same desk once more, signed in."""
    other = Application(desk.database.where, clock=desk.clock, new_id=desk.new_id, cost=CHEAP, marks=desk._marks).open()
    try:
        other.sign_in(username, password)
        yield other
    finally:
        other.close()


def at_once(
    first: Application,
    act: Action,
    given: Mapping[str, Any],
    second: Application,
    other: Action,
    then: Mapping[str, Any],
) -> tuple[Done, Done | Told]:
    """Do `act` in the first window; before it commits, begin `other` in the second. Return what came of both.

    The second must wait for the first: what it looks at is what the first leaves.
    """
    came: list[Done | Told] = []
    waited: list[bool] = []
    trying = threading.Event()

    def try_it() -> None:
        trying.set()
        try:
            came.append(second.run(other, **then))
        except Told as told:
            came.append(told)

    thread = threading.Thread(target=try_it)

    def held(work: Any, **arguments: Any) -> Any:
        made = act.perform(work, **arguments)
        thread.start()
        trying.wait()
        thread.join(_MOMENT)
        waited.append(thread.is_alive())
        return made

    try:
        done = first.run(replace(act, perform=held), **given)
    finally:
        if thread.ident is not None:
            thread.join()
    assert waited == [True], "the second window did not wait for the first"
    return done, came[0]
