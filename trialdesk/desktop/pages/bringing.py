"""Importing a study: what is in the files is shown before anything is written; one act brings it in, or none of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLineEdit, QWidget

from trialdesk.base.errors import Told
from trialdesk.base.i18n import N_, _, n_
from trialdesk.base.problems import Problem
from trialdesk.base.values import dataclass
from trialdesk.desktop import files, parts, shown, style
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.jobs import Job, Progress
from trialdesk.desktop.models.rows import Column
from trialdesk.desktop.page import Page, State, lay_out
from trialdesk.desktop.spot import StudyHead
from trialdesk.desktop.widgets.empty import EmptyState
from trialdesk.desktop.widgets.figures import Figures
from trialdesk.desktop.widgets.table import Table
from trialdesk.desktop.widgets.told import ToldHint
from trialdesk.exchange import sdtm
from trialdesk.exchange.bringing import Brought, bring_in
from trialdesk.exchange.rows import Contents

COUNTED = (
    ("participants", N_("Participants")),
    ("screen_failures", N_("Screen failures")),
    ("visits", N_("Visits that happened")),
    ("planned_visits", N_("Planned visits")),
    ("adverse_events", N_("Adverse events")),
)


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """A problem in the list; `id` is its place in it."""

    id: str
    problem: Problem


COLUMNS = (
    Column("file", N_("File"), lambda row: row.problem.file, width=120),
    Column("row", N_("Row"), lambda row: row.problem.row, "number", width=72),
    Column("column", N_("Column"), lambda row: row.problem.column or row.problem.path, width=120),
    Column("words", N_("Problem"), lambda row: row.problem.words, width=600),
)


class Import(Page):
    """Source, preview, destination, and the one button that brings it in."""

    kinds: ClassVar[frozenset[str]] = frozenset({"studies.study"})

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._contents: Contents | None = None
        self._heads: tuple[StudyHead, ...] = ()
        self._layout = layout = lay_out(self, _("Import a study"))
        self.path = QLineEdit()
        self.only_study, self.only_site = QLineEdit(), QLineEdit()
        self._options = self._make_options()
        self.told = ToldHint()
        layout.addWidget(self._source())
        layout.addWidget(self.told)
        self._waiting = EmptyState(
            _("See what is in the files before anything is written"),
            _(
                "CDISC SDTM as CSV: DM, and DS, SV, AE, EX, SUPPDM, TA, TI, TS and TV as far as they are there. "
                "Whatever is odd or contradictory is listed; nothing is put right or made up."
            ),
            icon="import",
        )
        layout.addWidget(self._waiting, 1)
        # What shows contents is made when there are some: the page itself is there sooner.
        self._seen: tuple[_Preview, _Destination] | None = None
        self.setFocusProxy(self.path)
        desk.jobs.stopped.connect(self._stopped)

    @property
    def preview(self) -> _Preview | None:
        """Return what shows the contents, once there were some."""
        return self._seen[0] if self._seen else None

    @property
    def destination(self) -> _Destination | None:
        """Return where it is said which study the contents go into, once there were some."""
        return self._seen[1] if self._seen else None

    def refresh(self) -> None:
        """Ask which studies there are to import into."""
        self._desk.jobs.read(self._desk.sources.studies, then=self._know_heads, owner=self, latest="studies")

    def state(self) -> State:
        """Return what was typed and how the list of problems looks."""
        source = {"path": self.path.text(), "study": self.only_study.text(), "site": self.only_site.text()}
        return {**super().state(), "source": source}

    def restore(self, state: State) -> None:
        """Look as `state` says; a source that had been read is read again."""
        super().restore(state)
        source = state.get("source", {})
        self.path.setText(source.get("path", ""))
        self.only_study.setText(source.get("study", ""))
        self.only_site.setText(source.get("site", ""))
        self._more.setChecked(bool(self.only_study.text() or self.only_site.text()))
        if self.path.text():
            self.read()

    def seek(self) -> None:
        """Go to the filter of the problems, else to the path."""
        if self._contents:
            super().seek()
        else:
            self.path.setFocus()

    def new_record(self) -> None:
        """Begin with other files."""
        self.path.setFocus()
        self.path.selectAll()

    def read(self) -> None:
        """Read what the path names, beside the window."""
        paths = files.typed_paths(self.path.text())
        if not paths:
            self.path.setFocus()
            return
        study, site = (line.text().strip() or None for line in (self.only_study, self.only_site))
        self.told.hide()
        self._read_button.setEnabled(False)
        self._read_button.setToolTip(_("The files are being read."))

        def work(_application: object, progress: Progress) -> Contents:
            progress(0, 0, ", ".join(path.name for path in paths))
            contents = sdtm.read(paths[0] if len(paths) == 1 else paths, study=study, site=site)
            progress(1, 1)
            return contents

        self._desk.long(work, title=_("Reading"), owner=self, then=self._show, failed=self._refuse)

    def bring(self) -> None:
        """Bring what is previewed into the study chosen."""
        contents = self._contents
        if contents is None or self.destination is None or not self.destination.ready():
            return
        self.destination.set_busy(busy=True)
        self._desk.act_beside(
            bring_in,
            title=_("Import"),
            owner=self,
            then=self._brought,
            failed=self._not_brought,
            study=self.destination.study(),
            contents=contents,
            short_name=self.destination.short_name(),
        )

    # Inside

    def _source(self) -> QWidget:
        card = parts.frame("card")
        label = parts.said(_("Folder or files"), "label")
        label.setBuddy(self.path)
        self.path.setAccessibleName(_("Folder or files"))
        self.path.setPlaceholderText(_("Type a path, or choose; several files between semicolons"))
        self.path.returnPressed.connect(self.read)
        folder = parts.button(_("Choose a folder…"), self._choose_folder)
        several = parts.button(_("Choose files…"), self._choose_files)
        self._read_button = parts.button(_("Read"), self.read, role="primary")
        line = parts.row(spacing=style.SMALL)
        line.addWidget(self.path, 1)
        for button in (folder, several, self._read_button):
            line.addWidget(button)
        more = parts.button(_("More about the files"), role="link")
        more.setCheckable(True)
        more.toggled.connect(self._options.setVisible)
        top = parts.row()
        top.addWidget(label)
        top.addStretch()
        top.addWidget(more)
        inner = parts.column(card, spacing=style.HAIR, margins=(style.LARGE, style.MEDIUM, style.LARGE, style.LARGE))
        inner.addLayout(top)
        inner.addLayout(line)
        inner.addWidget(self._options)
        self._more = more
        return card

    def _make_options(self) -> QWidget:
        """Return what few files need: which study of several, and which site where they name none."""
        made = parts.box()
        grid = parts.grid(made, across=style.LARGE, down=style.HAIR, margins=(0, style.SMALL, 0, 0))
        grid.setColumnStretch(2, 1)
        asked = (
            (self.only_study, _("Study in the files"), _("Where they hold several studies.")),
            (self.only_site, _("Number of the site"), _("Where they name none.")),
        )
        for column, (line, words, help_) in enumerate(asked):
            label = parts.said(words, "label")
            label.setBuddy(line)
            line.setAccessibleName(words)
            line.setAccessibleDescription(help_)
            line.setFixedWidth(260)
            line.returnPressed.connect(self.read)
            for row, widget in enumerate((label, line, parts.said(help_, "fine"))):
                grid.addWidget(widget, row, column)
        made.hide()
        return made

    def _choose_folder(self) -> None:
        files.ask_folder(self, _("Folder to import"), self._desk.memory, lambda path: self._chosen([path]))

    def _choose_files(self) -> None:
        kinds = _("Tables (*.csv *.txt *.tsv)")
        files.ask_files(self, _("Files to import"), self._desk.memory, self._chosen, kinds=kinds)

    def _chosen(self, paths: Sequence[Path]) -> None:
        self.path.setText(files.written_paths(paths))
        self.read()

    def _know_heads(self, heads: tuple[StudyHead, ...]) -> None:
        self._heads = heads
        if self.destination:
            self.destination.offer(heads, self._name())

    def _name(self) -> str:
        return str(self._contents.study.get("short_name", "")) if self._contents else ""

    def _show(self, contents: Contents) -> None:
        self._may_read()
        self._contents = contents
        if self._seen is None:
            self._seen = _Preview(self._desk), _Destination()
            self._seen[1].button.clicked.connect(self.bring)
            self._layout.addWidget(self._seen[0], 1)
            self._layout.addWidget(self._seen[1])
        preview, destination = self._seen
        preview.show_contents(contents)
        destination.offer(self._heads, self._name())
        self._waiting.hide()
        preview.show()
        destination.show()
        destination.button.setFocus()

    def _refuse(self, error: BaseException) -> None:
        self._may_read()
        if not isinstance(error, Told):
            raise error
        self._contents = None
        for widget in self._seen or ():
            widget.hide()
        self._waiting.show()
        self.told.tell(error)
        self.path.setFocus()

    def _may_read(self) -> None:
        self._read_button.setEnabled(True)
        self._read_button.setToolTip("")

    def _stopped(self, _job: Job) -> None:
        self._may_read()
        self._be_ready()

    def _be_ready(self) -> None:
        if self.destination:
            self.destination.set_busy(busy=False)

    def _brought(self, brought: Brought) -> None:
        self._be_ready()
        if not (brought.new or brought.changed or brought.restored or brought.noted):
            self._desk.tell(_("Everything was here already: nothing was written."))
        previewed = self._contents.problems if self._contents else []
        for problem in brought.problems:
            if problem not in previewed:
                self._desk.tell(problem.words)
        self._desk.go("studies", study=brought.study)

    def _not_brought(self, error: BaseException) -> None:
        self._be_ready()
        if not isinstance(error, Told):
            raise error
        self.told.tell(error)


class _Preview(QWidget):
    """What an import would bring."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.figures = Figures()
        self._arms = _Counts(_("Arms"))
        self._sites = _Counts(_("Sites"))
        nothing = EmptyState(_("Nothing odd was found"), icon="good")
        self.problems = Table(
            COLUMNS, name=_("Problems"), key="problems", memory=desk.memory, jobs=desk.jobs, empty=nothing
        )
        self._heading = parts.said(role="strong")
        beside = parts.column(spacing=style.MEDIUM)
        beside.addWidget(self._arms)
        beside.addWidget(self._sites)
        beside.addStretch()
        listed = parts.column(spacing=style.SMALL)
        listed.addWidget(self._heading)
        listed.addWidget(self.problems, 1)
        lower = parts.row(spacing=style.LARGE)
        lower.addLayout(listed, 1)
        lower.addLayout(beside)
        layout = parts.column(self, spacing=style.MEDIUM)
        layout.addWidget(self.figures)
        layout.addLayout(lower, 1)

    def show_contents(self, contents: Contents) -> None:
        """Show counts, arms, sites and problems."""
        summary: Mapping[str, Any] = contents.summary
        self.figures.show_figures([(key, _(words), summary[key]) for key, words in COUNTED])
        self._arms.fill(summary["arms"])
        self._sites.fill(summary["sites"])
        count = len(contents.problems)
        self._heading.setText(
            n_(
                "{count} problem: nothing was put right, look at it",
                "{count} problems: nothing was put right, look at them",
                count,
            ).format(count=count)
            if count
            else _("Problems")
        )
        self.problems.set_rows(tuple(ProblemRow(f"{n}", problem) for n, problem in enumerate(contents.problems)))


