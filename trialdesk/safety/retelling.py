"""Says again, in the reader's language, what the program wrote of a visit outside its window.

What was recorded stays as it was recorded; the sentence has the facts in it, whatever language it was recorded in.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from trialdesk.base.i18n import LANGUAGES, N_, _, language, speaking
from trialdesk.base.written import day_written, written_day

EARLY = N_("Visit on {kept}, before its window: planned for {planned}, {before} days before to {after} days after.")
LATE = N_("Visit on {kept}, after its window: planned for {planned}, {before} days before to {after} days after.")

_DAYS, _COUNTS = ("kept", "planned"), ("before", "after")


def told(template: str, *, kept: date, planned: date, before: int, after: int) -> str:
    """Return EARLY or LATE with its facts, in the language in force."""
    return _(template).format(kept=written_day(kept), planned=written_day(planned), before=before, after=after)


def retold(words: str) -> str:
    """Return the program's own sentence in the language in force; any other text as it stands."""
    return _retold(words, language())


@lru_cache(maxsize=2_000)
def _retold(words: str, _language: str) -> str:
    for template in (EARLY, LATE):
        for code in LANGUAGES:
            found = _pattern(template, code).fullmatch(words)
            days = [day_written(found[name]) for name in _DAYS] if found else []
            if found and days[0] and days[1]:
                counts = {name: int(found[name]) for name in _COUNTS}
                return told(template, kept=days[0], planned=days[1], **counts)
    return words


@lru_cache
def _pattern(template: str, code: str) -> re.Pattern[str]:
    with speaking(code):
        pattern = re.escape(_(template))
    for name in _DAYS:
        pattern = pattern.replace(rf"\{{{name}\}}", f"(?P<{name}>.+?)")
    for name in _COUNTS:
        pattern = pattern.replace(rf"\{{{name}\}}", f"(?P<{name}>[0-9]+)")
    return re.compile(pattern)
