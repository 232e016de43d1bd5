"""What is done with parties, contracts, their terms and insurance."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from trialdesk.base.errors import NotAllowed, Problem, UserError
from trialdesk.base.fields import Field
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.contracts import rules
from trialdesk.contracts.records import Contract, Insurance, Organisation, TermsVersion
from trialdesk.contracts.terms import read_terms, told
from trialdesk.people.acting import Action, action, adding, correcting, fields_of, needs_reason, voiding
from trialdesk.people.checks import check_not_future, check_order
from trialdesk.people.queries import person_of
from trialdesk.people.rules import OWNER, PI
from trialdesk.people.signing import sign
from trialdesk.persistence.editing import correct, found_in
from trialdesk.persistence.work import Work

OFFICE = frozenset({PI, "sub_investigator", "coordinator", "finance"})
"""Who keeps contracts: there is no role of a research office yet, so who stands in for it."""
APPROVING = frozenset({PI, "finance", OWNER})
"""Who may let terms count."""

_ORGANISATION = ("name", "country", "address", "tax_id", "bank")
_CONTRACT = (
    "number",
    "kind",
    "supporter",
    "institution",
    "title",
    "direction",
    "currency",
    "net_days",
    "purchase_order",
    "ends_on",
)
_INSURANCE = ("insurer", "policy", "limit", "currency", "valid_from", "valid_to")


# Parties. They stand in the directory, for all studies; whoever keeps contracts in a study may add and mend them.


@action(
    "contracts:organisation:add",
    N_("Organisation added"),
    by=OFFICE,
    asks=fields_of(Organisation, *_ORGANISATION),
)
def add_organisation(work: Work, *, study: Id, **fields: Any) -> Id:  # noqa: ARG001 - the study gives the right
    """Add a party; returns its id. Raises UserError for a name that is there already."""
    made = work.add(Organisation(**fields))
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
    correct(record, fields)
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
            where=_(Organisation.FIELDS["name"].label),
            remedy=_("Use the one that is there."),
        )


# Contracts


@action("contracts:contract:add", N_("Contract begun"), by=OFFICE, asks=fields_of(Contract, *_CONTRACT))
def add_contract(work: Work, *, study: Id, supporter: Id, institution: Id | None = None, **fields: Any) -> Id:
    """Begin a contract as a draft; returns its id. Raises UserError for a number in use or an unknown currency."""
    made = work.add(
        Contract(study=study, supporter=supporter, institution=institution, **{**fields, "state": rules.DRAFT})
    )
    _check_contract(work, made)
    return made.id


correct_contract = correcting(
    Contract,
    "contracts:contract:correct",
    N_("Contract corrected"),
    by=OFFICE,
    asks=(*_CONTRACT, "signed_on"),
    check=lambda work, record: _check_contract(work, record),
)

void_contract = voiding(
    Contract,
    "contracts:contract:void",
    N_("Contract voided"),
    by=OFFICE,
    check=lambda work, record: _check_without_terms(work, record),
)


def _check_contract(work: Work, record: Contract) -> None:
    rules.check_currency(record.currency)
    for name in ("supporter", "institution"):
        party = getattr(record, name)
        if party is not None and work.find(Organisation, party) is None:
            raise UserError(_("This organisation is not on this desk."), where=_(Contract.FIELDS[name].label))
    if (record.net_days or 0) < 0:
        raise UserError(_("Days cannot be negative."), where=_(Contract.FIELDS["net_days"].label))
    check_not_future(work, Contract.FIELDS["signed_on"].label, record.signed_on)
    wrong = rules.out_of_order((name, getattr(record, name)) for name in rules.ORDER)
    if wrong is not None:
        earlier, later = (_(Contract.FIELDS[name].label) for name in wrong)
        raise UserError(
            _("“{later}” cannot come before “{earlier}”.").format(later=later, earlier=earlier),
            where=later,
            remedy=_("Correct one of the two dates."),
        )


def _check_without_terms(work: Work, record: Contract) -> None:
    own = TermsVersion.TABLE.c
    active = own.activated_on.is_not(None)
    if work.read.first(sa.select(own.id).where(own.contract == record.id, active, ~own.voided)) is not None:
        raise UserError(
            _("This contract has terms that count."), where=_(Contract.LABEL), remedy=_("Close it instead.")
        )


def _step(name: str, said: str, *more: str, final: bool = False) -> Action:
    """Return the act that takes a contract one step on, dated by the step's field; `more` fields may be given."""
    step = rules.STEPS[name]
    asks = fields_of(Contract, step.dated, *more)

    def perform(work: Work, *, study: Id, contract: Id, **dates: date | None) -> Id:
        record = found_in(work, Contract, contract, study)
        if record.state != step.came_from:
            states = dict(rules.STATES)
            raise UserError(
                _("The contract is “{state}”; this follows “{before}”.").format(
                    state=_(states[record.state]), before=_(states[step.came_from])
                ),
                where=_(Contract.LABEL),
                remedy=_("Take the steps one after the other."),
            )
        if dates.get(step.dated) is None:
            dates[step.dated] = work.today
        if step.dated != "effective_from":
            check_not_future(work, Contract.FIELDS[step.dated].label, dates[step.dated])
        correct(record, {name: on for name, on in dates.items() if on is not None})
        record.state = step.leads_to
        _check_contract(work, record)
        return record.id

    return Action(f"contracts:contract:{name}", said, OFFICE, final, perform, asks, Contract.KIND)


