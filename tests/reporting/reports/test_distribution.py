"""A distribution statement says the integers of the posted distributions, and stays what it was."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.payments.playing import at, on
from tests.payments.sharing_trial import GIVEN, SharingTrial
from trialdesk.application import Application
from trialdesk.base.errors import UserError
from trialdesk.base.i18n import speaking
from trialdesk.base.money import money_text
from trialdesk.payments.rules.settling import Drawn, settled
from trialdesk.payments.sharing.actions.distributing import release_share, reverse_distribution
from trialdesk.payments.sharing.actions.paying import record_payout
from trialdesk.payments.sharing.queries import beneficiaries, distributions
from trialdesk.reporting.looking import page_texts
from trialdesk.reporting.making import facts, make
from trialdesk.reporting.proving import prove
from trialdesk.reporting.reports.distribution_statement import compose
from trialdesk.reporting.structure import Checks, Note


@pytest.fixture
def trial(sqlite_desk: Application) -> SharingTrial:
    made = SharingTrial(sqlite_desk)
    at(sqlite_desk, on("2026-04-10"))
    made.post(made.prepare(made.receive()))
    return made


def told(trial: SharingTrial, **more: Any) -> Any:
    return facts(trial.desk, "distribution-statement", study="HARBOUR", **more)


def pay(trial: SharingTrial, code: str, amount: int) -> None:
    who = {row.code: row.id for row in trial.desk.read(beneficiaries, study=trial.study)}
    trial.run(record_payout, beneficiary=who[code], paid_on=trial.desk.today, amount=amount, currency="CNY",
              reference="OUT-1")  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_totals_are_the_runs_integers(trial: SharingTrial, language: str):
    said = told(trial)
    (run,) = trial.desk.read(distributions, study=trial.study)
    assert sum(line.amount for each in said.statements for line in each.lines) == run.amount == sum(GIVEN.values())
    assert {each.code: each.payable + each.suspended for each in said.statements} == GIVEN
    text = "".join(page_texts(make(trial.desk, "distribution-statement", study="HARBOUR", language=language).pdf))
    plain = text.replace("\n", "").replace(" ", "").replace("\N{NO-BREAK SPACE}", "")
    with speaking(language):
        for each in said.statements:
            for amount in (each.payable, each.suspended, *(line.amount for line in each.lines)):
                assert money_text(amount, "CNY").replace("\N{NO-BREAK SPACE}", "") in plain


def test_a_share_waits_until_the_day_it_was_released_on(trial: SharingTrial):
    (one,) = told(trial, beneficiary="p2").statements
    assert (one.payable, one.suspended, [line.state for line in one.lines]) == (0, GIVEN["p2"], ["suspended"])
    at(trial.desk, on("2026-04-20"))
    trial.declare("p2")
    (waiting,) = (each for each in trial.rows() if each.waits)
    trial.run(release_share, share=waiting.id, reason="Declared")
    pay(trial, "p2", GIVEN["p2"])
    (one,) = told(trial, beneficiary="p2").statements
    assert (one.due, one.suspended, [line.state for line in one.lines]) == (0, 0, ["paid"])
    assert one.payouts[0].drawn == (("R-1", GIVEN["p2"]),)
    (one,) = told(trial, beneficiary="p2", as_of=date(2026, 4, 19)).statements
    assert (one.payable, one.suspended, one.payouts) == (0, GIVEN["p2"], ())
    assert told(trial, as_of=date(2026, 4, 9)).statements == ()


def test_what_was_paid_and_taken_back_is_carried_and_said(trial: SharingTrial):
    pay(trial, "lab", GIVEN["lab"])
    (run,) = trial.desk.read(distributions, study=trial.study)
    back = trial.run(reverse_distribution, distribution=run.id, reason="Wrong points").result
    trial.post(back)
    said = told(trial, beneficiary="lab")
    (one,) = said.statements
    assert (one.due, {line.state for line in one.lines}) == (-GIVEN["lab"], {"taken_back"})
    blocks = compose(said)
    assert [block.title for block in blocks if isinstance(block, Note)] == ["Carried forward"]
    assert all(ticked for block in blocks if isinstance(block, Checks) for _words, ticked in block.items)


def test_a_statement_is_proven_later(trial: SharingTrial, tmp_path: Path):
    file = tmp_path / "statement.pdf"
    made = make(trial.desk, "distribution-statement", study="HARBOUR", language="en", beneficiary="lab")
    file.write_bytes(made.pdf)
    assert prove(trial.desk, file).unaltered is True
    pay(trial, "lab", 1)
    verdict = prove(trial.desk, file)
    assert (verdict.unaltered, verdict.same_now) == (True, False)


def test_an_unknown_beneficiary_is_named(trial: SharingTrial):
    with pytest.raises(UserError, match="“nobody”"):
        told(trial, beneficiary="nobody")


def test_payouts_draw_on_the_oldest_shares_first():
    owed = {"D1": 100, "D2": 0, "D3": 60, "D4": -20}
    assert settled(owed, [("P1", 70), ("P2", 50), ("P3", 90)]) == (
        Drawn("P1", "D1", 70),
        Drawn("P2", "D1", 30),
        Drawn("P2", "D3", 20),
        Drawn("P3", "D3", 40),
    )
