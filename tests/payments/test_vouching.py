"""Who vouches for amounts: four steps of different people, no share certified alone, no open interest."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.payments.playing import SECOND, Trial, at, edit, on
from tests.payments.test_money import TERMS, run
from tests.support.acts import a_colleague
from tests.support.desks import PASSWORD
from trialdesk.application import Application
from trialdesk.base.errors import NotAllowed, UserError
from trialdesk.contracts.actions.interests import declare_interest
from trialdesk.contracts.queries import organisations
from trialdesk.payments.achievement import achievement
from trialdesk.payments.actions.certifying import (
    attest_certificate,
    certify_certificate,
    prepare_certificate,
    verify_certificate,
)
from trialdesk.payments.queries import certificates
from trialdesk.payments.records import Certificate
from trialdesk.payments.sharing.actions.paying import add_beneficiary
from trialdesk.people.queries import account_named

STAFF = {"cy": "coordinator", "di": "data_manager"}


@pytest.fixture
def trial(desk: Application) -> Trial:
    made = Trial(desk)
    for name, role in STAFF.items():
        a_colleague(desk, made.study, role, name, f"{name} walks at noon")
    at(desk, on("2026-03-09"))
    made.load(TERMS)
    made.happened("001", "V2", "2026-02-20")
    return made


def as_(trial: Trial, name: str) -> str:
    """Sign somebody in and return what they sign with."""
    password = {"ada": PASSWORD, "bo": SECOND[1]}.get(name, f"{name} walks at noon")
    trial.desk.sign_in(name, password)
    return password


def step(trial: Trial, action: Any, name: str, certificate: str) -> None:
    run(trial, action, certificate=certificate, signed_with=as_(trial, name))


def prepared(trial: Trial, **more: Any) -> str:
    as_(trial, "cy")
    made: str = run(trial, prepare_certificate, contract=trial.contract, as_of=trial.desk.today, **more)
    return made


def test_four_steps_of_four_people_in_their_order(trial: Trial):
    made = prepared(trial, needs_verification=True, needs_attestation=True)
    with pytest.raises(UserError, match="verified first"):
        step(trial, attest_certificate, "ada", made)
    step(trial, verify_certificate, "di", made)
    with pytest.raises(UserError, match="attested first"):
        step(trial, certify_certificate, "bo", made)
    for name in ("cy", "di", "bo"):
        with pytest.raises(NotAllowed):
            step(trial, attest_certificate, name, made)
    step(trial, attest_certificate, "ada", made)
    with pytest.raises(NotAllowed, match="attested a certificate does not certify"):
        step(trial, certify_certificate, "ada", made)
    with pytest.raises(UserError, match="was attested on"):
        step(trial, attest_certificate, "ada", made)
    step(trial, certify_certificate, "bo", made)
    (row,) = trial.desk.read(certificates, study=trial.study)
    assert (row.prepared_by, row.verified_by, row.attested_by, row.certified_by) == ("Cy", "Di", "Ada Lind", "Bo Berg")
    told = trial.desk.read(achievement, study=trial.study)
    assert [(each.name, each.stands) for each in told.signatures] == [
        ("Di", True),
        ("Ada Lind", True),
        ("Bo Berg", True),
    ]


def test_nobody_takes_two_steps_whichever_way_an_act_comes(trial: Trial):
    made = prepared(trial, needs_verification=True)
    step(trial, verify_certificate, "di", made)
    as_(trial, "ada")
    di = trial.desk.read(account_named, username="di").id
    with pytest.raises(NotAllowed, match="verified it cannot be who certified it"):
        edit(trial.desk, trial.study, Certificate, made, certified_by=di, certified_on=date(2026, 3, 1),
             certified_at=on("2026-03-01"))  # fmt: skip


def test_who_has_a_share_does_not_certify_alone(trial: Trial):
    as_(trial, "bo")
    bo = trial.desk.read(account_named, username="bo").person
    run(trial, add_beneficiary, code="bo", name="Bo Berg", kind="person", person=bo)
    alone = prepared(trial)
    with pytest.raises(UserError, match="does not certify alone"):
        step(trial, certify_certificate, "bo", alone)
    step(trial, verify_certificate, "di", alone)
    step(trial, certify_certificate, "bo", alone)


def test_an_interest_that_ran_out_keeps_one_from_certifying(trial: Trial):
    as_(trial, "bo")
    (party,) = (row.id for row in trial.desk.read(organisations))
    bo = trial.desk.read(account_named, username="bo").person
    day = trial.desk.today
    told = {"organisation": party, "person": bo}
    run(trial, declare_interest, **told, declared_on=day - timedelta(400), expires_on=day - timedelta(1))
    made = prepared(trial)
    with pytest.raises(UserError, match="has run out"):
        step(trial, certify_certificate, "bo", made)
    as_(trial, "ada")
    run(trial, declare_interest, **told, declared_on=day, has_interest=True, words="Shares")
    with pytest.raises(UserError, match="not accepted"):
        step(trial, certify_certificate, "bo", made)
    as_(trial, "ada")
    run(trial, declare_interest, **told, declared_on=day)
    step(trial, certify_certificate, "bo", made)
