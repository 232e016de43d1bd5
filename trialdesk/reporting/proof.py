"""What a PDF of ours says about the data it was made from, read out of the file again."""

from __future__ import annotations

from io import BytesIO

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _
from trialdesk.reporting.frame import Proof
from trialdesk.reporting.xmp import proof_of


def read_back(pdf_bytes: bytes, *, where: str = "") -> Proof:
    """Return what the file proves; whether the data still say the same is asked by gathering again.

    Raises UserError for a file that is not a PDF or not one of ours; `where` is what it calls the file.
    """
    import pikepdf

    try:
        with pikepdf.open(BytesIO(pdf_bytes)) as pdf:
            metadata = pdf.Root.get("/Metadata")
            data = b"" if metadata is None else metadata.read_bytes()
    except pikepdf.PdfError as error:
        raise UserError(
            _("This file is not a readable PDF."),
            where=where,
            remedy=_("It is of another kind, locked, or damaged: get it again from where it was made."),
        ) from error
    return proof_of(data, where=where)