negotiate_contract = _step("negotiate", N_("Contract negotiated"))
send_contract_to_signature = _step("send_to_signature", N_("Contract sent to signature"))
execute_contract = _step("execute", N_("Contract fully executed"), "signed_on")
activate_contract = _step("activate", N_("Contract in effect"))
close_contract = _step("close", N_("Contract closed"))


# Terms


@action(
    "contracts:terms:draft",
    N_("Terms drafted"),
    by=OFFICE,
    about=Contract.KIND,
    asks=fields_of(TermsVersion, "text"),
)
def draft_terms(work: Work, *, study: Id, contract: Id, text: str) -> Id:
    """Draft a version of a contract's terms; returns its id. `text` is one version with its currency and tax.

    Raises UserError for a text that cannot be read as terms, of another currency, or whose number is taken.
    """
    record = found_in(work, Contract, contract, study)
    return work.add(TermsVersion(**_drafted(work, record, text))).id


@action(
    "contracts:terms:correct",
    N_("Draft of terms changed"),
    by=OFFICE,
    about=TermsVersion.KIND,
    asks=fields_of(TermsVersion, "text"),
    edit="correct",
)
def correct_terms(work: Work, *, study: Id, terms_version: Id, version: int, text: str) -> Id:
    """Change terms that are still a draft; whoever does becomes their drafter. Raises UserError once they count."""
    needs_reason(work, TermsVersion)
    record = found_in(work, TermsVersion, terms_version, study, version)
    _check_draft(work, record)
    contract = found_in(work, Contract, record.contract, study)
    return correct(record, _drafted(work, contract, text, besides=record.id))


void_terms = voiding(
    TermsVersion,
    "contracts:terms:void",
    N_("Draft of terms voided"),
    by=OFFICE,
    check=lambda work, record: _check_draft(work, record),
)


