"""Contracts and the steps of their life."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.contracts import rules
from trialdesk.contracts.records import Contract, Organisation, Party, TermsVersion
from trialdesk.contracts.rules import OFFICE
from trialdesk.people.acting import Action, action, correcting, fields_of, voiding
from trialdesk.people.checks import check_not_future, label_of
from trialdesk.persistence.editing import correct, found_in
from trialdesk.persistence.work import Work

_ASKS = (
    "number",
    "kind",
    "supporter",
    "their_role",
    "institution",
    "our_role",
    "title",
    "direction",
    "currency",
    "net_days",
    "purchase_order",
    "ends_on",
)


def _check(work: Work, record: Contract) -> None:
    rules.check_currency(record.currency)
    for name in ("supporter", "institution"):
        _check_party(work, label_of(Contract, name), getattr(record, name))
    if (record.net_days or 0) < 0:
        raise UserError(_("Days cannot be negative."), where=label_of(Contract, "net_days"))
    check_not_future(work, Contract.FIELDS["signed_on"].label, record.signed_on)
    wrong = rules.out_of_order((name, getattr(record, name)) for name in rules.ORDER)
    if wrong is not None:
        earlier, later = (label_of(Contract, name) for name in wrong)
        raise UserError(
            _("“{later}” cannot come before “{earlier}”.").format(later=later, earlier=earlier),
            where=later,
            remedy=_("Correct one of the two dates."),
        )


def _check_party(work: Work, where: str, party: Id | None) -> None:
    """Raise UserError for a party that is not here, or that had merged into another before the contract named it."""
    if party is None:
        return
    found = work.find(Organisation, party)
    if found is None:
        raise UserError(_("This organisation is not on this desk."), where=where)


def _check_not_merged(work: Work, record: Contract) -> None:
    """Raise UserError where a new contract names a party that is part of another by now."""
    for name in ("supporter", "institution"):
        party = getattr(record, name)
        found = work.find(Organisation, party) if party else None
        into = work.find(Organisation, found.merged_into) if found is not None and found.merged_into else None
        if found is not None and into is not None:
            raise UserError(
                _("{name} has merged into {other}.").format(name=found.name, other=into.name),
                where=label_of(Contract, name),
                remedy=_("Name the organisation that it is part of now."),
            )


def _check_without_terms(work: Work, record: Contract) -> None:
    own = TermsVersion.TABLE.c
    active = own.activated_on.is_not(None)
    if work.read.first(sa.select(own.id).where(own.contract == record.id, active, ~own.voided)) is not None:
        raise UserError(
            _("This contract has terms that count."), where=_(Contract.LABEL), remedy=_("Close it instead.")
        )


@action(
    "contracts:contract:add",
    N_("Contract begun"),
    by=OFFICE,
    asks=fields_of(Contract, *_ASKS),
    words=N_("Begin contract"),
    makes=Contract.KIND,
)
def add_contract(work: Work, *, study: Id, supporter: Id, institution: Id | None = None, **fields: Any) -> Id:
    """Begin a contract as a draft; returns its id. Unsaid, the parties are what they usually are in such a contract.

    Raises UserError for a number in use, an unknown currency, and a party that is part of another by now.
    """
    ours, theirs = rules.usual_roles(fields["kind"])
    roles = {"our_role": fields.get("our_role") or ours, "their_role": fields.get("their_role") or theirs}
    made = work.add(
        Contract(study=study, supporter=supporter, institution=institution, **{**fields, **roles, "state": rules.DRAFT})
    )
    _check(work, made)
    _check_not_merged(work, made)
    return made.id


correct_contract = correcting(
    Contract,
    "contracts:contract:correct",
    N_("Contract corrected"),
    by=OFFICE,
    asks=(*_ASKS, "signed_on"),
    check=_check,
)

void_contract = voiding(
    Contract,
    "contracts:contract:void",
    N_("Contract voided"),
    by=OFFICE,
    check=_check_without_terms,
)


def _step(name: str, said: str, words: str, *more: str, why: bool = False) -> Action:
    """Return the act that takes a contract one step on, dated by the step's field; `more` fields may be given.

    `why` asks for a reason besides; whether there must be one is for those to say who know what hangs on the step.
    """
    step = rules.STEPS[name]
    asks = fields_of(Contract, step.dated, *more)

    def perform(work: Work, *, study: Id, contract: Id, **dates: date | None) -> Id:
        record = found_in(work, Contract, contract, study)
        states = dict(rules.STATES)
        if record.state not in step.came_from:
            raise UserError(
                _("The contract is “{state}”; this follows “{before}”.").format(
                    state=_(states[record.state]), before="”, “".join(_(states[each]) for each in step.came_from)
                ),
                where=_(Contract.LABEL),
                remedy=_("Take the steps one after the other."),
            )
        left = record.state
        if dates.get(step.dated) is None:
            dates[step.dated] = work.today
        if step.dated != "effective_from":
            check_not_future(work, Contract.FIELDS[step.dated].label, dates[step.dated])
        correct(record, {name: on for name, on in dates.items() if on is not None})
        record.state = step.leads_to
        _check(work, record)
        on = getattr(record, step.dated)
        if left == rules.INTAKE and record.state == rules.NEGOTIATING:
            refuse_undeclared(work, record, on)
        if record.state == rules.IN_SIGNATURE:
            refuse_signature(work, record, on)
        if record.state == rules.FULLY_EXECUTED:
            _refuse_unsigned(work, record, on)
        return record.id

    return Action(f"contracts:contract:{name}", said, OFFICE, False, perform, asks, Contract.KIND, why=why, words=words)


def refuse_undeclared(work: Work, contract: Contract, on: date) -> None:
    """Raise UserError while somebody who runs the study has not declared their interests in the other party.

    Asked when a contract leaves the office that took it in, and of every contract before it is signed.
    """
    # Asked of these steps alone: a desk opens sooner without.
    from trialdesk.contracts.standing import undeclared

    missing = undeclared(work.read, study=contract.study or "", organisation=contract.supporter, on=on)
    if missing:
        raise UserError(
            _("These have not declared their interests in the other party, or have one that is not accepted: {names}.")
            .format(names=", ".join(missing)),
            where=_(Contract.LABEL),
            remedy=_("Record their declarations with the organisation; nothing is signed before (21 CFR 54)."),
        )  # fmt: skip


def refuse_signature(work: Work, contract: Contract, on: date) -> None:
    """Raise UserError where a contract may not be signed yet, for want of declarations or of an ethics approval."""
    # As above.
    from trialdesk.ethics.queries import approval_in_force

    refuse_undeclared(work, contract, on)
    ours = work.find(Organisation, contract.institution) if contract.institution else None
    if (
        ours is not None
        and ours.ethics_first
        and approval_in_force(work.read, study=contract.study or "", on=on) is None
    ):
        raise UserError(
            _("{name} signs only after the ethics approval.").format(name=ours.name),
            where=_(Contract.LABEL),
            remedy=_("Record the committee's decision first."),
        )


def _refuse_unsigned(work: Work, contract: Contract, on: date) -> None:
    """Raise UserError while a further party that signs has not, or not by that day."""
    own, name = Party.TABLE.c, Organisation.TABLE.c
    query = (
        sa.select(name.name)
        .join(Party.TABLE, own.organisation == name.id)
        .where(own.contract == contract.id, ~own.voided, own.signs, sa.or_(own.signed_on.is_(None), own.signed_on > on))
        .order_by(name.name)
    )
    missing = [row.name for row in work.read.rows(query)]
    if missing:
        raise UserError(
            _("These parties have not signed by {day}: {names}.").format(day=on, names=", ".join(missing)),
            where=label_of(Contract, "fully_executed_on"),
            remedy=_("Record their signatures under “Further parties”; the last signature executes the contract."),
        )


take_in_contract = _step("take_in", N_("Contract taken in"), N_("Take in"))
negotiate_contract = _step("negotiate", N_("Contract negotiated"), N_("Negotiate"))
agree_contract = _step("agree", N_("Terms of the contract agreed"), N_("Terms are final"))
send_contract_to_signature = _step("send_to_signature", N_("Contract sent to signature"), N_("Send to signature"))
execute_contract = _step("execute", N_("Contract fully executed"), N_("Record execution"), "signed_on")
activate_contract = _step("activate", N_("Contract in effect"), N_("Put into effect"))
suspend_contract = _step("suspend", N_("Contract suspended"), N_("Suspend"))
resume_contract = _step("resume", N_("Contract resumed"), N_("Resume"))
begin_closing_contract = _step("begin_closing", N_("Closing of the contract begun"), N_("Begin closing"))
close_contract = _step("close", N_("Contract closed"), N_("Close"), why=True)
terminate_contract = _step("terminate", N_("Contract terminated"), N_("Terminate"))
abandon_contract = _step("abandon", N_("Contract abandoned"), N_("Abandon"))


ACTIONS: tuple[Action, ...] = (
    add_contract,
    correct_contract,
    void_contract,
    negotiate_contract,
    take_in_contract,
    agree_contract,
    send_contract_to_signature,
    execute_contract,
    activate_contract,
    suspend_contract,
    resume_contract,
    begin_closing_contract,
    close_contract,
    terminate_contract,
    abandon_contract,
)
