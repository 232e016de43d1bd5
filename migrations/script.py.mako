"""${message}.

A migration changes structure, never the trail: no statement here may touch the tables event and stream but to add
to them. Name every constraint. On SQLite a batch rebuild drops triggers and, with foreign keys on, children; both are
taken care of by persistence.upgrade. Write both directions, and keep a desk of the revision before under
tests/migrations/legacy.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from trialdesk.persistence import types
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Go back."""
    ${downgrades if downgrades else "pass"}
