"""What belongs to a participant, as registers: consents, eligibility, doses, events, milestones and endings."""

from __future__ import annotations

from trialdesk.application import ACTIONS
from trialdesk.base.i18n import N_
from trialdesk.desktop.pages.participants.columns import DISPOSITIONS, EVENTS, EXPOSURES
from trialdesk.desktop.registers.columns import Shown
from trialdesk.desktop.registers.declaration import Register
from trialdesk.enrollment.actions import (
    correct_participant,
    erase_identity,
    identify,
    record_visit,
    void_participant,
)

PERSON = "enrollment.participant"
OWN = (correct_participant, void_participant, identify, erase_identity, record_visit)
"""What the page asks in forms of its own."""

CONSENTS = Register(
    kind="enrollment.consent",
    title=N_("Consents"),
    columns=(
        Shown("consented_on", 116),
        Shown("consent_version", 128),
        Shown("obtained_by", 140),
        Shown("copy_given", 100),
    ),
)
ELIGIBILITY = Register(
    kind="enrollment.eligibility",
    title=N_("Eligibility"),
    columns=(Shown("assessed_on", 116), Shown("eligible", 90), Shown("failed_criteria", 150), Shown("remarks", 180)),
)
MILESTONES = Register(kind="enrollment.disposition", title=N_("Milestones and endings"), columns=DISPOSITIONS)
DOSES = Register(kind="enrollment.exposure", title=N_("Exposure"), columns=EXPOSURES)
HARMS = Register(kind="safety.adverse_event", title=N_("Adverse events"), columns=EVENTS)

_FOLLOWS = (CONSENTS, ELIGIBILITY, MILESTONES, DOSES, HARMS)
_BEGINNING = {action.name for each in _FOLLOWS for action in each.beginning(PERSON)}

PARTICIPANT = Register(
    kind=PERSON,
    title=N_("Participants"),
    columns=(),
    begins=(),
    acts=tuple(a for a in ACTIONS if a.about == PERSON and a not in OWN and a.name not in _BEGINNING),
    follows=_FOLLOWS,
)
"""A participant as a register. The page shows a list and facts of its own, and of this what is done and belongs."""
