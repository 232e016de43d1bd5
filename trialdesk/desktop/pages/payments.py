"""The way of money: what is certified, invoiced, received and disputed, and the ledger."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QMenu

from trialdesk.base.files import write_zip
from trialdesk.base.i18n import N_, _
from trialdesk.contracts.queries import ContractRow, contracts
from trialdesk.desktop import files, parts
from trialdesk.desktop.ageing import AGEING
from trialdesk.desktop.billing import BILLING
from trialdesk.desktop.board import BOARD, GATES
from trialdesk.desktop.certified import CERTIFICATES
from trialdesk.desktop.contested import DISPUTES, WRITE_OFFS
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.issued import INVOICES, RECEIPTS
from trialdesk.desktop.models.rows import Column
from trialdesk.desktop.posted import LEDGER
from trialdesk.desktop.registers.columns import Shown, value_of
from trialdesk.desktop.registers.declaration import Register
from trialdesk.desktop.registers.page import RegisterPage
from trialdesk.payments.pack.archive import written
from trialdesk.payments.pack.packing import packed
from trialdesk.payments.rules.wording import plain_words
from trialdesk.trail.access import EXPORT

REGISTERS = (
    BOARD,
    GATES,
    CERTIFICATES,
    BILLING,
    INVOICES,
    RECEIPTS,
    AGEING,
    DISPUTES,
    WRITE_OFFS,
    Register(
        kind="payments.deliverable",
        title=N_("Deliverables"),
        columns=(
            Shown("occurred_on", 116),
            Shown("kind", 200),
            Column("name", N_("Which"), lambda row: plain_words(value_of(row, "name") or "")),
            "participant",
            "planned_visit",
        ),
        icon="check",
        empty=N_("What was reached and no other page records: the database locked, a report signed, a visit approved."),
    ),
    LEDGER,
)


class Payments(RegisterPage):
    """The registers of money, and above them the pack with which an auditor recomputes a contract without this desk."""

    def __init__(self, desk: Desk, study: str) -> None:
        pack = parts.button(_("Recompute pack…"), self.write_pack, icon="export")
        pack.setToolTip(
            _("Facts, terms, ledger and documents of a contract in one file: anyone can do its sums again from it.")
        )
        self._desk = desk
        self._study = study
        super().__init__(desk, study, REGISTERS, title=_("Payments"), beside=(pack,))

    def write_pack(self) -> None:
        """Ask which contract where there are several, then where to keep its pack."""
        self._desk.read(contracts, then=self._choose, owner=self, latest="pack", study=self._study)

    def _choose(self, rows: tuple[ContractRow, ...]) -> None:
        if len(rows) <= 1:
            self._ask_where(rows[0].number if rows else None)
            return
        menu = QMenu(self)
        for row in rows:
            menu.addAction(row.number).triggered.connect(lambda _checked, number=row.number: self._ask_where(number))
        menu.popup(self.cursor().pos())

    def _ask_where(self, contract: str | None) -> None:
        def ask(read: Any) -> bytes:
            return written(packed(read, study=self._study, contract=contract, as_of=self._desk.today))

        self._desk.read(ask, then=lambda data: self._keep(data, contract or ""), owner=self, latest="pack")

    def _keep(self, data: bytes, contract: str) -> None:
        def keep(path: Path) -> None:
            self._desk.jobs.write(
                lambda: write_zip(path, data), then=lambda _nothing: self._taken_out(path), owner=self
            )

        plain = "".join(c if c.isalnum() or c in "-_." else "_" for c in contract)
        files.ask_where(
            self,
            _("Save recompute pack"),
            self._desk.memory,
            keep,
            name=f"{plain}-{self._desk.today}-pack.zip",
            kinds=_("Recompute pack (*.zip)"),
        )

    def _taken_out(self, path: Path) -> None:
        self._desk.ask(
            lambda application: application.note(EXPORT, study=self._study, about="recompute pack"),
            then=lambda _nothing: self._desk.tell(_("Saved: {name}").format(name=path.name)),
            owner=self,
        )
