"""A report made final, and its file signed: with a certificate made here, and with one brought along."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.life.playing import Step
from tests.life.words import CO, DATA
from tests.support.certificates import PASSPHRASE, pkcs12


@cache
def _brought() -> str:
    folder = Path(tempfile.mkdtemp(prefix="trialdesk-life-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    file = folder / "bo.p12"
    file.write_bytes(pkcs12("B. O. Brown"))
    return str(file)


def signatures() -> Iterator[Step]:
    """Give certificates, a final document and its signature."""
    yield Step(
        act="people:certificate:make",
        who=CO,
        given={"years": "3"},
        broken={"years": "9"},
        refusal="one to 5 years",
        keep="certificate",
    )
    yield Step(act="people:certificate:make", who=DATA, given={"years": "1"}, keep="theirs", plain=True)
    yield Step(
        act="people:certificate:bring",
        who=CO,
        given={"data": _brought(), "passphrase": PASSPHRASE},
        broken={"passphrase": "lantern on the quay"},
        refusal="does not open",
        keep="brought",
    )
    yield Step(
        act="documents:issue:finalise",
        who=CO,
        given={"report": "delegation", "language": "en", "places": "2"},
        broken={"report": "weather"},
        refusal="There is no report",
        keep="issue",
    )
    yield Step(
        act="documents:issue:sign",
        who=CO,
        given={"issue": "{issue}", "meaning": "approval"},
        broken={"certificate": "{theirs}"},
        refusal="another person",
    )
    yield Step(
        act="people:certificate:withdraw",
        who=CO,
        given={"certificate": "{brought}"},
        broken={"certificate": "{theirs}"},
        refusal="another person",
        reason="Replaced by the hospital's new one",
    )
