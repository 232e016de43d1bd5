"""Text of a drawing is broken before it is placed, never wider than its room, and nothing of it is lost."""

from __future__ import annotations

import pytest

from trialdesk.base.drawing import text_width, wrapped

TEXTS = (
    "Received the allocated intervention (n\u00a0=\u00a012)",
    "受试者撤回知情同意（本人），因为搬家，无法到访 (n\u00a0=\u00a03)",
    "WITHDRAWAL BY SUBJECT",
    "mixed 随访 and 分析, again 入组",
    "X" * 60 + " and then some",
    "",
)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("width", [30, 80, 400])
def test_lines_fit_and_nothing_is_lost(text: str, width: float):
    lines = wrapped(text, 8.5, width)
    assert all(text_width(line, 8.5) <= width or len(line) <= 2 for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_a_number_stays_with_its_sign_and_a_closing_sign_with_what_it_closes():
    lines = wrapped(TEXTS[1], 8.5, 80)
    assert lines[-1] == "(n\u00a0=\u00a03)"
    assert not any(line.startswith(("，", "）")) for line in lines)
    assert not any(line.endswith("（") for line in lines)


def test_capitals_and_wide_letters_take_more_room():
    assert text_width("il.", 10) < text_width("abc", 10) < text_width("ABC", 10) < text_width("随访期", 10)
