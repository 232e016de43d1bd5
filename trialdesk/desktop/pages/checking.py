"""Is this PDF what the desk said, and does the desk still say it? Answered in words, with what changed since.

The folder of a binder is asked the same, file by file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QLineEdit, QWidget

from trialdesk.base.clock import parse_instant
from trialdesk.base.errors import Told
from trialdesk.base.i18n import N_, _
from trialdesk.base.values import dataclass
from trialdesk.desktop import files, parts, shown, style
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.models.rows import Column
from trialdesk.desktop.page import Page, State, lay_out
from trialdesk.desktop.widgets.empty import EmptyState
from trialdesk.desktop.widgets.table import Table
from trialdesk.desktop.widgets.told import ToldHint
from trialdesk.reporting.binder.checking import FOUND, Against, Whole, check_files, compare
from trialdesk.reporting.proving import Verdict, prove
from trialdesk.reporting.terms import figure_words


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A figure that is another now, or a value somebody changed since; `by` and `why` are empty for a figure."""

    id: str
    what: str
    then: str
    now: str
    at: Any = None
    by: str = ""
    why: str = ""


COLUMNS = (
    Column("what", N_("Figure or value"), lambda row: row.what, width=330),
    Column("then", N_("In the document"), lambda row: row.then, width=150),
    Column("now", N_("Now"), lambda row: row.now, width=150),
    Column("at", N_("Changed on"), lambda row: row.at, "date", width=150),
    Column("by", N_("By"), lambda row: row.by, width=130),
    Column("why", N_("Reason"), lambda row: row.why, width=160),
)


