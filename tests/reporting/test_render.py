"""Whole documents: conformance, sameness, what stands on the page and in the tags."""

from __future__ import annotations

import ctypes
import hashlib
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import pikepdf
import pypdfium2
import pytest

from tests.reporting.specimen import CHINESE, ENGLISH, FRAMES, blocks, log
from tests.support import golden, verapdf
from tests.support.checkout import ROOT
from trialdesk.reporting.frame import Target
from trialdesk.reporting.looking import page_texts
from trialdesk.reporting.render import render, tag_tree
from trialdesk.reporting.report import State
from trialdesk.reporting.structure import Block, Bullets, Column, Heading, Landscape, Note, Paragraph, Table

GOLDEN = Path(__file__).parent / "golden"
LANGUAGES = ("en", "zh")
SERIFS: tuple[Target, ...] = ("us", "cn")


@pytest.fixture(scope="module")
def documents() -> dict[str, bytes]:
    return {language: render(blocks(language), FRAMES[language]) for language in LANGUAGES}


@pytest.fixture(scope="module")
def files(documents: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("documents")
    paths = {language: folder / f"{language}.pdf" for language in LANGUAGES}
    for language, path in paths.items():
        path.write_bytes(documents[language])
    return paths


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_of_every_page_is_what_was_found_right(documents: dict[str, bytes], language: str):
    golden.compare(GOLDEN / f"specimen.{language}.txt", golden.pages(page_texts(documents[language])))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tag_tree_is_what_was_found_right(language: str):
    golden.compare(GOLDEN / f"specimen.{language}.tags", tag_tree(blocks(language), FRAMES[language]))


@pytest.mark.skipif(not verapdf.is_here(), reason=verapdf.NOT_JUDGED)
@pytest.mark.parametrize("flavour", ["2u", "ua1"])
def test_documents_conform_and_a_broken_one_does_not(
    documents: dict[str, bytes], files: dict[str, Path], tmp_path: Path, flavour: verapdf.Flavour
):
    draft, letter, broken = tmp_path / "draft.pdf", tmp_path / "letter.pdf", tmp_path / "broken.pdf"
    draft.write_bytes(render([Paragraph("no heading, nothing else")], replace(FRAMES["en"], state="draft")))
    letter.write_bytes(
        render([log("en", 800)], replace(FRAMES["zh"], papers="us", state="superseded", blinding="unblinded"))
    )
    serifs = [tmp_path / f"{language}-{target}.pdf" for language in LANGUAGES for target in SERIFS]
    for path in serifs:
        language, target = path.stem.split("-")
        path.write_bytes(render(blocks(language), replace(FRAMES[language], papers=cast("Target", target))))
    with pikepdf.open(BytesIO(documents["en"])) as pdf:
        del pdf.Root.Metadata
        pdf.Root.StructTreeRoot.K.S = pikepdf.Name.Nonsense
        pdf.save(broken)
    sound = [*files.values(), draft, letter, *serifs]
    verdicts = verapdf.verdicts([*sound, broken], flavour)
    failures = {path.name: verdict.failures for path, verdict in verdicts.items()}
    assert failures.pop("broken.pdf")
    assert failures == {path.name: [] for path in sound}


def test_another_process_makes_the_same_bytes(documents: dict[str, bytes]):
    script = (
        "import hashlib; from tests.reporting.specimen import FRAMES, blocks; "
        "from trialdesk.reporting.render import render; "
        "print(*(hashlib.sha256(render(blocks(name), FRAMES[name])).hexdigest() for name in ('zh', 'en')))"
    )
    environment = {"PYTHONHASHSEED": "7", "TZ": "Pacific/Auckland", "PATH": "", "LANG": "C"}
    answer = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert answer.stdout.split() == [hashlib.sha256(documents[name]).hexdigest() for name in ("zh", "en")]


def test_a_second_document_owes_nothing_to_the_first():
    first = render([Paragraph("甲")], FRAMES["en"])
    render([Paragraph("乙丙丁")], FRAMES["zh"])
    assert render([Paragraph("甲")], FRAMES["en"]) == first


def test_chinese_comes_out_of_the_file_as_it_went_in(documents: dict[str, bytes]):
    text = "".join("".join(page_texts(documents["zh"])).split())
    assert text.count("".join(CHINESE.split())) >= 3


def families(data: bytes) -> set[str]:
    with pikepdf.open(BytesIO(data)) as pdf:
        fonts = [font for page in pdf.pages for font in page.Resources.Font.values()]
        assert all("/FontFile2" in font.FontDescriptor and "/ToUnicode" in font for font in fonts)
        return {str(font.BaseFont).split("+")[1].split("-")[0] for font in fonts}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("target", SERIFS)
def test_running_text_for_the_us_and_china_is_in_the_serif_and_nothing_else_is(language: str, target: Target):
    frame = replace(FRAMES[language], papers=target, state="final")
    data = render(blocks(language), frame)
    assert families(data) == {"SourceSans3", "NotoSansSC", "Tinos", "NotoSerifSC"}
    text = "".join("".join(page_texts(data)).split())
    assert text.count("".join(CHINESE.split())) >= (3 if language == "zh" else 1)
    assert text.count("".join(ENGLISH.split())) >= (3 if language == "en" else 1)
    assert tag_tree(blocks(language), frame) == tag_tree(blocks(language), FRAMES[language])
    content: list[Block] = [
        Heading(1, "Heading甲"),
        Paragraph("Running乙"),
        Paragraph("Weighty丙", "strong"),
        Table((Column("Title丁"), Column("B")), [("Cell戊", "b")], "Caption己"),
        Bullets(["Item庚"]),
        Note("Told辛"),
    ]
    printed = set_in(render(content, frame))
    for words, fonts in {
        "Heading甲": ("SourceSans3-Bold", "NotoSansSC-Bold"),
        "Running乙": ("Tinos-Regular", "NotoSerifSC-Regular"),
        "Weighty丙": ("Tinos-Bold", "NotoSansSC-Bold"),
        "Title丁": ("SourceSans3-Bold", "NotoSansSC-Bold"),
        "Cell戊": ("SourceSans3-Regular", "NotoSansSC-Regular"),
        "Caption己": ("SourceSans3-Bold", "NotoSansSC-Bold"),
        "Item庚": ("Tinos-Regular", "NotoSerifSC-Regular"),
        "Told辛": ("Tinos-Regular", "NotoSerifSC-Regular"),
    }.items():
        at = "".join(letter for letter, _font in printed).index(words)
        assert [font for _letter, font in printed[at : at + len(words)]] == [
            *[fonts[0]] * (len(words) - 1),
            fonts[1],
        ], words


def set_in(data: bytes) -> list[tuple[str, str]]:
    """Each letter of the pages with the font it is set in."""
    name = ctypes.create_string_buffer(99)
    found = []
    with pypdfium2.PdfDocument(data) as pdf:
        for page in pdf:
            layer = page.get_textpage()
            for index in range(layer.count_chars()):
                pypdfium2.raw.FPDFText_GetFontInfo(layer, index, name, len(name), None)
                found.append((chr(pypdfium2.raw.FPDFText_GetUnicode(layer, index)), name.value.decode()))
            layer.close()
            page.close()
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_study_set_for_europe_or_nobody_keeps_the_sans(documents: dict[str, bytes], language: str):
    assert render(blocks(language), replace(FRAMES[language], papers="eu")) == documents[language]
    assert families(documents[language]) == {"SourceSans3", "NotoSansSC"}


def test_no_page_is_in_two_languages(documents: dict[str, bytes]):
    english = re.compile(r"\b(Page|Data as of|Protocol|Confidential|Made by|not recorded|Contents|Printed name)\b")
    assert not english.search(" ".join(page_texts(documents["zh"])))


def test_every_page_carries_the_frame(documents: dict[str, bytes]):
    texts = page_texts(documents["en"])
    for number, text in enumerate(texts, 1):
        for words in (
            "MEMORY-2",
            "Protocol 3.0 · Site 01, Peking Union",
            "Screening and enrolment log",
            "Blinded",
            "Confidential. For the sponsor and the supporter.",
            f"Page {number} of {len(texts)}",
            "Data as of 23 Nov 2026, 02:05 Asia/Shanghai (22 Nov 2026, 18:05 UTC)",
            "SHA-256 01234567…89abcdef",
            "Made by zhang.li · Coordinator",
            "TrialDesk 0.1.0",
        ):
            assert words in text
    assert FRAMES["en"].digest in texts[-1]
    assert FRAMES["en"].position in texts[-1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_character_no_font_has_is_printed_as_its_number_and_named(language: str):
    content: list[Block] = [
        Heading(1, "Findings"),
        Table((Column("Term"), Column("Note")), [("Nausea \U0001f600", "\u2fa1\U0001f9ec"), ("a", "b")]),
        Bullets(["again \U0001f600"]),
    ]
    frame = replace(FRAMES[language], study_title="Trial \U0001f9ea")
    text = " ".join("\n".join(page_texts(render(content, frame))).split())
    assert "Nausea [U+1F600]" in text
    assert "Trial [U+1F9EA]" in text
    notes = text[text.rindex("[U+1F9EA]") - 200 :]
    assert "[U+1F600]" in notes
    assert "Nausea" in notes
    assert "[U+1F9EC]" in notes
    assert notes.count("[U+1F600]") == 2


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", ["draft", "superseded", "final"])
def test_the_state_is_marked_across_every_page_outside_its_text(state: State, language: str):
    content: list[Block] = [Paragraph("text"), Landscape(), Paragraph("more")]
    frame = replace(FRAMES[language], state=state)
    data = render(content, frame)
    mark = {"en": ("DRAFT", "SUPERSEDED"), "zh": ("草稿", "已被替代")}[language][state == "superseded"]
    texts = page_texts(data)
    assert len(texts) == 2
    for text in texts:
        assert [line for line in text.split("\n") if line == mark] == ([] if state == "final" else [mark])
    with pikepdf.open(BytesIO(data)) as pdf:
        for page in pdf.pages:
            drawn = page.Contents.read_bytes()
            assert drawn.count(b"/Artifact<</Type/Pagination/Subtype/Watermark>>BDC") == (state != "final")
            assert drawn.find(b"/Subtype/Watermark") < drawn.find(b"/Subtype/Header")  # under all the rest
    assert tag_tree(content, frame) == tag_tree(content, FRAMES[language])


def test_a_draft_reads_as_the_final_paper_does():
    rows = [(f"{number:03}", "14", "3", "1") for number in range(40)]
    content: list[Block] = [log("en", 30), Table((Column("Participant"), Column("A"), Column("B"), Column("C")), rows)]
    final = page_texts(render(content, replace(FRAMES["en"], state="final")))
    draft = page_texts(render(content, replace(FRAMES["en"], state="draft")))
    assert [text.removeprefix("DRAFT\n").replace("Draft", "Final") for text in draft] == final


def test_the_language_asked_for_goes_before_that_of_the_frame():
    assert render([Paragraph("text")], FRAMES["en"], language="zh") == render(
        [Paragraph("text")], replace(FRAMES["en"], language="zh")
    )


def test_contents_and_bookmarks_lead_to_the_headings(documents: dict[str, bytes]):
    texts = page_texts(documents["en"])
    printed = dict(re.findall(r"^(Summary|Study|Flow of participants|Signatures) ?\n?(\d+)$", texts[0], re.MULTILINE))
    with pikepdf.open(BytesIO(documents["en"])) as pdf:
        pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages, 1)}
        marks = {str(item.Title): pages[item.Dest[0].objgen] for item in _items(pdf.Root.Outlines)}
        jumps = [pages[link.Dest[0].objgen] for link in pdf.pages[0].Annots]
        assert pdf.Root.Outlines.Count == 5
    assert {name: int(number) for name, number in printed.items()} == {name: marks[name] for name in printed}
    assert len(printed) == 4
    assert sorted(jumps) == jumps
    for name, number in marks.items():
        assert name in texts[number - 1]


