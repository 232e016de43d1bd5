"""Deliverables, the ledger, certificates, invoices, receipts, disputes.

What moves money is final: the ledger only grows, a certificate is withdrawn by another act, an invoice is corrected by
a credit note that names it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from trialdesk.base.i18n import N_
from trialdesk.base.ids import Id
from trialdesk.persistence.declaration import Record, choice, day, flag, instant, link, money, text, whole

DELIVERABLES = (
    ("db_locked", N_("Database locked")),
    ("lplv", N_("Last participant's last visit")),
    ("report_signed", N_("Report signed")),
    ("published", N_("Results submitted or published")),
    ("milestone", N_("Milestone reached")),
    ("window_approved", N_("Visit out of window approved")),
    ("procedure_done", N_("Procedure done")),
    ("metric_reported", N_("Measure reported")),
)
_STUDY: Mapping[str, Any] = {"subject": ""}
TOLD_BY_DELIVERABLE: Mapping[str, Mapping[str, Any]] = {
    "db_locked": _STUDY,
    "lplv": _STUDY,
    "report_signed": {**_STUDY, "keys": {"report": "name"}},
    "published": {**_STUDY, "keys": {"stage": "name"}},
    "milestone": {**_STUDY, "keys": {"name": "name"}, "given": ("name",)},
    "window_approved": {"visit": "planned_visit", "given": ("planned_visit",)},
    "procedure_done": {"visit": "planned_visit", "keys": {"procedure": "name", "cost": "cost"}, "given": ("name",)},
    "metric_reported": {
        **_STUDY,
        "keys": {"metric": "name", "numerator": "numerator", "denominator": "denominator"},
        "given": ("name", "numerator", "denominator"),
    },
}
"""What each kind of deliverable needs and says, for the table of facts."""


class Deliverable(Record, kind="payments.deliverable", label=N_("Deliverable")):
    """Something agreed that has been reached, and that no other part of the program records."""

    kind: str = choice(N_("What was reached"), DELIVERABLES, required=True)
    occurred_on: date = day(N_("Reached on"), required=True)
    participant: Id | None = link(N_("Participant"), "enrollment.participant")
    planned_visit: Id | None = link(N_("Planned visit"), "studies.planned_visit")
    name: str | None = text(N_("Which"), help=N_("The milestone, report, stage, procedure or measure, as terms call it."))
    numerator: int | None = whole(N_("Of these"), group="measure")
    denominator: int | None = whole(N_("Out of"), group="measure")
    cost: int | None = money(N_("Cost"), group="cost")
    currency: str | None = text(N_("Currency"), group="cost")
    evidence: str | None = text(N_("Evidence"), help=N_("Where the document that shows it is kept."))
