"""Certificates as people bring them along: PKCS#12 files, of an issuer of its own or signed by themselves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, NoEncryption
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

PASSPHRASE = "lantern on the pier"
Issued = tuple[x509.Certificate, EllipticCurvePrivateKey | RSAPrivateKey]

BEGINS, ENDS = datetime(2020, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)


def pkcs12(
    name: str,
    *,
    passphrase: str = PASSPHRASE,
    begins: datetime = BEGINS,
    ends: datetime = ENDS,
    signs: bool = True,
    with_key: bool = True,
) -> bytes:
    """Return a PKCS#12 file with a person's certificate, its key and the issuer's certificate."""
    issuer, issuer_key = authority()
    certificate, key = issued(name, issuer, issuer_key, begins=begins, ends=ends, signs=signs)
    locked = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    if not with_key:
        return serialize_key_and_certificates(None, None, None, [certificate], locked)
    return serialize_key_and_certificates(name.encode(), key, certificate, [issuer], locked)


def authority(name: str = "Harbour Trust Services") -> tuple[x509.Certificate, EllipticCurvePrivateKey]:
    """Return the certificate and key of somebody who issues certificates."""
    key = generate_private_key(SECP256R1())
    subject = _named(name)
    builder = _builder(subject, subject, key, BEGINS - timedelta(days=1), ENDS + timedelta(days=1))
    built = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    return built.sign(key, SHA256()), key


def issued(
    name: str,
    issuer: x509.Certificate,
    issuer_key: EllipticCurvePrivateKey,
    *,
    begins: datetime = BEGINS,
    ends: datetime = ENDS,
    signs: bool = True,
    stamps: bool = False,
) -> Issued:
    """Return a certificate an authority issued; one that `stamps` is of a time-stamp service, and has an RSA key."""
    key = rsa.generate_private_key(65537, 2048) if stamps else generate_private_key(SECP256R1())
    builder = _builder(_named(name), issuer.subject, key, begins, ends).add_extension(
        x509.KeyUsage(
            digital_signature=signs,
            content_commitment=signs,
            key_encipherment=not signs,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=False,
            crl_sign=False,
            encipher_only=False,
            decipher_only=False,
        ),
        critical=True,
    )
    if stamps:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return builder.sign(issuer_key, SHA256()), key


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: EllipticCurvePrivateKey | RSAPrivateKey,
    begins: datetime,
    ends: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
    )
