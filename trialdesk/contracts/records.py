"""Parties and whose interest is in them, contracts and what is agreed and done about each, insurance."""

from __future__ import annotations

from datetime import date

from trialdesk.base.i18n import N_
from trialdesk.base.ids import Id
from trialdesk.contracts.rules import DIRECTIONS, KINDS, OCCASIONS, ROLES, STATES
from trialdesk.contracts.vocabulary import BUDGETS, HOLDERS, ISSUES, SUPPORT, TOPICS, WARNINGS
from trialdesk.persistence.declaration import Record, choice, day, flag, link, money, text, whole


class Organisation(Record, kind="contracts.organisation", label=N_("Organisation")):
    """A party to contracts: a company, a hospital, an insurer. In the directory, for all studies."""

    name: str = text(N_("Organisation"), required=True, help=N_("Its legal name, as on invoices."))
    country: str | None = text(N_("Country"))
    address: str | None = text(N_("Address"), prose=True)
    tax_id: str | None = text(N_("Tax number"))
    bank: str | None = text(N_("Bank account"), help=N_("As invoices print it: bank, account, code."))
    ethics_first: bool | None = flag(
        N_("Signs after ethics approval only"), help=N_("A rule of some institutions: no contract is signed before.")
    )
    merged_into: Id | None = link(N_("Merged into"), "contracts.organisation", group="merger")
    merged_on: date | None = day(N_("Merged on"), group="merger", help=N_("What is dated earlier keeps the old name."))


class Interest(Record, kind="contracts.interest", label=N_("Declaration of interest"), named=("declared_on",)):
    """What somebody declares of their interests in a party, and how a second person judged them (21 CFR 54)."""

    person: Id = link(N_("Person"), "people.person", required=True)
    organisation: Id = link(N_("Organisation"), "contracts.organisation", required=True)
    declared_on: date = day(N_("Declared on"), required=True)
    expires_on: date | None = day(N_("Valid until"))
    has_interest: bool | None = flag(N_("Has an interest in it"))
    words: str | None = text(N_("Which interest"), prose=True)
    judged_on: date | None = day(N_("Judged on"), group="judgement")
    judged_by: Id | None = link(N_("Judged by"), "people.account", group="judgement")
    acceptable: bool | None = flag(N_("Acceptable as managed"), group="judgement")
    judgement: str | None = text(N_("How it is managed"), group="judgement", prose=True)


class Contract(Record, kind="contracts.contract", label=N_("Contract")):
    """An agreement about a study, and how far it has come."""

    number: str = text(N_("Contract number"), required=True, claim=True)
    kind: str = choice(N_("Kind of contract"), KINDS, required=True)
    supporter: Id = link(N_("Other party"), "contracts.organisation", required=True)
    institution: Id | None = link(
        N_("Our party"), "contracts.organisation", help=N_("The institution that signs and is named on invoices.")
    )
    their_role: str | None = choice(N_("What the other party is"), ROLES)
    our_role: str | None = choice(N_("What our party is"), ROLES)
    title: str | None = text(N_("Subject"))
    direction: str = choice(N_("Who pays"), DIRECTIONS, required=True)
    currency: str = text(N_("Currency"), required=True, help=N_("Three letters of ISO 4217, such as CNY."))
    net_days: int | None = whole(N_("Payable within"), unit=N_("days"))
    purchase_order: str | None = text(N_("Purchase order"))
    state: str = choice(N_("State"), STATES, required=True)
    intake_from: date | None = day(N_("Taken in on"), help=N_("The day the institution's office took it in."))
    negotiating_from: date | None = day(N_("Negotiated from"))
    terms_agreed_on: date | None = day(N_("Terms agreed on"))
    sent_to_signature_on: date | None = day(N_("Sent to signature on"))
    signed_on: date | None = day(N_("Signed by us on"))
    fully_executed_on: date | None = day(N_("Fully executed on"), help=N_("The day of the last signature."))
    effective_from: date | None = day(N_("Effective from"))
    ends_on: date | None = day(N_("Ends on"))
    suspended_on: date | None = day(N_("Suspended on"))
    resumed_on: date | None = day(N_("Resumed on"))
    closing_from: date | None = day(N_("Being closed from"))
    closed_on: date | None = day(N_("Closed on"))
    imported: bool | None = flag(N_("Agreed elsewhere"))


class Party(Record, kind="contracts.party", label=N_("Further party"), named=("organisation",)):
    """A party to a contract beside the two it is between, such as a laboratory in one of three parties."""

    contract: Id = link(N_("Contract"), "contracts.contract", required=True)
    organisation: Id = link(N_("Organisation"), "contracts.organisation", required=True)
    role: str = choice(N_("What it is"), ROLES, required=True)
    signs: bool | None = flag(N_("Signs the contract"), help=N_("Nothing is fully executed before it has signed."))
    signed_on: date | None = day(N_("Signed on"))


class TermsVersion(Record, kind="contracts.terms_version", label=N_("Version of terms"), named=("number",)):
    """A complete snapshot of what is paid for what, from a day on. Never changed once it is active."""

    contract: Id = link(N_("Contract"), "contracts.contract", required=True)
    number: int = whole(N_("Version"), required=True)
    effective_from: date = day(N_("Effective from"), required=True)
    retroactive: bool | None = flag(N_("Agreed after its effective date"))
    retroactive_grounds: str | None = text(N_("Why it reaches back"), prose=True)
    occasion: str | None = choice(N_("Occasion of the amendment"), OCCASIONS)
    protocol_version: Id | None = link(N_("Protocol version"), "studies.protocol_version")
    text: str = text(N_("Terms"), required=True, help=N_("In the language of payment terms (YAML)."), prose=True)
    drafted_by: Id = link(N_("Drafted by"), "people.account", required=True)
    drafted_on: date = day(N_("Drafted on"), required=True)
    activated_by: Id | None = link(N_("Activated by"), "people.account", group="activation")
    activated_on: date | None = day(N_("Activated on"), group="activation")


