"""From a contract on paper to its first paid invoice, by keys and clicks alone: terms are written in their editor.

The coordinator writes them from the template and cannot let them count; the principal investigator approves what the
checks warn of, by name and with a reason, and activates them; then a visit becomes money.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.test_whole_life import (
    COORDINATOR,
    DATA,
    PI,
    _agree,
    _approval,
    _begin,
    _cash,
    _claim,
    _design,
    _enter,
    _first_participant,
    _insure,
    _sign,
    _team,
    _verify,
    _visits,
)
from tests.support.clerk import Clerk
from tests.support.person import Person
from tests.support.somebody import somebody
from trialdesk.application.acts import SAID
from trialdesk.base.i18n import _
from trialdesk.base.money import money_text

CONTRACT = b"%PDF-1.4\n% the contract as it was signed\n%%EOF\n"
GROSS = "25418.80"
"""Start-up 22,000.00, two visits of 1,100.00 of which a tenth is held, and 6 % tax."""


def contract_to_cash(person: Person, folder: Path) -> None:
    """Live it."""
    clerk = Clerk(person)
    _begin(clerk, folder)
    _team(clerk)
    _design(clerk)
    _enter(clerk, COORDINATOR)
    _approval(clerk, folder)
    _on_paper(clerk, folder)
    _agree(clerk)
    _insure(clerk)
    _write(clerk)
    _enter(clerk, PI)
    _approve(clerk)
    _enter(clerk, COORDINATOR)
    _first_participant(clerk)
    _enter(clerk, PI)
    _sign(clerk)
    _enter(clerk, COORDINATOR)
    _visits(clerk)
    _claim(clerk)
    _enter(clerk, DATA)
    _verify(clerk)
    _enter(clerk, PI)
    _cash(clerk, GROSS)
    _board(clerk)
    _forecast(clerk)


def _on_paper(clerk: Clerk, folder: Path) -> None:
    paper = folder / "contract.pdf"
    paper.write_bytes(CONTRACT)
    clerk.turn_to("Documents")
    clerk.begin(
        "documents:document:attach",
        {"title": "Support agreement C-001", "category": "contract", "data": str(paper)},
        picture="contract on paper",
    )


def _write(clerk: Clerk) -> None:
    """Write the terms from the template, and see that their drafter cannot let them count."""
    person = clerk.person
    clerk.turn_to("Terms editor")
    person.click(_("Start from…"))
    assert person.picks(_("A commented template"))
    person.wait_for("W7")
    person.look("template")
    person.click(_("Try on facts"))
    person.look("bench")
    person.click(_("Difference in money"))
    person.look("difference")
    person.click(_("Checks"))
    person.click(_("Save draft"))
    person.wait_for(_(SAID["contracts:terms:draft"]))
    person.wait_for(COORDINATOR)
    person.look("draft saved")


def _approve(clerk: Clerk) -> None:
    person = clerk.person
    clerk.turn_to("Terms editor")
    for code, why in (("W7", "The price list of the faculty is public"), ("W9", "The form is being amended")):
        person.wait_for(_("Approve {code}…").format(code=code))
        person.click(_("Approve {code}…").format(code=code))
        person.type(why)
        person.press("Return")
        person.wait_for(_(SAID["contracts:warning_approval:approve"]))
        person.wait_for(why)
    person.wait_for(_("Nothing stands in the way of these terms."))
    person.look("warnings approved")
    person.click(_("Activate terms"))
    person.type("As agreed with Quayside Pharma")
    person.press("Return")
    person.sign(clerk.password)
    person.wait_for(_(SAID["contracts:terms:activate"]))
    person.look("terms count")


def _board(clerk: Clerk) -> None:
    clerk.turn_to("Payments", "Deliverables board")
    clerk.person.point_at("START")
    clerk.person.wait_for("START")
    received = money_text(2332000, "CNY")
    assert clerk.person.sees(received), f"{received} is not on the board: {clerk.person.words()}"
    clerk.person.look("board")


def _forecast(clerk: Clerk) -> None:
    clerk.turn_to("Forecast")
    clerk.person.wait_for(_("From accrued to received"))
    clerk.person.wait_for(_("This is an estimate. None of it is earned, posted or invoiced."))
    clerk.person.look("forecast")


@pytest.mark.parametrize("spoken", ["en", pytest.param("zh", marks=pytest.mark.long)])
def test_from_a_contract_on_paper_to_its_first_paid_invoice(tmp_path, spoken, strays):
    with somebody(tmp_path, spoken, "light") as person:
        contract_to_cash(person, tmp_path)
