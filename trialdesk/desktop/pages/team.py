"""Who works on a study: who may do what from when to when, with which training, and the accounts of the desk."""

from __future__ import annotations

from trialdesk.base.i18n import N_
from trialdesk.desktop.registers.columns import Shown
from trialdesk.desktop.registers.declaration import Register

DELEGATIONS = Register(
    kind="people.delegation",
    title=N_("Delegations"),
    columns=(
        Shown("person", 180),
        Shown("role", 180),
        Shown("starts_on", 116),
        Shown("ends_on", 116),
        Shown("authorised_on", 130),
        Shown("tasks", 220, hidden=True),
    ),
    icon="people",
    empty=N_(
        "Who may do what in this study, from when to when. Until the first principal investigator stands here, the "
        "owner of the desk acts as one."
    ),
)
TRAININGS = Register(
    kind="people.training",
    title=N_("Training"),
    columns=(
        Shown("person", 180),
        Shown("topic", 180),
        Shown("title", 180),
        Shown("completed_on", 116),
        Shown("expires_on", 116),
    ),
    icon="check",
    empty=N_("Who was trained in what, when, and until when it holds."),
)
REGISTERS = (
    DELEGATIONS,
    TRAININGS,
    Register(
        kind="people.person",
        title=N_("People"),
        columns=(
            Shown("name", 200),
            Shown("position", 160),
            Shown("institution", 200),
            Shown("licence_expires_on", 140),
        ),
        icon="people",
        empty=N_("Everybody who works on the studies of this desk."),
        follows=(DELEGATIONS, TRAININGS),
    ),
    Register(
        kind="people.account",
        title=N_("Accounts"),
        columns=(Shown("username", 160), Shown("person", 200), Shown("owner", 120), Shown("active", 110)),
        facts=("username", "person", "owner", "active"),
        icon="lock",
        empty=N_("Who may sign in to this desk."),
    ),
)
