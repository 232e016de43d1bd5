"""Every text a person can see has its Chinese, keeps its placeholders, and is said once."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from tests.support.checkout import ROOT
from trialdesk.base.i18n import LANGUAGES
from trialdesk.overview.rulebook import rules

KEYWORDS = {"_": None, "N_": None, "n_": (1, 2)}
PLACE = re.compile(r"\{[a-z_]*\}")
OTHERS = [code for code in LANGUAGES if code != "en"]


def texts() -> Iterator[tuple[str, str]]:
    """Give every text in the source that is marked for translation, with where it stands."""
    package = str(ROOT / "trialdesk")
    for file, line, message, _comments, _context in extract_from_dir(package, keywords=KEYWORDS):
        # Of a plural the catalogue's key is the text for many.
        yield (message if isinstance(message, str) else message[-1]), f"{file}:{line}"
    for rule in rules():
        yield rule.words, f"resources/rules/deadlines.csv:{rule.id}"


def translations(code: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "resources" / "locale" / code).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                if message.id:
                    key = message.id if isinstance(message.id, str) else message.id[-1]
                    text = message.string if isinstance(message.string, str) else (message.string or ("",))[0]
                    found.setdefault(key, []).append(text)
    return found


def test_no_text_is_marked_within_another():
    """What is marked inside an f-string is not found by who gathers the texts: it would never be translated."""
    hidden = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in sorted((ROOT / "trialdesk").rglob("*.py"))
        for outer in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(outer, ast.JoinedStr)
        for call in ast.walk(outer)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in KEYWORDS
        if call.args and isinstance(call.args[0], ast.Constant)
    ]
    assert hidden == []


@pytest.mark.parametrize("code", OTHERS)
def test_every_text_is_translated(code: str):
    known = translations(code)
    missing = {text: where for text, where in texts() if not any(known.get(text, []))}
    assert missing == {}


@pytest.mark.parametrize("code", OTHERS)
def test_placeholders_are_kept(code: str):
    for text, said in translations(code).items():
        for each in said:
            assert set(PLACE.findall(each)) <= set(PLACE.findall(text)), (text, each)


@pytest.mark.parametrize("code", OTHERS)
def test_the_same_text_is_translated_the_same(code: str):
    assert {text: said for text, said in translations(code).items() if len(set(said)) > 1} == {}


@pytest.mark.parametrize("code", OTHERS)
def test_no_translation_is_left_over(code: str):
    said = {text for text, _where in texts()}
    assert sorted(set(translations(code)) - said) == []