def _items(parent: Any) -> Iterator[Any]:
    item = parent.get("/First")
    while item is not None:
        yield item
        yield from _items(item)
        item = item.get("/Next")


def test_an_address_leads_there_and_is_printed(documents: dict[str, bytes]):
    with pikepdf.open(BytesIO(documents["en"])) as pdf:
        addresses = {str(link.A.URI) for page in pdf.pages for link in page.get("/Annots", []) if "/A" in link}
    assert addresses == {"https://trials.example.org/NCT01234567"}


def test_nothing_is_in_the_file_that_authorities_refuse(documents: dict[str, bytes]):
    for language, data in documents.items():
        assert data.startswith(b"%PDF-1.7\n")
        with pikepdf.open(BytesIO(data)) as pdf:
            assert pdf.check_pdf_syntax() == []
            assert not pdf.is_encrypted
            assert {"/Names", "/AcroForm", "/OpenAction", "/AA"}.isdisjoint(pdf.Root.keys())
            assert str(pdf.Root.Lang) == {"en": "en", "zh": "zh-CN"}[language]
            kinds = {str(link.Subtype) for page in pdf.pages for link in page.get("/Annots", [])}
            assert kinds == {"/Link"}
            fonts = [font for page in pdf.pages for font in page.Resources.Font.values()]
            assert all("/FontFile2" in font.FontDescriptor and "/ToUnicode" in font for font in fonts)


