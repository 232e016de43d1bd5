"""What the page asks for, each answered from one snapshot of the desk."""

from __future__ import annotations

from datetime import date

from trialdesk.application import CATALOGUE
from trialdesk.application.acts import is_final, undone_by
from trialdesk.base.errors import NotAllowed
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.overview.changes import Change, step_changes
from trialdesk.people.queries import names_of_accounts
from trialdesk.people.rights import refuse_unless, roles
from trialdesk.persistence.reading import Read
from trialdesk.trail.history import ChangeSet, change_sets


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the list, with the name of who took it."""

    step: ChangeSet
    who: str

    @property
    def id(self) -> Id:
        """The step's id."""
        return self.step.id


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps read so far; `more` says that there are older ones."""

    steps: tuple[Step, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Looked:
    """What one step changed, and why it cannot be taken back, nothing where it can."""

    changes: tuple[Change, ...]
    kept: str


def steps(read: Read, *, study: Id, limit: int) -> Steps:
    """Return the newest steps of a study. Three statements."""
    found = change_sets(read, study=study, limit=limit + 1)
    names = names_of_accounts(read)
    return Steps(
        tuple(Step(each, names.get(each.account, "") if each.account else "") for each in found[:limit]),
        more=len(found) > limit,
    )


def told(read: Read, *, step: ChangeSet, study: Id, on: date) -> Looked:
    """Return what a step changed."""
    return Looked(
        step_changes(read, transaction=step.id, study=study, on=on, catalogue=CATALOGUE),
        why_kept(step.action, roles(read, study=study, on=on)),
    )


def why_kept(action: str, held: frozenset[str]) -> str:
    """Return in words why somebody with these roles cannot take such a step back, nothing where they can."""
    if is_final(action):
        return _("This step is final and cannot be taken back. Record the act that corrects it instead.")
    try:
        refuse_unless(held, undone_by(action))
    except NotAllowed as error:
        return str(error)
    return ""
