"""What was in force can prove not to have been: who was allocated or consented meanwhile waits for a deviation."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.overview.stages import change, keep
from tests.support.acts import ON
from tests.support.trial import Trial, brought_in
from trialdesk.application import Application, Done
from trialdesk.contracts.actions.insuring import add_insurance, void_insurance
from trialdesk.contracts.records import Contract, Organisation
from trialdesk.ethics.actions import correct_decision, withdraw_consent_version
from trialdesk.overview.clocks import clocks, today
from trialdesk.overview.triggers.cover import uncovered
from trialdesk.overview.triggers.scope import scope
from trialdesk.safety.actions.deviations import record_deviation
from trialdesk.studies.records import Study

AGREED = {"number": "C-1", "kind": "support", "direction": "receivable", "currency": "CNY"}


def told(desk: Application) -> list[tuple[str, str]]:
    return [
        (each.started.whose, each.started.name)
        for each in desk.read(clocks, on=ON)
        if each.rule.id == "DEV-COVER" and not each.state.startswith("done")
    ]


@pytest.fixture
def trial(desk: Application) -> Trial:
    made = Trial(desk)
    made.list("A", "P")
    made.allocate(made.ready("001"))
    return made


def lapse(trial: Trial) -> Done:
    return trial.desk.run(
        correct_decision,
        study=trial.study,
        decision=trial.decision,
        version=1,
        expires_on=date(2026, 3, 3),
        reason="the letter says so",
    )


def test_nothing_waits_where_all_was_in_force(trial: Trial):
    assert told(trial.desk) == []


def test_an_approval_corrected_leaves_who_was_allocated_after_it(trial: Trial):
    lapse(trial)
    assert told(trial.desk) == [("01-001", "allocated on 4 Mar 2026 without an ethics approval in force")]
    (row,) = [each for each in trial.desk.read(today, on=ON) if each.act == "Record the deviation"]
    assert (row.group, row.section, row.whose) == ("deviations", "participants", "01-001")
    (person,) = trial.desk.read(lambda read: list(uncovered(read, scope(read, on=ON))))
    trial.desk.run(
        record_deviation,
        study=trial.study,
        site=trial.site,
        participant=person.focus,
        category="other",
        occurred_on=ON,
        found_on=ON,
        description="Allocated after the approval had lapsed",
    )
    assert told(trial.desk) == []


def test_a_correction_taken_back_leaves_nothing(trial: Trial):
    done = lapse(trial)
    assert done.transaction is not None
    trial.desk.undo(done.transaction)
    assert told(trial.desk) == []


def test_a_version_withdrawn_from_an_earlier_day_leaves_its_consents(trial: Trial):
    trial.desk.run(
        withdraw_consent_version,
        study=trial.study,
        consent_version=trial.version,
        withdrawn_on=date(2026, 3, 1),
        reason="the letter came late",
    )
    assert told(trial.desk) == [("01-001", "consented on 2 Mar 2026 to version 1, which was not in use that day")]


def test_insurance_and_contract_voided_or_over_leave_who_was_allocated(desk: Application):
    trial = Trial(desk, needs_insurance=True)
    insured = desk.run(
        add_insurance,
        study=trial.study,
        insurer="Harbour Mutual",
        policy="P-1",
        valid_from=date(2026, 1, 1),
        valid_to=date(2026, 12, 31),
    ).result
    trial.list("A", "P")
    trial.allocate(trial.ready("001"))
    assert told(desk) == []
    desk.run(void_insurance, study=trial.study, insurance=insured, version=1, reason="never paid")
    assert told(desk) == [("01-001", "allocated on 4 Mar 2026 without insurance")]


@pytest.mark.parametrize(
    ("fields", "covered"),
    [
        ({"state": "active", "fully_executed_on": date(2026, 3, 4)}, True),
        ({"state": "active", "fully_executed_on": date(2026, 3, 5)}, False),
        ({"state": "terminated", "fully_executed_on": date(2026, 1, 1), "closed_on": date(2026, 3, 4)}, True),
        ({"state": "terminated", "fully_executed_on": date(2026, 1, 1), "closed_on": date(2026, 3, 3)}, False),
        ({"state": "suspended", "fully_executed_on": date(2026, 1, 1), "suspended_on": date(2026, 3, 4)}, False),
        (
            {
                "state": "active",
                "fully_executed_on": date(2026, 1, 1),
                "suspended_on": date(2026, 3, 1),
                "resumed_on": date(2026, 3, 4),
            },
            True,
        ),
        ({"state": "active", "fully_executed_on": date(2026, 1, 1), "ends_on": date(2026, 3, 4)}, True),
        ({"state": "active", "fully_executed_on": date(2026, 1, 1), "ends_on": date(2026, 3, 3)}, False),
        ({"state": "in_signature", "fully_executed_on": None}, False),
    ],
)
def test_a_contract_covers_the_days_on_which_it_binds(trial: Trial, fields: dict[str, Any], covered: bool):
    party = keep(trial.desk, Organisation, trial.study, name="Acme")
    keep(trial.desk, Contract, trial.study, supporter=party, **AGREED, **fields)
    change(trial.desk, Study, trial.study, trial.study, needs_contract=True)
    assert told(trial.desk) == ([] if covered else [("01-001", "allocated on 4 Mar 2026 without a contract in force")])


def test_who_was_imported_had_their_cover_elsewhere(trial: Trial):
    brought_in(trial.desk, trial.study, trial.site)
    lapse(trial)
    assert [whose for whose, _words in told(trial.desk)] == ["01-001"]
