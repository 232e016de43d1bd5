"""The binder for an inspection, from the window: for whom, in which language, as of which day; then where to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QDialog, QWidget

from trialdesk.base.fields import Field
from trialdesk.base.i18n import LANGUAGES, N_, _, n_
from trialdesk.desktop import files, parts, style
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.widgets.form import Form
from trialdesk.reporting.report import AUDIENCES

FIELDS = (
    Field("choice", N_("For"), "audience", choices=tuple(AUDIENCES.items()), required=True),
    Field("choice", N_("Language"), "language", choices=tuple(LANGUAGES.items()), required=True),
    Field("day", N_("As of"), "as_of", help=N_("Only what had happened by that day; empty for everything.")),
)
WIDTH = 460

Chosen = dict[str, Any]


class BinderDialog(QDialog):
    """Asks what binder is wanted and hands it to `then`; nothing happens if it is closed."""

    def __init__(
        self, over: QWidget, values: Chosen, *, today: Callable[[], date], then: Callable[[Chosen], object]
    ) -> None:
        super().__init__(over.window())
        self._then = then
        self.setWindowTitle(_("Inspection binder"))
        self.setFixedWidth(WIDTH)
        self.form = Form(FIELDS, values, today=today)
        self.form.changed.connect(self._look)
        words = _(
            "Every document the reader may be handed, in one folder: final versions as they were kept, the others made "
            "now as drafts. An index, a manifest of hashes and a verifier that needs no TrialDesk come with them."
        )
        leaks = _("Arms of a blinded study are in no binder, participants' names only in one for the site alone.")
        self.go = parts.button(_("Choose where…"), self._give, role="primary", icon="save")
        self.go.setDefault(True)
        buttons = parts.row(spacing=style.SMALL)
        buttons.addStretch()
        buttons.addWidget(parts.button(_("Cancel"), self.reject))
        buttons.addWidget(self.go)
        layout = parts.column(self, spacing=style.MEDIUM, margins=(style.WIDE, style.LARGE, style.WIDE, style.LARGE))
        layout.addWidget(parts.said(_("Inspection binder"), "title"))
        for text in (words, leaks):
            layout.addWidget(parts.said(text, "muted", wrap=True))
        layout.addWidget(self.form)
        layout.addLayout(buttons)
        self.finished.connect(lambda _result: self.deleteLater())

    def _look(self) -> None:
        problems = self.form.problems()
        self.go.setEnabled(not problems)
        self.go.setToolTip("\n".join(problems.values()))

    def _give(self) -> None:
        chosen = {name: value for name, value in self.form.values().items() if value is not None}
        if not self.form.problems():
            self.accept()
            self._then(chosen)


def ask_binder(desk: Desk, over: QWidget, *, study: str, name: str, values: Chosen) -> BinderDialog:
    """Ask what binder of a study is wanted and where it goes, then write it beside the window.

    `name` is the study's, `values` what is chosen at first. Progress and Cancel show at the window's foot; what was
    cancelled or refused leaves nothing. Returns the open dialog.
    """

    def where(chosen: Chosen) -> None:
        words = [name, "binder", *(str(chosen[each]) for each in ("audience", "as_of", "language") if each in chosen)]
        folder = "-".join("".join(c if c.isalnum() or c in "-_." else "_" for c in word) for word in words if word)
        files.ask_where(
            over,
            _("Inspection binder"),
            desk.memory,
            lambda path: write(desk, path, study=study, chosen=chosen),
            name=folder,
            kinds=_("All files (*)"),
        )

    dialog = BinderDialog(over, {"audience": "regulator", **values}, today=lambda: desk.today, then=where)
    dialog.open()
    return dialog


def write(desk: Desk, path: Path, *, study: str, chosen: Chosen) -> None:
    """Write a binder in the background and say what came of it."""

    def work(application: Any, progress: Any) -> Any:
        # Only who binds pays for it.
        from trialdesk.reporting.binder.writing import write_binder

        return write_binder(application, path, study=study, tell=progress, **chosen)

    desk.long(work, title=_("Binding"), owner=desk, then=lambda written: desk.tell(written_words(written)))


def written_words(written: Any) -> str:
    """Return what is said of a binder that was written."""
    count, left = len(written.contents.papers), len(written.contents.left_out)
    words = [
        _("Saved: {name}").format(name=written.folder.name),
        n_("{count} document", "{count} documents", count).format(count=count),
    ]
    if kept := len(written.contents.kept):
        words.append(n_("{count} file of the site file", "{count} files of the site file", kept).format(count=kept))
    if left:
        words.append(n_("{count} left out: see its index", "{count} left out: see its index", left).format(count=left))
    return " · ".join(words)
