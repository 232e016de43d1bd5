"""veraPDF is asked once for many files and its answers are read rightly."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest
from reportlab.pdfgen.canvas import Canvas

from tests.support import verapdf

pytestmark = pytest.mark.skipif(not verapdf.is_here(), reason=verapdf.NOT_JUDGED)

XMP = b"""<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>2</pdfaid:part><pdfaid:conformance>U</pdfaid:conformance></rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


def test_each_file_has_its_verdict(tmp_path: Path):
    good, plain, broken = tmp_path / "an empty page.pdf", tmp_path / "plain.pdf", tmp_path / "broken.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.Root.Metadata = pdf.make_stream(XMP, Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)
        pdf.save(good)
    canvas = Canvas(str(plain))
    canvas.drawString(72, 72, "Visit 3")
    canvas.save()
    broken.write_bytes(b"%PDF-1.7\nnothing more")

    verdicts = verapdf.verdicts([good, plain, broken], "2u")

    assert verdicts[good] == verapdf.Verdict(compliant=True, failures=[])
    assert not verdicts[plain].compliant
    assert any(one.startswith("6.2.11.4.1-1: The font program is not embedded") for one in verdicts[plain].failures)
    assert not verdicts[broken].compliant
    assert verdicts[broken].failures


def test_accessibility_is_judged_apart(tmp_path: Path):
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(tmp_path / "untagged.pdf")
    (verdict,) = verapdf.verdicts([tmp_path / "untagged.pdf"], "ua1").values()
    assert any("StructTreeRoot" in one for one in verdict.failures)
