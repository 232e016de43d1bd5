"""Parties. They stand in the directory, for all studies; whoever keeps contracts in a study may add and mend them."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.contracts.records import Contract, Organisation, Party
from trialdesk.contracts.rules import OFFICE
from trialdesk.people.acting import Action, action, fields_of, needs_reason, refuse_incomplete, tidied
from trialdesk.people.checks import check_not_future, label_of
from trialdesk.persistence.editing import correct
from trialdesk.persistence.work import Work

_ORGANISATION = ("name", "country", "address", "tax_id", "bank", "ethics_first")


@action(
    "contracts:organisation:add",
    N_("Organisation added"),
    by=OFFICE,
    asks=fields_of(Organisation, *_ORGANISATION),
    words=N_("Add organisation"),
    makes=Organisation.KIND,
)
def add_organisation(work: Work, *, study: Id, **fields: Any) -> Id:  # noqa: ARG001 - the study gives the right
    """Add a party; returns its id. Raises UserError for a name that is there already."""
    made = work.add(Organisation(**tidied(Organisation, fields)))
    refuse_incomplete(made)
    _one_of_its_name(work, made)
    return made.id


@action(
    "contracts:organisation:correct",
    N_("Organisation corrected"),
    by=OFFICE,
    asks=fields_of(Organisation, *_ORGANISATION),
    about=Organisation.KIND,
    edit="correct",
)
def correct_organisation(work: Work, *, study: Id, organisation: Id, version: int, **fields: Any) -> Id:  # noqa: ARG001 - as above
    """Change what is recorded of a party. Raises Conflict if it moved on since `version`."""
    needs_reason(work, Organisation)
    record = work.get(Organisation, organisation, version=version)
    correct(record, tidied(Organisation, fields))
    refuse_incomplete(record)
    _one_of_its_name(work, record)
    return record.id


@action(
    "contracts:organisation:void",
    N_("Organisation voided"),
    by=OFFICE,
    about=Organisation.KIND,
    edit="void",
)
def void_organisation(work: Work, *, study: Id, organisation: Id, version: int) -> Id:  # noqa: ARG001 - as above
    """Void a party entered in error. Raises UserError while a contract names it."""
    needs_reason(work, Organisation)
    record = work.get(Organisation, organisation, version=version)
    own = Contract.TABLE.c
    named = sa.or_(own.supporter == organisation, own.institution == organisation)
    further, other = Party.TABLE.c, Organisation.TABLE.c
    if (
        work.read.first(sa.select(own.id).where(named, ~own.voided)) is not None
        or work.read.first(sa.select(further.id).where(further.organisation == organisation, ~further.voided))
        is not None
    ):
        raise UserError(
            _("A contract names this organisation."),
            where=_(Organisation.LABEL),
            remedy=_("Correct the contract first."),
        )
    if work.read.first(sa.select(other.id).where(other.merged_into == organisation, ~other.voided)) is not None:
        raise UserError(_("Another organisation has merged into it."), where=_(Organisation.LABEL))
    work.void(record)
    return record.id


@action(
    "contracts:organisation:merge",
    N_("Organisation merged into another"),
    by=OFFICE,
    asks=fields_of(Organisation, "merged_into", "merged_on"),
    about=Organisation.KIND,
    words=N_("Record a merger"),
)
def merge_organisation(
    work: Work,
    *,
    study: Id,  # noqa: ARG001 - as above
    organisation: Id,
    merged_into: Id | None = None,
    merged_on: date | None = None,
) -> Id:
    """Record that a party became part of another; today unless said. Its contracts go on under the other's name.

    What is dated earlier keeps the old name: invoices issued, certificates, gifts received. Raises UserError for a
    party that is here no longer, for itself, and for one that has become part of another, too.
    """
    record = work.get(Organisation, organisation)
    where = label_of(Organisation, "merged_into")
    into = work.find(Organisation, merged_into) if merged_into else None
    if into is None:
        raise UserError(_("This organisation is not on this desk."), where=where, remedy=_("Add it first."))
    if record.merged_into is not None:
        raise UserError(_("It has merged into another already."), where=where, remedy=_("Undo that first."))
    if into.id == record.id or into.merged_into is not None:
        raise UserError(
            _("{name} cannot take it in: it is the same organisation, or part of another.").format(name=into.name),
            where=where,
            remedy=_("Name the organisation that goes on."),
        )
    correct(record, {"merged_into": into.id, "merged_on": merged_on or work.today})
    check_not_future(work, Organisation.FIELDS["merged_on"].label, record.merged_on)
    return record.id


def _one_of_its_name(work: Work, record: Organisation) -> None:
    own = Organisation.TABLE.c
    same = sa.func.lower(own.name) == record.name.strip().lower()
    if work.read.first(sa.select(own.id).where(same, own.id != record.id, ~own.voided)) is not None:
        raise UserError(
            _("There is already an organisation “{name}”.").format(name=record.name),
            where=label_of(Organisation, "name"),
            remedy=_("Use the one that is there."),
        )


ACTIONS: tuple[Action, ...] = (add_organisation, correct_organisation, merge_organisation, void_organisation)
