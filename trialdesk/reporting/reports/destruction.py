"""Certificate of destruction: what of the study product was destroyed when, by whom, on which paper.

Destruction is documented and each unit of it accounted for (ICH E6(R3) 2.10.3 and 3.15.3; 21 CFR 312.59). Who
authorised it, how it was done and who looked on has no place in the record: the lines are there to be signed on paper.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from trialdesk.base.i18n import N_, _, n_
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.enrollment.stock import CONDITIONS
from trialdesk.persistence.reading import Read
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports import accountability_facts
from trialdesk.reporting.reports.accountability_facts import Batch, Movement
from trialdesk.reporting.reports.cells import day
from trialdesk.reporting.reports.items import Item, listed
from trialdesk.reporting.reports.parameters import SITE
from trialdesk.reporting.reports.sums import Sum, sums
from trialdesk.reporting.structure import Block, Column, Heading, Landscape, Paragraph, Signature, Signatures, Table

DESTROYED = "destroyed"


@dataclass(frozen=True, slots=True)
class Destroyed:
    """What was destroyed, and the batches it was destroyed of with all that was moved of them."""

    movements: tuple[Movement, ...]
    batches: tuple[Batch, ...]


def gather(
    read: Read,
    *,
    study: Id,
    on: date,
    site: Id | None = None,
    as_of: date | None = None,  # noqa: ARG001 - it is told as it is recorded
) -> Destroyed:
    """Return what was destroyed at a site, or at all. A bounded number of statements."""
    account = accountability_facts.gather(read, study=study, on=on, site=site)
    return Destroyed(
        tuple(each for each in account.movements if each.moved == DESTROYED),
        tuple(each for each in account.batches if each.moved[DESTROYED]),
    )


def compose(told: Destroyed) -> list[Block]:
    """Return what was destroyed with its sums, what the record has no place for, and the lines to sign."""
    count = len(told.movements)
    lead = n_("{count} destruction is recorded.", "{count} destructions are recorded.", count)
    return [
        Landscape(),
        Paragraph(lead.format(count=count), "lead"),
        Heading(1, _("What was destroyed")),
        _movements(told),
        *sums(_checked(told)),
        Heading(1, _("Batches it was destroyed of")),
        _batches(told),
        Heading(1, _("How it was done")),
        listed(_items(told)),
        Signatures(
            [
                Signature(_("I destroyed this product, or handed it over to be destroyed"), _("Pharmacist")),
                Signature(_("I witnessed it"), _("Second person")),
                Signature(_("The destruction was authorised"), _("Sponsor")),
            ]
        ),
    ]


def _movements(told: Destroyed) -> Table:
    conditions = dict(CONDITIONS)
    return Table(
        (
            Column(_("Destroyed on"), names_row=True),
            Column(_("Site")),
            Column(_("Product, batch"), 1.6),
            Column(_("Kit numbers"), 1.2),
            Column(_("Quantity"), 0, "right"),
            Column(_("State it was in"), 1),
            Column(_("Paper"), 1.2),
            Column(_("Handled by"), 1.2),
        ),
        [
            (
                day(each.on),
                each.site,
                f"{each.product}, {each.batch}",
                each.kits or _("not recorded"),
                f"{each.quantity} {each.unit}",
                _(conditions[each.condition]) if each.condition else _("not recorded"),
                each.reference or _("not recorded"),
                each.handled_by or _("not recorded"),
            )
            for each in told.movements
        ],
        empty=_("Nothing was destroyed."),
    )


def _checked(told: Destroyed) -> Iterator[Sum]:
    for unit in sorted({each.unit for each in told.batches}):
        yield Sum(
            _("{unit} destroyed, and by batch").format(unit=unit),
            sum(each.quantity for each in told.movements if each.unit == unit),
            tuple(each.moved[DESTROYED] for each in told.batches if each.unit == unit),
        )


def _batches(told: Destroyed) -> Table:
    return Table(
        (
            Column(_("Site"), 1.4, names_row=True),
            Column(_("Product, batch"), 1.6),
            Column(_("Use by")),
            Column(_("Counted in")),
            Column(_("Received"), 0, "right"),
            Column(_("Returned by a participant"), 0, "right"),
            Column(_("Destroyed"), 0, "right"),
            Column(_("On hand"), 0, "right"),
        ),
        [
            (
                each.site,
                f"{each.product}, {each.batch}",
                day(each.expires_on) if each.expires_on else _("not recorded"),
                each.unit,
                str(each.moved["received"]),
                str(each.moved["returned"]),
                str(each.moved[DESTROYED]),
                str(each.on_hand),
            )
            for each in told.batches
        ],
        empty=_("Nothing was destroyed."),
    )


def _items(_told: Destroyed) -> Iterator[Item]:
    why = _("the record of a movement has no place for it; it stands on the paper named")
    yield Item(_("Method of destruction"), None, why=why)
    yield Item(_("Place of destruction"), None, why=why)
    yield Item(_("Authorised by and on"), None, why=why)
    yield Item(_("Witness"), None, why=why)


def lacks(told: Destroyed) -> tuple[str, ...]:
    """Return what must be recorded before the certificate is final: a destruction, and of each its paper and person."""
    if not told.movements:
        return (_("Nothing was destroyed."),)
    found = []
    for each in told.movements:
        for label, value in ((_("Paper"), each.reference), (_("Handled by"), each.handled_by)):
            if not value:
                found.append(
                    _("{batch} of {day}: {label} is not recorded").format(
                        batch=each.batch or "", day=day(each.on), label=label
                    )
                )
    return tuple(found)


REPORT = Report(
    key="destruction",
    title=N_("Certificate of destruction"),
    audience="sponsor",
    section="product",
    parameters=(SITE,),
    gather=gather,
    compose=compose,
    open_items=lacks,
    unblinds=False,
    tells_day=True,
    about=N_("What of the product was destroyed when, by whom and on which paper, with the lines to sign it on."),
)
