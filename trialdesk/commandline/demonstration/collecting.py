"""What is done until invoices are paid: the tax office's papers, a bank's fee, a dispute lost, a reminder."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from trialdesk.commandline.demonstration.cohort import workday
from trialdesk.commandline.demonstration.money import CLAIMS, CURRENCY, DISPUTED, open_of, visit_line
from trialdesk.commandline.demonstration.team import EDDA, PI_NAME, own_person
from trialdesk.commandline.demonstration.telling import Act, act
from trialdesk.payments.actions.collecting import record_tax_invoice, remind, write_off
from trialdesk.payments.actions.disputing import raise_dispute, resolve_dispute

GIVEN_UP = 20_000
"""What of a line the hospital gives up, in minor units."""


def collected() -> Iterator[Act]:
    """Give a tax invoice for each invoice, the fee a bank kept, a dispute settled in part, and who was reminded."""
    for place, each in enumerate(CLAIMS, 1):
        if each.invoiced:
            number, on = f"INV-{place:04d}", workday(each.until + timedelta(days=12))
            yield act(EDDA, on, record_tax_invoice, clock="11:30", invoice=number, issued_on=on,
                      number=f"2611200000{40417 + 316 * place:010d}")  # fmt: skip
        if each.fees:
            assert each.paid_on is not None
            yield act(EDDA, each.paid_on + timedelta(days=3), write_off, clock="11:00",
                      invoice_line=open_of(f"INV-{place:04d}", lambda line: line.id), currency=CURRENCY,
                      written_off_on=each.paid_on + timedelta(days=3), grounds="fees",
                      amount=open_of(f"INV-{place:04d}", lambda line: line.open),
                      words="The bank kept its fee; too little to ask for again (Edda)")  # fmt: skip
    of = visit_line(DISPUTED, -3, lambda line: line.id)
    yield act(EDDA, date(2026, 9, 22), raise_dispute, clock="11:00", keep="dispute reading", currency=CURRENCY,
              invoice_line=of, raised_on=date(2026, 9, 22), grounds="price",
              words="The supporter pays no second reading of one spirometry",
              amount=visit_line(DISPUTED, -3, lambda line: line.open))  # fmt: skip
    yield act(EDDA, date(2026, 10, 14), resolve_dispute, clock="11:20", dispute="dispute reading", outcome="part",
              conceded=GIVEN_UP, resolved_on=date(2026, 10, 14),
              resolution="The visit is owed, the second reading is given up")  # fmt: skip
    yield act(EDDA, date(2026, 10, 15), write_off, clock="09:20", invoice_line=of, currency=CURRENCY,
              written_off_on=date(2026, 10, 15), grounds="dispute", amount=GIVEN_UP,
              words=f"As settled with the supporter on 14 October; agreed by {PI_NAME}")  # fmt: skip
    yield act(
        EDDA,
        date(2026, 11, 17),
        remind,
        clock="10:10",
        invoice=f"INV-{10:04d}",
        reminded_on=date(2026, 11, 17),
        whom="Accounts payable",
        said="It is approved and goes into the payment run of the week.",
        next_action="Look for the money, else write to the head of accounts",
        next_on=date(2026, 11, 27),
        owner=own_person,
    )
