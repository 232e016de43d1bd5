"""Declarations of interests: what a person has to do with a party, and that a second person cleared it."""

from __future__ import annotations

from datetime import date

from trialdesk.base.errors import NotAllowed, UserError
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.contracts.records import Declaration
from trialdesk.contracts.rules import OFFICE
from trialdesk.people.acting import Action, action, adding, correcting, fields_of, voiding
from trialdesk.people.checks import check_not_future, check_order, label_of
from trialdesk.people.queries import person_of
from trialdesk.people.rules import OWNER, PI
from trialdesk.persistence.editing import found_in
from trialdesk.persistence.work import Work

KEEPING = OFFICE | {"quality", OWNER}
CLEARING = frozenset({PI, "finance", "quality", OWNER})
_ASKS = ("person", "organisation", "declared_on", "expires_on", "interest")


def _check(work: Work, record: Declaration) -> None:
    check_not_future(work, Declaration.FIELDS["declared_on"].label, record.declared_on)
    check_order(
        Declaration.FIELDS["expires_on"].label,
        record.declared_on,
        record.expires_on,
        _("The declaration would end before it begins."),
    )


def _check_uncleared(work: Work, record: Declaration) -> None:
    _check(work, record)
    if record.cleared_on is not None:
        raise UserError(
            _("This declaration was cleared on {day} as it stands.").format(day=record.cleared_on),
            where=_(Declaration.LABEL),
            remedy=_("Record a new declaration."),
        )


record_declaration = adding(
    Declaration,
    "contracts:declaration:record",
    N_("Interests declared"),
    by=KEEPING,
    asks=_ASKS,
    check=_check,
    words=N_("Record declaration"),
)
correct_declaration = correcting(
    Declaration,
    "contracts:declaration:correct",
    N_("Declaration of interests corrected"),
    by=KEEPING,
    asks=_ASKS,
    check=_check_uncleared,
)
void_declaration = voiding(Declaration, "contracts:declaration:void", N_("Declaration of interests voided"), by=KEEPING)


@action(
    "contracts:declaration:clear",
    N_("Interest cleared"),
    by=CLEARING,
    about=Declaration.KIND,
    asks=fields_of(Declaration, "cleared_on"),
    why=True,
    words=N_("Clear the interest"),
)
def clear_declaration(work: Work, *, study: Id, declaration: Id, cleared_on: date | None = None) -> Id:
    """Say that a declared interest does not stand in the way, and why. Raises NotAllowed for who declared it.

    Raises UserError where there is no interest to clear, and for one cleared already.
    """
    record = found_in(work, Declaration, declaration, study)
    if not record.interest:
        raise UserError(
            _("No interest was declared: there is nothing to clear."), where=label_of(Declaration, "interest")
        )
    if record.cleared_on is not None:
        raise UserError(
            _("This interest was cleared on {day}.").format(day=record.cleared_on), where=_(Declaration.LABEL)
        )
    if person_of(work.read, account=work.act.account) == record.person:
        raise NotAllowed(_("Nobody clears an interest of their own."), remedy=_("A second person does this."))
    on = cleared_on or work.today
    check_not_future(work, Declaration.FIELDS["cleared_on"].label, on)
    check_order(
        Declaration.FIELDS["cleared_on"].label,
        record.declared_on,
        on,
        _("An interest is not cleared before it is declared."),
    )
    record.cleared_by, record.cleared_on = work.act.account, on
    return record.id


ACTIONS: tuple[Action, ...] = (record_declaration, correct_declaration, void_declaration, clear_declaration)
