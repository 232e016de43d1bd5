"""One language at a time, chosen for the process and, apart from it, for a report.

Strings are English in the source. A translation is the union of the `.po` files in `resources/locale/<language>`;
adding a language is adding that folder. A missing translation shows English, and a test fails for it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

from trialdesk.base.places import resources

LANGUAGES = {"en": "English", "zh": "简体中文"}
BABEL_LOCALES = {"en": "en_GB", "zh": "zh_Hans_CN"}

_process_language = "en"
_scoped: ContextVar[str | None] = ContextVar("language", default=None)


def language() -> str:
    """Return the code of the language in force here: the innermost `speaking`, else the process's."""
    return _scoped.get() or _process_language


def babel_locale() -> str:
    """Return the locale name by which babel formats dates, numbers and money here."""
    return BABEL_LOCALES[language()]


def set_language(code: str) -> None:
    """Choose the process's language. Raises KeyError for a language that is not offered."""
    global _process_language
    LANGUAGES[code]
    _process_language = code


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Within the block, translate into `code`: a report's language is chosen apart from the screen's."""
    LANGUAGES[code]
    token = _scoped.set(code)
    try:
        yield
    finally:
        _scoped.reset(token)


def _(text: str) -> str:
    """Return `text` in the language in force."""
    code = language()
    if code == "en":
        return text
    return _catalogue(code).get(text, text)


def n_(one: str, many: str, count: int) -> str:
    """Return the form of the text that fits `count`; the caller formats `{count}` into it."""
    code = language()
    if code == "en":
        return one if count == 1 else many
    # Chinese has one form; its catalogue keeps it under the plural's English text.
    return _catalogue(code).get(many, one if count == 1 else many)


def N_(text: str) -> str:  # noqa: N802 - gettext's established name for marking without translating
    """Mark `text` for translation where it is declared; it is translated by `_` where it is shown."""
    return text


@cache
def _catalogue(code: str) -> dict[str, str]:
    texts: dict[str, str] = {}
    for path in sorted((resources() / "locale" / code).glob("*.po")):
        texts.update(read_catalogue(path.read_text("utf-8")))
    return texts


def read_catalogue(text: str) -> dict[str, str]:
    """Return the translations of a `.po` file: singular texts by themselves, plural ones by the text for many.

    It reads what our catalogues hold: one plural form, no contexts. Fuzzy and empty translations are left out. The
    whole of gettext's format would be a library's work, whose import costs a Chinese window a third of its start.
    """
    texts: dict[str, str] = {}
    parts: dict[str, str] = {}
    key, fuzzy = "", False

    def keep() -> None:
        original = parts.get("msgid_plural") or parts.get("msgid", "")
        translated = parts.get("msgstr[0]") or parts.get("msgstr", "")
        if original and translated and not fuzzy:
            texts[original] = translated

    for line in [*text.splitlines(), "#"]:
        if line.startswith(("#", "msgid ")) and "msgid" in parts and ("msgstr" in parts or "msgstr[0]" in parts):
            keep()
            parts, fuzzy = {}, False
        if line.startswith("#,") and "fuzzy" in line:
            fuzzy = True
        elif line.startswith("msg"):
            key, _space, quoted = line.partition(" ")
            # A quoted string of a catalogue has the escapes of a JSON string.
            parts[key] = json.loads(quoted)
        elif line.startswith('"'):
            parts[key] += json.loads(line)
    return texts
