"""The answer as data: keys sorted, money in whole minor units, fractions as "4/7"."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from trialdesk.base.i18n import speaking
from trialdesk.payments.rules.assess import Assessment
from trialdesk.payments.rules.documents import Document
from trialdesk.payments.rules.ledger import postings
from trialdesk.payments.rules.lines import Line
from trialdesk.payments.rules.study_level import StudyLine


def answer(assessment: Assessment, *, ledger: bool = False) -> dict[str, Any]:
    """Return the assessment as JSON's values, with its postings if `ledger`. Its words are English everywhere."""
    with speaking("en"):
        said: dict[str, Any] = {
            "case": assessment.case.name,
            "as_of": assessment.as_of.isoformat(),
            "known_at": assessment.known_at.isoformat().replace("+00:00", "Z"),
            "currency": assessment.case.currency,
            "exponent": assessment.case.exponent,
            "engine": assessment.engine,
            "lines": [_line(line) for line in assessment.lines],
            "study_level": [_study_line(each) for each in assessment.study_level],
            "totals": asdict(assessment.totals),
            "document": _document(assessment.document),
            "corrections": [{"of": each.of, **_document(each)} for each in assessment.corrections],
            "errors": [{"fact": each.fact, "problem": each.problem} for each in assessment.errors],
        }
    if ledger:
        said["ledger"] = [
            {"key": list(each.key), "component": each.component, "amount": each.amount} for each in postings(assessment)
        ]
    in_order: dict[str, Any] = _sorted(said)
    return in_order


def _line(line: Line) -> dict[str, Any]:
    unit = line.unit
    return {
        "rule": unit.rule.code,
        "unit": unit.key,
        "subject": unit.subject,
        "state": line.state,
        "terms": unit.terms.no,
        "rate_date": unit.day.isoformat(),
        "base": line.base,
        "overhead": line.overhead,
        "line": line.amount,
        "hold": line.hold,
        "pay": line.pay,
        "factors": {"c": str(line.complete), "w": str(line.window), "g": str(line.grade)},
        "facts": list(line.facts),
        "why_not_more": [each.words() for each in line.why_not_more],
    }


def _study_line(row: StudyLine) -> dict[str, Any]:
    return {
        "kind": row.rule.kind,
        "rule": row.rule.code,
        "unit": row.key,
        "amount": row.amount,
        "state": row.state,
        "why_not_more": [each.words() for each in row.why_not_more],
    }


def _document(document: Document) -> dict[str, Any]:
    return {"type": document.type, "net": document.net, "tax": document.tax, "gross": document.gross}


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(each) for each in value] if isinstance(value, list) else value
