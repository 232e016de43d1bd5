"""Random histories: whatever is done, undone and redone, the trail is whole and the tables are what it says."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, precondition, rule

from tests.support.acts import ON, a_site, a_study
from tests.support.desks import desk_at, reopened
from tests.support.postgres import Server
from tests.support.trial import brought_in
from trialdesk.application import Application
from trialdesk.base.errors import Told
from trialdesk.base.ids import Id
from trialdesk.enrollment.actions import correct_participant, record_visit, void_participant
from trialdesk.enrollment.queries import participants
from trialdesk.trail.position import Position

AGES = st.one_of(st.none(), st.integers(0, 120))
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)


class Histories(RuleBasedStateMachine):
    """A model is a dict of what the list should show; every position passed is kept with what it showed."""

    where: Any = None  # a function from folder to the place of a new desk

    acts = Bundle("acts")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.desk: Application = desk_at(type(self).where(self.folder.name), Path(self.folder.name))
        self.study: Id = a_study(self.desk)
        self.site: Id = a_site(self.desk, self.study)
        self.number = 0
        self.versions: dict[Id, int] = {}
        self.shown: dict[Id, tuple[str, int | None, str | None]] = {}
        self.passed: list[tuple[Position, list[tuple[str, int | None, str | None]]]] = []

    def teardown(self) -> None:
        for position, shown in self.passed[:: max(1, len(self.passed) // 4)]:
            with self.desk.reading_at(position) as past:
                rows = participants(past, study=self.study, on=ON)
                assert sorted((r.number, r.age, r.sex) for r in rows) == shown
        assert self.desk.verify().proven
        self.desk.close()
        self.folder.cleanup()

    def look(self) -> None:
        rows = self.desk.read(participants, study=self.study, on=ON)
        self.shown = {row.id: (row.number, row.age, row.sex) for row in rows}
        self.versions.update({row.id: row.version for row in rows})
        self.passed.append((self.desk.position(), sorted(self.shown.values())))

    @initialize(target=acts)
    def begin(self) -> Any:
        return self.screen(31)

    @rule(target=acts, age=AGES)
    def screen(self, age: int | None) -> Any:
        self.number += 1
        made = brought_in(self.desk, self.study, self.site, f"{self.number:03}", age=age)
        self.look()
        assert self.shown[made] == (f"{self.number:03}", age, None)
        return self.last()

    @rule(target=acts, data=st.data(), age=AGES, sex=TEXTS)
    def edit(self, data: st.DataObject, age: int | None, sex: str) -> Any:
        if not self.shown:
            return multiple()
        who = data.draw(st.sampled_from(sorted(self.shown)))
        before = self.desk.position()
        self.desk.run(
            correct_participant,
            study=self.study,
            participant=who,
            version=self.versions[who],
            reason="look again",
            age=age,
            sex=sex,
        )
        number = self.shown[who][0]
        self.look()
        assert self.shown[who] == (number, age, sex)
        return self.last() if self.desk.position() != before else multiple()

    @precondition(lambda self: self.shown)
    @rule(target=acts, data=st.data())
    def void(self, data: st.DataObject) -> Any:
        who = data.draw(st.sampled_from(sorted(self.shown)))
        self.desk.run(
            void_participant, study=self.study, participant=who, version=self.versions[who], reason="in error"
        )
        self.look()
        assert who not in self.shown
        return self.last()

    @precondition(lambda self: self.shown)
    @rule(data=st.data())
    def stale(self, data: st.DataObject) -> None:
        who = data.draw(st.sampled_from(sorted(self.shown)))
        before = self.desk.position()
        with pytest.raises(Told):
            self.desk.run(correct_participant, study=self.study, participant=who, version=0, age=1, reason="late")
        assert self.desk.position() == before

    @precondition(lambda self: self.shown)
    @rule(data=st.data())
    def visit(self, data: st.DataObject) -> None:
        who = data.draw(st.sampled_from(sorted(self.shown)))
        self.desk.run(record_visit, study=self.study, participant=who, name="Week 2", started_on="2026-03-02")
        self.look()

    @rule(target=acts, act=acts)
    def undo(self, act: tuple[Id, Any, Any]) -> Any:
        """An undo either puts back exactly what was shown before the act's fields, or refuses and changes nothing."""
        before = self.desk.position()
        shown = dict(self.shown)
        try:
            self.desk.undo(act[0])
        except Told:
            assert self.desk.position() == before
            self.look()
            assert self.shown == shown
            return multiple()
        self.look()
        return self.last()

    @rule()
    def reopen(self) -> None:
        shown = dict(self.shown)
        self.desk = reopened(self.desk)
        assert self.desk.notes == []
        self.look()
        assert self.shown == shown

    def last(self) -> tuple[Id, None, None]:
        from trialdesk.trail.history import change_sets

        return self.desk.read(change_sets, study=self.study, limit=1)[0].id, None, None

    @invariant()
    def numbers_are_claimed_once(self) -> None:
        numbers = [number for number, _age, _sex in self.shown.values()]
        assert len(numbers) == len(set(numbers))


def run(where: Any, examples: int) -> None:
    from hypothesis import HealthCheck, settings
    from hypothesis.stateful import run_state_machine_as_test

    machine = type("Histories", (Histories,), {"where": staticmethod(where)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            settings.default,
            max_examples=examples,
            stateful_step_count=20,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.timeout(1800)
def test_histories_on_sqlite(request: pytest.FixtureRequest):
    run(lambda folder: f"{folder}/study.desk", 200 if request.config.getoption("--long") else 8)


@pytest.mark.timeout(1800)
def test_histories_on_postgres(postgres_server: Server, request: pytest.FixtureRequest):
    from contextlib import ExitStack

    with ExitStack() as stack:

        def where(_folder: str) -> str:
            return postgres_server.url(stack.enter_context(postgres_server.database()))

        run(where, 50 if request.config.getoption("--long") else 3)
