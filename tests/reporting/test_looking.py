"""Pages as pictures and as text."""

from __future__ import annotations

from io import BytesIO

from PIL import Image

from tests.reporting.specimen import FRAME
from trialdesk.reporting.looking import page_images, page_texts
from trialdesk.reporting.render import render
from trialdesk.reporting.structure import Landscape, Paragraph

DOCUMENT = render([Paragraph("upright 王"), Landscape(), Paragraph("lying")], FRAME)


def test_each_page_is_a_picture_of_its_size():
    sizes = [Image.open(BytesIO(picture)).size for picture in page_images(DOCUMENT, 72)]
    assert sizes == [(596, 842), (842, 596)]


def test_each_page_has_its_text():
    upright, lying = page_texts(DOCUMENT)
    assert "upright 王" in upright
    assert "lying" in lying
    assert "\r" not in upright