class _Counts(QWidget):
    """Names with how many participants each has."""

    def __init__(self, title: str) -> None:
        super().__init__()
        card = parts.frame("card")
        self._grid: QGridLayout = parts.grid(
            card, down=style.HAIR, margins=(style.LARGE, style.MEDIUM, style.LARGE, style.MEDIUM)
        )
        self._grid.setColumnStretch(0, 1)
        self._title = title
        parts.column(self).addWidget(card)
        self.setFixedWidth(260)

    def fill(self, counts: Mapping[str, int]) -> None:
        """Show each name with its number; a dozen at most, the rest as a count."""
        while item := self._grid.takeAt(0):
            old = item.widget()
            if old:
                old.hide()
                old.deleteLater()
        self._grid.addWidget(parts.said(self._title, "strong"), 0, 0)
        self._grid.addWidget(parts.said(_("Participants"), "fine"), 0, 1, Qt.AlignmentFlag.AlignRight)
        listed = list(counts.items())
        for line, (name, number) in enumerate(listed[:8], start=1):
            self._grid.addWidget(parts.said(name, wrap=True), line, 0)
            self._grid.addWidget(parts.said(shown.number(number)), line, 1, Qt.AlignmentFlag.AlignRight)
        if len(listed) > 8:
            more = n_("and {count} more", "and {count} more", len(listed) - 8).format(count=len(listed) - 8)
            self._grid.addWidget(parts.said(more, "muted"), 9, 0)


