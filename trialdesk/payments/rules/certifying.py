"""What a certificate holds: lines of an assessment as plain values, and which of them are new."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from trialdesk.base.canonical import canonical
from trialdesk.base.values import dataclass
from trialdesk.payments.rules.assess import Assessment
from trialdesk.payments.rules.case import LineKey
from trialdesk.payments.rules.invoicing import Due
from trialdesk.payments.rules.lines import DUE
from trialdesk.payments.rules.units import STUDY


@dataclass(frozen=True, slots=True)
class CertifiedLine:
    """A line as it is certified, in minor units. `on` is the day of its fact; an amount for the study has none."""

    rule: str
    unit: str
    subject: str | None
    on: date | None
    terms: int
    line: int
    hold: int
    pay: int
    facts: tuple[str, ...]

    @property
    def key(self) -> LineKey:
        """What invoices call it."""
        return self.rule, self.unit

    def as_data(self) -> dict[str, Any]:
        """Return it as JSON's values."""
        return {**asdict(self), "on": self.on.isoformat() if self.on else None, "facts": list(self.facts)}


def due_lines(assessment: Assessment) -> tuple[CertifiedLine, ...]:
    """Return every line of an assessment that money is due for or held on, and the amounts for the study."""
    found = [
        CertifiedLine(
            line.unit.rule.code,
            line.unit.key,
            line.unit.subject,
            line.unit.day if line.unit.fact else None,
            line.unit.terms.no,
            line.amount,
            line.hold,
            line.pay,
            line.facts,
        )
        for line in assessment.lines
        if line.state in DUE and line.amount
    ]
    shown = tuple(sorted({fact for line in assessment.lines if line.unit.subject for fact in line.facts}))
    found += [
        CertifiedLine(row.rule.code, row.key or STUDY, None, None, row.terms.no, row.amount, 0, row.amount, shown)
        for row in assessment.study_level
        if row.amount
    ]
    return tuple(found)


def to_certify(assessment: Assessment, certified: Mapping[LineKey, CertifiedLine]) -> tuple[CertifiedLine, ...]:
    """Return the lines nobody has certified, or of which more is due, or which are of another day than was certified.

    What has fallen since needs no certificate: it is credited.
    """
    found = []
    for line in due_lines(assessment):
        before = certified.get(line.key)
        if before is None or before.on != line.on or line.pay > before.pay or line.line > before.line:
            found.append(line)
    return tuple(found)


def fallen(lines: Iterable[CertifiedLine], assessment: Assessment) -> tuple[tuple[CertifiedLine, int], ...]:
    """Return the lines of which less is due by an assessment than they say, each with what is due of it now."""
    now = {line.key: line.pay for line in due_lines(assessment)}
    return tuple((line, now.get(line.key, 0)) for line in lines if now.get(line.key, 0) < line.pay)


def vouched(
    certified: Mapping[LineKey, CertifiedLine], due: Iterable[CertifiedLine], told_by: Callable[[str], object]
) -> Mapping[LineKey, CertifiedLine]:
    """Return what was certified of lines that still begin with the fact the certificate named.

    Two people vouched for that fact and no other (payments-case.md, decisions 7 and 8). A record voided and entered
    anew is another fact, even of the same day and amount: it waits for a certificate of its own. A correction of the
    record is the same fact. `told_by` answers which record tells a fact; None for one that is not known here.
    """
    now = {line.key: line for line in due}
    return {
        key: line
        for key, line in certified.items()
        if line.on is None
        or (due_now := now.get(key)) is None
        or due_now.on is None
        or not (line.facts and due_now.facts)
        or told_by(line.facts[0]) == told_by(due_now.facts[0])
    }


def due_of(line: CertifiedLine, certified: CertifiedLine | None) -> Due:
    """Return what is due of a line, and how much of it is certified: on the day it has, with what was released since.

    What was certified as held needs no second certificate when its holdback is released.
    """
    if certified is None or certified.on != line.on:
        return Due(line.key, line.on, line.terms, line.pay, 0)
    return Due(line.key, line.on, line.terms, line.pay, certified.pay + max(0, certified.hold - line.hold))


def as_text(lines: tuple[CertifiedLine, ...]) -> str:
    """Return the lines as the text a certificate keeps and is hashed over."""
    return canonical([each.as_data() for each in lines]).decode()


def lines_of(text: str) -> tuple[CertifiedLine, ...]:
    """Return the lines that `as_text` wrote."""
    return tuple(
        CertifiedLine(
            **{
                **each,
                "on": date.fromisoformat(each["on"]) if each["on"] else None,
                "facts": tuple(each["facts"]),
            }
        )
        for each in json.loads(text)
    )
