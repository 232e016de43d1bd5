"""Who supports the study and what is owed: contract, terms of two people, insurance, monthly claims, invoices."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from trialdesk.base.values import dataclass
from trialdesk.commandline.demonstration.cohort import workday
from trialdesk.commandline.demonstration.design import AMENDED_ON
from trialdesk.commandline.demonstration.team import EDDA, INES, NORTH, PI, PRIYA
from trialdesk.commandline.demonstration.telling import Act, Find, Told, act
from trialdesk.contracts.actions.agreeing import activate_terms, draft_terms
from trialdesk.contracts.actions.contracting import (
    activate_contract,
    add_contract,
    execute_contract,
    negotiate_contract,
    send_contract_to_signature,
    take_in_contract,
)
from trialdesk.contracts.actions.insuring import add_insurance
from trialdesk.contracts.actions.parties import add_organisation
from trialdesk.contracts.rules import OF_PROTOCOL
from trialdesk.enrollment.actions import find_consent_invalid
from trialdesk.enrollment.progress import consent_rows
from trialdesk.payments.actions.certifying import (
    accept_certificate,
    attest_certificate,
    certify_certificate,
    prepare_certificate,
    verify_certificate,
)
from trialdesk.payments.actions.deliverables import add_deliverable
from trialdesk.payments.actions.disputing import raise_dispute, resolve_dispute
from trialdesk.payments.actions.invoicing import credit_invoice, issue_invoice
from trialdesk.payments.actions.posting import post_ledger
from trialdesk.payments.actions.receiving import record_receipt, settle_invoice
from trialdesk.payments.queries import InvoiceRow, LineRow, the_invoice
from trialdesk.persistence.reading import Read
from trialdesk.safety.actions.deviations import assess_deviation
from trialdesk.safety.logs import deviations

SUPPORTER = "Larkmoor Therapeutics Ltd"
CONTRACT = "NPUH-S-2025-031"
CURRENCY = "CNY"

TERMS = """\
# Terms between {north} and {supporter}, version {no}.
# Every amount is net, in {currency}; the institution is paid, nobody in person.
currency: {currency}
tax: {{code: VAT6, rate: "0.06", mode: on_top, rounding: half_up, scope: document}}
exhibit:
  payee: institution
  total: "110000.00"              # the milestones below
  fair_market_value: "Faculty's price list of 2025, opinion 25-114"
  consent_names_support: true
terms:
- no: {no}
  effective_from: {since}
  ceiling: "640000.00"            # net, with what is held back
  defaults:
    overhead: {{rate: "0.10", mode: on_top}}
    holdback: {{rate: "0.10", on: [visit], release: LOCK}}
    round: half_up
    late_interest: {{per_day: "0.0002"}}
  rules:
  # Start-up, once a site is open.
  - {{code: START, kind: site_fee, trigger: {{fact: site_activated}}, per: occurrence, amount: {{fixed: "18000.00"}},
     overhead: none, holdback: none, evidence: [activation_letter]}}
  # Visits: whole within the window, half up to ten days off, nothing beyond; less where queries stay open.
{visits}
  # Screening failures: one for every four allocated, and two to begin with.
  - {{code: FAIL, kind: screen_failure, trigger: {{fact: screen_failed}}, per: subject, amount: {{fixed: "900.00"}},
     require: [not voided(subject)], holdback: none,
     ratio: {{x: 1, y: 4, of: randomised_valid, initial: 2, mode: step}}, evidence: [screening_log]}}
  # A participant who was seen to the end, while enough of them stay.
  - {{code: DONE, kind: subject_event, trigger: {{fact: completed}}, per: subject, amount: {{fixed: "1200.00"}},
     require: [not voided(subject)], gates: [STAY], holdback: none, evidence: [visit_record]}}
{more}  # Milestones.
  - {{code: INTERIM, kind: milestone, trigger: {{fact: milestone, name: interim_report}}, per: study,
     amount: {{fixed: "30000.00"}}, overhead: none, holdback: none, evidence: [report]}}
  - {{code: LOCK, kind: milestone, trigger: {{fact: db_locked}}, per: study, amount: {{fixed: "80000.00"}},
     overhead: none, holdback: none, evidence: [lock_minutes]}}
  # Fewer than 84 of 100 stay: what is paid for those seen to the end waits, and shrinks after three month ends.
  gates:
  - {{code: STAY, metric: RET, test: ">= 0.84", min_n: 10, evaluate: month_end,
     on_fail: {{defer: [subject_event], cure_periods: 3, then: {{forfeit: "0.10"}}}}}}
