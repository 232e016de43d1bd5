"""Plays a payment case through a desk: its facts become records made at the instants the case names."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from tests.support.acts import delegated
from tests.support.desks import OWNER, PASSWORD
from trialdesk.application import Application, Done
from trialdesk.base.dates import study_day
from trialdesk.base.ids import Id
from trialdesk.contracts.actions.agreeing import load_terms
from trialdesk.contracts.queries import terms_versions
from trialdesk.contracts.records import Contract, Organisation, TermsVersion
from trialdesk.documents.actions import attach_to
from trialdesk.enrollment import records as enrollment
from trialdesk.ethics import records as ethics
from trialdesk.payments.actions.certifying import certify_certificate, prepare_certificate
from trialdesk.payments.actions.deliverables import add_deliverable
from trialdesk.payments.actions.invoicing import issue_invoice
from trialdesk.payments.owed import Statement, statement
from trialdesk.payments.queries import InvoiceRow, the_invoice
from trialdesk.payments.records import TOLD_BY_DELIVERABLE, Deliverable
from trialdesk.payments.rules.case import Case, Invoice, read_case
from trialdesk.payments.rules.facts import Fact
from trialdesk.payments.terms import reads_terms
from trialdesk.people.acting import Action
from trialdesk.people.actions import add_account
from trialdesk.people.queries import account_named
from trialdesk.people.rules import EVERYONE
from trialdesk.people.rules import OWNER as OWNING
from trialdesk.persistence.declaration import Record
from trialdesk.persistence.work import Work
from trialdesk.safety import records as safety
from trialdesk.studies import records as studies
from trialdesk.studies.actions import create_study

BEGUN = datetime(2025, 12, 1, 8, tzinfo=UTC)
REFERENCE = date(2026, 2, 1)
SECOND = ("bo", "another horse walks")


def plant(desk: Application, study: Id, *records: Record) -> Done:
    """Add records as they are, as an import would; the acts that make them are tested elsewhere."""

    def perform(work: Work, *, study: Id) -> list[Id]:
        return [work.add(record).id for record in records]

    return desk.run(Action("exchange:records:plant", "Planted", EVERYONE | {OWNING}, False, perform), study=study)


def edit(
    desk: Application, study: Id, record: type[Record], id_: Id, *, reason: str = "corrected", **fields: Any
) -> Done:
    """Change a record, or void it (`voided=True`)."""

    def perform(work: Work, *, study: Id) -> None:
        found = work.get(record, id_)
        for name, value in fields.items():
            setattr(found, name, value)

    return desk.run(
        Action("tests:record:edit", "Edited", EVERYONE | {OWNING}, False, perform), study=study, reason=reason
    )


def at(desk: Application, instant: datetime) -> None:
    """Let it be that instant on the desk."""
    desk.clock.at = instant  # type: ignore[attr-defined]  # tests give a clock that can be set


def on(day: str, hour: int = 12) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(hour), UTC)


class Trial:
    """A study on a desk with what a case's facts need: a schedule, approved consent versions, a second person."""

    def __init__(self, desk: Application) -> None:
        self.desk = desk
        at(desk, BEGUN)
        self.study: Id = desk.run(create_study, short_name="HARBOUR", imported=True).result
        self.site = self.add(studies.Site(number="01"))
        self._subjects: dict[str, Id] = {}
        self._visits: dict[str, Id] = {}
        self._versions: dict[int, Id] = {}
        self._told: dict[str, tuple[type[Record], Id]] = {}
        self._kept: dict[tuple[str, str], Id] = {}
        self._queries: dict[str, Id] = {}
        self._numbers = 0
        self._decision = ""
        self.contract = ""
        self._institution = ""
        self._colleague()

    # People

    def _colleague(self) -> None:
        name, password = SECOND
        self.desk.run(add_account, name="Bo Berg", username=name, password=password)
        row = self.desk.read(account_named, username=name)
        delegated(self.desk, self.study, row.person, "finance", starts_on=BEGUN.date())

    def as_second(self) -> None:
        self.desk.sign_in(*SECOND)

    def as_owner(self) -> None:
        self.desk.sign_in(OWNER, PASSWORD)

    # Records

    def add(self, record: Record) -> Id:
        record.study = self.study
        made: Id = plant(self.desk, self.study, record).result[0]
        return made

    def subject(self, identifier: str) -> Id:
        if identifier not in self._subjects:
            self._subjects[identifier] = self.add(
                enrollment.Participant(
                    number=identifier,
                    identifier=identifier,
                    site=self.site,
                    reference_start=REFERENCE.isoformat(),
                    imported=True,
                )
            )
        return self._subjects[identifier]

    def visit(self, name: str, target: date | None = None) -> Id:
        if name not in self._visits:
            self._visits[name] = self.add(
                studies.PlannedVisit(
                    number=Decimal(len(self._visits) + 1),
                    name=name,
                    planned_day=study_day(target, REFERENCE) if target else None,
                )
            )
        return self._visits[name]

    def happened(self, subject: str, visit: str, day: str, target: date | None = None) -> Id:
        """Record that a planned visit happened."""
        made = self.add(
            enrollment.Visit(
                participant=self.subject(subject),
                planned_visit=self.visit(visit, target),
                happened=True,
                started_on=day,
            )
        )
        self._kept[subject, visit] = made
        return made

    def version(self, number: int, day: date, **more: Any) -> Id:
        """Return the consent version of that number, approved and used from that day if it is new."""
        if not self._decision:
            committee = self.add(ethics.Committee(name="Committee"))
            submission = self.add(
                ethics.Submission(committee=committee, kind="initial", title="Protocol", submitted_on=BEGUN.date())
            )
            self._decision = self.add(
                ethics.Decision(
                    submission=submission, decided_on=BEGUN.date(), outcome="approved", effective_on=BEGUN.date()
                )
            )
        if number not in self._versions:
            self._versions[number] = self.add(
                ethics.ConsentVersion(
                    form="main",
                    language="en",
                    label=str(number),
                    number=number,
                    dated_on=BEGUN.date(),
                    decision=self._decision,
                    effective_on=day,
                    **more,
                )
            )
        return self._versions[number]

    def consent(self, subject: str, day: date, number: int) -> Id:
        return self.add(
            enrollment.Consent(
                participant=self.subject(subject), consent_version=self.version(number, day), consented_on=day
            )
        )

    def tell_deliverable(self, kind: str, day: str, *, papers: str = "Receipt and report", **fields: Any) -> Id:
        """Record that something was reached, with a document that shows it unless `papers` is empty."""
        made: Id = self.desk.run(
            add_deliverable, study=self.study, kind=kind, occurred_on=date.fromisoformat(day), **fields
        ).result
        if papers:
            self.attach(made, papers)
        return made

    def attach(self, deliverable: Id, title: str) -> None:
        """Attach a document to a deliverable."""
        self.desk.run(
            attach_to,
            study=self.study,
            title=title,
            category="other",
            about_kind=Deliverable.KIND,
            about_record=deliverable,
            file_name="paper.txt",
            data=f"{title} {deliverable}".encode(),
        )

    def take_back(self, done: Done) -> Done:
        """Take a step back; doing so with what this answers does it again."""
        assert done.transaction is not None
        return self.desk.undo(done.transaction)

    # Money

    def load(self, text: str) -> Id:
        self.contract = self.desk.run(load_terms, study=self.study, text=text).result
        return self.contract

    def agree(self) -> None:
        """Let the terms be those of two people: the worked cases cross lines that nobody would activate today."""
        second = self.desk.read(account_named, username=SECOND[0]).id
        for row in self.desk.read(terms_versions, contract=self.contract):
            edit(self.desk, self.study, TermsVersion, row.id, activated_by=second)

    def owed(self, as_of: str | None = None, known_at: datetime | None = None) -> Statement:
        found: Statement = self.desk.read(
            statement,
            study=self.study,
            as_of=date.fromisoformat(as_of) if as_of else self.desk.today,
            known_at=known_at or self.desk.clock.now(),
        )
        return found

    def certify(self, as_of: str | None = None) -> Id:
        """Let one person prepare and the other certify what is new."""
        day = date.fromisoformat(as_of) if as_of else self.desk.today
        made: Id = self.desk.run(prepare_certificate, study=self.study, contract=self.contract, as_of=day).result
        self.as_second()
        self.desk.run(certify_certificate, study=self.study, certificate=made, signed_with=SECOND[1])
        self.as_owner()
        return made

    def say_who_asks(self) -> None:
        """Record in the contract, once, what an invoice has to say of it."""
        if not self._institution:
            (self._institution,) = plant(self.desk, self.study, Organisation(name="Harbour Hospital")).result
            edit(self.desk, self.study, Contract, self.contract, institution=self._institution, net_days=45)

    def invoice(self) -> InvoiceRow:
        self.say_who_asks()
        self.as_second()
        try:
            made = self.desk.run(issue_invoice, study=self.study, contract=self.contract).result
        finally:
            self.as_owner()
        found: InvoiceRow = self.desk.read(the_invoice, study=self.study, number=made)
        return found

    # Cases

    def play(self, written: str, until: datetime | None = None) -> Case:
        """Live a case's facts, terms and invoices in the order in which they were recorded."""
        case = read_case(written)
        framed = written.replace("currency:", "contract: C-1\nsupporter: Acme\ndirection: receivable\ncurrency:", 1)
        terms = reads_terms(framed, file="case").versions
        steps: list[tuple[datetime, int, Any]] = [
            (version.recorded_at, 0, (number, text))
            for version, (number, _from, _late, text) in zip(case.terms, terms, strict=True)
        ]
        steps += [(fact.recorded_at, 1, fact) for fact in case.facts]
        steps += [(_when(each, case.facts), 2, each) for each in case.invoiced]
        for instant, _kind, what in sorted(steps, key=lambda step: step[:2]):
            if until is not None and instant > until:
                break
            at(self.desk, instant)
            if isinstance(what, Fact):
                self.tell(what)
            elif isinstance(what, tuple):
                self.load(what[1])
                self.agree()
            else:
                self.certify(what.on.isoformat())
                self.invoice()
        return case

    def tell(self, fact: Fact) -> None:
        """Make of a fact the record that tells it, or correct the one that told what it supersedes."""
        if fact.supersedes:
            record, id_ = self._told[fact.supersedes]
            changed = {"voided": True} if fact.kind == "void" else {"started_on": fact.occurred_on.isoformat()}
            edit(self.desk, self.study, record, id_, **changed)
            self._told[fact.id] = record, id_
            return
        made = self._record(fact)
        if made is not None:
            self._told[fact.id] = made

    def _record(self, fact: Fact) -> tuple[type[Record], Id] | None:
        day, iso = fact.occurred_on, fact.occurred_on.isoformat()
        subject = fact.subject or ""
        match fact.kind:
            case "consent_signed":
                return enrollment.Consent, self.consent(subject, day, fact.get("icf_version"))
            case "visit_done":
                assert fact.visit is not None
                return enrollment.Visit, self.happened(subject, fact.visit, iso, fact.get("target_on"))
            case "crf_signed":
                signed = safety.CrfSignature(participant=self.subject(subject), visit=self._of(fact), signed_on=day)
                return safety.CrfSignature, self.add(signed)
            case "query_raised":
                asked = safety.Query(
                    participant=self.subject(subject), visit=self._of(fact), raised_on=day, text=fact.get("query")
                )
                self._queries[fact.get("query")] = self.add(asked)
                return safety.Query, self._queries[fact.get("query")]
            case "query_closed":
                edit(self.desk, self.study, safety.Query, self._queries[fact.get("query")], closed_on=day)
                return None
            case "deviation":
                return safety.Deviation, self.add(self._deviation(fact))
            case "icf_mandatory":
                return ethics.ConsentVersion, self.version(fact.get("icf_version"), day, mandatory_on=day)
            case "screen_failed":
                failed = enrollment.Disposition(
                    participant=self.subject(subject), category="event", reason="SCREEN FAILURE", occurred_on=iso
                )
                return enrollment.Disposition, self.add(failed)
            case "randomised":
                allocated = enrollment.Disposition(
                    participant=self.subject(subject), category="milestone", reason="RANDOMIZED", occurred_on=iso
                )
                return enrollment.Disposition, self.add(allocated)
            case "site_activated":
                edit(self.desk, self.study, studies.Site, self.site, activated_on=day)
                return studies.Site, self.site
            case "subject_voided":
                edit(self.desk, self.study, enrollment.Participant, self.subject(subject), voided=True)
                return None
            case kind if kind in TOLD_BY_DELIVERABLE:
                return Deliverable, self.add(self._deliverable(fact))
        raise AssertionError(fact.kind)

    def _of(self, fact: Fact) -> Id:
        """Return the visit a fact is about."""
        assert fact.visit is not None
        return self._kept[fact.subject or "", fact.visit]

    def _deviation(self, fact: Fact) -> safety.Deviation:
        self._numbers += 1
        return safety.Deviation(
            number=f"D-{self._numbers}",
            participant=self.subject(fact.subject or ""),
            category="other",
            occurred_on=fact.occurred_on,
            description="as the case says",
            proposed=False,
            important=fact.get("major"),
            assessed_on=fact.occurred_on,
        )

    def _deliverable(self, fact: Fact) -> Deliverable:
        made = Deliverable(kind=fact.kind, occurred_on=fact.occurred_on, name=fact.get("report") or fact.get("name"))
        made.participant = self.subject(fact.subject) if fact.subject else None
        made.planned_visit = self.visit(fact.visit) if fact.visit else None
        return made


