"""Nobody is asked to sign a page that shows nothing of what is signed."""

from __future__ import annotations

import pytest

from trialdesk.reporting.flow import paginate
from trialdesk.reporting.layout import Layout
from trialdesk.reporting.paper import Area
from trialdesk.reporting.structure import Block, Bullets, Column, Definitions, Paragraph, Signature, Signatures, Table

AREA = Area(500, 560, 60, 40, 400, 500)
TWO = Signatures([Signature("Seen and agreed", "Beneficiary"), Signature("Paid out", "Finance")])
ENDS: dict[str, Block] = {
    "table": Table((Column("Day"), Column("Amount")), [(f"{day} July", "1.00") for day in range(1, 6)]),
    "empty table": Table((Column("Day"), Column("Amount")), [], empty="Nothing was paid yet."),
    "list": Bullets(["Prevention: not recorded", "Plan: not recorded"]),
    "definitions": Definitions([("Findings", "none")]),
    "words": Paragraph("One word on it."),
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS.keys())
def test_signatures_stand_below_something_on_every_length_of_document(end: Block):
    at = {False: AREA, True: AREA}
    for before in range(40):
        layout = Layout("en", at)
        alone = list(Layout("en", at).pieces([TWO]))
        pages = paginate(
            layout.pieces([*(Paragraph(f"Paragraph {number}.") for number in range(before)), end, TWO]), at
        )
        last = pages[-1].placed
        assert len(last) > len(alone), f"after {before} paragraphs"
        assert last[-1][1] + last[-1][0].height <= pages[-1].area.bottom