"""
VISIT = """\
  - code: {code}
    kind: visit
    trigger: {{fact: visit_done, visit: {visit}}}
    per: subject
    amount: {{fixed: "{price}"}}
    require: [consent_valid(unit.date), not voided(subject)]
    window: {{days: [-{days}, {days}], outside: {{factor: "0.50", up_to: 10}}, beyond: "0"}}
    grade: [{{of: max_query_days(unit), bands: [[14, "1.00"], [21, "0.90"]], else: "0.75"}}]
    evidence: [visit_record]"""
FORM2 = """\
  # Version 2.0 of the consent form takes longer to explain, to those already in the study and to new ones.
  - {{code: FORM2, kind: subject_event, trigger: {{fact: consent_signed, icf_version: 2}}, per: subject,
     amount: {{fixed: "150.00"}}, holdback: none, require: [exists(randomised)], evidence: [consent_form]}}
"""
PRICES = (
    ("SCR", "Screening", 3, "1400.00", "1400.00"),
    ("BASE", "Baseline", 3, "1100.00", "1100.00"),
    ("W2", "Week 2", 3, "900.00", "1150.00"),
    ("W6", "Week 6", 4, "1300.00", "1300.00"),
    ("W12", "Week 12", 5, "1600.00", "1600.00"),
    ("W16", "Week 16", 7, "1000.00", "1000.00"),
)
"""Code, visit, days of the window, price by the first and by the second version."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One month's claim: the day up to which it asks, when its invoice is paid (None: not yet).

    `fees` is what the bank kept of it, in minor units; `rate` what one of the currency sent was worth, where the payer
    sent another.
    """

    until: date
    paid_on: date | None = None
    invoiced: bool = True
    fees: int = 0
    rate: str = ""


CLAIMS = (
    Claim(date(2025, 12, 31), date(2026, 2, 6)),
    Claim(date(2026, 1, 31), date(2026, 3, 9)),
    Claim(date(2026, 2, 28), date(2026, 4, 10)),
    Claim(date(2026, 3, 31), date(2026, 5, 11), fees=12_000),
    Claim(date(2026, 4, 30), date(2026, 6, 12)),
    Claim(date(2026, 5, 31), date(2026, 7, 10)),
    Claim(date(2026, 6, 30), date(2026, 8, 10), rate="0.9125"),
    Claim(date(2026, 7, 31), date(2026, 9, 11)),
    Claim(date(2026, 8, 31), date(2026, 10, 16)),
    Claim(date(2026, 9, 30)),
    Claim(date(2026, 10, 31), invoiced=False),
)
DISPUTED = "INV-0009"
"""The invoice of which two lines are doubted."""
CORRECTED = "INV-0008"
"""The invoice that a corrected visit makes too high."""
CLAWED, WITHOUT_CONSENT = ("INV-0006", "INV-0007"), "01-023"
"""The invoices that asked for somebody's visits, and whose: an inspection finds that their consent was not valid."""


def terms(no: int, since: date) -> str:
    """Return a version of the terms as people read it."""
    visits = "\n".join(
        VISIT.format(code=code, visit=visit, days=days, price=(first, second)[no - 1])
        for code, visit, days, first, second in PRICES
    )
    more = FORM2.format() if no > 1 else ""
    return TERMS.format(
        no=no, since=since, north=NORTH, supporter=SUPPORTER, currency=CURRENCY, visits=visits, more=more
    )


