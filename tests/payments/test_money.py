"""From a statement to money received: ledger, certificates of two people, invoices, credits, receipts, disputes."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from tests.payments.playing import SECOND, Trial, at, edit, on
from tests.support.acts import a_colleague
from tests.support.desks import PASSWORD
from trialdesk.application import Application
from trialdesk.application.stages import CATALOGUE
from trialdesk.base.errors import NotAllowed, Told, UserError
from trialdesk.base.i18n import set_language
from trialdesk.contracts.actions.contracting import terminate_contract
from trialdesk.contracts.records import Contract
from trialdesk.documents.actions import void_document
from trialdesk.documents.queries import documents
from trialdesk.enrollment import records as enrollment
from trialdesk.overview.money import money
from trialdesk.payments.actions.certifying import (
    accept_certificate,
    certify_certificate,
    prepare_certificate,
    verify_certificate,
    withdraw_certificate,
)
from trialdesk.payments.actions.collecting import record_tax_invoice, remind, void_write_off, write_off
from trialdesk.payments.actions.disputing import raise_dispute, resolve_dispute
from trialdesk.payments.actions.invoicing import credit_invoice, issue_invoice
from trialdesk.payments.actions.posting import post_ledger
from trialdesk.payments.actions.receiving import (
    allocate_receipt,
    correct_receipt,
    record_receipt,
    settle_invoice,
    void_allocation,
    void_receipt,
)
from trialdesk.payments.billing import bill
from trialdesk.payments.books import reconciled
from trialdesk.payments.owed import statement
from trialdesk.payments.queries import certificates, disputes, entries, invoices, posted, receipts, the_invoice
from trialdesk.payments.records import Allocation, Certificate, Entry, Invoice
from trialdesk.payments.rules.ledger import postings
from trialdesk.payments.rules.wording import EVIDENCE, evidence_words
from trialdesk.payments.why import why
from trialdesk.people.signing import signatures
from trialdesk.reporting.reports import ageing, payment_statement, reconciliation
from trialdesk.trail.replay import rebuild

TERMS = """
case: HARBOUR
contract: C-1
supporter: Acme
direction: receivable
currency: CNY
tax: {code: VAT6, rate: "0.06", mode: on_top, rounding: half_up, scope: document}
terms:
- no: 1
  effective_from: 2026-01-01
  recorded_at: 2026-01-01T00:00:00Z
  defaults: {overhead: {rate: "0.10", mode: on_top}, holdback: {rate: "0.10", on: [visit], release: HB}}
  rules:
  - {code: V2, kind: visit, trigger: {fact: visit_done, visit: V2}, amount: {fixed: "1500.00"},
     require: ["not voided(subject)"], evidence: [crf]}
  - {code: HB, kind: milestone, trigger: {fact: report_signed}, per: study, amount: {fixed: "0.00"}, overhead: none,
     holdback: none, evidence: [report]}
"""
MILESTONE = """
  - {code: LOCK, kind: milestone, trigger: {fact: milestone, name: lock}, per: study, amount: {fixed: "900.00"},
     holdback: none, evidence: [lock_minutes, certificate]}
