"""Adverse events and what was reported of them to whom."""

from __future__ import annotations

from trialdesk.base.i18n import N_, _
from trialdesk.desktop.models.rows import Column
from trialdesk.desktop.models.status import Status
from trialdesk.desktop.registers.columns import Shown
from trialdesk.desktop.registers.declaration import Register
from trialdesk.overview.register import Line


def seriousness(line: Line) -> Status | None:
    """Return how serious an event is, as it is shown; nothing where nobody said."""
    if line.value("fatal"):
        return Status(_("Fatal"), "bad")
    serious = line.value("serious")
    if serious:
        return Status(_("Serious"), "bad", "warning")
    return None if serious is None else Status(_("Not serious"), "neutral")


REPORTS = Register(
    kind="safety.expedited_report",
    title=N_("Expedited reports"),
    columns=(Shown("recipient", 200), Shown("submitted_on", 120), Shown("reference", 140), "follow_up"),
)
REGISTERS = (
    Register(
        kind="safety.adverse_event",
        title=N_("Adverse events"),
        columns=(
            Shown("number", 84),
            Shown("participant", 92),
            Shown("term", 170),
            Column("serious", N_("Seriousness"), seriousness, "status", width=128),
            Shown("severity", 100),
            Shown("started_on", 116),
            Shown("related", 130),
            "aware_at",
            "reported_at",
            Shown("outcome", 140, hidden=True),
        ),
        icon="safety",
        empty=N_(
            "Every adverse event with its seriousness, assessment and reports; a serious one sets its clocks off."
        ),
        follows=(REPORTS,),
    ),
)
