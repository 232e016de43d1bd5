"""Adverse events."""

from __future__ import annotations

from trialdesk.base.dates import PartialDate
from trialdesk.base.i18n import N_
from trialdesk.base.ids import Id
from trialdesk.persistence.declaration import Record, choice, flag, link, partial_date, text, whole

SEVERITIES = (("mild", N_("Mild")), ("moderate", N_("Moderate")), ("severe", N_("Severe")))


class AdverseEvent(Record, kind="safety.adverse_event", label=N_("Adverse event")):
    """Any untoward medical occurrence in a participant (ICH E2A II.A)."""

    participant: Id = link(N_("Participant"), "enrollment.participant", required=True)
    sequence: int | None = whole(N_("Sequence"))
    term: str = text(N_("Adverse event"), required=True)
    preferred_term: str | None = text(N_("Preferred term"))
    system_organ_class: str | None = text(N_("System organ class"))
    severity: str | None = choice(N_("Severity"), SEVERITIES)
    grade: int | None = whole(N_("Grade"), help=N_("CTCAE grade, 1 to 5."))
    serious: bool | None = flag(N_("Serious"), group="seriousness")
    fatal: bool | None = flag(N_("Fatal"), group="seriousness")
    life_threatening: bool | None = flag(N_("Life-threatening"), group="seriousness")
    hospitalised: bool | None = flag(N_("Hospitalisation"), group="seriousness")
    disabling: bool | None = flag(N_("Disability"), group="seriousness")
    congenital: bool | None = flag(N_("Congenital anomaly"), group="seriousness")
    other_important: bool | None = flag(N_("Otherwise medically important"), group="seriousness")
    causality: str | None = text(N_("Causality"))
    action_taken: str | None = text(N_("Action taken"))
    outcome: str | None = text(N_("Outcome"))
    started_on: PartialDate | None = partial_date(N_("Started on"))
    ended_on: PartialDate | None = partial_date(N_("Ended on"))
    recorded_on: PartialDate | None = partial_date(N_("Recorded on"))
    epoch: str | None = text(N_("Epoch"))