"""
VISIT = 148500
"""What is paid of a visit while its tenth is held."""


@pytest.fixture
def trial(desk: Application) -> Trial:
    made = Trial(desk)
    at(desk, on("2026-03-01"))
    made.load(TERMS)
    for number in ("001", "002"):
        made.happened(number, "V2", "2026-02-20")
    return made


def run(trial: Trial, action: Any, **arguments: Any) -> Any:
    return trial.desk.run(action, study=trial.study, **arguments).result


def prepared(trial: Trial, **more: Any) -> str:
    made: str = run(trial, prepare_certificate, contract=trial.contract, as_of=trial.desk.today, **more)
    return made


def sums(trial: Trial) -> tuple[Any, Any]:
    """Give the ledger's sums by key and component, and the assessment's."""
    found = trial.owed()
    name = found.desk.case.name
    told: dict[Any, int] = {}
    for each in trial.desk.read(posted, contract=trial.contract, name=name):
        told[each.key, each.component] = told.get((each.key, each.component), 0) + each.amount
    return (
        {key: amount for key, amount in told.items() if amount},
        {(each.key, each.component): each.amount for each in postings(found.assessment)},
    )


def test_the_ledger_is_posted_once_and_follows_every_change(trial: Trial):
    assert run(trial, post_ledger, contract=trial.contract) == 6
    assert run(trial, post_ledger, contract=trial.contract) == 0
    assert sums(trial)[0] == sums(trial)[1]
    visit = trial.happened("003", "V2", "2026-02-21")
    run(trial, post_ledger, contract=trial.contract)
    edit(trial.desk, trial.study, enrollment.Visit, visit, voided=True)
    run(trial, post_ledger, contract=trial.contract)
    assert sums(trial)[0] == sums(trial)[1]
    rows = trial.desk.read(entries, contract=trial.contract)
    first, second = (row for row in rows if row.unit == "003/V2" and row.component == "base")
    assert (first.amount, second.amount, second.reverses) == (150000, -150000, first.id)
    assert {row.engine for row in rows} == {trial.owed().assessment.engine}


def test_what_is_posted_is_final_whichever_way(trial: Trial):
    done = trial.desk.run(post_ledger, study=trial.study, contract=trial.contract)
    with pytest.raises(UserError, match="cannot be taken back"):
        trial.take_back(done)
    (row, *_rest) = trial.desk.read(entries, contract=trial.contract)
    for change in ({"amount": 1}, {"voided": True}):
        with pytest.raises(UserError, match="only grows"):
            edit(trial.desk, trial.study, Entry, row.id, **change)
    assert trial.desk.verify().proven


def test_the_database_itself_refuses_to_change_what_is_posted_and_issued(trial: Trial):
    run(trial, post_ledger, contract=trial.contract)
    trial.certify()
    trial.invoice()
    for table, column in (
        ("payments_entry", "amount"),
        ("payments_invoice", "gross"),
        ("payments_invoice_line", "net"),
    ):
        for written in (f"UPDATE {table} SET {column} = {column} + 1", f"DELETE FROM {table}"):
            with pytest.raises(sa.exc.DBAPIError), trial.desk.database.writing() as connection:
                connection.exec_driver_sql(written)
    before = trial.desk.read(entries, contract=trial.contract)
    rebuild(trial.desk.database, CATALOGUE)
    assert trial.desk.read(entries, contract=trial.contract) == before
    assert trial.desk.verify().proven
    with pytest.raises(sa.exc.DBAPIError), trial.desk.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM payments_entry")


def test_terms_are_not_taken_back_from_under_what_was_posted(trial: Trial):
    load = next(step for step in trail(trial) if step.action == "contracts:terms:load")
    run(trial, post_ledger, contract=trial.contract)
    with pytest.raises(UserError, match="posted, certified"):
        trial.desk.undo(load.id)


def trail(trial: Trial) -> Any:
    from trialdesk.trail.history import change_sets

    return trial.desk.read(change_sets, study=trial.study)


def test_nobody_certifies_what_they_prepared(trial: Trial):
    made = prepared(trial)
    with pytest.raises(NotAllowed, match="does not certify"):
        run(trial, certify_certificate, certificate=made, signed_with=PASSWORD)
    trial.as_second()
    with pytest.raises(NotAllowed, match="password"):
        run(trial, certify_certificate, certificate=made)
    run(trial, certify_certificate, certificate=made, signed_with=SECOND[1])
    (row,) = trial.desk.read(certificates, study=trial.study)
    assert (row.state, row.prepared_by, row.certified_by) == ("certified", "Ada Lind", "Bo Berg")
    assert [line.pay for line in row.lines] == [VISIT, VISIT]


def test_who_prepares_by_role_certifies_nothing(trial: Trial):
    made = prepared(trial)
    at(trial.desk, on("2026-03-05"))
    a_colleague(trial.desk, trial.study, "coordinator", "cy", "a third horse walks")
    trial.desk.sign_in("cy", "a third horse walks")
    with pytest.raises(NotAllowed, match="role"):
        run(trial, certify_certificate, certificate=made, signed_with="a third horse walks")
    with pytest.raises(NotAllowed, match="role"):
        run(trial, issue_invoice, contract=trial.contract)
    prepared(trial)


def test_no_way_round_two_people_or_evidence_or_what_is_certified(trial: Trial):
    made = prepared(trial)
    (row,) = trial.desk.read(certificates, study=trial.study)
    ada = trial.desk.session.account.id  # type: ignore[union-attr]  # somebody is signed in
    with pytest.raises(NotAllowed, match="different people"):
        edit(
            trial.desk,
            trial.study,
            Certificate,
            made,
            certified_by=ada,
            certified_on=date(2026, 3, 1),
            certified_at=on("2026-03-01"),
        )
    bare = json.dumps([{**each.as_data(), "facts": []} for each in row.lines])
    with pytest.raises(UserError, match="never changed"):
        edit(trial.desk, trial.study, Certificate, made, lines=bare)
    trial.as_second()
    run(trial, certify_certificate, certificate=made, signed_with=SECOND[1])
    for change in ({"certified_on": date(2026, 1, 1)}, {"voided": True}):
        with pytest.raises(UserError, match="stands"):
            edit(trial.desk, trial.study, Certificate, made, **change)
    with pytest.raises(UserError, match="certified on"):
        run(trial, withdraw_certificate, certificate=made, version=2, reason="no")


def test_a_certificate_that_asks_for_it_is_verified_by_a_third_look(trial: Trial):
    made = prepared(trial, needs_verification=True)
    with pytest.raises(NotAllowed, match="does not verify"):
        run(trial, verify_certificate, certificate=made, signed_with=PASSWORD)
    trial.as_second()
    with pytest.raises(UserError, match="verified first"):
        run(trial, certify_certificate, certificate=made, signed_with=SECOND[1])
    with pytest.raises(NotAllowed):
        run(trial, verify_certificate, certificate=made, signed_with=SECOND[1])  # finance does not look at sources


def test_what_changed_since_it_was_prepared_is_prepared_anew(trial: Trial):
    made = prepared(trial)
    trial.certify()  # the same lines, meanwhile, by another certificate
    trial.as_second()
    with pytest.raises(Told, match="certified meanwhile"):
        run(trial, certify_certificate, certificate=made, signed_with=SECOND[1])
    trial.as_owner()
    with pytest.raises(UserError, match="Nothing new"):
        prepared(trial)
    with pytest.raises(UserError, match="not certified yet"):
        run(trial, accept_certificate, certificate=made)


def test_who_certifies_is_told_what_has_fallen_since_it_was_prepared(trial: Trial):
    visit = trial.happened("003", "V2", "2026-02-21")
    made = prepared(trial)
    edit(trial.desk, trial.study, enrollment.Visit, visit, happened=False)
    trial.as_second()
    with pytest.raises(UserError, match=r"V2 003 · V2: CN¥1,485.00, now CN¥0.00\."):
        run(trial, certify_certificate, certificate=made, signed_with=SECOND[1])
    run(trial, certify_certificate, certificate=made, fallen_known=True, signed_with=SECOND[1])
    assert sorted(line.unit for line in trial.invoice().lines) == ["001/V2", "002/V2"]


def test_signatures_under_a_certificate_stand_while_it_goes_its_way(trial: Trial):
    made = trial.certify()
    trial.desk.run(accept_certificate, study=trial.study, certificate=made, accepted_on=trial.desk.today)
    (signed,) = trial.desk.read(signatures, record=Certificate, study=trial.study)[made]
    assert signed.stands


def test_only_what_is_certified_is_invoiced_and_but_once(trial: Trial):
    with pytest.raises(UserError, match="nothing to invoice"):
        trial.invoice()
    certificate = trial.certify()
    trial.happened("003", "V2", "2026-02-25")
    invoice = trial.invoice()
    assert (invoice.number, invoice.net, invoice.tax, invoice.gross) == ("INV-0001", 2 * VISIT, 17820, 314820)
    assert sum(line.net for line in invoice.lines) == invoice.net
    assert sum(line.tax for line in invoice.lines) == invoice.tax
    with pytest.raises(UserError, match="nothing to invoice"):
        trial.invoice()
    trial.certify()
    assert trial.invoice().number == "INV-0002"
    run(trial, accept_certificate, certificate=certificate, accepted_on=trial.desk.today)
    states = [row.state for row in trial.desk.read(certificates, study=trial.study)]
    assert sorted(states) == ["accepted", "certified"]


@pytest.mark.parametrize("name", ["institution", "net_days"])
def test_no_number_is_given_to_an_invoice_that_says_not_who_asks_or_until_when(trial: Trial, name: str):
    trial.certify()
    trial.say_who_asks()
    without: dict[str, Any] = {name: None}
    edit(trial.desk, trial.study, Contract, trial.contract, **without)
    trial.as_second()
    with pytest.raises(UserError, match="An invoice says"):
        run(trial, issue_invoice, contract=trial.contract)
    assert trial.desk.read(invoices, study=trial.study) == ()


def test_what_was_held_is_invoiced_once_it_is_released(trial: Trial):
    trial.certify()
    trial.invoice()
    trial.tell_deliverable("report_signed", "2026-03-01", name="final")
    invoice = trial.invoice()
    assert (invoice.net, invoice.tax) == (2 * 16500, 1980)


def test_what_a_deliverable_releases_is_invoiced_by_a_second_person_with_its_evidence(trial: Trial):
    trial.certify()
    trial.invoice()
    told = trial.tell_deliverable("report_signed", "2026-03-01", name="final", papers="Cover letter")
    with pytest.raises(UserError, match=r"HB study .* not attached: report"):
        trial.invoice()
    trial.attach(told, "Final Report, signed")
    with pytest.raises(NotAllowed, match="does not invoice it"):
        run(trial, issue_invoice, contract=trial.contract)
    assert trial.invoice().net == 2 * 16500


def test_a_line_that_rests_on_a_deliverable_wants_its_evidence_attached(trial: Trial):
    trial.load(TERMS.replace("contract: C-1", "contract: C-2") + MILESTONE)
    told = trial.tell_deliverable("milestone", "2026-03-01", name="lock", papers="")
    with pytest.raises(UserError, match=r"LOCK study .* not attached: database lock minutes, certificate") as refused:
        prepared(trial)
    assert "attach a document" in refused.value.remedy
    trial.attach(told, "Lock minutes")
    with pytest.raises(UserError, match="not attached: certificate"):
        prepared(trial)
    trial.attach(told, "Certificate of the lock")
    made = prepared(trial)
    (paper,) = [row for row in trial.desk.read(documents, study=trial.study, about=told) if "minutes" in row.title]
    run(trial, void_document, document=paper.id, version=1, reason="of another study")
    trial.as_second()
    with pytest.raises(UserError, match="not attached: database lock minutes"):
        run(trial, certify_certificate, certificate=made, signed_with=SECOND[1])


def test_evidence_is_asked_for_in_the_words_of_who_reads_and_taken_by_them(trial: Trial):
    trial.load(TERMS.replace("contract: C-1", "contract: C-2") + MILESTONE)
    told = trial.tell_deliverable("milestone", "2026-03-01", name="lock", papers="")
    set_language("zh")
    try:
        with pytest.raises(UserError, match="数据库锁定会议纪要, 证书"):
            prepared(trial)
        trial.attach(told, "数据库锁定会议纪要（2026-03-01）")
        with pytest.raises(UserError, match="证书") as refused:
            prepared(trial)
        assert "会议纪要" not in str(refused.value)
        trial.attach(told, "数据库锁定证书")
        assert prepared(trial)
    finally:
        set_language("en")


def test_what_a_contract_calls_its_own_papers_stays_as_it_is_written():
    assert evidence_words("drug_return_slip") == "drug return slip"
    assert all(name.replace("_", " ") in words.casefold() for name, words in EVIDENCE.items())


@pytest.mark.parametrize("kind", ["db_locked", "lplv"])
def test_nothing_is_locked_while_somebody_is_in_the_study(trial: Trial, kind: str):
    who = trial.add(enrollment.Participant(number="007", identifier="007", site=trial.site, screened_on="2026-02-20"))
    with pytest.raises(UserError, match=r"Not every participant has left the study: .*007"):
        trial.tell_deliverable(kind, "2026-03-01")
    for each in (who, trial.subject("001"), trial.subject("002")):
        trial.add(enrollment.Disposition(participant=each, category="event", reason="COMPLETED", occurred_on="2026-02"))
    assert trial.tell_deliverable(kind, "2026-03-01")


def test_a_voided_visit_is_credited_with_the_tax_it_makes_less(trial: Trial):
    trial.certify()
    invoice = trial.invoice()
    with pytest.raises(UserError, match="still owed"):
        run(trial, credit_invoice, invoice=invoice.id, grounds="none")
    edit(trial.desk, trial.study, enrollment.Participant, trial.subject("002"), voided=True, reason="no consent")
    note = trial.desk.read(
        the_invoice, study=trial.study, number=run(trial, credit_invoice, invoice=invoice.id, grounds="no consent")
    )
    assert (note.kind, note.number, note.original_number) == ("credit_note", "CN-0001", "INV-0001")
    assert (note.net, note.tax) == (-VISIT, -8910)
    left = trial.desk.read(the_invoice, study=trial.study, number="INV-0001")
    assert left.open == invoice.gross + note.gross
    with pytest.raises(UserError, match="still owed"):
        run(trial, credit_invoice, invoice=invoice.id, grounds="again")
    with pytest.raises(UserError, match="not credited"):
        run(trial, credit_invoice, invoice=note.id, grounds="again")


def test_an_invoice_is_final_whichever_way(trial: Trial):
    trial.certify()
    trial.say_who_asks()
    done = trial.desk.run(issue_invoice, study=trial.study, contract=trial.contract)
    with pytest.raises(UserError, match="cannot be taken back"):
        trial.take_back(done)
    for change in ({"net": 1}, {"voided": True}, {"number": "INV-9999"}):
        with pytest.raises(UserError, match="credit note"):
            edit(trial.desk, trial.study, Invoice, done.result, **change)


def test_a_receipt_pays_lines_in_part_and_no_more_than_there_is(trial: Trial):
    trial.certify()
    invoice = trial.invoice()
    receipt = run(
        trial,
        record_receipt,
        contract=trial.contract,
        reference="B-17",
        value_on=trial.desk.today,
        amount=200000,
        currency="CNY",
    )
    line = invoice.lines[0]
    with pytest.raises(UserError, match="owes less"):
        run(trial, allocate_receipt, receipt=receipt, line=line.id, amount=line.open + 1)
    run(trial, allocate_receipt, receipt=receipt, line=line.id, amount=100000)
    assert run(trial, settle_invoice, receipt=receipt, invoice=invoice.id) == 100000
    left = trial.desk.read(the_invoice, study=trial.study, number=invoice.id)
    assert left.open == invoice.gross - 200000
    assert [row.paid for row in left.lines] == [157410, 42590]
    assert trial.desk.read(receipts, study=trial.study)[0].unapplied == 0
    with pytest.raises(UserError, match="less left"):
        run(trial, allocate_receipt, receipt=receipt, line=invoice.lines[1].id, amount=1)
    with pytest.raises(UserError, match="pays invoices"):
        run(trial, void_receipt, receipt=receipt, version=1, reason="another account")


def test_a_visit_entered_anew_waits_for_a_certificate_of_its_own(trial: Trial):
    trial.certify()
    invoice = trial.invoice()
    edit(trial.desk, trial.study, enrollment.Visit, trial._kept["002", "V2"], voided=True)
    run(trial, credit_invoice, invoice=invoice.id, grounds="entered for another")
    trial.happened("002", "V2", "2026-02-20")
    with pytest.raises(UserError, match="nothing to invoice"):
        trial.invoice()
    trial.certify()
    again = trial.invoice()
    assert [(line.unit, line.net) for line in again.lines] == [("002/V2", VISIT)]


def test_a_visit_corrected_or_restored_needs_no_second_certificate(trial: Trial):
    trial.certify()
    visit = trial._kept["002", "V2"]
    edit(trial.desk, trial.study, enrollment.Visit, visit, voided=True)
    edit(trial.desk, trial.study, enrollment.Visit, visit, voided=False)
    assert len(trial.invoice().lines) == 2


def test_papers_and_the_invoice_agree_on_what_can_be_asked_for_after_a_corrected_date(trial: Trial):
    trial.certify()
    invoice = trial.invoice()
    edit(trial.desk, trial.study, enrollment.Visit, trial._kept["002", "V2"], started_on="2026-02-21")
    run(trial, credit_invoice, invoice=invoice.id, grounds="It was another day")
    told = trial.desk.read(payment_statement.gather, study=trial.study, on=trial.desk.today)
    assert told is not None
    books = trial.desk.read(reconciled, study=trial.study, as_of=trial.desk.today, known_at=trial.desk.clock.now())
    assert told.to_invoice == sum(line.ready for line in books.lines) == 0
    assert told.to_credit == sum(line.to_credit for line in books.lines) == 0
    assert sum(line.uncertified for line in books.lines) > 0
    with pytest.raises(UserError, match="nothing to invoice"):
        trial.invoice()


def test_loaded_terms_that_cross_a_line_make_statements_and_no_certificates(trial: Trial):
    crossing = TERMS.replace(", evidence: [crf]", "").replace("contract: C-1", "contract: C-2")
    trial.load(crossing)
    assert crossing != TERMS
    told = trial.desk.read(
        statement, study=trial.study, contract=trial.contract, as_of=trial.desk.today, known_at=trial.desk.clock.now()
    )
    assert told.assessment.totals.earned
    with pytest.raises(UserError, match="E4: A rule names no evidence"):
        prepared(trial)


def test_who_loaded_terms_alone_does_not_certify_under_them(trial: Trial):
    trial.as_second()
    made = prepared(trial)
    trial.as_owner()
    with pytest.raises(NotAllowed, match="took terms over alone"):
        run(trial, certify_certificate, certificate=made, signed_with=PASSWORD)


def test_the_same_bank_payment_is_recorded_twice_only_if_it_is_said_why(trial: Trial):
    paid = {"contract": trial.contract, "reference": "B-17", "value_on": date(2026, 2, 27), "amount": 2000,
            "currency": "CNY"}  # fmt: skip
    first = run(trial, record_receipt, **paid)
    with pytest.raises(UserError, match=r"recorded already: B-17 of 2026-02-27, .*20\.00"):
        run(trial, record_receipt, **{**paid, "reference": " b-1 7", "amount": 100})
    with pytest.raises(UserError, match=r"recorded already: B-17 of 2026-02-27"):
        run(trial, record_receipt, **{**paid, "value_on": date(2026, 2, 26)})
    again = run(trial, record_receipt, **{**paid, "reference": "B-18"})
    with pytest.raises(UserError, match="recorded already"):
        run(trial, correct_receipt, receipt=again, version=1, reference="b-17", reason="misread")
    run(trial, record_receipt, **paid, remarks="Paid twice, to be paid back")
    run(trial, void_receipt, receipt=first, version=1, reason="another account")
    run(trial, correct_receipt, receipt=again, version=1, fees=5, reason="the bank's")


def test_money_that_came_before_the_contract_is_recorded_only_if_it_is_said_why(trial: Trial):
    paid = {"contract": trial.contract, "reference": "B-1", "value_on": date(2020, 1, 1), "amount": 1000,
            "currency": "CNY"}  # fmt: skip
    with pytest.raises(UserError, match=r"The contract begins on \d{4}-.*before it.*Remarks"):
        run(trial, record_receipt, **paid)
    run(trial, record_receipt, **paid, remarks="Down payment by letter of intent")


def test_a_receipt_is_taken_back_until_it_pays_something(trial: Trial):
    trial.certify()
    invoice = trial.invoice()
    done = trial.desk.run(
        record_receipt,
        study=trial.study,
        contract=trial.contract,
        reference="B-17",
        value_on=trial.desk.today,
        amount=invoice.gross + 5,
        currency="CNY",
    )
    run(trial, settle_invoice, receipt=done.result, invoice=invoice.id)
    assert trial.desk.read(receipts, study=trial.study)[0].unapplied == 5
    with pytest.raises(UserError, match="pays invoices"):
        trial.take_back(done)
    for allocation in allocations(trial):
        run(trial, void_allocation, allocation=allocation, version=1, reason="wrong invoice")
    trial.take_back(done)
    assert trial.desk.read(receipts, study=trial.study) == ()


def allocations(trial: Trial) -> list[str]:
    import sqlalchemy as sa

    with trial.desk.reading() as read:
        return [row.id for row in read.rows(sa.select(Allocation.TABLE.c.id).where(~Allocation.TABLE.c.voided))]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"currency": "USD"}, "The contract is in CNY"),
        ({"amount": 0}, "more than nothing"),
        ({"value_on": date(2027, 1, 1)}, "still to come"),
        ({"sent": 5}, "an amount with its currency"),
        ({"sent_currency": "USD"}, "an amount with its currency"),
        ({"exchange": "7.1"}, "A rate is given"),
        ({"sent": 0, "sent_currency": "USD"}, "more than nothing"),
        ({"sent": 5, "sent_currency": "US$"}, "no currency"),
        ({"sent": 5, "sent_currency": "CNY"}, "in which it arrived"),
    ],
)
def test_a_receipt_that_cannot_be(trial: Trial, given: dict[str, Any], words: str):
    fields = {"reference": "B-17", "value_on": date(2026, 3, 1), "amount": 5, "currency": "CNY", **given}
    with pytest.raises(UserError, match=words):
        run(trial, record_receipt, contract=trial.contract, **fields)


def test_of_a_line_disputed_in_part_the_rest_is_paid(trial: Trial):
    trial.certify()
    invoice = trial.invoice()
    said = {"raised_on": trial.desk.today, "grounds": "price", "currency": "CNY", "words": "dearer than agreed"}
    run(trial, raise_dispute, invoice_line=invoice.lines[0].id, amount=1000, **said)
    receipt = run(trial, record_receipt, contract=trial.contract, reference="B", value_on=trial.desk.today,
                  amount=999999, currency="CNY")  # fmt: skip
    assert run(trial, settle_invoice, receipt=receipt, invoice=invoice.id) == invoice.open - 1000
    with pytest.raises(UserError, match="nothing to pay"):
        run(trial, settle_invoice, receipt=receipt, invoice=invoice.id)


def test_a_disputed_line_waits_and_the_rest_is_paid(trial: Trial):
    trial.certify()
    invoice = trial.invoice()
    first, second = invoice.lines
    said = {"raised_on": trial.desk.today, "grounds": "duplicate", "currency": "CNY", "words": "asked before"}
    with pytest.raises(UserError, match="At most"):
        run(trial, raise_dispute, invoice_line=first.id, amount=first.open + 1, **said)
    dispute = run(trial, raise_dispute, invoice_line=first.id, amount=first.open, **said)
    with pytest.raises(UserError, match="in dispute already"):
        run(trial, raise_dispute, invoice_line=first.id, amount=1, **said)
    receipt = run(
        trial,
        record_receipt,
        contract=trial.contract,
        reference="B",
        value_on=trial.desk.today,
        amount=999999,
        currency="CNY",
    )
    assert run(trial, settle_invoice, receipt=receipt, invoice=invoice.id) == second.open
    run(trial, resolve_dispute, dispute=dispute, outcome="upheld", resolution="it was not")
    (row,) = trial.desk.read(disputes, study=trial.study)
    assert (row.outcome, row.resolved_on) == ("upheld", trial.desk.today)
    with pytest.raises(UserError, match="was resolved"):
        run(trial, resolve_dispute, dispute=dispute, outcome="rejected")
    assert run(trial, settle_invoice, receipt=receipt, invoice=invoice.id) == first.open


def test_a_dispute_says_what_is_given_up(trial: Trial):
    trial.certify()
    invoice = trial.invoice()
    first, second = invoice.lines
    said = {"raised_on": trial.desk.today, "grounds": "price", "currency": "CNY", "words": "dearer than agreed"}
    one = run(trial, raise_dispute, invoice_line=first.id, amount=1000, **said)
    for wrong in (None, 0, -5, 1000, 2000):
        with pytest.raises(UserError, match="how much of"):
            run(trial, resolve_dispute, dispute=one, outcome="part", conceded=wrong)
    with pytest.raises(UserError, match="nothing is given up"):
        run(trial, resolve_dispute, dispute=one, outcome="upheld", conceded=1)
    run(trial, resolve_dispute, dispute=one, outcome="part", conceded=400)
    two = run(trial, raise_dispute, invoice_line=second.id, amount=700, **said)
    run(trial, resolve_dispute, dispute=two, outcome="rejected")
    assert [row.conceded for row in trial.desk.read(disputes, study=trial.study)] == [400, 700]


def test_what_is_given_up_is_written_off_and_the_books_still_agree(trial: Trial):
    trial.certify()
    invoice = trial.invoice()
    first, second = invoice.lines
    today = trial.desk.today
    said = {"written_off_on": today, "grounds": "dispute", "currency": "CNY", "words": "as settled with Acme"}
    doubt = {"raised_on": today, "grounds": "price", "currency": "CNY", "words": "dearer than agreed"}
    dispute = run(trial, raise_dispute, invoice_line=first.id, amount=1000, **doubt)
    with pytest.raises(UserError, match="is in dispute"):
        run(trial, write_off, invoice_line=first.id, amount=1000, **said)
    run(trial, resolve_dispute, dispute=dispute, outcome="rejected")
    for wrong in ({"amount": 0}, {"amount": first.open + 1}, {"currency": "USD"}):
        with pytest.raises(UserError, match="At most what is open"):
            run(trial, write_off, invoice_line=first.id, **{"amount": 1000, **said, **wrong})
    with pytest.raises(UserError, match="before it was asked for"):
        run(trial, write_off, invoice_line=first.id, amount=1000, **{**said, "written_off_on": date(2026, 1, 1)})
    gone = run(trial, write_off, invoice_line=first.id, amount=1000, **said)
    receipt = run(trial, record_receipt, contract=trial.contract, reference="B", value_on=today,
                  amount=999999, currency="CNY")  # fmt: skip
    assert run(trial, settle_invoice, receipt=receipt, invoice=invoice.id) == invoice.open - 1000
    now = trial.desk.read(the_invoice, study=trial.study, number=invoice.number)
    assert (now.open, now.lines[0].written_off) == (0, 1000)
    with pytest.raises(UserError, match="At most what is open"):
        run(trial, write_off, invoice_line=second.id, amount=1, **said)
    books = trial.desk.read(
        reconciled, study=trial.study, contract=trial.contract, as_of=today, known_at=trial.desk.clock.now()
    )
    (owing,) = books.receivables.invoices
    assert (owing.written_off, owing.open, books.written_off) == (1000, 0, 1000)
    assert books.gross == books.received + books.written_off + sum(books.receivables.sums.values())
    told = trial.desk.read(reconciliation.gather, study=trial.study, on=today)
    assert told is not None
    assert all(each.whole == sum(each.parts) for each in reconciliation.identities(told))
    (row,) = trial.desk.read(money, on=today)
    assert (row.open, row.overdue) == (0, 0)
    run(trial, void_write_off, write_off=gone, version=1, reason="agreed anew")
    assert trial.desk.read(the_invoice, study=trial.study, number=invoice.number).open == 1000
    assert trial.desk.verify().proven


def test_reminders_and_the_tax_offices_paper_stand_on_ageing_and_invoice(trial: Trial):
    trial.certify()
    invoice = trial.invoice()
    today = trial.desk.today
    with pytest.raises(UserError, match="before it was issued"):
        run(trial, remind, invoice=invoice.id, reminded_on=date(2026, 1, 1), said="pay")
    with pytest.raises(UserError, match="before the reminder"):
        run(trial, remind, invoice=invoice.id, reminded_on=today, said="pay", next_on=date(2026, 1, 1))
    run(trial, remind, invoice=invoice.id, reminded_on=today, said="They pay next week.", whom="Accounts",
        next_action="Call again", next_on=date(2026, 5, 1))  # fmt: skip
    run(trial, record_tax_invoice, invoice=invoice.id, number="24412000", code="0110", issued_on=today)
    with pytest.raises(UserError, match="already taken"):
        run(trial, record_tax_invoice, invoice=invoice.id, number="24412000", issued_on=today)
    aged = trial.desk.read(ageing.gather, study=trial.study, on=today, as_of=today)
    assert aged is not None
    ((number, last),) = aged.reminded
    assert (number, last.said, last.next_action) == (invoice.number, "They pay next week.", "Call again")
    assert aged.days_outstanding == 1  # all that was ever invoiced is open, since today
    printed = trial.desk.read(bill, study=trial.study, number=invoice.number)
    assert printed is not None
    assert printed.tax_invoices == ("0110 24412000",)


def test_a_contract_does_not_end_before_what_is_certified_under_it(trial: Trial):
    trial.certify()
    edit(trial.desk, trial.study, Contract, trial.contract, state="active", fully_executed_on=date(2026, 1, 1))
    end = {"study": trial.study, "contract": trial.contract}
    with pytest.raises(UserError, match="What happened on 20 Feb 2026 is certified"):
        trial.desk.run(terminate_contract, closed_on=date(2026, 2, 19), **end)
    trial.desk.run(terminate_contract, closed_on=date(2026, 2, 20), **end)
    trial.happened("003", "V2", "2026-02-21")
    made = prepared(trial)
    trial.as_second()
    with pytest.raises(UserError, match="The contract ended on 20 Feb 2026"):
        trial.desk.run(certify_certificate, study=trial.study, certificate=made, signed_with=SECOND[1])


def test_numbers_of_invoices_and_credit_notes_have_no_gaps(trial: Trial):
    for number in ("003", "004", "005"):
        trial.happened(number, "V2", "2026-02-26")
        trial.certify()
        trial.invoice()
        with pytest.raises(UserError):
            trial.invoice()
    rows = trial.desk.read(invoices, study=trial.study)
    assert [row.number for row in rows] == ["INV-0001", "INV-0002", "INV-0003"]


def test_why_an_amount_leads_back_to_who_recorded_what(trial: Trial):
    visit = trial.happened("003", "V2", "2026-02-26")
    trial.as_second()
    edit(trial.desk, trial.study, enrollment.Visit, visit, started_on="2026-02-27")
    trial.as_owner()
    trial.certify()
    run(trial, post_ledger, contract=trial.contract)
    number = trial.invoice().number
    told = trial.desk.read(
        why, study=trial.study, rule="V2", unit="003/V2", as_of=trial.desk.today, known_at=trial.desk.clock.now()
    )
    assert (told.state, told.base, told.overhead, told.line, told.hold, told.pay) == (
        "EARNED", 150000, 15000, 165000, 16500, VISIT,
    )  # fmt: skip
    assert (told.complete, told.window, told.grade) == ("1", "1", "1")
    assert 'fixed: "1500.00"' in told.terms.rule_text
    assert (told.terms.number, told.terms.activated_by) == (1, "Ada Lind")
    assert [(each.occurred_on.isoformat(), each.recorded_by) for each in told.facts] == [
        ("2026-02-27", "Bo Berg"),
        ("2026-02-26", "Ada Lind"),
    ]
    assert {each.record for each in told.facts} == {visit}
    assert sum(each.amount for each in told.posted) == VISIT
    assert [each.number for each in (*told.certificates, *told.invoices)] == ["C-1/1", number]
    assert [each.meaning for each in told.certificates[0].signed] == ["I certify these amounts"]
    with pytest.raises(UserError, match="no line"):
        trial.desk.read(
            why, study=trial.study, rule="V9", unit="003/V2", as_of=date(2026, 3, 1), known_at=on("2026-03-02")
        )


def test_the_statement_knows_what_an_invoice_asked_for_also_on_its_very_day(trial: Trial):
    trial.certify()
    invoice = trial.invoice()
    assert trial.owed().assessment.document.net == 0
    edit(trial.desk, trial.study, enrollment.Participant, trial.subject("002"), voided=True, reason="no consent")
    (correction,) = trial.owed().assessment.corrections
    assert (correction.of, correction.net, correction.tax) == (invoice.number, -VISIT, -8910)
    run(trial, credit_invoice, invoice=invoice.id, grounds="no consent")
    assert trial.owed().assessment.corrections == ()


def test_a_statement_of_before_is_the_same_for_ever(trial: Trial):
    then = trial.desk.clock.at  # type: ignore[attr-defined]  # a clock that can be set
    day = trial.desk.today.isoformat()
    before = trial.owed(day, then).answer(ledger=True)
    trial.certify()
    trial.invoice()
    trial.happened("004", "V2", "2026-02-20")
    edit(trial.desk, trial.study, enrollment.Participant, trial.subject("002"), voided=True)
    assert trial.owed(day, then).answer(ledger=True) == before
    assert trial.owed(day).answer(ledger=True) != before


def test_a_statement_of_a_period_tells_before_in_it_and_after(trial: Trial):
    trial.certify()
    invoice = trial.invoice()
    at(trial.desk, on("2026-03-10"))
    trial.happened("003", "V2", "2026-03-05")
    run(trial, record_receipt, contract=trial.contract, reference="B", value_on=date(2026, 3, 9), amount=1000,
        currency="CNY")  # fmt: skip
    (receipt,) = trial.desk.read(receipts, study=trial.study)
    run(trial, settle_invoice, receipt=receipt.id, invoice=invoice.id)

    def told(**said: Any) -> payment_statement.Owed:
        found: payment_statement.Owed | None = trial.desk.read(
            payment_statement.gather, study=trial.study, on=trial.desk.today, **said
        )
        assert found is not None
        return found

    owed = told(start="2026-03-01")
    assert owed.opening is not None
    before, after = owed.opening, owed.closing
    assert (before.payable, after.payable) == (2 * VISIT, 3 * VISIT)
    assert (before.certified, before.invoiced, before.received) == (0, 0, 0)
    assert (after.certified, after.invoiced, after.received) == (330000, invoice.gross, 1000)
    assert [(line.subject, line.rule) for line in owed.lines] == [("001", "V2"), ("002", "V2"), ("003", "V2")]
    assert told().opening is None
    with pytest.raises(UserError, match="is no day"):
        told(start="March")
    with pytest.raises(UserError, match="after the day of the statement"):
        told(start="2026-03-11", as_of=date(2026, 3, 10))
