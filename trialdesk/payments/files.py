"""A file of terms: one document a version, each as it is kept; before them, where they do not say it, whose they are.

A line of three hyphens parts the documents, as in YAML. What is written here is read back to the same texts, byte for
byte.
"""

from __future__ import annotations

from collections.abc import Iterable

from trialdesk.base.values import dataclass

_BETWEEN = "\n---\n"
_QUOTED = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"})


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a file, and how many lines stand before it."""

    text: str
    before: int = 0

    @property
    def placed(self) -> str:
        """The document with its lines numbered as in the file."""
        return "\n" * self.before + self.text


def documents(text: str) -> tuple[Document, ...]:
    """Return the documents of a file. One that holds nothing but comments belongs to the next."""
    found: list[str] = []
    waiting = ""
    for part in text.split(_BETWEEN):
        whole = waiting + part
        waiting = "" if _says_something(part) else whole + _BETWEEN
        if not waiting:
            found.append(whole)
    if waiting:
        # Comments at the very end belong to what stands before them; alone, they are the whole file.
        rest = waiting.removesuffix(_BETWEEN)
        found = [*found[:-1], found[-1] + _BETWEEN + rest] if found else [rest]
    placed, before = [], 0
    for part in found:
        placed.append(Document(part, before))
        before += part.count("\n") + _BETWEEN.count("\n")
    return tuple(placed)


def written(texts: Iterable[str], head: dict[str, str]) -> str:
    """Return a file of these versions; `head` says whose they are, nothing where the versions say it themselves."""
    lines = "\n".join(f'{key}: "{value.translate(_QUOTED)}"' for key, value in head.items())
    return _BETWEEN.join([lines, *texts] if lines else texts)


def _says_something(part: str) -> bool:
    return any(line.strip() and not line.lstrip().startswith("#") for line in part.split("\n"))
