"""Errors, languages, identities, clocks, drawings, settings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given

from trialdesk.base.clock import SetClock, SystemClock, instant_text, parse_instant
from trialdesk.base.drawing import text_width, wrapped
from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _, language, n_, read_catalogue, set_language, speaking
from trialdesk.base.ids import derived_id, ids, seeded_ids
from trialdesk.base.places import resources
from trialdesk.base.problems import Problem
from trialdesk.base.settings import Settings


def test_an_error_says_where_what_and_what_to_do():
    told = UserError("The date is later than today.", where="dm.csv, row 7", remedy="Correct it.")
    assert str(told) == "dm.csv, row 7: The date is later than today. Correct it."
    assert str(UserError("No.")) == "No."


def test_a_problem_has_stable_keys():
    assert Problem("dm.csv", "odd", row=7, column="AGE").as_json() == {
        "file": "dm.csv", "row": 7, "column": "AGE", "words": "odd"
    }  # fmt: skip
    assert Problem("a.xml", "odd", path="/ODM/Study").as_json() == {
        "file": "a.xml", "path": "/ODM/Study", "words": "odd"
    }  # fmt: skip


def test_a_report_speaks_another_language_than_the_screen():
    assert _("Participant") == "Participant"
    with speaking("zh"):
        assert _("Participant") == "受试者"
        with speaking("en"):
            assert (_("Participant"), language()) == ("Participant", "en")
        assert language() == "zh"
    assert _("Participant") == "Participant"
    with pytest.raises(KeyError):
        set_language("xx")


CATALOGUES = sorted((resources() / "locale").glob("*/*.po"))


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.name)
def test_catalogues_read_as_the_library_reads_them(path: Path):
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        known = {
            m.id if isinstance(m.id, str) else m.id[-1]: m.string if isinstance(m.string, str) else m.string[0]
            for m in read_po(file)
            if m.id and m.string and not m.fuzzy
        }
    assert read_catalogue(path.read_text("utf-8")) == {text: said for text, said in known.items() if said}


def test_odd_entries_of_a_catalogue():
    written = """
# a comment
msgid ""
msgstr "Language: zh\\n"

#, fuzzy
msgid "guessed"
msgstr "猜"

msgid "empty"
msgstr ""

msgid ""
"in two "
"lines \\"quoted\\"\\n"
msgstr ""
"两"
"行"

msgid "one"
msgid_plural "many"
msgstr[0] "多"
msgid "close to it"
msgstr "紧接"
"""
    assert read_catalogue(written) == {'in two lines "quoted"\n': "两行", "many": "多", "close to it": "紧接"}


def test_the_screen_can_change_its_language():
    set_language("zh")
    try:
        assert _("Visit") == "访视"
        assert _("A text nobody translated") == "A text nobody translated"
    finally:
        set_language("en")
    assert n_("one", "many", 1) == "one"
    assert n_("one", "many", 2) == "many"


def test_identities_sort_in_time_and_are_version_seven():
    clock = SetClock(datetime(2026, 3, 4, tzinfo=UTC), step=timedelta(milliseconds=5))
    make = ids(clock)
    made = [make() for _number in range(50)]
    assert made == sorted(made)
    assert len(set(made)) == 50
    assert {(len(each), each[12], each[16] in "89ab") for each in made} == {(32, "7", True)}
    again = SetClock(datetime(2026, 3, 4, tzinfo=UTC))
    assert seeded_ids(again, 7)() == seeded_ids(again, 7)() != seeded_ids(again, 8)()


def test_derived_identities_depend_on_every_part():
    space, other = "0" * 32, "1" * 32
    assert derived_id(space, "a", "b") == derived_id(space, "a", "b")
    assert len({derived_id(space, "a", "b"), derived_id(space, "ab"), derived_id(other, "a", "b")}) == 3


@given(st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)), st.integers(-14 * 60, 14 * 60))  # noqa: DTZ001 - a zone is added
def test_instants_are_written_in_utc_and_sort_as_text(at: datetime, offset: int):
    from datetime import timezone

    aware = at.replace(tzinfo=timezone(timedelta(minutes=offset)))
    text = instant_text(aware)
    assert parse_instant(text) == aware
    assert len(text) == 27
    assert (instant_text(aware + timedelta(microseconds=1)) > text) is True


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(ValueError):
        parse_instant("2026-03-04T12:00")


def test_the_systems_clock_is_in_utc():
    assert SystemClock().now().tzinfo is UTC
    assert SystemClock().offset() == 0  # the tests run in UTC


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zs", "Zl", "Zp"]), max_size=60))
def test_wrapping_keeps_every_character(text: str):
    assert "".join(wrapped(text, 9, 60)) == text


def test_chinese_breaks_anywhere_and_words_do_not():
    assert wrapped("受试者筛选失败", 10, 30) == ["受试者", "筛选失", "败"]
    assert wrapped("Withdrawal by participant", 10, 70) == ["Withdrawal", "by", "participant"] or all(
        text_width(line, 10) <= 70 for line in wrapped("Withdrawal by participant", 10, 70)
    )


def test_settings_survive_damage(tmp_path: Path):
    path = tmp_path / "settings.json"
    settings = Settings(path)
    settings.set("language", "zh")
    assert Settings(path).get("language") == "zh"
    path.write_text("{damaged")
    assert Settings(path).get("language", "en") == "en"
    Settings(path / "impossible" / "settings.json").set("language", "en")
