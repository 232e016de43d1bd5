"""What the next invoice of each contract would ask for, before it has a number: it is never recalled once it has."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.contracts.queries import ContractRow, contracts, named_on
from trialdesk.payments.books import asking
from trialdesk.payments.owed import site_numbers, statement
from trialdesk.payments.queries import invoices
from trialdesk.payments.rules.documents import tax_on
from trialdesk.payments.rules.invoicing import Fall, Rise, spread
from trialdesk.persistence.reading import Read
from trialdesk.trail.position import last_known


@dataclass(frozen=True, slots=True)
class Asked:
    """A line an invoice would ask for or a credit note take back (negative), in minor units; `invoice` is the latter's.

    `site` is the number of the site, where it is paid for what a site did.
    """

    id: str
    rule: str
    unit: str
    on: date | None
    net: int
    tax: int
    invoice: str
    site: str | None


@dataclass(frozen=True, slots=True)
class Askable:
    """A contract with what its next invoice would ask for today, in minor units.

    `credit` is what is to be credited, net; `due_on` when it would be paid, None where the contract names no days.
    """

    id: Id
    version: int
    number: str
    party: str
    currency: str
    net: int
    tax: int
    gross: int
    due_on: date | None
    credit: int
    lines: tuple[Asked, ...]
    credits: tuple[Asked, ...]


def askable(read: Read, *, study: Id, on: date) -> tuple[Askable, ...]:
    """Return each contract of a study with what can be invoiced of it on a day, as known now. Some ten statements each.

    It is what `payments:invoice:issue` would put on the invoice, line by line.
    """
    last = last_known(read, study)
    if last is None:
        return ()
    names, numbers = named_on(read, on=on), site_numbers(read, study=study)
    bills = {each.id: each.number for each in invoices(read, study=study)}
    found = []
    for row in contracts(read, study=study):
        told = statement(read, study=study, contract=row.id, as_of=on, known_at=last[0], certified_only=True)
        rises, falls = asking(read, study=study, found=told)
        sites = {line.unit.line: told.site_of(line, numbers) for line in told.assessment.lines}
        nets = [each.net for each in rises]
        tax = tax_on(nets, told.desk.case.tax)
        shared = zip(rises, spread(tax, nets), strict=True)
        found.append(
            Askable(
                id=row.id,
                version=row.version,
                number=row.number,
                party=names.get(row.supporter, ""),
                currency=row.currency,
                net=sum(nets),
                tax=tax,
                gross=sum(nets) + tax,
                due_on=_due_on(row, on),
                credit=sum(each.net for each in falls),
                lines=tuple(_asked(each, share, sites.get(each.key), bills) for each, share in shared),
                credits=tuple(_asked(each, 0, sites.get(each.key), bills) for each in falls),
            )
        )
    return tuple(found)


def next_invoice(read: Read, *, study: Id, contract: Id, on: date) -> Askable:
    """Return what the next invoice of a contract would ask for. Raises UserError for a contract that is not there."""
    found = next((each for each in askable(read, study=study, on=on) if each.id == contract), None)
    if found is None:
        raise UserError(_("This contract is not on this desk."))
    return found


def _asked(each: Rise | Fall, tax: int, site: str | None, bills: Mapping[Id, str]) -> Asked:
    invoice = bills.get(each.invoice, "") if isinstance(each, Fall) else ""
    return Asked(" ".join((*each.key, invoice)), each.key[0], each.key[1], each.on, each.net, tax, invoice, site)


def _due_on(row: ContractRow, on: date) -> date | None:
    return on + timedelta(days=row.net_days) if row.net_days is not None else None
