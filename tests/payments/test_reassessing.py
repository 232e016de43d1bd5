"""Assessing again after new facts gives what assessing all facts gives, exactly; mostly without reckoning all anew."""

from __future__ import annotations

import json
from copy import copy
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.payments import case, end_of, fact, version
from trialdesk.payments.rules.answer import answer
from trialdesk.payments.rules.assess import Assessment, assess
from trialdesk.payments.rules.case import Case
from trialdesk.payments.rules.facts import Fact, Known
from trialdesk.payments.rules.predicates import FORMS, Call
from trialdesk.payments.rules.reach import reach, read_by
from trialdesk.payments.rules.reassessing import assess_again, assess_first

VISIT = """{code: V, kind: visit, trigger: {fact: visit_done, visit: V}, amount: {fixed: "333.33"},
     require: ["consent_valid(unit.date)", "not voided(subject)"], cap: {per_subject: "350.00"}, GATED
     grade: [{of: max_query_days(unit), bands: [[5, "1.00"], [20, "0.67"]], else: "0.50"},
             {of: "days(unit.date, crf_signed)", bands: [[5, "1.00"]], else: "0.90"}]}"""
ALONE = {
    "visit": VISIT.replace("GATED", ""),
    "procedure": """{code: X, kind: procedure, trigger: {fact: procedure_done, procedure: MRI}, per: occurrence,
     amount: {actual: {cap: "90.00"}}, undo: claw, require: ["not exists(withdrawn)"]}""",
    "withdrawal": '{code: W, kind: subject_event, trigger: {fact: withdrawn}, amount: {fixed: "5.00"}}',
    "deviation": """{code: D, kind: penalty, trigger: {fact: deviation}, amount: {fixed: "7.00"},
     require: ["exists(visit_done)"]}""",
    "bonus": """{code: B, kind: bonus, amount: {rate: "0.05", of: subject_lines},
     require: ["metric(PDR) < 0.5"], min_n: 2}""",
}
TOGETHER = {
    "gated": VISIT.replace("code: V", "code: VG").replace("GATED", "gates: [G],"),
    "counting": """{code: C, kind: subject_event, trigger: {fact: crf_signed}, amount: {fixed: "3.00"},
     require: ["count(withdrawn) <= 1"]}""",
    "screening": """{code: SF, kind: screen_failure, trigger: {fact: screen_failed}, amount: {fixed: "77.77"},
     ratio: {x: 1, y: 2, initial: 1, max: 3, mode: step}}""",
    "enrolled": """{code: ENR, kind: milestone, amount: {fixed: "500.00"}, overhead: none,
     require: ["count(randomised_valid) >= 3"]}""",
    "beginning": '{code: BEG, kind: site_fee, amount: {fixed: "8.00"}, require: ["not exists(withdrawn)"]}',
    "finding": '{code: P, kind: penalty, trigger: {fact: finding_opened}, amount: {fixed: "11.11"}}',
    "first": '{code: FP, kind: milestone, trigger: {fact: randomised}, amount: {fixed: "40.00"}, overhead: none}',
    "tiered": """{code: R, kind: subject_event, trigger: {fact: randomised},
     amount: {table: {tiers: [{from: 1, to: 2, each: '10.00'}, {from: 3, each: '20.00'}]}}}""",
    "running": """{code: RUN, kind: milestone, amount: {fixed: "60.00"}, undo: claw,
     require: ["within(randomised, completed, 30)"]}""",
    "kept": """{code: K, kind: visit, trigger: {fact: visit_done, visit: V}, amount: {fixed: "30.00"}, undo: keep,
     require: ["not voided(subject)"]}""",
    "site": '{code: S, kind: milestone, trigger: {fact: site_activated}, amount: {fixed: "1.00"}}',
}
RELEASE = """{code: HB, kind: milestone, trigger: {fact: report_signed}, amount: {fixed: "0.00"}, overhead: none,
     holdback: none}"""
GATE = """gates:
- {code: G, metric: PDR, test: '< 0.3', min_n: 2,
   on_fail: {defer: [visit], cure_periods: 1, then: {forfeit: '0.10'}}}
pools: {bonus: {cap: '0.04', of: subject_lines}, penalty: {cap: '20.00'}}"""
DEFAULTS = '{overhead: {rate: "0.13", mode: on_top}, holdback: {rate: "0.10", on: [visit], release: HB}}'
MORE = (
    "",
    "ceiling: '600.00'",
    "ceiling: '90000.00'",
    "applies_if: exists(eligible)",
    "applies_if: not voided(subject)",
)
FIRST, DAYS = date(2026, 1, 1), 120
LAST = "2026-06-30"
OWN: dict[str, dict[str, Any]] = {
    "consent_signed": {"icf_version": 1},
    "eligible": {},
    "randomised": {},
    "visit_done": {"visit": "V"},
    "crf_signed": {"visit": "V"},
    "query_raised": {"visit": "V", "query": "q"},
    "query_closed": {"visit": "V", "query": "q"},
    "procedure_done": {"procedure": "MRI", "cost": "80.00"},
    "withdrawn": {},
    "completed": {},
}
KINDS: dict[str, dict[str, Any]] = {
    **OWN,
    "screen_failed": {"person_key": "p"},
    "deviation": {"major": True, "confirmed": True},
    "subject_voided": {"reason": "ineligible"},
    "finding_opened": {"finding": "f"},
    "report_signed": {"report": "final"},
    "site_activated": {},
    "icf_mandatory": {"icf_version": 1},
}
STUDY_WIDE = {"finding_opened", "report_signed", "site_activated", "icf_mandatory"}
NUMBERS = ("001", "002", "003", "004", "study", "001/V")

