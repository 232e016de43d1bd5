"""The signatures of a study's delegation log, by line."""

from __future__ import annotations

from trialdesk.base.ids import Id
from trialdesk.people.records import Delegation
from trialdesk.people.signing import SignatureRow, signatures
from trialdesk.persistence.reading import Read


def signed_delegations(read: Read, *, study: Id) -> dict[Id, tuple[SignatureRow, ...]]:
    """Return who signed for each delegation of a study, oldest first, by delegation. Two statements."""
    return signatures(read, record=Delegation, study=study)
