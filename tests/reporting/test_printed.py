"""A document answers for what it prints: all of it, and nothing that was merely gathered with it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.overview.stages import change
from tests.reporting.building import bring
from tests.reporting.reports.specimens import FACTS
from trialdesk.application import Application
from trialdesk.base.canonical import canonical
from trialdesk.base.values import dataclass
from trialdesk.documents.actions import attach
from trialdesk.documents.issuing import finalise
from trialdesk.reporting.catalog import REPORTS
from trialdesk.reporting.making import make
from trialdesk.reporting.printed import printed_digest, printed_facts
from trialdesk.reporting.proving import prove
from trialdesk.reporting.report import Report, facts_json
from trialdesk.reporting.structure import Block, Paragraph
from trialdesk.safety.records import AdverseEvent

BY_KEY = {report.key: report for report in REPORTS}


@dataclass(frozen=True, slots=True)
class Inner:
    """A row with more than is printed of it."""

    name: str
    version: int

    @property
    def called(self) -> str:
        """A word made of a field."""
        return f"{self.name}!"


@dataclass(frozen=True, slots=True)
class Outer:
    """Facts with rows, a mapping and what nobody reads."""

    rows: tuple[Inner, ...]
    counted: tuple[Inner, ...]
    named: Mapping[str, Inner]
    unread: tuple[str, ...]


def _compose(told: Outer) -> list[Block]:
    assert isinstance(told, Outer)
    assert dataclasses.replace(told.rows[0], version=3) == Inner(told.rows[0].name, 3)
    assert len({*told.rows, *told.rows}) == len(told.rows)
    names = [each.called for each in told.rows] + [f"{key} {each.name}" for key, each in told.named.items()]
    return [Paragraph(" ".join((*names, str(len(told.counted)))))]


TOLD = Outer((Inner("a", 1),), (Inner("b", 1), Inner("c", 1)), {"k": Inner("d", 1)}, ("x",))
REPORT = Report("made-up", "Made up", "site", (), lambda: TOLD, _compose)


def test_what_is_printed_is_what_was_read_and_how_many_there_are():
    found = printed_facts(REPORT, TOLD)
    assert found["rows"][0]["name"] == "a"
    assert (found["counted"], found["named"]) == ([{}, {}], {"k": {"name": "d"}})
    assert "unread" not in found


@pytest.mark.parametrize(
    ("fields", "changed"),
    [
        ({"unread": ()}, False),
        ({"named": {"k": Inner("d", 2)}}, False),
        ({"counted": (Inner("z", 9), Inner("c", 1))}, False),
        ({"counted": (Inner("b", 1),)}, True),
        ({"named": {"k": Inner("e", 1)}}, True),
        ({"named": {"l": Inner("d", 1)}}, True),
        ({"rows": (Inner("e", 1),)}, True),
    ],
)
def test_the_digest_changes_with_the_page_and_with_nothing_else(fields: dict[str, Any], changed: bool):
    other = dataclasses.replace(TOLD, **fields)
    assert (printed_digest(REPORT, other) != printed_digest(REPORT, TOLD)) is changed


@pytest.mark.parametrize("key", [key for key in FACTS if key in BY_KEY])
def test_the_watched_facts_make_the_very_pages(key: str):
    """That reading is noted changes nothing of what is composed, and what is left out stood on no page."""
    report, pages = BY_KEY[key], []

    def compose(told: Any) -> list[Block]:
        pages.append(repr(made := report.compose(told)))
        return made

    kept, whole = printed_facts(dataclasses.replace(report, compose=compose), FACTS[key]), facts_json(FACTS[key])
    assert pages == [repr(report.compose(FACTS[key]))]
    assert within(kept, whole)
    assert len(canonical(kept)) <= len(canonical(whole))


def within(part: Any, whole: Any) -> bool:
    """Say whether everything of the one stands in the other, at its place."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(key in whole and within(part[key], whole[key]) for key in part)
    if isinstance(part, list):
        return len(part) == len(whole) and all(within(*pair) for pair in zip(part, whole, strict=True))
    return bool(part == whole)


def saved(desk: Application, folder: Path, key: str, **asked: Any) -> Path:
    path = folder / f"{key}.pdf"
    path.write_bytes(make(desk, key, study="HARBOUR", language="en", **asked).pdf)
    return path


@pytest.mark.parametrize("key", ["dsur", "ind-annual", "ethics-progress", "filing-annual", "ethics-closure"])
def test_another_document_made_final_changes_no_report_of_the_course(desk: Application, tmp_path: Path, key: str):
    study = bring(desk)
    path = saved(desk, tmp_path, key)
    desk.run(finalise, study=study, report="disposition", language="en")
    verdict = prove(desk, path)
    assert (verdict.unaltered, verdict.same_now) == (True, True)
    assert "The desk still says the same." in verdict.words


def test_the_filing_sheet_tells_its_attachments_and_so_changes_with_them(sqlite_desk: Application, tmp_path: Path):
    desk = sqlite_desk
    study = bring(desk)
    path = saved(desk, tmp_path, "filing")
    desk.run(finalise, study=study, report="disposition", language="en")
    assert prove(desk, path).same_now is True, "a report is not among its attachments"
    desk.run(attach, study=study, title="Protocol", category="protocol", file_name="p.txt", data=b"Protocol")
    assert prove(desk, path).same_now is False


def test_what_is_written_of_an_event_beside_the_log_leaves_the_log_as_it_was(desk: Application, tmp_path: Path):
    study = bring(desk)
    log, form = saved(desk, tmp_path, "sae-log"), saved(desk, tmp_path, "sae-report")
    with desk.reading() as read:
        event = read.first(AdverseEvent.TABLE.select().where(AdverseEvent.TABLE.c.serious))
    assert event is not None
    change(desk, AdverseEvent, study, event.id, narrative="Found in the morning.")
    assert (prove(desk, log).same_now, prove(desk, form).same_now) == (True, False)
    change(desk, AdverseEvent, study, event.id, started_on=date(2025, 3, 2).isoformat())
    verdict = prove(desk, log)
    assert (verdict.unaltered, verdict.same_now) == (True, False)
    assert "2025-03-02" in verdict.words


def test_a_report_of_no_dataclass_answers_for_all_of_it():
    plain = Report("plain", "Plain", "site", (), lambda: None, lambda told: [Paragraph(str(told))])
    assert printed_facts(plain, None) is None
    assert printed_facts(plain, {"a": (1, 2)}) == {"a": [1, 2]}
