"""The documents of a study: chosen from a list, seen before they are kept, printed or saved as they are seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar, cast

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QSplitter, QWidget

from trialdesk.base.errors import Told
from trialdesk.base.fields import Field
from trialdesk.base.files import write_pdf
from trialdesk.base.i18n import LANGUAGES, N_, _, language, n_
from trialdesk.base.values import dataclass
from trialdesk.desktop import files, parts, style
from trialdesk.desktop.binding import ask_binder
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.finality import FinalCard, Standing
from trialdesk.desktop.models.rows import Column
from trialdesk.desktop.page import Page, State, lay_out
from trialdesk.desktop.printing import print_pdf
from trialdesk.desktop.shown import day as day_words
from trialdesk.desktop.widgets.confirm import confirm
from trialdesk.desktop.widgets.form import Form
from trialdesk.desktop.widgets.paper import PaperView
from trialdesk.desktop.widgets.table import Table
from trialdesk.desktop.widgets.told import ToldHint
from trialdesk.documents.issued import IssueRow, issues
from trialdesk.documents.issuing import finalise
from trialdesk.reporting.catalog import REPORTS
from trialdesk.reporting.looking import page_sizes
from trialdesk.reporting.making import Made, make
from trialdesk.reporting.report import AUDIENCES, Audience, Report
from trialdesk.studies.queries import SiteRow, StudyRow, sites
from trialdesk.studies.queries import study as study_row
from trialdesk.trail.access import EXPORT

SHORTLY: Mapping[Audience, str] = {
    "inside": N_("Site alone"),
    "site": N_("Site"),
    "sponsor": N_("Sponsor"),
    "regulator": N_("Regulator"),
    "ethics": N_("Committee"),
    "outside": N_("Others"),
}
"""Whom a report is for, as a narrow column has room for."""
STATES = {"draft": N_("Draft"), "final": N_("Final"), "superseded": N_("Superseded")}
LANGUAGE = Field("choice", N_("Language"), "language", choices=tuple(LANGUAGES.items()), required=True)
ALL = "*"
"""What stands for all sites in the list of sites."""
BESIDE = 424
SOON_MS = 250
"""A preview is made anew so long after the last key."""


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report in the list. `last` is the final version made last of it, whatever it was asked for."""

    report: Report
    last: IssueRow | None = None

    @property
    def id(self) -> str:
        """The report's key."""
        return self.report.key


@dataclass(frozen=True, slots=True)
class Place:
    """What the page knows of its study: with the final version made last of each report that has one."""

    study: StudyRow
    sites: tuple[SiteRow, ...]
    made: Mapping[str, IssueRow]


@dataclass(frozen=True, slots=True)
class Shown:
    """A document made, with the sizes of its pages in points, and what it was made from."""

    made: Made
    sizes: tuple[tuple[float, float], ...]
    report: Report
    chosen: dict[str, Any]
    standing: Standing


def _state(row: ReportRow) -> str:
    """Return the state of a report, and when the final version was made where there is one."""
    if row.last is None:
        return _("Draft")
    state = _(STATES[row.last.state])
    return f"{state} · {day_words(row.last.issued_on)}" if row.last.issued_on else state


COLUMNS = (
    Column("title", N_("Title"), lambda row: _(row.report.title), width=158),
    Column(
        "audience",
        N_("For"),
        lambda row: _(SHORTLY[row.report.audience]),
        width=64,
        full=lambda row: _(AUDIENCES[row.report.audience]),
    ),
    Column("state", N_("State"), _state, width=126),
)


def _last_made(read: Any, study: str) -> dict[str, IssueRow]:
    """Return the final version of each report that was made last; the day it was made orders them."""
    found: dict[str, IssueRow] = {}
    for row in issues(read, study=study):
        before = found.get(row.report)
        if before is None or (row.stands, row.issued_on or date.min) > (before.stands, before.issued_on or date.min):
            found[row.report] = row
    return found


def _standing(read: Any, *, report: Report, made: Made, language: str) -> Standing:
    """Return how a report stands that was made in this way."""
    known = (report.key, made.parameters, language)
    last = next(
        (row for row in issues(read, study=made.study) if (row.report, row.parameters, row.language) == known), None
    )
    return Standing(last, last is not None and last.digest == made.digest, tuple(report.open_items(made.facts)))


def _asked(field: Field) -> Field:
    """Return a report's parameter as the form asks for it: all sites are a choice of their own, not an empty field."""
    return replace(field, required=True, help="") if field.name == "site" else field


