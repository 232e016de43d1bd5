"""What the command line prints: words, tables and JSON to the one who reads, complaints beside.

A reader who stops reading (`trialdesk trail | head`) stops the printing, never the work.
"""

from __future__ import annotations

import json
import os
import sys
import unicodedata
from collections.abc import Sequence
from typing import TextIO

from trialdesk.base.errors import Environment
from trialdesk.base.i18n import _


def settle() -> None:
    """Let no character stop the program: what the terminal cannot show is printed by its code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def refuse_closed() -> None:
    """Raise Environment where the answer could go nowhere, before anything is done.

    A closed output is worse than none: the next file opened takes its place, and what is printed would go into it.
    """
    if sys.stdout is None:
        raise Environment(
            _("The output is closed: there is nowhere to print the answer."),
            remedy=_("Nothing was done. Send the output to a file, or to /dev/null if it is not wanted."),
        )


def say(text: str = "") -> None:
    """Print a line of the answer."""
    _write(sys.stdout, text + "\n")


def verbatim(text: str) -> None:
    """Print a text that is to be read back: in UTF-8 whatever the terminal speaks, and with no line more."""
    bare = getattr(sys.stdout, "buffer", None)
    if bare is None:
        _write(sys.stdout, text)
        return
    sys.stdout.flush()
    try:
        bare.write(text.encode())
    except BrokenPipeError:
        _to_nowhere(sys.stdout)


def complain(text: str) -> None:
    """Print a line that is no part of the answer."""
    _write(sys.stderr, text + "\n")


def answer(data: object) -> None:
    """Print `data` as JSON, in characters the output can hold."""
    unicode = (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")
    say(json.dumps(data, ensure_ascii=not unicode, indent=2))


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under headings, in columns as wide as their widest text; the last one ragged."""
    lines = [headings, *rows]
    widths = [max(_width(line[column]) for line in lines) for column in range(len(headings))]
    for line in lines:
        say("  ".join(text + " " * (width - _width(text)) for text, width in zip(line, widths, strict=True)).rstrip())


def finish() -> None:
    """Print what is still held back. Raises OSError where the output cannot take it."""
    for stream in (sys.stdout, sys.stderr):
        if stream is None:
            continue
        try:
            stream.flush()
        except OSError as error:
            _to_nowhere(stream)
            if not isinstance(error, BrokenPipeError):
                raise


class Progress:
    """Counts on one line of a terminal; silent where nobody looks on."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._shown = ""

    def __call__(self, done: int, total: int) -> None:
        """Show how many of how many are done; what is complete is wiped away."""
        if sys.stderr is None or not sys.stderr.isatty():
            return
        text = f"{self._label} {100 * done // total if total else 100} %"
        if done >= total:
            text = ""
        if text != self._shown:
            _write(sys.stderr, "\r" + text + " " * max(0, _width(self._shown) - _width(text)) + ("" if text else "\r"))
            sys.stderr.flush()
            self._shown = text


def _write(stream: TextIO | None, text: str) -> None:
    if stream is None:
        return
    try:
        stream.write(text)
    except OSError as error:
        _to_nowhere(stream)
        if not isinstance(error, BrokenPipeError):
            raise


def _to_nowhere(stream: TextIO) -> None:
    """Turn a stream away from a pipe that nobody reads, so that neither we nor the interpreter's end trip over it."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
