"""A row of buttons for what can be done; those for which there is no room are in a menu at its end."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from trialdesk.base.i18n import _
from trialdesk.base.values import dataclass
from trialdesk.desktop import icons, parts, style


@dataclass(frozen=True, slots=True)
class Offer:
    """Something to do: words (translated), what then happens, its keys, and why it cannot be done now.

    What is `tucked` stands in the menu, however much room there is.
    """

    key: str
    words: str
    then: Callable[[], object]
    icon: str = ""
    keys: str = ""
    refused: str = ""
    tucked: bool = False


class ActionBar(QWidget):
    """Shows as many offers as fit, from the left, at least the first."""

    def __init__(self, offers: tuple[Offer, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.offers = offers
        self.buttons: dict[str, QPushButton] = {}
        for offer in offers:
            button = parts.button(offer.words, offer.then, role="quiet", icon=offer.icon)
            button.setParent(self)
            button.setEnabled(not offer.refused)
            button.setToolTip(offer.refused or (f"{offer.words} ({offer.keys})" if offer.keys else ""))
            button.setAccessibleDescription(offer.refused)
            self.buttons[offer.key] = button
        self.more = QPushButton(_("More"), self)
        self.more.setProperty("role", "quiet")
        self.more.setIcon(icons.icon("chevron-down"))
        self.more.clicked.connect(self._open)
        self.more.hide()

    def sizeHint(self) -> QSize:
        """Return the size in which all buttons stand in one line."""
        tucked = any(offer.tucked for offer in self.offers)
        whole = sum(self.buttons[offer.key].sizeHint().width() for offer in self.offers if not offer.tucked)
        return QSize(whole + tucked * self.more.sizeHint().width(), self._height())

    def minimumSizeHint(self) -> QSize:
        """Return the size of the first button and of the one that leads to the others."""
        return QSize(160, self._height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the buttons where there is room for them."""
        self._place()
        super().resizeEvent(event)

    def press(self, key: str) -> None:
        """Do what the key stands for, as its button would, also where the button is in the menu."""
        if key in self.buttons and self.buttons[key].isEnabled():
            self.buttons[key].click()

    def hidden_offers(self) -> tuple[Offer, ...]:
        """Return what is in the menu."""
        return tuple(offer for offer in self.offers if self.buttons[offer.key].isHidden())

    def menu(self) -> QMenu:
        """Return the menu of what found no room."""
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        for offer in self.hidden_offers():
            words = _("{act}: {why}").format(act=offer.words, why=offer.refused) if offer.refused else offer.words
            action = menu.addAction(words)
            action.setEnabled(not offer.refused)
            action.setToolTip(offer.refused)
            action.triggered.connect(lambda _checked=False, then=offer.then: then())
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def _open(self) -> None:
        self.menu().popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def _height(self) -> int:
        return max((button.sizeHint().height() for button in self.buttons.values()), default=0)

    def _place(self) -> None:
        open_ = [self.buttons[offer.key] for offer in self.offers if not offer.tucked]
        widths = [button.sizeHint().width() for button in open_]
        whole = sum(widths) + style.HAIR * max(len(widths) - 1, 0)
        menu = len(open_) < len(self.offers)
        room = self.width() - (self.more.sizeHint().width() + style.HAIR if menu or whole > self.width() else 0)
        for offer in self.offers:
            if offer.tucked:
                self.buttons[offer.key].hide()
        left, full = 0, False
        for number, (button, width) in enumerate(zip(open_, widths, strict=True)):
            full = full or (number > 0 and left + width > room)
            button.setVisible(not full)
            if not full:
                button.setGeometry(left, 0, min(width, max(room - left, 0)), self._height())
                left += width + style.HAIR
        self.more.setVisible(full or menu)
        self.more.setGeometry(left, 0, self.more.sizeHint().width(), self._height())