class Reports(Page):
    """The list with what a report asks for at the left, the document at the right."""

    kinds: ClassVar[frozenset[str]] = frozenset({"*"})

    def __init__(self, desk: Desk, study: str) -> None:
        super().__init__()
        self._desk = desk
        self._study = study
        self._place: Place | None = None
        self._shown: Shown | None = None
        self._report = REPORTS[0]
        self._kept: dict[str, Any] = {"language": language()}
        self.form: Form | None = None
        check = parts.button(_("Check a PDF…"), lambda: desk.go("check"), icon="check")
        self.printer = parts.button(_("Print"), self.print_page, icon="print")
        self.printer.setToolTip("Ctrl+P")
        self.saver = parts.button(_("Save PDF…"), self.save, role="primary", icon="save")
        self.saver.setToolTip("Ctrl+S")
        self.binder = parts.button(_("Inspection binder…"), self.bind, icon="documents")
        self.binder.setToolTip(_("Every document in one folder, with an index and a verifier"))
        outer = lay_out(self, _("Reports"), check, self.binder, self.printer, self.saver)
        self.table = Table(COLUMNS, name=_("Reports"), key="reports", memory=desk.memory)
        self.table.filter.setFixedWidth(170)
        self.table.set_rows(tuple(map(ReportRow, REPORTS)))
        self.table.chosen.connect(self._choose)
        self.about = parts.said(role="muted", wrap=True)
        self.told = ToldHint()
        self.final = FinalCard()
        self.final.finalising.connect(self.make_final)
        self.final.signing.connect(self.sign)
        self.paper = PaperView(desk.jobs)
        self.status = parts.said(role="muted")
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SOON_MS)
        self._soon.timeout.connect(self._make)
        self._holder = parts.column()
        outer.addWidget(self._lay_out(), 1)
        self._may_keep()
        parts.on_keys("Ctrl+S", self, self.save)
        self.table.select(self._report.key)

    def refresh(self) -> None:
        """Ask for the study's sites, then make the document again."""

        def ask(read: Any) -> Place:
            return Place(
                study_row(read, study=self._study),
                sites(read, study=self._study),
                _last_made(read, self._study),
            )

        self._desk.read(ask, then=self._know, failed=self._refuse, owner=self, latest="place")

    def focus_on(self, identity: str) -> None:
        """Choose a report."""
        self.table.select(identity)

    def state(self) -> State:
        """Return which report is chosen and what it was asked for."""
        return {**super().state(), "chosen": {name: str(value) for name, value in self._chosen().items()}}

    def restore(self, state: State) -> None:
        """Choose the same report, asked for the same."""
        chosen = dict(state.get("chosen", {}))
        if "as_of" in chosen:
            chosen["as_of"] = cast("str", date.fromisoformat(chosen["as_of"]))
        self._kept |= chosen
        super().restore(state)

    def print_page(self) -> None:
        """Print the document shown."""
        if self._shown:
            print_pdf(self._shown.made.pdf, _(self._shown.report.title), self._desk, over=self)
            self._taken_out(self._shown)

    def save(self) -> None:
        """Keep the document shown as a file."""
        shown = self._shown
        if shown is None:
            return

        def keep(path: Any) -> None:
            self._desk.jobs.write(
                lambda: write_pdf(path, shown.made.pdf),
                then=lambda _nothing: self._taken_out(shown, _("Saved: {name}").format(name=path.name)),
                owner=self,
            )

        files.ask_where(
            self, _("Save PDF"), self._desk.memory, keep, name=self.file_name(shown), kinds=_("PDF (*.pdf)")
        )

    def bind(self) -> None:
        """Ask for the binder of the study, as of the day and in the language chosen here."""
        values = {name: value for name, value in self._chosen().items() if name in {"as_of", "language"}}
        name = self._place.study.short_name if self._place else ""
        ask_binder(self._desk, self, study=self._study, name=name, values=values)

    def make_final(self, places: int) -> None:
        """Make the document shown final, once the person says that it is meant."""
        shown = self._shown
        if shown is None:
            return
        about: dict[str, Any] = {
            "report": shown.report.key,
            "language": shown.chosen["language"],
            "parameters": shown.made.parameters,
            "places": places,
            "digest": shown.made.digest,
        }
        confirm(
            self,
            _("Make “{title}” final?").format(title=_(shown.report.title)),
            _("Its bytes are kept, and the final version before is superseded. This cannot be taken back."),
            do=_("Make final"),
            then=lambda: self._desk.act(finalise, owner=self, study=self._study, **about),
        )

    def sign(self, issue: str) -> None:
        """Go to the final document, where it is signed."""
        self._desk.go("studies", study=self._study, section="documents", focus=issue)

    def file_name(self, shown: Shown) -> str:
        """Return what a document is called unless somebody chooses otherwise."""
        study = self._place.study.short_name if self._place else ""
        words = [study, shown.report.key]
        words += [str(shown.chosen[name]) for name in ("site", "as_of", "language") if shown.chosen.get(name)]
        return (
            "-".join("".join(c if c.isalnum() or c in "-_." else "_" for c in word) for word in words if word) + ".pdf"
        )

    # Inside

    def _taken_out(self, shown: Shown, words: str = "") -> None:
        """Tell the access log that a document left the desk."""
        self._desk.ask(
            lambda application: application.note(EXPORT, study=shown.made.study, about=f"pdf {shown.report.key}"),
            then=lambda _nothing: self._desk.tell(words) if words else None,
            owner=self,
        )

    def _lay_out(self) -> QWidget:
        left = parts.box()
        column = parts.column(left, spacing=style.MEDIUM)
        # The list and what is asked share the room, and how the report stands is between them: none pushes another out
        # of sight.
        below = parts.box()
        beneath = parts.column(below, spacing=style.MEDIUM)
        column.addWidget(self.table, 3)
        column.addWidget(self.final)
        column.addWidget(parts.scrolled(below), 2)
        card = parts.frame("card")
        asked = parts.column(card, spacing=style.MEDIUM, margins=(style.LARGE, style.MEDIUM, style.LARGE, style.MEDIUM))
        asked.addWidget(self.about)
        asked.addLayout(self._holder)
        beneath.addWidget(card)
        beneath.addStretch(1)
        right = parts.box()
        seen = parts.column(right, spacing=style.SMALL)
        tools = parts.row(spacing=style.HAIR)
        smaller = parts.icon_button("minus", _("Smaller"), lambda: self.paper.step(-1), keys="Ctrl+-")
        larger = parts.icon_button("add", _("Larger"), lambda: self.paper.step(1), keys="Ctrl++")
        self.fit = parts.button("100 %", lambda: self.paper.step(0), role="quiet")
        self.fit.setAccessibleName(_("As wide as the window"))
        self.fit.setToolTip(_("As wide as the window ({keys})").format(keys="Ctrl+0"))
        self.paper.zoomed.connect(lambda zoom: self.fit.setText(f"{round(zoom * 100)} %"))
        tools.addWidget(self.status, 1)
        for button in (smaller, self.fit, larger):
            tools.addWidget(button)
        seen.addLayout(tools)
        seen.addWidget(self.told)
        seen.addWidget(self.paper, 1)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(left)
        split.addWidget(right)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(style.MEDIUM)
        split.setStretchFactor(0, 0)
        split.setStretchFactor(1, 1)
        split.setSizes([BESIDE, 2 * BESIDE])
        left.setMinimumWidth(280)
        right.setMinimumWidth(320)
        return split

    def _know(self, place: Place) -> None:
        before, self._place = self._place, place
        if place.made != (before.made if before else {}):
            self.table.set_rows(tuple(ReportRow(report, place.made.get(report.key)) for report in REPORTS))
        if before is None or before.sites != place.sites or self.form is None:
            self._build_form()
        self._make()

    def _choose(self, row: ReportRow | None) -> None:
        if row is None or (row.report is self._report and self.form):
            return
        self._kept |= self._chosen()
        self._report = row.report
        self.about.setText(_(row.report.about))
        if self._place:
            self._build_form()
            self._make()

    def _build_form(self) -> None:
        if self._place is None:
            return
        old = self.form
        options = {"site": ((ALL, _("All sites")), *((row.number, row.label) for row in self._place.sites))}
        fields = (*(_asked(field) for field in self._report.parameters), LANGUAGE)
        values = {field.name: self._kept.get(field.name) for field in fields}
        if "site" in values:
            values["site"] = values["site"] or ALL
        self.form = Form(fields, values, options=options, today=lambda: self._desk.today)
        self.form.changed.connect(self._soon.start)
        self._holder.addWidget(self.form)
        self.about.setText(_(self._report.about))
        if old:
            self._holder.removeWidget(old)
            old.hide()
            old.deleteLater()

    def _chosen(self) -> dict[str, Any]:
        values = self.form.values() if self.form else self._kept
        return {name: value for name, value in values.items() if value not in (None, ALL)}

    def _make(self) -> None:
        if self.form is None or self.form.problems():
            return
        report, chosen = self._report, self._chosen()
        self._kept |= self.form.values()
        self.status.setText(_("Being made…"))

        def work(application: Any) -> Shown:
            made = make(application, report.key, study=self._study, **chosen)
            standing = application.read(_standing, report=report, made=made, language=chosen["language"])
            return Shown(made, page_sizes(made.pdf), report, chosen, standing)

        self._desk.ask(work, then=self._show, failed=self._refuse, owner=self, latest="preview")

    def _show(self, shown: Shown) -> None:
        self._shown = shown
        self.final.show_standing(shown.standing)
        self.told.hide()
        self.paper.show_pdf(shown.made.pdf, shown.sizes)
        count = len(shown.sizes)
        parts_of_status = (
            _(shown.report.title),
            _(STATES[shown.report.state]),
            n_("{count} page", "{count} pages", count).format(count=count),
            _("Position {position}").format(position=shown.made.position.short()),
        )
        self.status.setText(" · ".join(parts_of_status))
        self.status.setToolTip(_("The position is printed on the document and proves what it was made from."))
        self._may_keep()

    def _refuse(self, error: BaseException) -> None:
        if not isinstance(error, Told):
            raise error
        self._shown = None
        self.final.show_standing(None)
        self.paper.clear()
        self.status.setText("")
        self.told.tell(error)
        self._may_keep()

    def _may_keep(self) -> None:
        why = "" if self._shown else _("There is no document yet.")
        for button, keys in ((self.saver, "Ctrl+S"), (self.printer, "Ctrl+P")):
            button.setEnabled(self._shown is not None)
            button.setToolTip(why or keys)
