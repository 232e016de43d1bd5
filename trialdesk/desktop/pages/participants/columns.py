"""What stands in the lists of this page, as data, and the words for how a participant and a visit stand."""

from __future__ import annotations

from typing import Any

from trialdesk.application import FIELDS
from trialdesk.base.i18n import N_, _
from trialdesk.desktop import shown
from trialdesk.desktop.models.rows import Column
from trialdesk.desktop.models.status import Status
from trialdesk.desktop.pages.participants.rows import Line
from trialdesk.desktop.recorded import coded, said
from trialdesk.desktop.style import Hue
from trialdesk.enrollment.drawings import STATES as VISITS
from trialdesk.enrollment.queries import VisitRow
from trialdesk.enrollment.rules import VisitState
from trialdesk.overview.changes import Unseen
from trialdesk.overview.register import Line as Inside
from trialdesk.reporting.terms import reason_words

STANDINGS: dict[str, tuple[str, Hue]] = {
    "screening": (N_("In screening"), "info"),
    "screen failure": (N_("Screen failure"), "neutral"),
    "in study": (N_("In study"), "accent"),
    "completed": (N_("Completed"), "good"),
    "discontinued": (N_("Discontinued"), "warning"),
}

VISIT_HUES: dict[VisitState, Hue] = {
    "in window": "good",
    "done": "good",
    "early": "warning",
    "late": "warning",
    "missed": "bad",
    "overdue": "bad",
    "due": "info",
    "planned": "neutral",
    "not due": "neutral",
    "unscheduled": "accent",
}


def standing(state: str) -> Status:
    """Return how a participant stands."""
    words, hue = STANDINGS[state]
    return Status(_(words), hue)


def visit_standing(visit: VisitRow) -> Status:
    """Return how a visit stands."""
    return Status(_(VISITS[visit.state]), VISIT_HUES[visit.state])


def arm_words(line: Line) -> str:
    """Return the arm, that it is not known here, or nothing for who has none."""
    if line.row.arm:
        return line.row.arm
    allocated = line.row.state in ("in study", "completed", "discontinued")
    return _("not shown to you") if allocated and not line.arms_seen else ""


def when_planned(visit: VisitRow) -> str:
    """Return the window, or the planned day where there is none."""
    if visit.opens_on and visit.closes_on and visit.opens_on != visit.closes_on:
        return shown.span(visit.opens_on, visit.closes_on)
    return shown.day(visit.planned_on) if visit.planned_on else ""


def seen(line: Inside, name: str) -> Any:
    """Return a field's value, None where it is not shown to who looks."""
    value = line.value(name)
    return None if isinstance(value, Unseen) else value


def dose_words(line: Inside) -> str:
    """Return a dose with its unit and frequency."""
    dose = seen(line, "dose")
    written = shown.number(dose) if dose is not None else ""
    return " ".join(part for part in (written, seen(line, "dose_unit"), seen(line, "frequency")) if part)


def disposition_words(line: Inside) -> str:
    """Return what happened: the coded reason in words, else as it was reported."""
    reason = seen(line, "reason")
    return reason_words(reason) if reason else seen(line, "term") or ""


def _said(line: Inside, name: str) -> str:
    value = seen(line, name)
    return said(line.kind, FIELDS[line.kind][name], value) if value else ""


def _seriousness(line: Inside) -> Status | None:
    if seen(line, "fatal"):
        return Status(_("Fatal"), "bad")
    serious = seen(line, "serious")
    if serious:
        return Status(_("Serious"), "bad", "warning")
    return None if serious is None else Status(_("Not serious"), "neutral")


PARTICIPANTS = (
    Column("number", N_("Number"), lambda line: line.row.number, width=88),
    Column("site", N_("Site"), lambda line: line.row.site_number, width=60),
    Column("state", N_("Status"), lambda line: standing(line.row.state), "status", width=140),
    Column("screened", N_("Screened on"), lambda line: line.row.screened_on, "date", width=124),
    Column("consented", N_("Consent on"), lambda line: line.consented_on, "date", width=124),
    Column("day1", N_("Day 1"), lambda line: line.row.reference_start, "date", width=124),
    Column("arm", N_("Arm"), arm_words, width=148),
    Column(
        "visits", N_("Visits"), lambda line: line.row.visits, "number", width=72, tooltip=N_("Visits that happened")
    ),
    Column(
        "ending",
        N_("Ending"),
        lambda line: reason_words(line.row.ending) if line.row.ending else "",
        width=168,
        tooltip=N_("Why participation ended"),
    ),
    Column("ended", N_("Ended on"), lambda line: line.row.ended_on, "date", width=116, hidden=True),
    Column("identifier", N_("Identifier"), lambda line: line.row.identifier, width=150, hidden=True),
    Column("sex", N_("Sex"), lambda line: coded("enrollment.participant", "sex", line.row.sex), width=88, hidden=True),
    Column("age", N_("Age"), lambda line: line.row.age, "number", width=72, hidden=True),
)

VISIT_ROWS: tuple[Column, ...] = (
    Column("name", N_("Visit"), lambda visit: visit.name, width=140),
    Column("planned", N_("Planned for"), lambda visit: visit.planned_on, "date", width=186, text=when_planned),
    Column("started", N_("Took place"), lambda visit: visit.started_on, "date", width=116),
    Column("state", N_("Status"), visit_standing, "status", width=132),
)

DISPOSITIONS: tuple[Column, ...] = (
    Column("on", N_("On"), lambda line: seen(line, "occurred_on"), "date", width=120),
    Column("what", N_("What happened"), disposition_words, width=236),
    Column("category", N_("Kind"), lambda line: _said(line, "category"), width=150),
)

EXPOSURES: tuple[Column, ...] = (
    Column("treatment", N_("Treatment"), lambda line: seen(line, "treatment"), width=176),
    Column("dose", N_("Dose"), lambda line: seen(line, "dose"), "number", width=110, align="left", text=dose_words),
    Column("from", N_("From"), lambda line: seen(line, "started_on"), "date", width=120),
    Column("to", N_("To"), lambda line: seen(line, "ended_on"), "date", width=120),
)

EVENTS: tuple[Column, ...] = (
    Column("term", N_("Adverse event"), lambda line: seen(line, "term"), width=196),
    Column("on", N_("From"), lambda line: seen(line, "started_on"), "date", width=116),
    Column("severity", N_("Severity"), lambda line: _said(line, "severity"), width=88),
    Column("serious", N_("Seriousness"), _seriousness, "status", width=128),
)
