"""Recording what was reached and no other part of the program records."""

from __future__ import annotations

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import N_, _
from trialdesk.contracts.rules import check_currency
from trialdesk.enrollment.queries import participants
from trialdesk.payments.records import TOLD_BY_DELIVERABLE, Deliverable
from trialdesk.people.acting import Action, adding, correcting, voiding
from trialdesk.people.checks import check_not_future, label_of
from trialdesk.people.rules import STAFF
from trialdesk.persistence.work import Work

ENDING = frozenset({"lplv", "db_locked"})
"""What is reached only after the last participant has left: money is graded by it, and held money released."""
_SHOWN = 5
RECORDING = STAFF | {"finance"}
_ASKS = (
    "kind",
    "occurred_on",
    "participant",
    "planned_visit",
    "name",
    "numerator",
    "denominator",
    "cost",
    "currency",
    "evidence",
)


def _check(work: Work, record: Deliverable) -> None:
    """Refuse a deliverable that tells no fact: one to come, or one that does not say what its kind needs."""
    check_not_future(work, Deliverable.FIELDS["occurred_on"].label, record.occurred_on)
    told = TOLD_BY_DELIVERABLE[record.kind]
    needed = [*told.get("given", ()), *(["participant"] if told.get("subject", "participant") else [])]
    for name in needed:
        if getattr(record, name) is None:
            raise UserError(
                _("This kind of deliverable needs it."),
                where=label_of(Deliverable, name),
                remedy=_("Fill it in."),
            )
    if record.kind in ENDING:
        _check_all_have_left(work, record)
    if record.cost is not None:
        check_currency(record.currency or "")


def _check_all_have_left(work: Work, record: Deliverable) -> None:
    """Refuse what comes after the last participant's last visit while somebody is still screened or in the study."""
    rows = participants(work.read, study=record.study or "", on=work.today)
    staying = [row.identifier for row in rows if row.state in {"in study", "screening"}]
    if staying:
        raise UserError(
            _("Not every participant has left the study: {who}.").format(
                who=", ".join(staying[:_SHOWN]) + ("…" if len(staying) > _SHOWN else "")
            ),
            where=label_of(Deliverable, "kind"),
            remedy=_("Record first how their participation ended."),
        )


add_deliverable = adding(
    Deliverable,
    "payments:deliverable:record",
    N_("Deliverable recorded"),
    by=RECORDING,
    asks=_ASKS,
    check=_check,
    words=N_("Record deliverable"),
)
correct_deliverable = correcting(
    Deliverable,
    "payments:deliverable:correct",
    N_("Deliverable corrected"),
    by=RECORDING,
    asks=_ASKS,
    check=_check,
)
void_deliverable = voiding(Deliverable, "payments:deliverable:void", N_("Deliverable voided"), by=RECORDING)

ACTIONS: tuple[Action, ...] = (add_deliverable, correct_deliverable, void_deliverable)
