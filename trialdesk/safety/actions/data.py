"""What is done about the data: queries raised, answered, closed and opened again; case report forms signed."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.enrollment.records import Participant, Visit
from trialdesk.people.acting import action, correcting, fields_of, needs_reason, voiding
from trialdesk.people.checks import check_not_future, label_of
from trialdesk.people.rules import INVESTIGATORS, STAFF
from trialdesk.people.signing import sign, signatures
from trialdesk.persistence.editing import correct, found_in
from trialdesk.persistence.work import Work
from trialdesk.safety.records import CrfSignature, Query

CRF_CONFIRMED = N_("I confirm that what is recorded of this visit is complete and accurate")
"""What the investigator's signature under a visit's case report form means."""

ASKING = frozenset({"monitor", "data_manager", "quality"})
"""Who raises and closes queries. An investigator may raise one too, and does not close what was asked of the site."""


@action(
    "safety:query:raise",
    N_("Query raised"),
    words=N_("Raise a query"),
    by=ASKING | INVESTIGATORS,
    asks=fields_of(Query, "visit", "text"),
    about=Participant.KIND,
)
def raise_query(work: Work, *, study: Id, participant: Id, text: str, visit: Id | None = None) -> Id:
    """Ask about what is recorded of a participant, today; returns the query's id."""
    found_in(work, Participant, participant, study)
    if visit and found_in(work, Visit, visit, study).participant != participant:
        raise UserError(_("This visit is another participant's."), where=label_of(Query, "visit"))
    return work.add(
        Query(
            study=study, participant=participant, visit=visit, text=(text or "").strip() or None, raised_on=work.today
        )
    ).id


@action(
    "safety:query:answer",
    N_("Query answered"),
    words=N_("Answer"),
    by=STAFF,
    asks=fields_of(Query, "answer", "answered_on"),
    about=Query.KIND,
)
def answer_query(work: Work, *, study: Id, query: Id, answer: str, answered_on: date | None = None) -> Id:
    """Answer a query, or answer it anew while it is open; returns its id."""
    record = _open(work, study, query)
    if not answer.strip():
        raise UserError(_("The answer is empty."), where=label_of(Query, "answer"))
    on = answered_on or work.today
    check_not_future(work, Query.FIELDS["answered_on"].label, on)
    return correct(record, {"answer": answer.strip(), "answered_on": on})


@action("safety:query:close", N_("Query closed"), words=N_("Close"), by=ASKING, about=Query.KIND)
def close_query(work: Work, *, study: Id, query: Id) -> Id:
    """Close an answered query, today; returns its id. Raises UserError while it is not answered."""
    record = _open(work, study, query)
    if not record.answer:
        raise UserError(_("This query is not answered yet."), where=_(Query.LABEL))
    return correct(record, {"closed_on": work.today})


@action("safety:query:reopen", N_("Query opened again"), words=N_("Open again"), by=ASKING, about=Query.KIND)
def reopen_query(work: Work, *, study: Id, query: Id) -> Id:
    """Open a closed query again, with a reason; returns its id. What was answered before stays in the trail."""
    needs_reason(work, Query)
    record = found_in(work, Query, query, study)
    if record.closed_on is None:
        raise UserError(_("This query is open."), where=_(Query.LABEL))
    return correct(record, {"closed_on": None, "answer": None, "answered_on": None})


correct_query = correcting(
    Query, "safety:query:correct", N_("Query corrected"), by=ASKING | INVESTIGATORS, asks=("text",)
)
void_query = voiding(Query, "safety:query:void", N_("Query voided"), by=ASKING | INVESTIGATORS)


@action(
    "safety:crf:sign",
    N_("Case report form signed"),
    words=N_("Sign the case report form"),
    by=INVESTIGATORS,
    final=True,
    about=Visit.KIND,
    signs=CRF_CONFIRMED,
)
def sign_crf(work: Work, *, study: Id, visit: Id) -> Id:
    """Sign what is recorded of a visit; returns the record that says so. A later change supersedes the signature.

    Raises UserError for a visit that did not happen, with a query open, or signed already as it stands.
    """
    record = found_in(work, Visit, visit, study)
    if not record.happened:
        raise UserError(_("A visit that did not happen is not signed."), where=_(Visit.LABEL))
    own = Query.TABLE.c
    if work.read.first(sa.select(own.id).where(own.visit == visit, own.closed_on.is_(None), ~own.voided)):
        raise UserError(
            _("A query about this visit is open."), where=_(Visit.LABEL), remedy=_("Have it answered and closed first.")
        )
    signed = signatures(work.read, record=Visit, study=study, of=[visit]).get(visit, ())
    if any(each.stands and each.meaning == CRF_CONFIRMED for each in signed):
        raise UserError(_("This visit is signed already."), where=_(Visit.LABEL))
    sign(work, record, CRF_CONFIRMED)
    return work.add(CrfSignature(study=study, participant=record.participant, visit=visit, signed_on=work.today)).id


def _open(work: Work, study: Id, query: Id) -> Query:
    record = found_in(work, Query, query, study)
    if record.closed_on is not None:
        raise UserError(_("This query is closed."), where=_(Query.LABEL), remedy=_("Open it again first."))
    return record
