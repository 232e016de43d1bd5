"""From a receipt to what everybody is paid of it: two people, suspense, reversals, credits, payouts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from tests.payments.playing import SECOND, at, edit, on
from tests.payments.sharing_trial import GIVEN, TOLD, SharingTrial
from tests.support.desks import PASSWORD
from tests.support.policies import HOSPITAL, RECEIVED
from trialdesk.application import Application
from trialdesk.base.errors import Conflict, NotAllowed, UserError
from trialdesk.base.ids import Id
from trialdesk.contracts.actions.interests import judge_interest
from trialdesk.contracts.records import Contract, Interest
from trialdesk.payments.actions.invoicing import credit_invoice
from trialdesk.payments.actions.receiving import void_allocation
from trialdesk.payments.records import Allocation, Deliverable, Receipt
from trialdesk.payments.sharing.actions.deciding import activate_policy, correct_policy, draft_policy, void_policy
from trialdesk.payments.sharing.actions.distributing import (
    credit_distribution,
    post_distribution,
    prepare_distribution,
    release_share,
    reverse_distribution,
    withdraw_distribution,
)
from trialdesk.payments.sharing.actions.paying import add_beneficiary, record_payout, void_beneficiary, void_payout
from trialdesk.payments.sharing.queries import balances, beneficiaries, distributions, policies
from trialdesk.payments.sharing.records import Beneficiary, Distribution, Policy, Share
from trialdesk.people.queries import AccountRow
from trialdesk.people.records import Account

ONLY_TEAM = """\
policy: TEAM
no: 1
effective_from: 2026-01-01
currency: CNY
steps:
- {take: tax, to: tax_payable}
- {take: net, split: {hospital: "10", team: "60", department: "30"}, then: {team: {split: {p1: "1", p2: "2"}},
   department: {split: {fund: "1"}}}}
