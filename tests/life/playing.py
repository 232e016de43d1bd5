"""Plays the life of a trial step by step, and looks at each act from every side before going on.

Steps are written in the words of the command line, so that the same life can be lived there. Around every act: an
account without the right is refused, a broken rule is refused, nothing is half done; the desk before and after can be
looked up as of then; the act can be taken back and done again, or refuses to be; and the desk proves itself. What is
final is refused under a clock set back, and done once where two windows do it at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa

from tests.support.acts import a_colleague, delegated
from tests.support.desks import OWNER, PASSWORD
from tests.support.windows import at_once, second_window
from trialdesk.application import CATALOGUE, RECORDS, Application, Done
from trialdesk.application.acts import action_named
from trialdesk.base.errors import NotAllowed, Told, UserError
from trialdesk.base.ids import Id
from trialdesk.commandline.words import currency_of, value_of
from trialdesk.overview.finding import find
from trialdesk.overview.recorded import recorded
from trialdesk.people.acting import Action
from trialdesk.people.queries import account_named
from trialdesk.persistence.reading import Read
from trialdesk.studies.queries import studies, the_study

Words = Mapping[str, str]
Dump = dict[str, dict[Id, dict[str, Any]]]

AGAIN = frozenset(
    {
        "people:account:reset_password",
        "people:delegation:end",
        "enrollment:identity:erase",
        "enrollment:code:break",
        "safety:deviation:assess",
    }
)
"""Final acts that may be done again, and so by two windows: the second is as much a step of its own as the first."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One act: who does what with which words. `broken` are words that change it into something a rule forbids.

    A value `{name}` stands for the id an earlier step kept under `keep`. `at` moves the clock first. `denied` names
    the account whose role does not allow it. A `plain` step is only done: another like it was looked at.
    """

    act: str
    who: str = OWNER
    study: str | None = "HARBOUR"
    given: Words = field(default_factory=dict)
    reason: str = ""
    broken: Words | None = None
    refusal: str = ""
    denied: str = "quin"
    keep: str = ""
    at: str = ""
    plain: bool = False


@dataclass(frozen=True)
class Outcome:
    """What was found of one act. Each is empty where all was as it must be, else what was not."""

    denied: str
    broken: str
    as_of: str
    undone: str
    clock: str
    at_once: str


class Player:
    """Lives a life on one desk. `passwords` are those of the accounts that take part."""

    def __init__(self, desk: Application, passwords: Mapping[str, str]) -> None:
        self.desk = desk
        self.passwords = {OWNER: PASSWORD, **passwords}
        self.kept: dict[str, Any] = {}

    def live(self, step: Step) -> Outcome:
        """Do one step and look at it from every side."""
        action = action_named(step.act)
        denied = self._refused(step, step.denied, step.given, NotAllowed, "")
        broken = self._broken(step, action)
        before = self.desk.position()
        was = self.dump()
        clock, at_once = "", ""
        if action.final:
            # A reason is what an act is done with although the clock is behind; an urgent one asks for none.
            excused = action.urgent or step.study is None or step.reason
            clock = "" if excused else self._set_back(step)
            done, at_once = self._twice(step, action)
        else:
            done = self.do(step)
        now = self.dump()
        self.keep(step, done)
        as_of = "" if done.transaction else "nothing was recorded"
        undone = self._undo(action, done, was, now)
        # What one act finds before it is what the last one left: looking at each past once looks at both its sides.
        with self.desk.reading_at(before) as read:
            if dump(read) != was:
                as_of = "the desk as of before the act is not what it was then"
        return Outcome(denied, broken, as_of, undone, clock, at_once)

    def move(self, step: Step) -> None:
        """Set the clock to a step's instant, if it names one."""
        if step.at:
            self.desk.clock.at = datetime.fromisoformat(step.at).replace(tzinfo=UTC)  # type: ignore[attr-defined]

    def do(self, step: Step, *, who: str = "", given: Words | None = None) -> Done:
        """Do a step's act. Raises what the act raises."""
        action = action_named(step.act)
        name = who or step.who
        self._sign_in(name)
        study, values = self._values(action, step.given if given is None else given, step.study)
        return self.desk.run(
            action,
            reason=step.reason,
            signed_with=self.passwords[name] if action.signs else None,
            study=study,
            **values,
        )

    def keep(self, step: Step, done: Done) -> None:
        """Keep what a step made under its name."""
        if step.keep:
            self.kept[step.keep] = done.result

    def engage(self, username: str, role: str) -> None:
        """Give somebody an account and, in every study, a role."""
        self._sign_in(OWNER)
        here = self.desk.read(studies)
        a_colleague(self.desk, here[0].id, role, username, self.passwords[username])
        person = self.desk.read(account_named, username=username).person
        for study in here[1:]:
            delegated(self.desk, study.id, person, role)

    def dump(self) -> Dump:
        """Return every record of the desk as it stands."""
        with self.desk.reading() as read:
            return dump(read)

    def _broken(self, step: Step, action: Action) -> str:
        if action.edit:
            return self._refused(replace(step, reason=" "), step.who, step.given, UserError, "needs a reason")
        if step.broken is None:
            return "no broken rule was tried"
        return self._refused(step, step.who, {**step.given, **step.broken}, Told, step.refusal)

    def _refused(self, step: Step, who: str, given: Words, kind: type[Told], words: str) -> str:
        before = self.desk.position()
        try:
            self.do(step, who=who, given=given)
        except kind as told:
            if words and words not in str(told):
                return f"refused for another cause: {told}"
        else:
            return f"{who} was not refused"
        return "" if self.desk.position() == before else "something was recorded all the same"

    def _set_back(self, step: Step) -> str:
        """Look whether a final act is refused under a clock that is behind what was recorded."""
        clock: Any = self.desk.clock
        right = clock.at
        clock.at = right - timedelta(hours=1)
        try:
            return self._refused(step, step.who, step.given, UserError, "Set the clock right")
        finally:
            clock.at = right

    def _twice(self, step: Step, action: Action) -> tuple[Done, str]:
        """Do a final act in two windows at once; it may be done once only, but for what `AGAIN` names."""
        self._sign_in(step.who)
        study, values = self._values(action, step.given, step.study)
        password = self.passwords[step.who]
        given = {
            "reason": step.reason,
            "signed_with": password if action.signs else None,
            "study": study,
            **values,
        }
        with second_window(self.desk, step.who, password) as other:
            done, second = at_once(self.desk, action, given, other, action, given)
        again = isinstance(second, Done) and second.transaction is not None
        return done, "two windows did it twice" if again and step.act not in AGAIN else ""

    def _undo(self, action: Action, done: Done, was: Dump, now: Dump) -> str:
        assert done.transaction is not None
        if action.final:
            try:
                self.desk.undo(done.transaction)
            except Told:
                return "" if self.dump() == now else "refused to be undone, and changed all the same"
            return "a final act was undone"
        again = self.desk.undo(done.transaction)
        if standing(self.dump()) != standing(was):
            return "undone, the desk is not what it was before"
        assert again.transaction is not None
        self.desk.undo(again.transaction)
        return "" if standing(self.dump()) == standing(now) else "done again, the desk is not what it was after"

    def proven(self) -> bool:
        """Say whether replaying the trail gives the tables."""
        return bool(self.desk.verify().proven)

    def _meant(self, read: Read, words: str) -> str:
        """Return what `{name}` stands for; `{first KIND}` is the oldest record of a kind that stands.

        `{first KIND FIELD}` is the oldest that has something there.
        """
        if not (words.startswith("{") and words.endswith("}")):
            return words
        first, _space, kind = words[1:-1].partition(" ")
        if first != "first" or not kind:
            return str(self.kept[words[1:-1]])
        kind, _space, having = kind.partition(" ")
        own = CATALOGUE[kind].record.TABLE.c
        query = sa.select(own.id).where(~own.voided).order_by(own.id)
        return str(read.value(query.where(own[having].is_not(None)) if having else query))

    def _sign_in(self, who: str) -> None:
        session = self.desk.session
        if session is None or session.account.username != who:
            self.desk.sign_in(who, self.passwords[who])

    def _values(self, action: Action, given: Words, named: str | None) -> tuple[Id | None, dict[str, Any]]:
        asked = {field.name: field for field in action.asks}
        with self.desk.reading() as read:
            study = the_study(read, name=named).id if named else None
            values: dict[str, Any] = {}
            for name, words in given.items():
                text = self._meant(read, words)
                if name == action.subject == "study":
                    assert study is not None
                    values["version"] = recorded(read, kind=action.about, record=study, catalogue=CATALOGUE).version
                elif name == action.subject:
                    values[name] = find(read, record=CATALOGUE[action.about].record, words=text, study=study)
                    if action.edit:
                        values["version"] = recorded(
                            read, kind=action.about, record=values[name], catalogue=CATALOGUE
                        ).version
                else:
                    currency = partial(currency_of, read, action, asked[name], {**given, **values})
                    values[name] = value_of(
                        read, asked[name], text, study=study, today=self.desk.today, currency=currency
                    )
        return study, values


def dump(read: Read) -> Dump:
    """Return every row of every record table by kind and id."""
    return {
        record.KIND: {row.id: dict(row._mapping) for row in read.rows(sa.select(record.TABLE))} for record in RECORDS
    }


def standing(all_: Dump) -> Dump:
    """Return what stands of a dump: no voided record, no count of versions."""
    found: Dump = {}
    for kind, rows in all_.items():
        found[kind] = {
            id_: {name: value for name, value in row.items() if name != "version"}
            for id_, row in rows.items()
            if not row["voided"]
        }
    return found
