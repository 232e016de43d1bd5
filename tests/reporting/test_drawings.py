"""Drawings are painted as vectors, in colours of print, with their words as text."""

from __future__ import annotations

from dataclasses import replace

import pypdfium2
import pytest

from tests.reporting.specimen import FRAME, drawing
from trialdesk.base.drawing import Dot, Drawing
from trialdesk.reporting.looking import page_texts
from trialdesk.reporting.render import render
from trialdesk.reporting.structure import Figure


def shown(picture: Drawing) -> bytes:
    return render([Figure(picture)], FRAME)


def test_it_has_paths_and_text_and_no_image():
    data = shown(drawing("zh"))
    assert "随机入组" in page_texts(data)[0]
    with pypdfium2.PdfDocument(data) as pdf:
        page = pdf[0]
        kinds = {thing.type for thing in page.get_objects()}
        page.close()
    assert pypdfium2.raw.FPDF_PAGEOBJ_PATH in kinds
    assert pypdfium2.raw.FPDF_PAGEOBJ_IMAGE not in kinds


def test_each_shape_changes_the_page():
    whole = drawing("en")
    pictures = {shown(replace(whole, shapes=whole.shapes[:count])) for count in range(len(whole.shapes) + 1)}
    assert len(pictures) == len(whole.shapes)  # a box without fill and outline shows nothing


def test_a_colour_outside_the_palette_is_refused():
    with pytest.raises(KeyError, match="pink"):
        shown(Drawing(10, 10, (Dot(5, 5, 2, "pink"),), "a dot"))
