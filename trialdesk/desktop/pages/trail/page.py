"""The page itself: the steps, newest first, the chosen one beside them, and the proof."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, ClassVar

from trialdesk.base.errors import Told
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.desktop import parts
from trialdesk.desktop.desk import Application, Desk
from trialdesk.desktop.exporting import exporting
from trialdesk.desktop.jobs import Progress
from trialdesk.desktop.page import Page, lay_out
from trialdesk.desktop.pages.trail.proof import VerdictDetail
from trialdesk.desktop.pages.trail.reading import Looked, Step, Steps, steps, told
from trialdesk.desktop.pages.trail.step import STEPS, StepDetail, action_words, undo_words
from trialdesk.desktop.widgets.aside import Aside
from trialdesk.desktop.widgets.detail import ListDetail
from trialdesk.desktop.widgets.empty import EmptyState
from trialdesk.desktop.widgets.reason import ReasonPrompt
from trialdesk.desktop.widgets.table import Table
from trialdesk.trail.verify import Verdict

AT_ONCE = 500
"""So many steps are read at first, and again with every asking for older ones."""
WIDTH = 560


class Trail(Page):
    """Every step of one study. `today` is a seam for tests."""

    kinds: ClassVar[frozenset[str]] = frozenset({"*"})

    def __init__(self, desk: Desk, study: Id, *, today: Callable[[], date] | None = None) -> None:
        super().__init__()
        self._desk = desk
        self._study = study
        self._today = today or (lambda: desk.today)
        self._limit = AT_ONCE
        self._step: Step | None = None
        self.prove_button = parts.button(_("Prove this desk"), self.prove, icon="good")
        self.prove_button.setToolTip(
            _("Check every recorded step and every table against each other. It takes a while and changes nothing.")
        )
        self.older_button = parts.button(_("Show older steps"), self._show_older, role="link")
        self.older_button.hide()
        empty = EmptyState(
            _("Nothing was recorded in this study yet"),
            _("Every act stands here with who, when, what and why, and can be looked into and taken back."),
            icon="trail",
        )
        self.table = Table(
            STEPS,
            name=_("Trail"),
            key="trail",
            memory=desk.memory,
            jobs=desk.jobs,
            empty=empty,
            export=exporting(desk, self, about="trail", study=study),
        )
        self.table.tools.insertWidget(2, self.older_button)
        self.split = ListDetail(self.table, key="trail", memory=desk.memory, width=WIDTH)
        self.table.chosen.connect(self._choose)
        self.table.activated.connect(lambda _row: self._enter())
        lay_out(self, _("Trail"), self.prove_button).addWidget(self.split, 1)

    def refresh(self) -> None:
        """Ask for the newest steps again."""
        self._desk.read(steps, then=self._show_steps, owner=self, latest="steps", study=self._study, limit=self._limit)

    def prove(self) -> None:
        """Prove the desk beside the window; the verdict opens here."""

        def work(application: Application, progress: Progress) -> Any:
            return application.verify(progress)

        self.prove_button.setEnabled(False)
        self.prove_button.setToolTip(_("The proof is under way."))
        self._desk.long(
            work, title=_("Proving this desk"), owner=self, then=self._show_verdict, failed=self._proof_failed
        )

    def _show_steps(self, found: Steps) -> None:
        self.table.set_rows(found.steps)
        self.older_button.setVisible(found.more)

    def _show_older(self) -> None:
        self._limit += AT_ONCE
        self.refresh()

    # One step

    def _choose(self, row: Step | None) -> None:
        if row:
            self._read_step(row)

    def _read_step(self, row: Step) -> None:
        self._step = row
        self._desk.read(
            told, then=self._show_step, owner=self, latest="step", step=row.step, study=self._study, on=self._today()
        )

    def _show_step(self, found: Looked) -> None:
        row = self._step
        if row is None:
            return
        detail = StepDetail(row, found, self._desk)
        detail.undo_button.clicked.connect(lambda _checked=False: self._ask_why(row, found))
        self.split.show_detail(action_words(row.step.action), detail)

    def _enter(self) -> None:
        if isinstance(self.split.detail, StepDetail):
            self.split.detail.changes.view.setFocus()

    def _ask_why(self, row: Step, found: Looked) -> None:
        prompt = ReasonPrompt(title=_("Why is it taken back?"), save=_("Take it back"), back=_("Cancel"))
        aside = Aside(parts.said(undo_words(found.changes), wrap=True), prompt)
        refused = parts.said(role="problem", wrap=True)
        refused.hide()

        def failed(error: BaseException) -> None:
            if not isinstance(error, Told):
                raise error
            refused.setText(str(error))
            refused.show()

        def back() -> None:
            self._read_step(row)
            self.table.view.setFocus()

        def give(reason: str) -> None:
            self._desk.take_back(row.id, reason=reason, owner=aside, then=back, failed=failed)

        layout = aside.layout()
        assert layout is not None
        layout.addWidget(refused)
        aside.left.connect(back)
        prompt.cancelled.connect(back)
        prompt.given.connect(give)
        self.split.show_detail(_("Take back: {act}").format(act=action_words(row.step.action)), aside)
        prompt.setFocus()

    # The proof

    def _proof_failed(self, error: BaseException) -> None:
        self._may_prove_again()
        if not isinstance(error, Told):
            raise error
        self._desk.refused.emit(error)

    def _may_prove_again(self) -> None:
        self.prove_button.setEnabled(True)
        self.prove_button.setToolTip(
            _("Check every recorded step and every table against each other. It takes a while and changes nothing.")
        )

    def _show_verdict(self, verdict: Verdict) -> None:
        self._may_prove_again()
        self.split.show_detail(_("Proof of this desk"), VerdictDetail(verdict, self._desk))
        if not self.isVisible():
            self._desk.tell(_("This desk is proven.") if verdict.proven else _("This desk could not be proven."))
