"""The two kinds of failure, and the problem as a value.

Everything a person can cause or mend is a `Told`: it carries what happened, where, and what to do, already in the
reader's language, and is shown plainly. Any other exception is ours and is reported as a bug.
"""

from __future__ import annotations

from trialdesk.base.values import dataclass


class Told(Exception):  # noqa: N818 - names a kind of telling, its subclasses name what happened
    """A failure that is told to the person in words. Never raised itself: raise one of its subclasses.

    `words` say what happened, `where` the place (file, row, field), `remedy` what to do next. All are optional but
    `words`, and all are already translated.
    """

    def __init__(self, words: str, *, where: str = "", remedy: str = "") -> None:
        super().__init__(words)
        self.words = words
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        lead = f"{self.where}: {self.words}" if self.where else self.words
        return f"{lead} {self.remedy}".strip()


class UserError(Told):
    """What was asked cannot be done as asked: a rule, a missing or malformed value, an unknown name."""


class NotAllowed(Told):
    """The account has no right to do or see this."""


class Conflict(Told):
    """A record moved on since it was read. Nothing was written; both versions can be shown."""

    def __init__(self, words: str, *, record: str = "", where: str = "", remedy: str = "") -> None:
        super().__init__(words, where=where, remedy=remedy)
        self.record = record


class Environment(Told):
    """The machine is in the way: full disk, read-only folder, locked or damaged file, server not there."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing found in an input that a person should look at; the input is kept all the same.

    `row` counts the header as row 1. For XML and JSON `path` says where instead of row and column.
    """

    file: str
    words: str
    row: int | None = None
    column: str | None = None
    path: str | None = None

    def as_json(self) -> dict[str, object]:
        """Return the problem under the stable keys of the command line."""
        if self.path is not None:
            return {"file": self.file, "path": self.path, "words": self.words}
        return {"file": self.file, "row": self.row, "column": self.column, "words": self.words}
