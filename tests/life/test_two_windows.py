"""Two windows do what cannot both be: whoever comes second is refused, on both databases, whatever it looked at before.

Every final act done twice at once is looked at in tests/life/test_every_act.py; here are acts that undercut each other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

import trialdesk.enrollment.actions as acts
from tests.payments import test_money as money
from tests.payments.playing import SECOND, at, on
from tests.payments.playing import Trial as Paid
from tests.support import ethics
from tests.support.acts import ON
from tests.support.desks import OWNER, PASSWORD
from tests.support.trial import Trial
from tests.support.windows import at_once, second_window
from trialdesk.application import Application, Done
from trialdesk.base.errors import Told
from trialdesk.contracts.actions.insuring import add_insurance, void_insurance
from trialdesk.ethics.actions import decide
from trialdesk.payments.actions.certifying import certify_certificate, prepare_certificate, withdraw_certificate
from trialdesk.payments.actions.invoicing import issue_invoice
from trialdesk.payments.actions.posting import post_ledger
from trialdesk.payments.actions.receiving import record_receipt, settle_invoice
from trialdesk.payments.queries import entries, invoices
from trialdesk.people.acting import Action
from trialdesk.studies.actions import correct_study
from trialdesk.studies.closing import close_study


@dataclass(frozen=True)
class Pair:
    """Two acts at once; `words` are those in which the second is refused."""

    first: tuple[Action, dict[str, Any]]
    second: tuple[Action, dict[str, Any]]
    words: str


def _trial(desk: Application) -> Trial:
    trial = Trial(desk)
    trial.list("A", "P")
    return trial


def _allocating(trial: Trial, who: str) -> tuple[Action, dict[str, Any]]:
    return acts.allocate_open, {"study": trial.study, "participant": who}


def suspended(desk: Application) -> Pair:
    trial = _trial(desk)
    about = ethics.a_submission(
        desk, trial.study, ethics.a_committee(desk, trial.study, "Another"), kind="reportable", submitted_on=ON
    )
    decision = {"submission": about, "decided_on": ON, "effective_on": ON, "outcome": "suspended"}
    who = trial.ready()
    return Pair((decide, {"study": trial.study, **decision}), _allocating(trial, who), "no ethics approval is in force")


def the_last_slot(desk: Application) -> Pair:
    trial = Trial(desk)
    trial.list("A")
    one, two = trial.ready("001"), trial.ready("002")
    return Pair(_allocating(trial, one), _allocating(trial, two), "no slot left")


def one_slot(desk: Application) -> Pair:
    trial = _trial(desk)
    one, two = trial.ready("001"), trial.ready("002")
    act, given = _allocating(trial, two)
    return Pair(_allocating(trial, one), (act, {**given, "number": "S001"}), "S002 is the next one")


def consent_voided(desk: Application) -> Pair:
    trial = _trial(desk)
    who = trial.person()
    consent = trial.consented(who)
    trial.assessed(who)
    voiding = {"study": trial.study, "consent": consent, "version": 1, "reason": "another's form"}
    return Pair((acts.void_consent, voiding), _allocating(trial, who), "not consented")


def eligibility_corrected(desk: Application) -> Pair:
    trial = _trial(desk)
    who = trial.person()
    trial.consented(who)
    made = trial.assessed(who)
    change = {"study": trial.study, "eligibility": made, "version": 1, "remarks": "seen again", "reason": "left out"}
    return Pair((acts.correct_eligibility, change), _allocating(trial, who), "No investigator's signature")


def withdrawn(desk: Application) -> Pair:
    trial = _trial(desk)
    who = trial.ready()
    leaving = {"study": trial.study, "participant": who, "occurred_on": "2026-03-04", "why": "WITHDRAWAL BY SUBJECT"}
    return Pair((acts.withdraw, leaving), _allocating(trial, who), "Participation has ended")


def uninsured(desk: Application) -> Pair:
    trial = _trial(desk)
    who = trial.ready()
    own: dict[str, Any] = {"study": trial.study}
    policy: dict[str, Any] = {
        "insurer": "Shield",
        "policy": "P-1",
        "valid_from": date(2026, 1, 1),
        "valid_to": date(2026, 12, 31),
    }
    made = desk.run(add_insurance, **own, **policy).result
    desk.run(correct_study, **own, version=1, needs_insurance=True, reason="asked for by the committee")
    voiding = {**own, "insurance": made, "version": 1, "reason": "never paid"}
    return Pair((void_insurance, voiding), _allocating(trial, who), "No insurance of the participants")


def closed(desk: Application) -> Pair:
    trial = Trial(desk)
    ending = {"closed_on": ON, "retained_until": date(2041, 1, 1), "archive": "Vault", "custodian": "Ada Lind"}
    given = {"study": trial.study, "grounds": "never began", "outcome": "Stopped early", **ending}
    screening = {"study": trial.study, "site": trial.site, "number": "1", "screened_on": "2026-03-04"}
    return Pair((close_study, {**given, "signed_with": PASSWORD}), (acts.screen, screening), "no longer change")


PAIRS: tuple[Callable[[Application], Pair], ...] = (
    suspended,
    the_last_slot,
    one_slot,
    consent_voided,
    eligibility_corrected,
    withdrawn,
    uninsured,
    closed,
)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda each: each.__name__)
def test_who_comes_second_sees_what_the_first_did(desk: Application, pair: Callable[[Application], Pair]):
    two = pair(desk)
    with second_window(desk, OWNER, PASSWORD) as other:
        _done, told = at_once(desk, *two.first, other, *two.second)
    assert isinstance(told, Told)
    assert two.words in str(told)
    assert desk.verify().proven


@pytest.fixture
def paid(desk: Application) -> Paid:
    """Give a trial with two visits to be paid for and two certificates over the same lines, not certified yet."""
    made = Paid(desk)
    at(desk, on("2026-03-01"))
    made.load(money.TERMS)
    for number in ("001", "002"):
        made.happened(number, "V2", "2026-02-20")
    return made


def _both(paid: Paid, first: tuple[Action, Any], second: tuple[Action, Any], *, who: tuple[str, str]) -> Done | Told:
    """Do both at once in this study, the second in another window; return what came of that."""
    with second_window(paid.desk, *who) as other:
        own = {"study": paid.study}
        _done, came = at_once(paid.desk, first[0], {**own, **first[1]}, other, second[0], {**own, **second[1]})
    return came


def _prepared(paid: Paid) -> str:
    made: str = paid.desk.run(
        prepare_certificate, study=paid.study, contract=paid.contract, as_of=paid.desk.today
    ).result
    return made


def test_the_same_lines_are_certified_once(paid: Paid):
    one, two = _prepared(paid), _prepared(paid)
    paid.as_second()
    signed = {"signed_with": SECOND[1]}
    came = _both(
        paid,
        (certify_certificate, {"certificate": one, **signed}),
        (certify_certificate, {"certificate": two, **signed}),
        who=SECOND,
    )
    assert "certified meanwhile" in str(came)


def test_what_is_being_certified_is_not_withdrawn(paid: Paid):
    one = _prepared(paid)
    paid.as_second()
    came = _both(
        paid,
        (certify_certificate, {"certificate": one, "signed_with": SECOND[1]}),
        (withdraw_certificate, {"certificate": one, "version": 1, "reason": "wrong"}),
        who=(OWNER, PASSWORD),
    )
    assert isinstance(came, Told)


def test_invoices_are_issued_once_and_numbered_without_gaps(paid: Paid):
    paid.certify()
    paid.say_who_asks()
    asked = issue_invoice, {"contract": paid.contract}
    came = _both(paid, asked, asked, who=(OWNER, PASSWORD))
    assert "nothing to invoice" in str(came)
    paid.happened("003", "V2", "2026-02-25")
    paid.certify()
    paid.invoice()
    assert sorted(row.number for row in paid.desk.read(invoices, study=paid.study)) == ["INV-0001", "INV-0002"]


def test_the_ledger_is_posted_once(paid: Paid):
    posting = post_ledger, {"contract": paid.contract}
    came = _both(paid, posting, posting, who=(OWNER, PASSWORD))
    assert isinstance(came, Done)
    assert came.transaction is None
    assert len(paid.desk.read(entries, contract=paid.contract)) == 6


def test_money_is_laid_to_a_line_once(paid: Paid):
    paid.certify()
    invoice = paid.invoice()
    own: dict[str, Any] = {
        "contract": paid.contract,
        "currency": "CNY",
        "value_on": paid.desk.today - timedelta(days=1),
    }
    receipts = [
        paid.desk.run(record_receipt, study=paid.study, reference=name, amount=invoice.gross, **own).result
        for name in ("B-1", "B-2")
    ]
    one, two = ((settle_invoice, {"receipt": each, "invoice": invoice.id}) for each in receipts)
    assert "nothing to pay" in str(_both(paid, one, two, who=(OWNER, PASSWORD)))
