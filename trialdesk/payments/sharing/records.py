"""Who gets a share, by which policy, what was shared out of which receipt, and what was paid.

A distribution is final once a second person posted it: it is corrected by another that takes it back.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.payments.rules.pools import COI, LEFT, NET, REMAINING, TAX, TRAINING
from trialdesk.persistence.declaration import Record, choice, day, link, money, text, whole

FUND, PERSON = "fund", "person"
BENEFICIARIES = (
    ("account", N_("Account")),
    ("department", N_("Department")),
    (PERSON, N_("Person")),
    (FUND, N_("Reinvestment fund")),
)
SHARE_OUT, REVERSAL, CREDIT = "share_out", "reversal", "credit"
DISTRIBUTIONS = (
    (SHARE_OUT, N_("Shared out")),
    (REVERSAL, N_("Taken back")),
    (CREDIT, N_("Taken back for a credit note")),
)
SUSPENDED_FOR = (
    (COI, N_("No valid declaration of interests")),
    (TRAINING, N_("No valid training")),
    (LEFT, N_("Has left the study")),
)

_POOLS = {TAX: N_("Tax"), NET: N_("Net"), REMAINING: N_("The remainder")}


def pool_words(pool: str) -> str:
    """Return what a step takes of, in words; a category as the policy calls it."""
    return _(_POOLS[pool]) if pool in _POOLS else pool


class Beneficiary(Record, kind="payments.beneficiary", label=N_("Beneficiary"), named=("name",)):
    """An account, department, person or fund that gets shares of what is received."""

    code: str = text(N_("Code"), required=True, claim=True, help=N_("As distribution policies call it."))
    name: str = text(N_("Beneficiary's name"), required=True)
    kind: str = choice(N_("Kind of beneficiary"), BENEFICIARIES, required=True)
    person: Id | None = link(N_("Person"), "people.person", help=N_("Whose declarations and training count."))
    bank: str | None = text(N_("Bank account"))


class Policy(Record, kind="payments.policy", label=N_("Distribution policy"), named=("number",)):
    """A complete snapshot of how a contract's receipts are shared out, from a day on. Never changed once active."""

    contract: Id = link(N_("Contract"), "contracts.contract", required=True)
    number: int = whole(N_("Version"), required=True)
    effective_from: date = day(N_("Effective from"), required=True)
    text: str = text(
        N_("Policy"), required=True, help=N_("In the language of distribution policies (YAML)."), prose=True
    )
    drafted_by: Id = link(N_("Drafted by"), "people.account", required=True)
    drafted_on: date = day(N_("Drafted on"), required=True)
    activated_by: Id | None = link(N_("Activated by"), "people.account", group="activation")
    activated_on: date | None = day(N_("Activated on"), group="activation")


class Distribution(Record, kind="payments.distribution", label=N_("Distribution"), named=("number",)):
    """What a receipt pays for, shared out by the policy of its day; or an earlier one taken back, wholly or in part."""

    AFTERWARDS: ClassVar[frozenset[str]] = frozenset({"posted_by", "posted_on"})

    contract: Id = link(N_("Contract"), "contracts.contract", required=True)
    receipt: Id = link(N_("Receipt"), "payments.receipt", required=True)
    policy: Id = link(N_("Distribution policy"), "payments.policy", required=True)
    number: str = text(N_("Distribution number"), required=True, claim=True)
    kind: str = choice(N_("Kind of distribution"), DISTRIBUTIONS, required=True)
    original: Id | None = link(N_("Takes back"), "payments.distribution")
    run_on: date = day(N_("Reckoned on"), required=True)
    amount: int = money(N_("Amount"), required=True, group="amount")
    currency: str = text(N_("Currency"), required=True, group="amount")
    told: str | None = text(
        N_("Points and costs"), help=N_("What the policy asks of every distribution (YAML)."), prose=True
    )
    parts: str = text(N_("Invoice lines shared out"), required=True)
    sha256: str = text(N_("SHA-256 of the shares"), required=True)
    engine: str = text(N_("Evaluator"), required=True)
    prepared_by: Id = link(N_("Prepared by"), "people.account", required=True)
    prepared_on: date = day(N_("Prepared on"), required=True)
    posted_by: Id | None = link(N_("Posted by"), "people.account", group="posting")
    posted_on: date | None = day(N_("Posted on"), group="posting")


class Share(Record, kind="payments.share", label=N_("Share"), named=("path",)):
    """What one step of a policy gives to one beneficiary, or takes back."""

    AFTERWARDS: ClassVar[frozenset[str]] = frozenset({"released_by", "released_on"})

    distribution: Id = link(N_("Distribution"), "payments.distribution", required=True)
    place: int = whole(N_("Line"), required=True)
    step: int = whole(N_("Step"), required=True)
    pool: str = text(N_("Taken of"), required=True)
    path: str = text(N_("Divided to"), required=True)
    beneficiary: Id = link(N_("Beneficiary"), "payments.beneficiary", required=True)
    weight: str = text(N_("Weight"), required=True)
    weights: str = text(N_("All weights"), required=True)
    divided: int = money(N_("Divided amount"), required=True, group="amount")
    amount: int = money(N_("Share"), required=True, group="amount")
    currency: str = text(N_("Currency"), required=True, group="amount")
    suspended_for: str | None = choice(N_("Suspended for"), SUSPENDED_FOR)
    warned: str | None = text(N_("Warnings"))
    released_by: Id | None = link(N_("Released by"), "people.account", group="release")
    released_on: date | None = day(N_("Released on"), group="release")


class Payout(Record, kind="payments.payout", label=N_("Payout"), named=("reference",)):
    """What a beneficiary was paid of its shares; of a fund, what a project was given."""

    beneficiary: Id = link(N_("Beneficiary"), "payments.beneficiary", required=True)
    paid_on: date = day(N_("Paid on"), required=True)
    amount: int = money(N_("Amount"), required=True, group="amount")
    currency: str = text(N_("Currency"), required=True, group="amount")
    reference: str = text(N_("Bank reference"), required=True)
    purpose: str | None = text(N_("Purpose"), help=N_("Of a reinvestment fund: the project it pays for."))
