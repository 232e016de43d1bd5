"""Accountability of the study product, reconciled by batch, with the list of kits and each participant's doses.

From receipt to destruction every unit is accounted for (ICH E6(R3) 2.10.3).
"""

from __future__ import annotations

from collections.abc import Iterator

from trialdesk.base.dates import day_of
from trialdesk.base.i18n import N_, _
from trialdesk.enrollment.stock import CONDITIONS, MOVEMENTS
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports.accountability_facts import Account, Dosed, Kept, Movement, gather
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
        *([] if account.named else [Note(_("What was given is not named: it would tell the arm."), _("Blinded"))]),
        Heading(1, _("Reconciliation by batch")),
        _reconciled(account),
        *_returns(account),
        Heading(1, _("Out of order or out of temperature")),
        _out_of_order(account),
        Heading(1, _("Movements of the product")),
        _moved(account),
        Heading(1, _("Given and returned by participant")),
        _returned(account),
        *sums(_balances(account)),
        Heading(1, _("Places of the list")),
        _master(account),
        *(sums(_checked(account)) if account.holders is not None else []),
        Heading(1, _("Given out by participant")),
        Paragraph(
            _("Who checked each dispensing: not recorded, as a movement names one person; the second signs below."),
            "small",
        ),
        _given(account),
        Heading(1, _("Doses by participant")),
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
    if account.late:
        yield Note(_("Given after its use-by date: {names}.").format(names=", ".join(account.late)), _("Out of date"))


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
    if not account.named:
        for unit in sorted({each.unit for each in account.batches}):
            given = sum(each.moved["given"] for each in account.batches if each.unit == unit)
            with_all = sum(each.given for each in account.kept if each.unit == unit)
            yield Sum(_("{unit} given, and by participant").format(unit=unit), given, (with_all,))
        return
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


def _returns(account: Account) -> Iterator[Block]:
    """Say of what is on hand that some may have come back from participants: no movement tells them apart."""
    held = [each for each in account.batches if each.moved["returned"] and each.on_hand]
    if held:
        lines = [
            _("{batch} at {site}: {returned} returned, {gone} sent back or destroyed, {on_hand} on hand").format(
                batch=each.batch,
                site=each.site,
                returned=each.moved["returned"],
                gone=each.moved["sent_back"] + each.moved["destroyed"],
                on_hand=each.on_hand,
            )
            for each in held
        ]
        yield Note(
            "\n".join(lines), _("What participants returned is on hand until it goes, and is not given out again")
        )


def _out_of_order(account: Account) -> Table:
    words, conditions = dict(MOVEMENTS), dict(CONDITIONS)
    return Table(
        (
            Column(_("Moved on"), names_row=True),
            Column(_("What happened"), 1),
            Column(_("Site")),
            Column(_("Product, batch"), 1.4),
            Column(_("Quantity"), 0, "right"),
            Column(_("State it was in"), 1),
            Column(_("Paper"), 1),
        ),
        [
            (
                day(each.on),
                _(words[each.moved]),
                each.site,
                _product(each),
                f"{each.quantity} {each.unit}",
                _(conditions[each.condition]),
                each.reference or _("not recorded"),
            )
            for each in account.movements
            if each.condition and each.condition != "good"
        ],
        empty=_("No movement is recorded as damaged or out of temperature."),
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
                _product(each) + (f" ({each.kits})" if each.kits else ""),
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


def _product(each: Movement | Kept) -> str:
    """Return product and batch, where they may be named."""
    return f"{each.product}, {each.batch}" if each.product else _("not named")


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
                _product(each),
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
    section="product",
    parameters=(SITE,),
    gather=gather,
    compose=compose,
    unblinds=False,
    about=N_("Every batch reconciled from receipt to destruction; of each participant what was given and taken."),
    tells_day=True,
)
