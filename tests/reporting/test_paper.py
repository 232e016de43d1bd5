"""The page can be read: contrast, sizes, margins."""

from __future__ import annotations

import pytest

from tests.reporting.specimen import FRAMES
from trialdesk.reporting.furniture import Furniture
from trialdesk.reporting.paper import MM, PALETTE, Colour, style


def luminance(colour: Colour) -> float:
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(colour: Colour, ground: Colour = (1.0, 1.0, 1.0)) -> float:
    """Contrast with a lighter ground, WCAG 2.1."""
    return (luminance(ground) + 0.05) / (luminance(colour) + 0.05)


@pytest.mark.parametrize("name", ["ink", "muted", "line", "accent", "good", "warning", "bad", "info"])
def test_what_says_something_stands_out(name: str):
    assert contrast(PALETTE[name]) >= 4.5


@pytest.mark.parametrize("name", ["ink", "muted", "accent", "good", "warning", "bad", "info"])
def test_text_is_read_on_the_mark_of_a_draft_which_is_seen_itself(name: str):
    assert contrast(PALETTE[name], PALETTE["watermark"]) >= 4.5
    assert contrast(PALETTE["watermark"]) >= 1.2


def test_sizes_are_those_authorities_ask_for():
    assert style("body", "zh").size >= 12
    assert style("cell", "zh").size >= 10.5
    assert 9 <= style("cell", "en").size <= 10
    assert style("body", "en").size >= 10.5


@pytest.mark.parametrize("language", ["en", "zh"])
def test_margins_leave_room_to_bind_and_to_print(language: str):
    furniture = Furniture(FRAMES[language])
    upright, lying = furniture.area(landscape=False), furniture.area(landscape=True)
    assert (upright.page_width, upright.page_height) == pytest.approx((210 * MM, 297 * MM))
    assert (lying.page_width, lying.page_height) == pytest.approx((297 * MM, 210 * MM))
    assert upright.left == pytest.approx(20 * MM)
    assert upright.page_width - upright.left - upright.width == pytest.approx(15 * MM)
    assert lying.top > upright.top + 4 * MM
    assert upright.page_height - upright.bottom > 15 * MM
