"""Contracts with all that follows from each, the parties to them, and the participants' insurance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.contracts.queries import contracts, named_on
from trialdesk.contracts.rules import STANDINGS, STATES, STEPS, standing
from trialdesk.contracts.standing import Clock, clocks
from trialdesk.contracts.vocabulary import HOLDERS, ISSUES, TOPICS, topics_of
from trialdesk.desktop import certified, issued
from trialdesk.desktop.cockpit import MoneyStands
from trialdesk.desktop.models.rows import Column
from trialdesk.desktop.registers.columns import Shown, amounts_of
from trialdesk.desktop.registers.declaration import Register
from trialdesk.desktop.widgets.editors import Options
from trialdesk.overview.register import Line
from trialdesk.people.acting import Action
from trialdesk.persistence.reading import Read

# As in the way of money, with the columns that have room in a record.
CERTIFICATES = replace(
    certified.CERTIFICATES,
    key="contract-certificates",
    columns=(Shown("number", 170), certified.WAITING, amounts_of("pay", N_("Payable"), width=116)),
    begins=None,
)
INVOICES = replace(
    issued.INVOICES,
    key="contract-invoices",
    columns=(
        Shown("number", 96),
        issued.STATE,
        amounts_of("gross", N_("Gross"), width=116),
        amounts_of("open", N_("Open amount"), width=116),
    ),
)
RECEIPTS = replace(
    issued.RECEIPTS,
    key="contract-receipts",
    columns=(
        Shown("value_on", 110),
        Shown("reference", 130),
        amounts_of("amount", N_("Amount"), width=116),
        amounts_of("unapplied", N_("Not allocated"), width=116),
    ),
)
APPROVALS = Register(
    kind="contracts.warning_approval",
    title=N_("Approved warnings"),
    columns=(Shown("code", 220), Shown("approved_by", 140), Shown("approved_on", 116)),
)
TERMS = Register(
    kind="contracts.terms_version",
    title=N_("Terms"),
    columns=(Shown("number", 80), Shown("effective_from", 128), Shown("activated_on", 128)),
    follows=(APPROVALS,),
)


def _settled_by(read: Read, *, study: Id, on: date, subject: Line | None) -> Options:  # noqa: ARG001 - as every choice is asked
    """Return the matters that the contract's kind settles, in the order in which people look for them."""
    contract = subject.id if subject and subject.kind == "contracts.contract" else None
    kind = next((row.kind for row in contracts(read, study=study) if row.id == contract), "other")
    words = dict(TOPICS)
    return tuple((code, _(words[code])) for code in topics_of(kind))


PARTIES = Register(
    kind="contracts.party",
    title=N_("Further parties"),
    columns=(Shown("organisation", 200), Shown("role", 180), Shown("signed_on", 116)),
)
BUDGETS = Register(
    kind="contracts.budget_decision",
    title=N_("Budget decisions"),
    columns=(Shown("protocol_version", 130), Shown("decision", 180), Shown("decided_on", 116)),
)
CLAUSES = Register(
    kind="contracts.particular",
    title=N_("Clauses"),
    columns=(Shown("topic", 180), Shown("words", 240), Shown("days", 80), Shown("until", 116)),
    options={"topic": _settled_by},
)
TURNS = Register(
    kind="contracts.turn",
    title=N_("Turns of the draft"),
    columns=(Shown("holder", 140), Shown("sent_on", 116), Shown("returned_on", 116), Shown("issue", 140)),
)
OBLIGATIONS = Register(
    kind="contracts.obligation",
    title=N_("Obligations"),
    columns=(Shown("due_on", 116), Shown("what", 280), Shown("met_on", 116)),
)
SUPPORT = Register(
    kind="contracts.in_kind",
    title=N_("Support in kind"),
    columns=(Shown("name", 180), Shown("kind", 110), Shown("quantity", 90), "unit_value", Shown("received_on", 116)),
)
FAIR_VALUES = Register(
    kind="contracts.fair_value",
    title=N_("Fair value checks"),
    columns=(Shown("item", 150), "amount", "low", "high", Shown("approved_on", 116)),
)
INTERESTS = Register(
    kind="contracts.interest",
    title=N_("Declarations of interest"),
    columns=(Shown("person", 160), Shown("declared_on", 116), Shown("expires_on", 116), Shown("has_interest", 150)),
)
POLICIES = Register(
    kind="payments.policy",
    title=N_("Distribution policies"),
    columns=(Shown("number", 80), Shown("effective_from", 128), Shown("activated_on", 128)),
)


_ENDING = frozenset(
    f"contracts:contract:{verb}" for verb in ("suspend", "begin_closing", "close", "terminate", "abandon")
)


