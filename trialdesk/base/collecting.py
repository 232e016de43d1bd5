"""The collector of cycles, paused: where many values without cycles are made, it finds nothing and looks at all.

Python looks for cycles again and again while objects are made; for half a million facts and their lines that is a
quarter of the time. What nothing refers to is freed at once all the same: only cycles wait.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

_aside = Event()


def put_aside() -> None:
    """Let all there is now be: the collector looks through it no more. For what stays for good, as what is imported."""
    gc.freeze()
    _aside.set()


@contextmanager
def uncollected() -> Iterator[None]:
    """Pause the collector while the block runs, also where the block fails; one that is off already stays off.

    It is off for the whole process meanwhile: other threads go on, their cycles are collected afterwards.
    """
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            if not _aside.is_set():
                # All that was made grows old at once; otherwise the next collection would go through it as new.
                # Where something was put aside, it stays there. (Asking the collector how much would count it all.)
                gc.freeze()
                gc.unfreeze()
            gc.enable()
