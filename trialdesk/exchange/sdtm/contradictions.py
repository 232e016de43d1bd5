"""What in the data disagrees with itself. Nothing is corrected: both sides stay as they are, and a problem names them.

Dates are compared as far as both are known: a partial date contradicts only what it excludes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import field
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from trialdesk.base.dates import day_of, study_day
from trialdesk.base.i18n import N_
from trialdesk.base.values import dataclass
from trialdesk.exchange.dates import surely_after, surely_differ
from trialdesk.exchange.findings import Findings
from trialdesk.exchange.rows import Row
from trialdesk.exchange.sdtm.datasets import Dataset, Source
from trialdesk.exchange.sdtm.events import DISPOSITION_KIND, EVENT_KIND, EXPOSURE_KIND, VISIT_KIND
from trialdesk.exchange.sdtm.subjects import People

_CRITERIA = {
    "fatal": "AESDTH",
    "congenital": "AESCONG",
    "disabling": "AESDISAB",
    "hospitalised": "AESHOSP",
    "life_threatening": "AESLIFE",
    "other_important": "AESMIE",
}
_OLDEST = 120


@dataclass
class Person:
    """A participant with all rows that point to them."""

    row: Row
    treatment: Row | None = None
    failed: bool = False
    dispositions: list[Row] = field(default_factory=list)
    visits: list[Row] = field(default_factory=list)
    exposures: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)

    def date(self, name: str) -> str | None:
        """Return one of the participant's own dates."""
        return _date(self.row, name)

    @property
    def arms(self) -> tuple[str | None, str | None]:
        """Return the codes of the planned and the actual arm."""
        links = self.treatment.links if self.treatment else {}
        planned, actual = links.get("planned_arm"), links.get("actual_arm")
        return planned[1][0] if planned else None, actual[1][0] if actual else None

    @property
    def exposed(self) -> bool:
        """Say whether anything shows that treatment was given."""
        return self.date("first_exposure") is not None or bool(self.exposures)


class Finding(NamedTuple):
    """A contradiction: the row where it shows, the variable, the untranslated sentence and what fills it."""

    row: Row
    variable: str
    sentence: str
    values: dict[str, object]


def look(source: Source, found: People, rows: Iterable[Row], findings: Findings) -> None:
    """List the contradictions of every participant. What a dataset that was not given might say is not missed."""
    exposure_given = bool(source.of("EX")) or any(dataset.has("RFXSTDTC") for dataset in source.of("DM"))
    ending_given = bool(source.of("DS") or source.of("AE"))
    files = {dataset.file: dataset for datasets in source.datasets.values() for dataset in datasets}
    persons = {key: Person(row, found.treatments.get(key), key in found.failed) for key, row in found.rows.items()}
    lists: dict[str, Callable[[Person], list[Row]]] = {
        DISPOSITION_KIND: lambda person: person.dispositions,
        VISIT_KIND: lambda person: person.visits,
        EXPOSURE_KIND: lambda person: person.exposures,
        EVENT_KIND: lambda person: person.events,
    }
    for row in rows:
        if row.kind in lists:
            lists[row.kind](persons[row.links["participant"][1][0]]).append(row)
    checks = (
        _person,
        _periods,
        _arms,
        *((_exposure,) if exposure_given else ()),
        *((_deaths,) if ending_given else ()),
        _after_death,
        _ends,
        _visits,
        _seriousness,
    )
    for check in checks:
        for person in persons.values():
            for row, name, sentence, values in check(person):
                dataset = files[row.source[0]]
                column = dataset.heading(name) if dataset.has(name) else name
                findings.add(dataset.file, sentence, row.source[1], column, who=person.row.key[0], **values)


def study_days(source: Source, found: People, findings: Findings) -> None:
    """List study days that are not those of their dates, counted from the reference start (SDTM 4.4.4)."""
    references = {
        key: day for key, row in found.rows.items() if (day := _day(_date(row, "reference_start"))) is not None
    }
    for domain in ("DM", "DS", "SV", "EX", "AE"):
        for dataset in source.of(domain):
            for prefix in (f"{domain}ST", f"{domain}EN", domain):
                _days_of(dataset, f"{prefix}DTC", f"{prefix}DY", references, findings)


