"""Terms tried on chosen facts before they count: for every rule what each condition says, and what comes of it.

The facts are those of a case file, less what a person need not know: an id and the instant of recording.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.base.money import exponent_of, plain_money
from trialdesk.base.values import dataclass
from trialdesk.contracts.queries import the_contract
from trialdesk.payments.cases import case_of
from trialdesk.payments.rules.assess import assess
from trialdesk.payments.rules.case import Case, Unreadable, read_case, with_facts
from trialdesk.payments.rules.conditions import Truth, holds
from trialdesk.payments.rules.facts import KINDS, Fact, Known, View
from trialdesk.payments.rules.lines import Line
from trialdesk.payments.rules.nodes import Node, Refused, Wrong, read_nodes
from trialdesk.payments.rules.places import Where
from trialdesk.payments.rules.predicates import Predicate
from trialdesk.payments.rules.reading_facts import fact_shape
from trialdesk.payments.rules.terms import Rule
from trialdesk.payments.rules.units import Contract
from trialdesk.payments.rules.wording import told
from trialdesk.payments.terms import ANY_TIME
from trialdesk.persistence.reading import Read
from trialdesk.trail.position import last_known

FACTS = "facts"
_END = time(23, 59, 59)


@dataclass(frozen=True, slots=True)
class Answer:
    """What one condition says of a unit: true, false, or not to be said yet."""

    words: str
    truth: Truth


@dataclass(frozen=True, slots=True)
class Tried:
    """What comes of one rule for one unit; without a unit `state` is empty: nothing sets it off.

    Amounts are minor units. `factors` are completeness, window and grade, exact.
    """

    id: str
    rule: str
    unit: str
    on: date | None
    state: str
    line: int
    hold: int
    pay: int
    currency: str
    factors: tuple[str, str, str]
    answers: tuple[Answer, ...]
    why_not_more: tuple[str, ...]


def tried(text: str, facts: str, as_of: date) -> tuple[Tried, ...]:
    """Return what each rule of a text of terms gives for facts written by hand, in the order of the rules.

    Raises Unreadable where terms or facts cannot be read, naming the line in the one or the other.
    """
    case = read_case(text, _("Terms"), recorded_at=ANY_TIME)
    known_at = datetime.combine(as_of, _END, UTC)
    # What is tried counts now, whenever it will: only days matter here.
    case = replace(case, terms=tuple(replace(terms, recorded_at=ANY_TIME) for terms in case.terms))
    case = with_facts(replace(case, certified=None, invoiced=(), credited=()), read_facts(facts, case))
    found = assess(case, as_of, known_at)
    contract = Contract(case.terms, View(Known(case.facts, known_at), as_of), case.calendars)
    rows: list[Tried] = []
    for rule in {rule.code: rule for terms in case.terms for rule in terms.rules}.values():
        lines = [line for line in found.lines if line.unit.rule.code == rule.code]
        rows += [_of_line(case, contract, line) for line in lines]
        study = [each for each in found.study_level if each.rule.code == rule.code]
        rows += [
            Tried(
                id=" ".join(each.line),
                rule=rule.code,
                unit=each.key,
                on=None,
                state=each.state,
                line=each.amount,
                hold=0,
                pay=each.amount,
                currency=case.currency,
                factors=("1", "1", "1"),
                answers=_answers(contract, rule, rule.require),
                why_not_more=tuple(why.words() for why in each.why_not_more),
            )
            for each in study
        ]
        if not lines and not study:
            rows.append(_unmet(case, contract, rule))
    return tuple(rows)


def read_facts(written: str, case: Case) -> tuple[Fact, ...]:
    """Return facts written as a list, each with its kind and day; ids and instants are given where none are.

    Raises Unreadable naming the line.
    """
    if not written.strip():
        return ()
    try:
        node = read_nodes(written)
        if not isinstance(node.value, tuple):
            raise node.wrong(_("Here stands a list of facts, each beginning with a hyphen."))
        shape = fact_shape(case.exponent)
        return tuple(shape(_completed(each, number)) for number, each in enumerate(node.value, start=1))
    except Refused as refused:
        raise Unreadable(_("Facts"), refused.wrongs) from refused


def facts_of(read: Read, *, study: Id, contract: Id, subject: str | None, visit: str | None, on: date) -> str:
    """Return a participant's facts as a person may change them: of one visit if it is named, and those of the study.

    Of everybody's where no participant is named there are those of the study alone. Some five statements. Raises
    UserError for somebody of whom nothing is known.
    """
    last = last_known(read, study)
    row = the_contract(read, study=study, number=contract)
    facts = case_of(read, study=study, contract=row, known_at=last[0]).case.facts if last else ()
    hidden = {fact.supersedes for fact in facts}
    standing = [fact for fact in facts if fact.id not in hidden and fact.kind != "void" and fact.occurred_on <= on]
    if subject is not None and not any(fact.subject == subject for fact in standing):
        raise UserError(_("Nothing is recorded of participant {number}.").format(number=subject))
    chosen = [
        fact
        for fact in standing
        if (fact.subject is None or fact.subject == subject) and (visit is None or fact.visit in {None, visit})
    ]
    return "".join(
        _written(fact, exponent_of(row.currency))
        for fact in sorted(chosen, key=lambda each: (each.occurred_on, each.kind))
    )


def subjects_of(read: Read, *, study: Id, contract: Id) -> tuple[str, ...]:
    """Return of whom there are facts, by number. Some five statements."""
    last = last_known(read, study)
    if last is None:
        return ()
    row = the_contract(read, study=study, number=contract)
    facts = case_of(read, study=study, contract=row, known_at=last[0]).case.facts
    return tuple(sorted({fact.subject for fact in facts if fact.subject}))


def _written(fact: Fact, exponent: int) -> str:
    said = {"kind": fact.kind, "subject": fact.subject, "visit": fact.visit, "occurred_on": fact.occurred_on}
    more = {key: plain_money(value, exponent) if key == "cost" else value for key, value in fact.more.items()}
    parts = [f"{key}: {_scalar(value)}" for key, value in {**said, **more}.items() if value is not None]
    return f"- {{{', '.join(parts)}}}\n"


def _scalar(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case date():
            return value.isoformat()
        case list() | tuple():
            return f"[{', '.join(map(_scalar, value))}]"
        case _:
            quoted = str(value).replace("\\", "\\\\").replace('"', '\\"')
            return f'"{quoted}"' if value not in KINDS else str(value)


def _completed(node: Node, number: int) -> Node:
    """Return a fact with an id and the instant of its recording: the end of its day."""
    if not isinstance(node.value, dict):
        raise node.wrong(_("Here stands a fact, such as {kind: visit_done, visit: V1, occurred_on: 2026-03-31}."))
    said = dict(node.value)
    where = Where(f"[{number}]", node.where.line)
    said.setdefault("id", Node(f"f{number}", where))
    day = said.get("occurred_on")
    if day is None:
        raise Refused(Wrong(node.where, _("A fact says on which day it happened: occurred_on.")))
    kind = said.get("kind")
    if kind is not None and kind.value in KINDS and KINDS[str(kind.value)].subject:
        said.setdefault("subject", Node("001", where))
    said.setdefault("recorded_at", Node(f"{day.value}T23:59:59Z", day.where))
    return Node(said, node.where)


def _of_line(case: Case, contract: Contract, line: Line) -> Tried:
    unit = line.unit
    subject = unit.fact.subject if unit.fact else None
    scope = contract.scope(unit.day, subject, unit.fact, min_n=unit.rule.min_n)
    return Tried(
        id=" ".join(unit.line),
        rule=unit.rule.code,
        unit=unit.key,
        on=unit.day,
        state=line.state,
        line=line.amount,
        hold=line.hold,
        pay=line.pay,
        currency=case.currency,
        factors=(str(line.complete), str(line.window), str(line.grade)),
        answers=tuple(Answer(told(each), holds(each, scope)) for each in unit.rule.require),
        why_not_more=tuple(each.words() for each in line.why_not_more),
    )


def _unmet(case: Case, contract: Contract, rule: Rule) -> Tried:
    return Tried(
        id=rule.code,
        rule=rule.code,
        unit="",
        on=None,
        state="",
        line=0,
        hold=0,
        pay=0,
        currency=case.currency,
        factors=("1", "1", "1"),
        answers=() if rule.trigger is not None else _answers(contract, rule, rule.require),
        why_not_more=(),
    )


def _answers(contract: Contract, rule: Rule, require: Iterable[Predicate]) -> tuple[Answer, ...]:
    scope = contract.scope(contract.view.day, None, None, min_n=rule.min_n)
    return tuple(Answer(told(each), holds(each, scope)) for each in require)
