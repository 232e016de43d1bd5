"""Brings what a format's reader found into a study: one act, one change set, whatever the format.

A record's identity follows from study, kind and natural key, so the same source finds its records again: a second run
changes nothing, a run after an undo restores. What a person corrected here since the last import is kept. Nothing is
invented: no consent, no eligibility, no approval.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, astuple
from typing import Any

import sqlalchemy as sa

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import N_, _, n_
from trialdesk.base.ids import Id, derived_id
from trialdesk.base.problems import Problem
from trialdesk.base.values import dataclass
from trialdesk.enrollment import records as enrollment
from trialdesk.exchange.matching import Matched, matched
from trialdesk.exchange.records import ImportProblem
from trialdesk.exchange.rows import STUDY, Contents, Row
from trialdesk.people.acting import action
from trialdesk.people.rules import INVESTIGATORS, OWNER
from trialdesk.persistence.declaration import Record
from trialdesk.persistence.types import Json, to_event
from trialdesk.persistence.work import Work
from trialdesk.safety import records as safety
from trialdesk.studies import records as studies
from trialdesk.studies.queries import study_named
from trialdesk.trail.events import parse
from trialdesk.trail.tables import desk, event
from trialdesk.trail.undo import ACTION as UNDO

NAME = "exchange:study:import"

KINDS: dict[str, type[Record]] = {
    record.KIND: record
    for record in (
        studies.Study,
        studies.Site,
        studies.Arm,
        studies.PlannedVisit,
        studies.Criterion,
        enrollment.Participant,
        enrollment.Treatment,
        enrollment.Disposition,
        enrollment.Visit,
        enrollment.Exposure,
        enrollment.Population,
        safety.AdverseEvent,
    )
}
"""The kinds that come in by import, in an order in which a link never points forward."""

Tell = Callable[[int, int], None]
"""Hears how many rows of how many are done; may raise to stop the import, which then leaves nothing."""

_CHUNK = 500
_NAMED = 20
"""So many participants are named one by one."""
_AT_ONCE = 2_000
"""Records between two looks at whether to stop."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What an import did, in records. `kept` are values corrected here that the source still has as they were.

    `noted` are the problems it recorded, each a record of its own beside what came in; the others are counted nowhere
    else. So `new`, `changed`, `restored` and `noted` together are the records of the act.
    """

    study: Id
    new: int
    changed: int
    restored: int
    unchanged: int
    kept: int
    noted: int
    problems: tuple[Problem, ...]


@action(NAME, N_("Study imported"), by=INVESTIGATORS | {OWNER, "data_manager", "coordinator"})
def bring_in(
    work: Work, *, study: Id | None, contents: Contents, short_name: str, tell: Tell = lambda *_counts: None
) -> Brought:
    """Bring the rows into `study`, or into a new one called `short_name`. Raises UserError if that name is taken."""
    own = study or _study_id(work, short_name)
    by_kind: dict[str, list[Row]] = {}
    for row in contents.rows:
        by_kind.setdefault(row.kind, []).append(row)
    missing = _missing(work, own, contents)
    known = matched(work.read, study=own, contents=contents) if study else Matched({})
    counts = _Counts(total=len(contents.rows), tell=tell)
    for kind, record in KINDS.items():
        rows = by_kind.pop(kind, [])
        ids = [own if kind == STUDY else derived_id(own, kind, *row.key) for row in rows]
        values = [_values(own, row, known.here) for row in rows]
        if record is enrollment.Participant:
            # Who was brought in passed the study's gates elsewhere: none is asked here, none is said to have held.
            values = [{**each, "imported": True} for each in values]
        if kind == STUDY and study is None:
            values = [{**each, "short_name": short_name} for each in values]
        elif kind == STUDY:
            # The study exists under a name somebody chose here.
            values = [{name: value for name, value in each.items() if name != "short_name"} for each in values]
        # What a person made here under the same name is taken as it is: it keeps that person's words.
        wanted = [each for each in dict(zip(ids, values, strict=True)).items() if each[0] not in known.here]
        counts.unchanged += len(set(ids)) - len(wanted)
        for start in range(0, len(wanted), _AT_ONCE):
            _bring_some(work, record, own, dict(wanted[start : start + _AT_ONCE]), counts)
    if by_kind:
        msg = f"no record for {', '.join(sorted(by_kind))}"
        raise TypeError(msg)
    problems = (*contents.problems, *missing, *known.problems)
    noted = _keep_problems(work, own, problems)
    return Brought(
        study=own,
        new=counts.new,
        changed=counts.changed,
        restored=counts.restored,
        unchanged=counts.unchanged,
        kept=counts.kept,
        noted=noted,
        problems=problems,
    )


def _missing(work: Work, study: Id, contents: Contents) -> list[Problem]:
    """Return a problem if participants that an import brought before are not in the contents; they stay."""
    kind = enrollment.Participant.KIND
    here = list(contents.of(kind))
    own = enrollment.Participant.TABLE.c
    known = work.read.rows(
        sa.select(own.id, own.number, own.identifier)
        .where(own.study == study, own.imported, ~own.voided)
        .order_by(own.number, own.identifier)
    )
    still = {derived_id(study, kind, *row.key) for row in here}
    names = [row.number or row.identifier for row in known if row.id not in still]
    if not names:
        return []
    words = n_(
        "{count} participant brought in before is not in these data and stays as recorded: {names}",
        "{count} participants brought in before are not in these data and stay as recorded: {names}",
        len(names),
    )
    shown = ", ".join(names[:_NAMED]) + ("…" if len(names) > _NAMED else "")
    file = next((row.source[0] for row in (*here, *contents.rows)), "")
    return [Problem(file, words.format(count=len(names), names=shown))]


def _keep_problems(work: Work, study: Id, problems: Iterable[Problem]) -> int:
    """Keep what was found odd beside what came in, and return how many were not kept yet.

    The same problem found again is the same record.
    """
    wanted = {derived_id(study, ImportProblem.KIND, *map(str, astuple(each))): each for each in problems}
    here = work.find_all(ImportProblem, wanted)
    gone = [found for found in here.values() if found.voided]
    for found in gone:
        work.restore(found)
    work.add_many(
        ImportProblem,
        study,
        ({"id": id_, **asdict(each)} for id_, each in wanted.items() if id_ not in here),
    )
    return len(wanted) - len(here) + len(gone)


@dataclass(slots=True)
class _Counts:
    total: int
    tell: Tell
    new: int = 0
    changed: int = 0
    restored: int = 0
    unchanged: int = 0
    kept: int = 0

    def told(self) -> None:
        self.tell(self.new + self.changed + self.restored + self.unchanged, self.total)


def _study_id(work: Work, short_name: str) -> Id:
    """Return the id that a study brought in under this name has on this desk, so that an undone import is found."""
    if not short_name.strip():
        raise UserError(_("A short name is needed; every page and document carries it."), where=_("Short name"))
    if study_named(work.read, name=short_name):
        raise UserError(
            _("There is already a study “{name}” on this desk.").format(name=short_name),
            where=_("Short name"),
            remedy=_("Import into it, or choose another short name."),
        )
    own = derived_id(work.read.value(sa.select(desk.c.replica)), STUDY, short_name.casefold())
    before = work.find(studies.Study, own)
    if before is not None and not before.voided:
        raise UserError(
            _("What was brought in as “{name}” is called “{new}” now.").format(name=short_name, new=before.short_name),
            where=_("Short name"),
            remedy=_("Import into it, or choose another short name."),
        )
    return own


def _values(study: Id, row: Row, here: Mapping[Id, Id]) -> dict[str, Any]:
    links = {name: derived_id(study, kind, *key) for name, (kind, key) in row.links.items()}
    return {**row.values, **{name: here.get(linked, linked) for name, linked in links.items()}}


def _bring_some(work: Work, record: type[Record], study: Id, wanted: dict[Id, dict[str, Any]], counts: _Counts) -> None:
    here = work.find_all(record, wanted)
    fresh = [{"id": id_, **values} for id_, values in wanted.items() if id_ not in here]
    work.add_many(record, study, fresh)
    counts.new += len(fresh)
    counts.told()
    differing = {
        id_: differences
        for id_, found in here.items()
        if (differences := _differences(found, wanted[id_])) or found.voided
    }
    counts.unchanged += len(here) - len(differing)
    imported = _last_imported(work, differing)
    voided_here = _voided_here(work, [id_ for id_ in differing if here[id_].voided])
    for id_, differences in differing.items():
        found = here[id_]
        if id_ in voided_here:
            counts.kept += 1
            counts.unchanged += 1
            continue
        last = imported.get(id_, {})
        kept = {name for name, (_value, written) in differences.items() if last.get(name) == written}
        if found.voided:
            # An undone import comes back as the source has it: nothing was corrected in between.
            kept = set()
            work.restore(found)
            counts.restored += 1
        elif len(kept) < len(differences):
            counts.changed += 1
        else:
            counts.unchanged += 1
        for name, (value, _written) in differences.items():
            if name not in kept:
                setattr(found, name, value)
        counts.kept += len(kept)
    counts.told()


def _differences(found: Record, wanted: Mapping[str, Any]) -> dict[str, tuple[Any, Json]]:
    """Return what the source says otherwise than the record: the value, and the same as an event holds it."""
    differences = {}
    for name, field in found.FIELDS.items():
        if name == "short_name" and name not in wanted:
            continue
        written = to_event(field, wanted.get(name))
        if written != to_event(field, getattr(found, name)):
            differences[name] = (wanted.get(name), written)
    return differences


def _last_imported(work: Work, records: Iterable[Id]) -> dict[Id, dict[str, Json]]:
    """Return the values that imports last wrote to these records, by field."""
    found: dict[Id, dict[str, Json]] = {}
    wanted = list(records)
    for start in range(0, len(wanted), _CHUNK):
        query = (
            sa.select(event.c.record, event.c.bytes)
            .where(event.c.record.in_(wanted[start : start + _CHUNK]), event.c.action == NAME)
            .order_by(event.c.clock, event.c.number)
        )
        for row in work.read.rows(query):
            told = parse(row.bytes)["change"]
            found.setdefault(row.record, {}).update({name: pair[1] for name, pair in told.items()})
    return found


def _voided_here(work: Work, records: Iterable[Id]) -> set[Id]:
    """Return which of these voided records a person voided by an act, rather than by taking a step back."""
    last: dict[Id, str] = {}
    wanted = list(records)
    for start in range(0, len(wanted), _CHUNK):
        query = (
            sa.select(event.c.record, event.c.action, event.c.bytes)
            .where(event.c.record.in_(wanted[start : start + _CHUNK]))
            .order_by(event.c.clock, event.c.number)
        )
        for row in work.read.rows(query):
            if "voided" in parse(row.bytes)["change"]:
                last[row.record] = row.action
    return {record for record, name in last.items() if name != UNDO}
