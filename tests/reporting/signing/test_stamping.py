"""Time stamps: asked of a service on this machine, put into the signature, and proven; and what is said without one."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import tsp

from tests.reporting.signing.test_sealing import AT, to_seal, unsigned
from tests.support import verapdf
from tests.support.stamping import service, stamping
from trialdesk.base.errors import Environment, UserError
from trialdesk.reporting.signing.checking import signatures_in
from trialdesk.reporting.signing.sealing import seal

STAMPED = datetime(2026, 11, 22, 19, 0, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def plain() -> bytes:
    return unsigned("en")


def test_a_signature_is_stamped(plain: bytes, tmp_path: Path):
    with service(stamping(STAMPED)) as address:
        sealed = seal(to_seal(plain, service=address))
    assert (sealed.stamped_at, sealed.stamped_by) == (STAMPED, "Common Name: Harbour Time")
    (only,) = signatures_in(sealed.data) or ()
    assert (only.valid, only.stamped_at, only.stamp_intact) == (True, STAMPED, True)
    file = tmp_path / "stamped.pdf"
    file.write_bytes(sealed.data)
    if shutil.which("pdfsig"):
        said = subprocess.run(["pdfsig", "-nocert", file], check=False, capture_output=True, text=True).stdout
        assert "Signature is Valid" in said
    if verapdf.is_here():
        assert verapdf.verdicts([file], "2u")[file].failures == []


def test_the_stamp_of_another_signature_is_seen(plain: bytes):
    answers: list[bytes] = []
    real = stamping(STAMPED)

    def again(asked: bytes, kind: str) -> tuple[int, bytes]:
        """Give every signature the stamp of the first, but for the number that binds it to the question."""
        code, body = real(asked, kind)
        answers.append(body)
        return code, body

    with service(again) as address:
        first, second = (seal(to_seal(plain, service=address)).data for _each in range(2))
    assert first != second
    old, new = (tsp.TimeStampResp.load(answers[place])["time_stamp_token"].dump().hex() for place in (1, 3))
    assert len(old) == len(new)
    place = second.lower().index(new.encode())
    swapped = second[:place] + old.upper().encode() + second[place + len(old) :]
    (only,) = signatures_in(swapped) or ()
    assert (only.intact, only.stamp_intact, only.valid) == (True, False, False)


@pytest.mark.parametrize(
    ("code", "body"),
    [(500, b"no"), (200, b"not a time stamp"), (200, b""), (404, b"")],
)
def test_a_service_that_fails_is_told_and_nothing_is_signed(plain: bytes, code: int, body: bytes):
    with (
        service(lambda _asked, _kind: (code, body)) as address,
        pytest.raises(Environment, match=r"127\.0\.0\.1 gave no time stamp"),
    ):
        seal(to_seal(plain, service=address))


def test_a_service_that_refuses_is_told(plain: bytes):
    # A sequence of nothing but a status: 2, rejection (RFC 3161, 2.4.2).
    refusal = bytes.fromhex("3005 3003 020102")
    with service(lambda _asked, _kind: (200, refusal)) as address, pytest.raises(Environment, match="no time stamp"):
        seal(to_seal(plain, service=address))


def test_a_service_that_is_not_there_is_told(plain: bytes):
    with service(stamping(STAMPED)) as address:
        pass
    with pytest.raises(Environment, match="no time stamp"):
        seal(to_seal(plain, service=address))


@pytest.mark.parametrize("address", ["ftp://127.0.0.1/stamp", "stamp", "file:///etc/passwd", "https://"])
def test_what_is_no_address_is_told(plain: bytes, address: str):
    with pytest.raises(UserError, match="not the address"):
        seal(to_seal(plain, service=address))


def test_without_a_service_there_is_no_stamp(plain: bytes):
    sealed = seal(to_seal(plain, at=AT + timedelta(minutes=1)))
    assert (sealed.stamped_at, sealed.stamped_by) == (None, None)
    (only,) = signatures_in(sealed.data) or ()
    assert (only.stamped_at, only.stamp_intact, only.valid) == (None, None, True)