@pytest.mark.parametrize("program", ["pdffonts", "qpdf"])
def test_other_readers_agree(files: dict[str, Path], program: str):
    for path in files.values():
        words = ["qpdf", "--check", str(path)] if program == "qpdf" else ["pdffonts", str(path)]
        answer = subprocess.run(words, capture_output=True, text=True, check=True)
        assert answer.stderr == ""
        if program == "pdffonts":
            rows = answer.stdout.splitlines()[2:]
            assert rows
            assert all(row.split()[-5:-2] == ["yes", "yes", "yes"] for row in rows)


def test_a_heading_that_skips_a_level_is_refused():
    with pytest.raises(ValueError, match="skips a level: Detail"):
        render([Heading(1, "Part"), Heading(3, "Detail")], FRAMES["en"])
    with pytest.raises(ValueError, match="skips a level: First"):
        render([Heading(2, "First")], FRAMES["en"])


def test_neither_reportlab_nor_pikepdf_is_loaded_to_declare_a_report():
    script = (
        "import sys; import trialdesk.reporting.report, trialdesk.reporting.structure, trialdesk.reporting.frame, "
        "trialdesk.reporting.render, trialdesk.reporting.proof, trialdesk.reporting.looking; "
        "print({'reportlab', 'pikepdf', 'pypdfium2', 'babel'} & set(sys.modules))"
    )
    answer = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "set()"
