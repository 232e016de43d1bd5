"""What a yearly report tells besides the course: exposure, events by body system, deaths, who left for an event.

Arms, treatments and doses are told only where everybody may know them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from trialdesk.base.dates import PartialDate, day_of
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.enrollment.queries import Ground, ParticipantRow
from trialdesk.enrollment.queries.exposure import TreatedRow
from trialdesk.enrollment.queries.products import DoseRow, doses, movements
from trialdesk.enrollment.rules import ALL_ARMS, NOT_ALLOCATED, happened_by
from trialdesk.persistence.reading import Read
from trialdesk.reporting.reports.progress_counts import ENTERED, Count, counted, within
from trialdesk.reporting.reports.progress_period import Period
from trialdesk.safety.rules import counts_by
from trialdesk.safety.tabulating import TabulatedRow

AGE_BANDS = ((0, 17), (18, 64), (65, 74), (75, None))
"""From which age to which, None without end; in years."""


@dataclass(frozen=True, slots=True)
class ExposedArm:
    """Those of one arm who entered and who took the treatment.

    `days` are from each one's first to last day of treatment, all together; `shortest` and `longest` are of one;
    `unknown` counts those of whom first or last day is not known.
    """

    arm: str
    entered: int
    exposed: Count
    days: int
    shortest: int | None
    longest: int | None
    unknown: int


@dataclass(frozen=True, slots=True)
class Dosed:
    """How many took a treatment at a dose."""

    treatment: str
    dose: Decimal | None
    unit: str | None
    frequency: str | None
    participants: int


@dataclass(frozen=True, slots=True)
class Aged:
    """Those exposed of one age band, an index into `AGE_BANDS` (None: no age in years), by sex; None: not recorded."""

    band: int | None
    sex: str | None
    participants: int


@dataclass(frozen=True, slots=True)
class Exposure:
    """Who was exposed. `doses` is None where treatments may not be named."""

    arms: tuple[ExposedArm, ...]
    ages: tuple[Aged, ...]
    races: Mapping[str, int]
    doses: tuple[Dosed, ...] | None


@dataclass(frozen=True, slots=True)
class Tabulated:
    """Adverse events of one term: events, participants, and the serious of them by arm, arms as they may be known."""

    system: str | None
    term: str
    events: Count
    participants: Count
    serious: Count
    serious_by_arm: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Death:
    """A participant who died: of which events, as recorded, and whether any was judged related."""

    participant: str
    arm: str | None
    died_on: PartialDate | None
    causes: tuple[str, ...]
    related: str | None
    new: bool


@dataclass(frozen=True, slots=True)
class Left:
    """Who left for an adverse event, or had the treatment stopped for one and did not leave for it.

    `events` are those for which the treatment was stopped, as recorded.
    """

    participant: str
    arm: str | None
    left: bool
    left_on: PartialDate | None
    events: tuple[str, ...]
    new: bool


@dataclass(frozen=True, slots=True)
class Late:
    """A serious event begun, or first known, after the data-lock point: not counted, yet told (ICH E2F 3.18)."""

    participant: str
    term: str
    started_on: PartialDate | None
    fatal: bool
    related: str | None


@dataclass(frozen=True, slots=True)
class Year:
    """What a yearly report tells besides the course. `arms` says whether arms are named.

    `late` is None where the data-lock point is where the data end.
    """

    period: Period
    products: tuple[str, ...]
    arms: bool
    exposure: Exposure
    events: tuple[Tabulated, ...]
    deaths: tuple[Death, ...]
    left: tuple[Left, ...]
    late: tuple[Late, ...] | None


def year_of(
    read: Read,
    *,
    study: Id,
    period: Period,
    limit: date | None,
    people: Iterable[ParticipantRow],
    recorded: Sequence[TabulatedRow],
    known: Mapping[Id, TreatedRow],
    ground: Ground,
    named: bool,
    everybody: Mapping[Id, str],
) -> Year:
    """Return the year of a study; with a `limit` only what had happened by that day. Two statements.

    `recorded` are all its adverse events; what has no first day counts from when it was known. `named` says whether
    treatments may be named to everybody; `everybody` are the identifiers of all, of whenever.
    """
    who = {each.id: each for each in people}
    since = period.begins
    arms = ground.shown != (ALL_ARMS,)
    taken: dict[Id, list[DoseRow]] = {}
    for dose in doses(read, study=study):
        if dose.participant in who and happened_by(dose.started_on, limit):
            taken.setdefault(dose.participant, []).append(dose)
    events = [row for row in recorded if row.participant in everybody and counts_by(row.told_on, limit)]
    nowhere = NOT_ALLOCATED[False] if arms else ALL_ARMS
    arm_of = dict.fromkeys(everybody, nowhere) | {
        own: ground.actual.get(own) or row.arm or nowhere for own, row in who.items()
    }
    return Year(
        period=period,
        products=tuple(
            sorted({row.product for row in movements(read, study=study) if limit is None or row.moved_on <= limit})
        ),
        arms=arms,
        exposure=_exposure(who, known, taken, period, limit, arm_of=arm_of, shown=ground.shown, named=named),
        events=_tabulated(events, arm_of, since),
        deaths=_deaths(who, known, events, since, limit, arms=arm_of if arms else {}),
        left=_left(who, events, arm_of if arms else {}, since),
        late=None if limit is None else _late(recorded, everybody, limit),
    )


def race_of(row: TreatedRow | None) -> str:
    """Return race and ethnic group as one key: codes with a slash between, empty where neither is recorded."""
    return " / ".join(part for part in (row.race, row.ethnicity) if part) if row else ""


def _exposure(
    people: Mapping[Id, ParticipantRow],
    known: Mapping[Id, TreatedRow],
    taken: Mapping[Id, Sequence[DoseRow]],
    period: Period,
    limit: date | None,
    *,
    arm_of: Mapping[Id, str],
    shown: tuple[str, ...],
    named: bool,
) -> Exposure:
    first: dict[Id, PartialDate | None] = {}
    last: dict[Id, date | None] = {}
    for who in people:
        row, own = known.get(who), taken.get(who, ())
        began = min((each.started_on for each in own if each.started_on), default=None)
        began = began or (row.first_exposure if row and happened_by(row.first_exposure, limit) else None)
        if not began and not own:
            continue
        first[who] = began
        # Doses come by their first day: where the last of them has no end, nobody knows how long it was.
        open_ = not own[-1].ended_on if own else False
        ends = [each.ended_on for each in own] or [row.last_exposure if row else None]
        days = [on for each in ends if each and (on := day_of(each))]
        last[who] = None if open_ else max((min(on, period.lock) for on in days), default=None)
    lengths = {
        who: (end - begin).days + 1
        for who, on in first.items()
        if (begin := day_of(on) if on else None) and (end := last[who]) and end >= begin
    }
    inside = {who for who, row in people.items() if row.state in ENTERED}
    arms = dict.fromkeys([*shown, *(arm_of[who] for who in people if who in inside or who in first)])
    return Exposure(
        arms=tuple(
            _arm(
                arm,
                entered=sum(arm_of[who] == arm for who in inside),
                first=[on for who, on in first.items() if arm_of[who] == arm],
                lengths=[days for who, days in lengths.items() if arm_of[who] == arm],
                since=period.begins,
            )
            for arm in arms
        ),
        ages=tuple(
            Aged(band, sex, count)
            for (band, sex), count in sorted(
                Counter((_band(people[who]), people[who].sex) for who in first).items(),
                key=lambda each: (each[0][0] is None, each[0][0] or 0, each[0][1] or "~"),
            )
        ),
        races=dict(sorted(Counter(race_of(known.get(who)) for who in first).items())),
        doses=_dosed(taken) if named else None,
    )


def _arm(
    arm: str, *, entered: int, first: list[PartialDate | None], lengths: list[int], since: date | None
) -> ExposedArm:
    return ExposedArm(
        arm=arm,
        entered=entered,
        exposed=counted(first, since),
        days=sum(lengths),
        shortest=min(lengths, default=None),
        longest=max(lengths, default=None),
        unknown=len(first) - len(lengths),
    )


def _band(row: ParticipantRow) -> int | None:
    if row.age is None or (row.age_unit or "YEARS").upper() != "YEARS":
        return None
    age = row.age
    return next((at for at, (low, high) in enumerate(AGE_BANDS) if low <= age and (high is None or age <= high)), None)


def _dosed(taken: Mapping[Id, Sequence[DoseRow]]) -> tuple[Dosed, ...]:
    who: dict[tuple[str, Decimal | None, str | None, str | None], set[Id]] = {}
    for own in taken.values():
        for each in own:
            who.setdefault((each.treatment or "", each.dose, each.dose_unit, each.frequency), set()).add(
                each.participant
            )
    found = [Dosed(*key, len(people)) for key, people in who.items()]
    return tuple(
        sorted(found, key=lambda each: (each.treatment, each.dose or 0, each.unit or "", each.frequency or ""))
    )


def _tabulated(events: Iterable[TabulatedRow], arm_of: Mapping[Id, str], since: date | None) -> tuple[Tabulated, ...]:
    terms: dict[tuple[str, str], list[TabulatedRow]] = {}
    for row in events:
        terms.setdefault((row.system_organ_class or "", row.preferred_term or row.term), []).append(row)
    found = []
    for (system, term), rows in terms.items():
        serious = [row for row in rows if row.serious]
        of_period = {row.participant for row in rows if within(row.told_on, since)}
        by_arm = Counter(arm_of[row.participant] for row in serious)
        found.append(
            Tabulated(
                system=system or None,
                term=term,
                events=counted((row.told_on for row in rows), since),
                participants=Count(len({row.participant for row in rows}), None if since is None else len(of_period)),
                serious=counted((row.told_on for row in serious), since),
                serious_by_arm=dict(sorted(by_arm.items())),
            )
        )
    return tuple(sorted(found, key=lambda each: (each.system or "~", -each.participants.all, each.term)))


def _deaths(
    people: Mapping[Id, ParticipantRow],
    known: Mapping[Id, TreatedRow],
    events: Iterable[TabulatedRow],
    since: date | None,
    limit: date | None,
    *,
    arms: Mapping[Id, str],
) -> tuple[Death, ...]:
    fatal: dict[Id, list[TabulatedRow]] = {}
    for row in events:
        if row.killed:
            fatal.setdefault(row.participant, []).append(row)
    found = []
    for who, person in people.items():
        said = known.get(who)
        died = bool(said and (said.died or said.died_on) and happened_by(said.died_on, limit))
        ended = person.ending == "DEATH"
        if not (died or ended or who in fatal):
            continue
        own = fatal.get(who, [])
        on = (said.died_on if said else None) or (person.ended_on if ended else None)
        if not happened_by(on, limit if on else None):
            continue
        judged = [each.related for each in own]
        found.append(
            Death(
                person.identifier,
                arms.get(who),
                on,
                tuple(each.term for each in own),
                next((each for each in ("yes", "unknown", "no") if each in judged), None),
                new=within(on or next((each.told_on for each in own if each.told_on), None), since),
            )
        )
    return tuple(sorted(found, key=lambda each: each.participant))


def _left(
    people: Mapping[Id, ParticipantRow],
    events: Iterable[TabulatedRow],
    arms: Mapping[Id, str],
    since: date | None,
) -> tuple[Left, ...]:
    stopped: dict[Id, list[TabulatedRow]] = {}
    for row in events:
        if row.stopped:
            stopped.setdefault(row.participant, []).append(row)
    found = []
    for who, person in people.items():
        left = person.ending == "ADVERSE EVENT"
        own = stopped.get(who, [])
        if left or own:
            on = person.ended_on if left else None
            found.append(
                Left(
                    person.identifier,
                    arms.get(who),
                    left,
                    on,
                    tuple(each.term for each in own),
                    new=within(on, since) or any(within(each.told_on, since) for each in own),
                )
            )
    return tuple(sorted(found, key=lambda each: each.participant))


def _late(recorded: Iterable[TabulatedRow], everybody: Mapping[Id, str], limit: date) -> tuple[Late, ...]:
    found = [
        Late(everybody[row.participant], row.term, row.started_on, row.killed, row.related)
        for row in recorded
        if row.serious and row.participant in everybody and not counts_by(row.told_on, limit)
    ]
    return tuple(sorted(found, key=lambda each: (each.started_on or "~", each.participant, each.term)))
