"""A table on the screen taken out as a file: asked where, written whole, told to the access log."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from trialdesk.base.files import write_copy
from trialdesk.base.i18n import _
from trialdesk.desktop import files
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.widgets.table import Sheet
from trialdesk.trail.access import EXPORT

KINDS = {"csv": "CSV (*.csv)", "xlsx": "Excel (*.xlsx)"}


def exporting(desk: Desk, over: QWidget, *, about: str, study: str = "") -> Callable[[str, Sheet], None]:
    """Return what a table does to be exported. `about` is what the access log calls it: a page, never a value."""

    def export(ending: str, sheet: Sheet) -> None:
        def keep(path: Path) -> None:
            save_copy(
                desk,
                path,
                lambda: _made(ending, sheet),
                about=f"{ending} {about}",
                study=study,
                over=over,
            )

        name = "".join(c if c.isalnum() or c in "-_." else "_" for c in sheet.title)
        title = _("Export {name}").format(name=sheet.title)
        files.ask_where(over, title, desk.memory, keep, name=f"{name}.{ending}", kinds=KINDS[ending])

    return export


def save_copy(desk: Desk, path: Path, made: Callable[[], bytes], *, about: str, over: QWidget, study: str = "") -> None:
    """Write what `made` returns, in the background, and say that it is saved.

    The access log is told before: nothing leaves that does not stand in it.
    """

    def take_out(application: Any) -> None:
        data = made()
        application.note(EXPORT, study=study or None, about=about)
        write_copy(path, data)

    desk.ask(take_out, then=lambda _nothing: desk.tell(_("Saved: {name}").format(name=path.name)), owner=over)


def _made(ending: str, sheet: Sheet) -> bytes:
    # Only who exports pays for it.
    from trialdesk.exchange.table_files import FORMS

    return FORMS[ending](sheet.title, sheet.headings, sheet.cells)
