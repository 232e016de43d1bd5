"""What a person chooses before most reports are made."""

from __future__ import annotations

from datetime import date

from trialdesk.base.errors import UserError
from trialdesk.base.fields import Field
from trialdesk.base.i18n import N_, _

SITE = Field("text", N_("Site"), name="site", help=N_("The number of one site; empty for all sites."))
AS_OF = Field("day", N_("As of"), name="as_of", help=N_("Only what had happened by that day; empty for everything."))
CONTRACT = Field("text", N_("Contract number"), name="contract", help=N_("Needed where the study has several."))
EVENT = Field("text", N_("Event number"), name="event", help=N_("Empty for the serious event that began last."))
RECIPIENT = Field(
    "text",
    N_("Recipient"),
    name="recipient",
    help=N_("FDA, EudraVigilance or CDE; empty for the authority it was last reported to, else the site's own."),
)
TURN = Field(
    "text",
    N_("Follow-up number"),
    name="follow_up",
    help=N_("0 for the initial report, 1 for the first follow-up; empty for the one recorded last."),
)
DEVIATION = Field("text", N_("Deviation number"), name="deviation", help=N_("Empty for the one that occurred last."))
NUMBER = Field("text", N_("Invoice number"), name="number", help=N_("Empty for the one issued last."))
PARTICIPANT = Field("text", N_("Participant"), name="participant", help=N_("Empty for who was screened last."))
AMENDMENT = Field("text", N_("Protocol version"), name="version", help=N_("Empty for the amendment dated last."))
START = Field("text", N_("Period from"), name="start", help=N_("A day such as 2026-03-04; empty for everything."))


def day_of_text(text: str) -> date:
    """Return the day a person wrote (ISO 8601). Raises UserError for no such day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UserError(
            _("“{text}” is no day.").format(text=text), remedy=_("Write it as year, month and day: 2026-03-04.")
        ) from None
