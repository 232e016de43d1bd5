"""Accountability of the study product: the list of kits, and of each participant what was given (ICH E6(R3) 2.10).

Kits and doses are recorded; receipt, return and destruction are not, and the paper says so. Where arms may not be
known, what was given is not named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from trialdesk.base.dates import PartialDate, day_of
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.enrollment.progress import allocation_rows
from trialdesk.enrollment.queries import participants
from trialdesk.enrollment.queries.products import PlaceRow, doses, places
from trialdesk.persistence.reading import Read
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports.cells import NOTHING, day
from trialdesk.reporting.reports.items import Item, listed
from trialdesk.reporting.reports.parameters import SITE
from trialdesk.reporting.reports.sums import Sum, sums
from trialdesk.reporting.structure import Block, Column, Heading, Note, Paragraph, Signature, Signatures, Table
from trialdesk.studies.queries import sites
from trialdesk.studies.queries import study as study_row


@dataclass(frozen=True, slots=True)
class Stock:
    """The places of the list for a site (None: for all): with a kit, given out, and both."""

    site: str | None
    places: int
    kits: int
    used: int
    left: int


@dataclass(frozen=True, slots=True)
class Given:
    """A participant's place of the list and kit."""

    identifier: str
    allocated_on: date | None
    slot: str | None
    kit: str | None


@dataclass(frozen=True, slots=True)
class Dosed:
    """A constant dose over a period; without `treatment` what it was may not be known."""

    identifier: str
    treatment: str | None
    dose: Decimal | None
    unit: str | None
    frequency: str | None
    started_on: PartialDate | None
    ended_on: PartialDate | None


@dataclass(frozen=True, slots=True)
class Account:
    """The whole account. `named` says whether treatments are named; `twice` are kits given to more than one.

    `holders` are the participants with a place of the list, None where one site is told: a list may be for all.
    """

    named: bool
    holders: int | None
    stocks: tuple[Stock, ...]
    given: tuple[Given, ...]
    doses: tuple[Dosed, ...]
    twice: tuple[str, ...]
    undosed: tuple[str, ...]


def gather(
    read: Read,
    *,
    study: Id,
    on: date,
    site: Id | None = None,
    as_of: date | None = None,  # noqa: ARG001 - it is told as it is recorded
) -> Account:
    """Return the account of a site, or of all. A bounded number of statements."""
    people = {row.id: row for row in participants(read, study=study, on=on, site=site)}
    allocated = allocation_rows(read, study=study)
    named = study_row(read, study=study).arms_known
    dosages = _doses(read, study, {who: row.identifier for who, row in people.items()}, named=named)
    given = tuple(
        Given(person.identifier, row.allocated_on, row.slot, row.kit)
        for person in sorted(people.values(), key=lambda each: each.identifier)
        if (row := allocated.get(person.id))
    )
    kits = Counter(row.kit for row in allocated.values() if row.kit)
    dosed = {each.identifier for each in dosages}
    return Account(
        named=named,
        holders=None if site else sum(row.slot is not None for row in allocated.values()),
        stocks=_stocks(read, study, site, {row.slot for row in allocated.values() if row.slot}),
        given=given,
        doses=dosages,
        twice=tuple(sorted(kit for kit, count in kits.items() if count > 1)),
        undosed=tuple(each.identifier for each in given if each.identifier not in dosed),
    )


def _doses(read: Read, study: Id, people: dict[Id, str], *, named: bool) -> tuple[Dosed, ...]:
    found = [
        Dosed(
            identifier=people[row.participant],
            treatment=row.treatment if named else None,
            dose=row.dose if named else None,
            unit=row.dose_unit if named else None,
            frequency=row.frequency if named else None,
            started_on=row.started_on,
            ended_on=row.ended_on,
        )
        for row in doses(read, study=study)
        if row.participant in people
    ]
    return tuple(sorted(found, key=lambda each: (each.identifier, each.started_on or "")))


def _stocks(read: Read, study: Id, site: Id | None, used: set[str]) -> tuple[Stock, ...]:
    labels = {row.id: row.label for row in sites(read, study=study)}
    by_site: dict[str | None, list[PlaceRow]] = {}
    for row in places(read, study=study):
        if site is None or row.site in (None, site):
            by_site.setdefault(labels.get(row.site or ""), []).append(row)
    return tuple(
        Stock(
            site=label,
            places=len(some),
            kits=sum(row.kit is not None for row in some),
            used=sum(row.number in used for row in some),
            left=sum(row.number not in used for row in some),
        )
        for label, some in sorted(by_site.items(), key=lambda each: each[0] or "")
    )


