"""What holds of every participant whatever is done here, on plain values: the order of consent, eligibility, treatment.

The gates bind what is done in TrialDesk. A participant who was brought in by an import passed them elsewhere, or did
not: nothing is invented and nothing refused there, except that whoever is allocated here passes them here.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Protocol

from trialdesk.base.dates import PartialDate, earliest, latest
from trialdesk.base.errors import UserError
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass

ELIGIBILITY_CONFIRMED = N_("I confirm this assessment of eligibility")
"""What an investigator's signature under an assessment of eligibility means."""

ALLOCATION_GATE = "enrollment:allocation"
"""Asked before every allocation; who has a reason against it refuses (`AllocationGate`)."""


class AllocationGate(Protocol):
    """A later stage's answer to whether a participant may be allocated on a day. Raises UserError where not."""

    def __call__(self, work: Any, *, study: Id, participant: Id, on: date) -> None: ...  # noqa: D102 - the class says it


@dataclass(frozen=True, slots=True)
class Given:
    """A consent: the day, and the time where it was written down; `until` the day on which it was found not valid."""

    on: date
    at: str | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Assessed:
    """An assessment of eligibility; `signed_at` None unless an investigator's signature under it stands."""

    on: date
    eligible: bool
    signed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """What stands recorded of one participant, as far as the gates ask.

    An allocation without a day was made elsewhere. `procedures` are what was done with the participant (visits kept,
    exposures), each dated as recorded. `assessments` come oldest first.
    """

    bound: bool
    consents: tuple[Given, ...] = ()
    procedures: tuple[PartialDate | None, ...] = ()
    assessments: tuple[Assessed, ...] = ()
    allocations: tuple[date | None, ...] = ()
    endings: tuple[tuple[str, PartialDate | None], ...] = ()
    exists: bool = True


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something may not be, and what to do; both marked for translation."""

    words: str
    remedy: str


UNDATED = Refusal(
    N_("It is not known on which day this was done, and so not whether consent came first."),
    N_("Give the day."),
)
NO_CONSENT = Refusal(
    N_("This participant has not consented by then: nothing is done with anybody before consent."),
    N_("Record the consent first. What was done without it is recorded as a deviation."),
)
CONSENT_LOST = Refusal(
    N_("The consent of this participant was found not valid by then, and none was given since."),
    N_("Record the new consent first. What was done without one is recorded as a deviation."),
)
CONSENT_UNKNOWN = Refusal(
    N_("No consent of this participant is known: what was brought in tells of none."),
    N_("Record the consent, or correct the day of informed consent if the source tells it."),
)
NO_CONSENT_TO_ALLOCATE = Refusal(
    N_("This participant has not consented: nobody is allocated without consent."),
    N_("Record the consent first."),
)
NOT_ASSESSED = Refusal(
    N_("The eligibility of this participant has not been assessed."),
    N_("Assess it and let an investigator sign."),
)
NOT_ELIGIBLE = Refusal(
    N_("This participant was found not eligible."),
    N_("Assess eligibility again if that has changed, or record the screening failure."),
)
NOT_SIGNED = Refusal(
    N_("No investigator's signature stands under the eligibility of this participant."),
    N_("Let an investigator sign the assessment as it is recorded now."),
)
CLOCK_BEHIND = Refusal(
    N_("Something this rests on is recorded for a later time than this computer shows."),
    N_("Set the computer's clock right, then do it again."),
)
TWICE = Refusal(
    N_("This participant is already allocated."),
    N_("An allocation is final; record what went wrong as a deviation."),
)
ALLOCATED_STAYS = Refusal(
    N_("This participant is allocated and stays in the study's lists."),
    N_("Record a withdrawal, or a deviation, instead."),
)
AFTER_DEATH = Refusal(
    N_("This participant died: nothing was done with them on a later day."),
    N_("Correct the day of this, or the day of death, whichever is wrong."),
)
AFTER_COMPLETION = Refusal(
    N_("Something was done with this participant on a later day: the study was not completed by then."),
    N_("Correct the day of completion, or what is dated later."),
)
AFTER_THE_END = Refusal(
    N_("Participation has ended by that day."),
    N_("Say why unscheduled if it was a follow-up all the same, or correct how participation ended."),
)
DOSED_AFTER_THE_END = Refusal(
    N_("Participation has ended by that day: no dose is given afterwards."),
    N_("Correct the day, or how participation ended. A dose given all the same is recorded as a deviation."),
)
ENDED = Refusal(
    N_("Participation has ended: nobody is allocated afterwards."),
    N_("Correct how participation ended if that is wrong."),
)


def refuse(refusal: Refusal | None, where: str) -> None:
    """Raise UserError with the words of a refusal, if there is one. `where` is translated."""
    if refusal is not None:
        raise UserError(_(refusal.words), where=where, remedy=_(refusal.remedy))


def broken(case: Case) -> Refusal | None:
    """Return the first gate that what is recorded of a participant would break, None if all hold."""
    return _treated(case) or _allocated(case)


def consented_by(consents: Iterable[Given], done: PartialDate) -> bool:
    """Say whether a consent came before something dated `done`: on an earlier day, or that day and not later in it.

    The first day a partial date can mean counts: what might have been before consent was not shown to be after it.
    """
    on = earliest(done)
    time = done[len("2026-03-04T") :]
    for each in consents:
        if each.on < on:
            return True
        if each.on == on and not (each.at and time and time < each.at[: len(time)]):
            return True
    return False


def lost(consents: Iterable[Given], on: date) -> Refusal | None:
    """Return why nothing new is done with a participant on a day: every consent was found not valid by then.

    It is asked of what is newly recorded alone. What was done before the finding, or between the finding and its being
    written down, happened and stays told.
    """
    consents = [each for each in consents if each.on <= on]
    return CONSENT_LOST if consents and all(each.until is not None and each.until <= on for each in consents) else None


def going_on(
    consents: Iterable[Given], told: PartialDate | None, done: Iterable[PartialDate | None], *, since: date
) -> Refusal | None:
    """Return why somebody brought in on the day `since` may not go on here, None if consent to it is known.

    `told` is the day of informed consent the import told; what may mean a day before is taken to. What was done before
    the import was done elsewhere; what is not dated is taken as done here.
    """
    consents = tuple(consents)
    for each in done:
        if each is not None and latest(each) < since:
            continue
        if told is not None and (each is None or earliest(told) <= latest(each)):
            continue
        if not consents or (each is not None and not consented_by(consents, each)):
            return CONSENT_UNKNOWN
        if each is not None and (refusal := lost(consents, latest(each))) is not None:
            return refusal
    return None


def died_before(endings: Iterable[tuple[str, PartialDate | None]], procedures: Iterable[PartialDate | None]) -> bool:
    """Say whether something was surely done with a participant on a day after the day of death."""
    deaths = [latest(when) for reason, when in endings if reason == "DEATH" and when]
    return any(each is not None and earliest(each) > death for death in deaths for each in procedures)


def over_by(endings: Iterable[tuple[str, PartialDate | None]], done: PartialDate) -> bool:
    """Say whether participation had surely ended on a day before `done`."""
    return any(when is not None and latest(when) < earliest(done) for _reason, when in endings)


def ready(case: Case, on: date, now: datetime) -> Refusal | None:
    """Return what stands against allocating a participant on a day, None if nothing does."""
    if case.allocations:
        return TWICE
    if any(_ended_before(reason, when, on) for reason, when in case.endings):
        return ENDED
    later = [each.on for each in case.consents] + [each.on for each in case.assessments]
    if any(day > on for day in later) or any(each.signed_at and each.signed_at > now for each in case.assessments):
        return CLOCK_BEHIND
    return _prepared(case, on) or lost(case.consents, on)


def _ended_before(reason: str, when: PartialDate | None, on: date) -> bool:
    return reason == "SCREEN FAILURE" or when is None or earliest(when) <= on


def _treated(case: Case) -> Refusal | None:
    if not case.bound or not case.exists:
        return None
    for done in case.procedures:
        if done is None:
            return UNDATED
        if not consented_by(case.consents, done):
            return NO_CONSENT
    return AFTER_DEATH if died_before(case.endings, case.procedures) else None


def _allocated(case: Case) -> Refusal | None:
    if not case.allocations:
        return None
    if not case.exists:
        return ALLOCATED_STAYS
    if len(case.allocations) > 1:
        return TWICE
    on = case.allocations[0]
    return None if on is None else _prepared(case, on)


def _prepared(case: Case, on: date) -> Refusal | None:
    """Return what is missing of consent and signed eligibility by the day of allocation."""
    if not any(each.on <= on for each in case.consents):
        return NO_CONSENT_TO_ALLOCATE
    assessed = [each for each in case.assessments if each.on <= on]
    if not assessed:
        return NOT_ASSESSED
    last = assessed[-1]
    if not any(each.on <= last.on for each in case.consents):
        return NO_CONSENT
    if not last.eligible:
        return NOT_ELIGIBLE
    return None if last.signed_at is not None else NOT_SIGNED


@dataclass(frozen=True, slots=True)
class Place:
    """A slot of the list as choosing sees it."""

    id: Id
    number: str
    order: int
    site: Id | None
    stratum: str | None


def places_for(places: Iterable[Place], *, site: Id) -> tuple[Place, ...]:
    """Return the slots from which a site's participants are allocated, in order: its own list if it has one."""
    known = sorted(places, key=lambda each: (each.order, each.number))
    own = tuple(each for each in known if each.site == site)
    return own or tuple(each for each in known if each.site is None)


def strata_of(places: Iterable[Place]) -> tuple[str, ...]:
    """Return the strata of a list by name; empty where it is not stratified."""
    return tuple(sorted({each.stratum for each in places if each.stratum is not None}))


def next_place(places: Iterable[Place], used: frozenset[Id], *, stratum: str | None) -> Place | None:
    """Return the first slot of a stratum that is not used, None if the list is used up. `places` are in order."""
    return next((each for each in places if each.stratum == stratum and each.id not in used), None)
