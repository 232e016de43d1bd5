"""Parties, contracts, terms and insurance to look at; and whether they let a participant in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

import sqlalchemy as sa

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.contracts.records import Contract, Insurance, Organisation, TermsVersion
from trialdesk.contracts.rules import STANDINGS, is_in_force, is_insured, standing
from trialdesk.contracts.standing import missing_supply
from trialdesk.people.queries import names_of_accounts
from trialdesk.persistence.reading import Read
from trialdesk.studies.queries import study as study_row
from trialdesk.trail.events import parse
from trialdesk.trail.tables import event


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """A party."""

    id: Id
    version: int
    name: str
    country: str | None
    address: str | None
    tax_id: str | None
    bank: str | None
    ethics_first: bool | None
    merged_into: Id | None
    merged_on: date | None


@dataclass(frozen=True, slots=True)
class ContractRow:
    """A contract."""

    id: Id
    version: int
    number: str
    kind: str
    supporter: Id
    their_role: str | None
    institution: Id | None
    our_role: str | None
    title: str | None
    direction: str
    currency: str
    net_days: int | None
    purchase_order: str | None
    state: str
    signed_on: date | None
    fully_executed_on: date | None
    effective_from: date | None
    ends_on: date | None
    closing_from: date | None
    closed_on: date | None
    imported: bool | None


@dataclass(frozen=True, slots=True)
class TermsRow:
    """A version of a contract's terms. `recorded_at` is when they came to count here, None for a draft."""

    id: Id
    version: int
    number: int
    effective_from: date
    retroactive: bool
    text: str
    drafted_by: str
    drafted_on: date
    activated_by: str | None
    activated_on: date | None
    occasion: str | None
    protocol_version: Id | None
    retroactive_grounds: str | None
    recorded_at: datetime | None


@dataclass(frozen=True, slots=True)
class InsuranceRow:
    """An insurance; both days of its validity count."""

    id: Id
    version: int
    insurer: str
    policy: str
    limit: int | None
    currency: str | None
    valid_from: date
    valid_to: date


def organisations(read: Read) -> tuple[OrganisationRow, ...]:
    """Return all parties by name. One statement."""
    own = Organisation.TABLE.c
    return read.shaped(OrganisationRow, Organisation, ~own.voided, order=(sa.func.lower(own.name), own.id))


def named_on(read: Read, *, on: date) -> dict[Id, str]:
    """Return what each party is called on a day: one merged by then by the name it goes on under, its own in brackets.

    One statement.
    """
    rows = {row.id: row for row in organisations(read)}
    names = {}
    for id_, row in rows.items():
        now = rows[successor(rows, id_, on)]
        names[id_] = row.name if now is row else f"{now.name} ({row.name})"
    return names


def successor(parties: Mapping[Id, OrganisationRow], party: Id, on: date) -> Id:
    """Return which party goes on for another on a day: itself, or what it had merged into by then, step by step."""
    for _step in parties:
        row = parties.get(party)
        into = parties.get(row.merged_into or "") if row else None
        if row is None or into is None or row.merged_on is None or row.merged_on > on:
            break
        party = into.id
    return party


def contracts(read: Read, *, study: Id) -> tuple[ContractRow, ...]:
    """Return a study's contracts by number. One statement."""
    own = Contract.TABLE.c
    return read.shaped(ContractRow, Contract, own.study == study, ~own.voided, order=(own.number, own.id))


def the_contract(read: Read, *, study: Id, number: str | None = None) -> ContractRow:
    """Return the contract of that number or id, or the only one there is. Raises UserError if there is no such one.

    Without a number contracts without terms that count do not matter as long as there is one with them.
    """
    here = contracts(read, study=study)
    names = ", ".join(row.number for row in here) or _("none")
    if number is not None:
        for row in here:
            if number in {row.number, row.id}:
                return row
        raise UserError(
            _("The study has no contract “{number}”.").format(number=number),
            remedy=_("Its contracts: {numbers}.").format(numbers=names),
        )
    if not here:
        raise UserError(
            _("The study has no contract."), remedy=_("Load its terms: trialdesk contracts load TERMS.yaml --study S")
        )
    own = TermsVersion.TABLE.c
    counting = {
        row.contract
        for row in read.rows(
            sa.select(own.contract).where(own.study == study, ~own.voided, own.activated_on.is_not(None)).distinct()
        )
    }
    chosen = [row for row in here if row.id in counting] or list(here)
    if len(chosen) > 1:
        raise UserError(
            _("The study has more than one contract."),
            remedy=_("Name one of them by --contract: {numbers}.").format(
                numbers=", ".join(row.number for row in chosen)
            ),
        )
    return chosen[0]


