"""Records of other stages as they stand after whatever act made them: what the overview reads, without their acts."""

from __future__ import annotations

from typing import Any

from trialdesk.application import Application
from trialdesk.base.ids import Id
from trialdesk.people.acting import Action
from trialdesk.people.rules import EVERYONE, OWNER
from trialdesk.persistence.declaration import Record
from trialdesk.persistence.work import Work


def keep(desk: Application, record: type[Record], study: Id, **fields: Any) -> Id:
    """Add a record and return its id."""

    def perform(work: Work, *, study: Id) -> Id:
        return work.add(record(study=study, **fields)).id

    made: Id = desk.run(_act(perform), study=study).result
    return made


def change(desk: Application, record: type[Record], study: Id, id_: Id, **fields: Any) -> None:
    """Change fields of a record."""

    def perform(work: Work, *, study: Id) -> None:
        found = work.get(record, id_)
        for name, value in fields.items():
            setattr(found, name, value)

    desk.run(_act(perform), study=study)


def _act(perform: Any) -> Action:
    return Action("people:delegation:give", "Kept", EVERYONE | {OWNER}, False, perform)
