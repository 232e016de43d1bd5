"""Amounts on the command line are written as in the window: in whole units of the currency."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.payments.playing import SECOND, Trial, at, on
from tests.payments.test_money import TERMS
from tests.support.commands import Said, call
from tests.support.desks import quick_desk
from trialdesk.payments.records import Receipt


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give a closed desk with the contract C-1 of the study HARBOUR."""
    desk = quick_desk(tmp_path)
    made = Trial(desk)
    at(desk, on("2026-03-01"))
    made.load(TERMS)
    desk.close()
    return tmp_path / "study.desk"


def do(path: Path, act: str, *words: str, reason: str = "") -> Said:
    name, password = SECOND
    why = ["--reason", reason] if reason else []
    return call("do", act, *words, *why, "--study", "HARBOUR", "--json", "--desk", path, user=name, password=password)


def receipt(path: Path, amount: str, *words: str) -> Said:
    of = "contract=C-1", "reference=BANK-1", "value_on=2026-03-01", "currency=CNY"
    return do(path, "payments:receipt:record", *of, f"amount={amount}", *words)


def kept(path: Path, kind: str) -> list[dict[str, object]]:
    name, password = SECOND
    said = call("records", kind, "--study", "HARBOUR", "--json", "--desk", path, user=name, password=password)
    found: list[dict[str, object]] = json.loads(said.out)
    return found


@pytest.mark.parametrize(("amount", "minor"), [("100.00", 10_000), ("100", 10_000), ("1,000.00", 100_000)])
def test_a_receipt_is_in_whole_units(path: Path, amount: str, minor: int):
    assert receipt(path, amount, "fees=1.5").code == 0
    (row,) = kept(path, Receipt.KIND)
    assert (row["amount"], row["fees"]) == (minor, 150)


@pytest.mark.parametrize(
    ("amount", "words"),
    [("1.000", "more decimals"), ("-5", "not less than nothing"), ("NaN", "no amount"), ("9" * 30, "more than can be")],
)
def test_what_is_doubtful_is_refused(path: Path, amount: str, words: str):
    said = receipt(path, amount)
    assert (said.code, said.out) == (2, "")
    assert "Amount: " in said.err
    assert words in said.err
    assert kept(path, Receipt.KIND) == []


def test_a_correction_is_in_the_currency_that_was_recorded(path: Path):
    made = receipt(path, "100.00").data["result"]
    assert do(path, "payments:receipt:correct", f"receipt={made}", "amount=90", reason="Misread").code == 0
    assert [row["amount"] for row in kept(path, Receipt.KIND)] == [9_000]


def test_without_any_currency_none_is_guessed(path: Path):
    words = "insurer=Mutual", "policy=P-1", "limit=5,000,000", "valid_from=2026-01-01", "valid_to=2026-12-31"
    said = do(path, "contracts:insurance:add", *words)
    assert (said.code, said.out) == (2, "")
    assert "Say currency=…" in said.err
    assert do(path, "contracts:insurance:add", *words, "currency=JPY").code == 0
    assert [row["limit"] for row in kept(path, "contracts.insurance")] == [5_000_000]
