"""Every character finds its font or is refused by name."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from trialdesk.base.errors import Environment, UserError
from trialdesk.base.i18n import speaking
from trialdesk.base.places import resources
from trialdesk.reporting import fonts as kit
from trialdesk.reporting.fonts import HAN, HAN_BOLD, LATIN, LATIN_BOLD, SERIF, SERIF_BOLD, SONG, face, font, plain


def fonts(text: str, language: str = "en", *, bold: bool = False, serif: bool = False) -> list[tuple[str, str]]:
    return [(run.font.fontName, run.text) for run in face(language, bold=bold, serif=serif).runs(text)]


def test_latin_greek_and_cyrillic_are_in_the_latin_font():
    text = "".join(map(chr, range(0x100, 0x180))) + "µΩβ≥≤±→Ж1 "
    assert fonts(text) == [(LATIN, text)]
    assert fonts(text, bold=True) == [(LATIN_BOLD, text)]


def test_chinese_is_in_the_chinese_font_and_rare_bold_falls_back_to_regular():
    assert fonts("Łukasz 王小明 3") == [(LATIN, "Łukasz "), (HAN, "王小明 "), (LATIN, "3")]
    assert fonts("王龘", bold=True) == [(HAN_BOLD, "王"), (HAN, "龘")]


def test_a_serif_is_song_in_chinese_hei_in_bold_and_falls_back_to_the_sans():
    assert fonts("Łukasz 王小明 3 ≥ µΩЖ", serif=True) == [(SERIF, "Łukasz "), (SONG, "王小明 "), (SERIF, "3 ≥ µΩЖ")]
    assert fonts("Visit 王", bold=True, serif=True) == [(SERIF_BOLD, "Visit "), (HAN_BOLD, "王")]
    assert fonts("王龘", serif=True) == [(SONG, "王"), (HAN, "龘")]
    assert fonts("王龘", bold=True, serif=True) == [(HAN_BOLD, "王"), (HAN, "龘")]
    assert fonts("a ✓", serif=True) == [(SERIF, "a "), (LATIN, "✓")]
    assert fonts("“王”，①", "zh", serif=True) == [(SONG, "“王”，①")]
    assert fonts("O’Brien’s", "zh", serif=True) == [(SERIF, "O"), (SONG, "’"), (SERIF, "Brien’s")]
    assert [run.size for run in face("zh", serif=True).runs("王a✓")] == [1.0, 1.0, 1.1]


def test_song_has_every_character_of_the_bold_and_every_font_its_licence():
    assert font(SONG).face.charToGlyph.keys() == font(HAN_BOLD).face.charToGlyph.keys()
    names = [file.stem for file in (resources() / "fonts").glob("*.ttf")]
    assert sorted(names) == sorted([LATIN, LATIN_BOLD, HAN, HAN_BOLD, SERIF, SERIF_BOLD, SONG])
    for name in names:
        assert (resources() / "fonts" / f"LICENSE-{name.partition('-')[0]}.txt").is_file()


def test_the_serif_has_the_measures_of_times():
    figures, words = face("en", serif=True), {"a": 444, "m": 778, "W": 944, " ": 250, "0": 500}
    assert {letter: round(figures.width(letter, 1000)) for letter in words} == words


def test_shared_signs_are_chinese_in_chinese_but_not_the_apostrophe_of_a_name():
    assert fonts("“a”", "en") == [(LATIN, "“a”")]
    assert fonts("“王”", "zh") == [(HAN, "“王”")]
    assert fonts("O’Brien’s", "zh") == [(LATIN, "O"), (HAN, "’"), (LATIN, "Brien’s")]


def test_a_run_in_another_language_says_so():
    assert [run.language for run in face("en").runs("Dr 王")] == ["", "zh-CN"]
    assert [run.language for run in face("en").runs("37 ℃")] == ["", ""]
    assert [run.language for run in face("zh").runs("见 serious adverse event")] == ["", "en"]
    assert [run.language for run in face("zh").runs("编号S-001")] == ["", ""]


@pytest.mark.parametrize(("text", "code"), [("a\U0001f600", "U+1F600"), ("\x07", "U+0007"), ("\U00030000", "U+30000")])
def test_a_character_no_font_has_is_refused_with_its_code(text: str, code: str):
    with pytest.raises(UserError, match=code.replace("+", r"\+")):
        face("en").width(text, 10)
    with pytest.raises(UserError, match=code.replace("+", r"\+")):
        face("zh", bold=True).runs(text)
    with speaking("zh"), pytest.raises(UserError, match="无法打印"):
        face("en").width(text, 10)


def test_the_width_is_the_sum_of_what_is_drawn():
    for language, text in (("en", "Visit 3 of 王小明, 20 µg"), ("zh", "第24周时ADAS-Cog评分“好”"), ("zh", "Brien’s")):
        for letters in (face(language), face(language, serif=True), face(language, bold=True, serif=True)):
            runs = letters.runs(text)
            drawn = sum(run.font.stringWidth(run.text, 10 * run.size) for run in runs)
            drawn += sum(10 * letters.seam(a.text[-1], b.text[0]) for a, b in pairwise(runs))
            assert letters.width(text, 10) == pytest.approx(drawn, abs=0.3)


def test_figures_have_one_width():
    for language in ("en", "zh"):
        for bold in (False, True):
            for serif in (False, True):
                letters = face(language, bold=bold, serif=serif)
                assert len({letters.width(figure, 10) for figure in "0123456789"}) == 1


def test_text_is_made_plain():
    assert plain("Dvor\u030ca\u0301k") == "Dvořák"
    assert plain("a\u00adb\ufeffc\td\r\ne") == "abc d\ne"
    assert plain("\uf900") == "\uf900"  # a compatibility ideograph in a name is left as it was written


@pytest.mark.parametrize("data", [None, b"", b"no font at all, whatever its name says"])
def test_a_missing_or_damaged_font_is_told_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes | None
):
    monkeypatch.setattr(kit, "resources", lambda: tmp_path)
    (tmp_path / "fonts").mkdir()
    if data is not None:
        (tmp_path / "fonts" / "Missing.ttf").write_bytes(data)
    with pytest.raises(Environment, match="missing or damaged"):
        kit.font.__wrapped__("Missing")
