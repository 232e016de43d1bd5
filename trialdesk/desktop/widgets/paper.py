"""A PDF inside the window: its pages below each other, drawn beside the window when they come into sight."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from trialdesk.base.i18n import _
from trialdesk.desktop import parts, style
from trialdesk.desktop.jobs import Jobs
from trialdesk.reporting.looking import page_pixels

STEPS = (0.5, 0.67, 0.8, 1.0, 1.25, 1.5, 2.0)
"""How large a page may be against the width of its place; 1 fits."""

_WIDEST = 900
"""Pixels beyond which a page that fits the width grows no further."""


class PaperView(QWidget):
    """Shows the pages of one document. Ctrl and plus, minus or 0 change the size."""

    zoomed = Signal(float)

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self._jobs = jobs
        self._pdf = b""
        self._sheets: list[_Sheet] = []
        self.zoom = 1.0
        self._inside = parts.box("desk")
        self._column = parts.column(
            self._inside, spacing=style.MEDIUM, margins=(style.MEDIUM, style.MEDIUM, style.MEDIUM, style.MEDIUM)
        )
        self._area = parts.scrolled(self._inside)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self._area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._area.setAccessibleName(_("Preview"))
        self._area.setObjectName("paper")
        self._area.viewport().installEventFilter(self)
        parts.column(self).addWidget(self._area)
        self._fit = QTimer(self)
        self._fit.setSingleShot(True)
        self._fit.timeout.connect(self._resize_sheets)
        self.setFocusProxy(self._area)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        for keys, step in (("Ctrl++", 1), ("Ctrl+=", 1), ("Ctrl+-", -1), ("Ctrl+0", 0)):
            parts.on_keys(keys, self, partial(self.step, step))

    @property
    def pages(self) -> int:
        """Return how many pages are shown."""
        return len(self._sheets)

    def drawn(self) -> int:
        """Return how many pages have their picture."""
        return sum(sheet.has_picture for sheet in self._sheets)

    def show_pdf(self, pdf: bytes, sizes: tuple[tuple[float, float], ...]) -> None:
        """Show a document whose pages have these sizes in points; the place scrolled to is kept."""
        place = self._area.verticalScrollBar().value()
        self._pdf = pdf
        while len(self._sheets) > len(sizes):
            sheet = self._sheets.pop()
            self._column.removeWidget(sheet)
            sheet.deleteLater()
        for number in range(len(self._sheets), len(sizes)):
            sheet = _Sheet(number, self)
            self._sheets.append(sheet)
            self._column.addWidget(sheet, 0, Qt.AlignmentFlag.AlignHCenter)
        for sheet, size in zip(self._sheets, sizes, strict=True):
            sheet.take(size, len(sizes))
        self._resize_sheets()
        self._area.verticalScrollBar().setValue(place)

    def clear(self) -> None:
        """Show nothing."""
        self.show_pdf(b"", ())

    def step(self, by: int) -> None:
        """Make the pages larger (1), smaller (-1) or as wide as their place (0)."""
        near = min(range(len(STEPS)), key=lambda at: abs(STEPS[at] - self.zoom))
        self.zoom = STEPS[max(0, min(len(STEPS) - 1, near + by))] if by else 1.0
        self._resize_sheets()
        self.zoomed.emit(self.zoom)

    def draw(self, sheet: _Sheet, scale: float) -> None:
        """Have a page drawn; its sheet gets the picture when it is done."""
        pdf, number = self._pdf, sheet.number

        def work() -> QImage:
            pixels = page_pixels(pdf, number, scale)
            image = QImage(pixels.data, pixels.width, pixels.height, pixels.stride, QImage.Format.Format_BGR888)
            return image.copy()

        self._jobs.read(
            work, then=lambda image: sheet.show_picture(image, pdf is self._pdf), owner=sheet, latest="page"
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Fit the pages to their place, once it has come to rest; a scroll bar that comes or goes changes it, too."""
        if watched is self._area.viewport() and event.type() == QEvent.Type.Resize:
            self._fit.start(0)
        return super().eventFilter(watched, event)

    def _resize_sheets(self) -> None:
        room = min(self._area.viewport().width() - 2 * style.MEDIUM, _WIDEST)
        for sheet in self._sheets:
            sheet.fit(max(room, 200), self.zoom)


class _Sheet(QWidget):
    """One page."""

    def __init__(self, number: int, view: PaperView) -> None:
        super().__init__()
        self.number = number
        self._view = view
        self._size = (595.0, 842.0)
        self._picture: QImage | None = None
        self._asked = 0.0

    @property
    def has_picture(self) -> bool:
        """Say whether the page is drawn."""
        return self._picture is not None

    def take(self, size: tuple[float, float], of: int) -> None:
        """Be another page: of this size in points, of so many."""
        self._size = size
        self._asked = 0.0
        self.setAccessibleName(_("Page {number} of {count}").format(number=self.number + 1, count=of))
        self.update()

    def fit(self, room: int, zoom: float) -> None:
        """Be as wide as the room, times the zoom."""
        width = round(room * zoom)
        height = round(width * self._size[1] / self._size[0])
        if (width, height) != (self.width(), self.height()):
            self.setFixedSize(width, height)
            self._asked = 0.0
            self.update()

    def show_picture(self, image: QImage, current: bool) -> None:  # noqa: FBT001 - whether the document is still the same
        """Show the page's picture."""
        if current:
            self._picture = image
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the picture there is, and ask for one that fits."""
        scale = self.width() / self._size[0] * self.devicePixelRatioF()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        if self._picture:
            painter.drawImage(self.rect(), self._picture)
        painter.setPen(style.colour("line-strong"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()
        if self._asked != scale:
            self._asked = scale
            self._view.draw(self, scale)

    def changeEvent(self, event: QEvent) -> None:
        """Paint the frame anew in another scheme."""
        if event.type() == QEvent.Type.PaletteChange:
            self.update()
        super().changeEvent(event)
