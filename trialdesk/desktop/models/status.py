"""A state as it is shown: a word, a hue and an icon, never colour alone."""

from __future__ import annotations

from trialdesk.base.values import dataclass
from trialdesk.desktop.style import Hue


@dataclass(frozen=True, slots=True)
class Status:
    """`words` are already translated. Without an `icon` the hue's own is shown."""

    words: str
    hue: Hue = "neutral"
    icon: str = ""

    @property
    def picture(self) -> str:
        """Return the name of the icon to show."""
        return self.icon or self.hue
