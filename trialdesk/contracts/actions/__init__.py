"""What is done with parties, contracts, their terms and insurance."""

from __future__ import annotations

from trialdesk.contracts.actions import agreeing, contracting, declaring, insuring, parties
from trialdesk.people.acting import Action

ACTIONS: tuple[Action, ...] = (
    *parties.ACTIONS,
    *contracting.ACTIONS,
    *agreeing.ACTIONS,
    *insuring.ACTIONS,
    *declaring.ACTIONS,
)
"""Everything a person can do with contracts."""
