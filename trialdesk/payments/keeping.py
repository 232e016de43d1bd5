"""What holds of money whichever way an act came: what is posted, issued and certified is never changed."""

from __future__ import annotations

from collections.abc import Sequence

from trialdesk.persistence.work import Change, Work


def keep(work: Work, changes: Sequence[Change]) -> None:
    """Raise UserError where an act would change what is final."""
