"""The team of a study: delegated and signed for, trained, given an account; and how it is signed after a lock."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from tests.desktop.pages.conftest import said
from tests.support.acts import ON
from tests.support.desks import OWNER, PASSWORD
from trialdesk.desktop.registers.detail import Detail
from trialdesk.desktop.spot import Spot
from trialdesk.desktop.widgets.signing import SignDialog
from trialdesk.people.actions import add_account, add_training, authorise_delegation, delegate
from trialdesk.people.queries import account_named, delegations


@pytest.fixture
def opened(shell, settle):
    def go(study, section, focus=""):
        shell.go(Spot("studies", study, section, focus))
        settle()
        return shell.page

    return go


@pytest.fixture
def bo(ward):
    ward.run(add_account, name="Bo Ek", username="bo", password="another horse")
    return ward.read(account_named, username="bo")


@pytest.fixture
def given(ward, trial, bo):
    return ward.run(delegate, study=trial.study, person=bo.person, role="coordinator", starts_on=ON).result


def _detail(page) -> Detail:
    detail = page.view.split.detail
    assert isinstance(detail, Detail)
    return detail


def _signing(page, settle) -> SignDialog:
    _detail(page).acts.press("people:delegation:authorise")
    settle()
    return next(w for w in QApplication.topLevelWidgets() if isinstance(w, SignDialog) and w.isVisible())


def _why(page, key: str) -> str:
    return {offer.key: offer.refused for offer in _detail(page).acts.offers}[key]


def _awaits(ward, trial):
    return [row.awaits_signature for row in ward.read(delegations, study=trial.study)]


def test_a_delegation_is_signed_for_where_it_stands(opened, ward, trial, given, settle):
    page = opened(trial.study, "team", given)
    dialog = _signing(page, settle)
    assert dialog.user is None
    assert OWNER in said(dialog)
    dialog.password.setText(PASSWORD)
    dialog.sign.click()
    settle()
    assert _awaits(ward, trial) == [False]
    assert "Authorised by the principal investigator" in said(_detail(page))


def test_after_a_lock_the_user_name_is_asked_too(opened, ward, trial, given, settle):
    ward.interrupt()
    page = opened(trial.study, "team", given)
    dialog = _signing(page, settle)
    assert dialog.user is not None
    dialog.password.setText(PASSWORD)
    dialog.sign.click()
    settle()
    assert "user name and your password" in dialog.refused.text()
    assert _awaits(ward, trial) == [True]
    dialog.user.setText(OWNER)
    dialog.password.setText(PASSWORD)
    dialog.sign.click()
    settle()
    assert _awaits(ward, trial) == [False]


def test_what_is_done_already_says_so(opened, ward, trial, given, bo):
    ward.run(authorise_delegation, study=trial.study, delegation=given, signed_with=PASSWORD)
    page = opened(trial.study, "team", given)
    assert "authorised already" in _why(page, "people:delegation:authorise")
    page = opened(trial.study, "team", bo.id)
    assert _why(page, "people:account:reactivate") == "The account is open."
    assert _why(page, "people:account:deactivate") == ""


def test_training_stands_with_the_team(opened, ward, trial, bo):
    made = ward.run(add_training, study=trial.study, person=bo.person, topic="gcp", completed_on=ON).result
    page = opened(trial.study, "team", made)
    assert "Good clinical practice" in said(_detail(page))
    assert "Bo Ek" in said(page)
