"""The page can be read: contrast, sizes, margins."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest
from PIL import Image

from tests.reporting.specimen import FRAMES
from trialdesk.reporting.frame import Target
from trialdesk.reporting.furniture import Furniture
from trialdesk.reporting.looking import page_images
from trialdesk.reporting.paper import MM, PALETTE, Colour, style
from trialdesk.reporting.render import render
from trialdesk.reporting.structure import Block, Column, Landscape, Paragraph, Table


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


INCH = 72.0
SCALE = 2
ASKED: dict[Target, tuple[float, float, tuple[float, float, float, float]]] = {
    # width, height; margins of a page that stands: left where it is bound, top, right, bottom
    "": (210 * MM, 297 * MM, (20 * MM, 15 * MM, 15 * MM, 15 * MM)),
    "eu": (210 * MM, 297 * MM, (20 * MM, 15 * MM, 15 * MM, 15 * MM)),
    "us": (8.5 * INCH, 11 * INCH, (0.75 * INCH, 0.375 * INCH, 0.375 * INCH, 0.375 * INCH)),
    "cn": (210 * MM, 297 * MM, (25 * MM, 20 * MM, 10 * MM, 10 * MM)),
}


def ink(picture: bytes) -> tuple[float, float, float, float]:
    """How far what is printed on a page keeps from its left, top, right and bottom edge, in points."""
    page = Image.open(BytesIO(picture)).convert("L").point(lambda value: 255 * (value < 200))
    box = page.getbbox()
    assert box
    left, top, right, bottom = box
    return (left / SCALE, top / SCALE, (page.width - right) / SCALE, (page.height - bottom) / SCALE)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("target", ASKED)
def test_size_and_margins_are_those_of_whom_papers_are_set_for(target: Target, language: str):
    width, height, (binding, head, right, foot) = ASKED[target]
    rows = [("王小明 " * 8, "words " * 30)] * 60
    content: list[Block] = [
        Paragraph("words " * 900),
        Landscape(),
        Paragraph("words " * 900),
        Table((Column("A"), Column("B")), rows),
    ]
    data = render(content, replace(FRAMES[language], papers=target, state="final"))
    pictures = page_images(data, 72 * SCALE)
    with pikepdf.open(BytesIO(data)) as pdf:
        boxes = [[float(edge) for edge in page.MediaBox] for page in pdf.pages]
    upright = [index for index, box in enumerate(boxes) if box == pytest.approx([0, 0, width, height], abs=0.01)]
    lying = [index for index, box in enumerate(boxes) if box == pytest.approx([0, 0, height, width], abs=0.01)]
    assert len(upright) >= 1
    assert len(lying) >= 2
    assert len(upright) + len(lying) == len(boxes)
    for pages, margins in ((upright, (binding, head, right, foot)), (lying, (foot, binding, head, right))):
        for index in pages:
            kept = ink(pictures[index])
            assert all(found >= least - 1 for found, least in zip(kept, margins, strict=True)), (kept, margins)
            assert kept[0] <= margins[0] + 25  # and no room is thrown away
            assert kept[2] <= margins[2] + 25


def test_a_page_for_the_us_may_be_printed_on_a4():
    furniture = Furniture(replace(FRAMES["en"], papers="us"))
    upright, lying = furniture.area(landscape=False), furniture.area(landscape=True)
    assert upright.left + upright.width <= 210 * MM - 0.375 * INCH
    assert lying.bottom <= 210 * MM - 0.375 * INCH


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
