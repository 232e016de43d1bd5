"""What this program consists of, as data: every kind of record, everything a person can do, what stages ask each other.

A new record type, action or answer adds its line here and nowhere else.
"""

from __future__ import annotations

from difflib import get_close_matches

import trialdesk.enrollment.records as enrollment
import trialdesk.people.records as people
import trialdesk.safety.records as safety
import trialdesk.studies.records as studies
from trialdesk.base.errors import UserError
from trialdesk.base.i18n import N_, _
from trialdesk.enrollment.actions import (
    correct_participant,
    correct_visit,
    erase_identity,
    identify,
    record_allocation,
    record_visit,
    screen,
    void_participant,
    void_visit,
)
from trialdesk.exchange.bringing import bring_in
from trialdesk.people.acting import Action
from trialdesk.people.actions import add_account, delegate
from trialdesk.persistence import catalogue as catalogues
from trialdesk.persistence.work import Wiring
from trialdesk.studies.actions import (
    add_arm,
    add_planned_visit,
    add_site,
    correct_site,
    correct_study,
    create_study,
)
from trialdesk.trail import undo as undoing

RECORDS = (
    people.Person,
    people.Account,
    people.Delegation,
    people.Signature,
    studies.Study,
    studies.Site,
    studies.Arm,
    studies.PlannedVisit,
    studies.Criterion,
    enrollment.Participant,
    enrollment.Identity,
    enrollment.Erasure,
    enrollment.Treatment,
    enrollment.Allocation,
    enrollment.Disposition,
    enrollment.Visit,
    enrollment.Exposure,
    enrollment.Population,
    safety.AdverseEvent,
)
"""Every kind of record, in the order of the stages. A new record type adds its line."""

ACTIONS: tuple[Action, ...] = (
    add_account,
    delegate,
    create_study,
    correct_study,
    add_site,
    correct_site,
    add_arm,
    add_planned_visit,
    screen,
    correct_participant,
    void_participant,
    identify,
    erase_identity,
    record_allocation,
    record_visit,
    correct_visit,
    void_visit,
    bring_in,
)
"""Everything a person can do. A new verb adds its line."""

CATALOGUE = catalogues.build(RECORDS)

FIELDS = {record.KIND: record.FIELDS for record in RECORDS}
"""By kind and name, the declared fields: what forms, tables and histories are labelled from."""

LABELS = {record.KIND: record.LABEL for record in RECORDS}
"""What a kind of record is called, marked for translation."""

BEGIN = "people:desk:begin"
SAID = {
    BEGIN: N_("Desk begun"),
    undoing.ACTION: N_("Step taken back"),
    **{action.name: action.said for action in ACTIONS},
}
"""What each act is called in the trail, marked for translation."""

WIRING: Wiring = {}
"""What an earlier stage asks or tells a later one, by the name it asks under (`Work.wired`): gates and proposals."""


_BY_NAME = {action.name: action for action in ACTIONS}


def action_named(name: str) -> Action:
    """Return the action of that name. Raises UserError naming the nearest ones."""
    found = _BY_NAME.get(name)
    if found is None:
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
    return name == BEGIN or (name in _BY_NAME and _BY_NAME[name].final)
