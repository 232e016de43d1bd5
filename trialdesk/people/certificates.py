"""Certificates that persons sign files with: made here or brought along, their secret keys sealed to one account.

A secret key is never an event: it stands beside the trail, sealed to the account's own key, so that only who has signed
in as that account can use it. Whoever has a new password made by the owner has new keys, and makes a new certificate.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from trialdesk.base.errors import NotAllowed, UserError
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.persistence.declaration import metadata
from trialdesk.persistence.reading import Read
from trialdesk.persistence.types import BytesType, IdType
from trialdesk.persistence.work import Work
from trialdesk.persistence.wrapping import wrap_to

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes, PrivateKeyTypes

signing_key = sa.Table(
    "signing_key",
    metadata,
    sa.Column("certificate", IdType, primary_key=True),
    sa.Column("sealed", BytesType, nullable=False),
    sqlite_strict=True,
)

YEARS, MOST_YEARS = 3, 5
"""So long holds a certificate made here: what most issuers of personal certificates give, and the longest."""

_LONGEST = 64
_SIGNING = b"trialdesk signing key"


@dataclass(frozen=True, slots=True)
class Identity:
    """A certificate with its secret key, as DER; `chain` are the certificates of those who vouch for it."""

    certificate: bytes
    key: bytes
    chain: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class About:
    """What a certificate says of itself. Instants are in UTC; `fingerprint` is the SHA-256 of its DER."""

    name: str
    issuer: str
    fingerprint: str
    valid_from: datetime
    valid_until: datetime
    signs: bool
    """Whether it may be used to sign documents (RFC 5280, 4.2.1.3)."""


def made(name: str, at: datetime, years: int = YEARS) -> Identity:
    """Return a new certificate of a person, signed by itself (X.509, P-256), that holds `years` from `at` on."""
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.x509.oid import NameOID

    key = generate_private_key(SECP256R1())
    own = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, _cut(name))])
    begins = at.replace(microsecond=0)
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(own)
        .issuer_name(own)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=365 * years))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, SHA256())
    )
    return _identity(certificate, key, ())


def from_pkcs12(data: bytes, passphrase: str) -> Identity:
    """Return what a PKCS#12 file holds (RFC 7292).

    Raises NotAllowed for a wrong passphrase, UserError for a file that is none or has no certificate with its key.
    """
    from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12

    try:
        held = load_pkcs12(data, passphrase.encode() or None)
    except ValueError as error:
        if "password" in str(error).lower():
            raise NotAllowed(
                _("This passphrase does not open the certificate file."),
                remedy=_("It is the one the file was exported with. Mind capital letters and the keyboard's language."),
            ) from error
        raise UserError(
            _("This file is not a certificate with its key (PKCS#12)."),
            where=_("File"),
            remedy=_("Such files end in .p12 or .pfx; whoever issued the certificate can export one."),
        ) from error
    if held.key is None or held.cert is None:
        raise UserError(
            _("The file holds no certificate with its secret key."),
            where=_("File"),
            remedy=_("Export it again, with the key."),
        )
    return _identity(held.cert.certificate, held.key, [each.certificate for each in held.additional_certs])


def about(certificate: bytes) -> About:
    """Return what a certificate (DER) says of itself."""
    from cryptography import x509
    from cryptography.hazmat.primitives.hashes import SHA256

    held = x509.load_der_x509_certificate(certificate)
    try:
        usage = held.extensions.get_extension_for_class(x509.KeyUsage).value
        signs = usage.digital_signature or usage.content_commitment
    except x509.ExtensionNotFound:
        signs = True
    return About(
        _words(held.subject),
        _words(held.issuer),
        held.fingerprint(SHA256()).hex(),
        held.not_valid_before_utc,
        held.not_valid_after_utc,
        signs,
    )


def keep_key(work: Work, certificate: Id, key: bytes) -> None:
    """Keep a certificate's secret key for the acting account alone, within this act."""
    sealed = wrap_to(work.read.vault.public, key, purpose=_SIGNING, bound=certificate.encode())

    def write(connection: sa.Connection) -> None:
        connection.execute(sa.insert(signing_key).values(certificate=certificate, sealed=sealed))

    work.beside(write)


def opened_key(read: Read, certificate: Id) -> bytes:
    """Return a certificate's secret key (PKCS#8 DER) to the account it belongs to.

    Raises UserError where this desk does not have it, NotAllowed where this account cannot open it. One statement.
    """
    from cryptography.exceptions import InvalidTag

    sealed = read.live.value(sa.select(signing_key.c.sealed).where(signing_key.c.certificate == certificate))
    if sealed is None:
        raise UserError(
            _("The secret key of this certificate is not on this desk."),
            where=_("Signing certificate"),
            remedy=_("Sign on the desk where it is, or make or bring a certificate here."),
        )
    try:
        return read.live.vault.unsealed(sealed, purpose=_SIGNING, bound=certificate.encode())
    except InvalidTag as error:
        raise NotAllowed(
            _("Your account cannot open the secret key of this certificate."),
            remedy=_("It is another person's, or your password was made anew since. Make a new certificate."),
        ) from error


def text_of(certificates: Sequence[bytes]) -> str:
    """Return certificates as text for a record: base64, one a line."""
    return "\n".join(b64encode(each).decode() for each in certificates)


def read_text(text: str) -> tuple[bytes, ...]:
    """Return the certificates (DER) of what `text_of` wrote."""
    return tuple(b64decode(line) for line in text.splitlines())


def _identity(
    certificate: x509.Certificate,
    key: CertificateIssuerPrivateKeyTypes | PrivateKeyTypes,
    chain: Sequence[x509.Certificate],
) -> Identity:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    der = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return Identity(
        certificate.public_bytes(Encoding.DER), der, tuple(each.public_bytes(Encoding.DER) for each in chain)
    )


def _cut(name: str) -> str:
    """Return as much of a name as a certificate takes (RFC 5280, appendix A.1), in whole characters."""
    return name.encode()[:_LONGEST].decode(errors="ignore").strip()


def _words(name: x509.Name) -> str:
    from cryptography.x509.oid import NameOID

    common = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(common[0].value) if common else name.rfc4514_string()
