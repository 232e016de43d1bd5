"""What was typed and not yet recorded, kept by form: a lock, a change of language or a crash loses nothing.

Drafts live in memory. They reach the disk only sealed: what is typed may identify a participant. `seal` and `unseal`
come from whoever holds the desk's keys; without them drafts last as long as the program.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

Typed = dict[str, str]
"""By field name, what stands in its editor."""


class Drafts:
    """Drafts by the key of their form, such as `participant/new/STUDY`."""

    def __init__(
        self,
        file: Path | None = None,
        *,
        seal: Callable[[bytes], bytes] | None = None,
        unseal: Callable[[bytes], bytes] | None = None,
    ) -> None:
        self._file = file if seal and unseal else None
        self._seal = seal
        self._kept: dict[str, Typed] = {}
        if self._file and unseal and self._file.exists():
            self._kept = _read(self._file, unseal)
        self._written = dict(self._kept)

    def get(self, key: str) -> Typed:
        """Return what was typed into that form and not recorded."""
        return dict(self._kept.get(key, {}))

    def keep(self, key: str, typed: Mapping[str, str]) -> None:
        """Keep what is typed; nothing typed forgets the draft."""
        if typed:
            self._kept[key] = dict(typed)
        else:
            self._kept.pop(key, None)

    def forget(self, key: str) -> None:
        """Forget the draft: it was recorded or discarded."""
        self._kept.pop(key, None)

    def waiting(self) -> tuple[str, ...]:
        """Return the keys of all drafts."""
        return tuple(self._kept)

    def save(self) -> None:
        """Write all drafts, sealed; nothing where there is no seal or nothing changed.

        A disk that takes nothing costs no more than the file: drafts last as long as the program all the same.
        """
        if self._file is None or self._seal is None or self._kept == self._written:
            return
        new = self._file.with_suffix(".new")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            new.write_bytes(self._seal(json.dumps(self._kept, ensure_ascii=False).encode()))
            new.replace(self._file)
        except OSError:
            return
        self._written = dict(self._kept)


def _read(file: Path, unseal: Callable[[bytes], bytes]) -> dict[str, Typed]:
    try:
        kept = json.loads(unseal(file.read_bytes()))
    except (OSError, ValueError):
        return {}
    return {
        key: {name: text for name, text in typed.items() if isinstance(text, str)}
        for key, typed in kept.items()
        if isinstance(typed, dict)
    }
