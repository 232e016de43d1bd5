"""Where participants are seen, and how many are to be recruited when."""

from __future__ import annotations

from trialdesk.base.i18n import N_
from trialdesk.desktop.registers.columns import Shown
from trialdesk.desktop.registers.declaration import Register

TARGETS = Register(
    kind="studies.recruitment_target",
    title=N_("Recruitment targets"),
    columns=("month", Shown("planned", 150), Shown("site", 200)),
    icon="participant",
    empty=N_("How many participants are planned to be enrolled in each month; the recruitment curve is held to it."),
)
REGISTERS = (
    Register(
        kind="studies.site",
        title=N_("Sites"),
        columns=(Shown("number", 110), Shown("name", 220), "country", "pi", "activated_on"),
        icon="department",
        empty=N_("The places where participants are seen."),
        follows=(TARGETS,),
    ),
    TARGETS,
)
