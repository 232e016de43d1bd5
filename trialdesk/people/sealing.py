"""The sealed list of a study: who will get what, kept where nobody who may not know can read it.

A study has an unblinding key pair. Whoever makes the list seals to its public half and cannot read it again; the secret
half is wrapped to the accounts with the unblinded role alone. Each slot also has a code-break envelope, sealed to a
second key that follows from a passphrase and is nowhere on the desk: it is held apart, on paper, for the emergency.
Every seal has a fresh nonce: two slots of the same arm have nothing in common, not even their length.

In an open-label study the list is concealed all the same until a slot is used (CONSORT 2025, item 18; ICH E6(R3) 4.1):
who knows the next arm chooses whom to screen. There the key is one for sealing and opening, given to whoever may
allocate; the program opens a slot with it in the act that uses it, and in no other.
"""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from datetime import date
from hashlib import sha256
from struct import Struct

import sqlalchemy as sa

from trialdesk.base.errors import NotAllowed, UserError
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.people.credentials import Cost, derived
from trialdesk.people.rights import holders, roles
from trialdesk.people.rules import STAFF, UNBLINDED, password_weakness
from trialdesk.persistence.reading import Read
from trialdesk.persistence.vault import Hidden
from trialdesk.persistence.work import Work
from trialdesk.persistence.wrapping import keep_wrap, keyring, new_secret, public_of, unwrap, wrap_to

UNBLINDING = b"trialdesk unblinding key"
CONCEALING = b"trialdesk allocation list key"
ALLOCATING = STAFF | UNBLINDED
"""Who may allocate, and so is given the key of an open-label study's list."""

_SLOT = b"trialdesk sealed slot"
_ENVELOPE = b"trialdesk code-break envelope"
_SALT_BYTES = 16
_CONCEALING_BYTES = 64  # AES-SIV with two 256-bit halves
_PUBLIC = Struct(">32s32s16sIII")


@dataclass(frozen=True, slots=True)
class _PublicHalves:
    """What everybody may know of a study's two keys: enough to seal, not to open."""

    unblinding: bytes
    envelope: bytes
    salt: bytes
    cost: Cost


def new_unblinding_key(work: Work, study: Id, envelope_passphrase: str, *, cost: Cost | None = None) -> None:
    """Make the key of a study's sealed list, within this act, for those who are unblinded today.

    Raises UserError for a weak passphrase, if there is a key already, or if nobody is unblinded yet: then nobody could
    ever open the list.
    """
    weak = password_weakness(envelope_passphrase)
    if weak is not None:
        raise UserError(_(weak), where=_("Passphrase of the code-break envelopes"))
    if has_unblinding_key(work.read, study):
        raise UserError(_("This study's list has its key already."))
    entitled = holders(work.read, study=study, wanted=UNBLINDED, on=work.today)
    if not entitled:
        raise UserError(
            _("Nobody may open the list yet."),
            remedy=_("Delegate an unblinded pharmacist with an account first, then make the list."),
        )
    secret, salt, cost = new_secret(), os.urandom(_SALT_BYTES), cost or Cost()
    envelope = public_of(derived(envelope_passphrase, salt, cost))
    halves = _PUBLIC.pack(public_of(secret), envelope, salt, cost.time_cost, cost.memory_kib, cost.lanes)
    subject = unblinding_subject(study)

    def write(connection: sa.Connection) -> None:
        keep_wrap(connection, subject, subject, study, halves)
        for account, public in entitled.items():
            keep_wrap(connection, subject, account, study, wrap_to(public, secret, purpose=UNBLINDING))

    work.beside(write)


def has_unblinding_key(read: Read, study: Id) -> bool:
    """Say whether a study's list can be sealed. One statement."""
    return _halves(read, study) is not None


def seal_arm(work: Work, study: Id, slot_id: Id, arm: Id) -> tuple[str, str]:
    """Return an arm sealed for the unblinded, and sealed again as the slot's code-break envelope. Both are bound to it.

    Whoever calls it needs no key. Raises UserError where the study has no unblinding key.
    """
    halves = _halves(work.read, study)
    if halves is None:
        raise _no_key()
    plain, bound = bytes.fromhex(arm), slot_id.encode()
    sealed = wrap_to(halves.unblinding, plain, purpose=_SLOT, bound=bound)
    envelope = wrap_to(halves.envelope, plain, purpose=_ENVELOPE, bound=bound)
    return b64encode(sealed).decode(), b64encode(envelope).decode()


