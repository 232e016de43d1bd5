"""The whole life of a trial, in the words of the command line: from a question to a paid invoice and a closed study.

Every act of the catalogue is done here at least once, with words that break one of its rules beside it. An act that
changes or voids what is recorded is refused without its reason: that rule needs no words.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.life.approval import contract, ethics
from tests.life.beginning import design, papers, team
from tests.life.cash import ending, money
from tests.life.conduct import open_label, participants
from tests.life.events import safety
from tests.life.playing import Step
from tests.life.signatures import signatures


def life() -> Iterator[Step]:
    """Give the steps in their order."""
    yield from team()
    yield from design()
    yield from ethics()
    yield from papers()
    yield from signatures()
    yield from contract()
    yield from participants()
    yield from open_label()
    yield from safety()
    yield from money()
    yield from ending()
