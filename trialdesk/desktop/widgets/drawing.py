"""Paints a `base.drawing.Drawing` on the screen: the same shapes a PDF gets, in the colours of the scheme in force.

It fills the width it is given, up to `largest` times its natural size. Places in it that lead somewhere can be clicked,
or reached with Tab and the arrow keys and opened with Enter; what the picture says in words is its accessible text.
"""

from __future__ import annotations

from math import atan2, cos, pi, sin

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from trialdesk.base.drawing import Box, Curve, Dot, Drawing, Line, Shape, Words
from trialdesk.desktop import style

_NEXT = (Qt.Key.Key_Right, Qt.Key.Key_Down)
_BACK = (Qt.Key.Key_Left, Qt.Key.Key_Up)
_OPEN = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
_PIXELS = 96 / 72


class DrawingView(QWidget):
    """Shows one drawing; `chosen` gives the name of the place a person went for."""

    chosen = Signal(str)

    def __init__(self, drawing: Drawing | None = None, *, largest: float = 1.25, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._largest = largest * _PIXELS
        self._drawing = drawing or Drawing(1, 1, (), "")
        self._at = -1
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMouseTracking(True)
        self.set_drawing(self._drawing)

    def set_drawing(self, drawing: Drawing) -> None:
        """Show another drawing."""
        self._drawing = drawing
        self._at = -1
        self.setAccessibleName(drawing.says)
        self.setAccessibleDescription(drawing.says)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if drawing.targets else Qt.FocusPolicy.NoFocus)
        self.updateGeometry()
        self.update()

    @property
    def drawing(self) -> Drawing:
        """Return the drawing shown."""
        return self._drawing

    @property
    def scale(self) -> float:
        """Return how many pixels a point takes."""
        return min((self.width() - 2) / self._drawing.width, self._largest)

    def hasHeightForWidth(self) -> bool:
        """Say that the height follows from the width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height at which the whole drawing shows at this width."""
        return round(min((width - 2) / self._drawing.width, self._largest) * self._drawing.height) + 2

    def sizeHint(self) -> QSize:
        """Return the natural size: a point is 96/72 pixels."""
        return QSize(round(self._drawing.width * _PIXELS), round(self._drawing.height * _PIXELS))

    def minimumSizeHint(self) -> QSize:
        """Return a size below which nothing can be read."""
        return QSize(round(self._drawing.width * 0.6), round(self._drawing.height * 0.6))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint all shapes, then the frame round the place that has the focus."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # A line at the very edge is half as thick beyond it.
        painter.translate(1, 1)
        painter.scale(self.scale, self.scale)
        for shape in self._drawing.shapes:
            paint_shape(painter, shape)
        if self.hasFocus() and 0 <= self._at < len(self._drawing.targets):
            painter.setPen(QPen(style.colour("accent"), 2 / self.scale))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self._place(self._at).adjusted(-2, -2, 2, 2), 3, 3)
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show by the pointer what leads somewhere."""
        over = self._target_at(event.position()) >= 0
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open the place that was clicked."""
        self._go_to(self._target_at(event.position()), go=True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from place to place, and open one."""
        if event.key() in _NEXT:
            self._go_to(min(self._at + 1, len(self._drawing.targets) - 1))
        elif event.key() in _BACK:
            self._go_to(max(self._at - 1, 0))
        elif event.key() in _OPEN:
            self._go_to(self._at, go=True)
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: FBT001 - Qt's signature
        """Let Tab visit every place before it leaves the picture."""
        at = self._at + (1 if forward else -1)
        if 0 <= at < len(self._drawing.targets):
            self._go_to(at)
            return True
        self._at = -1 if forward else len(self._drawing.targets)
        return super().focusNextPrevChild(forward)

    def event(self, event: QEvent) -> bool:
        """Begin with the first place when the focus comes by keyboard."""
        if event.type() == QEvent.Type.FocusIn and not 0 <= self._at < len(self._drawing.targets):
            self._go_to(0)
        return super().event(event)

    def _go_to(self, number: int, *, go: bool = False) -> None:
        if not 0 <= number < len(self._drawing.targets):
            return
        self._at = number
        self.setAccessibleName(self._drawing.targets[number][4])
        self.update()
        if go:
            self.chosen.emit(self._drawing.targets[number][4])

    def _place(self, number: int) -> QRectF:
        x, y, width, height, _name = self._drawing.targets[number]
        return QRectF(x, y, width, height)

    def _target_at(self, point: QPointF) -> int:
        at = point / self.scale
        return next((n for n in range(len(self._drawing.targets)) if self._place(n).contains(at)), -1)


def paint_shape(painter: QPainter, shape: Shape) -> None:
    """Paint one shape in the painter's coordinates."""
    match shape:
        case Line():
            _line(painter, shape)
        case Box():
            painter.setPen(QPen(style.colour(shape.outline), 1) if shape.outline else Qt.PenStyle.NoPen)
            painter.setBrush(style.colour(shape.fill) if shape.fill else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(shape.x, shape.y, shape.width, shape.height), shape.radius, shape.radius)
        case Words():
            _words(painter, shape)
        case Dot():
            _dot(painter, shape)
        case Curve():
            painter.setPen(_pen(shape.colour, shape.width, dashed=shape.dashed))
            painter.drawPolyline([QPointF(x, y) for x, y in shape.points])


def _pen(colour: str, width: float, *, dashed: bool = False) -> QPen:
    pen = QPen(style.colour(colour), width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    if dashed:
        pen.setDashPattern([3, 2])
    return pen


def _line(painter: QPainter, line: Line) -> None:
    painter.setPen(_pen(line.colour, line.width, dashed=line.dashed))
    start, end = QPointF(line.x1, line.y1), QPointF(line.x2, line.y2)
    painter.drawLine(start, end)
    if line.arrow:
        angle = atan2(end.y() - start.y(), end.x() - start.x())
        side = 4 + line.width
        head = QPainterPath(end)
        for turn in (pi / 7, -pi / 7):
            head.lineTo(end.x() - side * cos(angle + turn), end.y() - side * sin(angle + turn))
        head.closeSubpath()
        painter.fillPath(head, style.colour(line.colour))


def _words(painter: QPainter, words: Words) -> None:
    font = QFont(style.font(style.BODY, strong=words.bold))
    font.setPixelSize(100)
    # Measured and painted large, then brought to size: pixel sizes are whole numbers, points are not.
    factor = words.size / 100
    width = QFontMetricsF(font).horizontalAdvance(words.text) * factor
    x = words.x - {"left": 0.0, "centre": width / 2, "right": width}[words.align]
    painter.save()
    painter.translate(x, words.y)
    painter.scale(factor, factor)
    painter.setFont(font)
    painter.setPen(style.colour(words.colour))
    painter.drawText(QPointF(0, 0), words.text)
    painter.restore()


def _dot(painter: QPainter, dot: Dot) -> None:
    colour = style.colour(dot.fill)
    centre = QPointF(dot.x, dot.y)
    radius = dot.radius
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    match dot.shape:
        case "circle":
            painter.drawEllipse(centre, radius, radius)
        case "square":
            painter.drawRect(QRectF(dot.x - radius, dot.y - radius, 2 * radius, 2 * radius))
        case "diamond":
            reach = radius * 1.25
            painter.drawPolygon([centre + QPointF(*to) for to in ((0, -reach), (reach, 0), (0, reach), (-reach, 0))])
        case "ring":
            painter.setPen(QPen(colour, max(radius / 3, 1)))
            painter.setBrush(style.colour("surface"))
            painter.drawEllipse(centre, radius, radius)
        case "cross":
            painter.setPen(QPen(colour, max(radius / 2.5, 1)))
            painter.drawLine(centre + QPointF(-radius, -radius), centre + QPointF(radius, radius))
            painter.drawLine(centre + QPointF(-radius, radius), centre + QPointF(radius, -radius))
