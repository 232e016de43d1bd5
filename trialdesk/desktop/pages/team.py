"""Who works on a study: who may do what from when to when, and the persons of the desk."""

from __future__ import annotations

from trialdesk.base.i18n import N_
from trialdesk.desktop.registers.columns import Shown
from trialdesk.desktop.registers.declaration import Register

REGISTERS = (
    Register(
        kind="people.delegation",
        title=N_("Delegations"),
        columns=(Shown("person", 220), Shown("role", 200), "starts_on", "ends_on"),
        icon="people",
        empty=N_(
            "Who may do what in this study, from when to when. Until the first principal investigator stands here, the "
            "owner of the desk acts as one."
        ),
    ),
    Register(
        kind="people.person",
        title=N_("People"),
        columns=(Shown("name", 320),),
        icon="people",
        empty=N_("Everybody who works on the studies of this desk."),
    ),
)
