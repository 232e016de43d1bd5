"""What this workstation remembers between days: widths, language, light or dark, desks lately opened.

Never study data: a remembered value is about the window, is small, and may be lost without harm.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from trialdesk.base.settings import Settings

Value = None | bool | int | float | str | Sequence["Value"] | Mapping[str, "Value"]


class Memory:
    """The window's view of `base.settings`: values under keys like `table/participants/widths`, read as typed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def get(self, key: str) -> Value:
        """Return the value kept under the key, None where there is none."""
        value: Value = self._settings.get(key)
        return value

    def keep(self, key: str, value: Value) -> None:
        """Keep the value under the key."""
        if value != self._settings.get(key):
            self._settings.set(key, value)

    def words(self, key: str, default: str = "") -> str:
        """Return the text kept under the key, or the default."""
        value = self.get(key)
        return value if isinstance(value, str) else default

    def numbers(self, key: str) -> tuple[int, ...]:
        """Return the whole numbers kept under the key; none if anything else lies there."""
        value = self.get(key)
        if not isinstance(value, list):
            return ()
        numbers = tuple(item for item in value if isinstance(item, int) and not isinstance(item, bool))
        return numbers if len(numbers) == len(value) else ()

    def texts(self, key: str) -> tuple[str, ...]:
        """Return the texts kept under the key."""
        value = self.get(key)
        return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()

    def named(self, key: str) -> dict[str, str]:
        """Return the texts kept by name under the key."""
        value = self.get(key)
        if not isinstance(value, Mapping):
            return {}
        return {name: text for name, text in value.items() if isinstance(text, str)}

    def sizes(self, key: str) -> dict[str, int]:
        """Return the whole numbers kept by name under the key."""
        value = self.get(key)
        if not isinstance(value, dict):
            return {}
        return {name: size for name, size in value.items() if isinstance(size, int) and not isinstance(size, bool)}


def workstation() -> Memory:
    """Return this person's memory on this workstation."""
    return Memory(Settings())


def in_file(path: Path) -> Memory:
    """Return a memory in a file of its own."""
    return Memory(Settings(path))
