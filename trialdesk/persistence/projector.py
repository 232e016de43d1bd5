"""The one writer of record tables: folds the events of the touched records and stores what comes out.

It reads the catalogue and nothing else; it names no kind. It writes through the driver's own parameters, because an
import of ten thousand records spends its time here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from trialdesk.base.ids import Id
from trialdesk.persistence.catalogue import Catalogue, Kind
from trialdesk.persistence.folding import Event, State, fold
from trialdesk.persistence.types import CODECS, Json

Touched = tuple[str, Id, Id | None, Sequence[Event], bool]
"""Kind, record, study, all the record's events held here, and whether its table row does not exist yet."""

_FIXED = ("id", "study", "version", "voided")


class Projector:
    """Keeps the record tables equal to the fold of the events."""

    def __init__(self, catalogue: Catalogue, dialect: str) -> None:
        self._catalogue = catalogue
        self._sqlite = dialect == "sqlite"
        self._writers = {name: _Writer(kind, sqlite=self._sqlite) for name, kind in catalogue.items()}

    def project(self, connection: sa.Connection, touched: Iterable[Touched]) -> None:
        """Write the rows of the touched records. Kinds unknown here are left alone: their events are kept."""
        new: dict[str, list[tuple[Any, ...]]] = {}
        changed: dict[str, list[tuple[Any, ...]]] = {}
        for name, record, study, events, is_new in touched:
            kind = self._catalogue.get(name)
            if kind is None:
                continue
            row = self._writers[name].row(record, study, fold(kind, events))
            if is_new:
                new.setdefault(name, []).append(row)
            else:
                changed.setdefault(name, []).append((*row[1:], row[0]))
        for name, rows in new.items():
            connection.exec_driver_sql(self._writers[name].insert, rows)
        for name, rows in changed.items():
            connection.exec_driver_sql(self._writers[name].update, rows)

    def columns(self, kind: str) -> tuple[str, ...]:
        """Return the columns of a kind's table in the order `row` gives them."""
        return self._writers[kind].columns


class _Writer:
    """The statements and parameter order of one kind's table."""

    def __init__(self, kind: Kind, *, sqlite: bool) -> None:
        names = [name for name in kind.types if name != "voided"]
        self.columns = (*_FIXED, *names)
        quoted = [f'"{name}"' for name in self.columns]
        mark = "?" if sqlite else "%s"
        self.insert = (
            f"INSERT INTO {kind.table} ({', '.join(quoted)}) "  # noqa: S608 - names come from the catalogue
            f"VALUES ({', '.join([mark] * len(self.columns))})"
        )
        self.update = (
            f"UPDATE {kind.table} SET {', '.join(f'{name} = {mark}' for name in quoted[1:])} WHERE id = {mark}"  # noqa: S608 - as above
        )
        self._id: Callable[[Any], Any] = bytes.fromhex if sqlite else str
        self._flag: Callable[[Any], Any] = int if sqlite else bool
        self._fields = [(name, _binder(kind, name, sqlite=sqlite)) for name in names]

    def row(self, record: Id, study: Id | None, state: State) -> tuple[Any, ...]:
        values = state.values
        cells: list[Json] = [
            self._id(record),
            None if study is None else self._id(study),
            state.version,
            self._flag(state.voided),
        ]
        for name, bind in self._fields:
            value = values.get(name)
            cells.append(value if value is None or bind is None else bind(value))
        return tuple(cells)


def _binder(kind: Kind, name: str, *, sqlite: bool) -> Callable[[Json], Any] | None:
    codec = CODECS[kind.types[name]]
    return codec.to_sqlite if sqlite else codec.to_postgres
