"""Canonical bytes equal RFC 8785 for every value an event may hold, and refuse the rest."""

from __future__ import annotations

import json
from typing import Any

import hypothesis.strategies as st
import pytest
import rfc8785
from hypothesis import given

from trialdesk.base.canonical import LARGEST, canonical, check, digest

TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
KEYS = st.text(st.characters(max_codepoint=126, min_codepoint=32), max_size=12)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-LARGEST, LARGEST), TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=12,
)


@given(VALUES)
def test_the_bytes_are_those_of_rfc_8785(value: Any):
    check(value)
    assert canonical(value) == rfc8785.dumps(value)
    assert json.loads(canonical(value)) == value


@pytest.mark.parametrize(
    "value",
    [
        "a\0b",
        "\ud800",
        "x\udfffy",
        1.5,
        float("nan"),
        LARGEST + 1,
        -LARGEST - 1,
        {"é": 1},
        {"a": [1, {"b": 2.0}]},
        b"bytes",
        {1, 2},
    ],
)
def test_what_databases_and_encoders_would_refuse_later_is_refused_at_entry(value: Any):
    with pytest.raises(ValueError):
        check(value)


def test_the_digest_is_sha256():
    assert digest(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
