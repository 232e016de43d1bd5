"""Identities: 32 lower-case hexadecimal digits of a UUID, made where the record is made.

Plain text, so that the same value stands in events, on the command line and in files; the database stores 16 bytes.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable
from random import Random

from trialdesk.base.clock import Clock

_DIGITS = 32

Id = str
"""32 lower-case hexadecimal digits."""

NewId = Callable[[], Id]


def ids(clock: Clock, random_bits: Callable[[int], int] = secrets.randbits) -> NewId:
    """Return a maker of version 7 identities (RFC 9562 section 5.7): milliseconds first, then 74 random bits."""

    def new_id() -> Id:
        milliseconds = int(clock.now().timestamp() * 1000)
        bits = random_bits(74)
        value = (milliseconds & (1 << 48) - 1) << 80 | 7 << 76 | (bits >> 62) << 64 | 2 << 62 | bits & (1 << 62) - 1
        return f"{value:032x}"

    return new_id


def seeded_ids(clock: Clock, seed: int) -> NewId:
    """Return a maker whose identities repeat for the same seed and clock. For tests and the demonstration only."""
    random = Random(seed)  # noqa: S311 - must repeat, guards nothing
    return ids(clock, random.getrandbits)


def derived_id(space: Id, *names: str) -> Id:
    """Return the identity that `names` always have within `space` (version 5): the same import finds its records."""
    return uuid.uuid5(uuid.UUID(space), "\x1f".join(names)).hex


def is_id(text: str) -> bool:
    """Say whether a text has the form of an identity."""
    return len(text) == _DIGITS and all(character in "0123456789abcdef" for character in text)
