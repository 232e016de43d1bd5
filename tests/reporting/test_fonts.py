"""Every character finds its font or is refused by name."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from trialdesk.base.errors import Environment, UserError
from trialdesk.base.i18n import speaking
from trialdesk.reporting import fonts as kit
from trialdesk.reporting.fonts import HAN, HAN_BOLD, LATIN, LATIN_BOLD, face, plain


def fonts(text: str, language: str = "en", *, bold: bool = False) -> list[tuple[str, str]]:
    return [(run.font.fontName, run.text) for run in face(language, bold=bold).runs(text)]


def test_latin_greek_and_cyrillic_are_in_the_latin_font():
    text = "".join(map(chr, range(0x100, 0x180))) + "µΩβ≥≤±→Ж1 "
    assert fonts(text) == [(LATIN, text)]
    assert fonts(text, bold=True) == [(LATIN_BOLD, text)]


def test_chinese_is_in_the_chinese_font_and_rare_bold_falls_back_to_regular():
    assert fonts("Łukasz 王小明 3") == [(LATIN, "Łukasz "), (HAN, "王小明 "), (LATIN, "3")]
    assert fonts("王龘", bold=True) == [(HAN_BOLD, "王"), (HAN, "龘")]


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
        letters = face(language)
        runs = letters.runs(text)
        drawn = sum(run.font.stringWidth(run.text, 10 * run.size) for run in runs)
        drawn += sum(10 * letters.seam(a.text[-1], b.text[0]) for a, b in pairwise(runs))
        assert letters.width(text, 10) == pytest.approx(drawn, abs=0.3)


def test_figures_have_one_width():
    for language in ("en", "zh"):
        for bold in (False, True):
            assert len({face(language, bold=bold).width(figure, 10) for figure in "0123456789"}) == 1


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
