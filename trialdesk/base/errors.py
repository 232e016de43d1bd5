"""The two kinds of failure.

Everything a person can cause or mend is a `Told`: it carries what happened, where, and what to do, already in the
reader's language, and is shown plainly. Any other exception is ours and is reported as a bug.
"""

from __future__ import annotations


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
