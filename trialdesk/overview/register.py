"""One kind's records of a study as rows: values by field name, links named. What a register shows unless it asks more.

Only kinds open to everybody. What tells an arm is withheld from who is blinded, as everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import date
from typing import Any

import sqlalchemy as sa

from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.overview.changes import Names, Unseen, hidden_kinds
from trialdesk.persistence.catalogue import Catalogue
from trialdesk.persistence.reading import Read

OF_PARTICIPANT = "participant"


@dataclass(frozen=True, slots=True)
class Line:
    """A record. `name` tells it from others; `links` names what it points to, by field; `values` may be `Unseen`."""

    id: Id
    version: int
    kind: str
    name: str
    voided: bool = False
    values: Mapping[str, Any] = field(default_factory=dict)
    links: Mapping[str, str | Unseen] = field(default_factory=dict)

    def value(self, name: str) -> Any:
        """Return a field's value as it is shown: a link's name, what is not seen as `Unseen`."""
        return self.links[name] if name in self.links else self.values.get(name)


def lines(
    read: Read,
    *,
    kind: str,
    study: Id | None,
    on: date,
    catalogue: Catalogue,
    where: Mapping[str, Id] | None = None,
    only: Id | None = None,
    hidden: frozenset[str] | None = None,
) -> tuple[Line, ...]:
    """Return the records of a kind in a study and the directory; voided ones are left out.

    They stand in the order they say themselves (`order`), those that say none last, and else as they were made.
    `where` asks for those whose links point to these records; `only` for one, voided or not; `hidden` are the kinds
    whose values the account may not know, where that is known already. A bounded number of statements, and one more
    for each 500 records pointed to. Raises TypeError for a kind not open to everybody.
    """
    declared = catalogue[kind]
    if declared.audience != "open":
        msg = f"{kind} is not open to everybody"
        raise TypeError(msg)
    table = declared.record.TABLE
    wanted = [table.c.study.is_(None) if study is None else sa.or_(table.c.study == study, table.c.study.is_(None))]
    wanted += [table.c[name] == value for name, value in (where or {}).items()]
    wanted.append(~table.c.voided if only is None else table.c.id == only)
    # Ids begin with the time at which they were made; of what one act made, only a number says which came first.
    said = [table.c.order.is_(None), table.c.order] if "order" in table.c else []
    rows = [dict(row._mapping) for row in read.rows(sa.select(table).where(*wanted).order_by(*said, table.c.id))]  # noqa: SLF001 - SQLAlchemy's documented name
    fields = declared.record.FIELDS
    linked = {name: each.link for name, each in fields.items() if each.link}
    names = Names(read, catalogue)
    names.take(kind, rows)
    names.learn_records((kind, row["id"]) for row in rows)
    names.learn_records(
        (link, row[name]) for name, link in linked.items() if link in catalogue for row in rows if row[name]
    )
    withheld = kind in (hidden_kinds(read, study, on, catalogue) if hidden is None else hidden)
    return tuple(_line(row, kind, fields, linked, names, withheld=withheld) for row in rows)


def choices(
    read: Read, *, kinds: Iterable[str], study: Id | None, on: date, catalogue: Catalogue
) -> dict[str, tuple[Line, ...]]:
    """Return what a link to each of these kinds may point to, by name. A bounded number of statements for each kind."""
    hidden = hidden_kinds(read, study, on, catalogue)
    found = {
        kind: lines(read, kind=kind, study=study, on=on, catalogue=catalogue, hidden=hidden)
        for kind in dict.fromkeys(kinds)
        if kind in catalogue and catalogue[kind].audience == "open"
    }
    return {kind: tuple(sorted(rows, key=lambda line: line.name.casefold())) for kind, rows in found.items()}


def _line(
    row: Mapping[str, Any],
    kind: str,
    fields: Mapping[str, Any],
    linked: Mapping[str, str],
    names: Names,
    *,
    withheld: bool,
) -> Line:
    hidden = {name for name in fields if withheld and name != OF_PARTICIPANT}
    return Line(
        id=row["id"],
        version=row["version"],
        kind=kind,
        name=names.of_record(kind, row["id"]),
        voided=row["voided"],
        values={name: Unseen.WITHHELD if name in hidden and row[name] is not None else row[name] for name in fields},
        links={
            name: names.of_link(link, row[name])
            for name, link in linked.items()
            if row[name] and name not in hidden and link in names
        },
    )
