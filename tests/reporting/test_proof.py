"""A file says from which data it was made, and only a file of ours does."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest

from tests.reporting.specimen import FRAME
from trialdesk.base.errors import UserError
from trialdesk.reporting.frame import Proof
from trialdesk.reporting.proof import read_back
from trialdesk.reporting.render import render
from trialdesk.reporting.structure import Paragraph

FRAME_HARD = replace(
    FRAME, parameters='{"name":"<O\'Brien & 王>"}', position="a:1:b\nc:2:d", language="zh", state="draft"
)


def test_everything_needed_to_make_it_again_is_read_back():
    assert read_back(render([Paragraph("text")], FRAME_HARD)) == Proof(
        key="enrollment.log",
        parameters='{"name":"<O\'Brien & 王>"}',
        study="MEMORY-2",
        language="zh",
        state="draft",
        blinding=FRAME.blinding,
        position="a:1:b\nc:2:d",
        cutoff="2026-11-22T18:05:30+00:00",
        digest=FRAME.digest,
        role="Coordinator",
        account="zhang.li",
        version="0.1.0",
    )


def test_a_file_of_others_proves_nothing():
    file = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(file)
    with pytest.raises(UserError, match="not a document of TrialDesk"):
        read_back(file.getvalue())


@pytest.mark.parametrize("data", [b"", b"no PDF at all", b"%PDF-1.7\n"])
def test_what_is_no_pdf_is_told(data: bytes):
    with pytest.raises(UserError, match="not a readable PDF"):
        read_back(data)
