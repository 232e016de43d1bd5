"""Accountability of the study product, reconciled by batch, with the list of kits and each participant's doses.

From receipt to destruction every unit is accounted for (ICH E6(R3) 2.10.3). Where arms may not be known, what somebody
took is not named; a movement names the product as its label does.
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
from trialdesk.enrollment.queries.products import MovementRow, PlaceRow, batches, doses, movements, places
from trialdesk.enrollment.stock import CONDITIONS, MOVEMENTS, on_hand
from trialdesk.people.queries import persons
from trialdesk.persistence.reading import Read
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports.cells import NOTHING, day
from trialdesk.reporting.reports.parameters import SITE
from trialdesk.reporting.reports.sums import Sum, sums
from trialdesk.reporting.structure import (
    Block,
    Column,
    Heading,
    Landscape,
    Note,
    Paragraph,
    Signature,
    Signatures,
    Table,
)
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
class Batch:
    """A batch at a site, in its unit: what was moved of it, by what happened, and what is on hand."""

    site: str
    product: str
    batch: str
    unit: str
    expires_on: date | None
    moved: dict[str, int]
    on_hand: int


@dataclass(frozen=True, slots=True)
class Movement:
    """A movement as it was recorded."""

    on: date
    moved: str
    site: str
    product: str
    batch: str
    quantity: int
    unit: str
    kits: str | None
    participant: str | None
    condition: str | None
    reference: str | None
    handled_by: str | None


@dataclass(frozen=True, slots=True)
class Kept:
    """What a participant was given of a batch and returned, in its unit."""

    identifier: str
    product: str
    batch: str
    unit: str
    given: int
    returned: int


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
    batches: tuple[Batch, ...]
    movements: tuple[Movement, ...]
    kept: tuple[Kept, ...]
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
    moved = [row for row in movements(read, study=study) if site in (None, row.site)]
    told = _movements(read, study, moved, on)
    return Account(
        named=named,
        batches=_batches(read, study, moved),
        movements=told,
        kept=_kept(told),
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


def _batches(read: Read, study: Id, moved: list[MovementRow]) -> tuple[Batch, ...]:
    labels = {row.id: row.label for row in sites(read, study=study)}
    found = [
        Batch(
            site=labels[rows[0].site],
            product=rows[0].product,
            batch=rows[0].batch,
            unit=rows[0].unit,
            expires_on=min((row.expires_on for row in rows if row.expires_on), default=None),
            moved={code: sum(row.quantity for row in rows if row.moved == code) for code, _label in MOVEMENTS},
            on_hand=on_hand(rows),
        )
        for rows in batches(moved).values()
    ]
    return tuple(sorted(found, key=lambda each: (each.site, each.product, each.batch)))


def _movements(read: Read, study: Id, moved: list[MovementRow], on: date) -> tuple[Movement, ...]:
    if not moved:
        return ()
    numbers = {row.id: row.number for row in sites(read, study=study)}
    people = {row.id: row.identifier for row in participants(read, study=study, on=on)}
    names = {row.id: row.name for row in persons(read)}
    # A batch is printed as it was first written: it is one, however it was cased or spaced afterwards.
    first = {row.id: rows[0] for rows in batches(moved).values() for row in rows}
    return tuple(
        Movement(
            on=row.moved_on,
            moved=row.moved,
            site=numbers[row.site],
            product=first[row.id].product,
            batch=first[row.id].batch,
            quantity=row.quantity,
            unit=first[row.id].unit,
            kits=row.kits,
            participant=people.get(row.participant) if row.participant else None,
            condition=row.condition,
            reference=row.reference,
            handled_by=names.get(row.handled_by) if row.handled_by else None,
        )
        for row in moved
    )


def _kept(told: tuple[Movement, ...]) -> tuple[Kept, ...]:
    found: dict[tuple[str, str, str, str], dict[str, int]] = {}
    for each in told:
        if each.participant is not None:
            key = each.participant, each.product, each.batch, each.unit
            sums_of = found.setdefault(key, {"given": 0, "returned": 0})
            sums_of[each.moved] += each.quantity
    return tuple(Kept(*key, counts["given"], counts["returned"]) for key, counts in sorted(found.items()))


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
        Landscape(),
        Paragraph(
            _("{used} of {places} places of the list are given out; {doses} doses are recorded.").format(
                used=used, places=sum(each.places for each in account.stocks), doses=len(account.doses)
            ),
            "lead",
        ),
        *_amiss(account),
        Heading(1, _("Reconciliation by batch")),
        _reconciled(account),
        Heading(1, _("Movements of the product")),
        _moved(account),
        Heading(1, _("Given and returned by participant")),
        _returned(account),
        *sums(_balances(account)),
        Heading(1, _("Places of the list")),
        _master(account),
        *(sums(_checked(account)) if account.holders is not None else []),
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
    late = sorted(
        {
            f"{each.participant} ({each.batch})"
            for each in account.movements
            for batch in account.batches
            if each.moved == "given" and (batch.product, batch.batch) == (each.product, each.batch)
            if batch.expires_on is not None and each.on > batch.expires_on
        }
    )
    if late:
        yield Note(_("Given after its use-by date: {names}.").format(names=", ".join(late)), _("Out of date"))


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


def _balances(account: Account) -> Iterator[Sum]:
    """Give what participants hold by batch, as the movements tell it and as the participants' accounts do."""
    names = sorted({(each.product, each.batch, each.unit) for each in account.batches})
    for product, batch, unit in names:
        held = [each for each in account.batches if (each.product, each.batch, each.unit) == (product, batch, unit)]
        with_them = [each for each in account.kept if (each.product, each.batch, each.unit) == (product, batch, unit)]
        if any(each.moved["given"] for each in held):
            yield Sum(
                _("{unit} of batch {batch} given, and by participant").format(unit=unit, batch=batch),
                sum(each.moved["given"] for each in held),
                (sum(each.given for each in with_them),),
            )


