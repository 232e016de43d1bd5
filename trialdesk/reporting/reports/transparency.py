"""What supporters gave a study in a year, to be checked before they publish it.

The supporter reports (42 CFR 403.904, and codes of conduct like it); this says what its report should say.
"""

from __future__ import annotations

from datetime import date
from functools import partial

from trialdesk.base.errors import UserError
from trialdesk.base.fields import Field
from trialdesk.base.i18n import N_, _, n_
from trialdesk.base.ids import Id
from trialdesk.base.money import money_text
from trialdesk.base.values import dataclass
from trialdesk.base.written import written_day
from trialdesk.payments.transparency import Transfer, transfers
from trialdesk.persistence.reading import Read
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports.sums import Sum, sums
from trialdesk.reporting.structure import Block, Column, Definitions, Heading, Landscape, Note, Paragraph, Table
from trialdesk.trail.position import last_known

FORMS = {"cash": N_("In cash"), "in_kind": N_("In kind")}
YEAR = Field("text", N_("Year"), name="year", help=N_("A year such as 2026; empty for the year recorded last."))


@dataclass(frozen=True, slots=True)
class Given:
    """What one supporter gave in one currency, in minor units, and how many of its gifts have no value recorded."""

    supporter: str
    currency: str
    cash: int
    in_kind: int
    unvalued: int


@dataclass(frozen=True, slots=True)
class Transparency:
    """The transfers of a year with their sums."""

    year: int
    transfers: tuple[Transfer, ...]
    given: tuple[Given, ...]


def gather(
    read: Read,
    *,
    study: Id,
    on: date,
    site: Id | None = None,  # noqa: ARG001 - a supporter supports the whole study
    as_of: date | None = None,  # noqa: ARG001 - a year is told as it is recorded
    year: str | None = None,
) -> Transparency:
    """Return the transfers of a year. Raises UserError for what is no year. A bounded number of statements."""
    last = last_known(read, study)
    chosen = _year(year) if year else (last[1] if last else on).year
    found = transfers(read, first=date(chosen, 1, 1), last=date(chosen, 12, 31), study=study)
    return Transparency(chosen, found, _given(found))


def _year(text: str) -> int:
    if len(text) == len("2026") and text.isascii() and text.isdigit() and int(text) > 0:
        return int(text)
    raise UserError(_("“{text}” is no year.").format(text=text[:40]), remedy=_("Write it with four digits: 2026."))


def _given(found: tuple[Transfer, ...]) -> tuple[Given, ...]:
    by: dict[tuple[str, str], list[Transfer]] = {}
    for each in found:
        by.setdefault((each.supporter, each.currency), []).append(each)
    return tuple(
        Given(
            supporter,
            currency,
            cash=sum(each.amount or 0 for each in some if each.form == "cash"),
            in_kind=sum(each.amount or 0 for each in some if each.form == "in_kind"),
            unvalued=sum(each.amount is None for each in some),
        )
        for (supporter, currency), some in sorted(by.items())
    )


def compose(told: Transparency) -> list[Block]:
    """Return the year's sums by supporter, and every transfer with what a transparency report names of it."""
    count = len(told.transfers)
    lead = n_("{count} transfer of value in {year}.", "{count} transfers of value in {year}.", count)
    return [
        Landscape(),
        Paragraph(lead.format(count=count, year=told.year), "lead"),
        *_related(told),
        *_unvalued(told),
        Heading(1, _("By supporter")),
        Table(
            (
                Column(_("Supporter"), 3, names_row=True),
                Column(_("In cash"), 1, "right"),
                Column(_("In kind"), 1, "right"),
                Column(_("In all"), 1, "right"),
            ),
            [
                (
                    each.supporter or _("not recorded"),
                    *(_money(amount, each.currency) for amount in (each.cash, each.in_kind, each.cash + each.in_kind)),
                )
                for each in told.given
            ],
            empty=_("Nothing was given in this year."),
        ),
        *sums(_checked(told)),
        Heading(1, _("Every transfer")),
        _transfers(told),
        Paragraph(
            _(
                "Cash stands on its value date, support in kind on the day it arrived. A delayed entry is published at "
                "the latest on the day named: the one agreed, or four years after the transfer."
            ),
            "small",
        ),
    ]


def _related(told: Transparency) -> list[Block]:
    """Return what a transparency report relates the transfers to, which is one for the whole study."""
    if not told.transfers:
        return []
    first = told.transfers[0]
    return [
        Definitions(
            [
                (_("Registry number"), first.registry_number or _("not recorded")),
                (_("Product"), _(", ").join(first.products) or _("not recorded: no product has come to a site")),
            ]
        )
    ]


def _unvalued(told: Transparency) -> list[Block]:
    names = [each.what for each in told.transfers if each.amount is None]
    if not names:
        return []
    return [
        Note(
            _("No value is recorded of {names}: the sums are without them.").format(names=_(", ").join(names)),
            _("Without a value"),
        )
    ]


def _checked(told: Transparency) -> list[Sum]:
    return [
        Sum(
            _("{supporter}: in all = every transfer").format(supporter=given.supporter or _("not recorded")),
            given.cash + given.in_kind,
            tuple(
                each.amount or 0
                for each in told.transfers
                if (each.supporter, each.currency) == (given.supporter, given.currency)
            ),
            partial(_money, currency=given.currency),
        )
        for given in told.given
        if given.currency
    ]


def _transfers(told: Transparency) -> Table:
    return Table(
        (
            Column(_("Date"), names_row=True),
            Column(_("Supporter"), 1.4),
            Column(_("Recipient"), 1.6),
            Column(_("Investigator"), 1.2),
            Column(_("Contract"), 1.2),
            Column(_("Cash or kind"), 0.7),
            Column(_("What was given"), 1.2),
            Column(_("Amount"), 1, "right"),
            Column(_("Published by"), 0.9),
        ),
        [
            (
                written_day(each.on),
                each.supporter or _("not recorded"),
                each.recipient or _("not recorded"),
                each.investigator or _("not recorded"),
                each.contract,
                _(FORMS[each.form]),
                each.what,
                _("not recorded") if each.amount is None else _money(each.amount, each.currency),
                written_day(each.until) if each.until else "–",
            )
            for each in told.transfers
        ],
        empty=_("Nothing was given in this year."),
    )


def _money(amount: int, currency: str) -> str:
    return money_text(amount, currency) if currency else str(amount)


REPORT = Report(
    key="transparency",
    title=N_("Transparency list"),
    audience="sponsor",
    section="money",
    parameters=(YEAR,),
    gather=gather,
    compose=compose,
    about=N_("What supporters gave in a year, in cash and in kind, as their transparency reports should name it."),
)
