"""A certificate of what was achieved: each deliverable as the terms word it, with conditions and evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction

from trialdesk.base.fields import Field
from trialdesk.base.i18n import N_, _, language
from trialdesk.base.ids import Id
from trialdesk.base.money import money_text
from trialdesk.base.written import written_day
from trialdesk.payments.achievement import Achieved, Achievement, achievement
from trialdesk.payments.gates import GateRow
from trialdesk.payments.rules.certifying import CertifiedLine
from trialdesk.payments.rules.wording import NAMES, unit_words
from trialdesk.payments.rules.wording import told as told_value
from trialdesk.persistence.reading import Read
from trialdesk.reporting.dates import day_words, moment
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports.sums import Sum, sums
from trialdesk.reporting.structure import (
    Block,
    Column,
    Definitions,
    Heading,
    Paragraph,
    Signature,
    Signatures,
    Table,
)

CERTIFICATE = Field(
    "text", N_("Certificate number"), name="number", help=N_("Empty for the certificate prepared last.")
)
STATES = {
    "prepared": N_("Prepared"),
    "verified": N_("Verified"),
    "attested": N_("Attested"),
    "certified": N_("Certified"),
    "accepted": N_("Accepted"),
}


def gather(
    read: Read,
    *,
    study: Id,
    on: date,  # noqa: ARG001 - a certificate tells what was known when it was prepared
    site: Id | None = None,  # noqa: ARG001 - a contract holds for the whole study
    number: str | None = None,
    as_of: date | None = None,  # noqa: ARG001 - a certificate tells its own day
) -> Achievement | None:
    """Return the facts, None for a study without a certificate. Raises UserError for a number that none has."""
    return achievement(read, study=study, number=number)


def compose(told: Achievement | None) -> list[Block]:
    """Return the certificate: sums, each deliverable with its conditions and evidence, gates, who stands behind it."""
    if told is None:
        return [Paragraph(_("No certificate has been prepared."), "lead")]

    def money(amount: int) -> str:
        return money_text(amount, told.currency)

    lines = [line for each in told.achieved for line in each.lines]
    amount, held, pay = (_sum(lines, name) for name in ("line", "hold", "pay"))
    lead = _("{amount} was achieved under contract {contract} by {day}: {pay} payable, {held} held back.").format(
        amount=money(amount), contract=told.contract, day=day_words(told.as_of), pay=money(pay), held=money(held)
    )
    return [
        Paragraph(lead, "lead"),
        Definitions(list(_head(told))),
        *sums(
            [
                Sum(_("Achieved = payable + held back"), amount, (pay, held), money),
                Sum(
                    _("Achieved = the deliverables together"),
                    amount,
                    tuple(_sum(each.lines, "line") for each in told.achieved),
                    money,
                ),
            ]
        ),
        *(block for each in told.achieved for block in _deliverable(each, told.currency)),
        *_gates(told.gates),
        Heading(1, _("Who stands behind it")),
        Paragraph(
            _("Prepared by {name} on {day}. Nobody certifies what they prepared.").format(
                name=told.prepared_by, day=written_day(told.prepared_on)
            )
        ),
        Signatures([*_signed(told), _acceptance(told)]),
    ]


def _head(told: Achievement) -> Iterator[tuple[str, str]]:
    yield _("Certificate"), told.number
    yield _("State"), _(STATES[told.state])
    yield _("Contract"), f"{told.contract}\n{told.title}" if told.title else told.contract
    if told.our_party:
        yield _("Our party"), told.our_party
    yield _("Other party"), told.other_party
    yield _("Versions of the terms"), ", ".join(str(no) for no in sorted({each.terms for each in told.achieved}))
    yield _("What had happened by"), written_day(told.as_of)
    yield _("As known at"), moment(told.known_at, "UTC", seconds=False)
    yield _("Evaluator"), told.engine
    yield _("SHA-256 of the lines"), told.sha256
    if told.accepted_on:
        yield _("Accepted on"), written_day(told.accepted_on)
    elif told.deemed_on:
        yield (
            _("Deemed accepted on"),
            _("{day}, unless it is objected to before").format(day=written_day(told.deemed_on)),
        )


def _sum(lines: Iterable[CertifiedLine], name: str) -> int:
    return sum(getattr(line, name) for line in lines)


def _deliverable(each: Achieved, currency: str) -> Iterator[Block]:
    def money(amount: int) -> str:
        return money_text(amount, currency)

    yield Heading(1, _("{rule}, version {terms} of the terms").format(rule=each.rule, terms=each.terms))
    if wording := each.wording.get(language()):
        yield Definitions([(" ".join(name.split()), words) for name, words in wording])
    yield Table(
        (
            Column(_("Unit"), 1.6, names_row=True),
            Column(_("Date"), 1),
            Column(_("Factor"), 0.6, "right"),
            Column(_("Achieved"), 1.2, "right"),
            Column(_("Held back"), 1.2, "right"),
            Column(_("Payable"), 1.2, "right"),
        ),
        [
            *(
                (
                    unit_words(line.unit),
                    written_day(line.on) if line.on else "–",
                    told_value(Fraction(factor)),
                    money(line.line),
                    money(line.hold),
                    money(line.pay),
                )
                for line, factor in zip(each.lines, each.factors, strict=True)
            ),
            (
                _("Total"),
                "",
                "",
                *(money(sum(getattr(line, name) for line in each.lines)) for name in ("line", "hold", "pay")),
            ),
        ],
        totals=1,
    )
    if each.conditions:
        yield Table(
            (
                Column(_("Condition of payment"), 4, names_row=True),
                Column(_("Value found"), 1.2),
                Column(_("Holds"), 1.2),
            ),
            [
                (
                    condition.said.get(language(), ""),
                    _found(condition.least, condition.most),
                    _("{count} of {all}").format(count=condition.true, all=condition.of),
                )
                for condition in each.conditions
            ],
            _("Conditions, and for how many of the lines each holds"),
        )
    if each.measures:
        yield Table(
            (Column(_("Measure"), 4, names_row=True), Column(_("Value found"), 2.4)),
            [(measure.said.get(language(), ""), _found(measure.least, measure.most)) for measure in each.measures],
            _("What the factors are read from, the least and the most of the lines"),
        )
    if each.facts:
        yield Table(
            (
                Column(_("What happened"), 2, names_row=True),
                Column(_("Date"), 1),
                Column(_("Recorded by"), 1.4),
                Column(_("Recorded at"), 1.6),
            ),
            [
                (
                    _(NAMES.get(fact.kind, fact.kind)),
                    written_day(fact.occurred_on),
                    fact.recorded_by or _("not recorded"),
                    moment(fact.recorded_at, "UTC", seconds=False),
                )
                for fact in each.facts
            ],
            _("Facts"),
        )
    if each.proofs:
        yield Table(
            (Column(_("Document"), 2, names_row=True), Column(_("File name"), 1.6), Column("SHA-256", 3)),
            [(proof.title, proof.file_name, proof.sha256) for proof in each.proofs],
            _("Evidence attached"),
        )


def _found(least: str | None, most: str | None) -> str:
    if least is None or most is None:
        return "–"
    first, last = told_value(Fraction(least)), told_value(Fraction(most))
    return first if first == last else _("{first} to {last}").format(first=first, last=last)


def _gates(rows: tuple[GateRow, ...]) -> Iterator[Block]:
    if not rows:
        return
    yield Heading(1, _("Gates"))
    yield Table(
        (
            Column(_("Gate"), 0.8, names_row=True),
            Column(_("Measures"), 2.4),
            Column(_("Passes while"), 1),
            Column(_("Numerator / denominator"), 1.2, "right"),
            Column(_("State"), 1),
        ),
        [
            (
                row.code,
                _(NAMES.get(row.metric, row.metric)),
                row.test,
                f"{row.now.numerator} / {row.now.denominator}",
                _("Passes") if row.now.passes else _("Holds back"),
            )
            for row in rows
        ],
    )


def _signed(told: Achievement) -> Iterator[Signature]:
    for each in told.signatures:
        meaning = _(each.meaning) if each.stands else _("{meaning} (changed since)").format(meaning=_(each.meaning))
        yield Signature(meaning, "", each.name, each.signed_at, "UTC")


def _acceptance(told: Achievement) -> Signature:
    return Signature(_("Accepted for the other party"), told.other_party)


def open_points(told: Achievement | None) -> tuple[str, ...]:
    """Return what must be there before it is final: that it is certified."""
    certified = told is not None and told.state in {"certified", "accepted"}
    return () if certified else (_("It is not certified yet."),)


REPORT = Report(
    key="milestone-certificate",
    title=N_("Certificate of achievement"),
    audience="sponsor",
    section="money",
    parameters=(CERTIFICATE,),
    each="certificate",
    gather=gather,
    compose=compose,
    tells_day=True,
    open_items=open_points,
    about=N_("What a certificate vouches for: deliverables as agreed, conditions with verdicts, evidence, signatures."),
)