def _out_of_turn(action: Action, line: Line) -> str:
    step = STEPS.get(action.name.rpartition(":")[2])
    if step is None or line.value("state") in step.came_from:
        return ""
    before = "”, “".join(_(dict(STATES)[each]) for each in step.came_from)
    return _("This step follows “{before}”.").format(before=before)


@dataclass(frozen=True, slots=True)
class Standing:
    """A contract as it stands today: `stands` is its state, or that its last day has passed."""

    id: Id
    version: int
    number: str
    stands: str
    supporter: str
    kind: str
    fully_executed_on: date | None
    ends_on: date | None


def _standing(read: Read, *, study: Id, on: date) -> tuple[Standing, ...]:
    """Return the contracts as they stand. Two statements."""
    names = named_on(read, on=on)
    return tuple(
        Standing(
            row.id,
            row.version,
            row.number,
            standing(row.state, row.ends_on, on),
            names.get(row.supporter, ""),
            row.kind,
            row.fully_executed_on,
            row.ends_on,
        )
        for row in contracts(read, study=study)
    )


def _days(name: str) -> Callable[[Clocked], object]:
    return lambda row: row.clock.days[name]


@dataclass(frozen=True, slots=True)
class Clocked:
    """A contract with its clock."""

    id: Id
    version: int
    number: str
    state: str
    clock: Clock


def _clocked(read: Read, *, study: Id, on: date) -> tuple[Clocked, ...]:
    """Return the contracts with the days their drafts lay with each holder. Three statements."""
    found = {clock.contract: clock for clock in clocks(read, study=study, on=on)}
    rows = contracts(read, study=study)
    return tuple(Clocked(row.id, row.version, row.number, row.state, found[row.id]) for row in rows)


def _lies_with(row: Clocked) -> str:
    return _(dict(HOLDERS)[row.clock.open_with]) if row.clock.open_with else ""


def _stalls(row: Clocked) -> str:
    words = dict(ISSUES)
    return ", ".join(f"{_(words[issue])} ({count})" for issue, count in sorted(row.clock.stalls.items()))


REGISTERS = (
    Register(
        kind="contracts.contract",
        title=N_("Contracts"),
        columns=(
            Shown("number", 160),
            Column("state", N_("State"), lambda row: _(dict(STANDINGS)[row.stands]), width=110),
            Shown("supporter", 180),
            Shown("kind", 150),
            "fully_executed_on",
            "ends_on",
        ),
        rows=_standing,
        also=frozenset({"contracts.organisation"}),
        icon="money",
        empty=N_(
            "What was agreed with whom. Terms written here count once a second person activates them; terms agreed "
            "elsewhere are loaded from their file and count at once."
        ),
        follows=(
            TERMS,
            TURNS,
            PARTIES,
            CLAUSES,
            BUDGETS,
            OBLIGATIONS,
            SUPPORT,
            FAIR_VALUES,
            CERTIFICATES,
            INVOICES,
            RECEIPTS,
            POLICIES,
        ),
        unless=_out_of_turn,
        ends=_ENDING,
        within=MoneyStands,
    ),
    Register(
        kind="contracts.contract",
        key="contracts-clock",
        title=N_("Turn clock"),
        columns=(
            Column("number", N_("Contract number"), lambda row: row.number, width=110),
            Column("state", N_("State"), lambda row: _(dict(STATES)[row.state]), width=110),
            Column("turns", N_("Turns"), lambda row: row.clock.turns, "number", width=64),
            Column("now", N_("Lies with"), _lies_with, width=116),
            Column("us", N_("Days with us"), _days("us"), "number", width=100),
            Column("them", N_("Days with them"), _days("them"), "number", width=116),
            Column("third", N_("Days with a third"), _days("third"), "number", width=124),
            Column("final", N_("Days to final terms"), lambda row: row.clock.final_terms, "number", width=140),
            Column("full", N_("Days to full execution"), lambda row: row.clock.full_execution, "number", width=160),
            Column("stalls", N_("Stalls on"), _stalls, width=200),
        ),
        icon="calendar",
        empty=N_("How long each draft lay with whom, and what it stalled on."),
        rows=_clocked,
        begins=(),
        also=frozenset({"contracts.turn"}),
        acts=(),
        follows=(TURNS,),
    ),
    Register(
        kind="contracts.insurance",
        title=N_("Insurance"),
        columns=(Shown("insurer", 200), "policy", "valid_from", "valid_to"),
        icon="department",
        empty=N_("What covers participants if they come to harm, and from when to when."),
    ),
    Register(
        kind="contracts.organisation",
        title=N_("Organisations"),
        columns=(Shown("name", 260), "country", "tax_id"),
        icon="partners",
        empty=N_("Companies, hospitals and insurers, for all studies of this desk."),
        follows=(INTERESTS,),
    ),
)
