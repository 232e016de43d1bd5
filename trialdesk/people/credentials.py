"""What goes with a password: an account's secret keys, sealed by a key that Argon2id makes of it.

There is no password hash: that the seal opens is the proof. Credentials belong to this copy of the database, are never
events, and never leave it. The bundle holds the account's own secret key and the key by which this desk signs heads.
"""

from __future__ import annotations

import os
from hashlib import sha256

import sqlalchemy as sa

from trialdesk.base.errors import NotAllowed
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.persistence.declaration import metadata
from trialdesk.persistence.types import BytesType, IdType, WholeType
from trialdesk.persistence.wrapping import Entropy

credential = sa.Table(
    "credential",
    metadata,
    sa.Column("account", IdType, primary_key=True),
    sa.Column("salt", BytesType, nullable=False),
    sa.Column("time_cost", WholeType, nullable=False),
    sa.Column("memory_kib", WholeType, nullable=False),
    sa.Column("lanes", WholeType, nullable=False),
    sa.Column("sealed", BytesType, nullable=False),
    sqlite_strict=True,
)

_SALT_BYTES = 16
_NONCE_BYTES = 12
_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Cost:
    """What one try at a password costs. The default is the second recommendation of RFC 9106 section 4."""

    time_cost: int = 3
    memory_kib: int = 65_536
    lanes: int = 4


@dataclass(frozen=True, slots=True)
class Keys:
    """The secrets of a signed-in account: 32 bytes each."""

    account_secret: bytes
    desk_key: bytes

    @property
    def desk_public_key(self) -> bytes:
        """The key by which others check what this desk signed."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self.desk_key).public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Return this desk's Ed25519 signature."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self.desk_key).sign(message)


def new_keys(entropy: Entropy = os.urandom) -> Keys:
    """Return the keys of a new desk and its owner. Both kinds of key are any 32 bytes (RFC 7748, RFC 8032)."""
    return Keys(entropy(_KEY_BYTES), entropy(_KEY_BYTES))


def keep(connection: sa.Connection, account: Id, password: str, keys: Keys, cost: Cost) -> None:
    """Seal an account's keys under a password, in place of what was kept before."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    salt, nonce = os.urandom(_SALT_BYTES), os.urandom(_NONCE_BYTES)
    sealed = nonce + AESGCM(derived(password, salt, cost)).encrypt(
        nonce, keys.account_secret + keys.desk_key, account.encode()
    )
    connection.execute(sa.delete(credential).where(credential.c.account == account))
    connection.execute(
        sa.insert(credential).values(
            account=account,
            salt=salt,
            time_cost=cost.time_cost,
            memory_kib=cost.memory_kib,
            lanes=cost.lanes,
            sealed=sealed,
        )
    )


def cost_of(connection: sa.Connection, account: Id) -> Cost:
    """Return what a try at an account's password costs: the measure for the next one made on this desk."""
    columns = credential.c
    query = sa.select(columns.time_cost, columns.memory_kib, columns.lanes).where(columns.account == account)
    row = connection.execute(query).first()
    return Cost() if row is None else Cost(*row)


def unlock(connection: sa.Connection, account: Id, password: str) -> Keys:
    """Return an account's keys. Raises NotAllowed for a wrong password or an account without one on this desk."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    row = connection.execute(sa.select(credential).where(credential.c.account == account)).first()
    if row is None:
        raise refused()
    key = derived(password, row.salt, Cost(row.time_cost, row.memory_kib, row.lanes))
    try:
        opened = AESGCM(key).decrypt(row.sealed[:_NONCE_BYTES], row.sealed[_NONCE_BYTES:], account.encode())
    except InvalidTag as error:
        raise refused() from error
    return Keys(opened[:_KEY_BYTES], opened[_KEY_BYTES:])


def seal(keys: Keys, data: bytes) -> bytes:
    """Return data that only this account can open again: for files of its own beside the desk."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(_own_key(keys)).encrypt(nonce, data, None)


def unseal(keys: Keys, sealed: bytes) -> bytes:
    """Return what `seal` sealed. Raises ValueError for anything else."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(_own_key(keys)).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None)
    except InvalidTag as error:
        raise ValueError("not sealed by this account") from error


def _own_key(keys: Keys) -> bytes:
    return sha256(b"trialdesk files of an account" + keys.account_secret).digest()


def refused() -> NotAllowed:
    """Return the one answer to every failed sign-in: it does not tell which half was wrong."""
    return NotAllowed(
        _("User name or password is wrong."),
        remedy=_("Mind capital letters and the keyboard's language, then try again."),
    )


def derived(password: str, salt: bytes, cost: Cost) -> bytes:
    """Return the 32 bytes that Argon2id makes of a password: a key, slow to guess."""
    from argon2.low_level import Type, hash_secret_raw

    return hash_secret_raw(
        password.encode(),
        salt,
        time_cost=cost.time_cost,
        memory_cost=cost.memory_kib,
        parallelism=cost.lanes,
        hash_len=_KEY_BYTES,
        type=Type.ID,
    )
