"""What an import found odd in its source, kept with what it brought in."""

from __future__ import annotations

from trialdesk.base.i18n import N_
from trialdesk.persistence.declaration import Record, text, whole


class ImportProblem(Record, kind="exchange.problem", label=N_("Import problem"), named=("words",)):
    """One thing in imported data that a person should look at: where it stands and the words, with the text as read.

    Part of the import's own change set: taken back with it, there as long as the import is.
    """

    file: str | None = text(N_("File"))
    row: int | None = whole(N_("Row"))
    column: str | None = text(N_("Column"))
    path: str | None = text(N_("Place in the file"))
    words: str = text(N_("What is odd"), required=True, prose=True)
