"""All studies this account may see; one of them opens as a workspace, a new one begins beside the list."""

from __future__ import annotations

from typing import ClassVar

from trialdesk.application import FIELDS
from trialdesk.base.i18n import N_, _
from trialdesk.desktop import parts
from trialdesk.desktop.adding import adding
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.exporting import exporting
from trialdesk.desktop.models.rows import Column
from trialdesk.desktop.page import NEW, Page, lay_out
from trialdesk.desktop.spot import StudyHead
from trialdesk.desktop.widgets.detail import ListDetail
from trialdesk.desktop.widgets.empty import EmptyState
from trialdesk.desktop.widgets.table import Table
from trialdesk.studies.actions import create_study

COLUMNS = (
    Column("acronym", N_("Study"), lambda head: head.acronym, width=130),
    Column("stage", N_("Stage"), lambda head: head.stage, "status", width=120),
    Column("title", N_("Title"), lambda head: head.title, width=380),
    Column("pi", N_("PI"), lambda head: head.pi, width=150),
    Column("next", N_("Next"), lambda head: head.next_action, width=220),
    Column("blinding", N_("Blinding"), lambda head: head.blinding, "status", width=130, hidden=True),
)
ASKED = tuple(
    field for name, field in FIELDS["studies.study"].items() if name not in {"unblinded", "ended", "imported"}
)
"""What is asked of a new study: not what follows from an import, nor how it ended."""


class Studies(Page):
    """The list of studies."""

    kinds: ClassVar[frozenset[str]] = frozenset({"*"})

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        bring = parts.button(_("Import…"), lambda: desk.go("import"), icon="import")
        self.new = parts.button(_("New study"), self.new_record, role="primary", icon="add")
        self.new.setToolTip("Ctrl+N")
        self.new.hide()
        layout = lay_out(self, _("Studies"), bring, self.new)
        empty = EmptyState(
            _("No study yet"),
            _("Studies you plan, run or import stand here with their stage and what comes next."),
            icon="studies",
            step=_("New study"),
            then=self.new_record,
        )
        self.table = Table(
            COLUMNS,
            name=_("Studies"),
            key="studies",
            memory=desk.memory,
            jobs=desk.jobs,
            empty=empty,
            export=exporting(desk, self, about="studies"),
        )
        self.table.activated.connect(self._open)
        self.split = ListDetail(self.table, key="studies", memory=desk.memory, width=620)
        layout.addWidget(self.split)

    def refresh(self) -> None:
        """Ask for the studies again."""
        self._desk.jobs.read(self._desk.sources.studies, then=self._show, owner=self, latest="studies")

    def focus_on(self, identity: str) -> None:
        """Make a study current, or begin a new one."""
        if identity == NEW:
            self.new_record()
        else:
            super().focus_on(identity)

    def new_record(self) -> None:
        """Begin a new study beside the list."""
        entry = adding(
            self._desk,
            ASKED,
            create_study,
            save_words=_("Create the study"),
            draft="study/new",
            prose=("title",),
            then=lambda study: self._desk.go("studies", study=study),
        )
        entry.left.connect(self.split.close_detail)
        self.split.show_detail(_("New study"), entry)
        entry.setFocus()

    def _show(self, heads: tuple[StudyHead, ...]) -> None:
        # The empty list offers the first step itself.
        self.new.setVisible(bool(heads))
        self.table.set_rows(heads)

    def _open(self, head: StudyHead) -> None:
        self._desk.go("studies", study=head.id)
