"""One study on one page: what comes next, its numbers, the participant flow, its sites, and what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QVBoxLayout, QWidget

from trialdesk.application import FIELDS
from trialdesk.base.drawing import Box, Drawing, Words
from trialdesk.base.errors import Told
from trialdesk.base.i18n import _, n_
from trialdesk.base.values import dataclass
from trialdesk.desktop import icons, parts, shown, style
from trialdesk.desktop.adding import adding
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.page import Page, lay_out
from trialdesk.desktop.registers.possible import shut
from trialdesk.desktop.widgets.drawing import DrawingView
from trialdesk.desktop.widgets.entry import Entry
from trialdesk.desktop.widgets.figures import Figures
from trialdesk.overview.drawings import rails_drawing, recruitment_drawing, step_words
from trialdesk.overview.progress import progress
from trialdesk.overview.queries import Page as Facts
from trialdesk.overview.queries import SiteTally, overview
from trialdesk.overview.rules.standing import Gap
from trialdesk.reporting.diagrams import flow_drawing, flow_labels
from trialdesk.reporting.terms import phase_words
from trialdesk.studies.actions import add_site
from trialdesk.studies.queries import StudyRow

SITE, GAPS = "site", "gaps"
"""What the page is asked to look at: the form for a new site, what is missing."""

ASKED = tuple(FIELDS["studies.site"].values())
BESIDE = 360
"""Pixels of the column beside the flow."""
RAILS = 780.0
"""Points over which the rails are drawn: about the width of the page on a small screen."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One study as it is shown: the facts, its rails, the study in words; flow and recruitment where there are any.

    `leads` says where each stage of the rails is done, by the name of its place in the drawing.
    """

    facts: Facts
    drawing: Drawing | None
    rails: Drawing
    leads: Mapping[str, tuple[str, str]]
    curve: Drawing | None
    about: tuple[tuple[str, str], ...]


class Overview(Page):
    """The page a study opens with."""

    kinds: ClassVar[frozenset[str]] = frozenset({"*"})

    def __init__(self, desk: Desk, study: str) -> None:
        super().__init__()
        self._desk = desk
        self._study = study
        self.figures = Figures()
        self.figures.chosen.connect(self._go_figure)
        self.flow = DrawingView(largest=1.1)
        self.flow.chosen.connect(self._go_flow)
        self.rails = DrawingView(largest=1.2)
        self.rails.chosen.connect(self._go_rail)
        self.curve = DrawingView(largest=1.1)
        self._leads: Mapping[str, tuple[str, str]] = {}
        self._gaps_card, self._gaps = _card(_("Open points"))
        self._add_site = parts.button(_("Add a site"), self.add_site, role="link")
        self._sites_card, self._sites = _card(_("Sites"), self._add_site)
        self._about_card, self._about = _card(_("About the study"))
        self._no_flow = parts.said(
            _("The participant flow is drawn here as soon as somebody is screened or a study is imported."),
            "muted",
            wrap=True,
        )
        self._entry: Entry | None = None
        outer = lay_out(self, _("Overview"))
        outer.addWidget(self._lay_out(), 1)

    def refresh(self) -> None:
        """Ask for the study again."""
        study, on = self._study, self._desk.today

        def ask(read: Any) -> Seen:
            facts = overview(read, study=study, on=on)
            drawing = with_targets(flow_drawing(facts.flow, flow_labels())) if facts.flow.assessed else None
            come = progress(read, study=study, on=on, known=facts.people)
            leads = {
                step_words(step, come.holders): (step.section, step.focus) for rail in come.rails for step in rail.steps
            }
            return Seen(
                facts,
                drawing,
                rails=rails_drawing(come.rails, come.holders, width=RAILS),
                leads=leads,
                curve=recruitment_drawing(come.curve) if come.curve.months else None,
                about=tuple(about(facts.standing.study)),
            )

        self._desk.read(ask, then=self._show, failed=self._gone, owner=self, latest="overview")

    def focus_on(self, identity: str) -> None:
        """Open the form for a site, or go to what is missing."""
        if identity == SITE:
            self.add_site()
        elif identity == GAPS:
            self._area.ensureWidgetVisible(self._gaps_card)
            first = self._gaps_card.findChild(QWidget, "gap")
            if first:
                first.setFocus()

    def new_record(self) -> None:
        """Begin a site: what this page lists."""
        self.add_site()

    def print_page(self) -> None:
        """Go to the document of this page."""
        self._desk.go("studies", study=self._study, section="reports", focus="consort")

    def add_site(self) -> None:
        """Open the form for a new site, in its place."""
        if not self._add_site.isEnabled():
            self._desk.tell(self._add_site.toolTip())
            return
        if self._entry is None:
            entry = adding(
                self._desk,
                ASKED,
                add_site,
                save_words=_("Add the site"),
                draft=f"site/new/{self._study}",
                then=lambda _site: self._close_entry(),
                study=self._study,
            )
            entry.left.connect(self._close_entry)
            self._entry = entry
            _inside(self._sites_card).addWidget(entry)
        self._entry.setFocus()
        self._area.ensureWidgetVisible(self._entry)

    # Inside

    def _lay_out(self) -> QWidget:
        inside = parts.box("viewport")
        self._curve_card, curve_inside = _card(_("Recruitment"))
        curve_inside.addWidget(self.curve)
        flow_card, flow_inside = _card(_("Participant flow"))
        flow_inside.addWidget(self._no_flow)
        flow_inside.addWidget(self.flow)
        left = parts.column()
        left.addWidget(flow_card)
        left.addSpacing(style.MEDIUM)
        left.addWidget(self._curve_card)
        left.addStretch()
        right = parts.column(spacing=style.MEDIUM)
        for card in (self._gaps_card, self._sites_card, self._about_card):
            card.setFixedWidth(BESIDE)
            right.addWidget(card)
        right.addStretch()
        lower = parts.row(spacing=style.MEDIUM)
        lower.addLayout(left, 1)
        lower.addLayout(right)
        column = parts.column(inside, spacing=style.MEDIUM, margins=(0, 0, style.MEDIUM, style.MEDIUM))
        column.addWidget(self.rails)
        column.addWidget(self.figures)
        column.addLayout(lower)
        column.addStretch()
        self._area = parts.scrolled(inside)
        self._area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._area.setAccessibleName(_("Overview"))
        self.setFocusProxy(self._area)
        return self._area

    def _show(self, seen: Seen) -> None:
        facts, standing, flow = seen.facts, seen.facts.standing, seen.facts.flow
        numbers = (
            ("screened", _("Screened"), flow.assessed),
            ("enrolled", _("Enrolled"), flow.randomised),
            ("planned", _("Planned participants"), standing.study.planned_participants),
            ("completed", _("Completed"), sum(arm.completed for arm in flow.arms)),
            ("discontinued", _("Discontinued"), sum(arm.discontinued.total for arm in flow.arms)),
            ("events", _("Adverse events"), standing.tally.adverse_events),
        )
        self._leads = seen.leads
        closed = shut(standing.study.closed_on, add_site)
        self._add_site.setEnabled(not closed)
        self._add_site.setToolTip(closed)
        self.rails.set_drawing(seen.rails)
        self._curve_card.setVisible(seen.curve is not None)
        if seen.curve:
            self.curve.set_drawing(seen.curve)
        self.figures.show_figures(numbers, leading=True)
        self._no_flow.setVisible(seen.drawing is None)
        self.flow.setVisible(seen.drawing is not None)
        if seen.drawing:
            self.flow.set_drawing(seen.drawing)
        self._show_gaps(standing.gaps)
        self._show_sites(facts.sites)
        self._show_about(seen.about)

    def _show_gaps(self, gaps: tuple[Gap, ...]) -> None:
        _empty(self._gaps)
        self._gaps_card.setVisible(bool(gaps))
        for gap in gaps:
            line = parts.row(spacing=style.SMALL)
            picture = parts.said()
            picture.setPixmap(icons.pixmap("warning", "warning", 16, ratio=self.devicePixelRatioF()))
            said = parts.said(gap_words(gap), wrap=True)
            said.setObjectName("gap")
            said.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            line.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(said, 1)
            self._gaps.addLayout(line)

    def _show_sites(self, sites: tuple[SiteTally, ...]) -> None:
        _empty(self._sites)
        if not sites:
            self._sites.addWidget(
                parts.said(_("No site yet: participants are screened at a site."), "muted", wrap=True)
            )
            return
        table = parts.grid(across=style.MEDIUM, down=style.HAIR)
        table.setColumnStretch(0, 1)
        headings = (_("Screened"), _("Enrolled"), _("Ended"))
        for column, words in enumerate(headings, start=1):
            table.addWidget(parts.said(words, "fine"), 0, column, Qt.AlignmentFlag.AlignRight)
        for line, row in enumerate(sites, start=1):
            table.addWidget(parts.said(row.site.label, wrap=True), line, 0)
            for column, number in enumerate((row.screened, row.entered, row.completed + row.discontinued), start=1):
                table.addWidget(parts.said(shown.number(number)), line, column, Qt.AlignmentFlag.AlignRight)
        self._sites.addLayout(table)

    def _show_about(self, lines: tuple[tuple[str, str], ...]) -> None:
        _empty(self._about)
        table = parts.grid(across=style.MEDIUM, down=style.HAIR)
        table.setColumnStretch(1, 1)
        for line, (label, value) in enumerate(lines):
            table.addWidget(parts.said(label, "label"), line, 0, Qt.AlignmentFlag.AlignTop)
            table.addWidget(parts.said(value, wrap=True), line, 1)
        self._about.addLayout(table)
        self._about_card.setVisible(bool(lines))

    def _gone(self, error: BaseException) -> None:
        # The shell leaves a study that is no more; its pages need not say so, too.
        if not isinstance(error, Told):
            raise error

    def _close_entry(self) -> None:
        if self._entry:
            self._entry.hide()
            self._entry.deleteLater()
            self._entry = None

    def _go_figure(self, key: str) -> None:
        if key == "events":
            self._desk.go("studies", study=self._study, section="reports", focus="safety-summary")
        else:
            self._desk.go("studies", study=self._study, section="participants")

    def _go_flow(self, _box: str) -> None:
        self._desk.go("studies", study=self._study, section="participants")

    def _go_rail(self, stage: str) -> None:
        section, focus = self._leads[stage]
        self._desk.go("studies", study=self._study, section=section, focus=focus)


SAID: Mapping[str, Callable[[Gap], str]] = {
    "consent": lambda gap: n_(
        "No informed consent is recorded for {count} imported participant of {all}.",
        "No informed consent is recorded for {count} imported participants of {all}.",
        gap.count,
    ),
    "eligibility": lambda gap: n_(
        "No assessment of eligibility is recorded for {count} imported participant.",
        "No assessment of eligibility is recorded for {count} imported participants.",
        gap.count,
    ),
    "approval": lambda _gap: _("No approval by an ethics committee is recorded."),
    "fatal": lambda gap: n_(
        "{count} fatal adverse event is not marked serious.",
        "{count} fatal adverse events are not marked serious.",
        gap.count,
    ),
    "arms": lambda gap: n_(
        "{count} participant is in another arm than planned.",
        "{count} participants are in another arm than planned.",
        gap.count,
    ),
}


def about(study: StudyRow) -> Iterator[tuple[str, str]]:
    """Yield what is recorded of a study itself: label and value in words."""
    fields = FIELDS["studies.study"]
    values: Mapping[str, str | None] = {
        "protocol_number": study.protocol_number,
        "registry_number": study.registry_number,
        "phase": phase_words(study.phase),
        "indication": study.indication,
        "sponsor": study.sponsor,
        "started": shown.partial(study.started) if study.started else None,
        "ended": shown.partial(study.ended) if study.ended else None,
    }
    for name, value in values.items():
        if value:
            yield _(fields[name].label), value


def gap_words(gap: Gap) -> str:
    """Return what is missing, in words."""
    return SAID[gap.code](gap).format(count=shown.number(gap.count), all=shown.number(gap.of))


def with_targets(drawing: Drawing) -> Drawing:
    """Return the flow with its boxes leading to the participants they count; each is named by its first words."""
    boxes = [shape for shape in drawing.shapes if isinstance(shape, Box) and shape.outline]
    words = [shape for shape in drawing.shapes if isinstance(shape, Words)]

    def name(box: Box) -> str:
        inside = [
            each.text
            for each in words
            if box.x <= each.x <= box.x + box.width and box.y <= each.y <= box.y + box.height
        ]
        return " ".join(inside)

    targets = tuple((box.x, box.y, box.width, box.height, name(box)) for box in boxes)
    return replace(drawing, targets=targets)


def _card(title: str, action: QWidget | None = None) -> tuple[QWidget, QVBoxLayout]:
    card = parts.frame("card")
    card.setAccessibleName(title)
    inner = parts.column(card, spacing=style.SMALL, margins=(style.LARGE, style.MEDIUM, style.LARGE, style.LARGE))
    top = parts.row()
    top.addWidget(parts.said(title, "strong"))
    top.addStretch()
    if action:
        top.addWidget(action)
    inner.addLayout(top)
    inside = parts.column(spacing=style.SMALL)
    inner.addLayout(inside)
    return card, inside


def _inside(card: QWidget) -> QLayout:
    layout = card.layout()
    assert layout is not None
    return layout


def _empty(layout: QLayout) -> None:
    while item := layout.takeAt(0):
        widget, inner = item.widget(), item.layout()
        if widget:
            widget.hide()
            widget.deleteLater()
        elif inner:
            _empty(inner)
            inner.deleteLater()
