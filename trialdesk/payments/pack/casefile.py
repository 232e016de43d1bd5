"""Terms and facts of a desk written as the case file that `payments assess` takes: readable, one fact a line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from trialdesk.base.clock import instant_text
from trialdesk.base.money import plain_money
from trialdesk.payments.rules.case import Case
from trialdesk.payments.rules.facts import Fact
from trialdesk.payments.terms import merged_text

_UNPRINTED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff]")
"""What JSON lets stand between quotes and YAML does not, or reads as the end of a line."""


def case_text(case: Case, versions: Sequence[tuple[str, datetime]]) -> str:
    """Return a desk's case as text, with the texts of its versions and when each came to count."""
    parts = [merged_text(case.name, versions)]
    parts += _list("facts", [_fact(fact, case.exponent) for fact in case.facts])
    if case.certified is not None:
        parts += _list("certified", [{"on": each.on.isoformat(), "lines": each.lines} for each in case.certified])
    parts += _list(
        "invoiced", [{"no": each.no, "on": each.on.isoformat(), "lines": each.lines} for each in case.invoiced]
    )
    parts += _list("credited", [{"no": each.no, "of": each.of, "on": each.on.isoformat()} for each in case.credited])
    return "".join(parts)


def _list(name: str, items: Iterable[dict[str, Any]]) -> list[str]:
    lines = [f"- {_json(each)}\n" for each in items]
    return [f"{name}:\n", *lines] if lines else [f"{name}: []\n"]


def _fact(fact: Fact, exponent: int) -> dict[str, Any]:
    own = {
        "id": fact.id,
        "kind": fact.kind,
        "subject": fact.subject,
        "visit": fact.visit,
        "occurred_on": fact.occurred_on.isoformat(),
        "recorded_at": instant_text(fact.recorded_at),
        "supersedes": fact.supersedes,
    }
    more = {key: plain_money(value, exponent) if key == "cost" else value for key, value in fact.more.items()}
    return {key: _plain(value) for key, value in {**own, **more}.items() if value is not None}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _json(value: Any) -> str:
    written = json.dumps(value, ensure_ascii=False)
    return _UNPRINTED.sub(lambda found: f"\\u{ord(found[0]):04x}", written)