@action(
    "contracts:terms:activate",
    N_("Terms activated"),
    by=APPROVING,
    final=True,
    about=TermsVersion.KIND,
    signs=N_("Approval of the terms"),
)
def activate_terms(work: Work, *, study: Id, terms_version: Id) -> Id:
    """Let a drafted version count from now on, signed by a second person.

    Raises UserError for errors in the text, for warnings without a reason, and where the contract is not executed;
    NotAllowed for the drafter.
    """
    record = found_in(work, TermsVersion, terms_version, study)
    _check_draft(work, record)
    contract = found_in(work, Contract, record.contract, study)
    if contract.state not in rules.IN_FORCE:
        raise UserError(
            _("The contract is not fully executed."),
            where=_(Contract.LABEL),
            remedy=_("Terms count once the last party has signed."),
        )
    two_persons(work, record.drafted_by, N_("Who drafted terms does not let them count."))
    found = read_terms(work, record.text, file=label(contract, record.number))
    refuse_errors(found.errors)
    if found.warnings and not work.act.reason.strip():
        raise UserError(
            _("These terms need a reason: {warnings}").format(warnings="; ".join(map(told, found.warnings))),
            where=_(TermsVersion.LABEL),
            remedy=_("Say why they are agreed all the same."),
        )
    record.activated_by, record.activated_on = work.act.account, work.today
    sign(work, record, activate_terms.signs)
    return record.id


@action("contracts:terms:load", N_("Terms agreed elsewhere loaded"), by=OFFICE | {OWNER},
        asks=(Field("text", N_("Terms"), name="text", required=True),))  # fmt: skip
def load_terms(work: Work, *, study: Id, text: str, file: str = "") -> Id:
    """Take over terms agreed elsewhere with their contract and supporter: they count at once. Returns the contract.

    An import: nobody approves anything here, and no date is invented; only the effective date is the first version's.
    Versions that are here already stay; more of them are added. Raises UserError for a text with errors, and for one
    that says of a version here something else than it says.
    """
    found = read_terms(work, text, file=file or _("Terms"))
    refuse_errors(found.errors)
    if not found.contract or not found.supporter or not found.direction or not found.currency:
        raise UserError(
            _("The file must name its contract, supporter, direction and currency."),
            where=file,
            remedy=_("Add the keys `contract`, `supporter`, `direction` and `currency`."),
        )
    own = Contract.TABLE.c
    known = work.read.value(sa.select(own.id).where(own.study == study, own.number == found.contract, ~own.voided))
    contract = work.get(Contract, known) if known else _taken_over(work, study, found)
    if contract.currency != found.currency:
        raise _other_currency(contract, found.currency)
    here = {row.number: row.text for row in _versions(work, contract.id)}
    for number, effective_from, retroactive, own_text in found.versions:
        if number in here:
            if here[number] != own_text:
                raise UserError(
                    _("Version {number} of these terms is here already and says something else.").format(number=number),
                    where=file,
                    remedy=_("Terms that count are never changed; give the new ones the next number."),
                )
            continue
        work.add(
            TermsVersion(
                study=study,
                contract=contract.id,
                number=number,
                effective_from=effective_from,
                retroactive=retroactive,
                text=own_text,
                drafted_by=work.act.account,
                drafted_on=work.today,
                activated_by=work.act.account,
                activated_on=work.today,
            )
        )
    return contract.id


def _taken_over(work: Work, study: Id, found: rules.TermsRead) -> Contract:
    own = Organisation.TABLE.c
    name = (found.supporter or "").strip()
    party = work.read.value(sa.select(own.id).where(sa.func.lower(own.name) == name.lower(), ~own.voided))
    return work.add(
        Contract(
            study=study,
            number=found.contract,
            kind="support",
            supporter=party or work.add(Organisation(name=name)).id,
            direction=found.direction,
            currency=found.currency,
            state=rules.ACTIVE,
            effective_from=min(version[1] for version in found.versions),
            imported=True,
        )
    )


