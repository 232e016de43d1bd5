"""The same life, lived by the command line alone: `new`, `do`, `report`, `payments statement`, `verify`."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from tests.life.playing import Step, Words
from tests.life.steps import life
from tests.life.words import PASSWORDS, ROLES
from tests.support.commands import Said, call
from tests.support.desks import CHEAP, OWNER, PASSWORD
from trialdesk.people.credentials import Cost
from trialdesk.reporting.catalog import REPORTS

pytestmark = pytest.mark.timeout(600)

KEYS = {**PASSWORDS, OWNER: PASSWORD}


class Typist:
    """Types one command after the other and keeps the ids they answer with."""

    def __init__(self, desk: Path) -> None:
        self.desk = desk
        self.kept: dict[str, str] = {}

    def type(self, *words: object, user: str = OWNER) -> Said:
        said = call(*words, "--desk", self.desk, user=user, password=KEYS[user])
        assert said.code == 0, f"{user}: {' '.join(map(str, words))}\n{said.err}"
        return said

    def do(self, act: str, given: Words, *, study: str | None, user: str = OWNER, reason: str = "") -> Any:
        words = [f"{name}={self._meant(value, study)}" for name, value in given.items() if name != "study"]
        of = ["--study", study] if study else []
        why = ["--reason", reason] if reason else []
        return self.type("do", act, *words, *of, *why, "--json", user=user).data["result"]

    def live(self, step: Step) -> None:
        made = self.do(step.act, step.given, study=step.study, user=step.who, reason=step.reason)
        if step.keep:
            self.kept[step.keep] = made

    def engage(self, name: str, role: str) -> None:
        made = {"name": name.title(), "username": name, "password": PASSWORDS[name]}
        self.do("people:account:add", made, study=None)
        for study in ("HARBOUR", "PIER"):
            given = {"person": name.title(), "role": role, "starts_on": "2026-01-01"}
            delegation = self.do("people:delegation:give", given, study=study)
            self.do("people:delegation:authorise", {"delegation": delegation}, study=study)

    def _meant(self, value: str, study: str | None) -> str:
        if not (value.startswith("{") and value.endswith("}")):
            return value
        if value.startswith("{first "):
            kind, _space, having = value[len("{first ") : -1].partition(" ")
            listed = self.type("records", kind, "--study", study, "--json").data
            return str(min(each["id"] for each in listed if not having or each[having]))
        return self.kept[value[1:-1]]


@pytest.fixture(scope="module")
def typist(tmp_path_factory: pytest.TempPathFactory) -> Typist:
    """Live the whole life once, with passwords that cost nothing to try."""
    with patch("trialdesk.people.credentials.Cost", lambda *cost: Cost(*cost) if cost else CHEAP):
        return lived(tmp_path_factory)


def lived(tmp_path_factory: pytest.TempPathFactory) -> Typist:
    """Return who has typed the whole life."""
    made = Typist(tmp_path_factory.mktemp("typed") / "life.desk")
    assert call("new", made.desk, "--user", OWNER, "--name", "Ada Lind").code == 0
    made.do("studies:study:create", {"short_name": "PIER"}, study=None)
    for step in life():
        made.live(step)
        if step.act == "studies:study:create":
            for name, role in ROLES.items():
                made.engage(name, role)
    return made


def test_the_money_is_what_was_agreed(typist: Typist):
    told = typist.type("payments", "statement", "--study", "HARBOUR", "--contract", "C-001", "--json").data
    assert told["totals"]["accrued"] == told["totals"]["earned"] + told["totals"]["pending"]


@pytest.mark.parametrize("key", [report.key for report in REPORTS])
def test_every_paper_of_it_prints_and_proves_itself(typist: Typist, tmp_path: Path, key: str):
    paper = tmp_path / f"{key}.pdf"
    more = (
        ["--number", "INV-0001"] if key == "invoice" else ["--contract", "C-001"] if key == "payment-statement" else []
    )
    typist.type("report", key, "--study", "HARBOUR", "--out", paper, "--lang", "zh", *more)
    typist.type("verify", paper)


def test_the_desk_proves_itself(typist: Typist):
    typist.type("verify")
