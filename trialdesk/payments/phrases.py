"""What can be written in terms and in facts, each with what it means: words one chooses instead of knowing them.

Each is a complete piece of the language with sample numbers in it; what they stand for is said beside.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

from trialdesk.base.i18n import N_, _
from trialdesk.base.values import dataclass
from trialdesk.payments.rules.facts import KINDS, VOID
from trialdesk.payments.rules.predicates import parse
from trialdesk.payments.rules.wording import NAMES, told

CONDITIONS = (
    "consent_valid(unit.date)",
    "not voided(subject)",
    "eligible(subject)",
    "exists(crf_signed)",
    "icf_version(unit.date) >= 2",
    "within(visit_done, crf_signed, 14)",
    "days(visit_done, crf_signed) <= 14",
    "business_days(visit_done, crf_signed, hospital) <= 10",
    "max_query_days(unit) <= 28",
    "count(randomised_valid) >= 10",
    "metric(RET) >= 0.80",
)
"""A condition with each predicate there is, for `require`. A calendar is one the contract names."""

PARTS = (
    ('amount: {fixed: "1500.00"}', N_("an amount agreed")),
    ('amount: {actual: {cap: "2000.00"}}', N_("what a procedure cost, up to a limit")),
    (
        'amount: {table: {tiers: [{from: 1, to: 10, each: "900.00"}, {from: 11, each: "1100.00"}]}}',
        N_("an amount for each of the first ten, another from the eleventh on"),
    ),
    ('overhead: {rate: "0.10", mode: on_top}', N_("added to the amount")),
    (
        'holdback: {rate: "0.10", on: [visit], release: FINAL_REPORT}',
        N_("kept back until the rule named is earned"),
    ),
    ("holdback: none", N_("nothing of this rule is kept back")),
    (
        'window: {days: [-3, 3], outside: {factor: "0.50", up_to: 6}, beyond: "0"}',
        N_("all within these days, half up to six days outside, nothing beyond"),
    ),
    (
        'grade: [{of: max_query_days(unit), bands: [[14, "1.00"], [28, "0.90"]], else: "0.75"}]',
        N_("less the longer it took: all up to 14 days, 90 % up to 28, then 75 %"),
    ),
    (
        "ratio: {x: 1, y: 4, of: randomised_valid, initial: 1, max: 6, mode: step}",
        N_("so many are paid for each four allocated, one to begin with, six at most"),
    ),
    ("gates: [QUALITY]", N_("waits while the gate named does not pass")),
    ("evidence: [visit_record]", N_("what shows it")),
)
"""Parts of a rule."""

_SAMPLES = {
    "icf_version": 1,
    "query": "Q1",
    "major": True,
    "confirmed": True,
    "procedure": "CT",
    "finding": "F1",
    "name": "M1",
    "metric": "RET",
    "numerator": 9,
    "denominator": 10,
}
"""What stands under the keys that a kind of fact needs, until somebody writes what happened."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A piece of the language; `means` in words, in the language in force."""

    id: str
    version: int
    written: str
    means: str


def conditions() -> tuple[Phrase, ...]:
    """Return what a rule can require."""
    return tuple(_phrase(written, told(parse(written, {"hospital"}))) for written in CONDITIONS)


def parts() -> tuple[Phrase, ...]:
    """Return what a rule can consist of."""
    return tuple(_phrase(written, _(means)) for written, means in PARTS)


def events(visit: str) -> tuple[Phrase, ...]:
    """Return what can set a rule off; `visit` is a visit of the study, for example."""
    return tuple(_phrase(f"trigger: {{fact: {kind}{_of_visit(kind, visit)}}}", _(NAMES[kind])) for kind in _kinds())


def facts() -> tuple[tuple[str, str], ...]:
    """Return what may have happened: kinds of fact and what each is called."""
    return tuple((kind, _(NAMES[kind])) for kind in _kinds())


def sample_fact(kind: str, *, visit: str, on: date) -> str:
    """Return a fact of a kind as a line to try terms on, with all it needs; what is a sample in it is to be altered."""
    said = {"visit": visit, **_SAMPLES}
    given = [f"{key}: {json.dumps(said[key], ensure_ascii=False)}" for key in KINDS[kind].needed]
    return f"- {{{', '.join([f'kind: {kind}', f'occurred_on: {on.isoformat()}', *given])}}}\n"


def _kinds() -> Iterator[str]:
    return (kind for kind in KINDS if kind != VOID)


def _of_visit(kind: str, visit: str) -> str:
    return f", visit: {json.dumps(visit, ensure_ascii=False)}" if "visit" in KINDS[kind].needed else ""


def _phrase(written: str, means: str) -> Phrase:
    return Phrase(written, 0, written, means)
