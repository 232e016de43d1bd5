"""The projector's catalogue: every kind as data, built from the declarations.

It is plain enough to be handed to another interpreter as JSON (`as_data`): kind, table, audience, fields with types,
groups, claims, upcasters and effects, and nothing that has to be executed.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from trialdesk.base.fields import Field, FieldType
from trialdesk.base.values import dataclass
from trialdesk.persistence.declaration import VOIDED, Audience, Record, table_name

SCHEMA = 1
"""Version of the records' declarations, written into every event. Raise it together with an upcaster."""


@dataclass(frozen=True, slots=True)
class Upcast:
    """One change of a kind's shape, applied when an event of an older schema is read; the event stays as it was.

    `before` is the first schema that already has the new shape. `what` is rename (field to `to`), drop (field),
    default (field gets `value` at creation where absent) or values (`mapping` old to new).
    """

    kind: str
    before: int
    what: Literal["rename", "drop", "default", "values"]
    field: str
    to: str = ""
    value: Any = None
    mapping: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record as the projector sees it."""

    name: str
    table: str
    audience: Audience
    types: Mapping[str, FieldType]
    groups: Mapping[str, tuple[str, ...]]
    claims: tuple[str, ...]
    upcasts: tuple[Upcast, ...]
    erases: str
    """The field of a created record that names whose data keys are removed; empty for all kinds but erasures."""
    record: type[Record]


Catalogue = Mapping[str, Kind]


def build(records: Iterable[type[Record]], upcasts: Iterable[Upcast] = ()) -> Catalogue:
    """Return the catalogue of the given kinds. Raises ValueError for a kind listed twice."""
    upcasts = tuple(upcasts)
    kinds: dict[str, Kind] = {}
    for record in records:
        if record.KIND in kinds:
            msg = f"kind listed twice: {record.KIND}"
            raise ValueError(msg)
        kinds[record.KIND] = Kind(
            name=record.KIND,
            table=table_name(record.KIND),
            audience=record.AUDIENCE,
            types={**{name: each.type for name, each in record.FIELDS.items()}, VOIDED.name: VOIDED.type},
            groups=_groups(record.FIELDS.values()),
            claims=tuple(name for name, each in record.FIELDS.items() if each.claim),
            upcasts=tuple(sorted((u for u in upcasts if u.kind == record.KIND), key=lambda u: u.before)),
            erases=getattr(record, "ERASES", ""),
            record=record,
        )
    return kinds


def as_data(catalogue: Catalogue) -> dict[str, Any]:
    """Return the catalogue as JSON-able data, for an interpreter that is not this one."""
    return {
        name: {
            "table": kind.table,
            "audience": kind.audience,
            "fields": dict(kind.types),
            "groups": {group: list(members) for group, members in kind.groups.items()},
            "claims": list(kind.claims),
            "erases": kind.erases,
            "upcasts": [
                {
                    "before": u.before,
                    "what": u.what,
                    "field": u.field,
                    "to": u.to,
                    "value": u.value,
                    "mapping": dict(u.mapping),
                }
                for u in kind.upcasts
            ],
        }
        for name, kind in catalogue.items()
    }


def _groups(fields: Iterable[Field]) -> dict[str, tuple[str, ...]]:
    groups: dict[str, tuple[str, ...]] = {}
    for each in fields:
        if each.group:
            groups[each.group] = (*groups.get(each.group, ()), each.name)
    return groups
