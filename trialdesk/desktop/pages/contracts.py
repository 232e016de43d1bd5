"""Contracts with all that follows from each, the parties to them, and the participants' insurance."""

from __future__ import annotations

from trialdesk.base.i18n import N_, _
from trialdesk.contracts.rules import STATES, STEPS
from trialdesk.desktop.registers.columns import Shown
from trialdesk.desktop.registers.declaration import Register
from trialdesk.overview.register import Line
from trialdesk.people.acting import Action

CERTIFICATES = Register(
    kind="payments.certificate",
    title=N_("Certificates"),
    columns=(Shown("number", 150), Shown("as_of", 116), Shown("certified_on", 116)),
)
INVOICES = Register(
    kind="payments.invoice",
    title=N_("Invoices and credit notes"),
    columns=(Shown("number", 110), Shown("issued_on", 116), "gross"),
    begins=(),
)
RECEIPTS = Register(
    kind="payments.receipt",
    title=N_("Receipts"),
    columns=(Shown("value_on", 116), Shown("reference", 130), "amount"),
)
TERMS = Register(
    kind="contracts.terms_version",
    title=N_("Terms"),
    columns=(Shown("number", 80), Shown("effective_from", 128), Shown("activated_on", 128)),
)


def _out_of_turn(action: Action, line: Line) -> str:
    step = STEPS.get(action.name.rpartition(":")[2])
    if step is None or step.came_from == line.value("state"):
        return ""
    return _("This step follows “{before}”.").format(before=_(dict(STATES)[step.came_from]))


REGISTERS = (
    Register(
        kind="contracts.contract",
        title=N_("Contracts"),
        columns=(
            Shown("number", 160),
            Shown("state", 110),
            Shown("supporter", 180),
            Shown("kind", 150),
            "fully_executed_on",
        ),
        icon="money",
        empty=N_(
            "What was agreed with whom. Terms written here count once a second person activates them; terms agreed "
            "elsewhere are loaded from their file and count at once."
        ),
        follows=(TERMS, CERTIFICATES, INVOICES, RECEIPTS),
        unless=_out_of_turn,
    ),
    Register(
        kind="contracts.insurance",
        title=N_("Insurance"),
        columns=(Shown("insurer", 200), "policy", "valid_from", "valid_to"),
        icon="department",
        empty=N_("What covers participants if they come to harm, and from when to when."),
    ),
    Register(
        kind="contracts.organisation",
        title=N_("Organisations"),
        columns=(Shown("name", 260), "country", "tax_id"),
        icon="partners",
        empty=N_("Companies, hospitals and insurers, for all studies of this desk."),
    ),
)
