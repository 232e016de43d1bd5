"""All studies this account may see; one of them opens as a workspace."""

from __future__ import annotations

from typing import ClassVar

from trialdesk.base.i18n import N_, _
from trialdesk.desktop import icons, parts
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.models.rows import Column
from trialdesk.desktop.page import Command, Page, lay_out
from trialdesk.desktop.spot import StudyHead
from trialdesk.desktop.widgets.empty import EmptyState
from trialdesk.desktop.widgets.table import Table

COLUMNS = (
    Column("acronym", N_("Study"), lambda head: head.acronym, width=150),
    Column("title", N_("Title"), lambda head: head.title, width=380),
    Column("stage", N_("Stage"), lambda head: head.stage, "status", width=150),
    Column("pi", N_("PI"), lambda head: head.pi, width=150),
    Column("next", N_("Next"), lambda head: head.next_action, width=260),
    Column("blinding", N_("Blinding"), lambda head: head.blinding, "status", width=130, hidden=True),
)


class Studies(Page):
    """The list of studies. `first` is the command that makes one, where there is one."""

    kinds: ClassVar[frozenset[str]] = frozenset({"*"})

    def __init__(self, desk: Desk, first: Command | None = None) -> None:
        super().__init__()
        self._desk = desk
        self._first = first
        buttons = []
        if first:
            new = parts.button(_(first.title), role="primary")
            new.setIcon(icons.icon("add", "on-accent"))
            new.clicked.connect(self.new_record)
            buttons.append(new)
        layout = lay_out(self, _("Studies"), *buttons)
        empty = EmptyState(
            _("No study yet"),
            _("Studies you plan, run or import stand here with their stage and what comes next."),
            icon="studies",
            step=_(first.title) if first else "",
            then=self.new_record,
        )
        self.table = Table(COLUMNS, name=_("Studies"), key="studies", memory=desk.memory, jobs=desk.jobs, empty=empty)
        self.table.activated.connect(self._open)
        layout.addWidget(self.table)

    def refresh(self) -> None:
        """Ask for the studies again."""
        self._desk.jobs.read(self._desk.sources.studies, then=self.table.set_rows, owner=self, latest="studies")

    def new_record(self) -> None:
        """Begin a new study."""
        if self._first:
            self._first.act(self._desk)

    def _open(self, head: StudyHead) -> None:
        self._desk.go("studies", study=head.id)
