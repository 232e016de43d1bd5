"""A study's design: its sites, arms, planned visits and criteria."""

from __future__ import annotations

from trialdesk.base.i18n import N_
from trialdesk.desktop.registers.columns import Shown
from trialdesk.desktop.registers.declaration import Register

REGISTERS = (
    Register(
        kind="studies.planned_visit",
        title=N_("Planned visits"),
        columns=(
            Shown("number", 110),
            Shown("name", 150),
            Shown("planned_day", 100),
            Shown("window_before", 130),
            Shown("window_after", 130),
            "arm",
        ),
        icon="visit",
        empty=N_("The schedule: every visit with its planned day and its window. Visits are measured against it."),
    ),
    Register(
        kind="studies.arm",
        title=N_("Arms"),
        columns=("code", Shown("name", 320), "order"),
        icon="studies",
        empty=N_("The groups to which participants are allocated."),
    ),
    Register(
        kind="studies.criterion",
        title=N_("Criteria"),
        columns=(Shown("code", 120), Shown("category", 130), Shown("text", 520)),
        icon="filter",
        empty=N_("Who may take part and who may not, criterion by criterion as the protocol numbers them."),
    ),
    Register(
        kind="studies.site",
        title=N_("Sites"),
        columns=(Shown("number", 120), Shown("name", 230), "country"),
        icon="department",
        empty=N_("The places where participants are seen."),
    ),
)
