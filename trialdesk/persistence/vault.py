"""Private values: sealed under a data key per participant, so that erasing the key erases them everywhere.

A value is AES-SIV ciphertext (RFC 5297) whose associated data are record and field: equal values of one field of one
record are equal bytes, any other pair tells nothing. The participant's data key is wrapped by the study's privacy
key, and that to the X25519 public key of each entitled account (persistence.wrapping).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING

import sqlalchemy as sa

from trialdesk.base.errors import NotAllowed
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.persistence.wrapping import (
    PRIVACY,
    Entropy,
    keep_wrap,
    public_of,
    recipients,
    unwrap,
    wrap_of,
    wrap_to,
    wraps_for,
)

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

_DATA_KEY_BYTES = 64  # AES-SIV with two 256-bit halves
_STUDY_KEY_BYTES = 32
_NONCE_BYTES = 12


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

    def __init__(
        self,
        account: Id | None = None,
        secret: bytes | None = None,
        desk_key: bytes = b"",
        entropy: Entropy = os.urandom,
    ) -> None:
        self.desk_key = desk_key
        """The key by which this desk signs: sealed again for every account it is given."""
        self.made: set[Id] = set()
        """The studies whose privacy key this account has just made: others who are entitled wait for theirs."""
        self.entropy = entropy
        """Where new keys come from."""
        self._account = account
        self._secret = secret
        self._opened: dict[bytes, bytes] = {}

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
        if self.key(connection, place.study) is None:
            return Hidden.NOT_ALLOWED
        key = self._data_key(connection, place.study, place.subject)
        if key is None:
            return Hidden.ERASED
        return _sealing(key).decrypt(sealed, place.associated).decode()

    def reveal_all(
        self, connection: sa.Connection, study: Id, sealed: Sequence[tuple[Place, bytes]]
    ) -> list[str | Hidden]:
        """Return what `reveal` would of each of a study's values, in their order. Two statements for any number."""
        study_key = self.key(connection, study) if sealed else None
        if study_key is None:
            return [Hidden.NOT_ALLOWED for _each in sealed]
        kept = wraps_for(connection, study)
        ciphers: dict[Id, AESSIV] = {}
        found: list[str | Hidden] = []
        for place, value in sealed:
            if place.subject not in kept:
                found.append(Hidden.ERASED)
                continue
            if place.subject not in ciphers:
                ciphers[place.subject] = _sealing(_opened(study_key, kept[place.subject], place.subject))
            found.append(ciphers[place.subject].decrypt(value, place.associated).decode())
        return found

    def key(self, connection: sa.Connection, subject: Id, purpose: bytes = PRIVACY) -> bytes | None:
        """Return the key of `subject` that is kept for this account, or None: never given, or withdrawn."""
        if self._secret is None or self._account is None:
            return None
        wrapped = wrap_of(connection, subject, self._account)
        if wrapped is None:
            return None
        # By the wrap and not by the subject: a key that was withdrawn is gone for who is signed in, too.
        if wrapped not in self._opened:
            self._opened[wrapped] = unwrap(self._secret, wrapped, purpose=purpose)
        return self._opened[wrapped]

    def unsealed(self, wrapped: bytes, *, purpose: bytes, bound: bytes) -> bytes:
        """Return what was sealed to this account alone. Raises InvalidTag for anything else, NotAllowed for nobody."""
        return unwrap(self._own_secret(), wrapped, purpose=purpose, bound=bound)

    @cached_property
    def public(self) -> bytes:
        """The public key to which others wrap. Raises NotAllowed before signing in."""
        return public_of(self._own_secret())

    def _own_secret(self) -> bytes:
        if self._secret is None:
            raise NotAllowed(_("Private values are open only to an account that has signed in."))
        return self._secret

    def _data_key(self, connection: sa.Connection, study: Id, subject: Id) -> bytes | None:
        wrapped = wrap_of(connection, subject, study)
        study_key = self.key(connection, study)
        return None if wrapped is None or study_key is None else _opened(study_key, wrapped, subject)

    def _new_data_key(self, connection: sa.Connection, study: Id, subject: Id) -> bytes:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        study_key = self.key(connection, study) or self._new_study_key(connection, study)
        key, nonce = self.entropy(_DATA_KEY_BYTES), os.urandom(_NONCE_BYTES)
        wrapped = nonce + AESGCM(study_key).encrypt(nonce, key, subject.encode())
        keep_wrap(connection, subject, study, study, wrapped)
        return key

    def _new_study_key(self, connection: sa.Connection, study: Id) -> bytes:
        if self._account is None or recipients(connection, study):
            raise NotAllowed(
                _("Your account has not been given the key to this study's private values."),
                remedy=_("Ask somebody who can see them to give you access."),
            )
        key = self.entropy(_STUDY_KEY_BYTES)
        keep_wrap(connection, study, self._account, study, wrap_to(self.public, key))
        self.made.add(study)
        return key


def _opened(study_key: bytes, wrapped: bytes, subject: Id) -> bytes:
    """Return a participant's data key out of its wrap."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(study_key).decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], subject.encode())


def _sealing(key: bytes) -> AESSIV:
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

    return AESSIV(key)
