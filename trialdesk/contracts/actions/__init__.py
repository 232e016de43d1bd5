"""What is done with parties, contracts, their terms and insurance."""

from __future__ import annotations

from trialdesk.contracts.actions import agreeing, approving, contracting, dealing, insuring, interests, parties
from trialdesk.people.acting import Action

ACTIONS: tuple[Action, ...] = (
    *parties.ACTIONS,
    *interests.ACTIONS,
    *contracting.ACTIONS,
    *dealing.ACTIONS,
    *agreeing.ACTIONS,
    *approving.ACTIONS,
    *insuring.ACTIONS,
)
"""Everything a person can do with contracts."""
