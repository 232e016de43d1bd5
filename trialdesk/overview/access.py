"""The access log with names: for the owner of the desk, and in a study for those who lead, check or audit it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from trialdesk.base.ids import Id
from trialdesk.people.queries import names_of_accounts
from trialdesk.people.rights import refuse_unless, roles
from trialdesk.people.rules import OWNER, PI
from trialdesk.persistence.reading import Read
from trialdesk.studies.queries import studies
from trialdesk.trail.access import entries

READERS = frozenset({PI, "quality", "auditor"})
"""Who may read a study's part of the log; the desk's owner reads all of it."""


@dataclass(frozen=True, slots=True)
class AccessRow:
    """One entry: `about` is an act's name, a record's id or a file's kind."""

    number: int
    at: datetime
    account: Id | None
    name: str | None
    what: str
    study: Id | None
    study_name: str | None
    about: str


def access_log(read: Read, *, study: Id | None, on: date, limit: int = 500) -> tuple[AccessRow, ...]:
    """Return the newest entries first, of a study or (None) of the whole desk. Five statements.

    Raises NotAllowed for whoever has no part in checking it.
    """
    refuse_unless(roles(read, study=study, on=on), READERS | {OWNER} if study else frozenset({OWNER}))
    names = names_of_accounts(read)
    short = {row.id: row.short_name for row in studies(read)}
    return tuple(
        AccessRow(
            each.number,
            each.at,
            each.account,
            names.get(each.account or ""),
            each.what,
            each.study,
            short.get(each.study or ""),
            each.about,
        )
        for each in entries(read, study=study, limit=limit)
    )
