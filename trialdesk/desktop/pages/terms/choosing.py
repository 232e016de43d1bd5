"""Which terms are written: a contract, and a version of its terms or the next one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.contracts.queries import ContractRow, TermsRow
from trialdesk.desktop import parts, shown, style
from trialdesk.desktop.pages.terms.shelf import Shelf

NEW = "new"


class Choosing(QWidget):
    """Two lists: the contracts, and the versions of the terms of the one chosen.

    A draft comes first, or a next version that was begun in this window (`begun` says of a contract whether); else the
    newest that counts is looked at.
    """

    contract_chosen = Signal()
    version_chosen = Signal()

    def __init__(self, begun: Callable[[Id], bool]) -> None:
        super().__init__()
        self._shelf, self._begun = Shelf(), begun
        self.contracts, self.versions = _box(_("Contract")), _box(_("Version of terms"))
        self.contracts.activated.connect(lambda _place: self._choose_contract())
        self.versions.activated.connect(lambda _place: self.version_chosen.emit())
        row = parts.row(self, spacing=style.SMALL)
        row.addWidget(self.contracts)
        row.addWidget(self.versions)

    def show_shelf(self, found: Shelf, wanted: str) -> None:
        """List what there is, and choose a contract or a version of terms by its id; what is chosen stays else."""
        self._shelf = found
        kept = self.contracts.currentData()
        of_version = next((key for key, rows in found.versions.items() if any(row.id == wanted for row in rows)), None)
        self.contracts.clear()
        for row in found.contracts:
            self.contracts.addItem(row.number, row.id)
        _pick(self.contracts, of_version or (wanted if wanted in found.versions else kept))
        self._list_versions(wanted if of_version else self.versions.currentData() or "")

    @property
    def key(self) -> tuple[str, str]:
        """Return the ids chosen, `NEW` for a version to be begun and nothing for none."""
        return self.contracts.currentData() or "", self.versions.currentData() or ""

    def contract(self) -> ContractRow | None:
        """Return the contract chosen."""
        return next((row for row in self._shelf.contracts if row.id == self.contracts.currentData()), None)

    def all_versions(self) -> tuple[TermsRow, ...]:
        """Return the versions of the contract's terms by number."""
        contract = self.contract()
        return self._shelf.versions[contract.id] if contract else ()

    def version(self) -> TermsRow | None:
        """Return the version chosen, None for one to be begun."""
        return next((row for row in self.all_versions() if row.id == self.versions.currentData()), None)

    def number(self) -> int:
        """Return the number of the version chosen, or that of the next."""
        row = self.version()
        return row.number if row else self._next()

    def amends(self) -> bool:
        """Say whether the version chosen follows another."""
        return any(row.number < self.number() for row in self.all_versions())

    def begin_next(self) -> bool:
        """Choose the version to be begun; says whether there is one: a draft is finished first."""
        place = self.versions.findData(NEW)
        if place >= 0:
            self.versions.setCurrentIndex(place)
            self.version_chosen.emit()
        return place >= 0

    def _choose_contract(self) -> None:
        self._list_versions("")
        self.contract_chosen.emit()

    def _list_versions(self, wanted: str) -> None:
        rows = self.all_versions()
        self.versions.clear()
        for row in reversed(rows):
            words = _("Version {number}, draft").format(number=row.number)
            if row.activated_on is not None:
                words = _("Version {number}, in effect from {day}").format(
                    number=row.number, day=shown.day(row.effective_from)
                )
            self.versions.addItem(words, row.id)
        if self.contract() is not None and not any(row.activated_on is None for row in rows):
            self.versions.addItem(_("New version {number}").format(number=self._next()), NEW)
        contract = self.contract()
        newest = NEW if not rows or (contract is not None and self._begun(contract.id)) else rows[-1].id
        drafts = [row.id for row in rows if row.activated_on is None]
        _pick(self.versions, wanted if self.versions.findData(wanted) >= 0 else next(iter(drafts), newest))

    def _next(self) -> int:
        return max((row.number for row in self.all_versions()), default=0) + 1


def _pick(box: QComboBox, data: object) -> None:
    place = box.findData(data) if data else -1
    box.setCurrentIndex(place if place >= 0 else 0 if box.count() else -1)


def _box(name: str) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.setMinimumWidth(180)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    return box
