"""What is done about a contract beside its money: clauses, turns, obligations, support in kind, fair value."""

from __future__ import annotations

from datetime import date

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.contracts import rules
from trialdesk.contracts.records import BudgetDecision, Contract, FairValue, InKind, Obligation, Particular, Party, Turn
from trialdesk.contracts.rules import APPROVING, OFFICE
from trialdesk.contracts.vocabulary import topics_of
from trialdesk.people.acting import Action, Check, action, adding, correcting, fields_of, voiding
from trialdesk.people.checks import check_not_future, check_order, check_second_person, label_of
from trialdesk.persistence.declaration import Record
from trialdesk.persistence.editing import correct, found_in
from trialdesk.persistence.work import Work


def _check_topic(work: Work, record: Particular) -> None:
    contract = found_in(work, Contract, record.contract, record.study)
    if record.topic not in topics_of(contract.kind):
        raise UserError(
            _("A contract of the kind “{kind}” does not settle this.").format(kind=_(dict(rules.KINDS)[contract.kind])),
            where=label_of(Particular, "topic"),
            remedy=_("Choose another matter, or correct the kind of the contract."),
        )
    if (record.days or 0) < 0:
        raise UserError(_("Days cannot be negative."), where=label_of(Particular, "days"))


def _check_turn(work: Work, record: Turn) -> None:
    check_not_future(work, Turn.FIELDS["sent_on"].label, record.sent_on)
    check_not_future(work, Turn.FIELDS["returned_on"].label, record.returned_on)
    check_order(
        Turn.FIELDS["returned_on"].label, record.sent_on, record.returned_on, _("It came back before it was sent.")
    )


def _check_further(work: Work, record: Party) -> None:
    contract = found_in(work, Contract, record.contract, record.study)
    if record.organisation in {contract.supporter, contract.institution}:
        raise UserError(
            _("This organisation is one of the two parties already."),
            where=label_of(Party, "organisation"),
            remedy=_("Say with the contract what it is to the study."),
        )
    check_not_future(work, Party.FIELDS["signed_on"].label, record.signed_on)


def _check_budget(work: Work, record: BudgetDecision) -> None:
    check_not_future(work, BudgetDecision.FIELDS["decided_on"].label, record.decided_on)


def _check_obligation(work: Work, record: Obligation) -> None:
    check_not_future(work, Obligation.FIELDS["met_on"].label, record.met_on)


def _check_in_kind(work: Work, record: InKind) -> None:
    check_not_future(work, InKind.FIELDS["received_on"].label, record.received_on)
    if record.unit_value is not None:
        rules.check_currency(record.currency or "")
    for name in ("quantity", "used", "returned"):
        if (getattr(record, name) or 0) < 0:
            raise UserError(_("A quantity cannot be negative."), where=label_of(InKind, name))
    if (record.used or 0) + (record.returned or 0) > record.quantity:
        raise UserError(
            _("More was used and returned than was given."),
            where=label_of(InKind, "used"),
            remedy=_("Correct one of the three numbers."),
        )


def _check_fair(work: Work, record: FairValue) -> None:
    rules.check_currency(record.currency)
    if record.low > record.high:
        raise UserError(_("The range ends before it begins."), where=label_of(FairValue, "high"))
    # What was approved was another amount, range or justification.
    record.checked_by, record.approved_by, record.approved_on = work.act.account, None, None


def _kept(
    record: type[Record], *said: str, words: str, asks: tuple[str, ...], check: Check
) -> tuple[Action, Action, Action]:
    """Return the acts that add, correct and void what belongs to a contract."""
    stem, added, corrected, voided = said
    return (
        adding(record, f"{stem}:add", added, by=OFFICE, asks=asks, about="contract", check=check, words=words),
        correcting(record, f"{stem}:correct", corrected, by=OFFICE, asks=asks, check=check),
        voiding(record, f"{stem}:void", voided, by=OFFICE),
    )


