"""A study's design: what the protocol lays down."""

from __future__ import annotations

from trialdesk.base.i18n import N_
from trialdesk.desktop.registers.columns import Shown
from trialdesk.desktop.registers.declaration import Register
from trialdesk.enrollment.actions import load_slots
from trialdesk.studies.closing import close_study

SCHEDULED = Register(
    kind="studies.scheduled_activity",
    title=N_("When it is done"),
    columns=(Shown("planned_visit", 200), Shown("activity", 200), "note"),
)
REGISTERS = (
    Register(
        kind="studies.study",
        title=N_("Synopsis"),
        columns=(Shown("short_name", 130), Shown("title", 320), "protocol_number", "registry_number", "phase"),
        icon="studies",
        begins=(),
    ),
    Register(
        kind="studies.protocol_version",
        title=N_("Protocol versions"),
        columns=(Shown("label", 100), "dated_on", "effective_on", "amendment_of", "substantial"),
        icon="documents",
        empty=N_("Each version of the protocol, signed by the principal investigator; an amendment says what changed."),
    ),
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
        follows=(SCHEDULED,),
    ),
    Register(
        kind="studies.activity",
        title=N_("Activities"),
        columns=(Shown("name", 240), Shown("category", 170), "order"),
        icon="check",
        empty=N_("What is done at visits; each activity says at which."),
        follows=(SCHEDULED,),
    ),
    Register(
        kind="studies.arm",
        title=N_("Arms"),
        columns=(Shown("code", 100), Shown("name", 220), "ratio", Shown("description", 220)),
        icon="studies",
        empty=N_("The groups to which participants are allocated."),
    ),
    Register(
        kind="studies.criterion",
        title=N_("Criteria"),
        columns=(Shown("code", 110), Shown("category", 110), Shown("text", 420)),
        icon="filter",
        empty=N_("Who may take part and who may not, criterion by criterion as the protocol numbers them."),
    ),
    Register(
        kind="enrollment.slot",
        title=N_("Allocation list"),
        columns=(Shown("number", 120), Shown("site", 180), Shown("stratum", 140), Shown("kit", 140), "order"),
        facts=("number", "order", "site", "stratum", "kit"),
        icon="lock",
        empty=N_(
            "The list by which participants are allocated. Its arms are sealed as it is loaded; in an open-label study "
            "each is known once its slot is used."
        ),
        begins=(load_slots,),
    ),
    Register(
        kind="studies.registration",
        title=N_("Registry entries"),
        columns=(Shown("registry", 180), "purpose", "submitted_on", "reference"),
        icon="export",
        empty=N_("What was told a public registry, and when."),
    ),
    Register(
        kind="studies.close_out",
        title=N_("Close-out"),
        columns=(
            Shown("closed_on", 116),
            Shown("archive", 220),
            Shown("custodian", 160),
            "retained_until",
            "reopened_on",
        ),
        icon="save",
        empty=N_("How the study is closed at this institution: where its records are kept, by whom and until when."),
        begins=(close_study,),
    ),
)