class Check(Page):
    """One line for the file, the verdict, and what changed."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        layout = lay_out(self, _("Check a PDF"))
        self.path = QLineEdit()
        self.told = ToldHint()
        layout.addWidget(self._source())
        layout.addWidget(self.told)
        self._waiting = EmptyState(
            _("Every document made here can be proven"),
            _(
                "The desk makes the document again as it was then and compares byte for byte, and says which figures "
                "changed since, by whose acts. The file is not sent anywhere."
            ),
            icon="check",
        )
        self.table = Table(COLUMNS, name=_("What changed since"), key="changes", memory=desk.memory, jobs=desk.jobs)
        self.table.hide()
        layout.addWidget(self._waiting, 1)
        layout.addWidget(self.table, 1)
        self._last = parts.box()
        self._last.hide()
        layout.addWidget(self._last, 1)
        self.setFocusProxy(self.path)

    def state(self) -> State:
        """Return which file was checked."""
        return {**super().state(), "source": {"path": self.path.text()}}

    def restore(self, state: State) -> None:
        """Check the same file again."""
        super().restore(state)
        self.path.setText(state.get("source", {}).get("path", ""))
        if self.path.text():
            self.check()

    def new_record(self) -> None:
        """Check another file."""
        self.path.setFocus()
        self.path.selectAll()

    def check(self) -> None:
        """Prove what the path names, beside the window."""
        paths = files.typed_paths(self.path.text())
        if not paths:
            self.path.setFocus()
            return
        if paths[0].is_dir():
            self._check_binder(paths[0])
            return
        self._button.setEnabled(False)
        self._button.setToolTip(_("The document is being made again, to compare."))
        self._desk.ask(
            lambda application: prove(application, paths[0]),
            then=self._show,
            failed=self._refuse,
            owner=self,
            latest="verdict",
        )

    # Inside

    def _source(self) -> QWidget:
        card = parts.frame("card")
        label = parts.said(_("PDF made by TrialDesk"), "label")
        label.setBuddy(self.path)
        self.path.setAccessibleName(_("PDF made by TrialDesk"))
        self.path.setPlaceholderText(_("Type a path, or choose"))
        self.path.returnPressed.connect(self.check)
        self._button = parts.button(_("Check"), self.check, role="primary")
        line = parts.row(spacing=style.SMALL)
        line.addWidget(self.path, 1)
        line.addWidget(parts.button(_("Choose a file…"), self._choose))
        line.addWidget(parts.button(_("Choose a binder…"), self._choose_binder))
        line.addWidget(self._button)
        inner = parts.column(card, spacing=style.HAIR, margins=(style.LARGE, style.MEDIUM, style.LARGE, style.LARGE))
        inner.addWidget(label)
        inner.addLayout(line)
        return card

    def _choose(self) -> None:
        files.ask_files(self, _("Check a PDF"), self._desk.memory, self._chosen, kinds=_("PDF (*.pdf)"))

    def _choose_binder(self) -> None:
        files.ask_folder(self, _("Check a binder"), self._desk.memory, lambda path: self._chosen([path]))

    def _chosen(self, paths: list[Path]) -> None:
        self.path.setText(files.written_paths(paths[:1]))
        self.check()

    def _check_binder(self, folder: Path) -> None:
        def work(application: Any, progress: Any) -> tuple[Whole, Against]:
            whole = check_files(folder, progress)
            return whole, compare(application, whole, progress)

        self._desk.long(work, title=_("Checking a binder"), owner=self, then=self._show_binder, failed=self._refuse)

    def _show_binder(self, found: tuple[Whole, Against]) -> None:
        whole, against = found
        hue, words, more = binder_words(whole, against)
        self.told.say(words, more, hue=hue)
        self._list(tuple(binder_rows(whole, against)))

    def _show(self, verdict: Verdict) -> None:
        self._ready()
        hue, words = verdict_words(verdict)
        self.told.say(words, verdict.words, hue=hue)
        self._list(tuple(changes(verdict)))

    def _list(self, rows: tuple[ChangeRow, ...]) -> None:
        self.table.set_rows(rows)
        self.table.setVisible(bool(rows))
        self._waiting.hide()
        self._last.setVisible(not rows)

    def _refuse(self, error: BaseException) -> None:
        self._ready()
        if not isinstance(error, Told):
            raise error
        self.table.hide()
        self._waiting.show()
        self.told.tell(error)
        self.path.setFocus()

    def _ready(self) -> None:
        self._button.setEnabled(True)
        self._button.setToolTip("")


def verdict_words(verdict: Verdict) -> tuple[Any, str]:
    """Return the hue and the short answer to whether a file is proven."""
    match verdict.unaltered, verdict.same_now:
        case True, _other if verdict.state_now == "superseded":
            return "warning", _("Unaltered, but superseded by a later version")
        case True, _other if verdict.state != verdict.state_now:
            return "warning", _("Unaltered, but nobody made it final here")
        case True, True:
            return "good", _("Unaltered, and still true")
        case True, _other:
            return "warning", _("Unaltered, but the desk has changed since")
        case False, _other:
            return "bad", _("Altered")
        case _:
            return "neutral", _("This desk cannot tell")


def binder_words(whole: Whole, against: Against) -> tuple[Any, str, str]:
    """Return the hue, the short answer and the rest of it to whether a binder is as it was written."""
    log = (
        _("The desk's access log says that it made this binder: {at}").format(at=shown.zoned(against.made_at))
        if against.made_at
        else _("The desk's access log knows no binder with this manifest.")
    )
    more = "\n".join((log, _("Hash of its manifest: {sha256}").format(sha256=whole.manifest_sha256)))
    if whole.found or against.altered:
        return "bad", _("Altered"), more
    if against.untold:
        return "neutral", _("Its files are those of its manifest; this desk cannot tell more of some"), more
    if against.changed:
        return "warning", _("Unaltered, but the desk has changed since"), more
    return "good", _("Unaltered, and still true"), more


def binder_rows(whole: Whole, against: Against) -> Iterator[ChangeRow]:
    """Yield the files of a binder of which there is something to say."""
    for number, (what, file) in enumerate(whole.found):
        yield ChangeRow(f"found {number}", file, "", _(FOUND[what]))
    told = (
        (_("Altered, says the desk"), against.altered),
        (_("Unaltered, but the desk says otherwise by now"), against.changed),
        (_("This desk cannot tell"), against.untold),
    )
    for words, names in told:
        for name in names:
            yield ChangeRow(name, name, "", words)


def changes(verdict: Verdict) -> Iterator[ChangeRow]:
    """Yield a verdict's figures, then the values behind them, as lines of the list."""
    for number, each in enumerate(verdict.changes):
        if "figure" in each:
            words = " › ".join(figure_words(part) for part in each["figure"].split("/"))
            yield ChangeRow(f"{number}", words, _value(each["then"]), _value(each["now"]))
        else:
            yield from _act(f"{number}", each)


def _act(number: str, act: Mapping[str, Any]) -> Iterator[ChangeRow]:
    at, by, why = parse_instant(act["at"]), act["by"], act["reason"] or ""
    details = act["details"]
    if not details:
        yield ChangeRow(number, act["act"], "", "", at, by, why)
    for line, each in enumerate(details):
        if "field" in each and each["then"] == each["now"]:
            # Recorded again together with what changed, as age and its unit are.
            continue
        record = f"{each['record']} {each['name']}".strip()
        if "field" in each:
            what = _("{record}: {field}").format(record=record, field=each["field"])
            then, now = _value(each["then"]), _value(each["now"])
        else:
            what, then, now = _("{act}: {record}").format(act=act["act"], record=record), "", each["what"]
        yield ChangeRow(f"{number}.{line}", what, then, now, at, by, why)


def _value(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return shown.flag(value)
        case str():
            return shown.partial(value) if value[:2].isdigit() else value
        case int():
            return shown.number(value)
        case _:
            return _("a row")
