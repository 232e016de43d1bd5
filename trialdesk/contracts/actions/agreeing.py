"""Terms: drafted by one person and activated by a second, or agreed elsewhere and taken over."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from trialdesk.base.errors import UserError
from trialdesk.base.fields import Field
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.base.problems import Problem
from trialdesk.contracts import rules
from trialdesk.contracts.approvals import approvals, fingerprint
from trialdesk.contracts.records import Contract, Organisation, TermsVersion, WarningApproval
from trialdesk.contracts.rules import APPROVING, OFFICE, Crossed
from trialdesk.contracts.terms import read_terms, told
from trialdesk.people.acting import Action, action, fields_of, needs_reason, tidied, voiding
from trialdesk.people.checks import check_second_person, label_of
from trialdesk.people.rules import OWNER
from trialdesk.people.signing import sign
from trialdesk.persistence.editing import correct, found_in
from trialdesk.persistence.work import Work
from trialdesk.studies.records import ProtocolVersion

_AMENDING = ("occasion", "protocol_version", "retroactive_grounds")


def _check_draft(_work: Work, record: TermsVersion) -> None:
    if record.activated_on is not None:
        raise UserError(
            _("These terms count since {day} and are never changed.").format(day=record.activated_on),
            where=_(TermsVersion.LABEL),
            remedy=_("Draft the next version."),
        )


@action(
    "contracts:terms:draft",
    N_("Terms drafted"),
    by=OFFICE,
    about=Contract.KIND,
    asks=fields_of(TermsVersion, "text", *_AMENDING),
    words=N_("Draft terms"),
    makes=TermsVersion.KIND,
)
def draft_terms(work: Work, *, study: Id, contract: Id, text: str, **amending: Any) -> Id:
    """Draft a version of a contract's terms; returns its id. `text` is one version with its currency and tax.

    `amending` says what a version that follows another is agreed for, and why it reaches back if it does.
    Raises UserError for a text that cannot be read as terms, of another currency, or whose number is taken.
    """
    record = found_in(work, Contract, contract, study)
    made = work.add(TermsVersion(study=study, **_drafted(work, record, text), **tidied(TermsVersion, amending)))
    _check_amending(work, made)
    return made.id


@action(
    "contracts:terms:correct",
    N_("Draft of terms changed"),
    by=OFFICE,
    about=TermsVersion.KIND,
    asks=fields_of(TermsVersion, "text", *_AMENDING),
    edit="correct",
)
def correct_terms(work: Work, *, study: Id, terms_version: Id, version: int, text: str, **amending: Any) -> Id:
    """Change terms that are still a draft; whoever does becomes their drafter. Raises UserError once they count."""
    needs_reason(work, TermsVersion)
    record = found_in(work, TermsVersion, terms_version, study, version)
    _check_draft(work, record)
    contract = found_in(work, Contract, record.contract, study)
    correct(record, {**_drafted(work, contract, text, besides=record.id), **tidied(TermsVersion, amending)})
    _check_amending(work, record)
    return record.id


void_terms = voiding(
    TermsVersion,
    "contracts:terms:void",
    N_("Draft of terms voided"),
    by=OFFICE,
    check=_check_draft,
)


@action(
    "contracts:terms:activate",
    N_("Terms activated"),
    by=APPROVING,
    final=True,
    about=TermsVersion.KIND,
    signs=N_("Approval of the terms"),
    why=True,
    words=N_("Activate terms"),
)
def activate_terms(work: Work, *, study: Id, terms_version: Id) -> Id:
    """Let a drafted version count from now on, signed by a second person.

    Warnings nobody approved are approved by who activates, for the reason given. Raises UserError for errors in the
    text, for such warnings without a reason, and where the contract is not executed;
    NotAllowed for the drafter.
    """
    record = found_in(work, TermsVersion, terms_version, study)
    _check_draft(work, record)
    contract = found_in(work, Contract, record.contract, study)
    if contract.state not in rules.SETTLING:
        raise UserError(
            _("The contract is not fully executed."),
            where=_(Contract.LABEL),
            remedy=_("Terms count once the last party has signed."),
        )
    check_second_person(work, record.drafted_by, N_("Who drafted terms does not let them count."))
    _refuse_before_first(work, record)
    _refuse_unsaid(work, record)
    found = read_terms(work, record.text, file=label(contract, record.number))
    refuse(found.unreadable)
    if contract.currency != found.currency:
        raise _other_currency(contract, found.currency)
    refuse(found.errors)
    _approve_rest(work, record, found.warnings)
    record.activated_by, record.activated_on = work.act.account, work.today
    sign(work, record, activate_terms.signs)
    return record.id


def _check_amending(work: Work, record: TermsVersion) -> None:
    """Raise UserError for a version of the protocol that is not this study's, or that nobody names the amendment of."""
    if record.protocol_version is not None:
        found_in(work, ProtocolVersion, record.protocol_version, record.study)
    _refuse_before_first(work, record)
    if record.occasion == rules.OF_PROTOCOL and record.protocol_version is None:
        raise UserError(
            _("Which version of the protocol these terms follow is not named."),
            where=label_of(TermsVersion, "protocol_version"),
            remedy=_("Name it: who reads the trail finds the amendment there."),
        )