def open_arm(read: Read, study: Id, slot_id: Id, sealed: str, *, on: date) -> Id | Hidden:
    """Return the arm of a slot, or why it stays hidden. Raises InvalidTag for a seal altered or of another slot.

    Both are needed: the key, and the unblinded role on the day `on` of looking.
    """
    key = read.key(unblinding_subject(study), UNBLINDING)
    if key is None or roles(read, study=study, on=on).isdisjoint(UNBLINDED):
        return Hidden.NOT_ALLOWED
    arm = unwrap(key, b64decode(sealed), purpose=_SLOT, bound=slot_id.encode()).hex()
    read.seen.add((study, slot_id))
    return arm


def break_envelope(read: Read, study: Id, slot_id: Id, envelope: str, passphrase: str) -> Id:
    """Return the arm in a slot's envelope, opened with the passphrase held apart.

    Who may, and that it was done, is the caller's to say and record. Raises NotAllowed for a wrong passphrase.
    """
    from cryptography.exceptions import InvalidTag

    halves = _halves(read, study)
    if halves is None:
        raise _no_key()
    secret = derived(passphrase, halves.salt, halves.cost)
    if public_of(secret) != halves.envelope:
        raise NotAllowed(
            _("This passphrase does not open the envelope."),
            remedy=_(
                "It is the one laid down when the list was made. Mind capital letters and the keyboard's language."
            ),
        )
    try:
        return unwrap(secret, b64decode(envelope), purpose=_ENVELOPE, bound=slot_id.encode()).hex()
    except InvalidTag as error:
        raise UserError(_("The envelope was altered, or it is another slot's.")) from error


def concealing_key(work: Work, study: Id) -> bytes:
    """Return the key of an open-label study's list; made within this act, for all who may allocate, where none is yet.

    Raises NotAllowed where this account was not given it.
    """
    subject = concealing_subject(study)
    key = work.read.key(subject, CONCEALING)
    if key is not None:
        return key
    if work.read.live.value(sa.select(keyring.c.recipient).where(keyring.c.subject == subject)) is not None:
        raise NotAllowed(
            _("Your account has not been given the key to this study's allocation list."),
            remedy=_("It is handed on when somebody who holds it signs in: an investigator, or who loaded the list."),
        )
    made = work.read.vault.entropy(_CONCEALING_BYTES)
    entitled = holders(work.read, study=study, wanted=ALLOCATING, on=work.today)

    def write(connection: sa.Connection) -> None:
        for account, public in entitled.items():
            keep_wrap(connection, subject, account, study, wrap_to(public, made, purpose=CONCEALING))

    work.beside(write)
    return made


def conceal_arm(key: bytes, slot_id: Id, arm: Id) -> str:
    """Return an arm sealed until its slot is used. Bound to the slot: equal arms of two look nothing alike."""
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

    return b64encode(AESSIV(key).encrypt(bytes.fromhex(arm), [_SLOT, slot_id.encode()])).decode()


def revealed_arm(key: bytes, slot_id: Id, sealed: str) -> Id:
    """Return the arm of a slot that is being used. Raises InvalidTag for a seal altered or of another slot."""
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

    return AESSIV(key).decrypt(b64decode(sealed), [_SLOT, slot_id.encode()]).hex()


def concealing_subject(study: Id) -> Id:
    """Return under which subject the keyring keeps the key of an open-label study's list."""
    return sha256(CONCEALING + study.encode()).digest()[:16].hex()


def unblinding_subject(study: Id) -> Id:
    """Return under which subject the keyring keeps a study's unblinding key."""
    return sha256(UNBLINDING + study.encode()).digest()[:16].hex()


def _halves(read: Read, study: Id) -> _PublicHalves | None:
    subject = unblinding_subject(study)
    kept = read.live.value(
        sa.select(keyring.c.wrapped).where(keyring.c.subject == subject, keyring.c.recipient == subject)
    )
    if kept is None:
        return None
    unblinding, envelope, salt, *cost = _PUBLIC.unpack(kept)
    return _PublicHalves(unblinding, envelope, salt, Cost(*cost))


def _no_key() -> UserError:
    return UserError(_("This study has no sealed list."), remedy=_("Make its list first."))
