"""What a contract may bring in the next months: the visits to come, at this study's rates and this payer's habit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction

import sqlalchemy as sa

from trialdesk.base.dates import day_of
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.contracts.queries import ContractRow, the_contract
from trialdesk.enrollment.cases import allocations_of, consents_of
from trialdesk.enrollment.plan import Anchors, planned_days
from trialdesk.enrollment.queries.listing import participants
from trialdesk.enrollment.records import Visit as VisitRecord
from trialdesk.payments.books import receivables
from trialdesk.payments.owed import Statement, statement
from trialdesk.payments.queries import asked_lines
from trialdesk.payments.records import Allocation, InvoiceLine, Receipt
from trialdesk.payments.rules.facts import Known, View
from trialdesk.payments.rules.forecast import (
    Month,
    Newcomer,
    Rates,
    Visit,
    forecast,
    line_of,
    month_of,
    months_between,
    reached,
)
from trialdesk.payments.rules.lines import DUE
from trialdesk.payments.rules.metrics import RETENTION, metric
from trialdesk.payments.rules.terms import RANDOMISED_VALID, SUBJECT_EVENT, Fixed, Rule, Terms
from trialdesk.payments.rules.terms import VISIT as VISIT_KIND
from trialdesk.payments.terms import visit_names
from trialdesk.persistence.reading import Read
from trialdesk.studies.queries import PlannedVisitRow, planned_visits
from trialdesk.studies.queries import study as study_row

IN_STUDY = ("screening", "in study")
LOOKING_BACK = 3
"""The rate at which people come in is that of so many whole months: the least, the mean and the most of them."""
DAYS_A_MONTH = 30


@dataclass(frozen=True, slots=True)
class Release:
    """What a rule releases of holdback, in minor units: `held` until it is earned, `released` on the day it was.

    `rule` is None where the terms name nothing that releases it; `fact` is what brings the rule about.
    """

    rule: str | None
    fact: str | None
    held: int
    released: int
    on: date | None


@dataclass(frozen=True, slots=True)
class Outlook:
    """A forecast with the rates it rests on, in minor units. `delays` are amounts by months from accrual to receipt.

    `last_visit` is the last day on which somebody now in the study is planned to be seen: closing out comes later.
    `unasked` is earned and not asked for yet, net, on top of the months; `left_out` are the rules in force that the
    months know nothing of.
    """

    contract: ContractRow
    as_of: date
    months: tuple[Month, ...]
    due: int
    places: int | None
    retention: Fraction
    low: Fraction
    base: Fraction
    high: Fraction
    delays: Mapping[int, int]
    open: int
    accrued: int
    ceiling: int | None
    ceiling_in: date | None
    held: int
    released_by: tuple[str, ...]
    releases: tuple[Release, ...]
    last_visit: date | None
    unasked: int
    left_out: tuple[str, ...]


def outlook(
    read: Read,
    *,
    study: Id,
    as_of: date,
    known_at: datetime,
    contract: str | None = None,
    months: int = 12,
) -> Outlook:
    """Return what a contract may bring in the months after a day's. Some thirty statements; nothing is written.

    Of people in the study every planned visit still to come counts, at the whole price of the terms in force on its
    day, weighed by the retention so far; with the last of them what is paid for completing. New people come in as in
    the last whole months while the study has places. What the terms pay no fixed amount for is left out, and so is
    what no schedule tells the day of: milestones, screen failures, the release of what is held.
    """
    row = the_contract(read, study=study, number=contract)
    found = statement(read, study=study, contract=row.id, as_of=as_of, known_at=known_at)
    view = View(Known(found.desk.case.facts, known_at), as_of)
    plans = planned_visits(read, study=study)
    prices = _Prices(found)
    visits = tuple(_to_come(read, study, as_of, plans, prices))
    stayed = metric(RETENTION, view).fraction
    retention = Fraction(1) if stayed is None else stayed
    coming = _coming(view, as_of)
    target = study_row(read, study=study).planned_participants
    places = None if target is None else max(0, target - view.count(RANDOMISED_VALID))
    rates = Rates(retention, *coming)
    delays = _delays(read, row.id)
    first = month_of(as_of, 1)
    now = _in_force(found.desk.case.terms, as_of)
    ceiling = now.ceiling if now else None
    accrued = found.assessment.totals.accrued
    told = forecast(
        visits,
        tuple(_newcomers(plans, prices, first)),
        rates,
        first=first,
        months=months,
        delays=delays,
        places=places,
        room=None if ceiling is None else ceiling - accrued,
    )
    releasing = {rule.holdback.release for rule in (now.rules if now else ()) if rule.holdback}
    return Outlook(
        contract=row,
        as_of=as_of,
        months=told,
        due=sum(not visit.completes for visit in visits),
        places=places,
        retention=retention,
        low=coming[0],
        base=coming[1],
        high=coming[2],
        delays=delays,
        open=sum(receivables(read, study=study, contract=row.id, on=as_of).sums.values()),
        accrued=accrued,
        ceiling=ceiling,
        ceiling_in=reached(accrued, told, ceiling),
        held=found.assessment.totals.held,
        released_by=tuple(sorted(filter(None, releasing))),
        releases=tuple(_releases(found)),
        last_visit=max((visit.day for visit in visits), default=None),
        unasked=found.assessment.totals.payable
        - sum(each.left for each in asked_lines(read, study=study, contract=row.id)),
        left_out=tuple(rule.code for rule in (now.rules if now else ()) if not _is_foretold(rule)),
    )


def _releases(found: Statement) -> Iterator[Release]:
    """Give what is and was held, by the rule that releases it."""
    held: Counter[str | None] = Counter()
    released: Counter[str | None] = Counter()
    earned: dict[str, date] = {}
    facts: dict[str, str] = {}
    for line in found.assessment.lines:
        rule = line.unit.rule
        if line.state in DUE:
            earned[rule.code] = max(line.unit.day, earned.get(rule.code, line.unit.day))
        if rule.holdback is not None and (line.hold or line.released):
            by = rule.holdback.release
            held[by] += line.hold
            released[by] += line.released
            releasing = line.unit.terms.rule(by) if by else None
            if by and releasing is not None and releasing.trigger is not None:
                facts[by] = releasing.trigger.fact
    for by in sorted({*held, *released}, key=lambda each: each or ""):
        on = earned.get(by) if by and released[by] else None
        yield Release(by, facts.get(by or ""), held[by], released[by], on)


class _Prices:
    """What the terms pay for a planned visit on a day."""

    def __init__(self, found: Statement) -> None:
        self._terms = found.desk.case.terms
        self._used = visit_names(found.desk.case)
        self._called = found.desk.told.called

    def __call__(self, plan: PlannedVisitRow, day: date) -> tuple[int, int] | None:
        """Return the whole line of a visit and what is held of it; None where the terms pay no fixed amount for it."""
        terms = _in_force(self._terms, day)
        name = self._called(plan.id, self._used)
        rule = next((rule for rule in terms.rules if _pays(rule, name)), None) if terms else None
        return _line(rule)

    def completing(self, day: date) -> tuple[int, int] | None:
        """Return the same of a participant's completing the study."""
        terms = _in_force(self._terms, day)
        return _line(next((rule for rule in terms.rules if _pays_completing(rule)), None) if terms else None)


