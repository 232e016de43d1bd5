"""Which papers a binder holds: what those it is for may be handed, final copies first, a draft where there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import get_args

from trialdesk.base.canonical import canonical
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.contracts.queries import contracts
from trialdesk.documents.issued import IssueRow, issues
from trialdesk.payments.queries import certificates, invoices
from trialdesk.persistence.reading import Read
from trialdesk.reporting.catalog import REPORTS
from trialdesk.reporting.report import Audience, Report, Section, Thing
from trialdesk.safety.logs import deviations, serious_events
from trialdesk.safety.rules import BEFORE_ALL, is_suspected
from trialdesk.studies.queries import protocol_versions

SECTIONS: tuple[Section, ...] = get_args(Section)

_RECORDS: frozenset[Audience] = frozenset({"site", "sponsor", "regulator", "ethics", "outside"})
HANDED: Mapping[Audience, frozenset[Audience]] = {
    "inside": _RECORDS | {"inside"},
    "site": _RECORDS,
    "regulator": _RECORDS,
    "sponsor": frozenset({"sponsor", "outside"}),
    "ethics": frozenset({"ethics", "outside"}),
    "outside": frozenset({"outside"}),
}
"""By whom a binder is for, the papers it may hold. An inspector of the authority has direct access to every record of
the trial (ICH E6(R3), glossary), but never takes the participants' names along; all others get what is addressed to
them."""
KEPT_BACK: Mapping[Audience, frozenset[Section]] = {"regulator": frozenset({"money"})}
"""What is no record of the trial's conduct, and goes to nobody who did not ask for it: who was paid what, by which
account. A binder for the site or the supporter has it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A paper to put in: its final version where there is one, else a draft with these parameters."""

    report: Report
    parameters: Mapping[str, str]
    issue: IssueRow | None = None


def wanted(read: Read, *, study: Id, audience: Audience, on: date, as_of: date | None = None) -> Iterator[Wanted]:
    """Yield a binder's papers by section, in the order of the catalogue.

    A paper that somebody writes on an occasion is in it once it is final: nobody wrote the draft of one.
    With `as_of`, a final version is the one that stood on that day, and reports that can are told as of it.
    """
    finals = _finals(read, study, as_of)
    for report in sorted(REPORTS, key=lambda each: SECTIONS.index(each.section)):
        if report.audience not in HANDED[audience] or (report.names and audience != "inside"):
            continue
        if report.section in KEPT_BACK.get(audience, ()):
            continue
        kept = finals.get(report.key, [])
        yield from (Wanted(report, {}, row) for row in kept)
        if report.occasional:
            continue
        known = {row.parameters for row in kept}
        for parameters in _parameters(read, report, study=study, on=on, as_of=as_of):
            if canonical(parameters).decode() not in known:
                yield Wanted(report, parameters)


def _finals(read: Read, study: Id, as_of: date | None) -> dict[str, list[IssueRow]]:
    """Return the newest final version of each report, parameters and language, by the day asked about."""
    found: dict[str, list[IssueRow]] = {}
    seen: set[tuple[str, str, str]] = set()
    for row in issues(read, study=study):
        same = (row.report, row.parameters, row.language)
        if same in seen or (as_of and (row.issued_on is None or row.issued_on > as_of)):
            continue
        seen.add(same)
        found.setdefault(row.report, []).append(row)
    return found


def _parameters(read: Read, report: Report, *, study: Id, on: date, as_of: date | None) -> Iterator[Mapping[str, str]]:
    """Yield the parameters a report is drafted with: once, or once for each thing it tells of one of."""
    asked = {field.name for field in report.parameters}
    day = {"as_of": as_of.isoformat()} if as_of and "as_of" in asked else {}
    name, query = EACH[report.each] if report.each else ("", None)
    values = query(read, study, on) if query else ()
    for value in values:
        yield {**day, name: value}
    if not values:
        yield day


def _events(read: Read, study: Id, on: date) -> tuple[str, ...]:
    return tuple(row.number for row in serious_events(read, study=study, on=on, now=BEFORE_ALL) if row.number)


def _reactions(read: Read, study: Id, on: date) -> tuple[str, ...]:
    rows = serious_events(read, study=study, on=on, now=BEFORE_ALL)
    return tuple(row.number for row in rows if row.number and is_suspected(row))


def _contracts(read: Read, study: Id, _on: date) -> tuple[str, ...]:
    here = contracts(read, study=study)
    return tuple(row.number for row in here) if len(here) > 1 else ()


EACH: Mapping[Thing, tuple[str, Callable[[Read, Id, date], tuple[str, ...]]]] = {
    "contract": ("contract", _contracts),
    "event": ("event", _events),
    "reaction": ("event", _reactions),
    "deviation": (
        "deviation",
        lambda read, study, on: tuple(row.number for row in deviations(read, study=study, on=on)),
    ),
    "invoice": ("number", lambda read, study, _on: tuple(row.number for row in invoices(read, study=study))),
    "certificate": ("number", lambda read, study, _on: tuple(row.number for row in certificates(read, study=study))),
    "amendment": (
        "version",
        lambda read, study, _on: tuple(row.label for row in protocol_versions(read, study=study)[1:]),
    ),
}
"""By thing, the parameter it is named by, and the values that this has for those there are."""
