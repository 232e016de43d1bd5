"""What this program consists of, as data: every kind of record, everything a person can do, what stages ask each other.

A new record type adds its line here; a new action its line in its own stage's `ACTIONS`.
"""

from __future__ import annotations

import trialdesk.contracts.records as contracts
import trialdesk.documents.records as documents
import trialdesk.enrollment.records as enrollment
import trialdesk.ethics.records as ethics
import trialdesk.exchange.records as exchange
import trialdesk.payments.records as payments
import trialdesk.payments.sharing.records as sharing
import trialdesk.people.records as people
import trialdesk.safety.records as safety
import trialdesk.studies.records as studies
from trialdesk.base.errors import UserError
from trialdesk.base.i18n import N_, _
from trialdesk.base.late import late
from trialdesk.contracts.actions import ACTIONS as CONTRACTS
from trialdesk.contracts.rules import READS_TERMS
from trialdesk.documents.actions import ACTIONS as DOCUMENTS
from trialdesk.documents.content import missing_or_altered
from trialdesk.documents.issuing import ISSUING
from trialdesk.documents.rules import MAKES, SEALS
from trialdesk.enrollment.actions import ACTIONS as ENROLLMENT
from trialdesk.enrollment.gates import ALLOCATION_GATE
from trialdesk.enrollment.obtaining import OBTAINED
from trialdesk.enrollment.windows import OUT_OF_WINDOW
from trialdesk.ethics.actions import ACTIONS as ETHICS
from trialdesk.exchange.bringing import bring_in
from trialdesk.payments.actions import ACTIONS as PAYMENTS
from trialdesk.payments.sharing.actions import ACTIONS as SHARING
from trialdesk.people.acting import Action
from trialdesk.people.actions import ACTIONS as PEOPLE
from trialdesk.persistence import catalogue as catalogues
from trialdesk.persistence.work import KEPT, Wiring
from trialdesk.safety.actions import ACTIONS as SAFETY
from trialdesk.studies.actions import ACTIONS as STUDIES
from trialdesk.studies.closing import CLOSING_ACTIONS
from trialdesk.studies.rules import CLOSING
from trialdesk.trail import undo as undoing
from trialdesk.trail.verify import Look

RECORDS = (
    people.Person,
    people.Account,
    people.Delegation,
    people.Training,
    people.Certificate,
    people.Signature,
    documents.Document,
    documents.DocumentVersion,
    documents.Issue,
    documents.Seal,
    studies.Study,
    studies.ProtocolVersion,
    studies.Site,
    studies.RecruitmentTarget,
    studies.Arm,
    studies.PlannedVisit,
    studies.Activity,
    studies.ScheduledActivity,
    studies.Criterion,
    studies.Registration,
    studies.CloseOut,
    ethics.Review,
    ethics.Committee,
    ethics.Submission,
    ethics.Question,
    ethics.Decision,
    ethics.Condition,
    ethics.ConsentVersion,
    ethics.InstitutionalApproval,
    enrollment.Participant,
    enrollment.Identity,
    enrollment.Erasure,
    enrollment.Consent,
    enrollment.Eligibility,
    enrollment.Slot,
    enrollment.Treatment,
    enrollment.SlotUse,
    enrollment.CodeBreak,
    enrollment.Allocation,
    enrollment.Disposition,
    enrollment.Visit,
    enrollment.Exposure,
    enrollment.Population,
    safety.AdverseEvent,
    safety.ExpeditedReport,
    safety.Deviation,
    safety.Query,
    safety.CrfSignature,
    contracts.Organisation,
    contracts.Interest,
    contracts.Contract,
    contracts.TermsVersion,
    contracts.WarningApproval,
    contracts.Particular,
    contracts.Turn,
    contracts.Obligation,
    contracts.InKind,
    contracts.FairValue,
    contracts.Insurance,
    payments.Deliverable,
    payments.Entry,
    payments.Certificate,
    payments.Invoice,
    payments.InvoiceLine,
    payments.Receipt,
    payments.Allocation,
    payments.Dispute,
    sharing.Beneficiary,
    sharing.Policy,
    sharing.Distribution,
    sharing.Share,
    sharing.Payout,
    exchange.ImportProblem,
)
"""Every kind of record, in the order of the stages. A new record type adds its line."""

ACTIONS: tuple[Action, ...] = (
    *PEOPLE,
    *DOCUMENTS,
    *ISSUING,
    *STUDIES,
    *CLOSING_ACTIONS,
    *ETHICS,
    *ENROLLMENT,
    *SAFETY,
    *CONTRACTS,
    *PAYMENTS,
    *SHARING,
    bring_in,
)
"""Everything a person can do."""

CATALOGUE = catalogues.build(RECORDS)

FIELDS = {record.KIND: record.FIELDS for record in RECORDS}
"""By kind and name, the declared fields: what forms, tables and histories are labelled from."""

LABELS = {record.KIND: record.LABEL for record in RECORDS}
"""What a kind of record is called, marked for translation."""

BEGIN = "people:desk:begin"
DEMONSTRATE = "people:desk:demonstrate"
"""How a desk of the demonstration begins. Nobody can do either act later, and the trail that follows hangs on it."""
SAID = {
    BEGIN: N_("Desk begun"),
    DEMONSTRATE: N_("Demonstration begun"),
    undoing.ACTION: N_("Step taken back"),
    **{action.name: action.said for action in ACTIONS},
}
"""What each act is called in the trail, marked for translation."""

WIRING: Wiring = {
    name: tuple(late(f"trialdesk.{each}") for each in answers)
    for name, answers in {
        MAKES: ("reporting.issuing:paper",),
        SEALS: ("reporting.signing.sealing:seal",),
        READS_TERMS: ("payments.terms:reads_terms",),
        ALLOCATION_GATE: ("contracts.keeping:let_in",),
        OUT_OF_WINDOW: ("safety.proposing:propose",),
        OBTAINED: ("safety.proposing:propose_consent",),
        CLOSING: ("overview.closing:open_points",),
        KEPT: (
            "enrollment.keeping:keep",
            "contracts.keeping:keep",
            "payments.keeping:keep",
            "payments.sharing.keeping:keep",
            "studies.closing:keep_closed",
        ),
    }.items()
}
"""What an earlier stage asks or tells a later one, by the name it asks under (`Work.wired`): gates and proposals."""

LOOKS: tuple[Look, ...] = (missing_or_altered,)
"""What `verify` looks at besides the trail and its tables."""

_BY_NAME = {action.name: action for action in ACTIONS}


def action_named(name: str) -> Action:
    """Return the action of that name. Raises UserError naming the nearest ones."""
    found = _BY_NAME.get(name)
    if found is None:
        from difflib import get_close_matches

        near = get_close_matches(name, _BY_NAME, n=3, cutoff=0.4)
        raise UserError(
            _("There is no act called “{name}”.").format(name=name[:80]),
            remedy=_("Did you mean: {names}?").format(names=", ".join(near)) if near else "",
        )
    return found


def undone_by(name: str) -> frozenset[str]:
    """Return the roles that may take an act of that name back: those that may do it."""
    return _BY_NAME[name].by if name in _BY_NAME else frozenset({"owner", "pi"})


def is_final(name: str) -> bool:
    """Say whether acts of that name cannot be taken back."""
    return name in (BEGIN, DEMONSTRATE) or (name in _BY_NAME and _BY_NAME[name].final)