def _line(rule: Rule | None) -> tuple[int, int] | None:
    if rule is None or not isinstance(rule.amount, Fixed):
        return None
    return line_of(rule.amount.amount, rule.overhead, rule.holdback.rate if rule.holdback else Fraction(0))


def _is_foretold(rule: Rule) -> bool:
    return isinstance(rule.amount, Fixed) and (rule.kind == VISIT_KIND or _pays_completing(rule))


def _pays_completing(rule: Rule) -> bool:
    return rule.kind == SUBJECT_EVENT and rule.trigger is not None and rule.trigger.fact == "completed"


def _pays(rule: Rule, visit: str) -> bool:
    return rule.kind == VISIT_KIND and rule.trigger is not None and rule.trigger.equal.get("visit") == visit


def _in_force(versions: Sequence[Terms], day: date) -> Terms | None:
    known = [terms for terms in versions if terms.effective_from <= day]
    return max(known, key=lambda terms: (terms.effective_from, terms.recorded_at, terms.no), default=None)


def _to_come(read: Read, study: Id, as_of: date, plans: Sequence[PlannedVisitRow], prices: _Prices) -> Iterator[Visit]:
    people = [row for row in participants(read, study=study, on=as_of) if row.state in IN_STUDY]
    ids = [row.id for row in people]
    allocated = allocations_of(read, ids)
    consented = consents_of(read, participants=ids)
    own = VisitRecord.TABLE.c
    kept: dict[Id, dict[Id, str | None]] = {}
    gone: dict[Id, set[Id]] = {}
    for row in read.rows(sa.select(VisitRecord.TABLE).where(own.study == study, ~own.voided)):
        if row.planned_visit is not None:
            gone.setdefault(row.participant, set()).add(row.planned_visit)
            if row.happened:
                kept.setdefault(row.participant, {})[row.planned_visit] = row.started_on
    for who in people:
        day1 = day_of(who.reference_start) if who.reference_start else None
        allocation = next(iter(allocated.get(who.id, ())), None)
        given = consented.get(who.id)
        consent = given[0].on if given else day_of(who.consented_on) if who.consented_on else None
        days = planned_days(plans, Anchors(day1 or allocation, allocation, consent), kept.get(who.id, {}))
        still = {
            plan.id: day
            for plan in plans
            if (day := days.get(plan.id)) is not None and day > as_of and plan.id not in gone.get(who.id, ())
        }
        for plan in plans:
            if plan.id in still and (price := prices(plan, still[plan.id])) is not None:
                yield Visit(still[plan.id], *price)
        last = max(still.values(), default=None)
        if last is not None and (price := prices.completing(last)) is not None:
            yield Visit(last, *price, completes=True)


