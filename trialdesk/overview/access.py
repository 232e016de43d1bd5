"""The access log with names: for the owner of the desk, and in a study for those who lead, check or audit it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import groupby

from trialdesk.base.i18n import N_, _, n_
from trialdesk.base.ids import Id, is_id
from trialdesk.base.values import dataclass
from trialdesk.enrollment.records import Participant, Slot
from trialdesk.overview.changes import Names
from trialdesk.people.queries import names_of_accounts
from trialdesk.people.rights import refuse_unless, roles
from trialdesk.people.rules import OWNER, PI
from trialdesk.persistence.catalogue import Catalogue
from trialdesk.persistence.reading import Read
from trialdesk.studies.queries import studies
from trialdesk.trail.access import READ, entries

READERS = frozenset({PI, "quality", "auditor"})
"""Who may read a study's part of the log; the desk's owner reads all of it."""

KEYS = {"privacy": N_("{name}: names of participants"), "unblinding": N_("{name}: allocation list")}
"""Whose key it is and what it opens, as an entry names it; marked for translation."""


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


@dataclass(frozen=True, slots=True)
class Looked:
    """One line of the log for people: the newest of its entries, how many there are, and what they concern in words.

    The values of several participants shown in one go are one line. `words` is empty where `row.about` names no record.
    """

    row: AccessRow
    count: int
    words: str


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


def in_lines(read: Read, rows: Sequence[AccessRow], *, catalogue: Catalogue) -> tuple[Looked, ...]:
    """Return the log's entries as lines for people, newest first. As many statements as kinds of records are named."""
    names, people = Names(read, catalogue), names_of_accounts(read)
    names.learn_records(_named(rows))
    lines = []
    for _key, found in groupby(rows, key=_together):
        same = tuple(found)
        words = _words(same[0].about, names, people)
        if len(same) > 1 and words == _(Slot.LABEL):
            words = n_("{count} slot of the list", "{count} slots of the list", len(same)).format(count=len(same))
        elif len(same) > 1:
            words = n_("{count} participant", "{count} participants", len(same)).format(count=len(same))
        lines.append(Looked(same[0], len(same), words))
    return tuple(lines)


def _together(row: AccessRow) -> tuple[object, ...]:
    """Return what entries have in common that are one line: what was shown in one go to one account."""
    return (row.at, row.account, row.study) if row.what == READ else (row.number,)


def _named(rows: Sequence[AccessRow]) -> Iterator[tuple[str, Id]]:
    for row in rows:
        kind, _space, record = row.about.rpartition(" ")
        if is_id(record):
            yield kind or Participant.KIND, record


def _words(about: str, names: Names, people: dict[Id, str]) -> str:
    kind, _space, record = about.rpartition(" ")
    if not is_id(record):
        return ""
    if kind in names:
        return f"{_(names.label(kind))} {names.of_record(kind, record)}".rstrip()
    if kind in KEYS:
        return _(KEYS[kind]).format(name=people.get(record, ""))
    # What is shown is somebody's name or a slot's arm; whose password it was is an account.
    return names.of_record(Participant.KIND, record) or people.get(record) or _(Slot.LABEL)
