"""Parties, contracts, versions of their terms, insurance."""

from __future__ import annotations

from datetime import date

from trialdesk.base.i18n import N_
from trialdesk.base.ids import Id
from trialdesk.contracts.rules import DIRECTIONS, KINDS, STATES
from trialdesk.persistence.declaration import Record, choice, day, flag, link, money, text, whole


class Organisation(Record, kind="contracts.organisation", label=N_("Organisation")):
    """A party to contracts: a company, a hospital, an insurer. In the directory, for all studies."""

    name: str = text(N_("Organisation"), required=True, help=N_("Its legal name, as on invoices."))
    country: str | None = text(N_("Country"))
    address: str | None = text(N_("Address"), prose=True)
    tax_id: str | None = text(N_("Tax number"))
    bank: str | None = text(N_("Bank account"), help=N_("As invoices print it: bank, account, code."))


class Contract(Record, kind="contracts.contract", label=N_("Contract")):
    """An agreement about a study, and how far it has come."""

    number: str = text(N_("Contract number"), required=True, claim=True)
    kind: str = choice(N_("Kind of contract"), KINDS, required=True)
    supporter: Id = link(N_("Other party"), "contracts.organisation", required=True)
    institution: Id | None = link(
        N_("Our party"), "contracts.organisation", help=N_("The institution that signs and is named on invoices.")
    )
    title: str | None = text(N_("Subject"))
    direction: str = choice(N_("Who pays"), DIRECTIONS, required=True)
    currency: str = text(N_("Currency"), required=True, help=N_("Three letters of ISO 4217, such as CNY."))
    net_days: int | None = whole(N_("Payable within"), unit=N_("days"))
    purchase_order: str | None = text(N_("Purchase order"))
    state: str = choice(N_("State"), STATES, required=True)
    negotiating_from: date | None = day(N_("Negotiated from"))
    sent_to_signature_on: date | None = day(N_("Sent to signature on"))
    signed_on: date | None = day(N_("Signed by us on"))
    fully_executed_on: date | None = day(N_("Fully executed on"), help=N_("The day of the last signature."))
    effective_from: date | None = day(N_("Effective from"))
    ends_on: date | None = day(N_("Ends on"))
    closed_on: date | None = day(N_("Closed on"))
    imported: bool | None = flag(N_("Agreed elsewhere"))


class TermsVersion(Record, kind="contracts.terms_version", label=N_("Version of terms"), named=("number",)):
    """A complete snapshot of what is paid for what, from a day on. Never changed once it is active."""

    contract: Id = link(N_("Contract"), "contracts.contract", required=True)
    number: int = whole(N_("Version"), required=True)
    effective_from: date = day(N_("Effective from"), required=True)
    retroactive: bool | None = flag(N_("Agreed after its effective date"))
    text: str = text(N_("Terms"), required=True, help=N_("In the language of payment terms (YAML)."), prose=True)
    drafted_by: Id = link(N_("Drafted by"), "people.account", required=True)
    drafted_on: date = day(N_("Drafted on"), required=True)
    activated_by: Id | None = link(N_("Activated by"), "people.account", group="activation")
    activated_on: date | None = day(N_("Activated on"), group="activation")


class Insurance(Record, kind="contracts.insurance", label=N_("Insurance")):
    """What covers participants if they come to harm, and from when to when."""

    insurer: str = text(N_("Insurer"), required=True)
    policy: str = text(N_("Policy number"), required=True)
    limit: int | None = money(N_("Limit"), group="limit")
    currency: str | None = text(N_("Currency"), group="limit")
    valid_from: date = day(N_("Valid from"), required=True, group="validity")
    valid_to: date = day(N_("Valid until"), required=True, group="validity", help=N_("The last day of cover."))


class Declaration(Record, kind="contracts.declaration", label=N_("Declaration of interests"), named=("interest",)):
    """What a person declared of interests in a party, until when it holds, and that an interest was cleared."""

    person: Id = link(N_("Person"), "people.person", required=True)
    organisation: Id = link(N_("Party"), "contracts.organisation", required=True)
    declared_on: date = day(N_("Declared on"), required=True)
    expires_on: date | None = day(N_("Holds until"), help=N_("The last day on which it counts."))
    interest: str | None = text(
        N_("Interest"), prose=True, help=N_("Shares, fees, patents, family; empty where there is none.")
    )
    cleared_by: Id | None = link(N_("Cleared by"), "people.account", group="clearance")
    cleared_on: date | None = day(N_("Cleared on"), group="clearance")
