"""One family of icons: strokes of 1.5 on a grid of 20, drawn in the colour of the scheme in force.

An icon is named by its file in `resources/icons`. It is coloured when it is painted, so a change of scheme needs no
new icons. Icons stand beside words; where one stands alone its control has an accessible name.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from trialdesk.base.places import resources
from trialdesk.desktop import style


def icon(name: str, colour: str = "muted", *, checked: str | None = None) -> QIcon:
    """Return the icon in the colour of that token, and in `checked` where its button is on.

    Raises FileNotFoundError for a name that has no file and KeyError for a colour that is no token.
    """
    _source(name)
    style.colour(colour)
    return QIcon(_Engine(name, colour, checked or colour))


def pixmap(name: str, colour: str, size: int = style.ICON, *, ratio: float = 1.0) -> QPixmap:
    """Return the icon as a picture of `size` device independent pixels at the screen's ratio."""
    return _picture(name, style.colour(colour).name(), size, ratio)


def paint(painter: QPainter, name: str, colour: str, rect: QRectF) -> None:
    """Draw the icon into the rectangle."""
    _renderer(name, style.colour(colour).name()).render(painter, rect)


def write(name: str, colour: str, folder: Path) -> None:
    """Write the icon in one colour into the folder, under its own name: a style sheet can only point to files."""
    (folder / f"{name}.svg").write_text(_coloured(name, style.colour(colour).name()), encoding="utf-8")


class _Engine(QIconEngine):
    def __init__(self, name: str, colour: str, checked: str) -> None:
        super().__init__()
        self._name = name
        self._colour = colour
        self._checked = checked

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        colour = "faint" if mode == QIcon.Mode.Disabled else self._for(state)
        side = min(rect.width(), rect.height())
        square = QRectF(0, 0, side, side)
        square.moveCenter(QPointF(rect.center()) + QPointF(0.5, 0.5))
        paint(painter, self._name, colour, square)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        made = QPixmap(size)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return made

    def clone(self) -> QIconEngine:
        return _Engine(self._name, self._colour, self._checked)

    def _for(self, state: QIcon.State) -> str:
        return self._checked if state == QIcon.State.On else self._colour


@lru_cache(maxsize=256)
def _source(name: str) -> str:
    return (resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8")


def _coloured(name: str, value: str) -> str:
    return _source(name).replace("#000000", value)


@lru_cache(maxsize=512)
def _renderer(name: str, value: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(_coloured(name, value).encode()))


@lru_cache(maxsize=512)
def _picture(name: str, value: str, size: int, ratio: float) -> QPixmap:
    made = QPixmap(round(size * ratio), round(size * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    _renderer(name, value).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return made