def _days_of(dataset: Dataset, dated: str, numbered: str, references: dict[str, date], findings: Findings) -> None:
    if not (dataset.has(dated) and dataset.has(numbered) and dataset.has("USUBJID")):
        return
    # The cells themselves are told about where they are brought in; here they are only compared.
    quiet = Dataset(dataset.domain, dataset.sheet, Findings())
    read_date, read_day = quiet.reader(dated, "partial"), quiet.reader(numbered, "whole")
    dataset.used.add(numbered)
    for line in dataset.sheet.rows:
        reference = references.get(dataset.text(line, "USUBJID"))
        stated, text = read_day(line), read_date(line)
        if reference is None or stated is None or text is None or (on := _day(str(text))) is None:
            continue
        if (counted := study_day(on, reference)) != stated:
            findings.add(
                dataset.file,
                N_("Study day {stated} is not that of {date}, which is day {counted} from {reference}."),
                line.number,
                dataset.heading(numbered),
                stated=stated,
                date=text,
                counted=counted,
                reference=reference.isoformat(),
            )


def _person(person: Person) -> Iterator[Finding]:
    age = person.row.values.get("age")
    if isinstance(age, int) and (age < 0 or (age > _OLDEST and person.row.values.get("age_unit", "YEARS") == "YEARS")):
        yield Finding(person.row, "AGE", N_("{who}: an age of {age} is hardly possible."), {"age": age})
    if "sex" not in person.row.values:
        yield Finding(person.row, "SEX", N_("{who}: no sex is recorded."), {})
    if "age" not in person.row.values:
        yield Finding(person.row, "AGE", N_("{who}: no age is recorded."), {})


def _periods(person: Person) -> Iterator[Finding]:
    sentence = N_("{who}: ends {end}, before it starts {start}.")
    own = (("reference_start", "reference_end", "RFENDTC"), ("first_exposure", "last_exposure", "RFXENDTC"))
    for begins, ends, column in own:
        start, end = person.date(begins), person.date(ends)
        if start and end and surely_after(start, end):
            yield Finding(person.row, column, sentence, {"start": start, "end": end})
    for rows, column in ((person.visits, "SVENDTC"), (person.exposures, "EXENDTC"), (person.events, "AEENDTC")):
        for row in rows:
            start, end = _date(row, "started_on"), _date(row, "ended_on")
            if start and end and surely_after(start, end):
                yield Finding(row, column, sentence, {"start": start, "end": end})


def _arms(person: Person) -> Iterator[Finding]:
    planned, actual = person.arms
    if planned and actual and planned != actual:
        sentence = N_("{who}: the planned arm {planned} is not the actual arm {actual}.")
        yield Finding(person.row, "ACTARMCD", sentence, {"planned": planned, "actual": actual})
    if planned and any(_says(row, "SCREEN FAILURE") for row in person.dispositions):
        sentence = N_("{who}: has the planned arm {planned}, but DS says screen failure.")
        yield Finding(person.row, "ARMCD", sentence, {"planned": planned})


def _exposure(person: Person) -> Iterator[Finding]:
    planned, actual = person.arms
    if planned and not person.exposed:
        sentence = N_("{who}: has the planned arm {planned}, but no exposure.")
        yield Finding(person.row, "RFXSTDTC", sentence, {"planned": planned})
    if person.exposed and not (planned or actual):
        row = person.exposures[0] if person.exposures else person.row
        yield Finding(row, "USUBJID", N_("{who}: was exposed, but has no arm."), {})
    first = person.date("first_exposure")
    dates = [day for row in person.exposures if (day := _date(row, "started_on"))]
    if first and dates and surely_differ(first, min(dates)):
        sentence = N_("{who}: first exposure is {stated} in DM and {found} in EX.")
        yield Finding(person.row, "RFXSTDTC", sentence, {"stated": first, "found": min(dates)})
    reference, start = person.date("reference_start"), first or min(dates, default=None)
    if reference and start and surely_differ(reference[:10], start[:10]):
        sentence = N_("{who}: the reference start {reference} is not the first exposure {start}.")
        yield Finding(person.row, "RFSTDTC", sentence, {"reference": reference, "start": start})