def _when(invoice: Invoice, facts: Iterable[Fact]) -> datetime:
    """Return an instant of an invoice's day at which just what it asked for was recorded."""
    units = {unit for _rule, unit in invoice.lines}
    recorded = (fact.recorded_at for fact in facts if f"{fact.subject}/{fact.visit}" in units and not fact.supersedes)
    return max(datetime.combine(invoice.on, time(0, 1), UTC), max(recorded, default=BEGUN) + timedelta(minutes=1))


def differences(said: Any, expected: Any, path: str = "") -> Iterable[str]:
    """Give every place where an answer is not what is expected of it; what is not expected is not looked at."""
    for key, value in expected.items():
        within = f"{path}.{key}"
        if key == "rule_sums":
            sums = {rule: sum(line["line"] for line in said["lines"] if line["rule"] == rule) for rule in value}
            yield from (f"{within}: {sums}",) if sums != value else ()
        elif isinstance(value, dict):
            yield from differences(said[key], value, within)
        elif key == "lines":
            for line in value:
                names = line.keys() & {"rule", "unit"}
                own = [each for each in said["lines"] if all(each[name] == line[name] for name in names)]
                yield from differences(own[0], line, f"{within} {line}") if own else (f"{within}: no {line}",)
        elif key == "corrections":
            if len(said[key]) != len(value):
                yield f"{within}: {said[key]}"
            for mine, theirs in zip(said[key], value, strict=False):
                yield from differences(mine, {name: each for name, each in theirs.items() if name != "of"}, within)
        elif said[key] != value:
            yield f"{within}: {said[key]} instead of {value}"
