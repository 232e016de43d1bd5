"""DS, SV, EX and AE → dispositions, visits, exposures and adverse events of the participants in DM."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from trialdesk.base.i18n import N_
from trialdesk.exchange.cells import flag, plain
from trialdesk.exchange.findings import Findings
from trialdesk.exchange.rows import Row
from trialdesk.exchange.sdtm.datasets import Dataset, Source
from trialdesk.exchange.sdtm.design import PLANNED
from trialdesk.exchange.sdtm.domains import (
    ADVERSE_EVENT,
    CATEGORIES,
    DISPOSITION,
    ENDINGS,
    EXPOSURE,
    MILESTONES,
    SEVERITIES,
    VISIT,
    Take,
)
from trialdesk.exchange.sdtm.keys import Keys
from trialdesk.exchange.sdtm.subjects import People, known
from trialdesk.exchange.tabular import Line

DISPOSITION_KIND = "enrollment.disposition"
VISIT_KIND = "enrollment.visit"
EXPOSURE_KIND = "enrollment.exposure"
EVENT_KIND = "safety.adverse_event"

Complete = Callable[[Dataset, Line, Row], bool]
"""Adds to a row's values and links what is more than one cell; False keeps the row out, after saying why."""


def _rows(
    datasets: Iterable[Dataset],
    *,
    kind: str,
    takes: tuple[Take, ...],
    natural: tuple[str, ...],
    found: People,
    findings: Findings,
    complete: Complete,
) -> Iterator[Row]:
    """Yield the rows of known participants. `natural` are the fields of the key: the first, else the others."""
    keys = Keys(findings)
    for dataset in datasets:
        draw = dataset.drawer(takes)
        subject = dataset.places["USUBJID"]
        for line in dataset.sheet.rows:
            participant = line.cells[subject]
            if not known(participant, dataset, line, found, findings):
                continue
            values = draw(line)
            row = Row(kind, (), values, {"participant": found.link(participant)}, (dataset.file, line.number))
            if complete(dataset, line, row):
                key = keys.take((participant, *_natural(values, natural)), dataset.file, line.number)
                yield Row(kind, key, values, row.links, row.source)


def _natural(values: dict[str, object], fields: tuple[str, ...]) -> tuple[str, ...]:
    first, *others = (values.get(name) for name in fields)
    if first is not None:
        return (plain(first) if isinstance(first, Decimal) else str(first),)
    return ("", *("" if value is None else str(value) for value in others))


def dispositions(source: Source, found: People, findings: Findings) -> Iterator[Row]:
    """Yield DS. Where DSCAT is missing, the category is told by CDISC's terms of DSDECOD if it is one of them."""

    def complete(dataset: Dataset, line: Line, row: Row) -> bool:
        text = dataset.text(line, "DSCAT").upper()
        reason = str(row.values.get("reason", "")).upper()
        if text in CATEGORIES:
            row.values["category"] = CATEGORIES[text]
        elif text:
            sentence = N_("The category {text} is not known here; it is left out.")
            findings.add(dataset.file, sentence, line.number, "DSCAT", text=text)
        elif reason in MILESTONES or reason in ENDINGS:
            row.values["category"] = "milestone" if reason in MILESTONES else "event"
            sentence = N_("DSCAT is missing; {reason} is taken as its usual category.")
            findings.add(dataset.file, sentence, line.number, reason=reason)
        return True

    natural = ("sequence", "reason", "term", "occurred_on")
    return _rows(
        source.of("DS"),
        kind=DISPOSITION_KIND,
        takes=DISPOSITION,
        natural=natural,
        found=found,
        findings=findings,
        complete=complete,
    )


def visits(source: Source, planned: Iterable[Row], found: People, findings: Findings) -> Iterator[Row]:
    """Yield SV. A visit is planned if its number is in TV or, without TV, if nothing says it was unscheduled."""
    plan = {row.key for row in planned}

    def complete(dataset: Dataset, line: Line, row: Row) -> bool:
        row.values.setdefault("happened", True)
        if dataset.text(line, "SVSTAT").upper() == "NOT DONE":
            row.values["happened"] = False
        number = row.values.get("number")
        shown = plain(number) if isinstance(number, Decimal) else ""
        arm = found.arm(row.links["participant"][1][0])
        key = next((key for key in ((shown, arm or ""), (shown,)) if key in plan), None)
        if key is not None:
            row.links["planned_visit"] = (PLANNED, key)
        prespecified = flag(dataset.text(line, "SVPRESP") or "-")
        named = str(row.values.get("name", "")).upper().startswith("UNSCHED")
        scheduled = not (named or "unscheduled_reason" in row.values)
        row.values["planned"] = key is not None if plan else scheduled if prespecified is None else prespecified
        return True

    natural = ("number", "name", "started_on")
    return _rows(
        source.of("SV"),
        kind=VISIT_KIND,
        takes=VISIT,
        natural=natural,
        found=found,
        findings=findings,
        complete=complete,
    )


def exposures(source: Source, found: People, findings: Findings) -> Iterator[Row]:
    """Yield EX. Rows that say the treatment was not given are no exposure and are listed."""

    def complete(dataset: Dataset, line: Line, _row: Row) -> bool:
        if flag(dataset.text(line, "EXOCCUR") or "-") is not False:
            return True
        findings.add(dataset.file, N_("The treatment was not given; the row is no exposure."), line.number, "EXOCCUR")
        return False

    natural = ("sequence", "treatment", "started_on")
    return _rows(
        source.of("EX"),
        kind=EXPOSURE_KIND,
        takes=EXPOSURE,
        natural=natural,
        found=found,
        findings=findings,
        complete=complete,
    )


def adverse_events(source: Source, found: People, findings: Findings) -> Iterator[Row]:
    """Yield AE. Fatal is what AESDTH or the outcome FATAL says."""

    def complete(dataset: Dataset, line: Line, row: Row) -> bool:
        values = row.values
        if "term" not in values and "preferred_term" not in values:
            findings.add(dataset.file, N_("An event without a term is not brought in."), line.number)
            return False
        values.setdefault("term", values.get("preferred_term"))
        if (severity := values.pop("severity", None)) is not None:
            if (code := SEVERITIES.get(str(severity).upper())) is not None:
                values["severity"] = code
            else:
                sentence = N_("The severity {text} is none of mild, moderate, severe; it is left out.")
                findings.add(dataset.file, sentence, line.number, dataset.heading("AESEV"), text=severity)
        outcome = str(values.get("outcome", "")).upper()
        if outcome and "fatal" in values and values["fatal"] != (outcome == "FATAL"):
            findings.add(
                dataset.file,
                N_("The outcome {outcome} disagrees with what is said of death (AESDTH)."),
                line.number,
                dataset.heading("AEOUT"),
                outcome=values["outcome"],
            )
        if outcome == "FATAL":
            values["fatal"] = True
        return True

    natural = ("sequence", "term", "started_on")
    return _rows(
        source.of("AE"),
        kind=EVENT_KIND,
        takes=ADVERSE_EVENT,
        natural=natural,
        found=found,
        findings=findings,
        complete=complete,
    )
