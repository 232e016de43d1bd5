"""What support is sent: places in the program, never a value."""

from __future__ import annotations

from trialdesk.base.fields import Field
from trialdesk.base.support import support_text
from trialdesk.persistence.types import to_event


def test_places_and_kinds_are_told_and_values_are_not():
    try:
        try:
            to_event(Field("text", "Name"), "Eliza\x00Quill")
        except Exception as error:
            raise RuntimeError("Eliza Quill") from error
    except RuntimeError as error:
        text = support_text(error)
    assert "builtins.RuntimeError" in text
    assert "trialdesk.base.errors.UserError" in text
    assert "  trialdesk/persistence/types.py:" in text
    assert "Eliza" not in text
    assert __file__ not in text


def test_what_was_suppressed_is_left_out():
    try:
        try:
            int("x")
        except ValueError:
            raise KeyError("y") from None
    except KeyError as error:
        assert "ValueError" not in support_text(error)
