"""The forms of this page, each made of declared fields; what is saved where is the page's business."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from trialdesk.application import FIELDS
from trialdesk.base.fields import Field
from trialdesk.base.i18n import N_, _
from trialdesk.desktop.drafts import Drafts
from trialdesk.desktop.pages.participants.reading import Whole
from trialdesk.desktop.recorded import AGE_UNITS
from trialdesk.desktop.widgets.editors import Options
from trialdesk.desktop.widgets.form import Form
from trialdesk.enrollment.queries import VisitRow
from trialdesk.enrollment.rules import odd_dates
from trialdesk.reporting.terms import ETHNICITIES, RACES, SEXES
from trialdesk.studies.queries import SiteRow

_PERSON = FIELDS["enrollment.participant"]
_VISIT = FIELDS["enrollment.visit"]
_IDENTITY = FIELDS["enrollment.identity"]
_SITE = FIELDS["studies.site"]

SCREENED = ("site", "number", "screened_on", "informed_consent_on", "sex", "age", "age_unit")
CORRECTED = (
    "site",
    "number",
    "identifier",
    "screened_on",
    "informed_consent_on",
    "reference_start",
    "reference_end",
    "first_exposure",
    "last_exposure",
    "participation_end",
    "sex",
    "age",
    "age_unit",
    "race",
    "ethnicity",
    "country",
    "died_on",
    "died",
)
VISITED = ("planned_visit", "happened", "started_on", "ended_on", "name", "unscheduled_reason")

_UNSCHEDULED = replace(
    _VISIT["name"], label=N_("Unscheduled visit"), help=N_("What it is called, where no planned visit is chosen.")
)

SPANS = (
    ("reference_start", "reference_end"),
    ("first_exposure", "last_exposure"),
    ("screened_on", "participation_end"),
    ("started_on", "ended_on"),
)
"""Pairs of dates of which the second does not come before the first."""


def site_options(sites: tuple[SiteRow, ...]) -> Options:
    """Return what a participant's site may be."""
    return tuple((site.id, site.label) for site in sites)


def screening(sites: tuple[SiteRow, ...], today: date, drafts: Drafts, draft: str) -> Form:
    """Return the form for who is screened: site, number, dates."""
    fields = tuple(_PERSON[name] for name in SCREENED)
    values = {"site": sites[0].id if len(sites) == 1 else None, "screened_on": today.isoformat(), "age_unit": "YEARS"}
    return Form(
        fields,
        values,
        check=lambda typed: _odd(typed, today),
        drafts=drafts,
        draft=draft,
        options={"site": site_options(sites), **_codes()},
        today=lambda: today,
    )


def correcting(values: Mapping[str, Any], sites: tuple[SiteRow, ...], today: date, drafts: Drafts, draft: str) -> Form:
    """Return the form for all that is recorded of a participant."""
    return Form(
        tuple(_PERSON[name] for name in CORRECTED),
        values,
        check=lambda typed: _odd(typed, today),
        drafts=drafts,
        draft=draft,
        options={"site": site_options(sites), **_codes()},
        today=lambda: today,
    )


def visiting(values: Mapping[str, Any], whole: Whole, today: date, drafts: Drafts, draft: str) -> Form:
    """Return the form for a visit, planned or not. Planned visits already recorded are not offered again."""
    return Form(
        tuple(_UNSCHEDULED if name == "name" else _VISIT[name] for name in VISITED),
        values,
        check=lambda typed: _odd(typed, today) | _named(typed),
        drafts=drafts,
        draft=draft,
        options={"planned_visit": visit_options(whole, values.get("planned_visit"))},
        today=lambda: today,
    )


def visit_options(whole: Whole, chosen: str | None) -> Options:
    """Return the planned visits of which nothing is recorded yet, and the one chosen."""
    waiting = {visit.id for visit in whole.detail.visits if visit.version == 0}
    return tuple((plan.id, plan.name) for plan in whole.plans if plan.id in waiting or plan.id == chosen)


def first_visit(whole: Whole, visit: VisitRow | None) -> dict[str, Any]:
    """Return what a new visit begins with: the one meant, else the first that is due or comes next."""
    waiting = [each for each in whole.detail.visits if each.version == 0]
    due = next((each for each in waiting if each.state in ("due", "overdue")), None)
    meant = visit or due or next(iter(waiting), None)
    return {"planned_visit": meant.id if meant else None, "happened": True}


def identifying(whole: Whole, drafts: Drafts, draft: str) -> Form:
    """Return the form for who a participant is."""
    values = {"name": whole.detail.name, "contact": whole.detail.contact}
    return Form(tuple(_IDENTITY[name] for name in values), values, drafts=drafts, draft=draft)


def siting(drafts: Drafts, draft: str) -> Form:
    """Return the form for a site."""
    return Form(tuple(_SITE[name] for name in ("number", "name")), drafts=drafts, draft=draft)


def fields_of(form: Form) -> dict[str, Field]:
    """Return a form's fields by name."""
    return {field.name: field for field in form.fields}


def _codes() -> dict[str, Options]:
    terms = {"sex": SEXES, "age_unit": AGE_UNITS, "race": RACES, "ethnicity": ETHNICITIES}
    return {name: tuple((code, _(words)) for code, words in known.items()) for name, known in terms.items()}


def _odd(typed: Mapping[str, Any], today: date) -> dict[str, str]:
    return {name: _(words) for name, words in odd_dates(typed, today, *SPANS).items()}


def _named(typed: Mapping[str, Any]) -> dict[str, str]:
    if typed.get("planned_visit") or typed.get("name"):
        return {}
    return {"name": _(NAMELESS)}


NAMELESS = N_("Choose a planned visit, or say what this unscheduled visit is called.")
