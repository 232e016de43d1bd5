"""Lines are broken where a reader expects it, and nothing is lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.reporting.specimen import CHINESE, ENGLISH
from trialdesk.reporting.fonts import face
from trialdesk.reporting.lines import broken, longest_piece

ZH, EN = face("zh"), face("en")


def test_no_chinese_line_begins_with_a_closing_sign_or_ends_with_an_opening_one():
    for width in range(60, 400, 7):
        lines = broken(CHINESE, ZH, 12, width)
        assert not [line for line in lines if line[0] in "，。；：、）”…—"]
        assert not [line for line in lines if line.rstrip()[-1] in "（“"]


def test_a_line_keeps_the_space_it_was_broken_at():
    assert broken("screening visit", EN, 10, 50) == ("screening ", "visit")


def test_words_break_at_hyphens_but_dates_do_not():
    assert broken("follow-up visit", EN, 10, 40) == ("follow-", "up visit")
    assert broken("on 2026-03-04", EN, 10, 55) == ("on ", "2026-03-04")


def test_a_number_stays_with_its_unit_and_its_sign():
    for width in range(60, 200, 3):
        lines = [
            line.rstrip() for line in broken("aged ≥ 18 years, weight 50 ± 5 kg, dose 20 µg/kg, n = 245", EN, 10, width)
        ]
        assert not [line for line in lines if line.endswith(("≥", "±", "50", " 5", "20", "=", " n"))]


def test_a_chinese_date_breaks_after_its_signs():
    for width in range(36, 120, 3):
        assert not [line for line in broken("于2026年11月22日", ZH, 10, width) if line[0] in "年月日"]


def test_what_is_wider_than_the_line_is_broken_anyway():
    digest = "0123456789abcdef" * 4
    lines = broken(digest, EN, 10, 100)
    assert "".join(lines) == digest
    assert len(lines) > 2


def test_line_feeds_break():
    assert broken("Visit 1\n\nweek 2", EN, 10, 500) == ("Visit 1", "", "week 2")


def test_the_longest_piece_is_the_width_a_column_wants_at_least():
    assert longest_piece("a participant number", EN, 10) == EN.width("participant", 10)
    assert longest_piece("受试者", ZH, 10) == 10


@given(st.text(st.sampled_from("ab 王明，。（“”）’-/0≥µ."), max_size=60), st.integers(15, 120))
def test_lines_fit_and_hold_the_whole_text(text: str, width: int):
    for letters in (ZH, EN):
        lines = broken(text, letters, 10, width)
        assert "".join(lines) == text
        assert all(letters.width(line.rstrip(" "), 10) <= width + 2 for line in lines if len(line) > 1)


def test_the_specimens_fit():
    for letters, text in ((EN, ENGLISH), (ZH, CHINESE), (ZH, ENGLISH), (EN, CHINESE)):
        for width in (90, 200, 350):
            assert all(letters.width(line.rstrip(" "), 11) <= width + 0.5 for line in broken(text, letters, 11, width))


def test_a_chinese_date_stays_whole_where_there_is_room_for_it():
    text = "方案于2026年11月22日获批"
    room = ZH.width("2026年11月22日", 10)
    assert "2026年11月22日" in broken(text, ZH, 10, room + 1)
    assert longest_piece(text, ZH, 10) == room
    assert broken("2026年11月22日", ZH, 10, ZH.width("11月22日", 10) + 1) == ("2026年", "11月22日")


def test_an_english_date_stays_whole_where_there_is_room_for_it():
    assert broken("submitted on 28 Jul 2025", EN, 10, EN.width("28 Jul 2025", 10) + 1)[-1] == "28 Jul 2025"
    assert longest_piece("on 25 Sept 2026 at 2026", EN, 10) == EN.width("25 Sept 2026", 10)
    assert broken("28 Jul 2025", EN, 10, EN.width("Jul 2025", 10) - 1) == ("28 Jul ", "2025")
