"""What assessing costs: against a bare pass that reads and groups the same facts; by size; and in memory."""

from __future__ import annotations

import gc
import json
import tracemalloc
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from statistics import median

from tests.benchmarks.measure import Bar, seconds
from trialdesk.payments.rules.assess import Assessment, assess
from trialdesk.payments.rules.case import Case, read_case
from trialdesk.payments.rules.facts import Fact

VISITS = 20
SMALL, LARGE = 1_000, 10_000
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
    small, large = (read(written(count)) for count in (SMALL, LARGE))
    lines = written(LARGE)
    bare = median(seconds(lambda: grouped(read(lines))) for _run in range(3))
    few, many = replace(case, facts=small), replace(case, facts=large)
    assessed(few)
    mine = median(seconds(lambda: assessed(many)) for _run in range(3))
    less = median(seconds(lambda: assessed(few)) for _run in range(3))
    units = LARGE * VISITS
    return [
        Bar("assess 10,000 x 20 / read and group", mine / bare, 4.0, f"{mine:.1f} s against {bare:.1f} s"),
        Bar("assess x10 facts, time", mine / less, 12.0, f"{mine:.1f} s against {less:.2f} s for {SMALL} x {VISITS}"),
        Bar("assess, memory a unit in KiB", _memory(many) / 1024 / units, 2.0, f"{units} units"),
    ]


def _memory(case: Case) -> int:
    """Return how many bytes an assessment takes at most, besides the facts it is given."""
    gc.collect()
    tracemalloc.start()
    try:
        assessed(case)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
