"""What a certificate vouches for: each deliverable as the terms word it, its conditions with their verdicts, its facts.

Told as it was known when the certificate was prepared, whatever has become known since.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import partial

import sqlalchemy as sa

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import LANGUAGES, _, speaking
from trialdesk.base.ids import Id
from trialdesk.base.money import money_text
from trialdesk.base.values import dataclass
from trialdesk.contracts.queries import contracts, named_on
from trialdesk.contracts.records import Particular
from trialdesk.documents.queries import DocumentRow, documents
from trialdesk.payments.gates import GateRow, gates_of
from trialdesk.payments.owed import Statement, statement
from trialdesk.payments.queries import CertificateRow, certificates
from trialdesk.payments.records import Certificate
from trialdesk.payments.rules.certifying import CertifiedLine
from trialdesk.payments.rules.conditions import TRUE, Scope, holds, measured
from trialdesk.payments.rules.explaining import explained
from trialdesk.payments.rules.facts import Known, View
from trialdesk.payments.rules.lines import Line
from trialdesk.payments.rules.terms import Rule
from trialdesk.payments.rules.units import Contract as Judged
from trialdesk.payments.rules.wording import told
from trialdesk.people.queries import names_of_accounts
from trialdesk.people.signing import SignatureRow, signatures
from trialdesk.persistence.reading import Read

Said = Mapping[str, str]
"""Words by language: facts are the same whatever language they are read in."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of a rule: of how many of the lines it is true, and of how many it was asked.

    `least` and `most` are the numbers found of the lines, as exact fractions; None where it compares no number.
    """

    said: Said
    true: int
    of: int
    least: str | None = None
    most: str | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """What the factor of a line is read from, in days, with the least and the most found of the lines."""

    said: Said
    least: str
    most: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A fact that a line rests on: what happened when, who recorded it when."""

    kind: str
    subject: str | None
    visit: str | None
    occurred_on: date
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True, slots=True)
class Proof:
    """A document attached to what a fact was read from, by the hash of its file."""

    title: str
    file_name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Achieved:
    """What is certified of one rule. `wording` is the rule in words by language, pairs of a name and what is said.

    `facts` are told of what was reached for the study; a participant's visit is told by its line. `factors` are those
    of the lines in their order, each the product of complete, window and quality as an exact fraction.
    """

    rule: str
    kind: str
    terms: int
    wording: Mapping[str, tuple[tuple[str, str], ...]]
    lines: tuple[CertifiedLine, ...]
    factors: tuple[str, ...]
    conditions: tuple[Condition, ...]
    measures: tuple[Measure, ...]
    facts: tuple[Shown, ...]
    proofs: tuple[Proof, ...]


@dataclass(frozen=True, slots=True)
class Achievement:
    """A certificate whole. Amounts are minor units; `deemed_on` is when it counts as accepted if nobody answers."""

    number: str
    state: str
    contract: str
    title: str | None
    other_party: str
    our_party: str
    currency: str
    as_of: date
    known_at: datetime
    engine: str
    sha256: str
    prepared_by: str
    prepared_on: date
    accepted_on: date | None
    deemed_on: date | None
    achieved: tuple[Achieved, ...]
    gates: tuple[GateRow, ...]
    signatures: tuple[SignatureRow, ...]


def achievement(read: Read, *, study: Id, number: str | None = None) -> Achievement | None:
    """Return a certificate by its number, or the one prepared last; None where there is none. Some twenty statements.

    Raises UserError for a number that no certificate has.
    """
    found = certificates(read, study=study)
    if not found and not number:
        return None
    row = next((each for each in reversed(found) if number in {None, "", each.number}), None)
    if row is None:
        raise UserError(
            _("There is no certificate “{number}”.").format(number=number),
            remedy=_("Certificates here: {numbers}.").format(numbers=", ".join(each.number for each in found) or "–"),
        )
    contract = next(each for each in contracts(read, study=study) if each.id == row.contract)
    known = statement(read, study=study, contract=contract.id, as_of=row.as_of, known_at=row.known_at)
    names = named_on(read, on=row.as_of)
    return Achievement(
        number=row.number,
        state=row.state,
        contract=contract.number,
        title=contract.title,
        other_party=names.get(contract.supporter, ""),
        our_party=names.get(contract.institution or "", ""),
        currency=contract.currency,
        as_of=row.as_of,
        known_at=row.known_at,
        engine=known.assessment.engine,
        sha256=row.sha256,
        prepared_by=row.prepared_by,
        prepared_on=row.prepared_on,
        accepted_on=row.accepted_on,
        deemed_on=_deemed(read, row),
        achieved=tuple(_achieved(read, study, row, known)),
        gates=tuple(gates_of(contract, known.assessment, row.as_of)),
        signatures=signatures(read, record=Certificate, study=study, of=[row.id]).get(row.id, ()),
    )


