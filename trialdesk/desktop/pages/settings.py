"""How the window looks and speaks on this workstation. Takes effect at once; nothing here touches a record."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from trialdesk import __version__
from trialdesk.base.i18n import LANGUAGES, _, language
from trialdesk.base.settings import TIME_STAMPS
from trialdesk.desktop import parts, style
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.page import Page, lay_out

LOCK_AFTER = (5, 10, 15, 30, 60)
"""Minutes without a key or a click after which the desk is locked."""


class Settings(Page):
    """Language, light or dark, when to lock, and which service stamps the time of signatures."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        layout = lay_out(self, _("Settings"))
        card = parts.frame("card")
        card.setMaximumWidth(720)
        self._grid = parts.grid(card, across=style.WIDE, down=style.LARGE)
        self._grid.setContentsMargins(style.WIDE, style.WIDE, style.WIDE, style.WIDE)
        self._grid.setColumnStretch(0, 1)
        self.language = self._choice(
            _("Language"),
            _("Of the window. A report's language is chosen with the report."),
            tuple(LANGUAGES.items()),
            language(),
        )
        self.look = self._choice(
            _("Appearance"),
            _("Light, dark, or as the system is set."),
            tuple((code, _(words)) for code, words in style.CHOICES),
            desk.memory.words("look", "system"),
        )
        self.lock = self._choice(
            _("Lock after"),
            _("When nobody types or clicks. What was typed is kept."),
            tuple((str(n), _("{count} minutes").format(count=n)) for n in LOCK_AFTER),
            desk.memory.words("lock", "15"),
        )
        self.stamps = self._line(
            _("Time-stamp service"),
            _("Its address (RFC 3161), asked when a file is signed; only a hash is sent. Empty for none."),
            desk.memory.words(TIME_STAMPS, ""),
        )
        layout.addWidget(card)
        further = parts.row(spacing=style.SMALL)
        further.addWidget(parts.button(_("Change your password…"), lambda: desk.go("account"), icon="lock"))
        further.addWidget(parts.button(_("Access log"), lambda: desk.go("access"), icon="trail"))
        further.addStretch()
        layout.addLayout(further)
        version = parts.said(_("TrialDesk {version}").format(version=__version__), "fine")
        layout.addWidget(version)
        layout.addStretch()
        self.language.activated.connect(lambda: self._ask("language", self.language))
        self.look.activated.connect(lambda: self._ask("look", self.look))
        self.lock.activated.connect(lambda: self._ask("lock", self.lock))

    def _choice(self, title: str, words: str, choices: tuple[tuple[str, str], ...], chosen: str) -> QComboBox:
        line = self._grid.rowCount()
        said = QWidget()
        inner = parts.grid(said, down=2)
        inner.setContentsMargins(0, 0, 0, 0)
        heading = parts.said(title, "strong")
        explained = parts.said(words, "muted")
        inner.addWidget(heading, 0, 0)
        inner.addWidget(explained, 1, 0)
        box = QComboBox()
        box.setAccessibleName(title)
        box.setAccessibleDescription(words)
        box.setMinimumWidth(200)
        for code, label in choices:
            box.addItem(label, code)
        box.setCurrentIndex(box.findData(chosen))
        heading.setBuddy(box)
        self._grid.addWidget(said, line, 0)
        self._grid.addWidget(box, line, 1)
        return box

    def _line(self, title: str, words: str, text: str) -> QLineEdit:
        """Return a line that is kept when it is left."""
        at = self._grid.rowCount()
        said = QWidget()
        inner = parts.grid(said, down=2)
        inner.setContentsMargins(0, 0, 0, 0)
        heading = parts.said(title, "strong")
        inner.addWidget(heading, 0, 0)
        inner.addWidget(parts.said(words, "muted", wrap=True), 1, 0)
        line = QLineEdit(text)
        line.setAccessibleName(title)
        line.setAccessibleDescription(words)
        line.setMinimumWidth(200)
        line.setPlaceholderText(_("https://…"))
        heading.setBuddy(line)
        line.editingFinished.connect(lambda: self._desk.memory.keep(TIME_STAMPS, line.text().strip()))
        self._grid.addWidget(said, at, 0)
        self._grid.addWidget(line, at, 1)
        return line

    def _ask(self, what: str, box: QComboBox) -> None:
        self._desk.settings_asked.emit(f"{what}:{box.currentData()}")
