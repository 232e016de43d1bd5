"""The words of contracts beside the steps of their life: what stalls them, which clauses each has, what is given."""

from __future__ import annotations

from trialdesk.base.i18n import N_

US, THEM, THIRD = "us", "them", "third"
HOLDERS = ((US, N_("Us")), (THEM, N_("The other party")), (THIRD, N_("A third party")))
"""On whose desk a draft lies."""

ISSUES = (
    ("indemnity", N_("Indemnity")),
    ("property", N_("Intellectual property")),
    ("publication", N_("Publication")),
    ("injury", N_("Injury of participants")),
    ("confidentiality", N_("Confidentiality")),
)
"""The clauses on which negotiations stall most often."""

BUDGETS = (
    ("unchanged", N_("The budget stays")),
    ("amend", N_("The terms are amended")),
)
"""What can be decided of a contract's money when the protocol is amended."""

SUPPORT = (
    ("drug", N_("Drug")),
    ("device", N_("Device")),
    ("equipment", N_("Equipment")),
    ("service", N_("Service")),
    ("data", N_("Data")),
)

WARNINGS = (
    ("W1", N_("W1 Pay by the rate of recruitment")),
    ("W2", N_("W2 More than a tenth held, or held twice")),
    ("W3", N_("W3 Outside the payee's control")),
    ("W4", N_("W4 No start-up money")),
    ("W5", N_("W5 Gate without number or cure")),
    ("W6", N_("W6 No credit for part of the way")),
    ("W7", N_("W7 Fair market value not named")),
    ("W8", N_("W8 Large advance")),
    ("W9", N_("W9 Consent form silent on support")),
)
"""The lines of a payment schedule that want a named approver and a reason."""

_COMMON = (
    "publication",
    "property",
    "confidentiality",
    "indemnity",
    "injury",
    "safety_exchange",
    "acceptance",
    "audit",
    "termination",
)
CLAUSES = {
    "support": (*_COMMON, "registration", "supply", "unspent_funds", "anti_bribery", "delayed_publication"),
    "trial": (*_COMMON, "registration", "supply", "anti_bribery", "unmodified_annex"),
    "site": (*_COMMON, "delegated_duties", "flow_down"),
    "supply": ("safety_exchange", "accountability", "return", "equipment_loan", "indemnity", "termination"),
    "confidentiality": ("direction", "purpose", "confidentiality", "residual_duty"),
    "data": ("dataset", "legal_basis", "retention", "onward_transfer", "genetic_resources", "confidentiality"),
    "collaboration": ("contributions", "steering", "background", "foreground", "shares", "publication", "termination"),
    "service": ("services", "service_levels", "confidentiality", "audit", "no_trial_fees", "termination"),
    "insurance": ("cover", "exclusions", "claims", "termination"),
    "licence": ("upfront", "milestones", "royalty", "sublicence", "diligence", "patent_costs", "termination"),
}
"""By kind of contract, the matters such a contract settles, in the order in which people look for them.

Of an agreement of another kind every matter may be recorded.
"""

TOPICS = (
    ("publication", N_("Publication")),
    ("delayed_publication", N_("Delay of publication")),
    ("property", N_("Intellectual property")),
    ("background", N_("Background rights")),
    ("foreground", N_("Foreground rights")),
    ("confidentiality", N_("Confidentiality")),
    ("residual_duty", N_("Duty after the end")),
    ("direction", N_("One way or both ways")),
    ("purpose", N_("Purpose")),
    ("indemnity", N_("Indemnity")),
    ("injury", N_("Injury of participants")),
    ("safety_exchange", N_("Exchange of safety reports")),
    ("acceptance", N_("Deemed acceptance")),
    ("registration", N_("Registration and posting of results")),
    ("supply", N_("Supply")),
    ("accountability", N_("Accountability of the product")),
    ("return", N_("Return or destruction")),
    ("equipment_loan", N_("Loan of equipment")),
    ("unspent_funds", N_("Unspent funds")),
    ("anti_bribery", N_("Against bribery")),
    ("audit", N_("Audit and inspection")),
    ("unmodified_annex", N_("Annex that may not be changed")),
    ("delegated_duties", N_("Delegated duties")),
    ("flow_down", N_("Duties passed on from the main contract")),
    ("dataset", N_("Dataset or material")),
    ("legal_basis", N_("Legal basis")),
    ("retention", N_("Retention")),
    ("onward_transfer", N_("Onward transfer")),
    ("genetic_resources", N_("Filing of human genetic resources")),
    ("contributions", N_("Contributions")),
    ("steering", N_("Steering body")),
    ("shares", N_("Shares in the result")),
    ("services", N_("Services")),
    ("service_levels", N_("Service levels")),
    ("no_trial_fees", N_("No trial fees are paid through it")),
    ("cover", N_("Cover")),
    ("exclusions", N_("Exclusions")),
    ("claims", N_("Claims")),
    ("upfront", N_("Upfront payment")),
    ("milestones", N_("Milestones")),
    ("royalty", N_("Royalty")),
    ("sublicence", N_("Share of sublicences")),
    ("diligence", N_("Diligence")),
    ("patent_costs", N_("Patent costs")),
    ("termination", N_("Termination")),
)
"""Every matter a clause can settle."""


def topics_of(kind: str) -> tuple[str, ...]:
    """Return the matters a kind of contract settles: all there are for one of another kind."""
    return CLAUSES.get(kind) or tuple(code for code, _label in TOPICS)
