"""The index of a binder: what a person found right, in both languages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.reporting.specimen import FRAMES
from tests.support import golden
from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _, speaking
from trialdesk.reporting.binder.index import REPORT, compose
from trialdesk.reporting.binder.manifest import Bound, Contents, LeftOut
from trialdesk.reporting.looking import page_texts
from trialdesk.reporting.render import render, tag_tree

GOLDEN = Path(__file__).parent / "golden"

DRAFT = Bound(
    file="04-participants/001-screening-log-en-draft.pdf",
    section="participants",
    report="screening-log",
    title="Screening log",
    audience="site",
    language="en",
    state="draft",
    issue=0,
    signatures=0,
    parameters='{"as_of":"2026-11-20"}',
    chosen="As of: 2026-11-20",
    blinding="blinded",
    cutoff="2026-11-22T18:05:30+00:00",
    position=f"{'9f' * 16}.118-{'0d' * 16}.9",
    digest="0123456789abcdef" * 4,
    sha256="fedcba9876543210" * 4,
    size=51_234,
)
SIGNED = replace(
    DRAFT,
    file="10-results/002-study-report-zh-final-3-signed.pdf",
    section="results",
    report="study-report",
    title="研究结题报告",
    audience="regulator",
    language="zh",
    state="final",
    issue=3,
    signatures=2,
    parameters="{}",
    chosen="",
)
CONTENTS = Contents(
    study="MEMORY-2",
    study_id="1" * 32,
    audience="regulator",
    language="en",
    as_of="2026-11-20",
    papers=(DRAFT, SIGNED, replace(SIGNED, file=SIGNED.file.replace("002", "003"), state="superseded", signatures=1)),
    left_out=(LeftOut("participants", "consort", "Participant flow", "It shows treatment allocation."),),
)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_pages_and_tags_are_what_was_found_right(language: str):
    with speaking(language):
        blocks = compose(replace(CONTENTS, language=language))
        frame = replace(FRAMES[language], key=REPORT.key, title=_(REPORT.title), audience="regulator", state="final")
    golden.compare(GOLDEN / f"binder.{language}.txt", golden.pages(page_texts(render(blocks, frame))))
    golden.compare(GOLDEN / f"binder.{language}.tags", tag_tree(blocks, frame))


def test_a_binder_of_nothing_says_so():
    text = "".join(page_texts(render(compose(replace(CONTENTS, papers=(), left_out=(), as_of="")), FRAMES["en"])))
    assert "0 documents, for: The regulator." in text
    assert "Not in this binder" not in text


def test_an_index_is_not_made_without_its_binder():
    with pytest.raises(UserError, match="An index is made with its binder alone"):
        REPORT.gather(None, study="")