class WarningApproval(Record, kind="contracts.warning_approval", label=N_("Approved warning"), named=("code",)):
    """That a named person lets terms stand although they cross a line that wants a reason. It holds for that text."""

    terms_version: Id = link(N_("Version of terms"), "contracts.terms_version", required=True)
    code: str = choice(N_("Warning"), WARNINGS, required=True)
    grounds: str = text(N_("Why it is agreed all the same"), required=True, prose=True)
    approved_by: Id = link(N_("Approved by"), "people.account", required=True)
    approved_on: date = day(N_("Approved on"), required=True)
    text_sha256: str = text(N_("Fingerprint of the text"), required=True)


class Particular(Record, kind="contracts.particular", label=N_("Clause"), named=("topic",)):
    """What a contract says on a matter beside money: a clause as people look it up."""

    contract: Id = link(N_("Contract"), "contracts.contract", required=True)
    topic: str = choice(N_("Matter"), TOPICS, required=True)
    words: str = text(N_("What is agreed"), required=True, prose=True)
    days: int | None = whole(N_("Period"), unit=N_("days"), help=N_("Such as the days to review a manuscript."))
    until: date | None = day(N_("Holds until"))


class BudgetDecision(Record, kind="contracts.budget_decision", label=N_("Budget decision"), named=("decided_on",)):
    """What an amendment of the protocol means for a contract's money: nothing, or terms of their own."""

    contract: Id = link(N_("Contract"), "contracts.contract", required=True)
    protocol_version: Id = link(N_("Protocol version"), "studies.protocol_version", required=True)
    decision: str = choice(N_("Decision"), BUDGETS, required=True)
    decided_on: date = day(N_("Decided on"), required=True)
    grounds: str = text(N_("Grounds"), required=True, prose=True)


class Turn(Record, kind="contracts.turn", label=N_("Turn"), named=("sent_on",)):
    """Whose desk the draft lay on, from when to when, and what it stalled on."""

    contract: Id = link(N_("Contract"), "contracts.contract", required=True)
    holder: str = choice(N_("With"), HOLDERS, required=True)
    sent_on: date = day(N_("Sent on"), required=True)
    returned_on: date | None = day(N_("Came back on"))
    issue: str | None = choice(N_("Stalls on"), ISSUES)
    words: str | None = text(N_("What is open"), prose=True)


class Obligation(Record, kind="contracts.obligation", label=N_("Obligation"), named=("what",)):
    """Something a contract asks for by a day."""

    contract: Id = link(N_("Contract"), "contracts.contract", required=True)
    what: str = text(N_("What is owed"), required=True)
    due_on: date = day(N_("Due on"), required=True)
    met_on: date | None = day(N_("Met on"))
    remarks: str | None = text(N_("Remarks"), prose=True)


class InKind(Record, kind="contracts.in_kind", label=N_("Support in kind"), named=("name",)):
    """What a supporter gives that is not money, counted beside it and never among receivables."""

    contract: Id = link(N_("Contract"), "contracts.contract", required=True)
    kind: str = choice(N_("Kind of support"), SUPPORT, required=True)
    name: str = text(N_("What is given"), required=True)
    quantity: int = whole(N_("Quantity"), required=True)
    unit_value: int | None = money(N_("Value of one"), group="value")
    currency: str | None = text(N_("Currency"), group="value")
    value_source: str | None = text(N_("Source of the value"), group="value")
    needed_first: bool | None = flag(
        N_("Needed before the first participant"), help=N_("Nobody is allocated before it has arrived.")
    )
    received_on: date | None = day(N_("Received on"))
    used: int | None = whole(N_("Used"))
    returned: int | None = whole(N_("Returned or destroyed"))


class FairValue(Record, kind="contracts.fair_value", label=N_("Fair value check"), named=("item",)):
    """Whether what is paid for something lies within what it is worth, by a source anybody can look up."""

    contract: Id = link(N_("Contract"), "contracts.contract", required=True)
    item: str = text(N_("What is paid for"), required=True)
    amount: int = money(N_("Amount paid"), required=True, group="amount")
    currency: str = text(N_("Currency"), required=True, group="amount")
    low: int = money(N_("Fair from"), required=True, group="amount")
    high: int = money(N_("Fair up to"), required=True, group="amount")
    source: str = text(N_("Source of the range"), required=True)
    justification: str | None = text(N_("Justification"), prose=True)
    checked_by: Id | None = link(N_("Checked by"), "people.account")
    approved_by: Id | None = link(N_("Approved by"), "people.account", group="approval")
    approved_on: date | None = day(N_("Approved on"), group="approval")


class Insurance(Record, kind="contracts.insurance", label=N_("Insurance")):
    """What covers participants if they come to harm, and from when to when."""

    insurer: str = text(N_("Insurer"), required=True)
    policy: str = text(N_("Policy number"), required=True)
    limit: int | None = money(N_("Limit"), group="limit")
    currency: str | None = text(N_("Currency"), group="limit")
    valid_from: date = day(N_("Valid from"), required=True, group="validity")
    valid_to: date = day(N_("Valid until"), required=True, group="validity", help=N_("The last day of cover."))
