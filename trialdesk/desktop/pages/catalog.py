"""The pages that exist, as data. A new page is one line here; nothing is greyed out for what does not exist."""

from __future__ import annotations

from trialdesk.base.i18n import N_
from trialdesk.desktop.page import Catalogue, Command, Place, Section
from trialdesk.desktop.pages.participants import Participants
from trialdesk.desktop.pages.settings import Settings
from trialdesk.desktop.pages.studies import Studies
from trialdesk.desktop.pages.trail import Trail

COMMANDS: tuple[Command, ...] = ()

SECTIONS: tuple[Section, ...] = (
    Section(
        "participants",
        N_("Participants"),
        Participants,
        help=N_(
            "Everybody who was screened. Choose one with the arrow keys to see consent, visits against their windows "
            "and events; Ctrl+R records a visit, F2 corrects, Ctrl+H shows who changed what and why."
        ),
    ),
    Section(
        "trail",
        N_("Trail"),
        Trail,
        help=N_(
            "Every step taken in this study, newest first: who, when, what and why. Look into one to see old and new "
            "values and to take it back. Prove this desk checks that nothing was changed behind the trail."
        ),
    ),
)

PLACES: tuple[Place, ...] = (
    Place(
        "studies",
        N_("Studies"),
        "studies",
        lambda desk: Studies(desk, first=next((c for c in COMMANDS if c.key == "study:new"), None)),
        help=N_(
            "Every study you may see, with its stage and what comes next. Press Enter on a study to open it; "
            "type in the filter to find one by any word of its title, stage or PI."
        ),
    ),
    Place(
        "settings",
        N_("Settings"),
        "settings",
        Settings,
        help=N_(
            "Language and appearance of this window, and when it locks itself. "
            "These are kept on this workstation and change no record."
        ),
    ),
)

CATALOGUE = Catalogue(PLACES, SECTIONS, COMMANDS)
