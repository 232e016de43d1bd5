"""Departures from the protocol, and questions about the data."""

from __future__ import annotations

from trialdesk.base.i18n import N_, _
from trialdesk.desktop.models.rows import Column
from trialdesk.desktop.models.status import Status
from trialdesk.desktop.registers.columns import Shown
from trialdesk.desktop.registers.declaration import Register
from trialdesk.overview.register import Line


def weight(line: Line) -> Status:
    """Return what an investigator found a deviation to be, as it is shown; that nobody assessed it yet."""
    if line.value("assessed_on") is None:
        return Status(_("Proposed") if line.value("proposed") else _("Not assessed"), "warning")
    return Status(_("Important"), "bad") if line.value("important") else Status(_("Not important"), "neutral")


def answered(line: Line) -> Status:
    """Return how a query stands, as it is shown."""
    if line.value("closed_on"):
        return Status(_("Closed"), "good")
    return Status(_("Answered"), "info") if line.value("answered_on") else Status(_("Open"), "warning")


REGISTERS = (
    Register(
        kind="safety.deviation",
        title=N_("Deviations"),
        columns=(
            Shown("number", 90),
            Column("weight", N_("Assessment"), weight, "status", width=132),
            Shown("category", 140),
            Shown("participant", 110),
            Shown("occurred_on", 116),
            Shown("description", 280),
            Shown("reported_on", 116),
        ),
        icon="warning",
        empty=N_("Every departure from the protocol. Those the program finds stand here as proposed until assessed."),
    ),
    Register(
        kind="safety.query",
        title=N_("Data queries"),
        columns=(
            Column("state", N_("Status"), answered, "status", width=120),
            Shown("participant", 110),
            Shown("visit", 130),
            Shown("raised_on", 116),
            Shown("text", 280),
            Shown("answered_on", 116),
        ),
        icon="help",
        empty=N_("Questions about what is recorded of a participant, with their answers."),
    ),
)
