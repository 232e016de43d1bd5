"""What is to be said of a text of terms while it is written: each with its line, its weight and what to do."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from typing import Literal

from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.base.written import written_day
from trialdesk.contracts.queries import terms_versions
from trialdesk.payments.cases import visits_called
from trialdesk.payments.rules.case import Unreadable, read_case
from trialdesk.payments.terms import ANY_TIME, bodies, reads_terms
from trialdesk.persistence.reading import Read

Weight = Literal["unreadable", "error", "warning", "advice"]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something said of a text. `line` counts from 1; `code` names the bright line, empty where it cannot be read.

    What is unreadable and an error forbid activation; a warning wants a named approver and a reason. Advice wants
    nothing: terms may be agreed before the schedule is.
    """

    id: str
    weight: Weight
    code: str
    line: int
    words: str
    remedy: str


def notices_in(
    read: Read, *, study: Id, text: str, contract: Id | None = None, version: Id | None = None
) -> tuple[Notice, ...]:
    """Return everything to be said of a text of terms in a study, whose visits it may name. Five statements.

    With its `contract`, also that it would count before the contract's first terms; `version` is what is written on.
    """
    said = notices(text, visits=visits_called(read, study=study))
    early = list(_too_early(text, _first(read, contract, version))) if contract else []
    return tuple(replace(each, id=f"{place}") for place, each in enumerate([*early, *said])) if early else said


def _first(read: Read, contract: Id, version: Id | None) -> date | None:
    """Return the day from which a contract's terms counted first, without one version; None where none counts."""
    rows = terms_versions(read, contract=contract)
    return min((row.effective_from for row in rows if row.activated_on and row.id != version), default=None)


def _too_early(text: str, first: date | None) -> Iterator[Notice]:
    if first is None or (found := reads_terms(text, file="")).unreadable:
        return
    for _number, effective_from, _late, _text in found.versions:
        if effective_from < first:
            line = next((n for n, words in enumerate(text.splitlines(), 1) if "effective_from" in words), 1)
            yield Notice(
                "",
                "error",
                "",
                line,
                _("These terms are effective before the contract's first, which count from {day}.").format(
                    day=written_day(first)
                ),
                _("Give `effective_from` that day or a later one."),
            )
            return


def notices(text: str, *, visits: Collection[str] = ()) -> tuple[Notice, ...]:
    """Return everything to be said of a text of terms, what weighs most first, then by line. Raises nothing.

    `visits` are the names of the visits in the study's schedule; while there are none, none is unknown.
    """
    if not text.strip():
        return (Notice("empty", "unreadable", "", 1, _("Nothing is written yet."), _("Start from a template.")),)
    found = reads_terms(text, file="")
    said: list[Notice] = [
        Notice("", "unreadable", "", each.row or 1, f"{each.path}: {each.words}" if each.path else each.words, "")
        for each in found.unreadable
    ]
    for weight, crossed in (("error", found.errors), ("warning", found.warnings)):
        said += [
            Notice("", weight, each.code, each.row or 1, each.words, each.remedy)  # type: ignore[arg-type]  # of the two
            for each in crossed
        ]
    if visits and not found.unreadable:
        said += unknown_visits(text, visits)
    return tuple(
        Notice(f"{place}", each.weight, each.code, each.line, each.words, each.remedy)
        for place, each in enumerate(said)
    )


def unknown_visits(text: str, visits: Collection[str]) -> Iterator[Notice]:
    """Give the rules that pay for a visit the schedule does not have: they would never pay.

    Without `visits` there is no schedule yet, and none is unknown. What cannot be read is passed over.
    """
    if not visits:
        return
    for document in bodies(text):
        try:
            case = read_case(document.placed, "", recorded_at=ANY_TIME)
        except Unreadable:
            # Each document by itself is judged elsewhere.
            continue
        for rule in (rule for version in case.terms for rule in version.rules):
            named = rule.trigger.equal.get("visit") if rule.trigger is not None else None
            if named is None or str(named) in visits:
                continue
            near = get_close_matches(str(named), sorted(visits), n=3, cutoff=0.4)
            yield Notice(
                "",
                "advice",
                "",
                rule.where.line or 1,
                _("{rule} pays for the visit {visit}, which the study's schedule does not have.").format(
                    rule=rule.code, visit=named
                ),
                _("Nearest in the schedule: {names}.").format(names=", ".join(near))
                if near
                else _("Name a visit of the schedule, or plan this one."),
            )
