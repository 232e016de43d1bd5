"""Alembic's environment: runs on the connection it is handed, within the caller's transaction."""

from __future__ import annotations

from alembic import context

from trialdesk.application import CATALOGUE
from trialdesk.persistence.declaration import complete

assert CATALOGUE  # importing it declares every table

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=complete(),
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    user_module_prefix="types.",
    transactional_ddl=False,
)
context.run_migrations()