"""


@pytest.fixture
def trial(sqlite_desk: Application) -> SharingTrial:
    return SharingTrial(sqlite_desk)


def due(trial: SharingTrial) -> dict[str, tuple[int, int]]:
    """Return what may be paid and what waits, by code."""
    rows = trial.desk.read(balances, study=trial.study)
    return {row.code: (row.due, row.suspended) for row in rows if row.due or row.suspended}


def who(trial: SharingTrial, code: str) -> Id:
    found: Id = next(row.id for row in trial.desk.read(beneficiaries, study=trial.study) if row.code == code)
    return found


def me(trial: SharingTrial) -> AccountRow:
    """Return the account that is signed in."""
    assert trial.desk.session is not None
    found: AccountRow = trial.desk.session.account
    return found


def pay(trial: SharingTrial, code: str, amount: int, **more: str) -> Id:
    made: Id = trial.run(record_payout, beneficiary=who(trial, code), paid_on=trial.desk.today, amount=amount,
                         currency="CNY", reference=f"P-{code}-{amount}", **more).result  # fmt: skip
    return made


def credit(trial: SharingTrial, *names: str) -> None:
    """Let milestones not have been reached, and credit the invoice."""
    for name in names:
        edit(trial.desk, trial.study, Deliverable, trial.reached[name], voided=True)
    trial.run(credit_invoice, invoice=trial.bill.id, grounds="Not reached")


def test_a_receipt_is_shared_out_suspended_released_and_paid(desk: Application):
    trial = SharingTrial(desk)
    at(desk, on("2026-04-10"))
    made = trial.prepare(trial.receive())
    assert trial.given(made) == GIVEN
    assert due(trial) == {}
    trial.post(made)
    assert due(trial) == {**{code: (amount, 0) for code, amount in GIVEN.items()}, "p2": (0, GIVEN["p2"])}
    (row,) = desk.read(distributions, study=trial.study)
    assert (row.amount, row.posted_on, row.prepared_by != row.posted_by) == (10600000, date(2026, 4, 10), True)
    (waiting,) = (each for each in trial.rows() if each.waits)
    with pytest.raises(UserError, match="still stands"):
        trial.run(release_share, share=waiting.id, reason="It will be fine")
    trial.declare("p2")
    trial.run(release_share, share=waiting.id, reason="Declared anew")
    assert due(trial)["p2"] == (GIVEN["p2"], 0)
    with pytest.raises(UserError, match="not in suspense"):
        trial.run(release_share, share=waiting.id, reason="Again")
    pay(trial, "p2", 2000000)
    assert due(trial)["p2"] == (5714, 0)
    with pytest.raises(UserError, match="no more than is due"):
        pay(trial, "p2", 5715)
    assert desk.verify().proven


def test_an_interest_waits_until_a_second_person_clears_it(trial: SharingTrial):
    told = trial.declare("p1", interest="Shares of the supporter")
    trial.post(trial.prepare(trial.receive()))
    assert due(trial)["p1"] == (0, GIVEN["p1"])
    (waiting,) = (each for each in trial.rows() if each.waits)
    with pytest.raises(UserError, match="still stands"):
        trial.run(release_share, share=waiting.id, reason="x")
    trial.run(judge_interest, interest=told, acceptable=True, judgement="Sold")
    trial.run(release_share, share=waiting.id, reason="Cleared")
    assert due(trial)["p1"] == (GIVEN["p1"], 0)


def test_nobody_clears_or_releases_what_is_their_own(trial: SharingTrial):
    mine = me(trial).person
    edit(trial.desk, trial.study, Beneficiary, who(trial, "p1"), person=mine)
    told = trial.add(
        Interest(
            person=mine,
            organisation=trial.supporter,
            declared_on=trial.desk.today,
            has_interest=True,
            words="Shares",
        )
    )
    with pytest.raises(NotAllowed, match="their own interest"):
        trial.run(judge_interest, interest=told, acceptable=True, judgement="I am honest")
    trial.post(trial.prepare(trial.receive()))
    (waiting,) = (each for each in trial.rows() if each.waits)
    with pytest.raises(NotAllowed, match="of their own"):
        trial.run(release_share, share=waiting.id, reason="I am honest")


def test_two_people_and_no_beneficiary_post_it(trial: SharingTrial):
    made = trial.prepare(trial.receive())
    with pytest.raises(NotAllowed, match="prepared"):
        trial.run(post_distribution, distribution=made, signed_with=PASSWORD)
    with trial.desk.reading() as read:
        own = Account.TABLE.c
        bo = read.value(sa.select(own.person).where(own.username == SECOND[0]))
    edit(trial.desk, trial.study, Beneficiary, who(trial, "p3"), person=bo)
    with pytest.raises(NotAllowed, match="gets a share"):
        trial.post(made)
    trial.as_owner()
    # Nor by any other way.
    account = me(trial).id
    with pytest.raises(UserError, match="prepared"):
        edit(trial.desk, trial.study, Distribution, made, posted_by=account, posted_on=trial.desk.today)
    with trial.desk.reading() as read:
        other = read.value(sa.select(own.id).where(own.username == SECOND[0]))
    with pytest.raises(UserError, match="gets a share"):
        edit(trial.desk, trial.study, Distribution, made, posted_by=other, posted_on=trial.desk.today)


def test_what_is_posted_stands_and_is_taken_back_as_its_mirror(trial: SharingTrial):
    receipt = trial.receive()
    made = trial.prepare(receipt)
    trial.post(made)
    (row,) = trial.desk.read(distributions, study=trial.study)
    with pytest.raises(UserError, match="stands"):
        trial.run(withdraw_distribution, distribution=made, version=row.version, reason="Oh")
    for record, id_, fields in (
        (Distribution, made, {"voided": True}),
        (Distribution, made, {"posted_on": date(2026, 3, 11)}),
        (Share, trial.rows()[0].id, {"amount": 1}),
        (Share, trial.rows()[0].id, {"voided": True}),
    ):
        with pytest.raises(UserError):
            edit(trial.desk, trial.study, record, id_, **fields)
    back = trial.run(reverse_distribution, distribution=made, reason="Wrong points").result
    assert trial.given(back) == {code: -amount for code, amount in GIVEN.items()}
    trial.post(back)
    assert trial.given() == {}
    assert due(trial) == {}
    with pytest.raises(UserError, match="left to take back"):
        trial.run(reverse_distribution, distribution=made, reason="Twice")
    with pytest.raises(UserError, match="posted is taken back"):
        trial.run(reverse_distribution, distribution=back, reason="Twice")
    again = trial.prepare(receipt, TOLD.replace("p3: 17", "p3: 18"))
    assert sum(trial.given(again).values()) == 10600000
    assert trial.given(again)["p3"] > GIVEN["p3"]


def test_what_waits_is_taken_back_waiting_and_released_together(trial: SharingTrial):
    at(trial.desk, on("2026-04-10"))
    made = trial.prepare(trial.receive())
    trial.post(made)
    credit(trial, "OBS")
    lowered = trial.run(credit_distribution, distribution=made).result
    trial.post(lowered)
    assert "p2" not in due(trial)
    assert {each.amount for each in trial.rows() if each.waits} == {GIVEN["p2"], -GIVEN["p2"]}
    trial.declare("p2")
    (waiting,) = (each for each in trial.rows(made) if each.waits)
    trial.run(release_share, share=waiting.id, reason="Declared")
    assert not [each for each in trial.rows() if each.waits]
    assert "p2" not in due(trial)


def test_nothing_is_paid_out_before_there_was_a_share(trial: SharingTrial):
    trial.post(trial.prepare(trial.receive()))
    given = {"beneficiary": who(trial, "radiology"), "amount": 100, "currency": "CNY", "reference": "P-1"}
    with pytest.raises(UserError, match="nothing was paid before"):
        trial.run(record_payout, paid_on=trial.desk.today - timedelta(1), **given)
    trial.run(record_payout, paid_on=trial.desk.today, **given)


def test_a_credit_note_lowers_what_was_shared_out_and_carries_what_was_paid(trial: SharingTrial):
    made = trial.prepare(trial.receive())
    trial.post(made)
    with pytest.raises(UserError, match="No credit note"):
        trial.run(credit_distribution, distribution=made)
    pay(trial, "radiology", GIVEN["radiology"])
    credit(trial, "LAB")
    lowered = trial.run(credit_distribution, distribution=made).result
    assert trial.given(lowered) == {"tax_payable": -120000, "hospital": -600000, "radiology": -600000, "lab": -800000}
    trial.post(lowered)
    assert due(trial)["radiology"] == (-600000, 0)
    assert "lab" not in due(trial)
    with pytest.raises(UserError, match="No credit note"):
        trial.run(credit_distribution, distribution=made)
    back = trial.run(reverse_distribution, distribution=made, reason="All of it").result
    trial.post(back)
    assert trial.given() == {}


def test_a_receipt_that_pays_in_parts_is_shared_out_to_the_last_unit_of_tax(trial: SharingTrial):
    amounts = (3333333, 3333333, 3933334)
    for place, amount in enumerate(amounts):
        trial.post(trial.prepare(trial.receive(amount, f"R-{place}")))
    sums = trial.given()
    assert sum(sums.values()) == 10600000
    assert sums["tax_payable"] == 600000
    assert sums["ec_account"] == 500000


def test_money_that_pays_nothing_is_not_shared_out_and_the_rest_later(trial: SharingTrial):
    receipt = trial.receive(12000000)
    made = trial.prepare(receipt)
    assert sum(trial.given(made).values()) == 10600000
    with pytest.raises(UserError, match="not posted yet"):
        trial.prepare(receipt)
    trial.post(made)
    with pytest.raises(UserError, match="left to share out"):
        trial.prepare(receipt)


def test_what_was_shared_out_keeps_its_allocations(trial: SharingTrial):
    made = trial.prepare(trial.receive())
    with trial.desk.reading() as read:
        rows = read.rows(sa.select(Allocation.TABLE.c.id, Allocation.TABLE.c.version))
    with pytest.raises(UserError, match="was shared out"):
        trial.run(void_allocation, allocation=rows[0].id, version=rows[0].version, reason="Laid to another")
    (row,) = trial.desk.read(distributions, study=trial.study)
    trial.run(withdraw_distribution, distribution=made, version=row.version, reason="Not yet")
    assert trial.rows() == ()
    trial.run(void_allocation, allocation=rows[0].id, version=rows[0].version, reason="Laid to another")


def test_what_changed_since_it_was_prepared_is_not_posted(trial: SharingTrial):
    made = trial.prepare(trial.receive())
    trial.declare("p3", interest="Fees of the supporter")
    with pytest.raises(Conflict, match="otherwise now"):
        trial.post(made)


def test_a_step_taken_back_takes_its_shares_with_it(trial: SharingTrial):
    receipt = trial.receive()
    done = trial.run(prepare_distribution, receipt=receipt, told=TOLD)
    again = trial.take_back(done)
    assert trial.rows() == ()
    trial.take_back(again)
    assert trial.given() == GIVEN


def test_a_policy_counts_from_its_day_on_once_a_second_person_signed(sqlite_desk: Application):
    trial = SharingTrial(sqlite_desk, activate=False)
    receipt = trial.receive()
    with pytest.raises(UserError, match="No distribution policy"):
        trial.prepare(receipt)
    with pytest.raises(NotAllowed, match="drafted"):
        trial.run(activate_policy, policy=trial.policy, signed_with=PASSWORD)
    (row,) = trial.desk.read(policies, contract=trial.contract)
    later = HOSPITAL.replace("2026-01-01", "2026-03-11")
    trial.run(correct_policy, policy=trial.policy, version=row.version, text=later, reason="From tomorrow")
    trial.as_second()
    trial.run(activate_policy, policy=trial.policy, signed_with=SECOND[1])
    trial.as_owner()
    with pytest.raises(UserError, match="No distribution policy"):
        trial.prepare(receipt)
    for fields in ({"text": HOSPITAL}, {"voided": True}, {"activated_on": None, "activated_by": None}):
        with pytest.raises(UserError, match="never changed"):
            edit(trial.desk, trial.study, Policy, trial.policy, **fields)
    (row,) = trial.desk.read(policies, contract=trial.contract)
    with pytest.raises(UserError, match="never changed"):
        trial.run(void_policy, policy=trial.policy, version=row.version, reason="Oh")
    # The newest version that is effective counts; a receipt is shared out by that of its own day.
    two = ONLY_TEAM.replace("no: 1", "no: 2").replace("2026-01-01", "2026-03-12")
    second = trial.run(draft_policy, contract=trial.contract, text=two).result
    with pytest.raises(UserError, match="not the next"):
        trial.run(draft_policy, contract=trial.contract, text=two)
    trial.as_second()
    trial.run(activate_policy, policy=second, signed_with=SECOND[1])
    trial.as_owner()
    at(trial.desk, on("2026-03-20"))
    edit(trial.desk, trial.study, Receipt, receipt, value_on=date(2026, 3, 15))
    made = trial.prepare(receipt, "")
    assert trial.given(made)["fund"] == 3000000


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HOSPITAL + RECEIVED, "not what was received"),
        (HOSPITAL.replace("CNY", "EUR"), "is in EUR"),
        (HOSPITAL.replace("rounding", "colour"), "colour"),
    ],
)
def test_what_cannot_be_a_policy_is_not_drafted(trial: SharingTrial, text: str, words: str):
    with pytest.raises(UserError, match=words):
        trial.run(draft_policy, contract=trial.contract, text=text.replace("no: 1", "no: 2"))


def test_a_policy_that_names_a_stranger_does_not_count(trial: SharingTrial):
    text = ONLY_TEAM.replace("no: 1", "no: 2").replace("tax_payable", "treasury")
    made = trial.run(draft_policy, contract=trial.contract, text=text).result
    trial.as_second()
    with pytest.raises(UserError, match="treasury"):
        trial.run(activate_policy, policy=made, signed_with=SECOND[1])


def test_points_of_a_stranger_are_refused(trial: SharingTrial):
    with pytest.raises(UserError, match="“p9”"):
        trial.prepare(trial.receive(), TOLD.replace("p3", "p9"))


@pytest.mark.parametrize("told", ["", "points: {workload: {radiology: 3}}", TOLD.replace("}}", "}, beauty: {p1: 1}}")])
def test_a_run_tells_just_what_the_policy_asks(trial: SharingTrial, told: str):
    receipt = trial.receive()
    with pytest.raises(UserError):
        trial.prepare(receipt, told)


def test_only_what_we_are_paid_is_shared_out(trial: SharingTrial):
    contract = trial.add(
        Contract(number="C-2", kind="service", supporter=trial.supporter, direction="payable", currency="CNY",
                 state="active")
    )  # fmt: skip
    paid = Receipt(contract=contract, reference="R-2", value_on=trial.desk.today, amount=100, currency="CNY")
    receipt = trial.add(paid)
    with pytest.raises(UserError, match="we are paid"):
        trial.prepare(receipt)


def test_a_fund_pays_for_projects(trial: SharingTrial):
    text = ONLY_TEAM.replace("no: 1", "no: 2")
    made = trial.run(draft_policy, contract=trial.contract, text=text).result
    trial.as_second()
    trial.run(activate_policy, policy=made, signed_with=SECOND[1])
    trial.as_owner()
    trial.post(trial.prepare(trial.receive(), ""))
    with pytest.raises(UserError, match="Name it"):
        pay(trial, "fund", 1000)
    one = pay(trial, "fund", 1000000, purpose="A registry of harbour pilots")
    assert due(trial)["fund"] == (2000000, 0)
    trial.run(void_payout, payout=one, version=1, reason="Not paid")
    assert due(trial)["fund"] == (3000000, 0)


def test_who_has_shares_is_not_voided_and_a_person_is_named(trial: SharingTrial):
    trial.prepare(trial.receive())
    with pytest.raises(UserError, match="still used"):
        trial.run(void_beneficiary, beneficiary=who(trial, "lab"), version=1, reason="Closed")
    for fields in ({"kind": "person"}, {"kind": "account", "person": trial.people["p1"]}):
        with pytest.raises(UserError, match="by the person"):
            trial.run(add_beneficiary, code="new", name="New", **fields)
    with pytest.raises(UserError, match="stroke"):
        trial.run(add_beneficiary, code="a/b", name="New", kind="account")
