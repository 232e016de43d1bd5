"""What is asked of ethics committees and institutions, what they answered, and the consent forms they approved."""

from __future__ import annotations

from trialdesk.base.i18n import N_
from trialdesk.desktop.registers.columns import Shown
from trialdesk.desktop.registers.declaration import Register

CONDITIONS = Register(
    kind="ethics.condition",
    title=N_("Conditions"),
    columns=(Shown("text", 260), "due_on", "met_on"),
)
DECISIONS = Register(
    kind="ethics.decision",
    title=N_("Decisions"),
    columns=(Shown("decided_on", 116), Shown("outcome", 150), Shown("effective_on", 116), Shown("expires_on", 116)),
    follows=(CONDITIONS,),
)
QUESTIONS = Register(
    kind="ethics.question",
    title=N_("Questions"),
    columns=(Shown("asked_on", 116), Shown("text", 280), Shown("answered_on", 116)),
)
REGISTERS = (
    Register(
        kind="ethics.submission",
        title=N_("Submissions"),
        columns=(Shown("submitted_on", 116), Shown("kind", 140), Shown("title", 220), "committee", "protocol_version"),
        icon="export",
        empty=N_("What was put before which committee; its questions, decision and conditions stand with it."),
        follows=(QUESTIONS, DECISIONS),
    ),
    Register(
        kind="ethics.consent_version",
        title=N_("Consent versions"),
        columns=(
            Shown("form", 110),
            Shown("language", 90),
            Shown("label", 90),
            Shown("dated_on", 116),
            Shown("effective_on", 128),
            "withdrawn_on",
            "mandatory_on",
        ),
        icon="documents",
        empty=N_("Every version of every consent form. One may be used from the day its committee's decision holds."),
    ),
    Register(
        kind="ethics.institutional_approval",
        title=N_("Institutional approvals"),
        columns=(Shown("institution", 240), "approved_on", "expires_on", "reference"),
        icon="department",
        empty=N_("The leave of each institution to run the study in its house."),
    ),
    Register(
        kind="ethics.committee",
        title=N_("Committees"),
        columns=(Shown("name", 260), "country", "contact"),
        icon="people",
        empty=N_("The committees to which the study is submitted."),
    ),
    Register(
        kind="ethics.review",
        title=N_("Scientific reviews"),
        columns=(Shown("body", 260), "requested_on", "decided_on", "outcome"),
        icon="report",
        empty=N_("What a scientific body said of the protocol before it went to a committee."),
    ),
)
