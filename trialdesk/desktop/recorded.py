"""How recorded values are written: by the field that declares them, codes in words, nothing as a dash. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from trialdesk.base.fields import Field
from trialdesk.base.i18n import N_, _
from trialdesk.desktop import shown
from trialdesk.overview.changes import Unseen
from trialdesk.persistence.vault import Hidden
from trialdesk.reporting.terms import (
    ACTIONS_TAKEN,
    ETHNICITIES,
    OUTCOMES,
    RACES,
    REASONS,
    SEXES,
    country_words,
    in_words,
)
from trialdesk.safety.retelling import retold

NOTHING = "–"

CAUSALITIES = {
    "NONE": N_("Not related"),
    "NOT RELATED": N_("Not related"),
    "UNLIKELY": N_("Unlikely"),
    "UNLIKELY RELATED": N_("Unlikely"),
    "REMOTE": N_("Unlikely"),
    "POSSIBLE": N_("Possible"),
    "POSSIBLY RELATED": N_("Possible"),
    "PROBABLE": N_("Probable"),
    "DEFINITE": N_("Definite"),
    "RELATED": N_("Related"),
}
AGE_UNITS = {
    "YEARS": N_("years"),
    "MONTHS": N_("months"),
    "WEEKS": N_("weeks"),
    "DAYS": N_("days"),
}

CODED = {
    ("enrollment.participant", "sex"): SEXES,
    ("enrollment.participant", "age_unit"): AGE_UNITS,
    ("enrollment.participant", "race"): RACES,
    ("enrollment.participant", "ethnicity"): ETHNICITIES,
    ("enrollment.disposition", "reason"): REASONS,
    ("safety.adverse_event", "action_taken"): ACTIONS_TAKEN,
    ("safety.adverse_event", "outcome"): OUTCOMES,
    ("safety.adverse_event", "causality"): CAUSALITIES,
}
"""By kind and field, the words of codes that are kept as text. What is not listed is its own word."""

TOLD: Mapping[tuple[str, str], Callable[[str], str]] = {
    ("contracts.organisation", "country"): country_words,
    ("enrollment.participant", "country"): country_words,
    ("ethics.committee", "country"): country_words,
    ("safety.deviation", "description"): retold,
    ("studies.site", "country"): country_words,
}
"""By kind and field, how what is recorded is said in the reader's language."""


def is_coded(kind: str, name: str) -> bool:
    """Say whether a field's texts have words of their own in the reader's language."""
    return (kind, name) in CODED or (kind, name) in TOLD


def coded(kind: str, name: str, value: str | None) -> str:
    """Return a code in words, or what else is said of a text in the reader's language; nothing for None."""
    if not value:
        return ""
    told = TOLD.get((kind, name))
    return told(value) if told else in_words(CODED[kind, name], value)


def said(kind: str, field: Field, value: Any) -> str:
    """Return a value of a field in words; a dash where there is none."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, Unseen | Hidden):
        return _(value.value)
    if isinstance(value, str) and is_coded(kind, field.name):
        return coded(kind, field.name, value)
    match value:
        case bool():
            return shown.flag(value)
        case datetime():
            return shown.instant(value)
        case date():
            return shown.day(value)
        case int() | Decimal():
            return shown.number(value)
        case _ if field.type == "partial":
            return shown.partial(value)
        case _:
            return _(field.choice_label(value)) if field.choices else str(value)
