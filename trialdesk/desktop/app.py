"""Starts the window and joins it to the domain: from a request to an open desk, to the lock, to another language.

The first window is painted before anything of the domain is imported; `Doors` are how the domain is reached, and are
called on worker threads only.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, QStandardPaths, QTimer, QTranslator
from PySide6.QtWidgets import QApplication

from trialdesk import __version__
from trialdesk.base.addresses import has_password, is_address
from trialdesk.base.collecting import put_aside
from trialdesk.base.errors import Told, UserError
from trialdesk.base.i18n import LANGUAGES, _, language, set_language
from trialdesk.desktop import look, remember, style
from trialdesk.desktop.errors import Failures
from trialdesk.desktop.jobs import Jobs, Progress
from trialdesk.desktop.remember import Memory
from trialdesk.desktop.start import NewDeskForm, OpenForm, SignInForm, StartPage, Waiting
from trialdesk.desktop.window import Window

if TYPE_CHECKING:
    # What a desk needs once it is open is imported then: the first window is painted sooner.
    from trialdesk.desktop.desk import Desk
    from trialdesk.desktop.entering import Doors, Opened, SignIn, Where
    from trialdesk.desktop.page import Catalogue
    from trialdesk.desktop.shell import Shell, ShellState
    from trialdesk.desktop.spot import Spot

RECENT = 5
SAVE_EVERY_MS = 10_000
WARM_DATES_AFTER_MS = 1_000
"""What only some pages need is imported so long after the first of them is there."""
WARM_AFTER_MS = 200
"""What is heavy is imported so long after the window is shown: while a person reads it."""


def run(
    argv: Sequence[str],
    doors: Callable[[], Doors],
    catalogue: Callable[[], Catalogue] | None = None,
) -> int:
    """Show the window and return the exit code when it is closed.

    `argv` are the words after the program's name: at most the path of a desk. `doors` is called once, on a worker
    thread, the first time a desk is made or opened, so that it may import what takes long.
    """
    # Nearly all that an import makes stays: looking through it for waste again and again costs a tenth of the start.
    gc.disable()
    application = make_application()
    memory = remember.workstation()
    choose_language(memory)
    look.apply(application, look_of(memory))
    jobs = Jobs()
    main = Main(memory, jobs, doors, catalogue or _catalogue)
    main.begin(_where(argv[0]) if argv else None)
    main.window.show()
    QTimer.singleShot(WARM_AFTER_MS, main, main.warm)
    code = application.exec()
    main.end()
    return code


def make_application() -> QApplication:
    """Return the Qt application, named so that its settings are found again."""
    application = QApplication([])
    application.setApplicationName("TrialDesk")
    application.setApplicationDisplayName("TrialDesk")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("trialdesk")
    return application


def choose_language(memory: Memory) -> None:
    """Speak the language chosen last, else the system's if it is offered, else English."""
    system = QLocale.system().name()[:2]
    code = memory.words("language", system)
    set_language(code if code in LANGUAGES else "en")


def look_of(memory: Memory) -> style.Choice:
    """Return the look chosen last."""
    kept = memory.words("look", "system")
    return next((choice for choice, _words in style.CHOICES if choice == kept), "system")


