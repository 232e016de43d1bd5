"""A document on paper: the printer is chosen in the system's window, its pages are drawn beside ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPageLayout, QPainter
from PySide6.QtWidgets import QDialog, QWidget

from trialdesk.base.errors import Environment
from trialdesk.base.i18n import _
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.jobs import Progress
from trialdesk.reporting.looking import page_pixels, page_sizes

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

DOTS = 300
"""Dots to the inch at which pages are drawn."""


def print_pdf(pdf: bytes, title: str, desk: Desk, *, over: QWidget) -> None:
    """Ask for a printer and print the document; `title` is what the print queue shows."""
    # Only who prints pays for it.
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

    printer = QPrinter()
    printer.setDocName(title)
    printer.setResolution(DOTS)
    printer.setFullPage(True)
    dialog = QPrintDialog(printer, over.window())

    def begin() -> None:
        desk.long(lambda _application, progress: draw(pdf, printer, progress), title=_("Printing"), owner=desk)

    dialog.accepted.connect(begin)
    dialog.finished.connect(lambda _result: dialog.deleteLater())
    QDialog.open(dialog)  # QPrintDialog's own wants a slot by name


def draw(pdf: bytes, printer: QPrinter, progress: Progress) -> None:
    """Draw every page onto the printer, each the way round it lies. Raises Environment if it cannot be printed to."""
    sizes = page_sizes(pdf)
    painter = QPainter()
    try:
        for number, (width, height) in enumerate(sizes):
            progress(number, len(sizes))
            landscape = width > height
            printer.setPageOrientation(
                QPageLayout.Orientation.Landscape if landscape else QPageLayout.Orientation.Portrait
            )
            ready = printer.newPage() if painter.isActive() else painter.begin(printer)
            if not ready:
                raise Environment(_("The printer does not answer."), remedy=_("Save the PDF and print it elsewhere."))
            pixels = page_pixels(pdf, number, DOTS / 72)
            image = QImage(pixels.data, pixels.width, pixels.height, pixels.stride, QImage.Format.Format_BGR888)
            paper = printer.pageLayout().fullRectPixels(printer.resolution())
            fitted = image.size().scaled(paper.size(), Qt.AspectRatioMode.KeepAspectRatio)
            painter.drawImage(QRect(paper.topLeft(), fitted), image)
        progress(len(sizes), len(sizes))
    finally:
        if painter.isActive():
            painter.end()
