"""The type map: each declared field type as the event writes it, as Python holds it and as each database stores it.

SQLite's STRICT tables take only INTEGER, TEXT and BLOB; Postgres gets its native types. Floats touch nothing.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from trialdesk.base.canonical import LARGEST, check_text
from trialdesk.base.clock import instant_text, parse_instant
from trialdesk.base.dates import is_partial_date
from trialdesk.base.errors import UserError
from trialdesk.base.fields import Field, FieldType
from trialdesk.base.i18n import _
from trialdesk.base.values import dataclass

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ID_LENGTH = 32

Json = Any
"""What an event holds for one value: text, integer, flag or None."""


class _Mapped(TypeDecorator[Any]):
    """A column type that stores natively on Postgres and as one of STRICT's types on SQLite."""

    cache_ok = True
    # What the type compares like in Python; what is stored, `load_dialect_impl` chooses.
    impl: type[TypeEngine[Any]] = sa.TEXT
    on_sqlite: type[TypeEngine[Any]] = sa.TEXT
    on_postgres: type[TypeEngine[Any]] = sa.TEXT

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the database's own type."""
        chosen = self.on_sqlite if dialect.name == "sqlite" else self.on_postgres
        return dialect.type_descriptor(chosen())


class IdType(_Mapped):
    """32 hexadecimal digits: 16 bytes on SQLite, uuid on Postgres."""

    cache_ok = True
    on_sqlite = sa.BLOB
    on_postgres = cast("type[TypeEngine[Any]]", sa.Uuid)

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Keep Postgres from making UUID objects: ids are text here."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(sa.BLOB())
        return dialect.type_descriptor(sa.Uuid(as_uuid=False))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Return what the driver takes."""
        if value is None or dialect.name != "sqlite":
            return value
        return bytes.fromhex(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Return 32 hexadecimal digits."""
        if value is None:
            return None
        return value.hex() if dialect.name == "sqlite" else str(value).replace("-", "")


class TextType(_Mapped):
    """Text without NUL."""

    cache_ok = True


class DayType(_Mapped):
    """A calendar date: ISO text on SQLite, date on Postgres."""

    cache_ok = True
    impl = sa.DATE
    on_postgres = sa.DATE

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Return what the driver takes."""
        return value.isoformat() if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Return a date."""
        return date.fromisoformat(value) if value is not None and dialect.name == "sqlite" else value


class InstantType(_Mapped):
    """An instant: microseconds since 1970 UTC on SQLite, timestamptz on Postgres."""

    cache_ok = True
    impl = sa.TIMESTAMP
    on_sqlite = sa.INTEGER
    on_postgres = cast("type[TypeEngine[Any]]", sa.TIMESTAMP)

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Ask Postgres for a zone."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(sa.INTEGER())
        return dialect.type_descriptor(sa.TIMESTAMP(timezone=True))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Return what the driver takes."""
        return _microseconds(value) if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Return an aware datetime in UTC."""
        if value is None:
            return None
        if dialect.name == "sqlite":
            return _EPOCH + timedelta(microseconds=value)
        return value.astimezone(UTC)


class FlagType(_Mapped):
    """True or false: 0 and 1 on SQLite, boolean on Postgres."""

    cache_ok = True
    impl = sa.Boolean
    on_sqlite = sa.INTEGER
    on_postgres = sa.BOOLEAN

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Return what the driver takes."""
        return int(value) if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002 - SQLAlchemy's interface
        """Return a bool."""
        return None if value is None else bool(value)


class WholeType(_Mapped):
    """An integer below 2^53."""

    cache_ok = True
    impl = sa.BIGINT
    on_sqlite = sa.INTEGER
    on_postgres = sa.BIGINT


class DecimalType(_Mapped):
    """An exact decimal: text on SQLite, numeric on Postgres. Its trailing zeros are kept on both."""

    cache_ok = True
    impl = sa.NUMERIC
    on_postgres = cast("type[TypeEngine[Any]]", sa.NUMERIC)

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Return what the driver takes."""
        return str(value) if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002 - SQLAlchemy's interface
        """Return a Decimal."""
        return None if value is None else Decimal(value)


class BytesType(_Mapped):
    """Bytes: event bytes, hashes, ciphertext."""

    cache_ok = True
    on_sqlite = sa.BLOB
    on_postgres = sa.LargeBinary

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002 - SQLAlchemy's interface
        """Return bytes."""
        return None if value is None else bytes(value)


@dataclass(frozen=True, slots=True)
class Codec:
    """How one field type travels: Python to event, event to Python, event to each driver's parameter."""

    column: type[_Mapped]
    to_event: Callable[[Any], Json]
    from_event: Callable[[Json], Any]
    to_sqlite: Callable[[Json], Any] | None = None
    to_postgres: Callable[[Json], Any] | None = None


def _microseconds(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1)


def _same(value: Any) -> Any:
    return value


def _id(value: Any) -> str:
    if not isinstance(value, str) or len(value) != _ID_LENGTH:
        raise ValueError(value)
    int(value, 16)
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    check_text(value)
    return value


def _partial(value: Any) -> str:
    if not isinstance(value, str) or not is_partial_date(value):
        raise ValueError(value)
    return value


def _day(value: Any) -> str:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise TypeError(value)
    return value.isoformat()


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(value)
    return value


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not -LARGEST <= value <= LARGEST:
        raise ValueError(value)
    return value


def _decimal(value: Any) -> str:
    if not isinstance(value, Decimal) or not value.is_finite():
        raise ValueError(value)
    return format(value, "f")


CODECS: dict[FieldType, Codec] = {
    "id": Codec(IdType, _id, _same, to_sqlite=bytes.fromhex),
    "text": Codec(TextType, _text, _same),
    "day": Codec(DayType, _day, date.fromisoformat),
    "partial": Codec(TextType, _partial, _same),
    "instant": Codec(
        InstantType, instant_text, parse_instant, to_sqlite=lambda text: _microseconds(parse_instant(text))
    ),
    "flag": Codec(FlagType, _flag, _same, to_sqlite=int),
    "whole": Codec(WholeType, _whole, _same),
    "decimal": Codec(DecimalType, _decimal, Decimal),
    "money": Codec(WholeType, _whole, _same),
    "choice": Codec(TextType, _text, _same),
    # A secret enters an event as base64 of its ciphertext; Work holds the plain text and seals it.
    "secret": Codec(
        BytesType,
        lambda value: b64encode(value).decode(),
        b64decode,
        to_sqlite=b64decode,
        to_postgres=b64decode,
    ),
}


def _shown(value: Any) -> str:
    """Return the beginning of a value as any screen and terminal can show it."""
    return "".join(each if each.isprintable() else f"[U+{ord(each):04X}]" for each in str(value)[:80])


def to_event(field: Field, value: Any) -> Json:
    """Return `value` as an event holds it.

    Raises UserError, naming the field, for a value that is not of the field's type or not one of its choices.
    """
    if value is None:
        return None
    try:
        written = CODECS[field.type].to_event(value)
    except (TypeError, ValueError, AttributeError, InvalidOperation) as error:
        raise UserError(
            _("“{value}” cannot be kept here.").format(value=_shown(value)),
            where=_(field.label),
            remedy=_("Correct the value and try again."),
        ) from error
    if field.choices and written not in dict(field.choices):
        raise UserError(
            _("“{value}” is not one of the choices.").format(value=written),
            where=_(field.label),
            remedy=_("Choose one of: {choices}.").format(choices=", ".join(_(label) for _code, label in field.choices)),
        )
    return written
