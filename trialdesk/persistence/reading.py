"""How queries see the tables: selects only, for one account, on the desk as it is or as it was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any, TypeVar, cast

import sqlalchemy as sa

from trialdesk.base.ids import Id
from trialdesk.persistence.declaration import Record
from trialdesk.persistence.vault import Hidden, Place, Vault

S = TypeVar("S")

Seen = tuple[Id, Id]
"""A study and whose private values were shown of it: a participant's, or a sealed slot's."""


class Read:
    """A read-only view for one account.

    `live` is the desk as it is now, on which rights are judged even when this view shows a past state.
    """

    def __init__(
        self, connection: sa.Connection, *, account: Id | None, vault: Vault, live: Read | None = None
    ) -> None:
        self._connection = connection
        self.account = account
        self.vault = vault
        self.live = live or self
        self.seen: set[Seen] = live.seen if live is not None else set()
        """Whose private values were shown in plain text here: what the access log is to hear of."""
        self.hidden: set[Hidden] = set()
        """Why private values were not shown in this view, where some were asked for and were not."""

    def as_nobody(self) -> Read:
        """Return the same view with no account's rights: what anybody may see, whoever asks."""
        live = None if self.live is self else self.live.as_nobody()
        return Read(self._connection, account=None, vault=Vault(), live=live)

    def rows(self, query: sa.Select[Any] | sa.CompoundSelect[Any], **parameters: Any) -> list[sa.Row[Any]]:
        """Return all rows of a select, with values for its bound names.

        Raises TypeError for anything that is not a select: reading never writes.
        """
        if not isinstance(query, sa.Select | sa.CompoundSelect):
            msg = f"a query selects, this is {type(query).__name__}"
            raise TypeError(msg)
        return list(self._connection.execute(query, parameters))

    def shaped(
        self,
        shape: type[S],
        record: type[Record],
        *where: sa.ColumnElement[bool],
        order: Sequence[sa.ColumnElement[Any]] = (),
    ) -> tuple[S, ...]:
        """Return rows of one record's table as `shape`, a frozen dataclass whose fields are columns. One statement."""
        columns = record.TABLE.c
        query = sa.select(*(columns[each.name] for each in fields(cast("Any", shape)))).where(*where).order_by(*order)
        make = cast("Callable[..., S]", shape)
        return tuple(make(*row) for row in self.rows(query))

    def first(self, query: sa.Select[Any]) -> sa.Row[Any] | None:
        """Return the first row of a select or None."""
        rows = self.rows(query.limit(1))
        return rows[0] if rows else None

    def value(self, query: sa.Select[Any]) -> Any:
        """Return the first column of the first row or None."""
        row = self.first(query)
        return None if row is None else row[0]

    def key(self, subject: Id, purpose: bytes) -> bytes | None:
        """Return a key that is kept for this account now, or None."""
        return self.vault.key(self.live._connection, subject, purpose)  # noqa: SLF001 - the same class

    def reveal(self, place: Place, sealed: bytes, *, allowed: bool = True) -> str | Hidden:
        """Return a private value in plain text, or why it stays hidden: erased, or not this account's to see.

        It is not looked at unless `allowed`: that the account's role lets it see the value is the caller's to say.
        """
        shown: str | Hidden = Hidden.NOT_ALLOWED
        if allowed:
            shown = self.vault.reveal(self.live._connection, place, sealed)  # noqa: SLF001 - the same class
        if isinstance(shown, Hidden):
            self.hidden.add(shown)
        else:
            self.seen.add((place.study, place.subject))
        return shown

    def reveal_all(
        self, study: Id, sealed: Sequence[tuple[Place, bytes]], *, allowed: bool = True, shown: bool = True
    ) -> list[str | Hidden]:
        """Return what `reveal` would of each of a study's values, in their order. Two statements for any number.

        `shown` says that somebody gets to see them; without it they are only compared with something and not noted.
        """
        if not allowed:
            found: list[str | Hidden] = [Hidden.NOT_ALLOWED for _each in sealed]
        else:
            found = self.vault.reveal_all(self.live._connection, study, sealed)  # noqa: SLF001 - the same class
        if shown:
            for (place, _sealed), value in zip(sealed, found, strict=True):
                if isinstance(value, Hidden):
                    self.hidden.add(value)
                else:
                    self.seen.add((place.study, place.subject))
        return found