Event = tuple[str, str, int, int, str]


def terms_of(rules: list[str], *, more: str = "", no: int = 1, since: str = "2026-01-01") -> str:
    written = "".join(f"\n  - {each}" for each in [*rules, RELEASE])
    return version(written, no=no, since=since, more=f"{GATE}\n{more}", defaults=DEFAULTS)


def events(kinds: list[str], numbers: tuple[str, ...]) -> st.SearchStrategy[Event]:
    return st.tuples(
        st.sampled_from(kinds),
        st.sampled_from(numbers),
        st.integers(0, DAYS - 1),
        st.integers(0, 20),
        st.sampled_from(("", "", "", "moved", "voided")),
    )


def facts_of(number: int, event: Event) -> list[dict[str, Any]]:
    """Return a fact, and what corrects it or takes it back."""
    kind, subject, happened, later, then = event
    on = FIRST + timedelta(days=happened)
    recorded = on + timedelta(days=later)
    about = None if kind in STUDY_WIDE else subject
    made = fact(kind, str(on), about, recorded=f"{recorded}T10:00:00Z", **KINDS[kind])
    made["id"] = f"f{number}"
    if not then:
        return [made]
    again = {"id": f"f{number}x", "supersedes": made["id"], "recorded_at": f"{recorded + timedelta(days=3)}T10:00:00Z"}
    if then == "voided":
        return [made, {**again, "kind": "void", "occurred_on": str(on)}]
    return [made, {**made, **again, "occurred_on": str(on + timedelta(days=2))}]


def recorded(drawn: list[Event]) -> list[dict[str, Any]]:
    """Return what was recorded, as it was recorded."""
    facts = [each for number, event in enumerate(drawn) for each in facts_of(number, event)]
    return sorted(facts, key=lambda each: (each["recorded_at"], each["id"]))


@st.composite
def stories(draw: st.DrawFn) -> tuple[Case, int, bool]:
    """Draw a case, how many of its facts are there from the beginning, and whether the rest are recorded as known."""
    names = st.sets(st.sampled_from(sorted(ALONE | TOGETHER)), max_size=5)
    chosen = [(ALONE | TOGETHER)[name] for name in sorted(draw(names) | {"visit"})]
    first = terms_of(chosen, more=draw(st.sampled_from(MORE)))
    versions = [first]
    if draw(st.booleans()):
        versions.append(terms_of(chosen[:3], more=draw(st.sampled_from(MORE)), no=2, since="2026-02-15"))
    numbers = NUMBERS[: draw(st.sampled_from((4, 4, 5, 6)))]
    drawn = draw(st.lists(events(sorted(KINDS), numbers), min_size=5, max_size=30))
    drawn += draw(st.lists(events(sorted(OWN), numbers), max_size=25))
    facts = [fact("consent_signed", "2026-01-01", number, icf_version=1) for number in numbers]
    facts += recorded(drawn)
    documents = ""
    if draw(st.booleans()):
        lines = [["V", f"{number}/V"] for number in numbers]
        if "code: K," in first:
            lines += [["K", "001/V"], ["K", "002/V"]]
        day = FIRST + timedelta(days=draw(st.integers(20, DAYS)))
        documents = f"invoiced: {json.dumps([{'no': 'I1', 'on': str(day), 'lines': lines}])}"
        if draw(st.booleans()):
            documents += f"\ncertified: {json.dumps([{'on': str(day), 'lines': lines[:3]}])}"
    there = draw(st.integers(len(numbers), len(facts)))
    return case(versions, facts, documents), there, draw(st.booleans())


def everything(found: Assessment) -> tuple[Any, ...]:
    """Return all an assessment says, also the order of what it lists."""
    corrections = [(each.of, list(each.lines.items())) for each in found.corrections]
    return found, answer(found, ledger=True), list(found.document.lines.items()), corrections


