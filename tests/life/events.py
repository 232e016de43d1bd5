"""What happens on the way: adverse events, deviations, queries."""

from __future__ import annotations

from collections.abc import Iterator

from tests.life.playing import Step
from tests.life.words import (
    CO,
    DATA,
    mended,
)


def safety() -> Iterator[Step]:
    """Give adverse events, deviations, queries and signed visits."""
    yield Step(
        act="safety:adverse_event:record",
        who=CO,
        at="2026-03-09T08:00",
        given={"participant": "01-001", "term": "Headache", "grade": "3", "hospitalised": "yes", "related": "unknown",
               "started_on": "2026-03-08", "aware_at": "2026-03-09T07:00:00Z"},
        broken={"grade": "7"},
        keep="adverse_event",
    )  # fmt: skip
    yield from mended(
        "safety:adverse_event:record",
        "adverse_event",
        corrected={"outcome": "Recovered"},
        again={"participant": "01-001", "term": "Headache twice", "grade": "1", "started_on": "2026-03-08"},
    )
    yield Step(
        act="safety:adverse_event:report",
        who=CO,
        given={"adverse_event": "{adverse_event}", "reported_at": "2026-03-09T07:30:00Z", "reported_to": "Sponsor"},
        broken={"reported_at": "2026-03-09T06:00:00Z"},
    )
    yield Step(
        act="safety:adverse_event:sign",
        given={"adverse_event": "{adverse_event}"},
        broken={"adverse_event": "{adverse_event_spare}"},
        denied=CO,
    )
    yield Step(
        act="safety:expedited_report:add",
        who=CO,
        given={"adverse_event": "{adverse_event}", "recipient": "committee", "submitted_on": "2026-03-09"},
        broken={"submitted_on": "2031-01-01"},
        keep="expedited_report",
    )
    yield from mended(
        "safety:expedited_report:add",
        "expedited_report",
        corrected={"reference": "HEC-SAE-1"},
        again={"adverse_event": "{adverse_event}", "recipient": "other", "submitted_on": "2026-03-09"},
    )
    yield Step(
        act="safety:deviation:record",
        who=CO,
        given={"participant": "01-001", "category": "procedure", "occurred_on": "2026-03-06", "found_on": "2026-03-09",
               "description": "Questionnaire after breakfast"},
        broken={"found_on": "2026-03-01"},
        keep="deviation",
    )  # fmt: skip
    yield from mended(
        "safety:deviation:record",
        "deviation",
        corrected={"description": "Questionnaire filled in after breakfast"},
        again={"site": "01", "category": "other", "occurred_on": "2026-03-06", "description": "Twice"},
    )
    yield Step(
        act="safety:deviation:assess",
        given={"deviation": "{deviation}", "important": "no", "impact": "None"},
        broken={"deviation": "{deviation_spare}"},
        denied=CO,
    )
    yield Step(
        act="safety:deviation:report",
        who=CO,
        given={"deviation": "{deviation}", "reported_on": "2026-03-09"},
        broken={"reported_on": "2031-01-01"},
    )
    yield Step(
        act="safety:query:raise",
        who=DATA,
        given={"participant": "01-001", "visit": "{visit}", "text": "Which questionnaire?"},
        broken={"text": ""},
        keep="query",
    )
    yield from mended(
        "safety:query:raise",
        "query",
        corrected={"text": "Which questionnaire was it?"},
        again={"participant": "01-001", "text": "Twice?"},
        who=DATA,
    )
    yield Step(
        act="safety:query:answer",
        who=CO,
        given={"query": "{query}", "answer": "The long one"},
        broken={"query": "{query_spare}"},
    )
    yield Step(act="safety:query:close", who=DATA, given={"query": "{query}"}, broken={"query": "{query_spare}"})
    yield Step(
        act="safety:query:reopen",
        who=DATA,
        given={"query": "{query}"},
        broken={"query": "{query_spare}"},
        reason="The answer names another form",
    )
    yield Step(act="safety:query:answer", who=CO, given={"query": "{query}", "answer": "The long form"}, plain=True)
    yield Step(act="safety:query:close", who=DATA, given={"query": "{query}"}, plain=True)
    yield Step(act="safety:crf:sign", given={"visit": "{visit}"}, broken={"visit": "{visit_spare}"}, denied=CO)
