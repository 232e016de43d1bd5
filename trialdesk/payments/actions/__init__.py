"""What is done with money: deliverables, the ledger, certificates, invoices, receipts, disputes, reminders."""

from __future__ import annotations

from trialdesk.payments.actions import certifying, collecting, deliverables, disputing, invoicing, posting, receiving
from trialdesk.people.acting import Action

ACTIONS: tuple[Action, ...] = (
    *deliverables.ACTIONS,
    *posting.ACTIONS,
    *certifying.ACTIONS,
    *invoicing.ACTIONS,
    *receiving.ACTIONS,
    *disputing.ACTIONS,
    *collecting.ACTIONS,
)
"""Everything a person can do with money."""
