"""The one byte form of a value: what is hashed, signed, stored and synced.

For the values allowed here it equals RFC 8785 (JSON Canonicalization Scheme): keys sorted, no spaces, UTF-8. Keys are
ASCII, so sorting by code point and by UTF-16 unit agree. Numbers are integers below 2^53; larger ones and decimals
travel as text.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

LARGEST = 2**53 - 1

_encode = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, check_circular=False
).encode


def check(value: Any) -> None:
    """Raise ValueError for what may not enter an event: NUL, lone surrogates, floats, integers of 2^53 and more."""
    kind = type(value)
    if kind is str:
        check_text(value)
    elif kind is int:
        if not -LARGEST <= value <= LARGEST:
            msg = f"integer beyond 2^53: {value}"
            raise ValueError(msg)
    elif kind is list or kind is tuple:
        for item in value:
            check(item)
    elif kind is dict:
        for key, item in value.items():
            if not key.isascii():
                msg = f"key is not ASCII: {key}"
                raise ValueError(msg)
            check(item)
    elif value is not None and kind is not bool:
        msg = f"not a value for an event: {kind.__name__}"
        raise ValueError(msg)


def check_text(text: str) -> None:
    """Raise ValueError if `text` holds NUL or half of a surrogate pair: databases and encoders refuse them later."""
    if text.isascii():
        if "\0" in text:
            msg = "text holds a NUL character"
            raise ValueError(msg)
        return
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        msg = "text holds a NUL character or half of a surrogate pair"
        raise ValueError(msg)


def canonical(value: Any) -> bytes:
    """Return the canonical bytes of `value`. It does not check it: call `check` where values enter."""
    return _encode(value).encode()


def digest(data: bytes) -> str:
    """Return SHA-256 of `data` as 64 hexadecimal digits."""
    return sha256(data).hexdigest()
