"""The attached files, read in one place, and which of them is a version of the protocol or of a consent form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.documents.queries import documents
from trialdesk.ethics.queries import ConsentVersionRow
from trialdesk.persistence.reading import Read
from trialdesk.studies.queries import ProtocolVersionRow


@dataclass(frozen=True, slots=True)
class Filed:
    """One version of an attached document. `about` is the record it evidences."""

    document: Id
    title: str
    category: str
    number: int
    dated_on: date | None
    file_name: str
    sha256: str
    about: Id | None


@dataclass(frozen=True, slots=True)
class Held:
    """A version with its file: of a document by number, or of protocol and consent form by label, with or without one.

    A consent form has its `form` and `language`, which are empty in all else.
    """

    title: str
    category: str
    version: str
    dated_on: date | None
    file_name: str | None
    sha256: str | None
    form: str = ""
    language: str = ""


def files(read: Read, *, study: Id, until: date) -> tuple[Filed, ...]:
    """Return every attached file dated by a day, undated ones too, by document and oldest first. Bounded statements."""
    return tuple(
        Filed(
            row.id, row.title, row.category, each.number, each.dated_on, each.file_name, each.sha256, row.about_record
        )
        for row in documents(read, study=study)
        for each in row.versions
        if (each.dated_on or date.min) <= until
    )


def newest(filed: Iterable[Filed]) -> tuple[Filed, ...]:
    """Return the last version of each document."""
    return tuple({each.document: each for each in filed}.values())


def versions_held(
    filed: Sequence[Filed], *, protocol: Sequence[ProtocolVersionRow] = (), forms: Sequence[ConsentVersionRow] = ()
) -> tuple[tuple[Held, ...], frozenset[str]]:
    """Return versions of protocol and consent forms with their files, and the digests of the files they took.

    A file is that of a version if it was attached to it; of those attached to the study, if it is the one of its
    category with the version's date and no other version has that date.
    """
    found: list[tuple[str, str, str, ProtocolVersionRow | ConsentVersionRow, Filed | None]] = [
        *(("protocol", "", "", each, _of(each, filed, protocol, "protocol")) for each in protocol),
        *(("consent", each.form, each.language, each, _of(each, filed, forms, "consent")) for each in forms),
    ]
    return (
        tuple(
            Held(
                file.title if file else "",
                category,
                each.label,
                each.dated_on,
                file.file_name if file else None,
                file.sha256 if file else None,
                form,
                language,
            )
            for category, form, language, each, file in found
        ),
        frozenset(file.sha256 for *_rest, file in found if file),
    )


def held(each: Filed) -> Held:
    """Return a file by its own number."""
    return Held(each.title, each.category, str(each.number), each.dated_on, each.file_name, each.sha256)


def _of(
    version: ProtocolVersionRow | ConsentVersionRow,
    filed: Sequence[Filed],
    versions: Sequence[ProtocolVersionRow | ConsentVersionRow],
    category: str,
) -> Filed | None:
    own = [each for each in filed if each.about == version.id]
    if own:
        return own[-1]
    alike = [
        each for each in filed if each.category == category and each.about is None and each.dated_on == version.dated_on
    ]
    alone = sum(each.dated_on == version.dated_on for each in versions) == 1
    return alike[0] if alone and len(alike) == 1 else None
