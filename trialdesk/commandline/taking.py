"""Exporting: all records of a study as files of tables."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from trialdesk.application import CATALOGUE
from trialdesk.base.i18n import _
from trialdesk.commandline.opening import signed_in
from trialdesk.commandline.output import say, table
from trialdesk.commandline.program import DONE
from trialdesk.exchange.sheet_files import write_csv, write_xlsx
from trialdesk.exchange.sheets import study_sheets
from trialdesk.studies.queries import the_study
from trialdesk.trail.access import EXPORT


def take(arguments: Namespace) -> int:
    """Write all records of a study."""
    target = Path(arguments.TARGET).expanduser().absolute()
    with signed_in(arguments) as application, application.reading() as read:
        study = the_study(read, name=arguments.study).id
        sheets = study_sheets(read, study=study, on=application.today, catalogue=CATALOGUE)
        application.note(EXPORT, study=study, about=arguments.FORMAT)
    if arguments.FORMAT == "csv":
        write_csv(sheets, target)
    else:
        write_xlsx(sheets, target)
    table((_("Kind"), _("Records")), [(sheet.kind, str(len(sheet.rows))) for sheet in sheets])
    say(_("Written to {path}").format(path=target))
    return DONE
