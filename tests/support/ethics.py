"""Short ways to a study with a committee, a submission and its approval."""

from __future__ import annotations

from datetime import date
from typing import Any

from trialdesk.application import Application
from trialdesk.base.ids import Id
from trialdesk.ethics import actions

SUBMITTED = date(2026, 1, 10)
APPROVED = date(2026, 2, 1)


def done(desk: Application, action: Any, study: Id, **arguments: Any) -> Id:
    made: Id = desk.run(action, study=study, **arguments).result
    return made


def a_committee(desk: Application, study: Id, name: str = "Harbour ethics committee", **fields: Any) -> Id:
    return done(desk, actions.add_committee, study, name=name, **fields)


def a_submission(desk: Application, study: Id, committee: Id, **fields: Any) -> Id:
    fields = {"kind": "initial", "title": "Initial application", "submitted_on": SUBMITTED, **fields}
    return done(desk, actions.submit, study, committee=committee, **fields)


def a_decision(desk: Application, study: Id, submission: Id, **fields: Any) -> Id:
    fields = {"outcome": "approved", "decided_on": APPROVED, **fields}
    return done(desk, actions.decide, study, submission=submission, **fields)


def an_approval(desk: Application, study: Id, **fields: Any) -> Id:
    return a_decision(desk, study, a_submission(desk, study, a_committee(desk, study)), **fields)


def a_version(desk: Application, study: Id, label: str = "1.0", **fields: Any) -> Id:
    fields = {"form": "main", "language": "en", "dated_on": date(2026, 1, 5), **fields}
    return done(desk, actions.add_consent_version, study, label=label, **fields)
