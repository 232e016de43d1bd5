"""The final versions of a document before the one at hand, as its last page tells them."""

from __future__ import annotations

from trialdesk.base.i18n import _, n_
from trialdesk.base.ids import Id
from trialdesk.documents.issued import Edition, editions
from trialdesk.people.queries import names_of_accounts
from trialdesk.persistence.reading import Read
from trialdesk.reporting.dates import day_words
from trialdesk.trail.history import record_history

Version = tuple[str, str, str, str, str]
"""Number, day, who made it final, what was new in it, and the SHA-256 of its data."""


def versions(read: Read, *, study: Id, report: str, parameters: str, language: str) -> tuple[Version, ...]:
    """Return what was made final of a report with these parameters, the first first, in the language in force.

    Read at a position, it is what was final then: the same for whoever asks later. One statement where there is none,
    else two, and one for each version.
    """
    rows = editions(read, study=study, report=report, parameters=parameters, language=language)
    names = names_of_accounts(read) if rows else {}
    return tuple(
        (
            str(row.number),
            day_words(row.issued_on) if row.issued_on else _("not recorded"),
            names.get(_maker(read, row.id) or "", "") or _("not recorded"),
            _new_in(row, before),
            row.digest,
        )
        for row, before in zip(rows, (None, *rows), strict=False)
    )


def _maker(read: Read, issue: Id) -> Id | None:
    told = record_history(read, record=issue)
    return told[0].account if told else None


def _new_in(row: Edition, before: Edition | None) -> str:
    if before is None:
        return _("First final version")
    if row.digest != before.digest:
        return _("The data changed")
    if row.places:
        return n_("With {count} place to sign", "With {count} places to sign", row.places).format(count=row.places)
    return _("Without places to sign")
