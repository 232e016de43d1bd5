"""What happens to the study product at a site: received, given out, returned, sent back, destroyed."""

from __future__ import annotations

from collections.abc import Sequence

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import N_, _
from trialdesk.enrollment.queries.products import batch_of
from trialdesk.enrollment.records import Participant, ProductMovement
from trialdesk.enrollment.stock import BY_PARTICIPANT, Moved, kept_by, short_on
from trialdesk.people.acting import adding, correcting, voiding
from trialdesk.people.checks import check_not_future, label_of
from trialdesk.people.rules import INVESTIGATORS, UNBLINDED
from trialdesk.persistence.work import Work

KEEPERS = INVESTIGATORS | UNBLINDED | {"coordinator"}
"""Who keeps the product: an investigator, or a pharmacist or another to whom it was delegated (ICH E6(R3) 2.10.2)."""

_MOVED = (
    "moved",
    "moved_on",
    "quantity",
    "kits",
    "participant",
    "expires_on",
    "condition",
    "reference",
    "handled_by",
    "remarks",
)
_BATCH = ("site", "product", "batch", "unit")


def _check(work: Work, record: ProductMovement) -> None:
    check_not_future(work, label_of(record, "moved_on"), record.moved_on)
    if record.quantity <= 0:
        raise UserError(_("A movement is of one unit or more."), where=label_of(record, "quantity"))
    _check_participant(work, record)
    others = batch_of(work.read, record)
    for each in others:
        if each.unit.casefold() != record.unit.casefold():
            raise UserError(
                _("Batch {batch} is counted in “{unit}” here.").format(batch=record.batch, unit=each.unit),
                where=label_of(record, "unit"),
                remedy=_("Count it in the same unit: what is on hand can only be told in one."),
            )
    _check_stock(work, record, [*others, record])


def _check_participant(work: Work, record: ProductMovement) -> None:
    where = label_of(record, "participant")
    if record.moved not in BY_PARTICIPANT:
        if record.participant is not None:
            raise UserError(
                _("Only what is given to a participant or returned by one names a participant."), where=where
            )
        return
    if record.participant is None:
        raise UserError(_("To or by whom is not said."), where=where, remedy=_("Name the participant."))
    if work.get(Participant, record.participant).site != record.site:
        raise UserError(
            _("This participant is of another site."), where=where, remedy=_("Record it at the participant's site.")
        )


def _check_stock(work: Work, record: ProductMovement, moved: Sequence[Moved]) -> None:
    short = short_on(moved)
    if short is not None:
        raise UserError(
            _("On {day} {count} more of batch {batch} would have gone than there was.").format(
                day=short.on, count=short.missing, batch=record.batch
            ),
            where=label_of(record, "quantity"),
            remedy=_("Record what was received first, or correct the quantity."),
        )
    for who, kept in kept_by(moved).items():
        if kept < 0:
            raise UserError(
                _("{name} would have returned {count} more of batch {batch} than were given.").format(
                    name=work.get(Participant, who).identifier, count=-kept, batch=record.batch
                ),
                where=label_of(record, "quantity"),
                remedy=_("Record what was given first, or correct the quantity."),
            )


def _check_without(work: Work, record: ProductMovement) -> None:
    _check_stock(work, record, batch_of(work.read, record))


record_movement = adding(
    ProductMovement,
    "enrollment:product_movement:record",
    N_("Movement of the product recorded"),
    by=KEEPERS,
    asks=(*_BATCH, *_MOVED),
    check=_check,
    words=N_("Record a movement"),
)
correct_movement = correcting(
    ProductMovement,
    "enrollment:product_movement:correct",
    N_("Movement of the product corrected"),
    by=KEEPERS,
    asks=_MOVED,
    check=_check,
)
void_movement = voiding(
    ProductMovement,
    "enrollment:product_movement:void",
    N_("Movement of the product voided"),
    by=KEEPERS,
    check=_check_without,
)
