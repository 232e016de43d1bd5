"""A trial approved by its committee, and participants taken through its gates: short ways for tests."""

from __future__ import annotations

from datetime import date
from typing import Any

import trialdesk.enrollment.actions as enrollment
from tests.support import ethics
from tests.support.acts import a_participant, a_site, a_study
from tests.support.desks import CHEAP, PASSWORD
from trialdesk.application import Application
from trialdesk.base.ids import Id
from trialdesk.enrollment.records import Participant
from trialdesk.ethics.actions import approve_consent_version, withdraw_consent_version
from trialdesk.ethics.queries import consent_versions
from trialdesk.people.acting import action
from trialdesk.people.rules import INVESTIGATORS, STAFF
from trialdesk.persistence.work import Work
from trialdesk.studies.actions import add_arm
from trialdesk.studies.records import Criterion

ANYBODY = STAFF | INVESTIGATORS | {"owner"}
APPROVED_ON = date(2026, 1, 5)
CONSENTED_ON = date(2026, 3, 2)
ASSESSED_ON = date(2026, 3, 3)
ENVELOPES = "a passphrase kept in the safe"


@action("tests:study:criterion", "Criterion added", by=ANYBODY)
def _criterion(work: Work, *, study: Id, code: str, category: str) -> Id:
    return work.add(Criterion(study=study, code=code, category=category, text=f"Criterion {code}")).id


@action("tests:participant:bring", "Brought in", by=ANYBODY)
def _bring(work: Work, *, study: Id, site: Id, number: str, **fields: Any) -> Id:
    return work.add(Participant(study=study, site=site, number=number, identifier=number, imported=True, **fields)).id


def approved(
    desk: Application,
    study: Id,
    *,
    effective_on: date = APPROVED_ON,
    expires_on: date | None = None,
    outcome: str = "approved",
    kind: str = "initial",
) -> Id:
    """Let a committee decide; return the decision."""
    about = ethics.a_submission(
        desk, study, ethics.a_committee(desk, study, f"Committee {desk.new_id()}"), kind=kind, submitted_on=effective_on
    )
    return ethics.a_decision(
        desk, study, about, decided_on=effective_on, effective_on=effective_on, expires_on=expires_on, outcome=outcome
    )


def a_version(
    desk: Application,
    study: Id,
    decision: Id | None,
    label: str = "1",
    *,
    withdrawn_on: date | None = None,
    **fields: Any,
) -> Id:
    """Add a consent version, approved by a decision if one is given; return it."""
    approval = {name: fields.pop(name) for name in ("effective_on", "mandatory_on") if name in fields}
    made = ethics.a_version(desk, study, label, **{"dated_on": APPROVED_ON, **fields})
    if decision is not None:
        desk.run(approve_consent_version, study=study, consent_version=made, decision=decision, **approval)
    if withdrawn_on is not None:
        desk.run(withdraw_consent_version, study=study, consent_version=made, withdrawn_on=withdrawn_on, reason="old")
    return made


def a_criterion(desk: Application, study: Id, code: str = "E1", category: str = "exclusion") -> Id:
    made: Id = desk.run(_criterion, study=study, code=code, category=category).result
    return made


def brought_in(desk: Application, study: Id, site: Id, number: str = "I-1", **fields: Any) -> Id:
    """Add a participant as an import does; return it."""
    fields.setdefault("screened_on", "2026-02-01")
    made: Id = desk.run(_bring, study=study, site=site, number=number, **fields).result
    return made


class Trial:
    """A study with one site, two arms, an approval and a consent version, and short ways through its gates."""

    def __init__(
        self, desk: Application, *, blinding: str = "open", short_name: str = "HARBOUR", **fields: Any
    ) -> None:
        self.desk = desk
        self.study = a_study(desk, short_name, blinding=blinding, **fields)
        self.site = a_site(desk, self.study)
        self.arms = [
            desk.run(add_arm, study=self.study, code=code, name=name, order=order).result
            for order, (code, name) in enumerate((("A", "Active"), ("P", "Placebo")))
        ]
        self.decision = approved(desk, self.study)
        self.version = a_version(desk, self.study, self.decision)
        for code, category in (("I1", "inclusion"), ("E1", "exclusion")):
            a_criterion(desk, self.study, code, category)

    def person(self, number: str = "001", **fields: Any) -> Id:
        return a_participant(self.desk, self.study, self.site, number, **fields)

    def consented(
        self, who: Id | None = None, *, on: date = CONSENTED_ON, version: Id | None = None, **more: Any
    ) -> Id:
        """Record a consent; return it."""
        made: Id = self.desk.run(
            enrollment.record_consent,
            study=self.study,
            participant=who or self.person(),
            consent_version=version or self.version,
            consented_on=on,
            **more,
        ).result
        return made

    def assessed(self, who: Id, *, on: date = ASSESSED_ON, signed: bool = True, **fields: Any) -> Id:
        """Assess somebody as eligible, or as the fields say, and sign it; return the assessment."""
        fields.setdefault("eligible", True)
        made: Id = self.desk.run(
            enrollment.assess_eligibility, study=self.study, participant=who, assessed_on=on, **fields
        ).result
        if signed:
            self.sign(made)
        return made

    def sign(self, assessment: Id, password: str = PASSWORD) -> Id:
        made: Id = self.desk.run(
            enrollment.sign_eligibility, study=self.study, eligibility=assessment, signed_with=password
        ).result
        return made

    def ready(self, number: str = "001", **fields: Any) -> Id:
        """Screen somebody and take them to the day of allocation; return the participant."""
        who = self.person(number, **fields)
        self.consented(who)
        self.assessed(who)
        return who

    def list(self, *arms: str, **fields: Any) -> list[Id]:
        """Load a list of slots for these arms by code; return the slots."""
        rows = [{"number": f"S{place:03d}", "arm": arm, **fields} for place, arm in enumerate(arms, start=1)]
        made = self.desk.run(enrollment.load_slots, study=self.study, rows=rows, passphrase=ENVELOPES, cost=CHEAP)
        return list(made.result)

    def allocate(self, who: Id, **fields: Any) -> Id:
        made: Id = self.desk.run(enrollment.allocate_open, study=self.study, participant=who, **fields).result
        return made

    def visit(self, who: Id, on: str | None, **fields: Any) -> Id:
        fields.setdefault("name", "Extra")
        made: Id = self.desk.run(
            enrollment.record_visit, study=self.study, participant=who, started_on=on, **fields
        ).result
        return made


def consented(desk: Application, study: Id, *people: Id, on: date = CONSENTED_ON) -> None:
    """Let a committee approve a study and its consent form, and record the consent of its participants."""
    known = desk.read(consent_versions, study=study)
    first = min(on, APPROVED_ON)
    version = (
        known[0].id if known else a_version(desk, study, approved(desk, study, effective_on=first), dated_on=first)
    )
    for who in people:
        desk.run(enrollment.record_consent, study=study, participant=who, consent_version=version, consented_on=on)


def ready_to_be_allocated(desk: Application, study: Id, *people: Id) -> None:
    """Take participants through consent and signed eligibility."""
    consented(desk, study, *people)
    for who in people:
        assessment = desk.run(
            enrollment.assess_eligibility, study=study, participant=who, assessed_on=ASSESSED_ON, eligible=True
        ).result
        desk.run(enrollment.sign_eligibility, study=study, eligibility=assessment, signed_with=PASSWORD)