@given(stories(), st.sampled_from((LAST, "2026-03-31")), st.integers(1, 3))
@settings(max_examples=150, deadline=None)
def test_assessing_again_gives_what_assessing_everything_gives(story: tuple[Case, int, bool], day: str, step: int):
    whole, there, as_recorded = story
    as_of, end = date.fromisoformat(day), end_of("2026-12-31")

    def known_with(facts: tuple[Fact, ...]) -> datetime:
        """Return when that much is known: as it is recorded, or long after, as when another desk's facts arrive."""
        return max((each.recorded_at for each in facts), default=end) if as_recorded else end

    there_first = whole.facts[:there]
    standing = assess_first(replace(whole, facts=there_first), as_of, known_with(there_first))
    assert everything(standing.assessment) == everything(
        assess(replace(whole, facts=there_first), as_of, known_with(there_first))
    )
    for count in range(there, len(whole.facts), step):
        facts = whole.facts[: count + step]
        at = known_with(facts)
        standing = assess_again(standing, whole.facts[count : count + step], at)
        assert everything(standing.assessment) == everything(assess(replace(whole, facts=facts), as_of, at))


@given(st.lists(events(sorted(OWN), NUMBERS[:4]), min_size=1, max_size=30), st.sampled_from(("", MORE[2], MORE[4])))
@settings(max_examples=40, deadline=None)
def test_a_participants_own_facts_touch_their_own_lines_alone(drawn: list[Event], more: str):
    whole = case(terms_of([*ALONE.values(), TOGETHER["site"]], more=more), recorded(drawn))
    standing = assess_first(replace(whole, facts=()), date.fromisoformat(LAST), end_of(LAST))
    for each in whole.facts:
        standing = assess_again(standing, [each], end_of(LAST))
        assert not standing.in_full
    assert standing.assessment == assess(whole, date.fromisoformat(LAST), end_of(LAST))


BEYOND = {
    "a gate's metric": ("gated", "randomised"),
    "a count": ("counting", "withdrawn"),
    "a ratio": ("screening", "randomised"),
    "a milestone": ("enrolled", "randomised"),
    "the first of all": ("first", "randomised"),
    "a tier": ("tiered", "randomised"),
}


@pytest.mark.parametrize("case_", BEYOND)
def test_what_reaches_beyond_is_reckoned_in_full(case_: str):
    rule, kind = BEYOND[case_]
    with_it = case(
        terms_of([ALONE["visit"], TOGETHER[rule]]), [fact("consent_signed", "2026-01-05", "001", icf_version=1)]
    )
    new = fact(kind, "2026-01-09", "001", **KINDS[kind])
    (told,) = case(terms_of([ALONE["visit"]]), [new]).facts
    as_of, at = date.fromisoformat(LAST), end_of(LAST)
    assert assess_again(assess_first(with_it, as_of, at), [told], at).in_full
    visits = fact("visit_done", "2026-01-09", "001", visit="V")
    (other,) = case(terms_of([ALONE["visit"]]), [visits]).facts
    assert not assess_again(assess_first(with_it, as_of, at), [other], at).in_full


def test_a_ceiling_is_shared_once_it_is_reached():
    facts = [fact("visit_done", f"2026-01-0{n}", f"00{n}", visit="V") for n in range(1, 4)]
    facts += [fact("consent_signed", "2026-01-01", f"00{n}", icf_version=1) for n in range(1, 4)]
    facts += [fact("crf_signed", "2026-01-04", f"00{n}", visit="V") for n in range(1, 4)]
    whole = case(terms_of([ALONE["visit"]], more="ceiling: '600.00'"), facts)
    as_of, at = date.fromisoformat(LAST), end_of(LAST)
    standing = assess_first(replace(whole, facts=whole.facts[3:]), as_of, at)
    full = []
    for each in whole.facts[:3]:
        standing = assess_again(standing, [each], at)
        full.append(standing.in_full)
    assert full == [False, True, True]
    assert standing.assessment.totals.capped > 0


def test_every_predicate_is_known_to_read_something():
    read = {name: read_by(Call(name, ("PDR",) if name == "metric" else ("visit_done", "crf_signed"))) for name in FORMS}
    assert all(read.values()), read


def test_reach_tells_rules_that_stand_alone_from_those_that_do_not():
    terms = case(terms_of([*ALONE.values(), *TOGETHER.values()])).terms
    assert reach(terms).alone == {"V", "VG", "X", "W", "D", "C", "K"}
    assert reach(case(terms_of(list(ALONE.values()))).terms).beyond == {"report_signed", "subject_voided"}


def test_a_copy_of_what_is_known_stays_as_it_is_when_more_is_learned():
    told = case(version(), facts_of(1, ("visit_done", "001", 3, 2, "moved"))).facts
    end = date.fromisoformat(LAST)
    known = Known(told[:1], end_of(LAST))
    more = copy(known)
    more.learn(told[1:], end_of(LAST))
    assert list(known.until(end)) == list(known.about(end, "visit_done", "001", "V")) == list(told[:1])
    assert list(more.until(end)) == list(more.about(end, "visit_done", "001", "V")) == list(told[1:])