def _drafted(work: Work, contract: Contract, text: str, besides: Id | None = None) -> dict[str, Any]:
    """Return the fields of a draft of that text. Raises UserError for what cannot become terms of the contract."""
    found = read_terms(work, text, file=_("Terms"))
    refuse_errors(found.errors)
    if len(found.versions) != 1:
        raise UserError(
            _("A draft holds exactly one version of the terms."),
            where=_(TermsVersion.LABEL),
            remedy=_("Several versions agreed elsewhere are taken over by loading their file."),
        )
    if contract.currency != found.currency:
        raise _other_currency(contract, found.currency)
    ((number, effective_from, retroactive, own_text),) = found.versions
    others = [row for row in _versions(work, contract.id) if row.id != besides]
    if any(row.number >= number for row in others):
        raise UserError(
            _("Version {number} is not the next: there is a version {last}.").format(
                number=number, last=max(row.number for row in others)
            ),
            where=_(TermsVersion.FIELDS["number"].label),
            remedy=_("Give it a higher number."),
        )
    return {
        "study": contract.study,
        "contract": contract.id,
        "number": number,
        "effective_from": effective_from,
        "retroactive": retroactive,
        "text": own_text,
        "drafted_by": work.act.account,
        "drafted_on": work.today,
    }


def _versions(work: Work, contract: Id) -> list[sa.Row[Any]]:
    own = TermsVersion.TABLE.c
    return work.read.rows(sa.select(own.id, own.number, own.text).where(own.contract == contract, ~own.voided))


def _check_draft(_work: Work, record: TermsVersion) -> None:
    if record.activated_on is not None:
        raise UserError(
            _("These terms count since {day} and are never changed.").format(day=record.activated_on),
            where=_(TermsVersion.LABEL),
            remedy=_("Draft the next version."),
        )


def _other_currency(contract: Contract, currency: str | None) -> UserError:
    return UserError(
        _("The contract is in {currency}, the terms are in {other}.").format(
            currency=contract.currency, other=currency or "–"
        ),
        where=_(Contract.FIELDS["currency"].label),
        remedy=_("A contract keeps its currency."),
    )


def label(contract: Contract, number: int) -> str:
    """Return how problems name a version of terms."""
    return _("{contract}, version {number}").format(contract=contract.number, number=number)


def refuse_errors(errors: tuple[Problem, ...]) -> None:
    """Raise UserError telling the errors, if there are any."""
    if errors:
        raise UserError(
            "; ".join(map(told, errors)), where=errors[0].file, remedy=_("Nothing was saved. Correct the text.")
        )


def two_persons(work: Work, first: Id | None, words: str) -> None:
    """Raise NotAllowed saying `words` (marked) if the acting person is the one behind the account `first`.

    Two accounts of one person are one person.
    """
    if first is not None and person_of(work.read, account=first) == person_of(work.read, account=work.act.account):
        raise NotAllowed(_(words), remedy=_("A second person does this."))


# Insurance


def _check_insurance(_work: Work, record: Insurance) -> None:
    check_order(
        Insurance.FIELDS["valid_to"].label,
        record.valid_from,
        record.valid_to,
        _("The insurance would end before it begins."),
    )
    if record.limit is not None:
        rules.check_currency(record.currency or "")


add_insurance = adding(
    Insurance,
    "contracts:insurance:add",
    N_("Insurance recorded"),
    by=OFFICE,
    asks=_INSURANCE,
    check=_check_insurance,
)
correct_insurance = correcting(
    Insurance,
    "contracts:insurance:correct",
    N_("Insurance corrected"),
    by=OFFICE,
    asks=_INSURANCE,
    check=_check_insurance,
)
void_insurance = voiding(Insurance, "contracts:insurance:void", N_("Insurance voided"), by=OFFICE)

ACTIONS: tuple[Action, ...] = (
    add_organisation,
    correct_organisation,
    void_organisation,
    add_contract,
    correct_contract,
    void_contract,
    negotiate_contract,
    send_contract_to_signature,
    execute_contract,
    activate_contract,
    close_contract,
    draft_terms,
    correct_terms,
    void_terms,
    activate_terms,
    load_terms,
    add_insurance,
    correct_insurance,
    void_insurance,
)
"""Everything a person can do with contracts."""
