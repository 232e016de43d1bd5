"""Small payment cases for tests: terms as YAML, facts as short calls, and what is asked of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from trialdesk.payments.rules.answer import answer
from trialdesk.payments.rules.assess import Assessment, assess
from trialdesk.payments.rules.case import Case, read_case

HEAD = """\
case: C
currency: CNY
tax: {code: VAT6, rate: "0.06", mode: on_top, rounding: half_up, scope: document}
"""
DEFAULTS = '{overhead: {rate: "0.10", mode: on_top}, holdback: {rate: "0.10", on: [visit]}}'


def version(
    rules: str = "[]",
    *,
    no: int = 1,
    since: str = "2026-01-01",
    recorded: str = "2025-12-20T09:00:00Z",
    defaults: str = DEFAULTS,
    more: str = "",
) -> str:
    """Return one version of terms as an item of `terms`."""
    lines = [f"- no: {no}", f"  effective_from: {since}", f"  recorded_at: {recorded}", f"  defaults: {defaults}"]
    lines += [f"  {line}" for line in more.splitlines()]
    return "\n".join([*lines, f"  rules: {rules}"])


def fact(kind: str, on: str, subject: str | None = None, *, recorded: str | None = None, **more: Any) -> dict[str, Any]:
    """Return a fact, recorded in the evening of its day unless said otherwise. Its id is made of what it says."""
    name = "-".join(map(str, filter(None, (kind, subject, more.get("visit"), more.get("query"), on))))
    at = recorded or f"{on}T18:00:00Z"
    about = {"subject": subject} if subject else {}
    return {"id": name, "kind": kind, **about, "occurred_on": on, "recorded_at": at, **more}


def written(terms: str | Sequence[str], facts: Sequence[dict[str, Any]] = (), more: str = "", head: str = HEAD) -> str:
    """Return the text of a case; a JSON mapping is YAML too."""
    versions = terms if isinstance(terms, str) else "\n".join(terms)
    lines = "\n".join(f"- {json.dumps(each)}" for each in facts)
    return f"{head}terms:\n{versions}\nfacts:\n{lines}\n{more}\n"


def case(terms: str | Sequence[str], facts: Sequence[dict[str, Any]] = (), more: str = "", head: str = HEAD) -> Case:
    return read_case(written(terms, facts, more, head), "case.yaml")


def end_of(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(23, 59, 59), UTC)


def assessed(given: Case, as_of: str, known: str | None = None) -> Assessment:
    return assess(given, date.fromisoformat(as_of), end_of(known or as_of))


def answered(given: Case, as_of: str, known: str | None = None) -> dict[str, Any]:
    return answer(assessed(given, as_of, known), ledger=True)


def the_line(said: dict[str, Any], rule: str, unit: str | None = None) -> dict[str, Any]:
    """Return the one line of a rule, or of a unit of it."""
    (line,) = [each for each in said["lines"] if each["rule"] == rule and unit in {None, each["unit"]}]
    found: dict[str, Any] = line
    return found
