"""Private values: sealed under a data key per participant, so that erasing the key erases them everywhere.

A value is AES-SIV ciphertext (RFC 5297) whose associated data are record and field: equal values of one field of one
record are equal bytes, any other pair tells nothing. The participant's data key is wrapped by the study's privacy
key, and that to the X25519 public key of each entitled account. Wraps stand in the keyring table, outside the trail.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING

import sqlalchemy as sa

from trialdesk.base.errors import NotAllowed
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.persistence.declaration import metadata
from trialdesk.persistence.types import BytesType, IdType

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

keyring = sa.Table(
    "keyring",
    metadata,
    sa.Column("subject", IdType, primary_key=True),
    sa.Column("recipient", IdType, primary_key=True),
    sa.Column("study", IdType, nullable=False, index=True),
    sa.Column("wrapped", BytesType, nullable=False),
    sqlite_strict=True,
)

_DATA_KEY_BYTES = 64  # AES-SIV with two 256-bit halves
_STUDY_KEY_BYTES = 32
_NONCE_BYTES = 12
_PUBLIC_KEY_BYTES = 32
_INFO = b"trialdesk study privacy key"


class Hidden(Enum):
    """Why a private value is not shown, in words for the place where it would stand."""

    ERASED = N_("erased")
    NOT_ALLOWED = N_("not shown to you")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a private value stands: whose it is and in which field of which record."""

    study: Id
    subject: Id
    record: Id
    field: str

    @property
    def associated(self) -> list[bytes]:
        """The associated data that bind a ciphertext to this place."""
        return [self.record.encode(), self.field.encode()]


class Vault:
    """What one signed-in account can seal and open. Without a secret it opens nothing and seals nothing."""

    def __init__(self, account: Id | None = None, secret: bytes | None = None) -> None:
        self._account = account
        self._secret = secret
        self._study_keys: dict[Id, bytes] = {}

    def seal(self, connection: sa.Connection, place: Place, plain: str) -> bytes:
        """Return the ciphertext of `plain`. Makes the participant's and the study's keys where there are none yet.

        Raises NotAllowed where this account was never given the study's privacy key.
        """
        key = self._data_key(connection, place.study, place.subject)
        if key is None:
            key = self._new_data_key(connection, place.study, place.subject)
        return _sealing(key).encrypt(plain.encode(), place.associated)

    def reveal(self, connection: sa.Connection, place: Place, sealed: bytes) -> str | Hidden:
        """Return the plain text, or why it is hidden. Raises InvalidTag for a ciphertext somebody altered."""
        if self._study_key(connection, place.study) is None:
            return Hidden.NOT_ALLOWED
        key = self._data_key(connection, place.study, place.subject)
        if key is None:
            return Hidden.ERASED
        return _sealing(key).decrypt(sealed, place.associated).decode()

    @cached_property
    def public(self) -> bytes:
        """The public key to which others wrap. Raises NotAllowed before signing in."""
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

        return X25519PrivateKey.from_private_bytes(self._own_secret()).public_key().public_bytes_raw()

    def _own_secret(self) -> bytes:
        if self._secret is None:
            raise NotAllowed(_("Private values are open only to an account that has signed in."))
        return self._secret

    def _study_key(self, connection: sa.Connection, study: Id) -> bytes | None:
        if study not in self._study_keys and self._secret is not None and self._account is not None:
            wrapped = _wrap_of(connection, study, self._account)
            if wrapped is not None:
                self._study_keys[study] = _unwrap_to(self._secret, wrapped)
        return self._study_keys.get(study)

    def _data_key(self, connection: sa.Connection, study: Id, subject: Id) -> bytes | None:
        wrapped = _wrap_of(connection, subject, study)
        study_key = self._study_key(connection, study)
        if wrapped is None or study_key is None:
            return None
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        return AESGCM(study_key).decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], subject.encode())

    def _new_data_key(self, connection: sa.Connection, study: Id, subject: Id) -> bytes:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        study_key = self._study_key(connection, study) or self._new_study_key(connection, study)
        key, nonce = os.urandom(_DATA_KEY_BYTES), os.urandom(_NONCE_BYTES)
        wrapped = nonce + AESGCM(study_key).encrypt(nonce, key, subject.encode())
        connection.execute(sa.insert(keyring).values(subject=subject, recipient=study, study=study, wrapped=wrapped))
        return key

    def _new_study_key(self, connection: sa.Connection, study: Id) -> bytes:
        if connection.scalar(sa.select(sa.func.count()).where(keyring.c.subject == study)):
            raise NotAllowed(
                _("Your account has not been given the key to this study's private values."),
                remedy=_("Ask somebody who can see them to give you access."),
            )
        key = os.urandom(_STUDY_KEY_BYTES)
        wrapped = _wrap_to(self.public, key)
        connection.execute(
            sa.insert(keyring).values(subject=study, recipient=self._account, study=study, wrapped=wrapped)
        )
        self._study_keys[study] = key
        return key


def new_secret() -> bytes:
    """Return a new account's secret key (X25519, 32 bytes)."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    return X25519PrivateKey.generate().private_bytes_raw()


def forget(connection: sa.Connection, subject: Id) -> None:
    """Remove every wrap of a participant's data key. Their private values cannot be opened by anybody afterwards."""
    connection.execute(sa.delete(keyring).where(keyring.c.subject == subject))


def _wrap_of(connection: sa.Connection, subject: Id, recipient: Id) -> bytes | None:
    query = sa.select(keyring.c.wrapped).where(keyring.c.subject == subject, keyring.c.recipient == recipient)
    wrapped: bytes | None = connection.scalar(query)
    return wrapped


def _sealing(key: bytes) -> AESSIV:
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

    return AESSIV(key)


def _shared(secret: bytes, public: bytes, ephemeral: bytes) -> bytes:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    agreed = X25519PrivateKey.from_private_bytes(secret).exchange(X25519PublicKey.from_public_bytes(public))
    return HKDF(SHA256(), _STUDY_KEY_BYTES, salt=ephemeral, info=_INFO).derive(agreed)


def _wrap_to(public: bytes, key: bytes) -> bytes:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    ephemeral = X25519PrivateKey.generate()
    mine = ephemeral.public_key().public_bytes_raw()
    nonce = os.urandom(_NONCE_BYTES)
    return mine + nonce + AESGCM(_shared(ephemeral.private_bytes_raw(), public, mine)).encrypt(nonce, key, None)


def _unwrap_to(secret: bytes, wrapped: bytes) -> bytes:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    ephemeral, nonce = (
        wrapped[:_PUBLIC_KEY_BYTES],
        wrapped[_PUBLIC_KEY_BYTES : _PUBLIC_KEY_BYTES + _NONCE_BYTES],
    )
    sealed = wrapped[_PUBLIC_KEY_BYTES + _NONCE_BYTES :]
    return AESGCM(_shared(secret, ephemeral, ephemeral)).decrypt(nonce, sealed, None)
