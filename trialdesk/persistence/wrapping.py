"""Keys wrapped to those who may use them: the keyring, beside the trail and never part of it.

A row says: the key of `subject` (a participant, a study, an allocation list), sealed so that `recipient` alone opens
it. Wrapping needs no more than the recipient's X25519 public key: an ephemeral key agrees on a secret, HKDF makes an
AES-GCM key of it (the pattern of RFC 9180, in its simplest form).
"""

from __future__ import annotations

import os
from collections.abc import Callable

import sqlalchemy as sa

from trialdesk.base.ids import Id
from trialdesk.persistence.declaration import metadata
from trialdesk.persistence.types import BytesType, IdType

keyring = sa.Table(
    "keyring",
    metadata,
    sa.Column("subject", IdType, primary_key=True),
    sa.Column("recipient", IdType, primary_key=True),
    sa.Column("study", IdType, nullable=False, index=True),
    sa.Column("wrapped", BytesType, nullable=False),
    sqlite_strict=True,
)

PRIVACY = b"trialdesk study privacy key"
"""What a wrap is for, so that none opens in the place of another."""

_NONCE_BYTES = 12
_KEY_BYTES = 32


Entropy = Callable[[int], bytes]
"""Gives so many random bytes. Only the demonstration, whose passwords are printed, has its own."""


def new_secret(entropy: Entropy = os.urandom) -> bytes:
    """Return a new secret key (X25519, RFC 7748: any 32 bytes are one)."""
    return entropy(_KEY_BYTES)


def public_of(secret: bytes) -> bytes:
    """Return the public key that goes with a secret key."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    return X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()


def wrap_to(public: bytes, key: bytes, *, purpose: bytes = PRIVACY, bound: bytes | None = None) -> bytes:
    """Return `key` sealed to a public key, never twice the same bytes. `bound` must be told again to open it."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    ephemeral, nonce = new_secret(), os.urandom(_NONCE_BYTES)
    mine = public_of(ephemeral)
    return mine + nonce + AESGCM(_agreed(ephemeral, public, mine, purpose)).encrypt(nonce, key, bound)


def unwrap(secret: bytes, wrapped: bytes, *, purpose: bytes = PRIVACY, bound: bytes | None = None) -> bytes:
    """Return what was sealed to this secret's public key. Raises InvalidTag for anything else."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    theirs, rest = wrapped[:_KEY_BYTES], wrapped[_KEY_BYTES:]
    key = _agreed(secret, theirs, theirs, purpose)
    return AESGCM(key).decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], bound)


def wrap_of(connection: sa.Connection, subject: Id, recipient: Id) -> bytes | None:
    """Return the wrap of a subject's key that is kept for a recipient, or None."""
    query = sa.select(keyring.c.wrapped).where(keyring.c.subject == subject, keyring.c.recipient == recipient)
    wrapped: bytes | None = connection.scalar(query)
    return wrapped


def wraps_for(connection: sa.Connection, recipient: Id) -> dict[Id, bytes]:
    """Return every wrap that is kept for a recipient, by the subject whose key it is. One statement."""
    query = sa.select(keyring.c.subject, keyring.c.wrapped).where(keyring.c.recipient == recipient)
    return {row.subject: row.wrapped for row in connection.execute(query)}


def recipients(connection: sa.Connection, subject: Id) -> frozenset[Id]:
    """Return for whom a subject's key is kept."""
    return frozenset(connection.scalars(sa.select(keyring.c.recipient).where(keyring.c.subject == subject)))


def keep_wrap(connection: sa.Connection, subject: Id, recipient: Id, study: Id, wrapped: bytes) -> None:
    """Keep a wrap, in place of what this recipient had of the subject."""
    withdraw(connection, subject, recipient)
    connection.execute(sa.insert(keyring).values(subject=subject, recipient=recipient, study=study, wrapped=wrapped))


def withdraw(connection: sa.Connection, subject: Id, recipient: Id) -> None:
    """Remove a recipient's wrap of a subject's key."""
    connection.execute(sa.delete(keyring).where(keyring.c.subject == subject, keyring.c.recipient == recipient))


def forget(connection: sa.Connection, subject: Id) -> None:
    """Remove every wrap of a subject's key. What it sealed cannot be opened by anybody afterwards."""
    connection.execute(sa.delete(keyring).where(keyring.c.subject == subject))


def _agreed(secret: bytes, public: bytes, ephemeral: bytes, purpose: bytes) -> bytes:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    agreed = X25519PrivateKey.from_private_bytes(secret).exchange(X25519PublicKey.from_public_bytes(public))
    return HKDF(SHA256(), _KEY_BYTES, salt=ephemeral, info=purpose).derive(agreed)
