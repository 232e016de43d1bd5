"""Everything a person can do, as data. A new action adds its line in its own stage's `ACTIONS`.

Imported when something is first done or named: a desk opens without it.
"""

from __future__ import annotations

from trialdesk.application.stages import BEGIN, DEMONSTRATE
from trialdesk.base.errors import UserError
from trialdesk.base.i18n import N_, _
from trialdesk.contracts.actions import ACTIONS as CONTRACTS
from trialdesk.documents.actions import ACTIONS as DOCUMENTS
from trialdesk.documents.issuing import ISSUING
from trialdesk.enrollment.actions import ACTIONS as ENROLLMENT
from trialdesk.ethics.actions import ACTIONS as ETHICS
from trialdesk.exchange.bringing import bring_in
from trialdesk.payments.actions import ACTIONS as PAYMENTS
from trialdesk.payments.sharing.actions import ACTIONS as SHARING
from trialdesk.people.acting import Action
from trialdesk.people.actions import ACTIONS as PEOPLE
from trialdesk.safety.actions import ACTIONS as SAFETY
from trialdesk.studies.actions import ACTIONS as STUDIES
from trialdesk.studies.closing import CLOSING_ACTIONS
from trialdesk.trail import undo as undoing

ACTIONS: tuple[Action, ...] = (
    *PEOPLE,
    *DOCUMENTS,
    *ISSUING,
    *STUDIES,
    *CLOSING_ACTIONS,
    *ETHICS,
    *ENROLLMENT,
    *SAFETY,
    *CONTRACTS,
    *PAYMENTS,
    *SHARING,
    bring_in,
)
"""Everything a person can do."""

SAID = {
    BEGIN: N_("Desk begun"),
    DEMONSTRATE: N_("Demonstration begun"),
    undoing.ACTION: N_("Step taken back"),
    **{action.name: action.said for action in ACTIONS},
}
"""What each act is called in the trail, marked for translation."""

_BY_NAME = {action.name: action for action in ACTIONS}


def action_named(name: str) -> Action:
    """Return the action of that name. Raises UserError naming the nearest ones."""
    found = _BY_NAME.get(name)
    if found is None:
        from difflib import get_close_matches

        near = get_close_matches(name, _BY_NAME, n=3, cutoff=0.4)
        raise UserError(
            _("There is no act called “{name}”.").format(name=name[:80]),
            remedy=_("Did you mean: {names}?").format(names=", ".join(near)) if near else "",
        )
    return found


def undone_by(name: str) -> frozenset[str]:
    """Return the roles that may take an act of that name back: those that may do it."""
    return _BY_NAME[name].by if name in _BY_NAME else frozenset({"owner", "pi"})


def is_final(name: str) -> bool:
    """Say whether acts of that name cannot be taken back."""
    return name in (BEGIN, DEMONSTRATE) or (name in _BY_NAME and _BY_NAME[name].final)
