"""Golden files: what something printed when a person last looked at it and found it right.

`TRIALDESK_REWRITE_GOLDEN=1` writes them anew; the change is then read in the commit.
"""

from __future__ import annotations

import os
from pathlib import Path

MARKS = ("DRAFT", "草稿")
"""What PDFium reads first on every page of a draft: the mark across it lies under the text. It is a test of its own."""


def compare(file: Path, text: str) -> None:
    """Fail if `text` is not what the golden file holds; with the environment variable set, write it instead."""
    if os.environ.get("TRIALDESK_REWRITE_GOLDEN") == "1":
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    assert file.is_file(), f"{file.name} is not there yet: TRIALDESK_REWRITE_GOLDEN=1 writes it"
    assert text == file.read_text(encoding="utf-8"), f"{file.name} differs from what was found right"


def pages(texts: list[str]) -> str:
    """Return the texts of a document's pages as one text, each page under a line of its own, without a draft's mark."""
    return "".join(f"=== {number}\n{_unmarked(text).rstrip()}\n" for number, text in enumerate(texts, 1))


def _unmarked(text: str) -> str:
    mark, line, rest = text.partition("\n")
    return rest if line and mark in MARKS else text
