"""Signing a file: a PAdES signature (ETSI EN 319 142-1, level B-B; B-T with a time stamp) in one of its empty fields.

Everything is appended: what was signed before stays byte for byte as it was. Nothing but the field, its picture and the
signature is written, so a signed file stays PDF/A-2u and PDF/UA-1.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _, speaking
from trialdesk.documents.rules import Sealed, ToSeal

if TYPE_CHECKING:
    from asn1crypto.cms import ContentInfo
    from pyhanko.sign.signers import SimpleSigner

    from trialdesk.reporting.signing.stamping import Service

HASH = "sha256"
BOUND = "urn:x-trialdesk:signature:"
"""The signature in the file names the record it is bound to by an address that begins so."""

_MARGIN = 1024
"""Bytes kept free beside a signature of the size tried: nonces and time stamps differ by a few."""


def seal(what: ToSeal) -> Sealed:
    """Return the file signed at its place.

    Raises UserError where it has no such place, Environment where the time-stamp service does not answer as it should.
    """
    # Only who signs pays for pyHanko: its import takes longer than the program's start.
    from pyhanko.pdf_utils.generic import pdf_string
    from pyhanko.sign.fields import SigSeedSubFilter
    from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
    from pyhanko.sign.signers.pdf_byterange import SignatureObject

    from trialdesk.reporting.signatures import field_name
    from trialdesk.reporting.signing.appending import Appending, laid

    writer, name = Appending(BytesIO(what.data)), field_name(what.place)
    if not laid(writer, name, what):
        raise UserError(
            _("This file has no place {number} to sign.").format(number=what.place),
            remedy=_("Make the document final with places to sign."),
        )
    signer, service = _signer(what), _service(what.service)
    with speaking(what.language):
        meaning = _(what.meaning)
    tried = _signed(signer, bytes(32), service, what.service, dry=True)
    signature = SignatureObject(
        timestamp=what.at,
        subfilter=SigSeedSubFilter.PADES,
        name=what.name,
        reason=meaning,
        bytes_reserved=2 * (len(tried.dump()) + _MARGIN),
    )
    signature["/ContactInfo"] = pdf_string(BOUND + what.signature)
    embedding = PdfCMSEmbedder().write_cms(name, writer, existing_fields_only=True)
    next(embedding)
    embedding.send(SigObjSetup(sig_placeholder=signature))
    digest, out = embedding.send(SigIOSetup(md_algorithm=HASH))
    signed = _signed(signer, digest.document_digest, service, what.service)
    embedding.send(signed)
    return Sealed(out.getvalue(), *_stamp(signed))


def _signer(what: ToSeal) -> SimpleSigner:
    from asn1crypto import keys, x509
    from pyhanko.sign.signers import SimpleSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    vouching = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # the library does not type it
    vouching.register_multiple([x509.Certificate.load(each) for each in what.identity.chain])
    return SimpleSigner(
        signing_cert=x509.Certificate.load(what.identity.certificate),
        signing_key=keys.PrivateKeyInfo.load(what.identity.key),
        cert_registry=vouching,
    )


def _service(address: str) -> Service | None:
    if not address:
        return None
    from trialdesk.reporting.signing.stamping import Service

    return Service(address)


def _signed(
    signer: SimpleSigner, digest: bytes, service: Service | None, address: str, *, dry: bool = False
) -> ContentInfo:
    from pyhanko.sign.timestamps.common_utils import TimestampRequestError

    from trialdesk.reporting.signing.stamping import unanswered

    try:
        return asyncio.run(signer.async_sign(digest, HASH, dry_run=dry, use_pades=True, timestamper=service))
    except TimestampRequestError as error:
        raise unanswered(urlsplit(address).hostname or "", str(error)) from error


def _stamp(signed: Any) -> tuple[datetime | None, str | None]:
    """Return when a signature was stamped and by whom."""
    from asn1crypto.core import Void

    for attribute in signed["content"]["signer_infos"][0]["unsigned_attrs"] or ():
        if attribute["type"].native == "signature_time_stamp_token":
            token = attribute["values"][0]["content"]
            said = token["encap_content_info"]["content"].parsed
            by = said["tsa"]
            name = "" if isinstance(by, Void) else by.chosen.human_friendly
            return said["gen_time"].native, name or None
    return None, None
