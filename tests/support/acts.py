"""Short ways to do on a desk what tests need done."""

from __future__ import annotations

from datetime import date
from typing import Any

import trialdesk.enrollment.actions as enrollment
import trialdesk.studies.actions as studies
from tests.support.desks import PASSWORD
from trialdesk.application import Application
from trialdesk.base.ids import Id
from trialdesk.people.actions import add_account, authorise_delegation, delegate
from trialdesk.people.queries import account_named

ON = date(2026, 3, 4)


def a_study(desk: Application, short_name: str = "HARBOUR", **fields: Any) -> Id:
    made: Id = desk.run(studies.create_study, short_name=short_name, **fields).result
    return made


def a_site(desk: Application, study: Id, number: str = "01") -> Id:
    made: Id = desk.run(studies.add_site, study=study, number=number, name="Harbour Hospital").result
    return made


def a_participant(desk: Application, study: Id, site: Id, number: str = "001", **fields: Any) -> Id:
    fields.setdefault("screened_on", "2026-03-01")
    made: Id = desk.run(enrollment.screen, study=study, site=site, number=number, **fields).result
    return made


def a_colleague(desk: Application, study: Id, role: str, username: str = "bo", password: str = "another horse") -> Id:
    """Add an account whose person holds `role` in the study; return the account."""
    account: Id = desk.run(
        add_account,
        name=username.title(),
        username=username,
        password=password,
    ).result
    delegated(desk, study, desk.read(account_named, username=username).person, role)
    return account


def delegated(desk: Application, study: Id, person: Id, role: str, signed_with: str = PASSWORD, **fields: Any) -> Id:
    """Delegate a role and sign for it, as the account signed in; return the delegation."""
    fields.setdefault("starts_on", ON)
    given: Id = desk.run(delegate, study=study, person=person, role=role, **fields).result
    desk.run(authorise_delegation, study=study, delegation=given, signed_with=signed_with)
    return given
