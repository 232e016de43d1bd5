"""Text that a spreadsheet would take for a formula, made harmless in CSV and taken back when it is read again.

A cell beginning with = + - @, a tab or a carriage return may be run when a CSV file is opened in a spreadsheet (OWASP,
CSV injection). An apostrophe before it makes it text; one more before apostrophes that were there already.
"""

from __future__ import annotations

import re

_RUN = re.compile(r"'*[=+\-@\t\r]")
_MADE_HARMLESS = re.compile(r"'+[=+\-@\t\r]")


def harmless(text: str) -> str:
    """Return the text as it may stand in a CSV file."""
    return f"'{text}" if _RUN.match(text) else text


def as_meant(text: str) -> str:
    """Return the text that `harmless` was given; any other text as it stands."""
    return text[1:] if _MADE_HARMLESS.match(text) else text
