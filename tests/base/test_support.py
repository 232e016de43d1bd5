"""What support is sent: places in the program, never a value."""

from __future__ import annotations

import pytest

from trialdesk.base.errors import UserError
from trialdesk.base.fields import Field
from trialdesk.base.support import support_text
from trialdesk.persistence.types import to_event


def failure() -> RuntimeError:
    try:
        try:
            to_event(Field("text", "Name"), "Eliza\x00Quill")
        except UserError as error:
            raise RuntimeError("Eliza Quill") from error
    except RuntimeError as error:
        return error
    raise AssertionError


def test_places_and_kinds_are_told_and_values_are_not():
    text = support_text(failure())
    assert "builtins.RuntimeError" in text
    assert "trialdesk.base.errors.UserError" in text
    assert "  trialdesk/persistence/types.py:" in text
    assert "Eliza" not in text
    assert __file__ not in text


def suppressing() -> None:
    try:
        int("x")
    except ValueError:
        raise KeyError("y") from None


def test_what_was_suppressed_is_left_out():
    with pytest.raises(KeyError) as caught:
        suppressing()
    assert "ValueError" not in support_text(caught.value)
