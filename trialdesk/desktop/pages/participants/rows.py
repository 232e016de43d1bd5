"""The row of the list of participants."""

from __future__ import annotations

from trialdesk.base.dates import PartialDate
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.enrollment.queries import ParticipantRow


@dataclass(frozen=True, slots=True)
class Line:
    """A participant in the list. `consented_on` is known from the record, or from a milestone of the study."""

    row: ParticipantRow
    consented_on: PartialDate | None
    arms_seen: bool

    @property
    def id(self) -> Id:
        """The participant's id."""
        return self.row.id
