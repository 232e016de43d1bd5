"""Natural keys, each given once."""

from __future__ import annotations

from trialdesk.base.i18n import N_
from trialdesk.exchange.findings import Findings
from trialdesk.exchange.rows import Key


class Keys:
    """Hands out the keys of one kind of row; a key that comes again gets its number and is listed."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._first: dict[Key, tuple[str, int]] = {}
        self._times: dict[Key, int] = {}

    def take(self, key: Key, file: str, row: int) -> Key:
        """Return `key`, or the key with a number after it if it was taken before."""
        if key not in self._first:
            self._first[key] = (file, row)
            return key
        times = self._times[key] = self._times.get(key, 1) + 1
        first_file, first_row = self._first[key]
        self._findings.add(
            file,
            N_("{key} was in {file} row {first} already; both are kept."),
            row,
            key=" ".join(part for part in key if part),
            file=first_file,
            first=first_row,
        )
        return (*key, f"#{times}")