def agreed() -> Iterator[Act]:
    """Give both parties, the contract's way to its signatures, its terms and the insurance."""
    yield act(
        EDDA,
        date(2025, 6, 27),
        add_organisation,
        keep="north",
        name=NORTH,
        country="CN",
        tax_id="91990100MA0NPUH017",
        address="1 North Pier, Haiqing",
        bank="Harbour Bank, 6222 0000 0000 0017",
    )
    yield act(EDDA, date(2025, 6, 27), add_organisation, keep="larkmoor", name=SUPPORTER, country="CN",
              address="88 Lark Moor Road, Haiqing", tax_id="91990100MA0LARK088")  # fmt: skip
    yield act(
        EDDA,
        date(2025, 6, 30),
        add_contract,
        keep="contract",
        number=CONTRACT,
        kind="support",
        net_days=30,
        supporter="larkmoor",
        institution="north",
        title="Support of the VELA trial with product and money",
        direction="receivable",
        currency=CURRENCY,
        purchase_order="LT-4500-7731",
        ends_on=date(2027, 12, 31),
    )
    yield act(EDDA, date(2025, 7, 1), take_in_contract, contract="contract", intake_from=date(2025, 7, 1))
    yield act(EDDA, date(2025, 7, 7), negotiate_contract, contract="contract", negotiating_from=date(2025, 7, 7))
    yield act(EDDA, date(2025, 8, 25), send_contract_to_signature, contract="contract",
              sent_to_signature_on=date(2025, 8, 25))  # fmt: skip
    yield act(EDDA, date(2025, 9, 22), execute_contract, contract="contract", signed_on=date(2025, 9, 18),
              fully_executed_on=date(2025, 9, 22))  # fmt: skip
    yield act(
        EDDA,
        date(2025, 9, 25),
        add_insurance,
        insurer="Seawall Mutual",
        policy="CT-25-40417",
        limit=500_000_000,
        currency=CURRENCY,
        valid_from=date(2025, 10, 1),
        valid_to=date(2026, 12, 31),
    )
    yield act(EDDA, date(2025, 9, 26), activate_contract, contract="contract", effective_from=date(2025, 10, 1))
    for no, since, drafted in ((1, date(2025, 10, 1), date(2025, 9, 26)), (2, AMENDED_ON, date(2026, 9, 28))):
        amending = {"occasion": OF_PROTOCOL, "protocol_version": "protocol 2.0"} if no > 1 else {}
        yield act(EDDA, drafted, draft_terms, clock="14:00", keep=f"terms {no}", contract="contract",
                  text=terms(no, since), **amending)  # fmt: skip
        yield act(PI, workday(drafted + timedelta(days=1)), activate_terms, clock="16:45", terms_version=f"terms {no}")
    yield act(INES, date(2026, 6, 24), add_deliverable, keep="interim", kind="milestone", occurred_on=date(2026, 6, 22),
              name="interim_report", evidence="Report of 22 June, receipt of the supporter")  # fmt: skip


def claimed() -> Iterator[Act]:
    """Give the monthly claims: prepared, verified, certified by two people, posted, invoiced, and mostly paid."""
    for place, each in enumerate(CLAIMS, 1):
        yield from _claim(f"claim {place}", each)
        if not each.invoiced:
            continue
        number, issued = f"INV-{place:04d}", workday(each.until + timedelta(days=9))
        yield act(EDDA, issued, issue_invoice, clock="10:00", keep=number, contract="contract")
        if each.paid_on is not None:
            yield act(EDDA, each.paid_on, record_receipt, clock="09:30", keep=f"receipt {place}", contract="contract",
                      reference=f"HB-{each.paid_on:%y%m%d}-{place:02d}", value_on=each.paid_on, currency=CURRENCY,
                      amount=_of(number, lambda row, kept=each.fees: _undisputed(row) - kept),
                      fees=each.fees or None, **_sent(number, each))  # fmt: skip
            yield act(EDDA, each.paid_on, settle_invoice, clock="09:40", receipt=f"receipt {place}", invoice=number)


def _sent(number: str, each: Claim) -> dict[str, Any]:
    """Return what left the payer's account in another currency, where it did: it stands beside what arrived."""
    if not each.rate:
        return {}
    return {
        "sent": _of(number, lambda row: round(_undisputed(row) / Decimal(each.rate))),
        "sent_currency": "HKD",
        "exchange": f"1 HKD = {each.rate} {CURRENCY}, advice of Harbour Bank",
    }


