"""What this program consists of, as data: every kind of record, and what stages ask each other.

A new record type adds its line here. What a person can do stands in `acts`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

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
from trialdesk.base.late import late
from trialdesk.contracts.rules import READS_TERMS
from trialdesk.documents.content import missing_or_altered
from trialdesk.documents.rules import MAKES, SEALS
from trialdesk.enrollment.gates import ALLOCATION_GATE
from trialdesk.enrollment.obtaining import OBTAINED
from trialdesk.enrollment.windows import OUT_OF_WINDOW
from trialdesk.persistence import catalogue as catalogues
from trialdesk.persistence.work import KEPT, Wiring
from trialdesk.studies.rules import CLOSING

if TYPE_CHECKING:
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
    enrollment.ProductMovement,
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
    contracts.Party,
    contracts.Particular,
    contracts.BudgetDecision,
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
    payments.WriteOff,
    payments.TaxInvoice,
    payments.Reminder,
    sharing.Beneficiary,
    sharing.Policy,
    sharing.Distribution,
    sharing.Share,
    sharing.Payout,
    exchange.ImportProblem,
)
"""Every kind of record, in the order of the stages. A new record type adds its line."""

CATALOGUE = catalogues.build(RECORDS)

FIELDS = {record.KIND: record.FIELDS for record in RECORDS}
"""By kind and name, the declared fields: what forms, tables and histories are labelled from."""

LABELS = {record.KIND: record.LABEL for record in RECORDS}
"""What a kind of record is called, marked for translation."""

BEGIN = "people:desk:begin"
DEMONSTRATE = "people:desk:demonstrate"
"""How a desk of the demonstration begins. Nobody can do either act later, and the trail that follows hangs on it."""

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
            "enrollment.unnamed:keep",
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
