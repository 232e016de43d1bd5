"""The event: one record's difference in one transaction, as the canonical bytes that are hashed, kept and synced.

Written once, never rewritten. `parse(compose(…)) == …`; hash and chain are over the bytes, never over the columns.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from trialdesk.base.canonical import canonical
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.persistence.declaration import Audience

Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class StreamName:
    """What makes a stream this stream; its id and its first predecessor hash follow from it alone."""

    replica: Id
    epoch: int
    study: Id | None
    audience: Audience

    @property
    def genesis(self) -> bytes:
        """The hash that the first event names as its predecessor."""
        named = {
            "audience": self.audience,
            "epoch": self.epoch,
            "replica": self.replica,
            "study": self.study,
            "what": "trialdesk stream",
        }
        return sha256(canonical(named)).digest()

    @property
    def id(self) -> Id:
        """The stream's id: the first half of its genesis hash."""
        return self.genesis[:16].hex()


def parse(data: bytes) -> Event:
    """Return an event from its bytes. Raises ValueError for bytes that are not a JSON object."""
    event = json.loads(data)
    if not isinstance(event, dict):
        msg = "an event is a JSON object"
        raise ValueError(msg)  # noqa: TRY004 - one error for all bytes that are no event
    return event


def event_hash(data: bytes) -> bytes:
    """Return the hash by which the next event names this one."""
    return sha256(data).digest()


def is_creation(event: Mapping[str, Any]) -> bool:
    """Say whether the event brought its record into being: it replaces nothing."""
    return "parents" not in event
