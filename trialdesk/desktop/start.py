"""What one sees before a desk is open: three choices, a new desk in two minutes, and signing in.

Widgets only: each emits a typed request and shows what went wrong with it; none knows what a desk is made of.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractButton,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from trialdesk.base.addresses import is_address, is_whole, without_password
from trialdesk.base.errors import NotAllowed, Told
from trialdesk.base.i18n import _
from trialdesk.desktop import parts, style
from trialdesk.desktop.widgets.choice import ChoiceButton
from trialdesk.desktop.widgets.elided import Elided
from trialdesk.desktop.widgets.middle import Failure, buttons_of, centre, column_of, field_of, tell, wrapped
from trialdesk.desktop.widgets.password import SHORTEST, PasswordField, strength

if TYPE_CHECKING:
    # What a form only names is imported when it is filled in: the first window is painted sooner.
    from PySide6.QtGui import QFocusEvent

    from trialdesk.desktop.entering import Where


class StartPage(QWidget):
    """Three choices, and the desks lately opened."""

    new_wanted = Signal()
    demonstration_wanted = Signal()
    open_wanted = Signal(object)
    """A file or an address, or None to say which."""

    def __init__(self, recent: tuple[Where, ...] = ()) -> None:
        super().__init__()
        self.setObjectName("page")
        column, layout = column_of()
        layout.addWidget(wrapped(_("TrialDesk"), "display"))
        layout.addWidget(wrapped(_("Clinical trials on one desk: conduct, documents and money together."), "muted"))
        layout.addSpacing(style.MEDIUM)
        self.new = ChoiceButton(
            "desk", _("Start a desk on this computer"), _("Yours alone, works without a network, ready in two minutes.")
        )
        self.new.clicked.connect(self.new_wanted)
        self.demonstration = ChoiceButton(
            "demonstration", _("Open the demonstration"), _("A running trial with invented people, to look around in.")
        )
        self.demonstration.clicked.connect(self.demonstration_wanted)
        self.department = ChoiceButton(
            "department", _("Join a department"), _("Work offline and share studies with your colleagues.")
        )
        self.department.clicked.connect(self._explain)
        for button in (self.new, self.demonstration, self.department):
            layout.addWidget(button)
        self.explanation = parts.frame(role="hint", shown=False)
        words = parts.said(
            _(
                "This version cannot join a department yet. Start a desk on this computer: everything you record "
                "there is kept in a form that a later version can bring to your department."
            ),
            wrap=True,
        )
        inner = parts.column(self.explanation, margins=(style.LARGE, style.MEDIUM, style.LARGE, style.MEDIUM))
        inner.addWidget(words)
        layout.addWidget(self.explanation)
        layout.addSpacing(style.SMALL)
        self.recent: list[QAbstractButton] = []
        if recent:
            layout.addWidget(wrapped(_("Lately opened"), "strong"))
        for path in recent[:5]:
            layout.addLayout(self._recent_line(path))
        other = parts.button(_("Open another desk…"), role="link")
        other.clicked.connect(lambda: self.open_wanted.emit(None))
        layout.addWidget(other, 0, Qt.AlignmentFlag.AlignLeft)
        centre(self, column)

    def _recent_line(self, path: Where) -> QHBoxLayout:
        name, place = named(path)
        button = parts.button(name, role="link")
        button.clicked.connect(lambda _on=False: self.open_wanted.emit(path))
        where = Elided()
        where.setText(place)
        where.setProperty("role", "fine")
        line = parts.row(spacing=style.MEDIUM)
        line.addWidget(button)
        line.addWidget(where, 1)
        self.recent.append(button)
        return line

    def _explain(self) -> None:
        self.explanation.show()


class NewDeskForm(QWidget):
    """Where the desk is to lie, and who owns it. `wanted` carries a NewDesk."""

    wanted = Signal(object)
    left = Signal()

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.setObjectName("page")
        self._folder = folder
        column, layout = column_of()
        layout.addWidget(wrapped(_("Start a desk on this computer"), "display"))
        layout.addWidget(
            wrapped(_("You become its owner. Everything can be changed later but the user name."), "muted")
        )
        layout.addSpacing(style.SMALL)
        self.name = QLineEdit()
        self.user = QLineEdit()
        self.password = PasswordField(_("Password"))
        self.again = PasswordField(_("Password again"))
        self.path = QLineEdit(str(folder / "TrialDesk.desk"))
        self._words: dict[QLineEdit, QLabel] = {}
        self._place_words = ""
        grid = parts.grid(across=style.LARGE, down=style.MEDIUM)
        grid.addLayout(self._labelled(_("Your name"), self.name, _("As it stands on documents and signatures.")), 0, 0)
        grid.addLayout(self._labelled(_("User name"), self.user, _("Letters and figures, to sign in with.")), 0, 1)
        grid.addLayout(self._labelled(_("Password"), self.password), 1, 0)
        grid.addLayout(self._labelled(_("Password again"), self.again), 1, 1)
        layout.addLayout(grid)
        pick = QPushButton(_("Choose…"))
        pick.clicked.connect(self._pick)
        layout.addLayout(self._labelled(_("Where the desk lies"), self.path, beside=pick))
        layout.addWidget(
            wrapped(
                _("Nobody can recover a forgotten password: keep it where your institution keeps such things."), "fine"
            )
        )
        self.make = parts.button(_("Make the desk"), role="primary")
        layout.addSpacing(style.SMALL)
        layout.addLayout(buttons_of(self.make, self.left))
        self.failure = Failure()
        layout.addWidget(self.failure)
        self.name.textEdited.connect(self._suggest)
        self.user.textEdited.connect(lambda: self.user.setProperty("own", True))
        self.password.textChanged.connect(self._judge)
        self.again.textChanged.connect(self._judge)
        self.make.clicked.connect(self._ask)
        for line in self._words:
            line.returnPressed.connect(self._ask)
        centre(self, column)
        self.setFocusProxy(self.name)

    def refuse(self, told: Told) -> None:
        """Show why the desk could not be made, beside the field it is about; the form can be mended and sent again."""
        self.make.setEnabled(True)
        line = next((line for line in self._words if told.where and line.accessibleName() == told.where), None)
        if line:
            self.failure.hide()
            tell(self._words[line], told.words, problem=True)
            line.setFocus()
        else:
            self.failure.tell(told)

    def problems(self) -> dict[QLineEdit, str]:
        """Return what is wrong, by line."""
        needed = _("Needed.")
        found: dict[QLineEdit, str] = {}
        for line in (self.name, self.user, self.path):
            if not line.text().strip():
                found[line] = needed
        user = self.user.text().strip()
        if user and not user.replace(".", "").replace("-", "").replace("_", "").isalnum():
            found[self.user] = _("Only letters, figures, full stop, hyphen and underscore.")
        if len(self.password.text()) < SHORTEST:
            found[self.password] = strength(self.password.text()) or needed
        if self.again.text() != self.password.text():
            found[self.again] = _("Not the same as the first.")
        return found

    def _labelled(self, label: str, line: QLineEdit, words: str = "", *, beside: QWidget | None = None) -> QVBoxLayout:
        layout, said = field_of(label, line, words, beside=beside)
        self._words[line] = said
        return layout

    def _suggest(self, name: str) -> None:
        if not self.user.property("own"):
            first = name.strip().lower().replace("dr. ", "").replace("dr ", "")
            self.user.setText(".".join(part for part in first.split() if part.isalnum()))

    def _judge(self) -> None:
        text, again = self.password.text(), self.again.text()
        weak = 0 < len(text) < SHORTEST
        tell(self._words[self.password], strength(text), problem=weak)
        differs = bool(again) and not text.startswith(again)
        same = bool(again) and again == text
        words = _("Not the same as the first.") if differs else _("The same.") if same else ""
        tell(self._words[self.again], words, problem=differs)

    def _pick(self) -> None:
        chosen, _kind = QFileDialog.getSaveFileName(self, _("Where the desk lies"), self.path.text())
        if chosen:
            self.path.setText(chosen)

    def _ask(self) -> None:
        problems = self.problems()
        for line, label in self._words.items():
            if line in problems:
                tell(label, problems[line], problem=True)
            elif label.property("role") == "problem":
                tell(label, "", problem=False)
        if problems:
            next(iter(line for line in self._words if line in problems)).setFocus()
            return
        self.make.setEnabled(False)
        self.make.setToolTip(_("The desk is being made."))
        path = Path(self.path.text().strip()).expanduser()
        from trialdesk.desktop.entering import NewDesk

        self.wanted.emit(NewDesk(path, self.name.text().strip(), self.user.text().strip(), self.password.text()))


class OpenForm(QWidget):
    """Which desk: a file, chosen or typed, or the address of a server. `wanted` carries a Path or the address."""

    wanted = Signal(object)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")
        column, layout = column_of()
        layout.addWidget(wrapped(_("Open another desk"), "display"))
        layout.addSpacing(style.SMALL)
        self.where = QLineEdit()
        pick = QPushButton(_("Choose…"))
        pick.clicked.connect(self._pick)
        words = _("A desk's file, or the address of a server: postgresql://user@server/database")
        field, self._words = field_of(_("File or address"), self.where, words, beside=pick)
        layout.addLayout(field)
        self.go_on = parts.button(_("Go on"), self._ask, role="primary")
        layout.addSpacing(style.SMALL)
        layout.addLayout(buttons_of(self.go_on, self.left))
        self.where.returnPressed.connect(self._ask)
        centre(self, column)
        self.setFocusProxy(self.where)

    def _pick(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileName(self, _("Open another desk"), str(Path.home()))
        if chosen:
            self.where.setText(chosen)
            self._ask()

    def _ask(self) -> None:
        text = self.where.text().strip()
        problem = _problem(text)
        tell(self._words, problem, problem=bool(problem))
        if problem:
            self.where.setFocus()
        else:
            self.wanted.emit(text if is_address(text) else Path(text).expanduser())


def _problem(text: str) -> str:
    if not text:
        return _("Needed.")
    if is_address(text):
        whole = is_whole(text)
        return "" if whole else _("The address is not complete. It reads postgresql://user:password@server/database")
    if "://" in text:
        return _("This version opens files and postgresql:// addresses only.")
    path = Path(text).expanduser()
    if path.is_dir():
        return _("This is a folder, not a desk.")
    return "" if path.exists() else _("There is no desk here.")


def named(where: Where) -> tuple[str, str]:
    """Return what a desk is called and where it lies, for people: never a password."""
    if isinstance(where, Path):
        return where.stem, str(where.parent)
    shown = without_password(where)
    return shown.rpartition("/")[2].partition("?")[0], shown


class SignInForm(QWidget):
    """User name and password for one desk. `wanted` carries a SignIn; `left` that another desk is wanted."""

    wanted = Signal(object)
    left = Signal()

    def __init__(self, path: Where, user: str = "", *, locked: bool = False) -> None:
        super().__init__()
        self.setObjectName("page")
        self._path = path
        column, layout = column_of(340)
        layout.addWidget(wrapped(_("Desk locked") if locked else _("Sign in"), "display"))
        words = _("What you were typing is kept. Sign in to go on where you were.") if locked else named(path)[0]
        layout.addWidget(wrapped(words, "muted"))
        layout.addSpacing(style.SMALL)
        self.user = QLineEdit(user)
        self.user.setReadOnly(locked)
        self.password = PasswordField(_("Password"))
        layout.addLayout(field_of(_("User name"), self.user)[0])
        beside, self._words = field_of(_("Password"), self.password)
        layout.addLayout(beside)
        self.enter = parts.button(_("Go on") if locked else _("Sign in"), role="primary")
        layout.addSpacing(style.SMALL)
        layout.addLayout(buttons_of(self.enter, self.left, _("Sign in as someone else") if locked else _("Back")))
        self.failure = Failure()
        layout.addWidget(self.failure)
        for line in (self.user, self.password):
            line.returnPressed.connect(self._ask)
        self.enter.clicked.connect(self._ask)
        centre(self, column)

    def focusInEvent(self, _event: QFocusEvent) -> None:
        """Begin where something is missing. A focus proxy would too, but Tab would never lead to the user name."""
        (self.password if self.user.text() else self.user).setFocus()

    def refuse(self, told: Told) -> None:
        """Show why nobody was let in: a wrong password beside its field, which is to be typed again."""
        self.enter.setEnabled(True)
        self.enter.setToolTip("")
        self.password.clear()
        self.password.setFocus()
        wrong = isinstance(told, NotAllowed)
        tell(self._words, f"{told.words} {told.remedy}".strip() if wrong else "", problem=wrong)
        self.failure.setVisible(not wrong)
        if not wrong:
            self.failure.tell(told)

    def _ask(self) -> None:
        if not self.user.text().strip():
            self.user.setFocus()
            return
        if not self.password.text():
            self.password.setFocus()
            return
        self.enter.setEnabled(False)
        self.enter.setToolTip(_("Signing in…"))
        from trialdesk.desktop.entering import SignIn

        self.wanted.emit(SignIn(self._path, self.user.text().strip(), self.password.text()))


class Waiting(QWidget):
    """Words in the middle while a desk is made or opened."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.setObjectName("page")
        column, layout = column_of()
        said = wrapped(words, "muted")
        said.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout.addWidget(said)
        centre(self, column)
