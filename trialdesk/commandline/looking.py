"""Lists: studies, participants, what was done."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict
from datetime import UTC

from trialdesk.application import CATALOGUE
from trialdesk.application.acts import SAID
from trialdesk.base.clock import instant_text
from trialdesk.base.errors import UserError
from trialdesk.base.i18n import N_, _
from trialdesk.commandline.opening import signed_in
from trialdesk.commandline.output import answer, say, table
from trialdesk.commandline.program import DONE
from trialdesk.enrollment import queries as enrollment
from trialdesk.overview.access import access_log, in_lines
from trialdesk.people.queries import names_of_accounts
from trialdesk.studies.queries import StudyRow, the_site, the_study
from trialdesk.studies.queries import studies as all_studies
from trialdesk.trail.access import WORDS
from trialdesk.trail.history import change_sets

_MOST = 500
_STATES = (N_("screening"), N_("screen failure"), N_("in study"), N_("completed"), N_("discontinued"))
"""How a participant stands, as the list says it."""


def studies(arguments: Namespace) -> int:
    """List the studies."""
    with signed_in(arguments) as application:
        rows: tuple[StudyRow, ...] = application.read(all_studies)
    if arguments.json:
        answer(
            [
                {
                    "id": row.id,
                    "short_name": row.short_name,
                    "title": row.title,
                    "protocol_number": row.protocol_number,
                    "registry_number": row.registry_number,
                    "unblinded": bool(row.unblinded),
                    "imported": bool(row.imported),
                }
                for row in rows
            ]
        )
    elif rows:
        table(
            (_("Short name"), _("Protocol number"), _("Title")),
            [(row.short_name, row.protocol_number or "", row.title or "") for row in rows],
        )
    else:
        say(_("There is no study on this desk yet."))
    return DONE


def participants(arguments: Namespace) -> int:
    """List the participants of a study or of one of its sites."""
    with signed_in(arguments) as application, application.reading() as read:
        study = the_study(read, name=arguments.study).id
        site = the_site(read, study=study, number=arguments.site).id if arguments.site else None
        rows = enrollment.participants(read, study=study, on=application.today, site=site)
    if arguments.json:
        answer(
            [
                {
                    "id": row.id,
                    "number": row.number,
                    "identifier": row.identifier,
                    "site": row.site_number,
                    "screened_on": row.screened_on,
                    "consented_on": row.consented_on,
                    "reference_start": row.reference_start,
                    "arm": row.arm,
                    "state": row.state,
                    "ending": row.ending,
                    "ended_on": row.ended_on,
                    "visits": row.visits,
                    "sex": row.sex,
                    "age": row.age,
                    "age_unit": row.age_unit,
                }
                for row in rows
            ]
        )
    elif rows:
        table(
            (_("Site"), _("Number"), _("Screened on"), _("Arm"), _("State"), _("Ended on"), _("Visits")),
            [
                (
                    row.site_number,
                    row.number,
                    row.screened_on or "",
                    row.arm or "",
                    _(row.state),
                    row.ended_on or "",
                    str(row.visits),
                )
                for row in rows
            ],
        )
    else:
        say(_("There is no participant yet."))
    return DONE


def trail(arguments: Namespace) -> int:
    """List the acts of a study, or of the whole desk, newest first; a study that was taken back keeps its trail."""
    limit = _limit(arguments.limit)
    with signed_in(arguments) as application, application.reading() as read:
        study = the_study(read, name=arguments.study, voided=True).id if arguments.study else None
        sets = change_sets(read, study=study, limit=limit)
        names = names_of_accounts(read)
    if arguments.json:
        answer(
            [
                {
                    "id": each.id,
                    "at": instant_text(each.at),
                    "account": each.account,
                    "name": names.get(each.account or ""),
                    "role": each.role,
                    "action": each.action,
                    "said": _(SAID.get(each.action, each.action)),
                    "reason": each.reason,
                    "records": each.records,
                }
                for each in sets
            ]
        )
    else:
        table(
            (_("When (UTC)"), _("Who"), _("What"), _("Records"), _("Why"), _("Step")),
            [
                (
                    each.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S"),
                    names.get(each.account or "", ""),
                    _(SAID.get(each.action, each.action)),
                    str(each.records),
                    each.reason,
                    each.id,
                )
                for each in sets
            ],
        )
    return DONE


def access(arguments: Namespace) -> int:
    """List the access log, newest first. For those who answer for the desk or check on it."""
    limit = _limit(arguments.limit)
    with signed_in(arguments) as application, application.reading() as read:
        study = the_study(read, name=arguments.study, voided=True).id if arguments.study else None
        rows = access_log(read, study=study, on=application.today, limit=limit)
        lines = in_lines(read, rows, catalogue=CATALOGUE)
    if arguments.json:
        answer([{**asdict(row), "at": instant_text(row.at), "said": _(WORDS[row.what])} for row in rows])
    else:
        table(
            (_("When (UTC)"), _("Who"), _("What"), _("Study"), _("Concerning")),
            [
                (
                    line.row.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S"),
                    line.row.name or "",
                    _(WORDS[line.row.what]),
                    line.row.study_name or "",
                    _(SAID[line.row.about]) if line.row.about in SAID else line.words or line.row.about,
                )
                for line in lines
            ],
        )
    return DONE


def _limit(given: str | None) -> int:
    if given is None:
        return _MOST
    if not given.isascii() or not given.isdigit() or not 0 < int(given) <= 1_000_000:
        raise UserError(_("“{value}” is not a number of steps.").format(value=given), where="--limit")
    return int(given)