def _deemed(read: Read, row: CertificateRow) -> date | None:
    """Return the day on which silence accepts: so many days after certification as the contract's clause says."""
    own = Particular.TABLE.c
    days = read.value(
        sa.select(own.days).where(own.contract == row.contract, own.topic == "acceptance", own.days > 0, ~own.voided)
    )
    return row.certified_on + timedelta(days=days) if days and row.certified_on else None


def _achieved(read: Read, study: Id, row: CertificateRow, known: Statement) -> Iterator[Achieved]:
    case = known.assessment.case
    judged = Judged(case.terms, View(Known(case.facts, known.assessment.known_at), row.as_of), case.calendars)
    lines = {each.unit.line: each for each in known.assessment.lines}
    rules = {(terms.no, rule.code): rule for terms in case.terms for rule in terms.rules}
    papers: dict[Id, list[DocumentRow]] = {}
    for each in documents(read, study=study):
        if each.about_record:
            papers.setdefault(each.about_record, []).append(each)
    names = names_of_accounts(read)
    by_rule: dict[tuple[int, str], list[CertifiedLine]] = {}
    for line in row.lines:
        by_rule.setdefault((line.terms, line.rule), []).append(line)
    for (terms, code), certified in by_rule.items():
        rule = rules.get((terms, code))
        reached = [lines[each.key] for each in certified if each.key in lines]
        yield Achieved(
            rule=code,
            kind=rule.kind if rule else "",
            terms=terms,
            wording=worded(rule, case.currency),
            lines=tuple(certified),
            factors=tuple(_factor(lines.get(each.key)) for each in certified),
            conditions=tuple(_conditions(judged, rule, reached)) if rule else (),
            measures=tuple(_measures(judged, rule, reached)) if rule else (),
            facts=tuple(_facts(known, certified, names)),
            proofs=tuple(_proofs(known, certified, papers)),
        )


def worded(rule: Rule | None, currency: str) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return what a rule says, pairs of a name and words, by language; nothing for a rule the terms do not have."""
    found = {}
    for code in LANGUAGES:
        with speaking(code):
            found[code] = explained(rule, lambda amount: money_text(amount, currency)) if rule else ()
    return found


def _factor(line: Line | None) -> str:
    return str(line.complete * line.window * line.grade) if line else "1"


def _conditions(judged: Judged, rule: Rule, lines: list[Line]) -> Iterator[Condition]:
    scopes = [_scope(judged, rule, line) for line in lines] or [
        judged.scope(judged.view.day, None, None, min_n=rule.min_n)
    ]
    for each in rule.require:
        verdicts = [holds(each, scope) for scope in scopes]
        found = [value for scope in scopes if (value := measured(each, scope)) is not None]
        yield Condition(
            _by_language(partial(told, each)),
            sum(verdict is TRUE for verdict in verdicts),
            len(verdicts),
            *((str(min(found)), str(max(found))) if found else ()),
        )


def _measures(judged: Judged, rule: Rule, lines: list[Line]) -> Iterator[Measure]:
    """Give what the window and the grades of a rule are read from."""
    scopes = [_scope(judged, rule, line) for line in lines]
    if rule.window is not None:
        days = [(scope.unit_day - target).days for scope in scopes if (target := scope.day("target_on")) is not None]
        if days:
            said = _by_language(lambda: _("days from the target date"))
            yield Measure(said, str(min(days)), str(max(days)))
    for grade in rule.grades:
        found = [value for scope in scopes if (value := measured(grade.of, scope)) is not None]
        if found:
            yield Measure(_by_language(partial(told, grade.of)), str(min(found)), str(max(found)))


def _scope(judged: Judged, rule: Rule, line: Line) -> Scope:
    fact = line.unit.fact
    return judged.scope(line.unit.day, fact.subject if fact else None, fact, min_n=rule.min_n)


def _by_language(words: Callable[[], str]) -> Said:
    said = {}
    for code in LANGUAGES:
        with speaking(code):
            said[code] = words()
    return said


def _facts(known: Statement, lines: list[CertifiedLine], names: Mapping[Id, str]) -> Iterator[Shown]:
    by_id = {fact.id: fact for fact in known.desk.case.facts}
    for id_ in dict.fromkeys(id_ for line in lines if line.subject is None and line.on for id_ in line.facts):
        fact = by_id.get(id_)
        if fact is not None:
            by = names.get(known.desk.told.origins[id_].account or "", "")
            yield Shown(fact.kind, fact.subject, fact.visit, fact.occurred_on, fact.recorded_at, by)


def _proofs(known: Statement, lines: list[CertifiedLine], papers: Mapping[Id, list[DocumentRow]]) -> Iterator[Proof]:
    origins = known.desk.told.origins
    records = dict.fromkeys(origins[id_].record for line in lines for id_ in line.facts if id_ in origins)
    for record in records:
        for paper in papers.get(record, ()):
            if paper.latest is not None:
                yield Proof(paper.title, paper.latest.file_name, paper.latest.sha256)
