"""How a kind of record is declared, and the table that follows from it.

    class Site(Record, kind="studies.site", label=N_("Site")):
        number: str = text(N_("Site number"), required=True, claim=True)

An instance is plain data; Work finds out what changed. Every record carries `id`, `study` (None in the directory),
`version` (the number of its events) and `voided` (nothing is deleted). Links are plain ids without a database
foreign key: a record may arrive before the one it points to.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any, ClassVar, Literal, cast

import sqlalchemy as sa

from trialdesk.base.fields import Field, FieldType
from trialdesk.base.i18n import N_
from trialdesk.base.ids import Id
from trialdesk.persistence.types import CODECS, FlagType, IdType, WholeType

Audience = Literal["open", "private", "blinded"]
"""Whose stream a record's events lie in: everybody's, those who may identify participants, the unblinded."""

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "pk": "pk_%(table_name)s",
    }
)

VOIDED = Field("flag", N_("Voided"), name="voided")
_building = threading.RLock()


class _Later:
    """Builds a kind's table when it is first asked for: a desk opens without the tables it does not look at."""

    def __init__(self, within: sa.MetaData) -> None:
        self.within = within

    def __get__(self, _instance: object, cls: type[Record]) -> sa.Table:
        with _building:
            if cls.__dict__["TABLE"] is self:
                cls.TABLE = _table(cls, self.within)
        return cls.TABLE


class Record:
    """The base of every kind. Setting an attribute is an edit; Work writes it as an event or not at all."""

    KIND: ClassVar[str]
    LABEL: ClassVar[str]
    AUDIENCE: ClassVar[Audience]
    SUBJECT: ClassVar[str]
    """The field naming whose data key seals this record's secrets; empty where there are none."""
    FIELDS: ClassVar[dict[str, Field]]
    AFTERWARDS: ClassVar[frozenset[str]] = frozenset()
    """Fields that later steps of the record's own life fill in: what was signed before stands all the same."""
    FINAL: ClassVar[str] = ""
    """Why no record of the kind ever changes, marked for translation; empty where one may.

    Work refuses such a change, and triggers refuse it to whoever writes past the program.
    """
    NAMED: ClassVar[tuple[str, ...]]
    """The fields that tell one record from another for people: as declared, else the first text."""
    TABLE: ClassVar[sa.Table]
    """Built when it is first asked for."""

    id: Id
    study: Id | None
    version: int
    voided: bool

    def __init_subclass__(
        cls,
        *,
        kind: str,
        label: str,
        audience: Audience = "open",
        subject: str = "",
        named: tuple[str, ...] | None = None,
        within: sa.MetaData = metadata,
        **rest: Any,
    ) -> None:
        super().__init_subclass__(**rest)
        cls.KIND, cls.LABEL, cls.AUDIENCE, cls.SUBJECT = kind, label, audience, subject
        cls.FIELDS = {
            name: replace(declared, name=name) for name, declared in vars(cls).items() if isinstance(declared, Field)
        }
        texts = tuple(name for name, field in cls.FIELDS.items() if field.type == "text")
        cls.NAMED = texts[:1] if named is None else named
        for name in cls.FIELDS:
            # An instance without the value says None, a class says nothing: the declaration stands in FIELDS.
            setattr(cls, name, None)
        # What stands in the class answers for it: read from the class, this is the table.
        cls.TABLE = cast("sa.Table", _Later(within))

    def __init__(self, *, id: Id = "", study: Id | None = None, **values: Any) -> None:  # noqa: A002 - the field's name
        unknown = values.keys() - self.FIELDS.keys()
        if unknown:
            msg = f"{self.KIND} has no field {', '.join(sorted(unknown))}"
            raise TypeError(msg)
        self.id, self.study, self.version, self.voided = id, study, 0, False
        self.__dict__.update(values)

    def __repr__(self) -> str:
        return f"<{self.KIND} {self.id} v{self.version}>"


def complete(within: sa.MetaData = metadata) -> sa.MetaData:
    """Return the metadata with the tables of all kinds declared so far: to make or compare a whole database."""
    for record in Record.__subclasses__():
        later = record.__dict__["TABLE"]
        if isinstance(later, _Later) and later.within is within:
            later.__get__(None, record)
    return within


def final_tables() -> tuple[str, ...]:
    """Return the tables, of the kinds declared so far, whose rows never change once they are written."""
    return tuple(sorted(table_name(record.KIND) for record in Record.__subclasses__() if record.FINAL))


def table_name(kind: str) -> str:
    """Return the name of a kind's table."""
    return kind.replace(".", "_")


def _table(cls: type[Record], within: sa.MetaData) -> sa.Table:
    columns: list[Any] = [
        sa.Column("id", IdType, primary_key=True),
        sa.Column("study", IdType, index=True),
        sa.Column("version", WholeType, nullable=False),
        sa.Column("voided", FlagType, nullable=False),
    ]
    columns += [
        sa.Column(field.name, CODECS[field.type].column, index=bool(field.link) or None)
        for field in cls.FIELDS.values()
    ]
    return sa.Table(table_name(cls.KIND), within, *columns, sqlite_strict=True)


def _declare(type_: FieldType, label: str, **said: Any) -> Any:
    return Field(type_, label, **said)


def text(label: str, **said: Any) -> Any:
    """Declare a text. Keywords of every declaration: `help, unit, required, group, claim`."""
    return _declare("text", label, **said)


def link(label: str, to: str, **said: Any) -> Any:
    """Declare a link to a record of kind `to`, kept as its id."""
    return _declare("id", label, link=to, **said)


def day(label: str, **said: Any) -> Any:
    """Declare a calendar date."""
    return _declare("day", label, **said)


def partial_date(label: str, **said: Any) -> Any:
    """Declare a date as precise as it was recorded (base.dates)."""
    return _declare("partial", label, **said)


def instant(label: str, **said: Any) -> Any:
    """Declare an instant, aware and in UTC."""
    return _declare("instant", label, **said)


def flag(label: str, **said: Any) -> Any:
    """Declare a yes or no."""
    return _declare("flag", label, **said)


def whole(label: str, **said: Any) -> Any:
    """Declare an integer below 2^53."""
    return _declare("whole", label, **said)


def decimal(label: str, **said: Any) -> Any:
    """Declare an exact decimal number; rates too."""
    return _declare("decimal", label, **said)


def money(label: str, **said: Any) -> Any:
    """Declare an amount in minor units of the currency in the same group."""
    return _declare("money", label, **said)


def choice(label: str, choices: tuple[tuple[str, str], ...], **said: Any) -> Any:
    """Declare one of `choices`, each (code, label)."""
    return _declare("choice", label, choices=choices, **said)


def secret(label: str, **said: Any) -> Any:
    """Declare a text that is sealed before it becomes an event. Only in records whose audience is private."""
    return _declare("secret", label, **said)
