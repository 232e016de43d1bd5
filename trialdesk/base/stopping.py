"""Ctrl-C while a command runs: it stops the command at any moment but those in which a step is saved or was saved.

Python hears Ctrl-C between any two statements, so also between the disk's having a step and the program's knowing it.
What is being saved is therefore saved first; and a command whose one step is saved goes on to say so.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Stop:
    """What Ctrl-C meets in one command: whether a step is being saved, or was, and whether it came."""

    def __init__(self) -> None:
        self.saving = False
        self.saved = False
        """Whether a step was saved in full."""
        self.asked = False
        """Whether the person asked to stop."""
        self.goes_on = False
        """Whether further steps follow the first: then asking stops the command between two of them."""

    @property
    def is_done(self) -> bool:
        """Whether what the command was to save is saved, all of it."""
        return self.saved and not self.goes_on

    def hear(self, _number: int, _frame: Any) -> None:
        """Take Ctrl-C. Raises KeyboardInterrupt unless a step is being saved, or it comes first after all is saved."""
        waits = self.saving or (self.is_done and not self.asked)
        self.asked = True
        if not waits:
            raise KeyboardInterrupt


_COMMANDS: list[Stop] = []
"""The command that runs now, if one does: there is one Ctrl-C for the whole program."""


@contextmanager
def heard(*, ends: bool = False) -> Iterator[Stop]:
    """Hear Ctrl-C for one command; a program that `ends` with it hears no more once its step is saved.

    Does nothing where Ctrl-C is already somebody else's, or ignored, or not to be heard: it only comes to the main
    thread.
    """
    stop = Stop()
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or before is not signal.default_int_handler:
        yield stop
        return
    _COMMANDS.append(stop)
    signal.signal(signal.SIGINT, stop.hear)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN if ends and stop.is_done else before)
        _COMMANDS.remove(stop)


@contextmanager
def saving() -> Iterator[None]:
    """Save a step within: Ctrl-C waits until the block is left, which says that the step is on disk.

    Raises KeyboardInterrupt afterwards where it came and the command would have gone on to another step.
    """
    if not _COMMANDS:
        yield
        return
    stop = _COMMANDS[-1]
    stop.saving = True
    try:
        yield
        stop.saved = True
    finally:
        stop.saving = False
    if stop.asked and stop.goes_on:
        raise KeyboardInterrupt
