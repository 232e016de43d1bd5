"""Why an amount is what it is: from a line back to its factors, its rule, its facts and who recorded them."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.base.money import money_text
from trialdesk.base.values import dataclass
from trialdesk.base.written import written_day
from trialdesk.documents.queries import attached
from trialdesk.enrollment.records import Participant
from trialdesk.payments.cases import DeskCase
from trialdesk.payments.facts import SOURCES
from trialdesk.payments.owed import site_numbers, statement
from trialdesk.payments.queries import EntryRow, certificates, entries, invoices
from trialdesk.payments.records import Certificate
from trialdesk.payments.rules.explaining import explained
from trialdesk.payments.rules.facts import Fact
from trialdesk.payments.rules.lines import FAILED, Line
from trialdesk.payments.rules.reasons import Reason
from trialdesk.payments.rules.study_level import StudyLine
from trialdesk.payments.rules.terms import Terms
from trialdesk.payments.terms import rule_text
from trialdesk.people.queries import names_of_accounts
from trialdesk.people.signing import SignatureRow, signatures
from trialdesk.persistence.reading import Read


@dataclass(frozen=True, slots=True)
class WhyFact:
    """A fact behind a line: what happened when, the record that tells it, and who recorded it when by which act.

    `participant` is the id of the one it is about, None where it is about nobody here. `signed` are the signatures on
    that record, `documents` the titles of what is attached to it.
    """

    id: str
    kind: str
    occurred_on: date
    subject: str | None
    visit: str | None
    supersedes: str | None
    recorded_at: datetime
    recorded_by: str
    act: str
    record_kind: str
    record: Id
    participant: Id | None
    signed: tuple[SignatureRow, ...]
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WhyPaper:
    """A certificate or an invoice that names the line, and who signed it as what."""

    id: Id
    number: str
    signed: tuple[SignatureRow, ...] = ()


@dataclass(frozen=True, slots=True)
class WhyTerms:
    """The version of the terms a line is reckoned by, the rule as it is worded there, and who let it count when.

    `rule` is the rule in words, pairs of a name and what is said; empty for what is no rule of its own.
    """

    number: int
    effective_from: date
    activated_by: str
    recorded_at: datetime
    rule_text: str
    rule: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Why:
    """A line with everything behind it. Amounts are minor units; factors are exact fractions as text."""

    rule: str
    unit: str
    site: str | None
    state: str
    currency: str
    base: int
    overhead: int
    line: int
    hold: int
    forfeit: int
    pay: int
    complete: str
    window: str
    grade: str
    why_not_more: tuple[str, ...]
    terms: WhyTerms
    facts: tuple[WhyFact, ...]
    posted: tuple[EntryRow, ...]
    certificates: tuple[WhyPaper, ...]
    invoices: tuple[WhyPaper, ...]


def why(
    read: Read, *, study: Id, rule: str, unit: str, as_of: date, known_at: datetime, contract: str | None = None
) -> Why:
    """Return why a line is what it is. Some twenty statements. Raises UserError where there is no such line."""
    found = statement(read, study=study, contract=contract, as_of=as_of, known_at=known_at)
    key = rule, unit
    names = names_of_accounts(read)
    line = next((each for each in found.assessment.lines if each.unit.line == key), None)
    row = next((each for each in found.assessment.study_level if each.line == key), None)
    if line is None and row is None:
        raise UserError(
            _("There is no line {rule} {unit} as of {day}.").format(rule=rule, unit=unit, day=as_of),
            remedy=_("The statement lists the lines there are."),
        )
    ended = found.ended if line is not None and found.is_late(line) else None
    terms = line.unit.terms if line else row.terms if row else None
    assert terms is not None
    told = _Told(read, study, found.desk, _behind(found.desk, line))
    vouching = [
        each
        for each in certificates(read, study=study, contract=found.contract)
        if each.certified_on and any(certified.key == key for certified in each.lines)
    ]
    vouched = signatures(read, record=Certificate, study=study, of=[each.id for each in vouching])
    return Why(
        rule=rule,
        unit=unit,
        site=found.site_of(line, site_numbers(read, study=study)) if line else None,
        currency=found.desk.case.currency,
        **(_too_late(ended) if ended else _amounts(line, row)),  # type: ignore[arg-type]  # its keys are this class's
        terms=_terms(found.desk, terms, rule),
        facts=tuple(told.fact(fact, names) for fact in told.behind),
        posted=tuple(each for each in entries(read, contract=found.contract) if (each.rule, each.unit) == key),
        certificates=tuple(WhyPaper(each.id, each.number, vouched.get(each.id, ())) for each in vouching),
        invoices=tuple(
            WhyPaper(each.id, each.number)
            for each in invoices(read, study=study, contract=found.contract)
            if any((asked.rule, asked.unit) == key for asked in each.lines)
        ),
    )


def _amounts(line: Line | None, row: StudyLine | None) -> dict[str, object]:
    if line is not None:
        return {
            "state": line.state,
            "base": line.base,
            "overhead": line.overhead,
            "line": line.amount,
            "hold": line.hold,
            "forfeit": line.forfeit,
            "pay": line.pay,
            "complete": str(line.complete),
            "window": str(line.window),
            "grade": str(line.grade),
            "why_not_more": _words(line.why_not_more),
        }
    assert row is not None
    return {
        "state": row.state,
        "base": row.amount,
        "overhead": 0,
        "line": row.amount,
        "hold": 0,
        "forfeit": 0,
        "pay": row.amount,
        "complete": "1",
        "window": "1",
        "grade": "1",
        "why_not_more": _words(row.why_not_more),
    }


def _too_late(ended: date) -> dict[str, object]:
    """Return what is owed for something that happened after the contract had ended: nothing, and why."""
    why_not = _("The contract ended on {day}: what happened later is not certified under it.")
    nothing = dict.fromkeys(("base", "overhead", "line", "hold", "forfeit", "pay"), 0)
    factors = dict.fromkeys(("complete", "window", "grade"), "1")
    return {**nothing, **factors, "state": FAILED, "why_not_more": (why_not.format(day=written_day(ended)),)}


def _words(reasons: tuple[Reason, ...]) -> tuple[str, ...]:
    return tuple(each.words() for each in reasons)


def _terms(desk: DeskCase, terms: Terms, code: str) -> WhyTerms:
    row = next(each for each in desk.terms if each.number == terms.no)
    assert row.recorded_at is not None
    rule = terms.rule(code)
    return WhyTerms(
        number=terms.no,
        effective_from=row.effective_from,
        activated_by=row.activated_by or "",
        recorded_at=row.recorded_at,
        rule_text=rule_text(row.text, code),
        rule=explained(rule, lambda amount: money_text(amount, desk.case.currency)) if rule else (),
    )


def _behind(desk: DeskCase, line: Line | None) -> tuple[Fact, ...]:
    """Return the facts of a line with what each of them corrected before, oldest last."""
    by_id = {fact.id: fact for fact in desk.case.facts}
    found: dict[str, Fact] = {}
    for id_ in line.facts if line else ():
        fact = by_id.get(id_)
        while fact is not None and fact.id not in found:
            found[fact.id] = fact
            fact = by_id.get(fact.supersedes) if fact.supersedes else None
    return tuple(found.values())


class _Told:
    """The facts behind a line, with who recorded and signed the record of each and what is attached to it."""

    def __init__(self, read: Read, study: Id, desk: DeskCase, behind: tuple[Fact, ...]) -> None:
        self.behind = behind
        self._origins = {fact.id: desk.told.origins[fact.id] for fact in behind}
        records = {origin.record for origin in self._origins.values()}
        kinds = {origin.kind for origin in self._origins.values()}
        self._signed: dict[Id, tuple[SignatureRow, ...]] = {}
        for record in {source.of.KIND: source.of for source in SOURCES if source.of.KIND in kinds}.values():
            # What is not open to everybody cannot be signed.
            if record.AUDIENCE == "open":
                self._signed |= signatures(read, record=record, study=study, of=records)
        own = Participant.TABLE.c
        subjects = {fact.subject for fact in behind if fact.subject}
        rows = read.rows(
            sa.select(own.id, own.identifier).where(own.study == study, own.identifier.in_(subjects), ~own.voided)
        )
        self._people = {row.identifier: row.id for row in rows}
        self._attached = attached(read, study=study, to=records)

    def fact(self, fact: Fact, names: dict[Id, str]) -> WhyFact:
        origin = self._origins[fact.id]
        return WhyFact(
            id=fact.id,
            kind=fact.kind,
            occurred_on=fact.occurred_on,
            subject=fact.subject,
            visit=fact.visit,
            supersedes=fact.supersedes,
            recorded_at=fact.recorded_at,
            recorded_by=names.get(origin.account or "", ""),
            act=origin.action,
            record_kind=origin.kind,
            record=origin.record,
            participant=self._people.get(fact.subject or ""),
            signed=self._signed.get(origin.record, ()),
            documents=self._attached.get(origin.record, ()),
        )
