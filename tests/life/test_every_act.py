"""Every act there is, on both databases: refused to who may not, refused where a rule breaks, known then as then,
taken back and done again, or final: then refused under a clock set back and done once by two windows; and proven.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pytest

from tests.life.playing import Outcome, Player
from tests.life.steps import life
from tests.life.words import PASSWORDS, ROLES
from tests.support.acts import a_study
from tests.support.desks import desk_on
from trialdesk.application.acts import ACTIONS

pytestmark = pytest.mark.timeout(900)

BY_HAND = frozenset({"exchange:study:import"})
"""Acts that no words can do, with the place where each is looked at as closely."""

NAMES = [action.name for action in ACTIONS if action.name not in BY_HAND]


_LIVED: dict[str, dict[str, Outcome]] = {}


@pytest.fixture(params=["sqlite", "postgres"])
def outcomes(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, Outcome]:
    """Return what was found of every act: the life is lived once on each database, by the first test that asks."""
    where = str(request.param)
    if where == "postgres":
        where += str(request.getfixturevalue("postgres_server").folder)
    if where not in _LIVED:
        with desk_on(request, tmp_path) as desk:
            _LIVED[where] = played(Player(desk, PASSWORDS))
    return _LIVED[where]


def played(player: Player) -> dict[str, Outcome]:
    """Return what was found of every act of the life; at its end, replaying its trail gives its tables."""
    found: dict[str, Outcome] = {}
    a_study(player.desk, "PIER")
    for step in life():
        player.move(step)
        if step.plain or step.act in found:
            player.keep(step, player.do(step))
        else:
            found[step.act] = player.live(step)
        if step.act == "studies:study:create":
            for name, role in ROLES.items():
                player.engage(name, role)
    assert player.proven()
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_act_is_refused_done_known_undone_and_proven(outcomes: dict[str, Outcome], name: str):
    assert name in outcomes, "the life of tests/life/steps.py does not do it"
    assert {side: words for side, words in asdict(outcomes[name]).items() if words} == {}
