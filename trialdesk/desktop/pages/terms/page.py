"""Terms as they are written: the text, and beside it what is said of it, what it changes in money, and trying it."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QMenu, QPushButton

from trialdesk.base.errors import Told
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.contracts.actions.agreeing import activate_terms, correct_terms, draft_terms
from trialdesk.contracts.actions.approving import approve_warning
from trialdesk.contracts.queries import TermsRow
from trialdesk.desktop import parts, style
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.page import Page, lay_out
from trialdesk.desktop.pages.terms.amending import FIELDS, Amending, said_of, unsaid
from trialdesk.desktop.pages.terms.choosing import NEW, Choosing
from trialdesk.desktop.pages.terms.shelf import Shelf, hint, shelf
from trialdesk.desktop.phrases import Phrases
from trialdesk.desktop.registers.acting import Acting
from trialdesk.desktop.registers.reading import barred
from trialdesk.desktop.terms import Bench, Checks, Moves
from trialdesk.desktop.widgets.code import CodeEditor
from trialdesk.desktop.widgets.detail import ListDetail
from trialdesk.desktop.widgets.segments import Segments
from trialdesk.payments.differences import Difference, difference
from trialdesk.payments.notices import Notice, notices_in
from trialdesk.payments.templates import USUAL_VISITS, following, template
from trialdesk.payments.trying import Tried, facts_of, subjects_of, tried
from trialdesk.people.acting import Action

WIDTH = 470
PAUSE_MS = 350
"""How long after the last key the text is looked at."""

CHECKS, MOVES, TRY, AMENDS, WORDS = "checks", "moves", "try", "amends", "words"
SEGMENTS = {
    CHECKS: N_("Checks"),
    MOVES: N_("Difference in money"),
    TRY: N_("Try on facts"),
    AMENDS: N_("Amendment"),
    WORDS: N_("What can be written"),
}
CHANGED = (N_("As negotiated"), N_("Typing error"), N_("A check asked for it"))
"""The usual reasons for changing a draft."""

AGREED = (N_("As agreed with the other party"),)


class Terms(Page):
    """The editor of terms. What is typed is kept as a draft of the window until it is saved."""

    kinds: ClassVar[frozenset[str]] = frozenset(
        {"contracts.contract", "contracts.terms_version", "contracts.warning_approval", "studies.protocol_version"}
    )

    def __init__(self, desk: Desk, study: Id) -> None:
        super().__init__()
        self._desk, self._study = desk, study
        self._shelf = Shelf()
        self._found: tuple[Notice, ...] = ()
        self._wanted = ""
        self._shown: tuple[Id, str] = ("", "")
        self._base: TermsRow | None = None
        self._amending: dict[str, str] = {}
        self.start = parts.button(_("Start from…"), self._offer_starts, icon="documents")
        self.activate = parts.button(_("Activate terms"), self._activate, icon="check")
        self.save = parts.button(_("Save draft"), self._save, role="primary", icon="save")
        layout = lay_out(self, _("Terms editor"), self.start, self.activate, self.save)
        self.choosing = Choosing(lambda contract: bool(desk.drafts.get(self._key_of(contract, NEW))))
        self.choosing.contract_chosen.connect(self._show_version)
        self.choosing.version_chosen.connect(self._choose_version)
        self.segments = Segments({key: _(words) for key, words in SEGMENTS.items()}, name=_("Beside the text"))
        self.segments.chosen.connect(lambda _key: self._beside())
        top = parts.row(spacing=style.SMALL)
        top.addWidget(self.choosing)
        top.addStretch()
        top.addWidget(self.segments)
        layout.addLayout(top)
        self.hint = parts.said(role="muted", wrap=True)
        layout.addWidget(self.hint)
        self.editor = CodeEditor(_("Text of the terms"))
        self.split = ListDetail(self.editor, key="terms", memory=desk.memory, width=WIDTH)
        layout.addWidget(self.split, 1)
        self.acting = Acting(desk, study, self.split, today=lambda: desk.today, parent=self)
        self.acting.left.connect(self._beside)
        self.acting.done.connect(self._done)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._look)
        self.editor.textChanged.connect(self._typed)
        self.setFocusProxy(self.editor)
        parts.on_keys("Ctrl+S", self, self._save)

    # What is there

    def refresh(self) -> None:
        """Ask for contracts and versions again; what is typed stays."""
        self._desk.read(shelf, then=self._show, owner=self, latest="shelf", study=self._study, on=self._desk.today)

    def focus_on(self, identity: str) -> None:
        """Show a contract's terms, or one version of them."""
        self._wanted = identity
        if self._shelf.contracts:
            self._show(self._shelf)

    def _show(self, found: Shelf) -> None:
        self._shelf = found
        wanted, self._wanted = self._wanted, ""
        self.choosing.show_shelf(found, wanted)
        self._show_version()

    def _choose_version(self) -> None:
        # Chosen again, a draft that somebody else changed meanwhile is what is typed goes on from.
        self._shown = ("", "")
        self._show_version()

    # The text

    def _key(self) -> str:
        return self._key_of(*self.choosing.key)

    def _key_of(self, contract: str, version: str) -> str:
        return f"terms/{self._study}/{contract}/{version}"

    def _saved(self) -> str:
        """Return the text that what is typed goes on from."""
        return self._base.text if self._base else ""

    def _show_version(self) -> None:
        row, contract = self.choosing.version(), self.choosing.contract()
        fixed = contract is None or (row is not None and row.activated_on is not None)
        self.editor.setReadOnly(fixed)
        shown_now = self.choosing.key
        stored, there = row.text if row else "", self.editor.toPlainText()
        if shown_now != self._shown:
            self._shown, self._base = shown_now, row
            typed = self._desk.drafts.get(self._key())
            self._amending = {name: typed[name] for name in FIELDS if typed.get(name)} if typed else said_of(row)
            self.editor.setPlainText(typed.get("text", stored))
        elif there in {self._saved(), stored}:
            # Nothing was typed since: what is stored now is shown. Otherwise saving it meets the conflict.
            if self._amending == said_of(self._base):
                self._amending = said_of(row)
            self._base = row
            if there != stored:
                self.editor.setPlainText(stored)
        self.hint.setText(hint(contract, row))
        self.hint.setVisible(bool(self.hint.text()))
        self._look()

    def _typed(self) -> None:
        self._keep()
        self._enable()
        self._pause.start()

    def _keep(self) -> None:
        if not self.editor.isReadOnly():
            typed = {"text": self.editor.toPlainText(), **self._amending}
            self._desk.drafts.keep(self._key(), typed if self._unsaved() else {})

    def _unsaved(self) -> bool:
        there = self.editor.toPlainText(), self._amending
        return not self.editor.isReadOnly() and there != (self._saved(), said_of(self._base))

    def _enable(self) -> None:
        row = self.choosing.version()
        text = self.editor.toPlainText().strip()
        fixed = self.editor.isReadOnly()
        begun = fixed and any(each.activated_on is None for each in self.choosing.all_versions())
        _allow(self.start, _("A draft is begun already: choose it.") if begun else "")
        refused = barred(self._shelf.held, draft_terms)
        if not refused and not (text and self._unsaved()):
            refused = _("There is nothing new to save.")
        _allow(self.save, refused)
        refused = barred(self._shelf.held, activate_terms)
        if not refused:
            if row is None or self._unsaved():
                refused = _("Save the draft first.")
            elif row.activated_on is not None:
                refused = _("These terms count already.")
            elif any(each.weight in {"unreadable", "error"} for each in self._found):
                refused = _("Errors stand in the way: see the checks.")
            elif self.choosing.amends():
                refused = unsaid(row, self._amending, self._desk.today)
        _allow(self.activate, refused)

    # Beside the text

    def _look(self) -> None:
        self._pause.stop()
        text = self.editor.toPlainText()
        contract, row = self.choosing.contract(), self.choosing.version()
        self._desk.read(
            notices_in,
            then=self._tell,
            owner=self,
            latest="notices",
            study=self._study,
            text=text,
            contract=contract.id if contract else None,
            version=row.id if row else None,
        )
        if self.segments.current == MOVES:
            self._beside()

    def _tell(self, found: tuple[Notice, ...]) -> None:
        self._found = found if self.choosing.contract() else ()
        hues = {"warning": "warning", "advice": "warning"}
        marks = {each.line: hues.get(each.weight, "bad") for each in reversed(self._found) if each.id != "empty"}
        self.editor.mark(marks)
        self._enable()
        if self.segments.current == CHECKS and (self.split.detail is None or isinstance(self.split.detail, Checks)):
            self._beside()

    def _beside(self) -> None:
        contract = self.choosing.contract()
        if contract is None:
            return
        match self.segments.current:
            case "checks":
                self._show_checks()
            case "moves":
                self._desk.read(
                    difference,
                    then=self._show_moves,
                    failed=self._no_moves,
                    owner=self,
                    latest="moves",
                    study=self._study,
                    contract=contract.id,
                    text=self.editor.toPlainText(),
                    on=self._desk.today,
                )
            case "amends":
                self._show_amending()
            case "words":
                self._show_words()
            case _:
                self._desk.read(
                    subjects_of,
                    then=self._show_bench,
                    owner=self,
                    latest="subjects",
                    study=self._study,
                    contract=contract.id,
                )

    def _show_checks(self) -> None:
        row = self.choosing.version()
        why_not = ""
        if row is None or self._unsaved():
            why_not = _("Save the draft first.")
        checks = Checks(
            self._found,
            self._shelf.approved.get(row.id, ()) if row and not self._unsaved() else (),
            why_not=why_not,
            approves=not self.editor.isReadOnly() and not barred(self._shelf.held, approve_warning),
        )
        checks.line_wanted.connect(self.editor.go_to)
        checks.approval_wanted.connect(self._approve)
        self.split.show_detail(_(SEGMENTS[CHECKS]), checks)

    def _show_amending(self) -> None:
        if isinstance(self.split.detail, Amending) and self.split.detail.said() == self._amending:
            return
        if not self.choosing.amends():
            words = _("The first version of a contract's terms amends nothing.")
            self.split.show_detail(_(SEGMENTS[AMENDS]), parts.said(words, "muted", wrap=True))
            return
        panel = Amending(self._shelf.protocols, self._amending, fixed=self.editor.isReadOnly())

        def changed() -> None:
            self._amending = panel.said()
            self._keep()
            self._enable()

        panel.changed.connect(changed)
        self.split.show_detail(_(SEGMENTS[AMENDS]), panel)

    def _show_words(self) -> None:
        words = Phrases(self._visit())
        words.wanted.connect(self._put)
        self.split.show_detail(_(SEGMENTS[WORDS]), words)

    def _visit(self) -> str:
        return next(iter(self._shelf.visits or USUAL_VISITS))

    def _put(self, written: str) -> None:
        if not self.editor.isReadOnly():
            self.editor.insertPlainText(written)
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_moves(self, found: Difference) -> None:
        if self.segments.current == MOVES:
            self.split.show_detail(_(SEGMENTS[MOVES]), Moves(found))

    def _no_moves(self, error: BaseException) -> None:
        if not isinstance(error, Told):
            raise error
        words = _("What the checks refuse moves nothing yet: see there.")
        self.split.show_detail(_(SEGMENTS[MOVES]), parts.said(words, "muted", wrap=True))

    def _show_bench(self, subjects: tuple[str, ...]) -> None:
        if self.segments.current != TRY:
            return
        bench = Bench(subjects, today=lambda: self._desk.today, visit=self._visit())
        bench.facts_wanted.connect(partial(self._ask_facts, bench))
        bench.tried.connect(partial(self._try, bench))
        self.split.show_detail(_(SEGMENTS[TRY]), bench)

    def _ask_facts(self, bench: Bench, number: str) -> None:
        contract = self.choosing.contract()
        if contract is not None:
            self._desk.read(
                facts_of,
                then=bench.show_facts,
                owner=bench,
                latest="facts",
                study=self._study,
                contract=contract.id,
                subject=number,
                visit=None,
                on=self._desk.today,
            )

    def _try(self, bench: Bench, facts: str, day: date) -> None:
        text = self.editor.toPlainText()

        def failed(error: BaseException) -> None:
            if not isinstance(error, Told):
                raise error
            bench.refuse(str(error))

        def show(rows: tuple[Tried, ...]) -> None:
            bench.show_rows(rows)

        self._desk.jobs.read(lambda: tried(text, facts, day), then=show, failed=failed, owner=bench, latest="tried")

    # What is done

    def _offer_starts(self) -> None:
        menu = QMenu(self)
        menu.addAction(_("A commented template")).triggered.connect(lambda _checked=False: self._start_anew())
        for row in reversed(self.choosing.all_versions()):
            if row.activated_on is not None or row.id != self.choosing.key[1]:
                words = _("Version {number} of these terms").format(number=row.number)
                menu.addAction(words).triggered.connect(lambda _checked=False, row=row: self._start_after(row))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.start.mapToGlobal(self.start.rect().bottomLeft()))

    def _start_anew(self) -> None:
        contract = self.choosing.contract()
        if contract is None or not self._may_write():
            return
        text = template(
            no=self.choosing.number(),
            effective_from=contract.effective_from or self._desk.today,
            currency=contract.currency,
            visits=self._shelf.visits,
        )
        self._replace(text)

    def _may_write(self) -> bool:
        """Say whether there is a version to write in; from one that counts, the next is begun."""
        return not self.editor.isReadOnly() or self.choosing.begin_next()

    def _start_after(self, row: TermsRow) -> None:
        if self._may_write():
            self._replace(following(row.text, no=self.choosing.number(), effective_from=self._desk.today))

    def _replace(self, text: str) -> None:
        """Put a text in place of what stands there; the editor's own undo brings that back.

        What counts is never changed: from there the next version is begun.
        """
        cursor = self.editor.textCursor()
        cursor.beginEditBlock()
        cursor.select(cursor.SelectionType.Document)
        cursor.insertText(text)
        cursor.endEditBlock()
        self.editor.go_to(1)

    def _save(self) -> None:
        row, contract = self.choosing.version(), self.choosing.contract()
        if contract is None or not self.save.isEnabled():
            return
        given: dict[str, Any] = {name: self._amending.get(name) for name in FIELDS}
        given["text"] = self.editor.toPlainText()
        if row is None:
            self.acting.send(draft_terms, self, contract=contract.id, **given)
            return
        self.acting.give_reason(
            correct_terms,
            title=_("Change the draft"),
            words="",
            usual=CHANGED,
            question=_("Why is the draft changed?"),
            save=_("Save with this reason"),
            terms_version=row.id,
            version=(self._base or row).version,
            **given,
        )

    def _approve(self, code: str) -> None:
        row = self.choosing.version()
        if row is not None:
            self.acting.give_reason(
                approve_warning,
                title=_("Approve {code}").format(code=code),
                words=next((each.words for each in self._found if each.code == code), ""),
                usual=(),
                question=_("Why is it agreed all the same?"),
                save=_("Approve with this reason"),
                terms_version=row.id,
                code=code,
            )

    def _activate(self) -> None:
        row = self.choosing.version()
        if row is not None:
            self.acting.give_reason(
                activate_terms,
                title=_("Activate version {number}").format(number=row.number),
                words=_("The terms count from then on and are never changed. Warnings nobody approved are yours."),
                usual=AGREED,
                terms_version=row.id,
            )

    def _done(self, action: Action, result: object) -> None:
        if action in (draft_terms, correct_terms):
            self._desk.drafts.forget(self._key())
        if isinstance(result, str) and action is not approve_warning:
            self._wanted = result
        self.refresh()
        self._beside()
        if self.isVisible():
            self.editor.setFocus(Qt.FocusReason.OtherFocusReason)


def _allow(button: QPushButton, refused: str) -> None:
    button.setEnabled(not refused)
    button.setToolTip(refused)