def doubted() -> Iterator[Act]:
    """Give what the supporter doubts, one line settled and one not, and the credit notes.

    The first follows a corrected visit. The others claw back what was paid for somebody without a valid consent.
    """
    for name, place, grounds, words in (
        ("evidence", -1, "evidence", "The supporter asks for the visit's record"),
        ("price", -2, "price", "The supporter reckons with the price of another visit"),
    ):
        yield act(EDDA, date(2026, 9, 21), raise_dispute, clock="11:00", keep=f"dispute {name}", currency=CURRENCY,
                  invoice_line=visit_line(DISPUTED, place, lambda line: line.id), raised_on=date(2026, 9, 21),
                  grounds=grounds, words=words,
                  amount=visit_line(DISPUTED, place, lambda line: line.open))  # fmt: skip
    yield act(
        EDDA,
        date(2026, 10, 14),
        resolve_dispute,
        clock="11:00",
        dispute="dispute evidence",
        outcome="upheld",
        resolved_on=date(2026, 10, 14),
        resolution="Record shown to the supporter's monitor; it is owed",
    )
    yield act(EDDA, date(2026, 10, 13), credit_invoice, clock="14:00", invoice=CORRECTED,
              grounds="The day of a visit was corrected; it lies outside its window")  # fmt: skip
    yield act(INES, date(2026, 11, 9), find_consent_invalid, clock="16:00", consent=_consent_of(WITHOUT_CONSENT),
              invalid_found_on=date(2026, 11, 9), voids_participation=True,
              reason="Inspection of 9 November: a relative signed who could not sign for them")  # fmt: skip
    yield act(PI, date(2026, 11, 10), assess_deviation, clock="09:40", deviation=_deviation_of(WITHOUT_CONSENT),
              important=True, impact="The participant's rights; their data are left out of the per-protocol set",
              corrective_action="A second person checks each form on the day; the supporter is credited")  # fmt: skip
    yield act(EDDA, date(2026, 11, 10), post_ledger, clock="10:00", contract="contract")
    for number in CLAWED:
        yield act(EDDA, date(2026, 11, 10), credit_invoice, clock="10:30", invoice=number,
                  grounds=f"Clawed back after the inspection of 9 November: the consent of {WITHOUT_CONSENT} was not "
                  "valid")  # fmt: skip


def _claim(name: str, each: Claim) -> Iterator[Act]:
    prepared, certified = workday(each.until + timedelta(days=3)), workday(each.until + timedelta(days=6))
    yield act(INES, prepared, prepare_certificate, clock="14:00", keep=name, contract="contract", as_of=each.until,
              needs_verification=True, needs_attestation=True)  # fmt: skip
    yield act(EDDA, prepared, post_ledger, clock="14:30", contract="contract")
    if not each.invoiced:
        return
    yield act(PRIYA, workday(prepared + timedelta(days=1)), verify_certificate, clock="15:00", certificate=name)
    yield act(PI, workday(prepared + timedelta(days=1)), attest_certificate, clock="15:30", certificate=name)
    yield act(EDDA, certified, certify_certificate, clock="16:00", certificate=name)
    yield act(EDDA, workday(certified + timedelta(days=2)), accept_certificate, clock="17:00", certificate=name,
              accepted_on=workday(certified + timedelta(days=2)))  # fmt: skip


def visit_line(number: str, place: int, what: Callable[[LineRow], Any]) -> Find:
    """Return what looks up something of one of an invoice's visits, counted as in a list."""
    return _of(number, lambda row: what(_visits(row)[place]))


def open_of(number: str, what: Callable[[LineRow], Any]) -> Find:
    """Return what looks up something of the first line of an invoice that is still open."""
    return _of(number, lambda row: what(next(line for line in row.lines if line.open > 0)))


def _consent_of(identifier: str) -> Find:
    def find(read: Read, told: Told) -> str:
        rows = consent_rows(read, study=told.study, on=date(2026, 11, 9))
        return next(row.id for row in rows if row.identifier == identifier)

    return find


def _deviation_of(identifier: str) -> Find:
    def find(read: Read, told: Told) -> str:
        rows = deviations(read, study=told.study, on=date(2026, 11, 10))
        return next(row.id for row in rows if row.identifier == identifier and row.category == "consent")

    return find


def _of(number: str, what: Any) -> Find:
    """Return what looks up something of an invoice when its act is done."""
    return lambda read, told: what(the_invoice(read, study=told.study, number=number))


def _undisputed(row: InvoiceRow) -> int:
    return sum(line.open for line in row.lines if not line.disputed)


def _visits(row: InvoiceRow) -> list[LineRow]:
    return [line for line in row.lines if line.rule in {code for code, *_rest in PRICES}]