def _deaths(person: Person) -> Iterator[Finding]:
    died = person.row.values.get("died") is True or person.date("died_on") is not None
    endings = [row for row in person.dispositions if _says(row, "DEATH")]
    fatal = [row for row in person.events if row.values.get("fatal") is True]
    if died and not endings and not fatal:
        yield Finding(person.row, "DTHFL", N_("{who}: died according to DM, but neither DS nor AE says so."), {})
    if not died:
        for row, column in [*((row, "DSDECOD") for row in endings), *((row, "AEOUT") for row in fatal)]:
            yield Finding(row, column, N_("{who}: died according to this row, but not according to DM."), {})


def _after_death(person: Person) -> Iterator[Finding]:
    on = person.date("died_on")
    if on and person.row.values.get("died") is False:
        yield Finding(person.row, "DTHDTC", N_("{who}: has a date of death, but is marked as not dead."), {})
    for rows, name, column in (
        (person.visits, "started_on", "SVSTDTC"),
        (person.exposures, "started_on", "EXSTDTC"),
        (person.events, "started_on", "AESTDTC"),
        (person.dispositions, "occurred_on", "DSSTDTC"),
    ):
        for row in rows:
            day = _date(row, name)
            if on and day and row.values.get("happened", True) and surely_after(day, on):
                sentence = N_("{who}: {date} is after the death on {death}.")
                yield Finding(row, column, sentence, {"date": day, "death": on})


def _ends(person: Person) -> Iterator[Finding]:
    last = person.date("participation_end")
    final = [row for row in person.dispositions if row.values.get("category") == "event"]
    for row in final:
        day = _date(row, "occurred_on")
        if last and day and surely_after(day, last):
            sentence = N_("{who}: the disposition of {date} is after the last contact {last}.")
            yield Finding(row, "DSSTDTC", sentence, {"date": day, "last": last})
    completed = [row for row in final if _says(row, "COMPLETED")]
    others = [row for row in final if not _says(row, "COMPLETED")]
    for one in completed:
        for other in others:
            # Completing treatment and later leaving follow-up is no contradiction: each epoch has its own ending.
            if one.values.get("epoch") == other.values.get("epoch"):
                sentence = N_("{who}: completed here, but row {other} says {reason}.")
                values = {"other": other.source[1], "reason": other.values.get("reason", other.values.get("term", "–"))}
                yield Finding(one, "DSDECOD", sentence, values)


def _visits(person: Person) -> Iterator[Finding]:
    screened = person.date("screened_on")
    for row in person.visits:
        day = _date(row, "started_on")
        if row.values["happened"] and day is None:
            yield Finding(row, "SVSTDTC", N_("{who}: the visit has no date."), {})
        if not row.values["happened"] and day is not None:
            sentence = N_("{who}: the visit did not happen, but has the date {date}.")
            yield Finding(row, "SVSTDTC", sentence, {"date": day})
        if screened and day and surely_after(screened, day):
            sentence = N_("{who}: the visit on {date} is before screening on {screened}.")
            yield Finding(row, "SVSTDTC", sentence, {"date": day, "screened": screened})


def _seriousness(person: Person) -> Iterator[Finding]:
    for row in person.events:
        values = row.values
        met = [variable for name, variable in _CRITERIA.items() if values.get(name) is True]
        if values.get("fatal") is True and values.get("serious") is not True:
            yield Finding(row, "AESER", N_("{who}: the event was fatal, but is not marked serious."), {})
        others = [variable for variable in met if variable != "AESDTH"]
        if others and values.get("serious") is not True:
            sentence = N_("{who}: criteria of seriousness are met ({criteria}), but the event is not marked serious.")
            yield Finding(row, "AESER", sentence, {"criteria": ", ".join(others)})
        if values.get("serious") is True and not met and any(name in values for name in _CRITERIA):
            yield Finding(row, "AESER", N_("{who}: the event is marked serious, but no criterion is."), {})


def _says(row: Row, reason: str) -> bool:
    return str(row.values.get("reason", row.values.get("term", ""))).upper() == reason


def _date(row: Row, name: str) -> str | None:
    value = row.values.get(name)
    return value if isinstance(value, str) else None


@lru_cache(maxsize=65536)  # dates repeat
def _day(text: str | None) -> date | None:
    return day_of(text) if text is not None else None
