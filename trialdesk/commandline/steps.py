"""Taking steps back."""

from __future__ import annotations

from argparse import Namespace

from trialdesk.application.acts import SAID
from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _, n_
from trialdesk.base.ids import is_id
from trialdesk.commandline.opening import signed_in
from trialdesk.commandline.output import say
from trialdesk.commandline.program import DONE
from trialdesk.trail.history import transaction_study


def undo(arguments: Namespace) -> int:
    """Take one step back: the one named, else the last one of this account that still stands."""
    step = arguments.TRANSACTION
    if step is not None and not is_id(step):
        raise UserError(
            _("“{value}” is not the id of a step.").format(value=step[:80]),
            remedy=_("`trialdesk trail --study S` lists the steps with their ids."),
        )
    with signed_in(arguments) as application:
        found = (
            application.last_step()
            if step is None
            else (step, application.read(transaction_study, transaction=step)[0])
        )
        if found is None:
            raise UserError(
                _("There is nothing of yours to take back, or your last step is final."),
                remedy=_(
                    "`trialdesk trail --study S` lists the steps with their ids; an earlier one is named by its id."
                ),
            )
        step, name = found
        done = application.undo(step)
    count = done.result
    say(
        n_("Taken back: {act} ({count} record).", "Taken back: {act} ({count} records).", count).format(
            act=_(SAID.get(name, name)), count=count
        )
    )
    if done.transaction is not None:
        say(_("To do it again: trialdesk undo {transaction}").format(transaction=done.transaction))
    return DONE
