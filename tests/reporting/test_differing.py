"""What differs between two sets of facts is told figure by figure, under the name of its row."""

from __future__ import annotations

from typing import Any

import pytest

from trialdesk.reporting.differing import differences


def told(then: Any, now: Any) -> list[tuple[str, Any, Any]]:
    return [("/".join(each.path), each.then, each.now) for each in differences(then, now)]


@pytest.mark.parametrize(
    ("then", "now", "found"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1, "b": {"c": 2}}, {"a": 1, "b": {"c": 3}}, [("b/c", 2, 3)]),
        ({"a": 1}, {"b": 2}, [("a", 1, None), ("b", None, 2)]),
        ([], [{"arm": "A"}], [("A", None, {"arm": "A"})]),
        ([1, 2], [1, 3, 4], [("2", 2, 3), ("3", None, 4)]),
        (
            {"arms": [{"arm": "A", "n": 1}, {"arm": "B", "n": 2}]},
            {"arms": [{"arm": "B", "n": 2}, {"arm": "A", "n": 4}]},
            [("arms/A/n", 1, 4)],
        ),
        ([{"arm": "A", "n": 1}, {"arm": "A", "n": 2}], [{"arm": "A", "n": 1}], [("2", {"arm": "A", "n": 2}, None)]),
        ({"a": {}}, {"a": []}, [("a", {}, [])]),
    ],
)
def test_differences(then: Any, now: Any, found: list[tuple[str, Any, Any]]):
    assert told(then, now) == found


def test_one_row_more_is_one_difference():
    rows = [{"identifier": f"01-{number:03}", "arm": "A"} for number in range(9)]
    assert told(rows[1:], rows) == [("01-000", None, rows[0])]
