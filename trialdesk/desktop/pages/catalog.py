"""The pages that exist, as data. A new page is one line here; nothing is greyed out for what does not exist."""

from __future__ import annotations

from trialdesk.base.i18n import N_
from trialdesk.desktop.page import Catalogue, Command, Place, Section
from trialdesk.desktop.pages.settings import Settings
from trialdesk.desktop.pages.studies import Studies

COMMANDS: tuple[Command, ...] = ()

SECTIONS: tuple[Section, ...] = ()

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
