"""The case files that lie beside the repository, each with what its author expects of it."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from tests.support.shared import DATA, needed
from trialdesk.payments.rules.answer import answer
from trialdesk.payments.rules.assess import assess
from trialdesk.payments.rules.case import read_case
from trialdesk.payments.rules.shapes import parse_instant

FOLDER = "payments/spec_cases"
NAMES = [path.stem for path in sorted((DATA / FOLDER).glob("*.yaml"))]
WAITING = {"PENDING", "DEFERRED", "EXCESS"}

pytestmark = needed(FOLDER)


@pytest.mark.parametrize("name", NAMES or ["none"])
def test_a_case_gives_what_is_expected(name: str):
    given = read_case((DATA / FOLDER / f"{name}.yaml").read_text("utf-8"), name)
    checks = json.loads((DATA / FOLDER / f"{name}.expected.json").read_text("utf-8"))["checks"]
    assert checks
    for check in checks:
        known_at = parse_instant(check["known_at"])
        assert known_at is not None
        said = answer(assess(given, date.fromisoformat(check["as_of"]), known_at))
        assert chosen(said, check["expect"]) == check["expect"], check["as_of"]


def chosen(said: Any, expected: Any) -> Any:
    """Return of what is said the part that the expectation speaks of, in its shape."""
    if isinstance(expected, dict):
        return {key: _chosen_at(said, key, expected[key]) for key in expected}
    if isinstance(expected, list):
        assert len(said) == len(expected), said
        return [chosen(*each) for each in zip(said, expected, strict=True)]
    return said


def _chosen_at(said: dict[str, Any], key: str, expected: Any) -> Any:
    if key == "rule_sums":
        earned = [line for line in said["lines"] if line["state"] not in WAITING]
        return {rule: sum(line["line"] for line in earned if line["rule"] == rule) for rule in expected}
    if key == "study":
        return {kind: sum(row["amount"] for row in said["study_level"] if row["kind"] == kind) for kind in expected}
    if key in {"lines", "study_level"}:
        return [chosen(_named(said[key], each), each) for each in expected]
    return chosen(said[key], expected)


def _named(rows: list[dict[str, Any]], expected: dict[str, Any]) -> dict[str, Any]:
    names = {key: expected[key] for key in ("rule", "unit") if key in expected}
    (found,) = [row for row in rows if names.items() <= row.items()]
    return found
