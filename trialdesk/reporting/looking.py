"""Pages as pictures and as text: for the preview in the window, for pictures of documents, for tests."""

from __future__ import annotations

from io import BytesIO


def page_images(pdf_bytes: bytes, dpi: float = 150) -> list[bytes]:
    """Return each page as a PNG at `dpi` dots to the inch. Raises `pypdfium2.PdfiumError` for what is no PDF."""
    import pypdfium2

    pictures = []
    with pypdfium2.PdfDocument(pdf_bytes) as pdf:
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
    with pypdfium2.PdfDocument(pdf_bytes) as pdf:
        for page in pdf:
            layer = page.get_textpage()
            texts.append(layer.get_text_bounded().replace("\r\n", "\n"))
            layer.close()
            page.close()
    return texts
