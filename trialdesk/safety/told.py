"""One serious event or one deviation with all that is recorded of it, as a report of just that one needs it."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypeVar

import sqlalchemy as sa

from trialdesk.base.dates import PartialDate
from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.enrollment.queries import participants
from trialdesk.enrollment.queries.exposure import exposed
from trialdesk.enrollment.records import Participant
from trialdesk.persistence.reading import Read
from trialdesk.safety.logs import DeviationRow, SeriousRow, deviations, serious_events
from trialdesk.safety.records import AdverseEvent, ExpeditedReport
from trialdesk.studies.queries import arms, sites

Row = TypeVar("Row", SeriousRow, DeviationRow)


@dataclass(frozen=True, slots=True)
class Sent:
    """One report of the event to an authority or a committee."""

    recipient: str
    submitted_on: date
    reference: str | None
    follow_up: bool | None


@dataclass(frozen=True, slots=True)
class EventTold:
    """A serious event with its participant. `arms` are the study's: which of them it was is told by no report.

    `first_exposure` and `last_exposure` are the days of the study's treatment, whatever it was: as the participant's
    record has them, else those of the doses recorded.
    """

    row: SeriousRow
    site: str
    sex: str | None
    age: int | None
    age_unit: str | None
    country: str | None
    consented_on: PartialDate | None
    first_exposure: PartialDate | None
    last_exposure: PartialDate | None
    preferred_term: str | None
    system_organ_class: str | None
    severity: str | None
    action_taken: str | None
    recorded_on: PartialDate | None
    narrative: str | None
    arms: tuple[str, ...]
    sent: tuple[Sent, ...]


def event_told(read: Read, *, study: Id, on: date, before: datetime, number: str | None) -> EventTold | None:
    """Return the serious event of that number, else the one that began last; None where there is none at all.

    A clock that still runs stands as at `before`. Raises UserError for a number there is not. Bounded statements.
    """
    rows = serious_events(read, study=study, on=on, now=before)
    found = _chosen(rows, number, sorted(rows, key=lambda row: (row.started_on or "", row.number or "", row.id)))
    if found is None:
        return None
    event = read.first(sa.select(AdverseEvent.TABLE).where(AdverseEvent.TABLE.c.id == found.id))
    person = read.first(sa.select(Participant.TABLE).where(Participant.TABLE.c.id == found.participant))
    assert event is not None
    assert person is not None
    row = next(each for each in participants(read, study=study, on=on) if each.id == found.participant)
    own = ExpeditedReport.TABLE.c
    begun, ended = exposed(read, participant=found.participant)
    return EventTold(
        row=found,
        site=next((each.label for each in sites(read, study=study) if each.id == found.site), ""),
        sex=row.sex,
        age=row.age,
        age_unit=row.age_unit,
        country=person.country,
        consented_on=row.consented_on,
        first_exposure=person.first_exposure or begun,
        last_exposure=person.last_exposure or ended,
        preferred_term=event.preferred_term,
        system_organ_class=event.system_organ_class,
        severity=event.severity,
        action_taken=event.action_taken,
        recorded_on=event.recorded_on,
        narrative=event.narrative,
        arms=tuple(each.name for each in arms(read, study=study)),
        sent=read.shaped(
            Sent, ExpeditedReport, own.adverse_event == found.id, ~own.voided, order=(own.submitted_on, own.id)
        ),
    )


def sent_by_event(read: Read, *, study: Id) -> dict[Id, tuple[Sent, ...]]:
    """Return a study's reports to authorities and committees by event, oldest first. One statement."""
    own = ExpeditedReport.TABLE.c
    rows = read.rows(
        sa.select(ExpeditedReport.TABLE).where(own.study == study, ~own.voided).order_by(own.submitted_on, own.id)
    )
    found: dict[Id, tuple[Sent, ...]] = {}
    for row in rows:
        sent = Sent(row.recipient, row.submitted_on, row.reference, row.follow_up)
        found[row.adverse_event] = (*found.get(row.adverse_event, ()), sent)
    return found


def deviation_told(read: Read, *, study: Id, on: date, number: str | None) -> DeviationRow | None:
    """Return the deviation of that number, else the one that occurred last; None where there is none at all.

    Raises UserError for a number there is not. Bounded statements.
    """
    rows = deviations(read, study=study, on=on)
    return _chosen(rows, number, sorted(rows, key=lambda row: (row.occurred_on, row.number)))


def _chosen(rows: tuple[Row, ...], number: str | None, last: list[Row]) -> Row | None:
    if number is None:
        return last[-1] if last else None
    for row in rows:
        if row.number == number:
            return row
    raise UserError(
        _("There is no record with the number “{number}”.").format(number=number),
        remedy=_("There are: {numbers}.").format(numbers=", ".join(row.number or "?" for row in rows) or _("none")),
    )
