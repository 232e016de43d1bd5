"""Facts have one JSON form and one digest."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum

import pytest

from trialdesk.reporting.report import facts_digest, facts_json


class Arm(Enum):
    ACTIVE = "active"


@dataclass(frozen=True)
class Visit:
    on: date
    dose: Decimal


@dataclass(frozen=True)
class Facts:
    study: str
    visits: tuple[Visit, ...]
    seen: datetime
    at: time
    codes: frozenset[str]
    arm: Arm
    by_site: dict[str, int]
    open: bool
    missing: None = None


FACTS = Facts(
    "MEMORY-2",
    (Visit(date(2026, 3, 4), Decimal("2.50")),),
    datetime(2026, 3, 4, 12, tzinfo=UTC),
    time(8, 30),
    frozenset("cab"),
    Arm.ACTIVE,
    {"02": 1, "01": 2},
    open=True,
)


def test_facts_become_plain_json():
    plain = facts_json(FACTS)
    assert json.loads(json.dumps(plain)) == plain
    assert plain == {
        "study": "MEMORY-2",
        "visits": [{"on": "2026-03-04", "dose": "2.50"}],
        "seen": "2026-03-04T12:00:00+00:00",
        "at": "08:30:00",
        "codes": ["a", "b", "c"],
        "arm": "active",
        "by_site": {"02": 1, "01": 2},
        "open": True,
        "missing": None,
    }


def test_the_digest_does_not_hang_on_the_order_of_keys():
    assert facts_digest({"a": 1, "b": 2}) == facts_digest({"b": 2, "a": 1})
    assert facts_digest({"a": 1}) != facts_digest({"a": 2})
    assert facts_digest({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


@pytest.mark.parametrize("fact", [1.5, object(), {1: "a"}, b"bytes"])
def test_what_has_no_one_form_is_refused(fact: object):
    with pytest.raises(TypeError):
        facts_digest({"fact": fact})
