"""What beneficiaries got of the receipts, step by step, with what waits and what was paid.

Every amount is an integer of a posted distribution; nothing is reckoned here but sums.
"""

from __future__ import annotations

from datetime import date

from trialdesk.base.fields import Field
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.base.money import money_text
from trialdesk.base.values import dataclass
from trialdesk.base.written import written_day
from trialdesk.payments.sharing.records import BENEFICIARIES, DISTRIBUTIONS, FUND, SUSPENDED_FOR, pool_words
from trialdesk.payments.sharing.statements import (
    PAID,
    PAYABLE,
    SUSPENDED,
    TAKEN_BACK,
    BeneficiaryStatement,
    StatementLine,
    statements,
)
from trialdesk.persistence.reading import Read
from trialdesk.reporting.dates import day_words
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports.amounts import in_words
from trialdesk.reporting.reports.parameters import AS_OF
from trialdesk.reporting.reports.sums import Sum, sums
from trialdesk.reporting.structure import (
    Block,
    Column,
    Definitions,
    Heading,
    NewPage,
    Note,
    Paragraph,
    Signature,
    Signatures,
    Table,
)
from trialdesk.trail.position import last_known

BENEFICIARY = Field("text", N_("Beneficiary"), name="beneficiary", help=N_("Its code; empty for all of them."))
STATES = {
    PAYABLE: N_("Payable"),
    SUSPENDED: N_("In suspense"),
    PAID: N_("Paid"),
    TAKEN_BACK: N_("Taken back"),
}


@dataclass(frozen=True, slots=True)
class Distributed:
    """The facts of the statements, as of a day."""

    as_of: date
    statements: tuple[BeneficiaryStatement, ...]


def gather(
    read: Read,
    *,
    study: Id,
    on: date,
    site: Id | None = None,  # noqa: ARG001 - receipts are the whole study's
    as_of: date | None = None,
    beneficiary: str | None = None,
) -> Distributed:
    """Return the facts of one beneficiary, or of all that had a share. Raises UserError for an unknown code.

    Without a day they are those of the day of the snapshot's last event, so that a past one stays the same for ever.
    """
    day = as_of or (last_known(read, study) or (None, on))[1]
    return Distributed(day, statements(read, study=study, on=day, code=beneficiary))


def compose(told: Distributed) -> list[Block]:
    """Return a statement for each beneficiary: sums, shares, payouts, and a line to sign on."""
    if not told.statements:
        return [Paragraph(_("Nothing was shared out by {day}.").format(day=day_words(told.as_of)), "lead")]
    pages = [_statement(each, told.as_of) for each in told.statements]
    return [*pages[0], *(block for each in pages[1:] for block in (NewPage(), *each))]


def _statement(told: BeneficiaryStatement, as_of: date) -> list[Block]:
    def money(amount: int) -> str:
        return money_text(amount, told.currency)

    lead = _("As of {day}, {due} is due to {name}: {payable} payable, {paid} paid; {suspended} in suspense.").format(
        day=day_words(as_of),
        due=money(told.due),
        name=told.name,
        payable=money(told.payable),
        paid=money(told.paid),
        suspended=money(told.suspended),
    )
    words = in_words(told.due, told.currency) if told.due > 0 else ""
    amounts = tuple(line.amount for line in told.lines)
    return [
        Heading(1, told.name),
        Paragraph(lead, "lead"),
        Definitions(
            [
                (_("Code"), " · ".join((told.code, _(dict(BENEFICIARIES)[told.kind]), told.currency))),
                *([(_("Bank account"), told.bank)] if told.bank else []),
                *([(_("Due, in words"), words)] if words else []),
            ]
        ),
        *_carried(told),
        *sums(
            [
                Sum(_("Shares = payable + in suspense"), sum(amounts), (told.payable, told.suspended), money),
                Sum(_("Payable = paid + due"), told.payable, (told.paid, told.due), money),
            ]
        ),
        Heading(2, _("Shares")),
        _shares(told),
        Heading(2, _("Payouts")),
        _payouts(told),
        Signatures([Signature(_("Seen and agreed"), _("Beneficiary")), Signature(_("Paid out"), _("Finance"))]),
    ]


def _carried(told: BeneficiaryStatement) -> list[Block]:
    if told.due >= 0:
        return []
    words = _("{amount} was paid and taken back since; it is set against the next shares.")
    return [Note(words.format(amount=money_text(-told.due, told.currency)), _("Carried forward"))]


def _shares(told: BeneficiaryStatement) -> Table:
    def money(amount: int) -> str:
        return money_text(amount, told.currency)

    kinds = dict(DISTRIBUTIONS)
    return Table(
        (
            Column(_("Distribution"), 2, names_row=True),
            Column(_("Receipt"), 1.3),
            Column(_("Taken of"), 1.2),
            Column(_("Weight, of"), 1.3, "right"),
            Column(_("Share"), 1.2, "right"),
            Column(_("Posted, state"), 1.3),
        ),
        [
            *(
                (
                    "\n".join((line.number, _(kinds[line.kind]))),
                    f"{line.receipt}\n{written_day(line.received_on)}",
                    f"{line.step}. {pool_words(line.pool)}",
                    f"{_weight(line)}\n{money(line.divided)}",
                    money(line.amount),
                    _state(line),
                )
                for line in told.lines
            ),
            (_("Total"), "", "", "", money(sum(line.amount for line in told.lines)), ""),
        ],
        totals=1,
    )


def _weight(line: StatementLine) -> str:
    return line.weight if line.weights == "1" else f"{line.weight} / {line.weights}"


def _state(line: StatementLine) -> str:
    """Return when a share was posted and its state, with what it waits for or what was warned of."""
    guards = dict(SUSPENDED_FOR)
    said = [written_day(line.posted_on), _(STATES[line.state])]
    if line.state == SUSPENDED and line.suspended_for:
        said.append(_(guards[line.suspended_for]))
    said += [_(guards[each]) for each in (line.warned or "").split(", ") if each]
    return "\n".join(said)


def _payouts(told: BeneficiaryStatement) -> Table:
    def money(amount: int) -> str:
        return money_text(amount, told.currency)

    return Table(
        (
            Column(_("Paid on"), 1, names_row=True),
            Column(_("Bank reference"), 1.6),
            *((Column(_("Project"), 2),) if told.kind == FUND else ()),
            Column(_("Of the receipts"), 3),
            Column(_("Amount"), 1.2, "right"),
        ),
        [
            (
                written_day(each.paid_on),
                each.reference,
                *((each.purpose or "–",) if told.kind == FUND else ()),
                "\n".join(f"{receipt}: {money(amount)}" for receipt, amount in each.drawn) or "–",
                money(each.amount),
            )
            for each in told.payouts
        ],
        empty=_("Nothing was paid yet."),
    )


REPORT = Report(
    key="distribution-statement",
    title=N_("Distribution statement"),
    audience="site",
    section="money",
    parameters=(BENEFICIARY, AS_OF),
    gather=gather,
    compose=compose,
    tells_day=True,
    about=N_("What a beneficiary got of each receipt and why, what waits in suspense and what was paid."),
)
