"""The flow diagram holds together: boxes apart, words inside them, every number in the text that stands for it."""

from __future__ import annotations

import re
from itertools import combinations

import pytest

from tests.reporting.reports.specimens import FLOW, LONG
from trialdesk.base.drawing import Box, Drawing, Line, Words, text_width
from trialdesk.base.i18n import speaking
from trialdesk.enrollment.rules import ArmFlow, Flow, Reasons
from trialdesk.reporting.diagrams import entry_words, flow_drawing, flow_labels


def arm(name: str, reasons: dict[str, int]) -> ArmFlow:
    total = sum(reasons.values())
    return ArmFlow(name, 40 + total, 39, 38, Reasons(total, reasons), reasons.get("LOST TO FOLLOW-UP", 0), {"ITT": 40})


def flow(count: int, reasons: dict[str, int]) -> Flow:
    arms = tuple(arm(f"Intervention number {index} with a name that is long", reasons) for index in range(count))
    entered = sum(each.allocated for each in arms)
    return Flow(entered + 5, Reasons(5, {"SCREEN FAILURE": 4, LONG: 1}), entered, arms)


MANY = {f"REASON {index} THAT NO CODELIST KNOWS": index + 1 for index in range(14)} | {"LOST TO FOLLOW-UP": 2}
FLOWS = {
    "nobody": Flow(0, Reasons(0, {}), 0, ()),
    "specimen": FLOW,
    **{f"{count} arms": flow(count, {"ADVERSE EVENT": 3, LONG: 2}) for count in (1, 2, 3, 4, 7)},
    "many reasons": flow(4, MANY),
    "one endless word": flow(3, {"X" * 90: 1}),
}


def drawn(name: str, language: str) -> Drawing:
    with speaking(language):
        return flow_drawing(FLOWS[name], flow_labels())


def inside(words: Words, box: Box) -> bool:
    width = text_width(words.text, words.size)
    left = words.x - {"left": 0.0, "centre": width / 2, "right": width}[words.align]
    return (
        box.x <= left
        and left + width <= box.x + box.width + 0.01
        and box.y < words.y - 0.7 * words.size
        and words.y < box.y + box.height
    )


def apart(one: Box, other: Box) -> bool:
    return (
        one.x + one.width <= other.x
        or other.x + other.width <= one.x
        or one.y + one.height <= other.y
        or other.y + other.height <= one.y
    )


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", FLOWS)
def test_boxes_do_not_overlap_and_hold_their_words(name: str, language: str):
    drawing = drawn(name, language)
    boxes = [shape for shape in drawing.shapes if isinstance(shape, Box)]
    assert all(apart(one, other) for one, other in combinations(boxes, 2))
    for words in (shape for shape in drawing.shapes if isinstance(shape, Words)):
        assert any(inside(words, box) for box in boxes), words.text
    for box in boxes:
        assert box.x >= 0
        assert box.x + box.width <= drawing.width + 0.01
        assert box.y + box.height <= drawing.height + 0.01


@pytest.mark.parametrize("name", FLOWS)
def test_arrows_end_at_boxes_and_cross_none(name: str):
    drawing = drawn(name, "en")
    boxes = [shape for shape in drawing.shapes if isinstance(shape, Box)]
    for line in (shape for shape in drawing.shapes if isinstance(shape, Line)):
        for box in boxes:
            within_x = box.x < (line.x1 + line.x2) / 2 < box.x + box.width
            within_y = box.y < (line.y1 + line.y2) / 2 < box.y + box.height
            assert not (within_x and within_y)
        if line.arrow:
            assert any(
                (box.x <= line.x2 <= box.x + box.width and abs(line.y2 - box.y) < 0.01)
                or (abs(line.x2 - box.x) < 0.01 and box.y <= line.y2 <= box.y + box.height)
                for box in boxes
            )  # fmt: skip


@pytest.mark.parametrize("name", FLOWS)
def test_the_text_alternative_has_every_number_and_every_reason(name: str):
    said = drawn(name, "en").says
    asked = FLOWS[name]
    assert f"Assessed for eligibility (n = {asked.assessed})" in said
    for each in asked.arms:
        assert f"Allocated (n = {each.allocated})" in said
        assert f"Discontinued (n = {each.discontinued.total})" in said
        for reason, count in each.discontinued.reasons.items():
            assert re.search(rf"{re.escape(reason)}.{{0,3}}\(n = {count}\)", said, re.IGNORECASE)


def test_long_reasons_are_cut_but_keep_their_count():
    texts = [shape.text for shape in drawn("2 arms", "en").shapes if isinstance(shape, Words)]
    cut = [text for text in texts if "…" in text]
    assert len(cut) == 3
    assert all("(n\u00a0=" in text or texts[texts.index(text) + 1].startswith("(n\u00a0=") for text in cut)


def test_many_reasons_are_summed_up():
    texts = " ".join(shape.text for shape in drawn("many reasons", "en").shapes if isinstance(shape, Words))
    assert texts.count("7 more") == 4
    assert len(re.findall("Lost to follow-up", texts)) == 4


def test_with_one_arm_nobody_is_called_randomised():
    labels = flow_labels()
    assert entry_words(FLOWS["1 arms"], labels) == "Enrolled"
    assert entry_words(FLOWS["2 arms"], labels) == "Randomised"
    blinded = Flow(2, Reasons(0, {}), 2, (ArmFlow("all", 2, 2, 0, Reasons(0, {}), 0, {}),))
    assert entry_words(blinded, labels) == "Randomised"
