"""Any kind of record as a list: what `do` names by name or id is found here."""

from __future__ import annotations

from argparse import Namespace
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from trialdesk.application import CATALOGUE
from trialdesk.base.clock import instant_text
from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _
from trialdesk.commandline.opening import signed_in
from trialdesk.commandline.output import answer, say, table
from trialdesk.commandline.program import DONE
from trialdesk.overview.changes import Unseen
from trialdesk.overview.register import lines
from trialdesk.studies.queries import studies, the_study


def records(arguments: Namespace) -> int:
    """List a study's records of one kind with their ids."""
    kind = _kind(arguments.KIND)
    with signed_in(arguments) as application, application.reading() as read:
        study = the_study(read, name=arguments.study).id if arguments.study else None
        found = lines(read, kind=kind, study=study, on=application.today, catalogue=CATALOGUE)
        if not found and study is None and (names := [row.short_name for row in studies(read)]):
            raise UserError(
                _("Nothing of this kind belongs to the desk as a whole."),
                remedy=_("Name a study with --study: {names}.").format(names=", ".join(names)),
            )
        if arguments.json:
            answer([{"id": line.id, "name": line.name, **_values(line)} for line in found])
        elif found:
            table((_("Id"), _("Name")), [(line.id, line.name) for line in found])
        else:
            say(_("There is none."))
    return DONE


def _values(line: Any) -> dict[str, Any]:
    return {name: _plain(value) for name, value in line.values.items() if name not in {"id", "name"}}


def _plain(value: Any) -> Any:
    match value:
        case Unseen():
            return None
        case datetime():
            return instant_text(value)
        case date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case _:
            return value


def _kind(words: str) -> str:
    open_ = [name for name, kind in CATALOGUE.items() if kind.audience == "open"]
    if words in open_:
        return words
    near = get_close_matches(words, open_, n=3, cutoff=0.3)
    raise UserError(
        _("There is no kind of record called “{name}”.").format(name=words[:80]),
        remedy=_("Kinds: {names}.").format(names=", ".join(near or open_)),
    )
