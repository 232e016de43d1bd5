"""The fonts that travel with the program, so that every machine shows the same and Chinese needs no system font."""

from __future__ import annotations

from PySide6.QtGui import QFontDatabase

from trialdesk.base.places import resources

PREFERRED = ("Source Sans 3", "Noto Sans SC", "DejaVu Sans")
"""Families in the order in which a letter is looked for; Qt falls back letter by letter."""
_PRINTED = ("Tinos", "NotoSerif")
"""How files begin that only documents are set in: the window has no serif, and does not wait for one at its start."""


def load() -> tuple[str, ...]:
    """Register the bundled fonts of the window and return the preferred families that can be had, best first.

    A folder that is absent or a file that is no font is passed over: the system's fonts remain.
    """
    folder = resources() / "fonts"
    found: set[str] = set()
    for file in sorted((*folder.glob("**/*.ttf"), *folder.glob("**/*.otf"))):
        if file.name.startswith(_PRINTED):
            continue
        number = QFontDatabase.addApplicationFont(str(file))
        if number >= 0:
            found.update(QFontDatabase.applicationFontFamilies(number))
    return tuple(family for family in PREFERRED if family in found)
