"""Writing a signature's picture into its field, at the end of a file."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

from trialdesk.documents.rules import ToSeal
from trialdesk.reporting.signing.manifestation import picture


class Appending(IncrementalPdfFileWriter):
    """Appends to a file and leaves its metadata alone: they say which data the document was made from."""

    def _update_meta(self) -> None:
        pass


def laid(writer: Appending, name: str, what: ToSeal) -> bool:
    """Lay the picture of a signature into the empty field of that name; False where there is none."""
    for field in fields(writer.root):
        if field.get("/T") == name and "/V" not in field:
            left, bottom, right, top = (float(each) for each in field["/Rect"])
            source = PdfFileReader(BytesIO(picture(what, right - left, top - bottom)))
            names: Any = generic.DictionaryObject
            field[generic.pdf_name("/AP")] = names({generic.pdf_name("/N"): writer.import_page_as_xobject(source)})
            writer.update_container(field)
            return True
    return False


def fields(root: Any) -> list[Any]:
    """Return the form fields of a file."""
    return [each.get_object() for each in root["/AcroForm"]["/Fields"]] if "/AcroForm" in root else []
