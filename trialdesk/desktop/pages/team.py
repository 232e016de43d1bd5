"""Who works on a study: who may do what from when to when, how each was trained, and what they sign in with."""

from __future__ import annotations

from trialdesk.base.i18n import N_, _
from trialdesk.desktop.registers.columns import Shown
from trialdesk.desktop.registers.declaration import Register
from trialdesk.overview.register import Line
from trialdesk.people.acting import Action
from trialdesk.people.actions import authorise_delegation, deactivate_account, reactivate_account


def _signed_already(action: Action, line: Line) -> str:
    if action is authorise_delegation and line.value("awaits_signature") is False:
        return _("This delegation is authorised already.")
    return ""


def _as_it_is(action: Action, line: Line) -> str:
    if action is deactivate_account and line.value("owner"):
        return _("The account of the desk's owner stays open.")
    if action in (deactivate_account, reactivate_account) and line.value("active") is (action is reactivate_account):
        return _("The account is open.") if line.value("active") else _("The account is closed.")
    return ""


TRAININGS = Register(
    kind="people.training",
    title=N_("Training"),
    columns=(
        Shown("person", 180),
        Shown("topic", 180),
        Shown("title", 180),
        "version_trained",
        "completed_on",
        "expires_on",
    ),
    icon="documents",
    empty=N_("What each was trained in, and until when it holds."),
)
REGISTERS = (
    Register(
        kind="people.delegation",
        title=N_("Delegations"),
        columns=(
            Shown("person", 180),
            Shown("role", 180),
            Shown("tasks", 140),
            "starts_on",
            "ends_on",
            "authorised_on",
            "awaits_signature",
        ),
        icon="people",
        empty=N_(
            "Who may do what in this study, from when to when. Until the first principal investigator stands here, the "
            "owner of the desk acts as one."
        ),
        unless=_signed_already,
    ),
    TRAININGS,
    Register(
        kind="people.person",
        title=N_("People"),
        columns=(Shown("name", 220), "initials", Shown("position", 160), Shown("institution", 200)),
        icon="people",
        empty=N_("Everybody who works on the studies of this desk."),
    ),
    Register(
        kind="people.account",
        title=N_("Accounts"),
        columns=(Shown("person", 220), Shown("username", 160), "active", "owner"),
        facts=("person", "username", "active", "owner", "identity_checked"),
        icon="people",
        empty=N_("What the people of this desk sign in with."),
        unless=_as_it_is,
    ),
)
