"""Every clock: its rule, what it was counted from, when it is due, how it stands."""

from __future__ import annotations

from argparse import Namespace
from datetime import date

from trialdesk.base.clock import instant_text
from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _
from trialdesk.commandline.opening import signed_in
from trialdesk.commandline.output import answer, say, table
from trialdesk.commandline.program import DONE
from trialdesk.overview.clocks import clocks
from trialdesk.overview.rules.deadlines import Deadline
from trialdesk.overview.rules.waiting import STATES
from trialdesk.studies.queries import studies, the_study


def deadlines(arguments: Namespace) -> int:
    """List the clocks of the desk or of one study, as they stand on a day."""
    with signed_in(arguments) as application, application.reading() as read:
        study = the_study(read, name=arguments.study).id if arguments.study else None
        on = _day(arguments.on) if arguments.on else application.today
        at = application.clock.now() if on == application.today else None
        found = clocks(read, on=on, study=study, at=at)
        names = {row.id: row.short_name for row in studies(read)}
    if arguments.json:
        answer([_facts(each, names[each.started.study]) for each in found])
    elif found:
        table(
            (_("Due"), _("State"), _("Study"), _("Whose"), _("What"), _("From"), _("Rule")),
            [
                (
                    instant_text(each.due_at)[:16] + "Z" if each.due_at else each.due.isoformat(),
                    _(STATES[each.state]),
                    names[each.started.study],
                    each.started.whose,
                    _words(each),
                    each.started.day.isoformat(),
                    each.rule.id,
                )
                for each in found
            ],
        )
    else:
        say(_("No clock is running."))
    return DONE


def _facts(each: Deadline, study: str) -> dict[str, object]:
    rule, started = each.rule, each.started
    return {
        "rule": {
            "id": rule.id,
            "version": rule.version,
            "n": rule.n,
            "unit": rule.unit,
            "repeating": rule.repeating,
            "recipient": rule.recipient,
            "source": rule.source,
            "basis": rule.basis,
        },
        "what": _words(each),
        "study": study,
        "inputs": {
            "trigger": started.trigger,
            "subject": started.subject,
            "name": started.name,
            "whose": started.whose,
            "day": started.day.isoformat(),
            "at": instant_text(started.at) if started.at else None,
            "zone": str(started.zone),
            "country": started.country or None,
            "marks": sorted(started.marks),
            "turn": each.turn,
        },
        "due": each.due.isoformat(),
        "due_at": instant_text(each.due_at) if each.due_at else None,
        "done_on": each.done_on.isoformat() if each.done_on else None,
        "state": each.state,
    }


def _words(each: Deadline) -> str:
    return _(each.rule.words).format(subject=each.started.name)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UserError(
            _("“{value}” is not a date.").format(value=text[:80]), where="--on", remedy=_("Write it as 2026-03-04.")
        ) from error
