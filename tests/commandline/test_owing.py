"""`payments assess` and `contracts lint`: words in, an answer and an exit code out, and no desk."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.commands import call
from tests.support.payments import fact, version, written
from trialdesk.base.i18n import set_language

RULE = "[{code: V, kind: visit, trigger: {fact: visit_done, visit: V}, amount: {fixed: '100.00'}, evidence: [crf]}]"
AS_OF = ("--as-of", "2026-03-31", "--known-at", "2026-04-01T00:00:00Z")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "case.yaml"
    twice = {**fact("visit_done", "2026-03-03", "1", visit="V"), "id": "again"}
    path.write_text(written(version(RULE), [fact("visit_done", "2026-03-02", "1", visit="V"), twice]), "utf-8")
    return path


def test_the_answer_as_data_has_stable_sorted_keys(file: Path):
    said = call("payments", "assess", file, *AS_OF, "--json")
    assert (said.code, said.err) == (0, "")
    assert list(said.data) == sorted(said.data)
    assert {
        "lines",
        "totals",
        "document",
        "corrections",
        "errors",
        "study_level",
        "engine",
        "exponent",
    } <= said.data.keys()
    assert said.data["known_at"] == "2026-04-01T00:00:00Z"
    assert said.data["totals"]["payable"] == 9900
    assert said.data["errors"] == [{"fact": "again", "problem": "same visit recorded twice"}]
    assert "ledger" not in said.data


def test_the_ledger_adds_up_to_what_is_payable(file: Path):
    said = call("payments", "assess", file, *AS_OF, "--json", "--ledger").data
    assert sum(each["amount"] for each in said["ledger"]) == said["totals"]["payable"]


def test_the_answer_as_data_is_the_same_in_every_language(file: Path):
    english = call("payments", "assess", file, *AS_OF, "--json").out
    try:
        set_language("zh")
        assert call("payments", "assess", file, *AS_OF, "--json").out == english
    finally:
        set_language("en")


def test_a_person_reads_a_table_with_amounts_and_what_is_wrong_with_facts(file: Path):
    said = call("payments", "assess", file, *AS_OF, "--ledger")
    assert said.code == 0
    assert "1/V" in said.out
    assert "110.00" in said.out
    assert "hold_out  -11.00" in said.out
    assert said.err.strip() == "again: same visit recorded twice"


@pytest.mark.parametrize(
    "words",
    [
        ("--as-of", "31.3.2026", "--known-at", "2026-04-01T00:00:00Z"),
        ("--as-of", "2026-03-31", "--known-at", "2026-04-01"),
        ("--as-of", "2026-03-31"),
    ],
)
def test_a_day_that_is_none_does_nothing(file: Path, words: tuple[str, ...]):
    said = call("payments", "assess", file, *words)
    assert (said.code, said.out) == (2, "")


def test_a_file_that_cannot_be_read_is_told_with_its_place(tmp_path: Path):
    path = tmp_path / "bad.yaml"
    path.write_text("case: X\ncurrency: CNY\ncolour: red\nterms: []\n", "utf-8")
    for command in (("payments", "assess", path, *AS_OF, "--json"), ("contracts", "lint", path, "--json")):
        said = call(*command)
        assert (said.code, said.out) == (2, "")
        assert f"{path}:3:colour" in said.err
    path.write_bytes(b"\xff\xfe")
    assert call("contracts", "lint", path).code == 2
    assert call("contracts", "lint", tmp_path / "none.yaml").code == 2


def test_lint_answers_whether_terms_may_be_activated(file: Path):
    said = call("contracts", "lint", file, "--json")
    assert (said.code, {each["code"] for each in said.data}) == (1, {"E4", "W4", "W7", "W9"})  # no release, no start-up
    assert all({"code", "level", "file", "path", "line", "words", "remedy"} == each.keys() for each in said.data)
    file.write_text(file.read_text("utf-8").replace("evidence: [crf]", "evidence: [crf], holdback: none"), "utf-8")
    said = call("contracts", "lint", file)
    assert said.code == 0
    assert f"{file}:" in said.out


def test_a_bright_line_that_stops_reading_is_found_all_the_same(file: Path):
    file.write_text(file.read_text("utf-8").replace("CNY", "XYZ"), "utf-8")
    said = call("contracts", "lint", file, "--json")
    assert (said.code, [each["code"] for each in said.data], said.data[0]["line"]) == (1, ["E4"], 2)
    assert json.loads(said.out)[0]["path"] == "currency"


def test_a_first_word_alone_asks_for_the_second():
    said = call("payments")
    assert said.code == 2
    assert "missing" in said.err
    assert call("payments", "--help").code == 0
    assert call("payments", "dream").code == 2
