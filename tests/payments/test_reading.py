"""What a case file must not be: each mistake is told with file, path and line, and nothing is assessed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.payments import fact, version, written
from trialdesk.payments.rules.case import Unreadable, read_case

RULE = "code: V, kind: visit, trigger: {fact: visit_done, visit: V}, amount: {fixed: '1.00'}"
GATE = "{code: G, metric: PDR, test: '< 0.05', on_fail: {defer: [visit]}}"
FORFEITS = GATE.replace("[visit]}", "[visit], then: {forfeit: '2'}}")


def rule(more: str = "", base: str = RULE) -> str:
    return written(version(f"[{{{base}{more}}}]"))


def amount(said: str) -> str:
    return rule(base=RULE.replace("{fixed: '1.00'}", said))


def top(old: str, new: str) -> str:
    return written(version(f"[{{{RULE}}}]")).replace(old, new)


def done(**more: Any) -> dict[str, Any]:
    return fact("visit_done", "2026-03-01", "1", visit="V", **more)


def facts(*given: dict[str, Any], more: str = "") -> str:
    return written(version(f"[{{{RULE}}}]"), given, more)


MISTAKES = {
    "an unknown key": (top("currency:", "colour: red\ncurrency:"), "colour", "not known here"),
    "an unknown key deep down": (
        rule(", window: {days: [0, 1], outsid: {}}"),
        "terms[0].rules[0].window.outsid",
        "not known",
    ),
    "a missing key": (top("  effective_from: 2026-01-01\n", ""), "terms[0]", "“effective_from” is missing"),
    "a key twice": (top("case: C", "case: C\ncase: D"), "case", "given twice"),
    "a real number for money": (amount("{fixed: 1.00}"), "terms[0].rules[0].amount.fixed", "in quotes"),
    "a whole number for money": (amount("{fixed: 100}"), "terms[0].rules[0].amount.fixed", "in quotes"),
    "too many decimals": (amount("{fixed: '1.005'}"), "terms[0].rules[0].amount.fixed", "at most 2 decimals"),
    "more than can be added up": (
        amount("{fixed: '99999999999999999999999.00'}"),
        "terms[0].rules[0].amount.fixed",
        "more than can be recorded",
    ),
    "decimals of yen": (top("currency: CNY", "currency: JPY"), "terms[0].rules[0].amount.fixed", "at most 0 decimals"),
    "negative money": (amount("{fixed: '-1.00'}"), "terms[0].rules[0].amount.fixed", "is negative"),
    "a real number for a rate": (top('rate: "0.06"', "rate: 0.06"), "tax.rate", "in quotes"),
    "a rate with an exponent": (top('rate: "0.06"', 'rate: "6e-2"'), "tax.rate", "decimal number"),
    "text for a number": (rule(", min_n: '3'"), "terms[0].rules[0].min_n", "whole number"),
    "yes for true": (top("  rules:", "  retroactive: yes\n  rules:"), "terms[0].retroactive", "true or false"),
    "a number for a subject": (facts({**done(), "subject": 1}), "facts[0].subject", "in quotes"),
    "no day": (facts({**done(), "occurred_on": "2026-02-30"}), "facts[0].occurred_on", "calendar date"),
    "an instant without zone": (facts({**done(), "recorded_at": "2026-03-01T10:00:00"}), "facts[0].recorded_at", "UTC"),
    "an unknown kind of fact": (facts({**done(), "kind": "visit_dreamt"}), "facts[0].kind", "visit_dreamt"),
    "a key of another kind": (facts({**done(), "icf_version": 2}), "facts[0].icf_version", "not known here"),
    "an unknown kind of rule": (top("kind: visit,", "kind: periodic,"), "terms[0].rules[0].kind", "periodic"),
    "an unknown per": (rule(", per: period"), "terms[0].rules[0].per", "period"),
    "another tax mode": (top("mode: on_top, rounding", "mode: included, rounding"), "tax.mode", "included"),
    "an unknown predicate": (rule(", require: [blessed(subject)]"), "terms[0].rules[0].require[0]", "blessed"),
    "an unknown fact in a predicate": (
        rule(", require: [exists(blessing)]"),
        "terms[0].rules[0].require[0]",
        "arguments",
    ),
    "a number not compared": (rule(", require: [count(randomised)]"), "terms[0].rules[0].require[0]", "compare"),
    "a truth compared": (
        rule(", require: ['voided(subject) > 1']"),
        "terms[0].rules[0].require[0]",
        "nothing to compare",
    ),
    "code for a predicate": (rule(", require: ['__import__(os)']"), "terms[0].rules[0].require[0]", "__import__"),
    "working days without calendar": (
        rule(", require: ['business_days(unit.date, crf_signed) < 3']"),
        "terms[0].rules[0].require[0]",
        "arguments",
    ),
    "an unknown gate": (rule(", gates: [G]"), "terms[0].rules[0]", "no gate G"),
    "an unknown release": (rule(", holdback: {rate: '0.1', release: X}"), "terms[0].rules[0]", "no rule X"),
    "an unknown currency": (top("currency: CNY", "currency: XYZ"), "currency", "ISO 4217"),
    "tiers with a gap": (
        amount("{table: {tiers: [{from: 1, to: 2, each: '1.00'}, {from: 4, each: '2.00'}]}}"),
        "terms[0].rules[0].amount.table.tiers",
        "gap",
    ),
    "tiers that overlap": (
        amount("{table: {tiers: [{from: 1, each: '1.00'}, {from: 2, each: '2.00'}]}}"),
        "terms[0].rules[0].amount.table.tiers",
        "overlap",
    ),
    "bands that do not rise": (
        rule(", grade: [{of: max_query_days(unit), bands: [[5, '1'], [5, '0.5']], else: '0'}]"),
        "terms[0].rules[0].grade[0].bands",
        "rise",
    ),
    "a rule twice": (written(version(f"[{{{RULE}}}, {{{RULE}}}]")), "terms[0].rules[1]", "two rules"),
    "a gate twice": (written(version(more=f"gates: [{GATE}, {GATE}]")), "terms[0].gates[1]", "two gates"),
    "a version twice": (written([version(), version(since="2026-02-01")]), "terms[0]", "number 1"),
    "a version before the first": (
        written([version(), version(no=2, since="2025-12-31")]),
        "terms[1]",
        "contract's first",
    ),
    "a rule without trigger": (
        rule(base=RULE.replace("trigger: {fact: visit_done, visit: V}, ", "")),
        "terms[0].rules[0]",
        "trigger",
    ),
    "a ratio that does not say how": (rule(", ratio: {x: 1, y: 2}"), "terms[0].rules[0].ratio", "“mode” is missing"),
    "an id twice": (facts(done(), done()), "facts[1]", "two facts"),
    "a correction of nothing": (facts(done(supersedes="x")), "facts[0]", "No fact"),
    "a correction of the later": (
        facts(done(), {**done(recorded="2026-02-01T00:00:00Z"), "id": "b", "supersedes": done()["id"]}),
        "facts[1]",
        "later",
    ),
    "a correction of another kind": (
        facts(done(), fact("crf_signed", "2026-03-02", "1", visit="V", supersedes=done()["id"])),
        "facts[1]",
        "another kind",
    ),
    "two corrections of one": (
        facts(done(), *({**done(), "id": each, "supersedes": done()["id"]} for each in "bc")),
        "facts[2]",
        "already",
    ),
    "corrections in a circle": (
        facts({**done(), "supersedes": "b"}, {**done(), "id": "b", "supersedes": done()["id"]}),
        "facts[0]",
        "circle",
    ),
    "an unknown component": (facts(done(components=["x"]), more="weights: {V: {a: 1}}"), "facts[0]", "“x”"),
    "a grade without weights": (rule(", complete: {weights: by_procedure}"), "terms[0].rules[0]", "no weights"),
    "an invoice twice": (
        facts(more="invoiced: [{no: I, on: 2026-01-01, lines: []}, {no: I, on: 2026-01-02, lines: []}]"),
        "invoiced[1]",
        "two invoices",
    ),
    "a line certified of no rule": (
        facts(more="certified: [{on: 2026-01-01, lines: [[W, 1/V]]}]"),
        "certified[0]",
        "no rule W",
    ),
    "a line invoiced of no rule": (
        facts(more="invoiced: [{no: I, on: 2026-01-01, lines: [[W, 1/V]]}]"),
        "invoiced[0]",
        "no rule W",
    ),
    "a line invoiced twice in one invoice": (
        facts(more="invoiced: [{no: I, on: 2026-01-01, lines: [[V, 1/V], [V, 1/V]]}]"),
        "invoiced[0]",
        "V 1/V twice",
    ),
    "more held back than there is": (
        rule(", holdback: {rate: '1.50', release: V}"),
        "terms[0].rules[0].holdback.rate",
        "more than the whole",
    ),
    "more forfeited than there is": (
        written(version(f"[{{{RULE}}}]", more=f"gates: [{FORFEITS}]")),
        "terms[0].gates[0].on_fail.then.forfeit",
        "more than the whole",
    ),
    "a tax in per cent": (top('rate: "0.06"', 'rate: "6.00"'), "tax.rate", "more than the whole"),
    "a negative rate": (
        rule(", holdback: {rate: '-0.10', release: V}"),
        "terms[0].rules[0].holdback.rate",
        "is negative",
    ),
    "a credit note of nothing": (
        facts(more="credited: [{no: N, of: I, on: 2026-01-01}]"),
        "credited[0]",
        "no invoice I",
    ),
    "an unknown zone": (facts(more="zone: Mars/Olympus"), "zone", "Mars"),
    "a list for a mapping": ("[1, 2]", "", "mapping"),
    "no YAML": ("case: [", "", "not YAML"),
    "nothing": ("", "", "empty"),
    "an object of a programming language": ("case: !!python/object/apply:os.system [ls]", "case", "tag"),
    "an alias within its anchor": ("case: &a [*a]", "case" + "[0]" * 60, "nested"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_with_file_path_and_line(name: str):
    text, path, words = MISTAKES[name]
    with pytest.raises(Unreadable) as caught:
        read_case(text, "bad.yaml")
    told = [each for each in caught.value.wrongs if words in each.words]
    assert told, str(caught.value)
    assert told[0].where.path == path
    assert all(1 <= each.where.line <= text.count("\n") + 2 for each in told)
    assert f"bad.yaml:{told[0].where.line}" in str(caught.value)


def test_the_line_is_the_one_an_editor_shows():
    text = top("currency:", "colour: red\ncurrency:")
    with pytest.raises(Unreadable, match=f"^bad.yaml:{text.splitlines().index('colour: red') + 1}:colour: "):
        read_case(text, "bad.yaml")


def test_all_mistakes_are_told_at_once():
    text = facts({**done(), "colour": "red"}, {**done(), "kind": "x"}).replace('rate: "0.06"', "rate: 6")
    with pytest.raises(Unreadable) as caught:
        read_case(text, "bad.yaml")
    assert [each.where.path for each in caught.value.wrongs] == ["tax.rate", "facts[0].colour", "facts[1].kind"]


def test_on_and_no_are_names_and_anchors_are_read():
    text = written(
        version(f"[{{{RULE.replace('code: V', 'code: on')}}}]"),
        more="invoiced: [{no: no, on: &day 2026-01-01, lines: [[on, off]]}, {no: y, on: *day, lines: []}]",
    )
    first, second = read_case(text).invoiced
    assert (first.no, first.lines, second.no, second.on) == ("no", (("on", "off"),), "y", first.on)


def test_deep_nesting_does_not_end_the_program():
    with pytest.raises(Unreadable):
        read_case("[" * 50_000)
