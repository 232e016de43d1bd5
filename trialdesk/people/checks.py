"""What may not be, whatever is recorded: a thing that has happened on a day to come, an end before its beginning."""

from __future__ import annotations

from datetime import date

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _
from trialdesk.persistence.work import Work


def check_not_future(work: Work, label: str, on: date | None) -> None:
    """Raise UserError for a day after today where something is said to have happened. `label` names the field."""
    if on is not None and on > work.today:
        raise UserError(
            _("{day} is still to come: what has happened cannot lie in the future.").format(day=on),
            where=_(label),
            remedy=_("Give the day on which it happened, or record it once it has."),
        )


def check_order(label: str, earlier: date | None, later: date | None, words: str) -> None:
    """Raise UserError saying `words` (translated) of the field `label` where the later day lies before the earlier."""
    if earlier is not None and later is not None and later < earlier:
        raise UserError(words, where=_(label), remedy=_("Correct one of the two dates."))
