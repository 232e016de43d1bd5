"""Bright lines: each is crossed by some terms and not by the sound ones."""

from __future__ import annotations

import pytest

from tests.support.payments import HEAD, case, version
from trialdesk.base.i18n import speaking
from trialdesk.payments.rules.lint import lint

EXHIBIT = (
    "exhibit: {payee: institution, fair_market_value: survey 2026, consent_names_support: true, total: '500.00', "
    "advance: '0.20'}"
)
DEFAULTS = '{tax: VAT6, overhead: {rate: "0.10", mode: on_top}, holdback: {rate: "0.10", on: [visit], release: HB}}'
GATE = "{code: G, metric: PDR, test: '< 0.05', min_n: 10, on_fail: {defer: [visit], cure_periods: 2}}"
SOUND = """
  - {code: START, kind: site_fee, trigger: {fact: site_activated}, amount: {fixed: "100.00"},
     evidence: [activation_letter]}
  - {code: V2, kind: visit, trigger: {fact: visit_done, visit: V2}, amount: {fixed: "100.00"}, gates: [G],
     evidence: [crf]}
  - {code: ENR, kind: milestone, amount: {fixed: "500.00"}, require: ["count(randomised_valid) >= 10"],
     evidence: [list]}
  - {code: HB, kind: milestone, trigger: {fact: report_signed}, amount: {fixed: "0.00"}, evidence: [report]}"""


def codes(
    rules: str = SOUND, *, exhibit: str = EXHIBIT, defaults: str = DEFAULTS, gate: str = GATE, head: str = HEAD
) -> list[str]:
    terms = version(rules, defaults=defaults, more=f"gates: [{gate}]")
    return [each.line.code for each in lint(case(terms, more=exhibit, head=head))]


def with_rule(more: str) -> str:
    return f"{SOUND}\n  - {{code: X, evidence: [x], {more}, amount: {{fixed: '0.00'}}}}"


def test_sound_terms_cross_no_line():
    assert codes() == []


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (with_rule("kind: bonus, require: ['metric(EFFICACY) >= 0.5']"), ["E1"]),
        (with_rule("kind: milestone, trigger: {fact: milestone, name: favourable result}"), ["E1"]),
        (with_rule("kind: milestone, trigger: {fact: milestone, name: referral of ten patients}"), ["E2"]),
        (SOUND.replace("evidence: [crf]", "evidence: []"), ["E4"]),
        (with_rule("kind: bonus, require: [count(randomised) >= 5]"), ["W1"]),
        (
            with_rule(
                "kind: milestone, trigger: {fact: randomised}, "
                "grade: [{of: 'days(site_activated, unit.date)', bands: [], else: '1'}]"
            ),
            ["W1"],
        ),
        (SOUND.replace("gates: [G]", "gates: [G], holdback: {rate: '0.20'}"), ["W2"]),
        (with_rule("kind: milestone, trigger: {fact: published, stage: accepted}"), ["W3"]),
        (with_rule("kind: milestone, trigger: {fact: published, stage: submitted}"), []),
        (
            SOUND.replace("site_activated", "completed").replace("site_fee", "milestone").replace("'100.00'", "'0.00'"),
            ["E4", "W4"],
        ),
        (SOUND.replace("kind: visit", "kind: subject_event").replace("visit_done, visit: V2", "completed"), ["W6"]),
    ],
)
def test_a_rule_crosses_a_line(rules: str, expected: list[str]):
    assert codes(rules) == expected


@pytest.mark.parametrize(
    ("exhibit", "expected"),
    [
        ("", ["W7", "W9"]),
        (EXHIBIT.replace("institution", "person"), ["E3"]),
        (EXHIBIT.replace("'500.00'", "'501.00'"), ["E4"]),
        (EXHIBIT.replace("'0.20'", "'0.40'"), ["W8"]),
        (EXHIBIT.replace("'0.20'", "'0.20', advance_limit: '0.10'"), ["W8"]),
    ],
)
def test_the_exhibit_speaks_of_what_rules_cannot(exhibit: str, expected: list[str]):
    assert codes(exhibit=exhibit) == expected


def test_defaults_and_gates_cross_lines():
    assert codes(defaults=DEFAULTS.replace(", release: HB", "")) == ["E4"]
    assert codes(defaults=DEFAULTS.replace("VAT6", "VAT9")) == ["E4"]
    assert codes(gate=GATE.replace("min_n: 10, ", "")) == ["W5"]
    assert codes(gate=GATE.replace(", cure_periods: 2", "")) == ["W5"]
    assert codes(gate=GATE.replace("cure_periods: 2", "cure_periods: 2, then: {forfeit: '0.1'}")) == ["W2"]


def test_a_finding_says_where_and_what_to_do_in_the_readers_language():
    (found,) = lint(
        case(
            version(SOUND.replace("evidence: [crf]", "evidence: []"), defaults=DEFAULTS, more=f"gates: [{GATE}]"),
            more=EXHIBIT,
        )
    )
    said = found.as_json("t.yaml")
    assert (said["level"], said["file"], said["path"]) == ("error", "t.yaml", "terms[0].rules[1]")
    with speaking("zh"):
        assert found.as_json("t.yaml")["words"] == "某规则未列明证据。"
