"""What is done to share out what was received."""

from __future__ import annotations

from trialdesk.payments.sharing.actions import deciding, distributing, paying
from trialdesk.people.acting import Action

ACTIONS: tuple[Action, ...] = (*paying.ACTIONS, *deciding.ACTIONS, *distributing.ACTIONS)
"""Everything a person can do with shares."""
