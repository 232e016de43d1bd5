"""What people write, however strange, is printed whole and within its page in every document, or refused in words.

A new report is covered by standing in the catalogue.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any

import pypdfium2
import pytest

from tests.reporting.reports.specimens import FACTS
from tests.reporting.specimen import FRAMES
from tests.support.acts import a_study
from trialdesk.application import Application
from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _, speaking
from trialdesk.reporting.catalog import REPORTS, report_named
from trialdesk.reporting.fonts import plain
from trialdesk.reporting.frame import Frame, Target
from trialdesk.reporting.paper import PAPERS
from trialdesk.reporting.render import render
from trialdesk.reporting.structure import Block, Figure, Table
from trialdesk.studies.actions import add_protocol_version

COUNTED = "鼹"
"""A character that no specimen has: as often as it is written it is to be read on the pages."""
ODD = f"\u202e<b>&amp;\u200f </i>{{x}} %s \\n \x07\x1b\u2028 e\u0301\U0001f600 \r\n\t“{COUNTED}” {'W' * 40}"
LONG = (COUNTED + "very long ") * 900 + COUNTED * 100

KEYS = [report.key for report in REPORTS]
each = pytest.mark.parametrize("key", KEYS)
both = pytest.mark.parametrize("language", ["en", "zh"])


STATES = {"in study", "screen failure"}


def written(text: str) -> bool:
    """Whether a person wrote the text: no code, no number, no date, no hash."""
    return (
        text not in STATES
        and bool(re.search(r"[^\x00-\x7f]|[a-z] [a-zA-Z]|[A-Z][a-z]", text))
        and not re.fullmatch(r"[a-z_0-9.:-]*|[0-9-]+T[0-9:]+Z?|PT.*", text)
    )


def changed(said: Any, change: Callable[[str], str]) -> Any:
    """Return facts with every text that a person wrote changed."""
    if isinstance(said, str) and not isinstance(said, Enum):
        return change(said) if written(said) else said
    if isinstance(said, Mapping):
        return {(change(key) if written(key) else key): changed(value, change) for key, value in said.items()}
    if isinstance(said, tuple | list):
        return type(said)(changed(value, change) for value in said)
    if is_dataclass(said) and not isinstance(said, type):
        return replace(
            said, **{field.name: changed(getattr(said, field.name), change) for field in fields(said) if field.init}
        )
    return said


def numbered(text: str) -> Callable[[str], str]:
    """Return a change into `text` that keeps different texts different: keys of facts stay keys."""
    known: dict[str, int] = {}
    return lambda said: f"{text}{known.setdefault(said, len(known))}"


def document(key: str, language: str, change: Callable[[str], str], target: Target = "") -> tuple[list[Block], Frame]:
    report = report_named(key)
    with speaking(language):
        blocks = report.compose(changed(FACTS[key], change))
        # Final: the mark of a draft lies under the text on purpose.
        final = replace(FRAMES[language], state="final", papers=target)
        frame = replace(final, key=key, title=_(report.title), audience=report.audience)
        named = change(frame.study), change(frame.study_title), change(frame.site)
        return blocks, replace(frame, study=named[0], study_title=named[1], site=named[2])


def texts(said: Any) -> Iterator[str]:
    if isinstance(said, str):
        yield said
    elif isinstance(said, Sequence):
        for one in said:
            yield from texts(one)
    elif is_dataclass(said) and not isinstance(said, Figure):
        for field in fields(said):
            yield from texts(getattr(said, field.name))


def prose(said: Any) -> Iterator[str]:
    """Give the texts of facts, the keys of their mappings too."""
    if isinstance(said, Mapping):
        yield from said
        yield from prose(list(said.values()))
    elif is_dataclass(said):
        for field in fields(said):
            yield from prose(getattr(said, field.name))
    elif isinstance(said, str):
        yield said
    elif isinstance(said, Sequence):
        for one in said:
            yield from prose(one)


def overlapping(rects: list[tuple[float, float, float, float]]) -> list[tuple[int, int]]:
    """Return which runs of text, as left, bottom, right and top, lie upon each other by more than a hair."""
    found = []
    for one, a in enumerate(rects):
        for other, b in enumerate(rects[one + 1 :], one + 1):
            across, along = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
            if across > 1.5 and along > 0.4 * max(0.1, min(a[3] - a[1], b[3] - b[1])):
                found.append((one, other))
    return found


def read(pdf: bytes, target: Target = "") -> str:
    """Return all text of the pages, having asked that it lies within its page's margins and upon no other text."""
    found, margin = [], PAPERS[target].margin
    with pypdfium2.PdfDocument(pdf) as file:
        for page in file:
            width, height = page.get_size()
            words = page.get_textpage()
            rects = [words.get_rect(index) for index in range(words.count_rects())]
            assert [tuple(words.get_text_bounded(*rects[at]) for at in pair) for pair in overlapping(rects)] == []
            for left, bottom, right, top in rects:
                assert left >= margin - 3
                assert right <= width - margin + 3
                assert bottom >= margin - 6
                assert top <= height - margin + 6
            found.append(words.get_text_range())
    return "".join(found)


