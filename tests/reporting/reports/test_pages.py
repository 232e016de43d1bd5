"""The pages of every report: what a person found right, in both languages; conformance; nothing left in English."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import get_args

import pytest

from tests.reporting.reports import conduct_specimens, evidence_specimens, papers_specimens
from tests.reporting.reports.specimens import FACTS, FLOW
from tests.reporting.specimen import FRAMES
from tests.support import golden, verapdf
from trialdesk.base.i18n import _, speaking
from trialdesk.enrollment.rules import Flow, Reasons, SafetyCounts
from trialdesk.overview.closure import About, Closure, Serious, Times
from trialdesk.overview.rules.recruitment import Curve
from trialdesk.reporting.catalog import REPORTS, report_named
from trialdesk.reporting.fonts import plain
from trialdesk.reporting.frame import Frame, Target
from trialdesk.reporting.looking import page_texts
from trialdesk.reporting.render import render, tag_tree
from trialdesk.reporting.report import State
from trialdesk.reporting.reports import consent_log, deviation_log, enrolment_log, sae_log
from trialdesk.reporting.reports.consent_versions import VersionLog
from trialdesk.reporting.reports.delegation import DelegationLog
from trialdesk.reporting.reports.distribution_statement import Distributed
from trialdesk.reporting.reports.ethics_facts import EthicsLog
from trialdesk.reporting.reports.profit_and_loss import Result
from trialdesk.reporting.reports.screening_log import Log, Totals
from trialdesk.reporting.reports.transparency import Transparency
from trialdesk.reporting.structure import Block, Bullets, Checks, Heading, Landscape, Note, Paragraph, Table

GOLDEN = Path(__file__).parent / "golden"
EMPTY = {
    "consort": Flow(0, Reasons(0, {}), 0, ()),
    "disposition": {},
    "safety-summary": {"Active": SafetyCounts()},
    "delegation": DelegationLog((), (), (), ()),
    "screening-log": Log(arms_shown=False, rows=(), flow=Totals(0, 0, 0, 0, 0)),
    "consent-versions": VersionLog(()),
    "enrolment-log": enrolment_log.Log(()),
    "consent-log": consent_log.Log((), (), ()),
    "sae-log": sae_log.Log(()),
    "deviation-log": deviation_log.Log(()),
    "ethics": EthicsLog(None, (), (), (), (), (), (), ()),
    "study-report": Closure(
        about=About(*[None] * 9),
        times=Times(*[None] * 7),
        versions=(),
        flow=Flow(0, Reasons(0, {}), 0, ()),
        curve=Curve((), None),
        safety={},
        serious=Serious(0, 0, {}),
        deviations=(),
        decisions=(),
        registries=(),
        accounts=(),
        kept=None,
        open={"in_study": 3, "invoices": 1},
    ),
    "payment-statement": None,
    "invoice": None,
    "distribution-statement": Distributed(date(2026, 6, 30), ()),
    "reconciliation": None,
    "ageing": None,
    "forecast": None,
    "transparency": Transparency(2026, (), ()),
    "milestone-certificate": None,
    "money-close-out": None,
    "profit-and-loss": Result(date(2026, 6, 30), (), (), ()),
    **papers_specimens.EMPTY,
    **conduct_specimens.EMPTY,
    **evidence_specimens.EMPTY,
}
KEYS = [report.key for report in REPORTS]
both = pytest.mark.parametrize("language", ["en", "zh"])
each = pytest.mark.parametrize("key", KEYS)


def document(key: str, language: str, *facts: object) -> tuple[list[Block], Frame]:
    report = report_named(key)
    with speaking(language):
        blocks = report.compose(*(facts or (FACTS[key],)))
        frame = replace(FRAMES[language], key=key, title=_(report.title), audience=report.audience)
    return blocks, frame


@both
@each
def test_pages_and_tags_are_what_was_found_right(key: str, language: str):
    blocks, frame = document(key, language)
    golden.compare(GOLDEN / f"{key}.{language}.txt", golden.pages(page_texts(render(blocks, frame))))
    golden.compare(GOLDEN / f"{key}.{language}.tags", tag_tree(blocks, frame))


@pytest.mark.skipif(not verapdf.is_here(), reason=verapdf.NOT_JUDGED)
@pytest.mark.parametrize("flavour", ["2u", "ua1"])
@both
def test_every_report_conforms_full_and_empty(tmp_path: Path, language: str, flavour: verapdf.Flavour):
    files: list[Path] = []
    for key in KEYS:
        for facts in (FACTS[key], EMPTY[key]):
            files.append(tmp_path / f"{len(files)}-{key}.pdf")
            files[-1].write_bytes(render(*document(key, language, facts)))
    assert {path.name: verdict.failures for path, verdict in verapdf.verdicts(files, flavour).items()} == {
        path.name: [] for path in files
    }


@pytest.mark.skipif(not verapdf.is_here(), reason=verapdf.NOT_JUDGED)
@pytest.mark.parametrize("flavour", ["2u", "ua1"])
def test_reports_conform_for_whomever_papers_are_set(tmp_path: Path, flavour: verapdf.Flavour):
    files: list[Path] = []
    for key in ("screening-log", "monitoring-letter", "invoice", "cioms"):
        for language in ("en", "zh"):
            blocks, frame = document(key, language)
            for target in get_args(Target):
                for state in get_args(State):
                    files.append(tmp_path / f"{key}-{language}-{target}-{state}.pdf")
                    files[-1].write_bytes(render(blocks, replace(frame, papers=target, state=state)))
    failures = {path.name: verdict.failures for path, verdict in verapdf.verdicts(files, flavour).items()}
    assert failures == {path.name: [] for path in files}


@both
@pytest.mark.parametrize("target", ["us", "cn"])
@each
def test_running_text_is_read_as_it_was_written_for_whomever_papers_are_set(key: str, target: Target, language: str):
    blocks, frame = document(key, language)
    data = render(blocks, replace(frame, papers=target, state="final"))
    text = "".join("".join(page_texts(data)).replace("\x02", "-").split())  # PDFium's sign for a hyphen at a line's end
    written = [block.text for block in blocks if isinstance(block, Heading | Paragraph | Note)]
    written += [item for block in blocks if isinstance(block, Bullets) for item in block.items]
    assert [words for words in written if "".join(plain(words).split())[:40] not in text] == []


@each
def test_nothing_of_the_program_stays_english_in_chinese(key: str):
    for facts in (FACTS[key], EMPTY[key]):
        text = "\n".join(page_texts(render(*document(key, "zh", facts))))
        assert not re.search(
            r"\b(recorded|screened|participants?|arms?|total|reason|enrolled|year|years)\b", text, re.IGNORECASE
        )


@both
@each
def test_a_table_without_rows_says_so_and_sums_of_nothing_close(key: str, language: str):
    blocks, frame = document(key, language, EMPTY[key])
    text = "\n".join(page_texts(render(blocks, frame)))
    words = {
        "consort": ("0 = 0 + 0", "0 = 0 + 0"),
        "disposition": ("No participation has ended.", "尚无受试者结束研究。"),
        "safety-summary": ("0 participants had 0 adverse events", "0 例受试者发生 0 次不良事件"),
        "consent-versions": ("There is no consent version.", "尚无知情同意书版本。"),
        "enrolment-log": ("0 screened, 0 consented", "筛选 0 例"),
        "consent-log": ("Nobody has to consent again.", "没有受试者需要重新签署。"),
        "sae-log": ("No serious adverse event is recorded.", "没有严重不良事件记录。"),
        "deviation-log": ("No deviation is recorded.", "未记录方案偏离。"),
        "ethics": ("No ethics approval is in force.", "目前没有有效的伦理批准。"),
        "delegation": ("Nothing has been delegated.", "尚未授权任何工作。"),
        "study-report": ("The study is not closed.", "研究尚未关闭。"),
        "screening-log": ("Nobody has been screened.", "尚无受试者接受筛选。"),
        "payment-statement": ("The study has no contract.", "该研究尚无合同。"),
        "reconciliation": ("The study has no contract.", "该研究尚无合同。"),
        "forecast": ("The study has no contract.", "该研究尚无合同。"),
        "ageing": ("The study has no contract.", "该研究尚无合同。"),
        "transparency": ("Nothing was given in this year.", "本年度没有任何资助。"),
        "milestone-certificate": ("No certificate has been prepared.", "尚未编制任何证明书。"),
        "money-close-out": ("The study has no contract.", "该研究尚无合同。"),
        "profit-and-loss": ("The study has no contract.", "该研究尚无合同。"),
        "invoice": ("No invoice has been issued.", "尚未开具发票。"),
        "distribution-statement": ("Nothing was shared out by 30 June 2026.", "截至2026年6月30日，尚未进行任何分配。"),
        **papers_specimens.SAYS,
        **conduct_specimens.SAYS,
        **evidence_specimens.SAYS,
    }[key][language == "zh"]
    assert words.replace(" ", "") in text.replace(" ", "").replace("\n", "")


@both
@pytest.mark.parametrize("key", [key for key in KEYS if isinstance(document(key, "en")[0][0], Landscape)])
def test_a_log_begins_on_the_first_page(key: str, language: str):
    blocks, frame = document(key, language)
    table = next(block for block in blocks if isinstance(block, Table) and block.rows)
    first = page_texts(render(blocks, frame))[0]
    assert "".join(table.rows[0][0].split()) in "".join(first.split())


@both
def test_an_invoice_of_a_few_lines_is_two_pages_with_what_the_file_says_of_itself(language: str):
    assert len(page_texts(render(*document("invoice", language)))) <= 2


def test_what_does_not_close_is_said_and_its_box_left_open():
    flow = replace(FLOW, randomised=51)
    blocks, frame = document("consort", "en", flow)
    text = "\n".join(page_texts(render(blocks, frame)))
    assert "These sums do not close" in text
    assert text.count("Assessed = excluded + still in screening + entered: 66 ≠ 11 + 3 + 51") == 2
    (boxes,) = (block for block in blocks if isinstance(block, Checks))
    assert [ticked for _words, ticked in boxes.items] == [False, False, True, True]


def test_a_fatal_event_that_is_not_serious_is_pointed_out():
    blocks, frame = document("safety-summary", "en", {"Active": SafetyCounts(1, 1, 0, 1, {})})
    assert "The records contradict themselves" in page_texts(render(blocks, frame))[0]
    blocks, frame = document("safety-summary", "en", {"Active": SafetyCounts(1, 1, 1, 1, {})})
    assert "The records contradict themselves" not in page_texts(render(blocks, frame))[0]
