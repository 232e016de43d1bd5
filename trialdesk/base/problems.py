"""What was found wrong in an input, as a value: an input with problems is kept, and they are listed."""

from __future__ import annotations

from trialdesk.base.values import dataclass


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
