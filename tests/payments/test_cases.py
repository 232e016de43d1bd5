"""Worked examples lived on a desk: their facts recorded as records come to the published figures."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.payments.playing import Trial, differences
from tests.support.shared import DATA, needed
from trialdesk.application import Application
from trialdesk.base.clock import parse_instant

CASES = DATA / "payments" / "spec_cases"

LIVED = (
    "X1-plain",
    "X2-amendment",
    "X3-reconsent",
    "X4-window",
    "X5-screen-failures",
    "X8-gate-cured",
    "X8-gate-forfeit",
    "X12-milestones",
)

pytestmark = needed("payments")


def expected(name: str) -> list[dict[str, Any]]:
    checks: list[dict[str, Any]] = json.loads((CASES / f"{name}.expected.json").read_text())["checks"]
    return checks


@pytest.mark.parametrize("name", LIVED)
def test_the_figures_of_a_case_lived_on_a_desk(desk: Application, name: str):
    trial = Trial(desk)
    trial.play((CASES / f"{name}.yaml").read_text())
    for check in expected(name):
        said = trial.owed(check["as_of"], parse_instant(check["known_at"])).answer()
        assert list(differences(said, check["expect"])) == []


def test_what_was_known_before_a_late_visit_and_a_corrected_date(desk: Application):
    """X14: the same day as it was known at two instants, and the documents that follow."""
    trial = Trial(desk)
    trial.play((CASES / "X14-knowledge.yaml").read_text())
    first, second, third = expected("X14-knowledge")
    for check in (first, second):
        totals = {"totals": check["expect"]["totals"]}
        said = trial.owed(check["as_of"], parse_instant(check["known_at"])).answer()
        assert list(differences(said, totals)) == []
    desk.clock.at = datetime(2026, 7, 31, 12, tzinfo=UTC)  # type: ignore[attr-defined]  # a clock that can be set
    trial.certify()
    said = trial.owed("2026-07-31").answer()
    assert list(differences(said, third["expect"])) == []
    invoice = trial.invoice()
    assert (invoice.net, invoice.tax, invoice.gross) == (460350, 27621, 487971)