class Main(QObject):
    """The one conversation between the window and the domain."""

    def __init__(
        self, memory: Memory, jobs: Jobs, doors: Callable[[], Doors], catalogue: Callable[[], Catalogue]
    ) -> None:
        super().__init__()
        self.window = Window(memory)
        self._memory = memory
        self._jobs = jobs
        self._make_doors = doors
        self._doors: Doors | None = None
        self._catalogue = catalogue
        self._opened: Opened | None = None
        self._desk: Desk | None = None
        self.shell: Shell | None = None
        self._translator: QTranslator | None = None
        # A crash loses at most what was typed since.
        self._saving = QTimer(self)
        self._saving.setInterval(SAVE_EVERY_MS)
        self._saving.timeout.connect(self._save_drafts)
        self._warming = QTimer(self)
        self._warming.setSingleShot(True)
        self._warming.setInterval(WARM_DATES_AFTER_MS)
        self._warming.timeout.connect(lambda: self._jobs.read(_warm_dates))
        self._failures = Failures(self._tell, self)
        self._failures.install()
        jobs.set_failure(self._failures.show)
        self.window.language_changed.connect(self._retranslate)
        self.window.idle.connect(self.lock)
        self._speak_qt()
        hints = QApplication.styleHints()
        hints.colorSchemeChanged.connect(self._follow_system)

    def begin(self, path: Where | None) -> None:
        """Show the sign-in of a desk, else of the one last opened, else the start."""
        recent = self._recent()
        if path is None and recent:
            path = recent[0]
        if path:
            self._show_sign_in(path)
        else:
            self._show_start()

    def warm(self) -> None:
        """Import, beside the window, what an open desk will need, so that opening one does not wait for it."""
        self._jobs.write(self._bring_in)

    def end(self) -> None:
        """Finish what is being written and let the desk go."""
        self._keep_place()
        self.window.watch_idle(0)
        self._warming.stop()
        self._saving.stop()
        self._save_drafts()
        self._jobs.shutdown()
        if self._opened:
            self._opened.close()
        self._failures.uninstall()

    def lock(self) -> None:
        """Cover the window; what was typed stays under it."""
        if self._opened is None or self.window.covered:
            return
        form = SignInForm(self._opened.path, self._opened.user, locked=True)
        form.wanted.connect(lambda request: self._unlock(form, request))
        form.left.connect(self._close_desk)
        self._save_drafts()
        self._opened.interrupt()
        self.window.cover(form)

    def _save_drafts(self) -> None:
        if self._opened and self._opened.drafts:
            self._opened.drafts.save()

    # Before a desk is open

    def _show_start(self) -> None:
        page = StartPage(self._recent())
        page.new_wanted.connect(self._show_new)
        page.demonstration_wanted.connect(self._open_demonstration)
        page.open_wanted.connect(self._find_desk)
        self.window.show_widget(page)

    def _show_new(self) -> None:
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        form = NewDeskForm(Path(documents) if documents else Path.home())
        form.left.connect(self._show_start)
        form.wanted.connect(lambda request: self._enter(lambda doors: doors.make(request), form.refuse))
        self.window.show_widget(form, title=_("New desk"))

    def _show_sign_in(self, path: Where) -> None:
        form = SignInForm(path, self._memory.named("last_users").get(str(path), ""))
        form.left.connect(self._show_start)
        form.wanted.connect(lambda request: self._enter(lambda doors: doors.sign_in(request), form.refuse))
        self.window.show_widget(form, title=_("Sign in"))

    def _open_demonstration(self) -> None:
        self.window.show_widget(Waiting(_("The demonstration is being built. This takes a moment.")))

        def build(progress: Progress) -> Opened:
            return self._reach().demonstration(progress)

        self._jobs.long(
            build, title=_("Demonstration"), writes=True, then=self._show_desk, failed=self._back_to_start, owner=self
        )

    def _find_desk(self, path: Where | None) -> None:
        if path:
            self._show_sign_in(path)
            return
        form = OpenForm()
        form.left.connect(self._show_start)
        form.wanted.connect(self._show_sign_in)
        self.window.show_widget(form, title=_("Open another desk"))

    def _enter(self, how: Callable[[Doors], Opened], refuse: Callable[[Told], object]) -> None:
        def failed(error: BaseException) -> None:
            if isinstance(error, Told):
                refuse(error)
            else:
                refuse(UserError(_("This did not work: a fault of the program, not of yours.")))
                self._failures.show(error)

        def enter() -> Opened:
            doors = self._bring_in()
            return how(doors)

        self._jobs.write(enter, then=self._show_desk, failed=failed, owner=self)

    def _back_to_start(self, error: BaseException) -> None:
        self._show_start()
        self._failures.show(error)

    def _bring_in(self) -> Doors:
        """Import what an open desk needs, one after another: imports on several threads hold each other up."""
        doors = self._reach()
        self._catalogue()
        if not gc.isenabled():
            # What was imported stays for good: it is not looked through again.
            put_aside()
            gc.enable()
        return doors

    def _reach(self) -> Doors:
        if self._doors is None:
            self._doors = self._make_doors()
        return self._doors

    # While a desk is open

    def _show_desk(self, opened: Opened) -> None:
        self._opened = opened
        self._remember_desk(opened)
        from trialdesk.desktop.desk import Desk
        from trialdesk.desktop.shell import ShellState

        self._desk = Desk(
            opened.application,
            opened.sources,
            jobs=self._jobs,
            memory=self._memory,
            drafts=opened.drafts,
            parent=self,
        )
        self._show_shell(ShellState(spot=self._last_place(opened)))
        self._warming.start()
        self._saving.start()
        self.window.watch_idle(int(self._memory.words("lock", "15")))
        if opened.notes and self.shell:
            self.shell.notice.say_told(UserError("\n".join(opened.notes)))

    def _show_shell(self, state: ShellState | None = None) -> None:
        from trialdesk.desktop.shell import Shell

        if self._desk is None:
            return
        self.shell = shell = Shell(self._desk, self._catalogue(), state)
        shell.window_asked.connect(self._asked)
        shell.titled.connect(self.window.name)
        self.window.show_widget(shell, shell.menu_bar)
        shell.announce()

    def _asked(self, what: str) -> None:
        word, _colon, value = what.partition(":")
        match word:
            case "open":
                self._close_desk()
            case "leave" if self._opened:
                path = self._opened.path
                self._close_desk()
                self._show_sign_in(path)
            case "lock" if value:
                self._memory.keep("lock", value)
                self.window.watch_idle(int(value))
            case "lock":
                self.lock()
            case "quit":
                self.window.close()
            case "language":
                # Later: the menu or page that asked is thrown away with the shell.
                QTimer.singleShot(0, self, lambda: self.window.speak(value))
            case _:
                self.window.dress(next(choice for choice, _words in style.CHOICES if choice == value))

    def _retranslate(self) -> None:
        self._speak_qt()
        self._jobs.read(_warm_dates)
        if self._desk and self.shell:
            self._show_shell(self.shell.state())

    def _unlock(self, form: SignInForm, request: SignIn) -> None:
        def let_in(opened: Opened) -> None:
            # Signing in proves who is there; the desk that is open stays the one that is open.
            opened.close()
            self.window.uncover()

        def failed(error: BaseException) -> None:
            if not isinstance(error, Told):
                raise error
            form.refuse(error)

        self._jobs.write(lambda: self._reach().sign_in(request), then=let_in, failed=failed, owner=form)

    def _close_desk(self) -> None:
        self._keep_place()
        self._saving.stop()
        self._save_drafts()
        opened, desk = self._opened, self._desk
        self._opened = self._desk = self.shell = None
        self.window.watch_idle(0)
        self._show_start()
        if desk:
            desk.deleteLater()
        if opened:
            self._jobs.write(opened.close)

    def _tell(self, told: Told) -> None:
        if self.shell:
            self.shell.notice.say_told(told)
        else:
            from trialdesk.desktop.widgets.notice import Notice

            Notice(self.window).say_told(told)

    # What is remembered

    def _recent(self) -> tuple[Where, ...]:
        texts = dict.fromkeys((self._memory.words("last_desk"), *self._memory.texts("desks")))
        return tuple(_where(text) for text in texts if text and (is_address(text) or Path(text).exists()))

    def _remember_desk(self, opened: Opened) -> None:
        path = str(opened.path)
        if isinstance(opened.path, str) and has_password(opened.path):
            return  # a password is not kept in a file of settings
        others = [text for text in self._memory.texts("desks") if text != path]
        self._memory.keep("desks", [path, *others][:RECENT])
        self._memory.keep("last_desk", path)
        self._memory.keep("last_users", {**self._memory.named("last_users"), path: opened.user})

    def _keep_place(self) -> None:
        """Remember where this person leaves this desk. Whom they looked at there is study data and not kept."""
        if self._opened is None or self.shell is None or self.shell.spot is None:
            return
        if isinstance(self._opened.path, str) and has_password(self._opened.path):
            return
        spot, whose = self.shell.spot, _whose(self._opened)
        others = {key: value for key, value in self._memory.named("places").items() if key != whose}
        newest = dict(list(others.items())[-RECENT * 4 :])
        self._memory.keep("places", {**newest, whose: f"{spot.place}/{spot.study}/{spot.section}"})

    def _last_place(self, opened: Opened) -> Spot | None:
        from trialdesk.desktop.spot import Spot

        place, _stroke, rest = self._memory.named("places").get(_whose(opened), "").partition("/")
        study, _stroke, section = rest.partition("/")
        return Spot(place, study, section if study else "") if place else None

    def _follow_system(self) -> None:
        application = QApplication.instance()
        if isinstance(application, QApplication):
            look.follow_system(application, look_of(self._memory))

    def _speak_qt(self) -> None:
        """Let Qt's own words (buttons of file dialogs, menus of text fields) be in the language too."""
        if self._translator:
            QApplication.removeTranslator(self._translator)
            self._translator = None
        if language() == "zh":
            translator = QTranslator(self)
            folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
            if translator.load("qtbase_zh_CN", folder):
                QApplication.installTranslator(translator)
                self._translator = translator


def _whose(opened: Opened) -> str:
    return f"{opened.user} {opened.path}"


def _where(text: str) -> Where:
    return text if is_address(text) else Path(text)


def _warm_dates() -> None:
    from trialdesk.desktop import shown

    shown.warm()


def _catalogue() -> Catalogue:
    import trialdesk.desktop.shell  # noqa: F401 - with the pages comes what holds them
    from trialdesk.desktop.pages.catalog import CATALOGUE

    return CATALOGUE
