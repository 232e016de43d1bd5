"""What assessing costs: against a bare pass that reads and groups the same facts; by size; anew; and in memory.

Times are those of the processor, of one thread: they hardly depend on what else the machine does.
"""

from __future__ import annotations

import gc
import json
import tracemalloc
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from statistics import median

from tests.benchmarks.measure import Bar, cpu_seconds
from trialdesk.payments.rules.assess import Assessment, assess
from trialdesk.payments.rules.case import Case, read_case
from trialdesk.payments.rules.facts import Fact
from trialdesk.payments.rules.reassessing import assess_again, assess_first

VISITS = 20
SMALL, LARGE = 1_000, 10_000
RUNS = 3
FIRST = date(2026, 1, 1)
AS_OF, KNOWN_AT = date(2027, 12, 31), datetime(2028, 1, 1, tzinfo=UTC)

TERMS = """
case: LARGE
currency: CNY
tax: {code: VAT6, rate: "0.06"}
terms:
- no: 1
  effective_from: 2026-01-01
  recorded_at: 2025-12-20T09:00:00Z
  defaults: {overhead: {rate: "0.10", mode: on_top}, holdback: {rate: "0.10", on: [visit]}}
  rules:
"""
RULE = """\
  - {code: V%(n)s, kind: visit, trigger: {fact: visit_done, visit: V%(n)s}, amount: {fixed: "1500.00"},
     require: [consent_valid(unit.date), not voided(subject)],
     grade: [{of: "days(unit.date, crf_signed)", bands: [[5, "1.00"], [15, "0.90"]], else: "0.50"},
             {of: max_query_days(unit), bands: [[10, "1.00"], [20, "0.90"], [40, "0.75"]], else: "0.50"}]}
"""
"""Four conditions a visit: valid consent, a participant not voided, the form signed soon, queries closed soon."""


def facts_of(participants: int) -> Iterator[dict[str, object]]:
    """Give what a study of that many participants records, as plain values."""
    for who in range(participants):
        subject, began = f"{who:05d}", FIRST + timedelta(days=who % 300)
        yield {"kind": "consent_signed", "subject": subject, "on": began, "icf_version": 1}
        for n in range(VISITS):
            day, about = began + timedelta(days=14 * n), {"subject": subject, "visit": f"V{n}"}
            yield {"kind": "visit_done", **about, "on": day}
            yield {"kind": "crf_signed", **about, "on": day + timedelta(days=who % 9)}
            if (who + n) % 4 == 0:
                asked = {**about, "query": f"{subject}/{n}"}
                yield {"kind": "query_raised", **asked, "on": day + timedelta(days=1)}
                yield {"kind": "query_closed", **asked, "on": day + timedelta(days=5 + n)}


def written(participants: int) -> list[str]:
    """Return the facts as lines of JSON, as they come out of a database or a file."""
    return [
        json.dumps({"id": f"f{number}", **each, "on": str(each["on"]), "at": f"{each['on']}T18:00:00+00:00"})
        for number, each in enumerate(facts_of(participants))
    ]


def read(lines: list[str]) -> tuple[Fact, ...]:
    """Read the facts into what the evaluator takes."""
    found = []
    for line in lines:
        said = json.loads(line)
        own = {key: said.pop(key, None) for key in ("subject", "visit")}
        on, at = date.fromisoformat(said.pop("on")), datetime.fromisoformat(said.pop("at"))
        found.append(Fact(said.pop("id"), said.pop("kind"), on, at, **own, more=said))
    return tuple(found)


def grouped(facts: tuple[Fact, ...]) -> int:
    """Group the facts by kind, participant and visit: what nobody can do without."""
    groups: defaultdict[tuple[str, str | None, str | None], list[Fact]] = defaultdict(list)
    for fact in facts:
        groups[fact.kind, fact.subject, fact.visit].append(fact)
    return len(groups)


def framed() -> Case:
    return read_case(TERMS + "".join(RULE % {"n": n} for n in range(VISITS)))


def assessed(case: Case) -> Assessment:
    return assess(case, AS_OF, KNOWN_AT)


def bars() -> list[Bar]:
    case = framed()
    few, many = (replace(case, facts=read(written(count))) for count in (SMALL, LARGE))
    lines = written(LARGE)
    assessed(few)
    bare, mine, less = ([] for _each in range(3))
    for _run in range(RUNS):
        bare.append(cpu_seconds(lambda: grouped(read(lines))))
        mine.append(cpu_seconds(lambda: assessed(many)))
        less.append(cpu_seconds(lambda: assessed(few)))
    full, small = median(mine), median(less)
    units = LARGE * VISITS
    again = _again(many)
    return [
        _told("assess 10,000 x 20 / read and group", full, median(bare), 4.0),
        _told("assess x10 facts, time", full, small, 12.0),
        _told("assess again after one fact / assess, slowest of five", max(again), full, 0.05),
        Bar("assess, memory a unit in KiB", _memory(many) / 1024 / units, 2.0, f"{units} units"),
    ]


def _told(name: str, mine: float, theirs: float, at_most: float) -> Bar:
    return Bar(name, mine / theirs, at_most, f"{mine:.2f} s against {theirs:.2f} s, {RUNS} runs")


def _again(case: Case) -> list[float]:
    """Return what it takes to assess again after one fact of each kind there is, each on top of the one before."""
    standing, took = assess_first(case, AS_OF, KNOWN_AT), []
    moved = next(fact for fact in case.facts if fact.kind == "visit_done" and fact.subject == "04711")
    day, at = date(2027, 3, 1), datetime(2027, 3, 2, tzinfo=UTC)
    for fact in (
        Fact("n1", "consent_signed", day, at, "10001", more={"icf_version": 1}),
        Fact("n2", "visit_done", day, at, "10001", "V0"),
        replace(moved, id="n3", occurred_on=day, recorded_at=at, supersedes=moved.id),
        Fact("n4", "query_raised", day, at, "00815", "V7", more={"query": "late"}),
        Fact("n5", "query_closed", day + timedelta(days=30), at, "00815", "V7", more={"query": "late"}),
    ):
        before, found = standing, []
        took.append(cpu_seconds(lambda: found.append(assess_again(before, [fact], KNOWN_AT))))  # noqa: B023 - it runs at once
        (standing,) = found
        assert not standing.in_full
    return took


def _memory(case: Case) -> int:
    """Return how many bytes an assessment takes at most, besides the facts it is given."""
    gc.collect()
    tracemalloc.start()
    try:
        assessed(case)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