def compose(account: Account) -> list[Block]:
    """Return the master list with its sums, what is not recorded, and the account of each participant."""
    used = sum(each.used for each in account.stocks)
    return [
        Paragraph(
            _("{used} of {places} places of the list are given out; {doses} doses are recorded.").format(
                used=used, places=sum(each.places for each in account.stocks), doses=len(account.doses)
            ),
            "lead",
        ),
        *_amiss(account),
        Heading(1, _("Master list")),
        _master(account),
        *(sums(_checked(account)) if account.holders is not None else []),
        Heading(1, _("Movements of the product")),
        listed(_movements()),
        Heading(1, _("Given out by participant")),
        _given(account),
        Heading(1, _("Doses by participant")),
        *([] if account.named else [Note(_("What was given is not named: it would tell the arm."), _("Blinded"))]),
        _dosed(account),
        Signatures(
            [
                Signature(_("The account is complete and true"), _("Pharmacist or who keeps the product")),
                Signature(_("I have checked the account"), _("Second person")),
            ]
        ),
    ]


def _checked(account: Account) -> Iterator[Sum]:
    yield Sum(
        _("Participants with a place of the list, and places given out by site"),
        account.holders or 0,
        tuple(each.used for each in account.stocks),
    )


def _amiss(account: Account) -> Iterator[Block]:
    if account.twice:
        yield Note(
            _("These kits are given to more than one participant: {kits}.").format(kits=", ".join(account.twice)),
            _("A kit is given out once"),
        )
    if account.undosed:
        yield Note(
            _("Nothing is recorded as taken by {names}.").format(names=", ".join(account.undosed)),
            _("Given out, no dose recorded"),
        )


def _master(account: Account) -> Table:
    return Table(
        (
            Column(_("Site"), 2, names_row=True),
            Column(_("Places of the list"), 1, "right"),
            Column(_("With a kit"), 1, "right"),
            Column(_("Given out"), 1, "right"),
            Column(_("Left"), 1, "right"),
        ),
        [
            (each.site or _("All sites"), str(each.places), str(each.kits), str(each.used), str(each.left))
            for each in account.stocks
        ],
        empty=_("No list of kits is recorded."),
    )


def _movements() -> Iterator[Item]:
    unkept = _("it is kept in the pharmacy's log")
    for label in (
        _("Product, strength, batch, expiry"),
        _("Received: day, quantity, condition"),
        _("Given out: quantity, by whom"),
        _("Temperature and excursions"),
        _("Returned by participants"),
        _("Returned to the sponsor"),
        _("Destroyed: day, quantity, certificate"),
    ):
        yield Item(label, None, why=unkept)


def _given(account: Account) -> Table:
    kits = any(each.kit for each in account.given)
    return Table(
        (
            Column(_("Participant"), 1, names_row=True),
            Column(_("Allocated on"), 1),
            Column(_("Place of the list"), 1),
            *([Column(_("Kit"), 1)] if kits else []),
        ),
        [
            (
                each.identifier,
                day(each.allocated_on),
                each.slot or NOTHING,
                *([each.kit or _("not recorded")] if kits else []),
            )
            for each in account.given
        ],
        empty=_("Nothing is given out."),
    )


def _dosed(account: Account) -> Table:
    return Table(
        (
            Column(_("Participant"), 1, names_row=True),
            Column(_("Treatment"), 2),
            Column(_("Dose"), 1),
            Column(_("Frequency"), 1),
            Column(_("From")),
            Column(_("Until")),
            Column(_("Days"), 0, "right"),
        ),
        [
            (
                each.identifier,
                each.treatment or NOTHING,
                f"{each.dose.normalize():f} {each.unit or ''}".rstrip() if each.dose is not None else NOTHING,
                each.frequency or NOTHING,
                day(each.started_on),
                day(each.ended_on),
                _days(each),
            )
            for each in account.doses
        ],
        empty=_("No dose is recorded."),
    )


def _days(dose: Dosed) -> str:
    first, last = (day_of(each) if each else None for each in (dose.started_on, dose.ended_on))
    return str((last - first).days + 1) if first and last else NOTHING


REPORT = Report(
    key="accountability",
    title=N_("Accountability of the study product"),
    audience="sponsor",
    parameters=(SITE,),
    gather=gather,
    compose=compose,
    unblinds=False,
    about=N_("Kits of the list, given out and left, and of each participant kit and doses; what is not recorded."),
    tells_day=True,
)
