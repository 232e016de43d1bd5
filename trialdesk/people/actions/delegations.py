"""The delegation log: who does what in a study, from when to when, and the principal investigator's word for it.

ICH E6(R3) 2.3: the investigator delegates, keeps the log and signs. A role counts only once it is signed for.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.people import keys
from trialdesk.people.acting import action, fields_of, needs_reason
from trialdesk.people.checks import check_order
from trialdesk.people.records import Delegation, Person
from trialdesk.people.rights import SIGNED_FOR
from trialdesk.people.rules import PI, counts_from
from trialdesk.people.signing import sign
from trialdesk.persistence.editing import correct, found_in
from trialdesk.persistence.work import Work

AUTHORISED = N_("Authorised by the principal investigator")
CORRECTED = N_("Corrected and authorised by the principal investigator")
ENDED = N_("Ended by the principal investigator")

_PI = frozenset({PI})
_ASKS = ("role", "tasks", "starts_on", "ends_on")


@action(
    "people:delegation:give",
    N_("Delegation given"),
    by=_PI,
    asks=fields_of(Delegation, *_ASKS),
    about=Person.KIND,
    words=N_("New delegation"),
    makes=Delegation.KIND,
)
def delegate(
    work: Work,
    *,
    study: Id,
    person: Id,
    role: str,
    starts_on: date,
    ends_on: date | None = None,
    tasks: str | None = None,
) -> Id:
    """Enter into the log that a person is to act in a role from a day on. It counts once it is authorised.

    Raises UserError if it would end before it begins.
    """
    found_in(work, Person, person, None)
    made = work.add(
        Delegation(
            study=study,
            person=person,
            role=role,
            tasks=tasks,
            starts_on=starts_on,
            ends_on=ends_on,
            awaits_signature=True,
        )
    )
    _check(made)
    return made.id


@action(
    "people:delegation:authorise",
    N_("Delegation authorised"),
    by=_PI,
    about=Delegation.KIND,
    signs=AUTHORISED,
    words=N_("Authorise"),
)
def authorise_delegation(work: Work, *, study: Id, delegation: Id) -> Id:
    """Sign for a delegation: from today, or the day it begins if that is later, it counts, and its keys are given.

    Raises UserError if it is signed for already.
    """
    found = found_in(work, Delegation, delegation, study)
    if found.awaits_signature is False:
        raise UserError(_("This delegation is authorised already."), where=_("Delegation"))
    if found.awaits_signature:
        found.authorised_on = work.today
    found.awaits_signature = False
    keys.follow(work)
    return sign(work, found, AUTHORISED)


@action(
    "people:delegation:correct",
    N_("Delegation corrected"),
    by=_PI,
    asks=fields_of(Delegation, *_ASKS),
    about=Delegation.KIND,
    edit="correct",
    signs=CORRECTED,
)
def correct_delegation(work: Work, *, study: Id, delegation: Id, version: int, **fields: Any) -> Id:
    """Change what the log says, with its reason, and sign for it as it now stands. Another role counts from today.

    An earlier beginning gives nothing afterwards: for the days between nobody had signed. Raises UserError where the
    study would be without a principal investigator.
    """
    needs_reason(work, Delegation)
    found = found_in(work, Delegation, delegation, study, version)
    was_pi, before = found.role == PI and not found.awaits_signature, found.role
    since = counts_from(found.starts_on, found.authorised_on)
    correct(found, fields)
    _check(found)
    if was_pi and (found.role != PI or found.starts_on > work.today):
        _needs_successor(work, found, work.today)
    if was_pi and found.ends_on is not None:
        _needs_successor(work, found, found.ends_on + timedelta(days=1))
    if found.awaits_signature or found.role != before:
        found.authorised_on = work.today
    elif counts_from(found.starts_on, found.authorised_on) < since:
        found.authorised_on = min(since, work.today)
    found.awaits_signature = False
    keys.follow(work)
    return sign(work, found, CORRECTED)


@action(
    "people:delegation:end",
    N_("Delegation ended"),
    by=_PI,
    asks=(*fields_of(Delegation, "ends_on"),),
    about=Delegation.KIND,
    signs=ENDED,
    words=N_("End delegation"),
)
def end_delegation(work: Work, *, study: Id, delegation: Id, ends_on: date) -> Id:
    """Set the last day of a delegation, signed; its keys are taken away once the day has passed.

    Raises UserError for a day before it began, and where the study would be without a principal investigator.
    """
    found = found_in(work, Delegation, delegation, study)
    if found.role == PI:
        _needs_successor(work, found, ends_on + timedelta(days=1))
    found.ends_on = ends_on
    _check(found)
    keys.follow(work)
    return sign(work, found, ENDED)


@action("people:delegation:void", N_("Delegation voided"), by=_PI, about=Delegation.KIND, edit="void")
def void_delegation(work: Work, *, study: Id, delegation: Id, version: int) -> Id:
    """Void a delegation entered in error. Raises UserError where it is the only principal investigator's."""
    needs_reason(work, Delegation)
    found = found_in(work, Delegation, delegation, study, version)
    if found.role == PI and not found.awaits_signature:
        _needs_successor(work, found, work.today)
    work.void(found)
    keys.follow(work)
    return found.id


def _check(delegation: Delegation) -> None:
    check_order(
        Delegation.FIELDS["ends_on"].label,
        delegation.starts_on,
        delegation.ends_on,
        _("The delegation would end before it begins."),
    )


def _needs_successor(work: Work, leaving: Delegation, on: date) -> None:
    """Raise UserError unless somebody else is principal investigator on a day."""
    own = Delegation.TABLE.c
    query = sa.select(own.id).where(
        own.study == leaving.study,
        own.id != leaving.id,
        own.role == PI,
        own.starts_on <= on,
        sa.or_(own.ends_on.is_(None), own.ends_on >= on),
        SIGNED_FOR,
        ~own.voided,
    )
    if work.read.first(query) is None:
        raise UserError(
            _("The study would be without a principal investigator."),
            where=_("Delegation"),
            remedy=_("Delegate and authorise the successor first."),
        )