def _reconciled(account: Account) -> Table:
    return Table(
        (
            Column(_("Site"), 1.4, names_row=True),
            Column(_("Product, batch"), 1.6),
            Column(_("Use by")),
            Column(_("Counted in")),
            *(Column(_(label), 0, "right") for _code, label in MOVEMENTS),
            Column(_("On hand"), 0, "right"),
        ),
        [
            (
                each.site,
                f"{each.product}, {each.batch}",
                day(each.expires_on),
                each.unit,
                *(str(each.moved[code]) for code, _label in MOVEMENTS),
                str(each.on_hand),
            )
            for each in account.batches
        ],
        empty=_("No movement of the product is recorded: it is kept in the pharmacy's log."),
    )


def _moved(account: Account) -> Table:
    words, conditions = dict(MOVEMENTS), dict(CONDITIONS)
    return Table(
        (
            Column(_("Moved on"), names_row=True),
            Column(_("What happened"), 1),
            Column(_("Site")),
            Column(_("Product, batch"), 1.4),
            Column(_("Quantity"), 0, "right"),
            Column(_("Participant")),
            Column(_("State it was in"), 1),
            Column(_("Paper"), 1),
            Column(_("Handled by"), 1),
        ),
        [
            (
                day(each.on),
                _(words[each.moved]),
                each.site,
                f"{each.product}, {each.batch}" + (f" ({each.kits})" if each.kits else ""),
                f"{each.quantity} {each.unit}",
                each.participant or NOTHING,
                _(conditions[each.condition]) if each.condition else NOTHING,
                each.reference or (NOTHING if each.participant else _("not recorded")),
                each.handled_by or _("not recorded"),
            )
            for each in account.movements
        ],
        empty=_("No movement of the product is recorded."),
    )


def _returned(account: Account) -> Table:
    return Table(
        (
            Column(_("Participant"), 1, names_row=True),
            Column(_("Product, batch"), 2),
            Column(_("Counted in"), 1),
            Column(_("Given"), 0, "right"),
            Column(_("Returned"), 0, "right"),
            Column(_("Taken or kept"), 0, "right"),
        ),
        [
            (
                each.identifier,
                f"{each.product}, {each.batch}",
                each.unit,
                str(each.given),
                str(each.returned),
                str(each.given - each.returned),
            )
            for each in account.kept
        ],
        empty=_("Nothing given to a participant is recorded."),
    )


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
    about=N_("Every batch reconciled from receipt to destruction; of each participant what was given and taken."),
    tells_day=True,
)