def _newcomers(plans: Sequence[PlannedVisitRow], prices: _Prices, first: date) -> Iterator[Newcomer]:
    """Give what a new participant brings: every visit of the schedule, months counted from day 1, and completing."""
    last = None
    for plan in plans:
        if plan.planned_day is None or plan.arm is not None:
            continue
        later = max(0, plan.planned_day // DAYS_A_MONTH)
        last = max(later, last or 0)
        price = prices(plan, month_of(first, later))
        if price is not None:
            yield Newcomer(later, *price)
    if last is not None and (price := prices.completing(month_of(first, last))) is not None:
        yield Newcomer(last, *price)


def _coming(view: View, as_of: date) -> tuple[Fraction, Fraction, Fraction]:
    """Return the least, mean and most people allocated in a month, of the last whole months."""
    voided = view.voided()
    counted = Counter(month_of(fact.occurred_on) for fact in view.of("randomised") if fact.subject not in voided)
    found = [Fraction(counted[month_of(as_of, -back)]) for back in range(1, LOOKING_BACK + 1)]
    return min(found), sum(found, Fraction(0)) / LOOKING_BACK, max(found)


def _delays(read: Read, contract: Id) -> dict[int, int]:
    """Return how much of what was received arrived how many months after the month in which it was earned."""
    part, line, receipt = Allocation.TABLE.c, InvoiceLine.TABLE.c, Receipt.TABLE.c
    rows = read.rows(
        sa.select(part.amount, line.occurred_on, receipt.value_on)
        .join(InvoiceLine.TABLE, line.id == part.line)
        .join(Receipt.TABLE, receipt.id == part.receipt)
        .where(receipt.contract == contract, ~part.voided, ~receipt.voided, line.occurred_on.is_not(None))
    )
    found: Counter[int] = Counter()
    for row in rows:
        found[max(0, months_between(row.occurred_on, row.value_on))] += row.amount
    return dict(sorted(found.items()))
