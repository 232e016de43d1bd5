"""A trial whose receipt is the one of the worked example, with the policy that shares it out."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.payments.playing import SECOND, Trial, at, on, plant
from tests.support.policies import HOSPITAL
from trialdesk.application import Application, Done
from trialdesk.base.ids import Id
from trialdesk.contracts.actions.interests import declare_interest
from trialdesk.contracts.queries import organisations
from trialdesk.payments.actions.receiving import record_receipt, settle_invoice
from trialdesk.payments.sharing.actions.deciding import activate_policy, draft_policy
from trialdesk.payments.sharing.actions.distributing import post_distribution, prepare_distribution
from trialdesk.payments.sharing.actions.paying import add_beneficiary
from trialdesk.payments.sharing.queries import ShareRow, beneficiaries, shares
from trialdesk.people import records as people
from trialdesk.people.acting import Action
from trialdesk.people.rules import GCP

MILESTONES = (("OBS", "72000.00"), ("LAB", "20000.00"), ("EC", "5000.00"), ("ARC", "3000.00"))
RULES = "".join(
    f"""
  - {{code: {code}, kind: milestone, trigger: {{fact: milestone, name: {code}}}, per: study,
     amount: {{fixed: "{price}"}}, evidence: [receipt]}}"""
    for code, price in MILESTONES
)
TERMS = f"""
case: HARBOUR
contract: C-1
supporter: Acme
direction: receivable
currency: CNY
tax: {{code: VAT6, rate: "0.06", mode: on_top, rounding: half_up, scope: document}}
terms:
- no: 1
  effective_from: 2026-01-01
  recorded_at: 2026-01-01T00:00:00Z
  rules:{RULES}
"""
ACCOUNTS = (
    ("tax_payable", "account"),
    ("ec_account", "account"),
    ("archive_office", "department"),
    ("hospital", "account"),
    ("radiology", "department"),
    ("lab", "department"),
    ("fund", "fund"),
)
TOLD = "points: {workload: {radiology: 3, lab: 4}, contribution_points: {p1: 41, p2: 26, p3: 17}}"
GIVEN = {
    "tax_payable": 600000,
    "ec_account": 500000,
    "archive_office": 300000,
    "hospital": 1320000,
    "radiology": 600000,
    "lab": 800000,
    "p1": 3162857,
    "p2": 2005714,
    "p3": 1311429,
}


class SharingTrial(Trial):
    """The worked example's receipt on a desk: three persons of a team, of whom the second's declaration ends soon."""

    def __init__(self, desk: Application, policy: str = HOSPITAL, *, activate: bool = True) -> None:
        super().__init__(desk)
        at(desk, on("2026-03-10"))
        self.load(TERMS)
        self.reached = {
            code: self.tell_deliverable("milestone", "2026-03-01", name=code) for code, _price in MILESTONES
        }
        self.certify()
        self.bill = self.invoice()
        self.people = {
            code: plant(desk, self.study, people.Person(name=f"Person {code}")).result[0] for code in ("p1", "p2", "p3")
        }
        self.supporter = desk.read(organisations)[0].id
        for code, kind in ACCOUNTS:
            self.run(add_beneficiary, code=code, name=code.replace("_", " ").title(), kind=kind)
        for code, person in self.people.items():
            self.run(add_beneficiary, code=code, name=f"Person {code}", kind="person", person=person)
            self.add(people.Training(person=person, topic=GCP, completed_on=date(2026, 1, 1)))
            self.declare(code, until=date(2026, 3, 31) if code == "p2" else None)
        self.policy = self.run(draft_policy, contract=self.contract, text=policy).result
        if activate:
            self.as_second()
            self.run(activate_policy, policy=self.policy, signed_with=SECOND[1])
            self.as_owner()

    def run(self, action: Action, **more: Any) -> Done:
        return self.desk.run(action, study=self.study, **more)

    def declare(self, code: str, until: date | None = None, interest: str | None = None) -> Id:
        made: Id = self.run(
            declare_interest,
            person=self.people[code],
            organisation=self.supporter,
            declared_on=self.desk.today,
            expires_on=until,
            has_interest=interest is not None,
            words=interest,
        ).result
        return made

    def receive(self, amount: int = 10600000, reference: str = "R-1") -> Id:
        """Receive money and let it pay the invoice as far as it goes."""
        made: Id = self.run(
            record_receipt,
            contract=self.contract,
            reference=reference,
            value_on=self.desk.today,
            amount=amount,
            currency="CNY",
        ).result
        self.run(settle_invoice, receipt=made, invoice=self.bill.id)
        return made

    def prepare(self, receipt: Id, told: str = TOLD) -> Id:
        made: Id = self.run(prepare_distribution, receipt=receipt, told=told).result
        return made

    def post(self, distribution: Id) -> None:
        self.as_second()
        self.run(post_distribution, distribution=distribution, signed_with=SECOND[1])
        self.as_owner()

    def rows(self, distribution: Id | None = None) -> tuple[ShareRow, ...]:
        among = None if distribution is None else {distribution}
        found: tuple[ShareRow, ...] = self.desk.read(shares, study=self.study, among=among)
        return found

    def given(self, distribution: Id | None = None) -> dict[str, int]:
        """Return what each beneficiary has of a distribution, or of all, by code; nobody with nothing."""
        codes = {row.id: row.code for row in self.desk.read(beneficiaries, study=self.study)}
        sums: dict[str, int] = {}
        for row in self.rows(distribution):
            sums[codes[row.beneficiary]] = sums.get(codes[row.beneficiary], 0) + row.amount
        return {code: amount for code, amount in sums.items() if amount}
