"""A certificate shows what it was read from: the number beside the one it is compared with, and each line's factor."""

from __future__ import annotations

from datetime import date

from tests.payments.playing import Trial, at, on
from trialdesk.application import Application
from trialdesk.payments.achievement import Condition, Measure, achievement

TERMS = """
case: HARBOUR
contract: C-1
supporter: Acme
direction: receivable
currency: CNY
terms:
- no: 1
  effective_from: 2026-01-01
  recorded_at: 2026-01-01T00:00:00Z
  rules:
  - {code: V2, kind: visit, trigger: {fact: visit_done, visit: V2}, amount: {fixed: "1000.00"},
     require: ["not voided(subject)", "days(target_on, unit.date) <= 9"], evidence: [crf],
     window: {days: [-3, 3], outside: {factor: "0.5", up_to: 9}},
     grade: [{of: max_query_days(unit), bands: [[14, '1']], else: '0.5'}]}
"""


def test_each_condition_and_measure_with_the_least_and_the_most_found(desk: Application):
    trial = Trial(desk)
    at(desk, on("2026-03-31"))
    trial.load(TERMS)
    target = date(2026, 2, 15)
    for subject, day in (("001", "2026-02-13"), ("002", "2026-02-15"), ("003", "2026-02-22")):
        trial.happened(subject, "V2", day, target)
    trial.certify()
    told = desk.read(achievement, study=trial.study)
    assert told is not None
    (deliverable,) = told.achieved
    assert [line.subject for line in deliverable.lines] == ["001", "002", "003"]
    assert deliverable.factors == ("1", "1", "1/2")
    assert [_numbers(each) for each in deliverable.conditions] == [(None, None, 3), ("-2", "7", 3)]
    days, queries = deliverable.measures
    assert (days.said["en"], days.least, days.most) == ("days from the target date", "-2", "7")
    assert queries == Measure({"en": "days its longest query took", "zh": "其最长质疑所用天数"}, "0", "0")


def _numbers(condition: Condition) -> tuple[str | None, str | None, int]:
    return condition.least, condition.most, condition.true
