"""The way of every act: its form into the record, a reason, a signature, two versions at once, what was refused.

What is asked stands in the place of the record; only a signature stops the window.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from inspect import signature
from pathlib import Path
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QComboBox

from trialdesk.application import LABELS, Proof
from trialdesk.base.errors import Conflict, NotAllowed
from trialdesk.base.fields import Field
from trialdesk.base.files import read_bytes
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.desktop import parts, shown
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.recorded import NOTHING, said
from trialdesk.desktop.registers.reading import Signer, Stand, history, signer, stand
from trialdesk.desktop.widgets.aside import Aside
from trialdesk.desktop.widgets.confirm import confirm
from trialdesk.desktop.widgets.detail import ListDetail
from trialdesk.desktop.widgets.entry import Entry
from trialdesk.desktop.widgets.facts import Facts
from trialdesk.desktop.widgets.form import Form
from trialdesk.desktop.widgets.history import History
from trialdesk.desktop.widgets.reason import ReasonPrompt
from trialdesk.desktop.widgets.signing import SignDialog
from trialdesk.overview.changes import Change
from trialdesk.overview.recorded import Recorded
from trialdesk.people.acting import Action

VOIDING = (N_("Entered by mistake"), N_("Entered twice"), N_("Belongs to another study"))
"""The usual reasons for voiding."""

FILE_NAME = "file_name"
"""What an action asks for beside a file, and the file itself answers."""

Failed = Callable[[BaseException], object]
Signed = Sequence[tuple[str, str]]
"""What a signature stands for: names and words."""
Meant = tuple[str, str, str]
"""What asks whether a final act is meant: the question, what it means, the button; all translated."""


class Acting(QObject):
    """The acts of one page. What they ask is shown in `split`; `study` is None where the directory is meant."""

    left = Signal()
    """Not wanted, or looked at: the record is to be shown again."""
    done = Signal(object, object)
    """An act is done: the action and what it returned."""

    def __init__(
        self,
        desk: Desk,
        study: Id | None,
        split: ListDetail,
        *,
        today: Callable[[], date],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._study = study
        self._split = split
        self._today = today

    def fill_in(
        self,
        action: Action,
        form: Form,
        *,
        title: str,
        save_words: str = "",
        at: str = "",
        correcting: bool = False,
        signed: Signed = (),
        **about: Any,
    ) -> None:
        """Let a form be filled in for an act that corrects no record; `about` are further arguments of the action.

        With `correcting` what was there is changed all the same: all of it is said, and why. `signed` is what a
        signature on it stands for.
        """
        needed = {name for name, each in signature(action.perform).parameters.items() if each.default is each.empty}

        def save(entry: Entry, values: dict[str, Any], reason: str) -> None:
            # What stood there at first and was taken away is said; what was never there is not.
            before = entry.form.initial
            values = {**before, **values}
            given = {
                name: value
                for name, value in values.items()
                if name in needed or (value, before.get(name)) != (None, None)
            }
            self.send(action, entry, failed=entry.refuse, reason=reason, signed=signed, **{**given, **about})

        entry = self._entry(action, form, save, words=save_words, correcting=correcting, signed=signed)
        self._show_form(title, entry, at)

    def correct(self, action: Action, form: Form, now: Recorded, *, kind: str, title: str) -> None:
        """Let a record be corrected: only what was changed is saved, with its reason; two versions are shown."""
        version = [now.version]

        def met(entry: Entry, found: Stand) -> None:
            version[0] = found.now.version
            entry.show_conflict(found.now.values, _who(found.last))

        def save(entry: Entry, values: dict[str, Any], reason: str) -> None:
            def failed(error: BaseException) -> None:
                if isinstance(error, Conflict):
                    about: dict[str, Any] = {
                        "kind": kind,
                        "record_id": now.id,
                        "study": self._study,
                        "on": self._today(),
                    }
                    self._desk.read(stand, then=partial(met, entry), owner=entry, **about)
                else:
                    entry.refuse(error)

            about: dict[str, Any] = {action.subject or kind.rpartition(".")[2]: now.id, "version": version[0]}
            self.send(action, entry, failed=failed, reason=reason, **about, **values)

        # The form is large: made in one turn of the event loop, shown in the next, it holds the window up in neither.
        QTimer.singleShot(
            0, self, lambda: self._show_form(title, self._entry(action, form, save, kind=kind, correcting=True))
        )

    def give_reason(
        self,
        action: Action,
        *,
        title: str,
        words: str,
        usual: tuple[str, ...],
        question: str = "",
        save: str = "",
        meant: Meant | None = None,
        **about: Any,
    ) -> None:
        """Ask why, for an act that asks for nothing else: to void a record. `question` and `save` word it otherwise."""
        voiding = action.edit == "void"
        question = question or (_("Why is this voided?") if voiding else _("Why is this done?"))
        save = save or (_("Void with this reason") if voiding else _(action.button))
        prompt = ReasonPrompt(usual, title=question, save=save, back=_("Cancel"))
        aside = Aside(parts.said(words, wrap=True), prompt)
        aside.left.connect(self.left)
        prompt.cancelled.connect(self.left)
        prompt.given.connect(lambda reason: self.send(action, aside, reason=reason, meant=meant, **about))
        self._split.show_detail(title, aside)
        prompt.setFocus()

    def tell_history(self, name: str, record_id: Id) -> None:
        """Show who changed what of a record, and why."""

        def show(changes: tuple[Change, ...]) -> None:
            from trialdesk.application.acts import SAID

            aside = Aside(History(changes, title_of=lambda act: _(SAID.get(act, act))))
            aside.left.connect(self.left)
            self._split.show_detail(_("History of {name}").format(name=name), aside)
            aside.setFocus()

        about: dict[str, Any] = {"record_id": record_id, "study": self._study, "on": self._today()}
        self._desk.read(history, then=show, owner=self, latest="history", **about)

    def send(
        self,
        action: Action,
        asker: QObject,
        *,
        failed: Failed | None = None,
        reason: str = "",
        meant: Meant | None = None,
        signed: Signed = (),
        **about: Any,
    ) -> None:
        """Do the act; `failed` gets what was refused, else the notice.

        One that signs asks for the password first, one that cannot be taken back whether it is meant.
        """
        if not action.final or action.signs:
            self._do(action, asker, failed=failed, reason=reason, signed=signed, **about)
            return
        agreed = []

        def agree() -> None:
            agreed.append(True)
            self._do(action, asker, failed=failed, reason=reason, **about)

        question, words, do = meant or (_(action.button), _("This cannot be taken back."), _(action.button))
        box = confirm(self._split, question, words, do=do, then=agree)
        box.finished.connect(lambda _code: None if agreed else _let_go(asker))

    def _do(
        self,
        action: Action,
        asker: QObject,
        *,
        failed: Failed | None = None,
        reason: str = "",
        signed: Signed = (),
        **about: Any,
    ) -> None:
        given = {**about, "study": self._study} if action.in_study else dict(about)
        files = {name: given.pop(name) for name, value in about.items() if isinstance(value, Path)}
        if files and FILE_NAME in {field.name for field in action.asks}:
            given[FILE_NAME] = next(iter(files.values())).name
        given["fetched"] = {name: partial(read_bytes, path) for name, path in files.items()}

        def done(result: object) -> None:
            if isinstance(asker, Entry) and shiboken6.isValid(asker):
                asker.done()
            self.done.emit(action, result)

        if not action.signs:
            self._desk.act(action, owner=asker, then=done, failed=failed, reason=reason, **given)
            return

        def ask(who: Signer) -> None:
            dialog = SignDialog(
                what=_(action.button),
                of=signed,
                meaning=_(action.signs),
                name=who.name,
                username=who.username,
                now=self._desk.now,
                final=action.final,
                anew=who.anew,
                parent=self._split.window(),
            )
            dialog.finished.connect(lambda _code: dialog.deleteLater())
            dialog.rejected.connect(lambda: _let_go(asker))

            def accept(result: object) -> None:
                dialog.accept()
                done(result)

            def refused(error: BaseException) -> None:
                if isinstance(error, NotAllowed):
                    dialog.refuse(str(error))
                    return
                dialog.accept()
                if failed is None:
                    self._desk.refused.emit(error)
                else:
                    failed(error)

            dialog.given.connect(
                lambda password, username: self._desk.act(
                    action,
                    owner=dialog,
                    then=accept,
                    failed=refused,
                    reason=reason,
                    signed_with=Proof(password, username),
                    **given,
                )
            )
            dialog.open()

        self._desk.ask(signer, then=ask, owner=asker)

    # Forms on their way

    def _show_form(self, title: str, entry: Entry, at: str = "") -> None:
        entry.left.connect(self.left)
        self._split.show_detail(title, entry)
        entry.form.focus(at or entry.form.fields[0].name)

    def _entry(
        self,
        action: Action,
        form: Form,
        save: Callable[[Entry, dict[str, Any], str], object],
        *,
        kind: str = "",
        words: str = "",
        correcting: bool = False,
        signed: Signed = (),
    ) -> Entry:
        made: list[Entry] = []
        entry = Entry(
            form,
            save=lambda values, reason: save(made[0], values, reason),
            words=_words_in(form, kind or action.about),
            save_words=words,
            correcting=correcting,
            why=action.needs_reason and not correcting,
            above=Facts(signed, across=1) if signed else None,
            note=_("This cannot be taken back.") if action.final and not action.signs else "",
            parent=self._split.holder,
        )
        made.append(entry)
        return entry


def _let_go(asker: QObject) -> None:
    """Let a form be saved again after its signature was given up."""
    if isinstance(asker, Entry) and shiboken6.isValid(asker):
        asker.wait_no_more()


def _words_in(form: Form, kind: str) -> Callable[[Field, Any], str]:
    """Return how a form's values are written where two versions stand beside each other."""

    def words(field: Field, value: Any) -> str:
        if field.link and value:
            box = form.editor(field.name).control
            place = box.findData(value) if isinstance(box, QComboBox) else -1
            return box.itemText(place) if isinstance(box, QComboBox) and place >= 0 else NOTHING
        return said(kind, field, value)

    return words


def titled(words: str, name: str) -> str:
    """Return the title of an act on a record: what is done and to which."""
    return _("{act}: {name}").format(act=words, name=name) if name else words


def voiding_words(kind: str, name: str) -> str:
    """Return what voiding a record means."""
    return _(
        "{name} leaves all lists and figures. The record stays in the trail with your reason, and the step can be "
        "undone."
    ).format(name=name or _(LABELS[kind]))


def _who(change: Change | None) -> str:
    if change is None:
        return ""
    who, at = change.who or _("somebody not known here"), shown.instant(change.at)
    if change.reason:
        return _("{who}, {when}. Reason: {reason}").format(who=who, when=at, reason=change.reason)
    return _("{what}, {when}").format(what=who, when=at)
