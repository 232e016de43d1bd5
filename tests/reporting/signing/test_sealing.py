"""Signing a file and proving it: pyHanko and poppler say it is signed, veraPDF that it still conforms, and no byte of
it can be changed unseen.
"""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from tests.reporting.specimen import FRAMES, blocks
from tests.support import verapdf
from trialdesk.base.errors import UserError
from trialdesk.documents.rules import ToSeal
from trialdesk.people.certificates import made
from trialdesk.reporting.looking import page_texts
from trialdesk.reporting.render import render
from trialdesk.reporting.signing.checking import is_signed, signatures_in
from trialdesk.reporting.signing.sealing import seal
from trialdesk.reporting.structure import Block, Heading, SigningPlaces

AT = datetime(2026, 11, 22, 19, 0, 5, tzinfo=UTC)
LANGUAGES = ("en", "zh")
NAMES = {"en": "Łukasz Čapek", "zh": "陆明 Lu Ming"}
MEANINGS = {"en": "Approval", "zh": "批准"}


def unsigned(language: str, places: int = 2) -> bytes:
    frame = replace(FRAMES[language], state="final", issue=1, places=places)
    last: list[Block] = [Heading(1, "Electronic signatures"), SigningPlaces(places)] if places else []
    return render([*blocks(language), *last], frame)


def to_seal(data: bytes, language: str = "en", place: int = 1, **said: Any) -> ToSeal:
    name = said.pop("name", NAMES[language])
    given = {
        "identity": made(name, AT - timedelta(days=1)),
        "name": name,
        "meaning": "Approval",
        "at": AT,
        "signature": f"{place:032x}",
        "language": language,
    }
    return ToSeal(data=data, place=place, **{**given, **said})


@pytest.fixture(scope="module")
def files() -> dict[tuple[str, int], bytes]:
    """Give the specimen by language and number of signatures."""
    found = {}
    for language in LANGUAGES:
        found[language, 0] = unsigned(language)
        found[language, 1] = seal(to_seal(found[language, 0], language)).data
        found[language, 2] = seal(
            to_seal(found[language, 1], language, 2, name="Bo Brown", meaning="Review", at=AT + timedelta(hours=1))
        ).data
    return found


@pytest.fixture(scope="module")
def paths(files: dict[tuple[str, int], bytes], tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("signed")
    found = []
    for (language, count), data in files.items():
        found.append(folder / f"{language}-{count}.pdf")
        found[-1].write_bytes(data)
    return found


def verdicts(data: bytes) -> list[bool] | None:
    found = signatures_in(data)
    return None if found is None else [each.valid for each in found]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_to_sign_is_the_same_bytes_each_time(files: dict[tuple[str, int], bytes], language: str):
    assert unsigned(language) == files[language, 0]
    assert not is_signed(files[language, 0])
    assert signatures_in(files[language, 0]) == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_signatures_are_appended_and_say_who_signed_what(files: dict[tuple[str, int], bytes], language: str):
    assert files[language, 1].startswith(files[language, 0])
    assert files[language, 2].startswith(files[language, 1])
    first, second = signatures_in(files[language, 2]) or ()
    assert (first.name, first.meaning, first.at, first.signature) == (
        NAMES[language],
        MEANINGS[language],
        AT,
        f"{1:032x}",
    )
    assert (second.name, second.at) == ("Bo Brown", AT + timedelta(hours=1))
    assert [(each.valid, each.intact, each.untouched, each.held) for each in (first, second)] == [(True,) * 4] * 2
    assert first.fingerprint != second.fingerprint


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_manifestation_is_on_the_page(files: dict[tuple[str, int], bytes], language: str):
    def said(count: int) -> str:
        return "".join(page_texts(files[language, count])).replace("\n", "")

    def shown(count: int) -> list[str]:
        with pikepdf.open(BytesIO(files[language, count])) as pdf:
            return [bytes(each.AP.N.Resources.unparse()).decode() for each in pdf.Root.AcroForm.Fields if "/V" in each]

    assert [len(shown(count)) for count in (0, 1, 2)] == [0, 1, 2]
    assert all("/Font" in each for each in shown(2))
    assert said(0) == said(2)  # what stands beside the signatures did not change


@pytest.mark.parametrize("language", LANGUAGES)
def test_poppler_reads_the_manifestation(files: dict[tuple[str, int], bytes], tmp_path: Path, language: str):
    # Drawn anew, what stands in the field becomes text of the page.
    source, flat = tmp_path / "signed.pdf", tmp_path / "flat.pdf"
    source.write_bytes(files[language, 2])
    subprocess.run(["pdftocairo", "-pdf", source, flat], check=True)
    text = subprocess.run(["pdftotext", flat, "-"], check=True, capture_output=True, text=True).stdout
    words = re.sub(r"\s+", "", text)
    day = {"en": "22Nov2026,19:00:05(UTC)", "zh": "2026年11月22日19:00:05(UTC)"}[language]
    for expected in (NAMES[language].replace(" ", ""), MEANINGS[language], day, "BoBrown", f"{1:032x}", f"{2:032x}"):
        assert expected in words


@pytest.mark.skipif(not verapdf.is_here(), reason=verapdf.NOT_JUDGED)
@pytest.mark.parametrize("flavour", ["2u", "ua1"])
def test_signed_files_conform(paths: list[Path], flavour: verapdf.Flavour):
    judged = verapdf.verdicts(paths, flavour)
    assert {path.name: verdict.failures for path, verdict in judged.items() if not verdict.compliant} == {}


def test_qpdf_finds_nothing_wrong(paths: list[Path]):
    for path in paths:
        checked = subprocess.run(["qpdf", "--check", path], check=False, capture_output=True, text=True)
        assert (checked.returncode, "No syntax or stream encoding errors" in checked.stdout) == (0, True), (
            checked.stderr
        )


@pytest.mark.parametrize("language", LANGUAGES)
def test_poppler_finds_both_signatures_valid(paths: list[Path], language: str):
    path = next(each for each in paths if each.name == f"{language}-2.pdf")
    said = subprocess.run(["pdfsig", "-nocert", path], check=False, capture_output=True, text=True).stdout
    assert said.count("Signature Validation: Signature is Valid.") == 2
    assert said.count("ETSI.CAdES.detached") == 2
    assert said.count("Total document signed") == 1


def test_the_metadata_stay_as_they_were(files: dict[tuple[str, int], bytes]):
    def kept(data: bytes) -> tuple[bytes, dict[str, str]]:
        with pikepdf.open(BytesIO(data)) as pdf:
            return pdf.Root.Metadata.read_bytes(), {name: str(value) for name, value in pdf.docinfo.items()}

    assert kept(files["en", 2]) == kept(files["en", 0])


def test_no_byte_can_be_changed_unseen(files: dict[tuple[str, int], bytes]):
    """Tried: every byte of what the signatures appended that lies in the ranges looked at, and a spread of the rest."""
    data = files["en", 2]
    spread = {*range(0, len(data), 4001), *(len(files["en", count]) + by for count in (0, 1) for by in (-2, 3, 500))}
    for match in re.finditer(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+)\]", data):
        starts = [int(each) for each in match.groups()]
        begin, after = starts[1], starts[2]
        spread |= {begin - 1, begin + 1, begin + 40, after - 2, after - 1, after, match.start() + 12}
    for place in sorted(spread):
        changed = bytearray(data)
        changed[place] ^= 0x01
        found = verdicts(bytes(changed))
        assert found is None or found == [] or not all(found), place
        assert found != [], place


