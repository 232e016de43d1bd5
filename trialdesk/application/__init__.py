"""The composition root. Screens and command line call `run(action, …)` and `read(query, …)` and nothing else."""

from trialdesk.application.desk import Application, Done
from trialdesk.application.entering import Proof, Session
from trialdesk.application.opening import normalised, restore_desk
from trialdesk.application.stages import (
    ACTIONS,
    CATALOGUE,
    FIELDS,
    LABELS,
    RECORDS,
    SAID,
    action_named,
    is_final,
    undone_by,
)

__all__ = [
    "ACTIONS",
    "CATALOGUE",
    "FIELDS",
    "LABELS",
    "RECORDS",
    "SAID",
    "Application",
    "Done",
    "Proof",
    "Session",
    "action_named",
    "is_final",
    "normalised",
    "restore_desk",
    "undone_by",
]
