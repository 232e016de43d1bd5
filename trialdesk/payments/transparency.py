"""What supporters gave in a year, as their transparency reports name it: to check before they publish it.

The supporter reports; here stands what it should say (42 CFR 403.904, and codes of conduct like it).
"""

from __future__ import annotations

from datetime import date
from typing import Literal

import sqlalchemy as sa

from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.contracts.queries import contracts, organisations, successor
from trialdesk.contracts.records import InKind, Particular
from trialdesk.contracts.rules import RECEIVABLE
from trialdesk.enrollment.records import ProductMovement
from trialdesk.payments.queries import receipts
from trialdesk.people.queries import principal_investigator
from trialdesk.persistence.reading import Read
from trialdesk.studies.queries import studies

DELAYED = "delayed_publication"
LONGEST_DELAY = 4
"""Years from the payment after which a delayed entry is published whatever was approved (42 CFR 403.910)."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """One transfer of value: from whom to which institution and investigator, for which study, what and when.

    `amount` is minor units, None where what was given has no value recorded. A delayed one is published at the latest
    on `until`. `products` are those the study's sites have received, which is what a report relates the transfer to.
    """

    id: Id
    supporter: str
    recipient: str
    investigator: str
    study: str
    registry_number: str
    products: tuple[str, ...]
    contract: str
    form: Literal["cash", "in_kind"]
    what: str
    on: date
    amount: int | None
    currency: str
    delayed: bool
    until: date | None


def transfers(read: Read, *, first: date, last: date, study: Id | None = None) -> tuple[Transfer, ...]:
    """Return what supporters gave between two days, both counted, by supporter and day; of one study or all.

    Cash as it was received, support in kind as it arrived. Some nine statements a study.
    """
    parties = {row.id: row for row in organisations(read)}

    def named(party: Id, on: date) -> str:
        """Return who gave on that day: what a company gave before it merged is reported under its own name."""
        row = parties.get(successor(parties, party, on))
        return row.name if row else ""

    found: list[Transfer] = []
    for trial in studies(read):
        if study not in {None, trial.id}:
            continue
        rows = {row.id: row for row in contracts(read, study=trial.id) if row.direction == RECEIVABLE}
        delayed = _delayed(read, trial.id)
        products = _products(read, trial.id)
        given: list[tuple[Id, Id, Literal["cash", "in_kind"], str, date, int | None, str]] = [
            (each.id, each.contract, "cash", each.reference, each.value_on, each.amount, each.currency)
            for each in receipts(read, study=trial.id)
        ]
        own = InKind.TABLE.c
        for each in read.rows(
            sa.select(InKind.TABLE).where(own.study == trial.id, ~own.voided, own.received_on.is_not(None))
        ):
            worth = each.quantity * each.unit_value if each.unit_value is not None else None
            given.append((each.id, each.contract, "in_kind", each.name, each.received_on, worth, each.currency or ""))
        for id_, contract, form, what, on, amount, currency in given:
            row = rows.get(contract)
            if row is None or not first <= on <= last:
                continue
            found.append(
                Transfer(
                    id=id_,
                    supporter=named(row.supporter, on),
                    recipient=named(row.institution or "", on) or trial.sponsor or "",
                    investigator=principal_investigator(read, study=trial.id, on=on) or "",
                    study=trial.short_name,
                    registry_number=trial.registry_number or "",
                    products=products,
                    contract=row.number,
                    form=form,
                    what=what,
                    on=on,
                    amount=amount,
                    currency=currency,
                    delayed=contract in delayed,
                    until=_published(on, delayed[contract]) if contract in delayed else None,
                )
            )
    return tuple(sorted(found, key=lambda each: (each.supporter, each.on, each.id)))


def _products(read: Read, study: Id) -> tuple[str, ...]:
    own = ProductMovement.TABLE.c
    rows = read.rows(sa.select(own.product).where(own.study == study, ~own.voided).distinct().order_by(own.product))
    return tuple(row.product for row in rows)


def _delayed(read: Read, study: Id) -> dict[Id, date | None]:
    own = Particular.TABLE.c
    rows = read.rows(sa.select(own.contract, own.until).where(own.study == study, own.topic == DELAYED, ~own.voided))
    return {row.contract: row.until for row in rows}


def _published(on: date, agreed: date | None) -> date:
    """Return the day by which a delayed transfer is published: as agreed, but within four years."""
    try:
        longest = on.replace(year=on.year + LONGEST_DELAY)
    except ValueError:
        longest = date(on.year + LONGEST_DELAY, 3, 1)
    return min(agreed, longest) if agreed else longest
