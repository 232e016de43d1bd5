"""Every trigger there is: which query finds it, and where what it asks for is done. A new one adds its row."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from trialdesk.base.i18n import N_
from trialdesk.base.values import dataclass
from trialdesk.overview.rules.deadlines import Started
from trialdesk.overview.rules.waiting import Group
from trialdesk.overview.triggers.course import first_enrolled, studies_ended
from trialdesk.overview.triggers.cover import uncovered
from trialdesk.overview.triggers.ethics import approvals, conditions, consents_to_renew, institutions, questions
from trialdesk.overview.triggers.money import (
    budgets_undecided,
    clauses_ending,
    contracts_ending,
    drafts_with_us,
    given_up,
    insurance_ending,
    interests_ending,
    invoices_due,
    obligations,
    uncertified,
)
from trialdesk.overview.triggers.safety import data_queries, deviations, serious_events
from trialdesk.overview.triggers.scope import Scope
from trialdesk.overview.triggers.signing import unsigned
from trialdesk.overview.triggers.team import delegations_ending, delegations_unsigned, training_ending
from trialdesk.overview.triggers.visits import visit_windows
from trialdesk.people.rules import INVESTIGATORS, PI
from trialdesk.persistence.reading import Read

Find = Callable[[Read, Scope], Iterable[Started]]


@dataclass(frozen=True, slots=True)
class Trigger:
    """What can set a clock off. `act` is what the one button says, marked for translation; `section` where it leads.

    One query may find several triggers. `by` are the roles for which it waits; empty: for everybody. `after_end` says
    that it also counts in a study that has ended.
    """

    name: str
    find: Find
    group: Group
    section: str
    act: str
    by: frozenset[str] = frozenset()
    after_end: bool = False


_ETHICS = N_("Open the ethics page")

_SIGN = N_("Open it to sign")

TRIGGERS = (
    Trigger("sae_aware", serious_events, "safety", "safety", N_("Report it"), after_end=True),
    Trigger("susar_received", serious_events, "safety", "safety", N_("Record the report"), after_end=True),
    Trigger("susar_determined", serious_events, "safety", "safety", N_("Record the report"), after_end=True),
    Trigger("deviation_found", deviations, "deviations", "deviations", N_("Assess it"), after_end=True),
    Trigger("uncovered", uncovered, "deviations", "participants", N_("Record the deviation"), after_end=True),
    Trigger("query_raised", data_queries, "visits", "participants", N_("Answer it")),
    Trigger("protocol_unsigned", unsigned, "signatures", "design", _SIGN, by=frozenset({PI})),
    Trigger("eligibility_unsigned", unsigned, "signatures", "participants", _SIGN, by=INVESTIGATORS),
    Trigger("event_unsigned", unsigned, "signatures", "safety", _SIGN, by=INVESTIGATORS),
    Trigger("visit_unsigned", unsigned, "signatures", "participants", _SIGN, by=INVESTIGATORS),
    Trigger("reconsent_due", consents_to_renew, "visits", "participants", N_("Record the consent")),
    Trigger("approval_ends", approvals, "ethics", "ethics", _ETHICS),
    Trigger("renewal_due", approvals, "ethics", "ethics", N_("Submit the renewal")),
    Trigger("approval_given", approvals, "ethics", "ethics", _ETHICS),
    Trigger("institution_ends", institutions, "ethics", "ethics", _ETHICS),
    Trigger("condition_due", conditions, "ethics", "ethics", N_("Record that it was met")),
    Trigger("question_asked", questions, "ethics", "ethics", N_("Answer the question")),
    Trigger("visit_closes", visit_windows, "visits", "participants", N_("Open the participant")),
    Trigger("delegation_ends", delegations_ending, "team", "team", N_("Open the team")),
    Trigger("delegation_unsigned", delegations_unsigned, "signatures", "team", _SIGN, by=frozenset({PI})),
    Trigger("training_ends", training_ending, "team", "team", N_("Open the team")),
    Trigger("insurance_ends", insurance_ending, "contracts", "contracts", N_("Open the contracts")),
    Trigger("contract_ends", contracts_ending, "contracts", "contracts", N_("Open the contracts"), after_end=True),
    Trigger("obligation_due", obligations, "contracts", "contracts", N_("Record that it was met"), after_end=True),
    Trigger("clause_ends", clauses_ending, "contracts", "contracts", N_("Open the contracts"), after_end=True),
    Trigger("protocol_amended", budgets_undecided, "contracts", "contracts", N_("Decide on the budget")),
    Trigger("draft_with_us", drafts_with_us, "contracts", "contracts", N_("Open the contracts")),
    Trigger("interest_ends", interests_ending, "contracts", "contracts", N_("Open the contracts")),
    Trigger("certificate_prepared", uncertified, "money", "payments", N_("Open the certificate"), after_end=True),
    Trigger("entries_posted", uncertified, "money", "payments", N_("Prepare a certificate"), after_end=True),
    Trigger("invoice_due", invoices_due, "money", "payments", N_("Record a receipt"), after_end=True),
    Trigger("dispute_conceded", given_up, "money", "payments", N_("Write off what was given up"), after_end=True),
    Trigger("first_enrolled", first_enrolled, "study", "design", N_("Enter the registry number")),
    Trigger("study_ended", studies_ended, "study", "overview", N_("Open the study"), after_end=True),
)

BY_NAME = {trigger.name: trigger for trigger in TRIGGERS}
