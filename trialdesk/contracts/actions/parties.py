"""Parties. They stand in the directory, for all studies; whoever keeps contracts in a study may add and mend them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.contracts.records import Contract, Organisation
from trialdesk.contracts.rules import OFFICE
from trialdesk.people.acting import Action, action, fields_of, needs_reason, refuse_incomplete, tidied
from trialdesk.people.checks import label_of
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
    if work.read.first(sa.select(own.id).where(named, ~own.voided)) is not None:
        raise UserError(
            _("A contract names this organisation."),
            where=_(Organisation.LABEL),
            remedy=_("Correct the contract first."),
        )
    work.void(record)
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


ACTIONS: tuple[Action, ...] = (add_organisation, correct_organisation, void_organisation)
