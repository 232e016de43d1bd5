"""Reading the signatures of a file: who signed, whether the bytes are still those, whether anything was added since.

Judged is the file alone. Whose certificate it is, and whether the record it is bound to stands, only a desk knows.
"""

from __future__ import annotations

import zlib
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from trialdesk.base.values import dataclass
from trialdesk.people.certificates import about
from trialdesk.reporting.signing.sealing import BOUND


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature in a file. `at` is the time it says of itself, `signature` the record it says it is bound to.

    `intact`: the bytes it covers are those that were signed, with the key of its certificate. `untouched`: nothing came
    after it but further signatures. `held`: its certificate held at that time. A time stamp is judged by itself, not by
    who vouches for the service; None where there is none.
    """

    place: int
    name: str
    meaning: str
    at: datetime | None
    signature: str
    certificate: str
    issuer: str
    fingerprint: str
    intact: bool
    untouched: bool
    held: bool
    stamped_at: datetime | None = None
    stamp_intact: bool | None = None

    @property
    def valid(self) -> bool:
        """Whether all of it is in order."""
        return self.intact and self.untouched and self.held and self.stamp_intact is not False


def is_signed(data: bytes) -> bool:
    """Say whether there is anything like a signature in a file: cheap, and true of one that was tampered with."""
    return b"/ByteRange" in data


def signatures_in(data: bytes) -> tuple[Signed, ...] | None:
    """Return the signatures of a file in the order in which they were given; None where they cannot be read at all."""
    # Only who proves a signed file pays for pyHanko.
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader

    from trialdesk.reporting.signing.revisions import only_signatures

    try:
        reader = PdfFileReader(BytesIO(data))
        found = list(reader.embedded_signatures)
        untouched = only_signatures(reader, found, len(data))
        return tuple(_read(each, place, untouched=untouched) for place, each in enumerate(found, start=1))
    except (PdfError, *_BROKEN):
        return None


_BROKEN = (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError, OSError, zlib.error)
"""What reading a file raises that somebody altered, besides the library's own errors."""


def _read(signature: Any, place: int, *, untouched: bool) -> Signed:
    said = signature.sig_object
    own = about(signature.signer_cert.dump())
    at = signature.self_reported_timestamp
    bound = str(said.get("/ContactInfo", ""))
    stamped_at, stamp_intact = _stamp(signature.signer_info)
    return Signed(
        place=place,
        name=str(said.get("/Name", own.name)),
        meaning=str(said.get("/Reason", "")),
        at=at.astimezone(UTC) if at else None,
        signature=bound.removeprefix(BOUND) if bound.startswith(BOUND) else "",
        certificate=own.name,
        issuer=own.issuer,
        fingerprint=own.fingerprint,
        intact=_intact(signature.signer_info, signature.signer_cert, "data", signature.compute_digest())
        and _only_padded(signature.pkcs7_content),
        untouched=untouched,
        held=at is not None and own.valid_from <= at <= own.valid_until,
        stamped_at=stamped_at,
        stamp_intact=stamp_intact,
    )


def _intact(signer: Any, certificate: Any, content: str, digest: bytes) -> bool:
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity

    try:
        return all(validate_sig_integrity(signer, certificate, content, digest))
    except _BROKEN:
        return False


def _only_padded(content: bytes) -> bool:
    """Say whether nothing follows the signature in its place: no signature can cover the room kept for itself."""
    from asn1crypto.cms import ContentInfo

    return not any(content[len(ContentInfo.load(content).dump()) :])


def _stamp(signer: Any) -> tuple[datetime | None, bool | None]:
    """Return when a signature was stamped, and whether the stamp is of this signature and as it was given."""
    from hashlib import new as hashed

    from pyhanko.sign.validation.generic_cms import extract_certs_for_validation, extract_tst_data_iter

    token = next(extract_tst_data_iter(signer, signed=False), None)
    if token is None:
        return None, None
    content = token["encap_content_info"]["content"]
    said = content.parsed
    stamped = said["message_imprint"]
    same = hashed(stamped["hash_algorithm"]["algorithm"].native, signer["signature"].native).digest()
    (by,) = token["signer_infos"]
    digest = hashed(by["digest_algorithm"]["algorithm"].native, bytes(content)).digest()
    intact = _intact(by, extract_certs_for_validation(token).signer_cert, "tst_info", digest)
    return said["gen_time"].native, intact and stamped["hashed_message"].native == same
