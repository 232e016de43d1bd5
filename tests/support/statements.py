"""Counting the statements a query sends: a list must not ask more for five hundred rows than for five."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from trialdesk.application import Application


@contextmanager
def counted(desk: Application) -> Iterator[list[str]]:
    """Give a list that fills with the statements read while the block runs."""
    said: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    engine = desk.database._reading
    sa.event.listen(engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        sa.event.remove(engine, "before_cursor_execute", hear)
