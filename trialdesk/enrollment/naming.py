"""Finds who of a code list a text names: what leaves the site tells of codes, never of persons.

Looked for are names, telephone and other long numbers, and addresses of mail (45 CFR 164.514(b)(2); ICH E6(R3),
Appendix C on the identification code list). A text is refused for what names somebody beyond doubt and for nothing
else: a short name that is also a word counts where it stands by itself or where the text says that a person follows.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from trialdesk.base.values import dataclass

HAN = r"\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HAN = re.compile(f"[{HAN}]+")
_WORD = re.compile(f"[^\\W\\d_{HAN}]+")
_DIGITS = re.compile(r"(?<![\w.])\+?\(?\d[\d\s()./-]{5,}\d(?![\w])")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")

LONG_NAME, LONG_WORD, LONG_NUMBER = 3, 4, 8
"""From how many Han characters a name is no common word, letters a lone name is looked for, digits are a number."""

LONGEST_HAN = 6
CALLED = frozenset(
    "mr mrs ms miss dr herr frau madame patient participant subject named name called".split()  # noqa: SIM905 - a list of words
)
"""Words after which a lone name is a person's."""

CALLED_HAN = ("患者", "受试者", "参与者", "病人", "姓名", "名叫", "先生", "女士")
"""The same in Chinese; the last two follow the name."""


@dataclass(frozen=True, slots=True)
class Names:
    """What to look for, each with the code of whom it names. The words of a name stand in the order of the alphabet."""

    words: Mapping[tuple[str, ...], str]
    han: Mapping[str, str]
    numbers: Mapping[str, str]
    mails: Mapping[str, str]

    def __bool__(self) -> bool:
        return bool(self.words or self.han or self.numbers or self.mails)


def names_of(people: Iterable[tuple[str, str | None, str | None]], known: Iterable[str] = ()) -> Names:
    """Return what tells these people: code, name and contact of each. `known` are names that may be told: a team's."""
    words: dict[tuple[str, ...], str] = {}
    han: dict[str, str] = {}
    numbers: dict[str, str] = {}
    mails: dict[str, str] = {}
    for code, name, contact in people:
        plain = _plain(name or "")
        words.update(dict.fromkeys(_orders(_folded(plain)), code))
        han.update(dict.fromkeys((run for run in _HAN.findall(plain) if 1 < len(run) <= LONGEST_HAN), code))
        reach = _plain(contact or "")
        numbers.update({digits[-LONG_NUMBER:]: code for digits in _numbers(reach)})
        mails.update({found.casefold(): code for found in _MAIL.findall(reach)})
    for told in known:
        plain = _plain(told)
        for known_as in list(_windows(_folded(plain), {len(each) for each in words})):
            words.pop(known_as, None)
        for run in _HAN.findall(plain):
            for piece in list(_pieces(run, {len(each) for each in han})):
                han.pop(piece, None)
    return Names(words, han, numbers, mails)


def named_in(text: str, names: Names) -> tuple[str, ...]:
    """Return the codes of whom a text names, each once, in the order of their codes. Linear in the text."""
    if not names or not text:
        return ()
    plain = _plain(text)
    found = {
        *_by_word(plain, names.words),
        *_by_han(plain, names.han),
        *(names.numbers[digits[-LONG_NUMBER:]] for digits in _numbers(plain) if digits[-LONG_NUMBER:] in names.numbers),
        *(names.mails[each.casefold()] for each in _MAIL.findall(plain) if each.casefold() in names.mails),
    }
    return tuple(sorted(found))


def _plain(text: str) -> str:
    """Return a text with widths made one and accents taken off: the same name is written both ways."""
    apart = unicodedata.normalize("NFKD", text)
    return unicodedata.normalize("NFC", "".join(each for each in apart if not unicodedata.combining(each)))


def _folded(plain: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(plain)]


def _orders(words: list[str]) -> Iterator[tuple[str, ...]]:
    """Give a name as it is looked for: all its words, and the first with the last where there are more between."""
    if len(words) > 1:
        yield tuple(sorted(words))
        yield tuple(sorted((words[0], words[-1])))
    elif words and len(words[0]) >= LONG_WORD:
        yield (words[0],)


def _windows(words: list[str], sizes: Iterable[int]) -> Iterator[tuple[str, ...]]:
    """Give every run of so many words, in the order of the alphabet."""
    for size in sizes:
        for start in range(len(words) - size + 1):
            yield tuple(sorted(words[start : start + size]))


def _pieces(run: str, sizes: Iterable[int]) -> Iterator[str]:
    for size in sizes:
        for start in range(len(run) - size + 1):
            yield run[start : start + size]


def _by_word(plain: str, names: Mapping[tuple[str, ...], str]) -> Iterator[str]:
    words = _folded(plain)
    for name in _windows(words, {len(name) for name in names} - {1}):
        if name in names:
            yield names[name]
    for before, word in pairwise(["", *words]):
        if (word,) in names and (before in CALLED or len(words) == 1):
            yield names[(word,)]


def _by_han(plain: str, names: Mapping[str, str]) -> Iterator[str]:
    sizes = {len(name) for name in names}
    for found in _HAN.finditer(plain):
        run = found.group()
        for piece in _pieces(run, sizes):
            if piece in names and (len(piece) >= LONG_NAME or _is_called(run, piece)):
                yield names[piece]


def _is_called(run: str, name: str) -> bool:
    """Say whether a short name stands by itself, or beside a word that says that it is a person's."""
    beside = (*(f"{word}{name}" for word in CALLED_HAN), *(f"{name}{word}" for word in CALLED_HAN[-2:]))
    return run == name or any(each in run for each in beside)


def _numbers(plain: str) -> Iterator[str]:
    for found in _DIGITS.findall(plain):
        digits = re.sub(r"\D", "", found)
        if len(digits) >= LONG_NUMBER:
            yield digits
