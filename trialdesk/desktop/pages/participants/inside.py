"""What belongs to a participant, as registers: consents, eligibility, doses, events, milestones and endings."""

from __future__ import annotations

from collections.abc import Mapping

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
DEVIATIONS = Register(
    kind="safety.deviation",
    title=N_("Deviations"),
    columns=(Shown("number", 90), Shown("category", 140), Shown("occurred_on", 116), Shown("description", 220)),
)
QUERIES = Register(
    kind="safety.query",
    title=N_("Data queries"),
    columns=(Shown("raised_on", 116), Shown("text", 260), Shown("answered_on", 116), Shown("closed_on", 116)),
)
VISITS = Register(
    kind="enrollment.visit",
    title=N_("Visits"),
    columns=("name", "started_on"),
    begins=(),
)
"""A recorded visit, opened from the page's own list: to be voided, signed, looked at."""

_FOLLOWS = (CONSENTS, ELIGIBILITY, MILESTONES, DOSES, HARMS, DEVIATIONS, QUERIES)

PARTICIPANT = Register(
    kind=PERSON,
    title=N_("Participants"),
    columns=(),
    begins=(),
    apart=OWN,
    follows=_FOLLOWS,
)
"""A participant as a register. The page shows a list and facts of its own, and of this what is done and belongs."""

BLINDED = frozenset({"enrollment:slot_use:allocate", "enrollment:allocation:record", "enrollment:code:break"})
OPEN_LABEL = frozenset({"enrollment:treatment:allocate"})
"""What is only done where arms are sealed, and where they are open."""

ALLOCATED = frozenset({"in study", "completed", "discontinued"})
MEANT_FOR: Mapping[str, frozenset[str]] = {
    "enrollment:slot_use:allocate": frozenset({"screening"}),
    "enrollment:allocation:record": frozenset({"screening"}),
    "enrollment:treatment:allocate": frozenset({"screening"}),
    "enrollment:participant:fail_screening": frozenset({"screening"}),
    "enrollment:participant:withdraw": frozenset({"screening", "in study"}),
    "enrollment:participant:complete": frozenset({"in study"}),
    "enrollment:code:break": ALLOCATED,
}
"""By act, how participants stand with whom it makes sense; one not listed, with all."""


def makes_sense(act: str, state: str, *, blinded: bool) -> bool:
    """Say whether an act is worth offering for a participant who stands so; the act itself refuses what is wrong."""
    elsewhere = OPEN_LABEL if blinded else BLINDED
    return act not in elsewhere and (act not in MEANT_FOR or state in MEANT_FOR[act])
