"""What is still open in a study when somebody wants to close it: the answer to `trialdesk.studies.rules.CLOSING`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from trialdesk.base.i18n import N_
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.enrollment.queries import ParticipantRow, participants
from trialdesk.ethics.records import Condition, Question
from trialdesk.payments.queries import InvoiceRow, invoices
from trialdesk.payments.records import Certificate
from trialdesk.persistence.declaration import Record
from trialdesk.persistence.reading import Read
from trialdesk.safety.records import AdverseEvent, Deviation, Query
from trialdesk.studies.rules import Open


@dataclass(frozen=True)
class _Seen:
    """A study as it is looked at once: what several counts ask is read when the first of them asks."""

    read: Read
    study: Id
    on: date
    known: Iterable[ParticipantRow] | None
    billed: Iterable[InvoiceRow] | None

    @cached_property
    def states(self) -> Counter[str]:
        """How many participants stand how."""
        known = participants(self.read, study=self.study, on=self.on) if self.known is None else self.known
        return Counter(row.state for row in known)

    @property
    def bills(self) -> Iterable[InvoiceRow]:
        """The study's invoices."""
        return invoices(self.read, study=self.study) if self.billed is None else self.billed


Counts = Callable[[_Seen], int]


@dataclass(frozen=True, slots=True)
class _Asked:
    """One thing that may be open: its words, whether it may stay so, and how it is counted."""

    code: str
    one: str
    many: str
    waivable: bool
    count: Counts


def _standing(*states: str) -> Counts:
    def count(seen: _Seen) -> int:
        return sum(seen.states[state] for state in states)

    return count


def _without(record: type[Record], missing: str, *where: Callable[[Any], sa.ColumnElement[bool]]) -> Counts:
    """Count the records of a study that stand and in which a field is still empty."""

    def count(seen: _Seen) -> int:
        own = record.TABLE.c
        query = (
            sa.select(sa.func.count())
            .select_from(record.TABLE)
            .where(own.study == seen.study, ~own.voided, own[missing].is_(None), *(each(own) for each in where))
        )
        return int(seen.read.value(query))

    return count


def _unpaid(seen: _Seen) -> int:
    return sum(row.open > 0 for row in seen.bills)


_ASKED = (
    _Asked(
        "serious_events",
        "{count} serious adverse event is not reported to the sponsor",
        N_("{count} serious adverse events are not reported to the sponsor"),
        waivable=False,
        count=_without(AdverseEvent, "reported_at", lambda own: own.serious, lambda own: own.aware_at.is_not(None)),
    ),
    _Asked(
        "deviations",
        "{count} deviation is not assessed",
        N_("{count} deviations are not assessed"),
        waivable=True,
        count=_without(Deviation, "assessed_on"),
    ),
    _Asked(
        "queries",
        "{count} data query is open",
        N_("{count} data queries are open"),
        waivable=True,
        count=_without(Query, "closed_on"),
    ),
    _Asked(
        "in_study",
        "{count} participant is still in the study",
        N_("{count} participants are still in the study"),
        waivable=False,
        count=_standing("in study"),
    ),
    _Asked(
        "screening",
        "{count} participant is still in screening",
        N_("{count} participants are still in screening"),
        waivable=True,
        count=_standing("screening"),
    ),
    _Asked(
        "questions",
        "{count} question of an ethics committee is not answered",
        N_("{count} questions of ethics committees are not answered"),
        waivable=True,
        count=_without(Question, "answered_on"),
    ),
    _Asked(
        "conditions",
        "{count} condition of an approval is not met",
        N_("{count} conditions of approvals are not met"),
        waivable=True,
        count=_without(Condition, "met_on"),
    ),
    _Asked(
        "certificates",
        "{count} certificate is prepared and not certified",
        N_("{count} certificates are prepared and not certified"),
        waivable=True,
        count=_without(Certificate, "certified_on"),
    ),
    _Asked(
        "invoices",
        "{count} invoice is not paid",
        N_("{count} invoices are not paid"),
        waivable=True,
        count=_unpaid,
    ),
)


def point_words(code: str, count: int) -> str:
    """Return what is or was open in words, by its code; an unknown code is its own word."""
    for asked in _ASKED:
        if asked.code == code:
            return Open(code, count, asked.one, asked.many, asked.waivable).words
    return f"{code}: {count}"


def open_points(work: Any, *, study: Id, on: date) -> Iterator[Open]:
    """Yield what is open in a study, as it stood before the act. A bounded number of statements."""
    yield from still_open(work.read, study=study, on=on)


def still_open(
    read: Read,
    *,
    study: Id,
    on: date,
    known: Iterable[ParticipantRow] | None = None,
    billed: Iterable[InvoiceRow] | None = None,
) -> Iterator[Open]:
    """Yield what is open in a study on a day: what must be finished first, then what may stay open with grounds.

    Who has read the participants and the invoices already gives them as `known` and `billed`.
    """
    seen = _Seen(read, study, on, known, billed)
    for asked in sorted(_ASKED, key=lambda each: each.waivable):
        if count := asked.count(seen):
            yield Open(asked.code, count, asked.one, asked.many, asked.waivable)
