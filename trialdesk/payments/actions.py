"""What is done with money."""

from __future__ import annotations

from trialdesk.people.acting import Action

ACTIONS: tuple[Action, ...] = ()
