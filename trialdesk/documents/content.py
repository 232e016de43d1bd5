"""The bytes of attached files, by their hash: beside the trail, in the same database, so that a backup has them too.

The same bytes are kept once. Nothing here is ever written again: the name of a row is the hash of what it holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import sqlalchemy as sa

from trialdesk.base.i18n import _
from trialdesk.documents.records import DocumentVersion
from trialdesk.documents.rules import digest_of
from trialdesk.persistence.declaration import metadata
from trialdesk.persistence.types import BytesType, TextType

content = sa.Table(
    "content",
    metadata,
    sa.Column("sha256", TextType, primary_key=True),
    sa.Column("bytes", BytesType, nullable=False),
    sqlite_strict=True,
)

if TYPE_CHECKING:
    from trialdesk.trail.verify import Finding


def keep(connection: sa.Connection, sha256: str, data: bytes) -> None:
    """Keep a file's bytes under their hash, unless they are there."""
    if connection.scalar(sa.select(content.c.sha256).where(content.c.sha256 == sha256)) is None:
        connection.execute(sa.insert(content).values(sha256=sha256, bytes=data))


def missing_or_altered(connection: sa.Connection) -> Iterator[Finding]:
    """Return every version whose bytes are not there or not those that were attached. Reads one file at a time."""
    from trialdesk.trail.verify import Finding

    if not _is_whole(connection, content):
        yield Finding("structure", content.name, _("A table or column is missing from the database."))
        return
    if not _is_whole(connection, DocumentVersion.TABLE):
        return  # told where the records' tables are looked at
    own = DocumentVersion.TABLE.c
    for version, sha256, size in connection.execute(sa.select(own.id, own.sha256, own.size).order_by(own.id)).all():
        data = connection.scalar(sa.select(content.c.bytes).where(content.c.sha256 == sha256))
        if data is None:
            words = _("The attached file's bytes are missing.")
        elif digest_of(data) != sha256 or len(data) != size:
            words = _("The attached file's bytes were altered: their hash is another.")
        else:
            continue
        yield Finding("file", f"{DocumentVersion.KIND} {version}", words)


def _is_whole(connection: sa.Connection, table: sa.Table) -> bool:
    inspector = sa.inspect(connection)
    if not inspector.has_table(table.name):
        return False
    return set(table.columns.keys()) <= {column["name"] for column in inspector.get_columns(table.name)}
