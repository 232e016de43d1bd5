"""What one person on one computer prefers: last desk, language, appearance, widths. Never a fact of a study."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from platformdirs import user_config_path, user_data_path, user_state_path

_NAME = "trialdesk"

TIME_STAMPS = "time_stamps"
"""The address of the time-stamp service (RFC 3161) that signatures in files are sent to; none is none."""


def state_folder() -> Path:
    """Return the folder for what this computer remembers of desks."""
    return user_state_path(_NAME)


def data_folder() -> Path:
    """Return the folder where a desk goes unless somebody chooses another."""
    return user_data_path(_NAME)


class Settings:
    """A small file of preferences. A damaged or unwritable one is no reason to stop: the defaults hold."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or user_config_path(_NAME) / "settings.json"
        try:
            kept = json.loads(self._path.read_text("utf-8"))
        except (OSError, ValueError):
            kept = {}
        self._kept: dict[str, Any] = kept if isinstance(kept, dict) else {}

    def get(self, name: str, default: Any = None) -> Any:
        """Return a preference or `default`."""
        return self._kept.get(name, default)

    def set(self, name: str, value: Any) -> None:
        """Keep a preference; JSON values only. Written whole and at once, so a crash leaves the old file or the new."""
        self._kept[name] = value
        beside = self._path.with_suffix(".new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_text(json.dumps(self._kept, ensure_ascii=False, indent=1, sort_keys=True), "utf-8")
            beside.replace(self._path)
        except OSError:
            return
