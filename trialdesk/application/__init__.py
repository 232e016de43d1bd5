"""The composition root. Screens and command line call `run(action, …)` and `read(query, …)` and nothing else."""

from trialdesk.application.desk import Application, Done
from trialdesk.application.entering import Proof, Session
from trialdesk.application.opening import normalised, restore_desk
from trialdesk.application.stages import CATALOGUE, FIELDS, LABELS, RECORDS

__all__ = [
    "CATALOGUE",
    "FIELDS",
    "LABELS",
    "RECORDS",
    "Application",
    "Done",
    "Proof",
    "Session",
    "normalised",
    "restore_desk",
]
