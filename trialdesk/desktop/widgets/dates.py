"""A date, typed as one likes or picked from a calendar; how it was read is always said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import QDate, QLocale, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QFrame, QLineEdit, QWidget

from trialdesk.base import typed
from trialdesk.base.i18n import _, language
from trialdesk.desktop import icons, parts, shown, style
from trialdesk.desktop.widgets.editors import NARROW, LineEditor


class DayEditor(LineEditor):
    """A calendar date; with `partial` a date as precise as it is known, kept as text (`base.dates`)."""

    def __init__(self, today: Callable[[], date], *, partial: bool = False) -> None:
        self._today = today
        self._partial = partial
        super().__init__(
            self._read_partial if partial else self._read_day,
            _as_text,
            wrong=_("Not a date. Try 4 Mar 2026, 4.3.26, today or +7."),
            placeholder=_("4 Mar 2026, Mar 2026, 2026") if partial else _("4 Mar 2026, today, +7"),
        )
        self.line.setMaximumWidth(NARROW)
        pick = self.line.addAction(icons.icon("calendar"), QLineEdit.ActionPosition.TrailingPosition)
        pick.setToolTip(_("Pick from a calendar ({keys})").format(keys="Alt+↓"))
        pick.triggered.connect(self.open_calendar)
        self.line.editingFinished.connect(self._tidy)
        self.line.installEventFilter(self)

    def says(self) -> str:
        """Say which day was read, and that it could have been another where it could."""
        text = self.line.text().strip()
        reading = typed.read_day(text, self._today()) if text else typed.Reading(None)
        if reading.day is None:
            return ""
        words = shown.long_day(reading.day)
        return _("Read as {day}: day before month.").format(day=words) if reading.doubtful else words

    def eventFilter(self, watched: Any, event: Any) -> bool:
        """Alt+Down opens the calendar."""
        if isinstance(event, QKeyEvent) and event.type() == QKeyEvent.Type.KeyPress:
            alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
            if event.key() == Qt.Key.Key_Down and alt and not self.line.isReadOnly():
                self.open_calendar()
                return True
        return super().eventFilter(watched, event)

    def open_calendar(self) -> None:
        """Open the calendar beneath the line, on the day typed or today."""
        if self.line.isReadOnly():
            return
        day = typed.read_day(self.line.text(), self._today()).day or self._today()
        popup = _Calendar(self.line, day, self._pick)
        popup.move(self.line.mapToGlobal(QPoint(0, self.line.height() + style.HAIR)))
        popup.show()
        popup.calendar.setFocus()

    def _pick(self, day: date) -> None:
        self.line.setText(day.isoformat())
        self.line.setFocus()

    def _tidy(self) -> None:
        """Write the day plainly once it is typed, unless it could be read in two ways: then it stays as typed."""
        text = self.line.text().strip()
        value = self.value()
        if value is not None and not typed.read_day(text, self._today()).doubtful:
            plain = _as_text(value)
            if plain != self.line.text():
                self.line.setText(plain)

    def _read_day(self, text: str) -> date | None:
        return typed.read_day(text, self._today()).day

    def _read_partial(self, text: str) -> str | None:
        return typed.read_partial(text, self._today())


class _Calendar(QFrame):
    def __init__(self, parent: QWidget, day: date, then: Callable[[date], None]) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("floating")
        self.calendar = QCalendarWidget()
        self.calendar.setLocale(QLocale("zh_CN" if language() == "zh" else "en_GB"))
        self.calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        self.calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.calendar.setSelectedDate(QDate(day.year, day.month, day.day))
        plain = QTextCharFormat()
        plain.setForeground(style.colour("ink"))
        for weekend in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            self.calendar.setWeekdayTextFormat(weekend, plain)
        self.calendar.setFixedSize(292, 240)
        self.calendar.setAccessibleName(_("Calendar"))
        self.calendar.activated.connect(self._chosen)
        self.calendar.clicked.connect(self._chosen)
        self._then = then
        layout = parts.column(self, margins=(style.HAIR, style.HAIR, style.HAIR, style.HAIR))
        layout.addWidget(self.calendar)

    def _chosen(self, day: QDate) -> None:
        self._then(date(day.year(), day.month(), day.day()))
        self.close()


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
