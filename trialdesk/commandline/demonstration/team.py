"""The people of the story: who they are, what is delegated to them and what they were trained in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from trialdesk.base.values import dataclass
from trialdesk.commandline.demonstration.telling import Act, Told, act
from trialdesk.people.actions import (
    add_account,
    add_person,
    add_training,
    authorise_delegation,
    correct_person,
    delegate,
)
from trialdesk.people.queries import account_named
from trialdesk.persistence.reading import Read

NORTH, WANGCHAO = "North Pier University Hospital", "望潮医院 (Wangchao Hospital)"
PI, SUB, INES, LU, TOMAS, PRIYA, EDDA, MARCUS = "demo", "shen", "ines", "lu", "tomas", "priya", "edda", "marcus"
PI_NAME = "Dr Rosalind Amory"
TASKS = {
    "pi": "Oversight, eligibility, safety, delegation",
    "sub_investigator": "Consent, eligibility, examination, adverse events",
    "coordinator": "Consent talk, visits, case report forms, site file",
    "pharmacist": "Product, allocation list",
    "data_manager": "Data queries, database",
    "finance": "Contract, certificates, invoices",
    "monitor": "Source data verification, site visits",
}


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the team. `gcp` is when the certificate was earned and when it expires."""

    user: str
    name: str
    initials: str
    position: str
    at: str
    role: str
    begins: date
    gcp: tuple[date, date]
    ends: date | None = None


MEMBERS = (
    Member(SUB, "沈若川 (Dr Shen Ruochuan)", "SRC", "Respiratory physician", WANGCHAO, "sub_investigator",
           date(2025, 9, 22), (date(2025, 3, 14), date(2028, 3, 13))),
    Member(INES, "Ines Calloway", "IC", "Study nurse", NORTH, "coordinator",
           date(2025, 5, 19), (date(2023, 12, 12), date(2026, 12, 11))),
    Member(LU, "陆青禾 (Lu Qinghe)", "LQH", "Study nurse", WANGCHAO, "coordinator",
           date(2025, 9, 22), (date(2025, 6, 20), date(2028, 6, 19))),
    Member(TOMAS, "Tomas Verhey", "TV", "Clinical trials pharmacist", NORTH, "pharmacist",
           date(2025, 9, 22), (date(2024, 10, 7), date(2027, 10, 6))),
    Member(PRIYA, "Priya Nandal", "PN", "Data manager", NORTH, "data_manager",
           date(2025, 9, 22), (date(2025, 1, 22), date(2028, 1, 21))),
    Member(EDDA, "Edda Falk", "EF", "Research finance officer", NORTH, "finance",
           date(2025, 6, 2), (date(2024, 5, 6), date(2027, 5, 5))),
    Member(MARCUS, "Marcus Obi", "MO", "Clinical research associate", "Fairlead Trial Services", "monitor",
           date(2025, 9, 22), (date(2024, 8, 19), date(2027, 8, 18)), ends=date(2026, 11, 30)),
)  # fmt: skip


def people() -> Iterator[Act]:
    """Give persons and accounts, before there is a study."""
    begun = date(2025, 5, 12)
    yield act(PI, begun, correct_person, clock="09:10", reason="Details for the documents", person=own_person,
              initials="RA", position="Professor of respiratory medicine", institution=NORTH)  # fmt: skip
    for each in MEMBERS:
        yield act(PI, begun, add_person, clock="09:20", keep=each.user, name=each.name, initials=each.initials,
                  position=each.position, institution=each.at)  # fmt: skip


def accounts(password: str) -> Iterator[Act]:
    """Give everybody an account with the same password: it is printed, for people to try the roles."""
    for each in MEMBERS:
        yield act(PI, date(2025, 5, 12), add_account, clock="09:30", name=each.name, username=each.user,
                  password=password, identity_checked="Staff card", person=each.user)  # fmt: skip


def delegations() -> Iterator[Act]:
    """Give the delegation log, signed, and the training of everybody in it."""
    yield from _delegated(PI, own_person, "pi", date(2025, 5, 19))
    for each in MEMBERS:
        yield from _delegated(each.user, each.user, each.role, each.begins, each.ends)


def trainings() -> Iterator[Act]:
    """Give what everybody was trained in; one certificate runs out soon."""
    earned = {PI: (own_person, (date(2024, 11, 4), date(2027, 11, 3)))} | {
        each.user: (each.user, each.gcp) for each in MEMBERS
    }
    for person, (done, ends) in earned.values():
        yield act(PI, date(2025, 9, 26), add_training, clock="10:00", person=person, topic="gcp",
                  title="Good clinical practice E6(R3)", method="Course", completed_on=done, expires_on=ends,
                  evidence="Certificate in the site file")  # fmt: skip
    conducting = (PI, SUB, INES, LU, PRIYA, MARCUS)
    for user in conducting:
        for on, version in ((date(2025, 9, 30), "1.0"), (date(2026, 9, 29), "2.0")):
            yield act(PI, on, add_training, clock="16:00", person=earned[user][0], topic="protocol",
                      title=f"VELA protocol {version}", version_trained=version, method="Site meeting",
                      trainer=PI_NAME, completed_on=on)  # fmt: skip


def _delegated(user: str, person: Any, role: str, begins: date, ends: date | None = None) -> Iterator[Act]:
    yield act(PI, begins, delegate, clock="08:30", keep=f"delegation {user}", person=person, role=role,
              tasks=TASKS[role], starts_on=begins, ends_on=ends)  # fmt: skip
    yield act(PI, begins, authorise_delegation, clock="08:40", delegation=f"delegation {user}")


def own_person(read: Read, _told: Told) -> str:
    """Return the person of the desk's owner, who was there before the story began."""
    found = account_named(read, username=PI)
    assert found is not None
    return found.person