def terms_versions(read: Read, *, contract: Id) -> tuple[TermsRow, ...]:
    """Return the versions of a contract's terms by number, drafts too. Three statements."""
    own = TermsVersion.TABLE.c
    rows = read.rows(
        sa.select(TermsVersion.TABLE).where(own.contract == contract, ~own.voided).order_by(own.number, own.id)
    )
    instants = _activations(read, [row.id for row in rows])
    names = names_of_accounts(read)
    return tuple(
        TermsRow(
            id=row.id,
            version=row.version,
            number=row.number,
            effective_from=row.effective_from,
            retroactive=bool(row.retroactive),
            text=row.text,
            drafted_by=names.get(row.drafted_by, ""),
            drafted_on=row.drafted_on,
            activated_by=names.get(row.activated_by) if row.activated_by else None,
            activated_on=row.activated_on,
            occasion=row.occasion,
            protocol_version=row.protocol_version,
            retroactive_grounds=row.retroactive_grounds,
            recorded_at=instants.get(row.id) if row.activated_on is not None else None,
        )
        for row in rows
    )


def _activations(read: Read, ids: list[Id]) -> dict[Id, datetime]:
    """Return when each version came to count: the instant of the event that says who activated it."""
    rows = read.rows(
        sa.select(event.c.record, event.c.at, event.c.bytes)
        .where(event.c.record.in_(ids))
        .order_by(event.c.clock, event.c.number)
    )
    return {row.record: row.at for row in rows if "activated_on" in parse(row.bytes)["change"]}


def insurances(read: Read, *, study: Id) -> tuple[InsuranceRow, ...]:
    """Return a study's insurances by beginning. One statement."""
    own = Insurance.TABLE.c
    return read.shaped(
        InsuranceRow, Insurance, own.study == study, ~own.voided, order=(own.valid_from, own.valid_to, own.id)
    )


def _no_contract(found: Iterable[ContractRow], on: date) -> str:
    """Say why none of the contracts is in force: the last one executed may have ended or be suspended."""
    executed = [row for row in found if row.fully_executed_on is not None and row.fully_executed_on <= on]
    if not executed:
        return _("No contract was fully executed on {day}.").format(day=on)
    last = max(executed, key=lambda row: row.fully_executed_on or on)
    return _("No contract is in force on {day}: {number} is “{state}”.").format(
        day=on, number=last.number, state=_(dict(STANDINGS)[standing(last.state, last.ends_on, on)])
    )


def _is_in_force(row: ContractRow, on: date) -> bool:
    return is_in_force(row.state, row.fully_executed_on, row.effective_from, on, ends_on=row.ends_on)


def may_allocate(read: Read, *, study: Id, on: date) -> str | None:
    """Say why nobody may be allocated for want of contract, insurance or supply; None if nothing is in the way.

    The answer to the gate `enrollment:allocation` (ICH E6(R3) 3.5, 3.6: agreed before activities start). Only what the
    study says it needs is asked for, and of support in kind what is marked as needed first.
    """
    wants = study_row(read, study=study)
    if wants.needs_contract:
        found = contracts(read, study=study)
        if not any(_is_in_force(row, on) for row in found):
            return _no_contract(found, on)
    if wants.needs_insurance and not is_insured(
        ((row.valid_from, row.valid_to) for row in insurances(read, study=study)), on
    ):
        return _("No insurance of the participants is valid on {day}.").format(day=on)
    awaited = missing_supply(read, study=study, on=on)
    if awaited:
        return _("This has not arrived on {day}: {names}.").format(day=on, names=", ".join(awaited))
    return None
