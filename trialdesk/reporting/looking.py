"""Pages as pictures and as text: for the preview in the window, for pictures of documents, for tests.

PDFium works on one thread at a time, so every look at a page waits for its turn.
"""

from __future__ import annotations

from io import BytesIO
from threading import Lock

from trialdesk.base.values import dataclass

_turn = Lock()


@dataclass(frozen=True, slots=True)
class Pixels:
    """A page as pixels: `data` has rows of `stride` bytes, of which each pixel takes three, blue first."""

    width: int
    height: int
    stride: int
    data: bytes


def page_sizes(pdf_bytes: bytes) -> tuple[tuple[float, float], ...]:
    """Return width and height of each page in points. Raises `pypdfium2.PdfiumError` for what is no PDF."""
    import pypdfium2

    with _turn, pypdfium2.PdfDocument(pdf_bytes) as pdf:
        return tuple(pdf.get_page_size(number) for number in range(len(pdf)))


def page_pixels(pdf_bytes: bytes, number: int, scale: float) -> Pixels:
    """Return page `number`, counted from 0, with `scale` pixels to the point."""
    import pypdfium2

    with _turn, pypdfium2.PdfDocument(pdf_bytes) as pdf:
        page = pdf[number]
        bitmap = page.render(scale=scale, rev_byteorder=False)
        pixels = Pixels(bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer))
        bitmap.close()
        page.close()
        return pixels


def page_images(pdf_bytes: bytes, dpi: float = 150) -> list[bytes]:
    """Return each page as a PNG at `dpi` dots to the inch. Raises `pypdfium2.PdfiumError` for what is no PDF."""
    import pypdfium2

    pictures = []
    with _turn, pypdfium2.PdfDocument(pdf_bytes) as pdf:
        for page in pdf:
            file = BytesIO()
            page.render(scale=dpi / 72).to_pil().save(file, "PNG")
            pictures.append(file.getvalue())
            page.close()
    return pictures


def page_texts(pdf_bytes: bytes) -> list[str]:
    """Return the text of each page in the order of its content, with line feeds only."""
    import pypdfium2

    texts = []
    with _turn, pypdfium2.PdfDocument(pdf_bytes) as pdf:
        for page in pdf:
            layer = page.get_textpage()
            texts.append(layer.get_text_bounded().replace("\r\n", "\n"))
            layer.close()
            page.close()
    return texts
