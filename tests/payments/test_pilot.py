"""A real trial imported, a hundred for each planned visit that happened: the sum counted by other hands."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from tests.support.commands import call
from tests.support.desks import PASSWORD, desk_at
from tests.support.shared import DATA, needed

PILOT = DATA / "pilot_slice"

pytestmark = needed("pilot_slice")

HEAD = """case: PILOT
contract: C-1
supporter: Acme
direction: receivable
currency: USD
terms:
- no: 1
  effective_from: 2012-01-01
  recorded_at: 2012-01-01T00:00:00Z
"""


def rows(name: str) -> list[dict[str, str]]:
    with (PILOT / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def counted() -> int:
    """Count the planned visits that happened, by another way than the program's."""
    planned = {row["VISITNUM"] for row in rows("tv.csv")}
    return len({(row["USUBJID"], row["VISITNUM"]) for row in rows("sv.csv") if row["VISITNUM"] in planned})


def terms(key: str, *, consent: bool = False) -> str:
    """Word terms that pay a hundred for each planned visit, named by its name or its number."""
    visits = sorted({row[key] for row in rows("tv.csv")})
    if consent:
        return HEAD + "  prices:\n" + "".join(f'    "{visit}": "100.00"\n' for visit in visits)
    return (
        HEAD
        + "  rules:\n"
        + "".join(
            f'  - {{code: "{visit}", kind: visit, trigger: {{fact: visit_done, visit: "{visit}"}}, per: subject,\n'
            f'     amount: {{fixed: "100.00"}}, require: ["not voided(subject)"]}}\n'
            for visit in visits
        )
    )


@pytest.fixture(scope="module")
def pilot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pilot")
    where = folder / "pilot.desk"
    desk_at(str(where), folder).close()
    assert call("--desk", where, "import", "sdtm", PILOT, "--study", "PILOT", password=PASSWORD).code == 0
    return where


def owed(pilot: Path, folder: Path, text: str, *more: str) -> Any:
    file = folder / "terms.yaml"
    file.write_text(text, encoding="utf-8")
    loaded = call("--desk", pilot, "contracts", "load", file, "--study", "PILOT", "--json")
    assert loaded.code == 0, loaded.err
    try:
        said = call("--desk", pilot, "payments", "statement", "--study", "PILOT", "--json", *more)
        assert said.code == 0, said.err
        return said.data
    finally:
        assert call("--desk", pilot, "undo", loaded.data["transaction"]).code == 0


@pytest.mark.parametrize("key", ["VISIT", "VISITNUM"])
def test_a_hundred_for_every_planned_visit_named_either_way(pilot: Path, tmp_path: Path, key: str):
    said = owed(pilot, tmp_path, terms(key))
    assert counted() > 600
    assert said["totals"]["earned"] == said["totals"]["payable"] == counted() * 10_000
    assert (said["currency"], said["exponent"], said["document"]["net"]) == ("USD", 2, counted() * 10_000)
    assert len(said["lines"]) == counted()
    assert said["errors"] == []


def test_without_recorded_consent_a_short_price_pays_nothing_and_says_why(pilot: Path, tmp_path: Path):
    said = owed(pilot, tmp_path, terms("VISIT", consent=True))
    assert (said["totals"]["earned"], len(said["lines"])) == (0, counted())
    assert {len(line["why_not_more"]) for line in said["lines"]} == {1}
    assert all("consent" in line["why_not_more"][0] for line in said["lines"])


def test_a_statement_of_an_earlier_day(pilot: Path, tmp_path: Path):
    said = owed(pilot, tmp_path, terms("VISIT"), "--as-of", "2013-06-30")
    planned = {row["VISITNUM"] for row in rows("tv.csv")}
    before = {
        (row["USUBJID"], row["VISITNUM"])
        for row in rows("sv.csv")
        if row["VISITNUM"] in planned and row["SVSTDTC"] <= "2013-06-30"
    }
    assert 0 < said["totals"]["earned"] == len(before) * 10_000


def test_the_shape_is_that_of_an_assessed_case(pilot: Path, tmp_path: Path):
    said = owed(pilot, tmp_path, terms("VISIT"), "--ledger")
    assert set(said) == {
        "as_of", "case", "corrections", "currency", "document", "engine", "errors", "exponent", "known_at", "ledger",
        "lines", "study_level", "totals",
    }  # fmt: skip
    assert sum(each["amount"] for each in said["ledger"]) == said["totals"]["payable"]
    assert list(said["lines"][0]) == sorted(said["lines"][0])


def test_what_was_known_before_the_terms_is_nothing(pilot: Path, tmp_path: Path):
    said = owed(pilot, tmp_path, terms("VISIT"), "--known-at", "2020-01-01T00:00:00Z")
    assert (said["lines"], said["totals"]["earned"]) == ([], 0)


def test_a_study_without_contract_says_so(pilot: Path):
    said = call("--desk", pilot, "payments", "statement", "--study", "PILOT")
    assert (said.code, said.out) == (2, "")
    assert "The study has no contract" in said.err


def test_a_file_that_cannot_be_read_loads_nothing(pilot: Path, tmp_path: Path):
    file = tmp_path / "terms.yaml"
    file.write_text(HEAD.replace("currency: USD", "currency: 5"), encoding="utf-8")
    said = call("--desk", pilot, "contracts", "load", file, "--study", "PILOT")
    assert (said.code, said.out) == (2, "")
    assert "line 5" in said.err