@pytest.mark.parametrize(("language", "target"), [("en", ""), ("zh", ""), ("en", "us"), ("zh", "cn")])
@each
def test_strange_signs_are_printed_within_the_page(key: str, language: str, target: Target):
    blocks, frame = document(key, language, numbered(ODD), target)
    if any(ODD in column.title for block in blocks if isinstance(block, Table) for column in block.columns):
        # Arms and visits that stand above columns have names of some words there.
        blocks, frame = document(key, language, numbered(ODD[:60]), target)
        if key == "synopsis":
            # A grid of many visits has no room even for these; it says which name is too long.
            with pytest.raises(UserError, match="U\\+202E"):
                render(blocks, frame)
            return
    text = read(render(blocks, frame), target)
    asked = sum(one.count(COUNTED) for one in texts(blocks))
    assert text.count(COUNTED) >= asked
    if asked:
        assert "[U+202E]" in plain(ODD)
        assert "[U+1F600]" in "".join(text.split())


@each
def test_a_long_narrative_is_printed_whole(key: str):
    longest = max((text for text in prose(FACTS[key]) if len(text) > 30 and written(text)), key=len, default="")
    blocks, frame = document(key, "en", lambda said: LONG if said == longest else said)
    text = read(render(blocks, frame))
    assert text.count(COUNTED) >= sum(one.count(COUNTED) for one in texts(blocks))


def test_text_upon_text_is_seen():
    assert overlapping([(10, 10, 60, 20), (55, 12, 90, 22)]) == [(0, 1)]
    assert overlapping([(10, 10, 60, 20), (60, 10, 90, 20), (10, 18, 60, 28)]) == []


@both
@each
def test_texts_of_nothing_are_printed(key: str, language: str):
    blocks, frame = document(key, language, lambda _said: "")
    assert read(render(blocks, frame))


def test_a_name_too_long_for_the_title_of_a_column_is_refused_in_words():
    blocks, frame = document("consort", "en", lambda said: LONG if said == "Placebo" else said)
    with pytest.raises(UserError, match=r"too long for the title of a column.*Shorten the name"):
        render(blocks, frame)


def test_a_name_that_fills_pages_is_shortened_at_the_top_and_printed_whole_below_it():
    blocks, frame = document("sae-log", "en", str)
    assert read(render(blocks, replace(frame, study_title=LONG, site=LONG))).count(COUNTED) >= LONG.count(COUNTED)


@pytest.mark.parametrize(("sign", "shown"), [("\ud800", "U+D800"), ("\0", "U+0000")])
def test_what_no_file_can_hold_is_refused_where_it_is_written(sqlite_desk: Application, sign: str, shown: str):
    study = a_study(sqlite_desk)
    with pytest.raises(UserError, match=rf"What changed: “fall\[{shown.replace('+', '[+]')}\]” cannot be kept here"):
        sqlite_desk.run(
            add_protocol_version, study=study, label="2", dated_on=sqlite_desk.today, change_summary=f"fall{sign}"
        )
