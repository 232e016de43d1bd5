"""Seriousness, the clock of a serious event, numbers, deviations and data queries, on plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from trialdesk.base.dates import PartialDate, earliest
from trialdesk.base.i18n import N_
from trialdesk.base.values import dataclass

CRITERIA = (
    ("fatal", N_("Fatal")),
    ("life_threatening", N_("Life-threatening")),
    ("hospitalised", N_("Hospitalisation")),
    ("disabling", N_("Disability")),
    ("congenital", N_("Congenital anomaly")),
    ("other_important", N_("Otherwise medically important")),
)
"""The criteria any one of which makes an event serious (ICH E2A II.B), by the field that says it."""
SERIOUSNESS = tuple(code for code, _label in CRITERIA)

RELATED = (("yes", N_("Related")), ("no", N_("Not related")), ("unknown", N_("Not known")))
CATEGORIES = (
    ("consent", N_("Consent")),
    ("eligibility", N_("Eligibility")),
    ("product", N_("Study product or dose")),
    ("visit_window", N_("Visit window")),
    ("procedure", N_("Procedure")),
    ("safety_reporting", N_("Safety reporting")),
    ("privacy", N_("Data and privacy")),
    ("blinding", N_("Blinding")),
    ("other", N_("Other")),
)

RECIPIENTS = (
    ("FDA", N_("FDA")),
    ("EudraVigilance", N_("EudraVigilance")),
    ("CDE", N_("CDE (China)")),
    ("committee", N_("Ethics committee")),
    ("investigators", N_("Investigators")),
    ("other", N_("Other")),
)
"""To whom events are reported one by one; the rules of deadlines name them by these codes."""
AUTHORITIES = ("FDA", "EudraVigilance", "CDE")
"""Those of them that are authorities."""

SAE_HOURS = 24
"""To the sponsor, from the site's awareness (EU 536/2014 Art. 41; "immediately": 21 CFR 312.64(b), ICH E6(R3) 2.7)."""

BEFORE_ALL = datetime.min.replace(tzinfo=UTC)
"""For a clock that is not to be timed: the facts of a document do not depend on the moment it is made."""

COMPLETING = 8
"""Days after those of a fatal or life-threatening reaction in which its first report is completed (ICH E2A III.B.1)."""

HALF, ALMOST = 50, 90
"""Per cent of the time gone at which a running clock is shown as half gone, as nearly gone."""

ClockState = Literal["running", "half", "almost", "late", "done", "done late"]
QueryState = Literal["open", "answered", "closed"]


@dataclass(frozen=True, slots=True)
class Clock:
    """A running or stopped clock: when it is due, how it stands, the hours used when it stopped or until now."""

    due_at: datetime
    state: ClockState
    hours: int
    """Whole hours begun: one minute is the first hour."""


def sae_clock(aware_at: datetime, reported_at: datetime | None, now: datetime, *, hours: int = SAE_HOURS) -> Clock:
    """Return the clock of a serious event: from the site's awareness, in hours that run over nights and weekends.

    The three are aware instants; hours are elapsed hours, whatever the wall clock does. The last moment is in time.
    """
    # Within one zone Python counts by the wall clock; in universal time an hour is an hour.
    aware_at, until = aware_at.astimezone(UTC), (now if reported_at is None else reported_at).astimezone(UTC)
    due = aware_at + timedelta(hours=hours)
    gone = max(until - aware_at, timedelta(0))
    used = -(-int(gone.total_seconds()) // 3600)
    if reported_at is not None:
        return Clock(due, "done" if until <= due else "done late", used)
    if until > due:
        return Clock(due, "late", used)
    share = 100 * gone
    if share >= ALMOST * timedelta(hours=hours):
        return Clock(due, "almost", used)
    return Clock(due, "half" if share >= HALF * timedelta(hours=hours) else "running", used)


def told_on(
    started_on: PartialDate | None, *, aware_at: datetime | None, zone: str | None, recorded_on: PartialDate | None
) -> PartialDate | None:
    """Return the day an event is counted on: its first, else the first on which it was known; None where none is."""
    if started_on:
        return started_on
    aware = at_site(aware_at, zone).date().isoformat() if aware_at else None
    return min((each for each in (aware, recorded_on) if each), key=earliest, default=None)


def counts_by(on: PartialDate | None, as_of: date | None) -> bool:
    """Say whether an event counted on a day is told of by `as_of`: who cannot date it must not leave it out."""
    return as_of is None or on is None or earliest(on) <= as_of


def at_site(at: datetime, zone: str | None) -> datetime:
    """Return an instant by the wall clock of a zone (IANA name); UTC where none is given or it is not known."""
    try:
        return at.astimezone(ZoneInfo(zone or "UTC"))
    except (ZoneInfoNotFoundError, ValueError):
        return at.astimezone(ZoneInfo("UTC"))


def seriousness(criteria: Mapping[str, bool | None], *, said: bool | None = None) -> bool | None:
    """Return whether an event is serious by its criteria; what was `said` where none of them was answered."""
    answered = [criteria.get(name) for name in SERIOUSNESS]
    if any(answered):
        return True
    return said if all(each is None for each in answered) else False


def next_number(site: str | None, word: str, taken: Iterable[str | None]) -> str:
    """Return the next readable number of a site's records, such as 01-AE-003; without a site AE-003.

    A number once given is not given again, also where its record was voided: `taken` are those of all.
    """
    lead = f"{site}-{word}-" if site else f"{word}-"
    used = [
        int(each[len(lead) :]) for each in taken if each and each.startswith(lead) and each[len(lead) :].isdecimal()
    ]
    return f"{lead}{max(used, default=0) + 1:03d}"


def query_state(answer: str | None, *, closed: bool) -> QueryState:
    """Return how a data query stands."""
    if closed:
        return "closed"
    return "answered" if answer else "open"


def is_suspected(event: Any) -> bool:
    """Say whether an event may be an unexpected reaction: nobody called it unrelated (ICH E2A III.A.1)."""
    return event.expected is False and event.related != "no"


def clocks_of(event: Any) -> frozenset[str]:
    """Return which clocks of reporting an event has set off: to the sponsor, to authorities, to them within days."""
    if not event.serious:
        return frozenset()
    if not is_suspected(event):
        return frozenset({"sponsor"})
    grave = {"grave"} if event.fatal or event.life_threatening else set[str]()
    return frozenset({"sponsor", "authorities", *grave})


def alike(one: Any, other: Any) -> bool:
    """Say whether two events are of one kind: of one preferred term, else reported in the same words.

    What 21 CFR 312.32(c)(1) calls a similar suspected reaction begins with the term; whether more belongs to it is for
    a physician to say.
    """
    terms = one.preferred_term, other.preferred_term
    if all(terms):
        return _same(*terms)
    return _same(one.term, other.term)


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
