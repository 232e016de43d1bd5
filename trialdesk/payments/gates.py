"""The gates of a study's contracts: what each measures, how it stood at every month end, and who is counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.contracts.queries import ContractRow, contracts
from trialdesk.payments.owed import statement
from trialdesk.payments.rules.assess import Assessment
from trialdesk.payments.rules.facts import Known, View
from trialdesk.payments.rules.gates import month_end, passes
from trialdesk.payments.rules.lines import GATED
from trialdesk.payments.rules.metrics import counted, metric
from trialdesk.payments.rules.terms import Gate, Terms
from trialdesk.payments.rules.wording import comparison_words
from trialdesk.persistence.reading import Read
from trialdesk.trail.position import last_known


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a gate stood at the end of a month, or of the day asked about. Below `min_n` it passes for now."""

    id: str
    on: date
    numerator: int
    denominator: int
    passes: bool


@dataclass(frozen=True, slots=True)
class GateRow:
    """A gate of the terms in force, with its verdicts, latest first, and whom it counts today.

    `numerator` and `denominator` are None for a metric that is only reported as two numbers. `waiting` is what its
    closed state holds back, in minor units.
    """

    id: str
    version: int
    contract: str
    code: str
    metric: str
    test: str
    min_n: int
    cure_periods: int | None
    forfeit: str | None
    currency: str
    waiting: int
    verdicts: tuple[Verdict, ...]
    numerator: tuple[str, ...] | None
    denominator: tuple[str, ...] | None

    @property
    def title(self) -> str:
        """What it is called."""
        return f"{self.contract} · {self.code}"

    @property
    def now(self) -> Verdict:
        """How it stands today."""
        return self.verdicts[0]


def gates(read: Read, *, study: Id, on: date) -> tuple[GateRow, ...]:
    """Return the gates of a study's contracts on a day, as known now. Some statements a contract."""
    last = last_known(read, study)
    if last is None:
        return ()
    found: list[GateRow] = []
    for row in contracts(read, study=study):
        told = statement(read, study=study, contract=row.id, as_of=on, known_at=last[0]).assessment
        found += gates_of(row, told, on)
    return tuple(found)


def gates_of(contract: ContractRow, told: Assessment, on: date) -> list[GateRow]:
    """Return the gates of a contract's terms in force on a day, as an assessment knows them."""
    in_force = [terms for terms in told.case.terms if terms.effective_from <= on]
    newest = max(in_force, key=lambda terms: (terms.effective_from, terms.recorded_at, terms.no), default=None)
    if newest is None:
        return []
    view = View(Known(told.case.facts, told.known_at), on)
    held = {
        gate.code: sum(line.earned for line in told.lines if line.state == GATED and gate.code in line.unit.rule.gates)
        for gate in newest.gates
    }
    return [
        _row(contract, gate, view, since=_since(told.case.terms, gate), waiting=held[gate.code])
        for gate in newest.gates
    ]


def _since(versions: Iterable[Terms], gate: Gate) -> date:
    """Return from when the terms have had this gate, as it is now."""
    return min(terms.effective_from for terms in versions if gate in terms.gates)


def _row(contract: ContractRow, gate: Gate, view: View, *, since: date, waiting: int) -> GateRow:
    members = counted(gate.metric, view)
    return GateRow(
        id=f"{contract.number} {gate.code}",
        version=0,
        contract=contract.number,
        code=gate.code,
        metric=gate.metric,
        test=comparison_words(gate.test, share=True),
        min_n=gate.min_n,
        cure_periods=gate.cure_periods,
        forfeit=str(gate.forfeit) if gate.forfeit is not None else None,
        currency=contract.currency,
        waiting=waiting,
        verdicts=tuple(_verdict(gate, view.on(day)) for day in _days(since, view.day)),
        numerator=tuple(sorted(members.numerator)) if members else None,
        denominator=tuple(sorted(members.denominator)) if members else None,
    )


def _days(since: date, today: date) -> Iterator[date]:
    """Give today, then the month ends before it back to the beginning of the terms."""
    yield today
    end = today.replace(day=1) - timedelta(days=1)
    while end >= since:
        yield month_end(end)
        end = end.replace(day=1) - timedelta(days=1)


def _verdict(gate: Gate, view: View) -> Verdict:
    found = metric(gate.metric, view)
    return Verdict(view.day.isoformat(), view.day, found.numerator, found.denominator, passes(gate, view))
