"""The action: one function for one thing a person does, named once as `stage:subject:action`.

The name is the permission, the trail's entry, the undo's text and the test's name. Calling an action checks the right
first; nothing else in the program decides who may do what.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from trialdesk.base.ids import Id
from trialdesk.people.rights import refuse_unless, roles
from trialdesk.persistence.work import Work


@dataclass(frozen=True, slots=True)
class Action:
    """A thing a person does. `said` is what was done, marked for translation ("Visit recorded")."""

    name: str
    said: str
    by: frozenset[str]
    final: bool
    perform: Callable[..., Any]

    def __call__(self, work: Work, *, study: Id | None = None, **arguments: Any) -> Any:
        """Check the right in `study` (None: in the directory) and do it. Raises NotAllowed."""
        self.permit(work, study)
        return self.perform(work, study=study, **arguments)

    def permit(self, work: Work, study: Id | None) -> frozenset[str]:
        """Return the roles held in `study` today. Raises NotAllowed unless one of them may do this."""
        held = roles(work.read, study=study, on=work.today)
        refuse_unless(held, self.by)
        return held


def action(name: str, said: str, *, by: frozenset[str], final: bool = False) -> Callable[[Callable[..., Any]], Action]:
    """Declare the function below as the action `name`, done by any of the roles `by`; `final` cannot be undone."""

    def declare(perform: Callable[..., Any]) -> Action:
        return Action(name, said, by, final, perform)

    return declare