class _Destination(QWidget):
    """Which study the import goes into, and the button."""

    def __init__(self) -> None:
        super().__init__()
        card = parts.frame("card")
        into = parts.said(_("Into"), "label")
        self.box = QComboBox()
        self.box.setMinimumWidth(240)
        self.box.setAccessibleName(_("Into"))
        into.setBuddy(self.box)
        self._label = parts.said(_("Short name"), "label")
        self.name = QLineEdit()
        self.name.setFixedWidth(180)
        self.name.setAccessibleName(_("Short name"))
        self._label.setBuddy(self.name)
        self._words = parts.said(role="problem", wrap=True)
        self.button = parts.button(_("Import"), role="primary", icon="import")
        line: QHBoxLayout = parts.row(
            card, spacing=style.SMALL, margins=(style.LARGE, style.MEDIUM, style.LARGE, style.MEDIUM)
        )
        for widget in (into, self.box, self._label, self.name):
            line.addWidget(widget)
        line.addWidget(self._words, 1)
        line.addWidget(self.button)
        parts.column(self).addWidget(card)
        self.box.currentIndexChanged.connect(self._look)
        self.name.textChanged.connect(self._look)
        self.name.returnPressed.connect(self.button.click)
        self._heads: tuple[StudyHead, ...] = ()

    def offer(self, heads: tuple[StudyHead, ...], name: str) -> None:
        """Offer a new study and those that are here; one of the same name is chosen."""
        self._heads = heads
        before = self.box.currentData()
        self.box.blockSignals(True)
        self.box.clear()
        self.box.addItem(_("A new study"), "")
        for head in heads:
            self.box.addItem(head.acronym, head.id)
        same = next((head.id for head in heads if head.acronym.casefold() == name.casefold()), before or "")
        self.box.setCurrentIndex(max(self.box.findData(same), 0))
        self.box.blockSignals(False)
        if not self.name.isModified():
            self.name.setText(name)
        self._look()

    def study(self) -> str | None:
        """Return the id of the study chosen, None for a new one."""
        return self.box.currentData() or None

    def short_name(self) -> str:
        """Return what a new study is to be called."""
        return self.name.text().strip()

    def ready(self) -> bool:
        """Say whether it is clear where the import goes; else go to what is missing."""
        self._look()
        if self._words.text():
            self.name.setFocus()
        return not self._words.text()

    def set_busy(self, *, busy: bool) -> None:
        """Take no second press while the import runs."""
        self.button.setEnabled(not busy)
        self.button.setToolTip(
            _("The import is running; it can be cancelled at the foot of the window.") if busy else ""
        )

    def _look(self) -> None:
        new = self.study() is None
        self._label.setVisible(new)
        self.name.setVisible(new)
        taken = any(head.acronym.casefold() == self.short_name().casefold() for head in self._heads)
        words = ""
        if new and not self.short_name():
            words = _("A short name is needed; every page and document carries it.")
        elif new and taken:
            words = _("There is already a study “{name}” on this desk.").format(name=self.short_name())
        self._words.setText(words)
