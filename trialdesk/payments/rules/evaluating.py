"""A case evaluated: units, lines and what is reckoned for the study, in their order (steps 2 to 12)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo

from trialdesk.base.values import dataclass
from trialdesk.payments.rules import reasons
from trialdesk.payments.rules.case import Case, LineKey
from trialdesk.payments.rules.documents import Asked, certified_on
from trialdesk.payments.rules.facts import Known, View
from trialdesk.payments.rules.gates import behind_gates, held
from trialdesk.payments.rules.limits import within_ceiling, within_ratio, within_subject_cap
from trialdesk.payments.rules.lines import DUE, EARNED, FAILED, Line, numbered, reckoned
from trialdesk.payments.rules.reasons import reason
from trialdesk.payments.rules.study_level import StudyLine, study_level, subject_lines
from trialdesk.payments.rules.terms import KEEP, PENALTY, Tiers
from trialdesk.payments.rules.units import Contract, Unit, units


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What a case comes to, before its documents, which depend on earlier ones. `lines` are by day.

    `penalties` are the units behind the study's penalties; `errors` say by the id of a fact what is wrong with it.
    """

    lines: tuple[Line, ...]
    study_level: tuple[StudyLine, ...]
    penalties: tuple[Unit, ...]
    errors: Mapping[str, str]

    def asked(self) -> dict[LineKey, Asked]:
        """Return what each line comes to."""
        return {**{line.unit.line: asked_of(line) for line in self.lines}, **asked_of_study(self.study_level)}


def asked_of(line: Line) -> Asked:
    """Return what a line comes to, and its day."""
    return Asked(line.pay, line.unit.day if line.unit.fact else None)


def asked_of_study(rows: Iterable[StudyLine]) -> dict[LineKey, Asked]:
    """Return what each amount that is reckoned for the study comes to."""
    return {each.line: Asked(each.amount, signed=each.rule.kind == PENALTY) for each in rows}


def by_day(line: Line) -> tuple[date, str, str]:
    """Return the place of a line in an answer."""
    return (line.unit.day, *line.unit.line)


class Evaluation:
    """One case, evaluated at as many days and instants as its invoices need; each once.

    `known` are answers that are known already.
    """

    def __init__(self, case: Case, known: Mapping[tuple[date, datetime], Evaluated] | None = None) -> None:
        self.case = case
        self.answers = dict(known or {})

    def __call__(self, as_of: date, known_at: datetime) -> Evaluated:
        """Return what had happened by the end of `as_of` comes to, as it was known at `known_at`."""
        name = as_of, known_at
        if name not in self.answers:
            self.answers[name] = self.evaluated(self.contract(as_of, known_at), self.certified(as_of, known_at))
        return self.answers[name]

    def day_of(self, known_at: datetime) -> date:
        """Return the calendar date of an instant where the case is."""
        return known_at.astimezone(ZoneInfo(self.case.zone)).date()

    def certified(self, as_of: date, known_at: datetime) -> dict[LineKey, date]:
        """Return the day on which each line was certified first."""
        return certified_on(self.case, as_of, self.day_of(known_at))

    def asked_on(self, day: date) -> Mapping[LineKey, Asked]:
        """Return what each line came to at the end of a day."""
        return self(day, _end_of(day)).asked()

    def contract(self, as_of: date, known_at: datetime) -> Contract:
        """Return the terms and facts known at an instant, seen at the end of a day."""
        versions = tuple(terms for terms in self.case.terms if terms.recorded_at <= known_at)
        return Contract(versions, View(Known(self.case.facts, known_at), as_of), self.case.calendars)

    def evaluated(self, contract: Contract, certified: Mapping[LineKey, date]) -> Evaluated:
        """Return what a contract comes to, reckoned anew."""
        found = units(contract)
        lines = self.lines(contract, found.found, certified)
        kept = {line.unit.line: line for line in self._kept(contract, lines, certified)}
        if kept:
            lines = [*(line for line in lines if line.unit.line not in kept), *kept.values()]
            lines.sort(key=_slot)
        lines = self.gated(contract, lines, certified)
        done = self.held(lines, earned_codes(lines))
        penalties = tuple(unit for unit in found.found if unit.rule.kind == PENALTY)
        study = self.study_level(contract, penalties, subject_lines(done), certified)
        return Evaluated(tuple(sorted(done, key=by_day)), study, penalties, found.errors)

    def lines(self, contract: Contract, found: Iterable[Unit], certified: Mapping[LineKey, date]) -> list[Line]:
        """Return units as lines in slot order (steps 4 to 6); penalties make none."""
        # One participant's units after another: the facts they ask for are found close together.
        in_turn = sorted((unit for unit in found if unit.rule.kind != PENALTY), key=lambda unit: unit.subject or "")
        lines = list(reckoned(contract, in_turn, self.case.weights, certified))
        lines.sort(key=_slot)
        if any(isinstance(rule.amount, Tiers) for terms in contract.versions for rule in terms.rules):
            lines = list(numbered(lines))
        return lines

    def gated(self, contract: Contract, lines: Iterable[Line], certified: Mapping[LineKey, date]) -> list[Line]:
        """Return lines in slot order within ratios, caps and the ceiling, and behind gates (steps 7 to 9)."""
        view, exponent = contract.view, self.case.exponent
        limited = within_subject_cap(within_ratio(lines, view), exponent)
        limited = within_ceiling(limited, contract.in_force(view.day, None), exponent)
        return list(behind_gates(limited, view, certified, exponent))

    def held(self, lines: Iterable[Line], earned: frozenset[str]) -> list[Line]:
        """Return lines with what is held of them until a rule is among the `earned` (step 10)."""
        return list(held(lines, earned, self.case.exponent))

    def study_level(
        self, contract: Contract, penalties: Iterable[Unit], total: int, certified: Mapping[LineKey, date]
    ) -> tuple[StudyLine, ...]:
        """Return what is reckoned for the study, where the subjects' lines come to `total` (step 11)."""
        return tuple(study_level(contract, penalties, total, certified, self.case.exponent))

    def keeps(self) -> bool:
        """Say whether any terms let stay what was certified and is lost since."""
        return any(rule.undo == KEEP for terms in self.case.terms for rule in terms.rules)

    def _kept(self, contract: Contract, lines: Sequence[Line], certified: Mapping[LineKey, date]) -> Iterator[Line]:
        """Give the certified lines that are lost since and that their terms let stay, as they were certified."""
        if not certified or not self.keeps():
            return
        now = contract.view.day, contract.view.known.at
        standing = {line.unit.line for line in lines if line.state != FAILED}
        for name, on in certified.items():
            if name in standing or (on, _end_of(on)) == now or not self._may_keep(name[0]):
                continue
            for line in self(on, _end_of(on)).lines:
                if line.unit.line == name and line.unit.rule.undo == KEEP and line.state in DUE:
                    why = line.because(reason(reasons.KEPT, day=on))
                    yield line._replace(state=EARNED, hold=0, released=0, pay=0, why_not_more=why)

    def _may_keep(self, code: str) -> bool:
        rules = (terms.rule(code) for terms in self.case.terms)
        return any(rule is not None and rule.undo == KEEP for rule in rules)


def _slot(line: Line) -> tuple[datetime, date, str, str]:
    """Return the place of a line among those that share a cap."""
    return line.unit.order


def earned_codes(lines: Iterable[Line]) -> frozenset[str]:
    """Return the codes of the rules of which a line is earned in full."""
    return frozenset(line.unit.rule.code for line in lines if line.state == EARNED)


@cache
def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), UTC)