def test_what_is_changed_in_what_the_first_signed_breaks_both(files: dict[tuple[str, int], bytes]):
    data = bytearray(files["en", 2])
    place = data.index(b"<dc:title>") + 60
    data[place] ^= 0x01
    assert verdicts(bytes(data)) == [False, False]


def test_what_is_changed_in_what_only_the_second_signed_leaves_the_first_bytes_intact(
    files: dict[tuple[str, int], bytes],
):
    data = bytearray(files["en", 2])
    place = data.index(b"Review", len(files["en", 1]))
    data[place] ^= 0x01
    first, second = signatures_in(bytes(data)) or ()
    assert (first.intact, second.intact) == (True, False)


def test_what_is_added_after_the_last_signature_is_seen(files: dict[tuple[str, int], bytes]):
    data = files["en", 2]
    assert verdicts(data + b"\n% more\n") == [False, False]
    later = BytesIO()
    with pikepdf.open(BytesIO(data)) as pdf:
        pdf.docinfo["/Title"] = "Another title"
        pdf.save(later)
    assert not all(verdicts(later.getvalue()) or [False])


def test_an_update_that_is_no_signature_is_seen(files: dict[tuple[str, int], bytes]):
    from pyhanko.pdf_utils.generic import pdf_name, pdf_string
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    # Between the two signatures a page is turned: the second signs that as well, and the first shows it.
    writer = IncrementalPdfFileWriter(BytesIO(files["en", 1]))
    writer.root[pdf_name("/Lang")] = pdf_string("fr")
    writer.update_root()
    between = BytesIO()
    writer.write(between)
    assert verdicts(between.getvalue()) == [False]
    both = seal(to_seal(between.getvalue(), "en", 2, name="Bo Brown")).data
    assert verdicts(both) == [False, False]
    assert [each.intact for each in signatures_in(both) or ()] == [True, True]


def test_a_certificate_that_did_not_hold_is_told(files: dict[tuple[str, int], bytes]):
    lapsed = made("Ada Lind", AT - timedelta(days=9 * 365))
    (only,) = signatures_in(seal(to_seal(files["en", 0], identity=lapsed)).data) or ()
    assert (only.intact, only.untouched, only.held, only.valid) == (True, True, False, False)


def test_a_place_is_signed_once(files: dict[tuple[str, int], bytes]):
    with pytest.raises(UserError, match="no place 1"):
        seal(to_seal(files["en", 1]))
    with pytest.raises(UserError, match="no place 3"):
        seal(to_seal(files["en", 2], place=3))
    with pytest.raises(UserError, match="no place 1"):
        seal(to_seal(unsigned("en", places=0)))


def test_a_long_name_is_drawn_smaller_and_whole(files: dict[tuple[str, int], bytes]):
    name = "Maria Immaculata Concepción de los Ángeles " * 4
    signed = seal(to_seal(files["en", 0], name=name.strip())).data
    (only,) = signatures_in(signed) or ()
    assert (only.name, only.valid) == (name.strip(), True)
    with pikepdf.open(BytesIO(signed)) as pdf:
        field = next(each for each in pdf.Root.AcroForm.Fields if "/V" in each)
        box, page = [float(each) for each in field.Rect], [float(each) for each in field.AP.N.BBox]
    assert (page[2] - page[0]) / (page[3] - page[1]) == pytest.approx((box[2] - box[0]) / (box[3] - box[1]), rel=0.01)
    assert page[3] - page[1] > box[3] - box[1]