def _refuse_before_first(work: Work, record: TermsVersion) -> None:
    """Raise UserError for terms that begin before those that counted first: nobody could say what held in between."""
    counting = [row for row in _versions(work, record.contract) if row.activated_on and row.id != record.id]
    first = min((row.effective_from for row in counting), default=None)
    if first is not None and record.effective_from < first:
        raise UserError(
            _("These terms are effective before the contract's first, which count from {day}.").format(day=first),
            where=label_of(TermsVersion, "effective_from"),
            remedy=_("Give `effective_from` that day or a later one."),
        )


def _refuse_unsaid(work: Work, record: TermsVersion) -> None:
    """Raise UserError for an amendment that does not say what it is agreed for, or why it reaches back."""
    earlier = [row for row in _versions(work, record.contract) if row.number < record.number]
    if earlier and record.occasion is None:
        raise UserError(
            _("These terms follow others and do not say what for."),
            where=label_of(TermsVersion, "occasion"),
            remedy=_("Correct the draft and choose the occasion of the amendment."),
        )
    reaches_back = record.retroactive or record.effective_from < work.today
    if earlier and reaches_back and not record.retroactive_grounds:
        raise UserError(
            _("These terms reach back and do not say why."),
            where=label_of(TermsVersion, "retroactive_grounds"),
            remedy=_("Correct the draft and write the reason."),
        )


def _approve_rest(work: Work, record: TermsVersion, warnings: tuple[Crossed, ...]) -> None:
    """Let the one who activates, and no other, approve the warnings nobody approved before, for the reason given."""
    approved = {each.code for each in approvals(work.read, terms_version=record.id, text=record.text)}
    left = [each for each in warnings if each.code not in approved]
    grounds = work.act.reason.strip()
    if left and not grounds:
        raise UserError(
            _("These terms need a reason: {warnings}").format(warnings="; ".join(map(told, left))),
            where=_(TermsVersion.LABEL),
            remedy=_("Say why they are agreed all the same."),
        )
    for code in dict.fromkeys(each.code for each in left):
        work.add(
            WarningApproval(
                study=record.study,
                terms_version=record.id,
                code=code,
                grounds=grounds,
                approved_by=work.act.account,
                approved_on=work.today,
                text_sha256=fingerprint(record.text),
            )
        )


@action(
    "contracts:terms:load",
    N_("Terms agreed elsewhere loaded"),
    by=OFFICE | {OWNER},
    asks=(Field("text", N_("Terms"), name="text", required=True, prose=True),),
    words=N_("Load terms"),
    makes=Contract.KIND,
)
def load_terms(work: Work, *, study: Id, text: str, file: str = "") -> Id:
    """Take over terms agreed elsewhere with their contract and supporter. Returns the contract.

    Those of a contract agreed elsewhere count at once, for statements: bright lines they cross are told, no date is
    invented, the contract is effective from its first version on. Before money is asked for under them,
    `payments.agreed` wants no line crossed that refuses activation, and a second person. Those of a contract begun on
    this desk are drafts, activated as any draft is. Versions that are here already stay; more of them are added.

    Raises UserError for a text that cannot be read, and for one that says otherwise of a version that is here.
    """
    found = read_terms(work, text, file=file or _("Terms"))
    refuse(found.unreadable)
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
            if here[number] != own_text and own_text not in _as_kept_today(work, here[number], file):
                raise UserError(
                    _("Version {number} of these terms is here already and says something else.").format(number=number),
                    where=file,
                    remedy=_("Terms that count are never changed; give the new ones the next number."),
                )
            continue
        loaded = work.add(
            TermsVersion(
                study=study,
                contract=contract.id,
                number=number,
                effective_from=effective_from,
                retroactive=retroactive,
                text=own_text,
                drafted_by=work.act.account,
                drafted_on=work.today,
                activated_by=work.act.account if contract.imported else None,
                activated_on=work.today if contract.imported else None,
            )
        )
        if here:
            _refuse_before_first(work, loaded)
    return contract.id


def _as_kept_today(work: Work, text: str, file: str) -> set[str]:
    """Return the terms of a text that an earlier version of the program kept, as they would be kept now."""
    return {own_text for *_others, own_text in read_terms(work, text, file=file).versions}


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
    refuse(found.unreadable)
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
            where=label_of(TermsVersion, "number"),
            remedy=_("Give it a higher number."),
        )
    return {
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
    query = sa.select(own.id, own.number, own.text, own.effective_from, own.activated_on)
    return work.read.rows(query.where(own.contract == contract, ~own.voided))


def _other_currency(contract: Contract, currency: str | None) -> UserError:
    return UserError(
        _("The contract is in {currency}, the terms are in {other}.").format(
            currency=contract.currency, other=currency or "–"
        ),
        where=label_of(Contract, "currency"),
        remedy=_("A contract keeps its currency."),
    )


def label(contract: Contract, number: int) -> str:
    """Return how problems name a version of terms."""
    return _("{contract}, version {number}").format(contract=contract.number, number=number)


def refuse(errors: tuple[Problem, ...]) -> None:
    """Raise UserError telling the errors, if there are any."""
    if errors:
        raise UserError(
            "; ".join(map(told, errors)), where=errors[0].file, remedy=_("Nothing was saved. Correct the text.")
        )


ACTIONS: tuple[Action, ...] = (draft_terms, correct_terms, void_terms, activate_terms, load_terms)