PARTIES = _kept(
    Party,
    "contracts:party",
    N_("Further party recorded"),
    N_("Further party corrected"),
    N_("Further party voided"),
    words=N_("Add further party"),
    asks=("organisation", "role", "signs", "signed_on"),
    check=_check_further,
)
BUDGET_DECISIONS = _kept(
    BudgetDecision,
    "contracts:budget_decision",
    N_("Budget decided"),
    N_("Budget decision corrected"),
    N_("Budget decision voided"),
    words=N_("Decide on the budget"),
    asks=("protocol_version", "decision", "decided_on", "grounds"),
    check=_check_budget,
)
CLAUSES = _kept(
    Particular,
    "contracts:particular",
    N_("Clause recorded"),
    N_("Clause corrected"),
    N_("Clause voided"),
    words=N_("Add clause"),
    asks=("topic", "words", "days", "until"),
    check=_check_topic,
)
TURNS = _kept(
    Turn,
    "contracts:turn",
    N_("Turn recorded"),
    N_("Turn corrected"),
    N_("Turn voided"),
    words=N_("Record turn"),
    asks=("holder", "sent_on", "returned_on", "issue", "words"),
    check=_check_turn,
)
OBLIGATIONS = _kept(
    Obligation,
    "contracts:obligation",
    N_("Obligation recorded"),
    N_("Obligation corrected"),
    N_("Obligation voided"),
    words=N_("Add obligation"),
    asks=("what", "due_on", "remarks"),
    check=_check_obligation,
)
SUPPORT = _kept(
    InKind,
    "contracts:in_kind",
    N_("Support in kind recorded"),
    N_("Support in kind corrected"),
    N_("Support in kind voided"),
    words=N_("Add support in kind"),
    asks=(
        "kind",
        "name",
        "quantity",
        "unit_value",
        "currency",
        "value_source",
        "needed_first",
        "received_on",
        "used",
        "returned",
    ),
    check=_check_in_kind,
)
FAIR_VALUES = _kept(
    FairValue,
    "contracts:fair_value",
    N_("Fair value checked"),
    N_("Fair value check corrected"),
    N_("Fair value check voided"),
    words=N_("Check fair value"),
    asks=("item", "amount", "currency", "low", "high", "source", "justification"),
    check=_check_fair,
)


@action(
    "contracts:turn:return",
    N_("Draft came back"),
    by=OFFICE,
    about=Turn.KIND,
    asks=fields_of(Turn, "returned_on"),
    words=N_("Record its return"),
)
def return_turn(work: Work, *, study: Id, turn: Id, returned_on: date | None = None) -> Id:
    """Record that the draft came back; today unless said. Raises UserError where it is back already."""
    record = found_in(work, Turn, turn, study)
    if record.returned_on is not None:
        raise UserError(_("This turn is over already."), where=_(Turn.LABEL), remedy=_("Correct it instead."))
    correct(record, {"returned_on": returned_on or work.today})
    _check_turn(work, record)
    return record.id


@action(
    "contracts:obligation:meet",
    N_("Obligation met"),
    by=OFFICE,
    about=Obligation.KIND,
    asks=fields_of(Obligation, "met_on"),
    words=N_("Record that it was met"),
)
def meet_obligation(work: Work, *, study: Id, obligation: Id, met_on: date | None = None) -> Id:
    """Record that what was owed is done; today unless said. Raises UserError where it was done already."""
    record = found_in(work, Obligation, obligation, study)
    if record.met_on is not None:
        raise UserError(_("This obligation was met already."), where=_(Obligation.LABEL))
    correct(record, {"met_on": met_on or work.today})
    _check_obligation(work, record)
    return record.id


@action(
    "contracts:fair_value:approve",
    N_("Fair value approved"),
    by=APPROVING,
    about=FairValue.KIND,
    words=N_("Approve fair value"),
)
def approve_fair_value(work: Work, *, study: Id, fair_value: Id) -> Id:
    """Approve a check. Raises UserError outside the range without a justification, NotAllowed for who wrote it."""
    record = found_in(work, FairValue, fair_value, study)
    check_second_person(work, record.checked_by, N_("Who checks a fair value does not approve it."))
    if not record.low <= record.amount <= record.high and not (record.justification or "").strip():
        raise UserError(
            _("The amount lies outside the range."),
            where=label_of(FairValue, "amount"),
            remedy=_("Say under “Justification” why it is paid all the same."),
        )
    correct(record, {"approved_by": work.act.account, "approved_on": work.today})
    return record.id


ACTIONS: tuple[Action, ...] = (
    *PARTIES,
    *CLAUSES,
    *BUDGET_DECISIONS,
    *TURNS,
    return_turn,
    *OBLIGATIONS,
    meet_obligation,
    *SUPPORT,
    *FAIR_VALUES,
    approve_fair_value,
)
