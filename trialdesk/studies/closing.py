"""The end of a study: what the registries are told, the close-out the PI signs, and opening it again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.people.acting import Action, action, adding, correcting, fields_of, needs_reason, tidied, voiding
from trialdesk.people.checks import check_not_future, check_order
from trialdesk.people.rules import INVESTIGATORS, PI, STAFF
from trialdesk.people.signing import sign
from trialdesk.persistence.editing import found_in
from trialdesk.persistence.work import Change, Work
from trialdesk.studies.records import CloseOut, Registration, Study
from trialdesk.studies.rules import CLOSING, Open, open_codes, open_words

_GROUNDS = CloseOut.FIELDS["grounds"]

CLOSE = N_("I have reviewed the study's records and close the study at this institution")
REOPEN = N_("I open this study again")
"""What the PI's signatures mean."""

CLOSED = ("enrollment.", "studies.")
"""Kinds of record that a closed study no longer takes. What still comes in late is taken: a serious event is reported
and a bill paid after the study was closed, too."""

AFTER = frozenset(
    {Study.KIND, CloseOut.KIND, Registration.KIND, "enrollment.erasure", "enrollment.code_break"},
)
"""Kinds among them that are about the closing itself, and what a closed study owes its participants all the same: that
who they are is erased once it is kept long enough, and that a physician learns what they were given."""

STILL = frozenset(
    {
        "studies:study:create",
        "studies:study:correct",
        "studies:study:reopen",
        "studies:registration:add",
        "studies:registration:correct",
        "studies:registration:void",
        "enrollment:identity:erase",
        "enrollment:code:break",
    }
)
"""The acts whose records are among these kinds."""


def _check_registration(work: Work, record: Registration) -> None:
    check_not_future(work, Registration.FIELDS["submitted_on"].label, record.submitted_on)


_REGISTRATION = ("registry", "purpose", "submitted_on", "reference")
add_registration = adding(
    Registration,
    "studies:registration:add",
    N_("Registry entry added"),
    by=STAFF,
    asks=_REGISTRATION,
    check=_check_registration,
)
correct_registration = correcting(
    Registration,
    "studies:registration:correct",
    N_("Registry entry corrected"),
    by=STAFF,
    asks=_REGISTRATION,
    check=_check_registration,
)
void_registration = voiding(Registration, "studies:registration:void", N_("Registry entry voided"), by=INVESTIGATORS)


@action(
    "studies:study:close",
    N_("Study closed"),
    words=N_("Close the study"),
    by=frozenset({PI}),
    final=True,
    asks=fields_of(
        CloseOut,
        "closed_on",
        "data_locked_on",
        "archive",
        "custodian",
        "retained_until",
        "samples",
        "publication",
        "outcome",
        "grounds",
    ),
    signs=CLOSE,
)
def close_study(work: Work, *, study: Id, closed_on: date, **fields: Any) -> Id:
    """Close a study; returns the id of the signed close-out.

    Raises UserError naming what is open: always for what may not stay open, without grounds for the rest.
    """
    record = work.get(Study, study)
    if record.closed_on is not None:
        raise UserError(_("This study is closed since {day}.").format(day=record.closed_on), where=_("Study"))
    check_not_future(work, CloseOut.FIELDS["closed_on"].label, closed_on)
    made = CloseOut(study=study, closed_on=closed_on, **tidied(CloseOut, fields))
    check_order(
        CloseOut.FIELDS["retained_until"].label,
        closed_on,
        made.retained_until,
        _("The records would be destroyed before the study is closed."),
    )
    check_not_future(work, CloseOut.FIELDS["data_locked_on"].label, made.data_locked_on)
    points = [each for answer in work.wired(CLOSING) for each in answer(work, study=study, on=closed_on)]
    _refuse_open(points, made.grounds)
    made.open_points = open_codes(points) or None
    if not points:
        made.grounds = None
    record.closed_on = closed_on
    work.add(made)
    sign(work, made, CLOSE)
    return made.id


@action(
    "studies:study:reopen",
    N_("Study opened again"),
    words=N_("Open the study again"),
    by=frozenset({PI}),
    final=True,
    asks=fields_of(CloseOut, "reopened_on"),
    about=CloseOut.KIND,
    signs=REOPEN,
    why=True,
)
def reopen_study(work: Work, *, study: Id, close_out: Id, reopened_on: date) -> Id:
    """Open a closed study again; returns the close-out's id, which keeps when. Needs a reason."""
    needs_reason(work, CloseOut)
    made = found_in(work, CloseOut, close_out, study)
    if made.reopened_on is not None:
        raise UserError(_("This study was opened again already."), where=_("Close-out"))
    check_not_future(work, CloseOut.FIELDS["reopened_on"].label, reopened_on)
    check_order(
        CloseOut.FIELDS["reopened_on"].label,
        made.closed_on,
        reopened_on,
        _("It would be opened again before it was closed."),
    )
    made.reopened_on = reopened_on
    work.get(Study, study).closed_on = None
    sign(work, made, REOPEN)
    return made.id


def keep_closed(work: Work, changes: Sequence[Change]) -> None:
    """Raise UserError where an act changes the records of a closed study. One statement."""
    touched = {
        change.study
        for change in changes
        if change.study is not None and change.kind.startswith(CLOSED) and change.kind not in AFTER
    }
    if not touched:
        return
    for row in work.read.rows(_closed(), touched=list(touched)):
        raise UserError(
            _("The study is closed since {day}: its records no longer change.").format(day=row.closed_on),
            where=row.short_name,
            remedy=_("The principal investigator can open it again."),
        )


@cache
def _closed() -> sa.Select[Any]:
    own = Study.TABLE.c
    return sa.select(own.short_name, own.closed_on).where(
        own.id.in_(sa.bindparam("touched", expanding=True)), own.closed_on.is_not(None)
    )


def refused_when_closed(action: Action) -> bool:
    """Say whether an act changes what a closed study no longer takes: `keep_closed` would refuse it."""
    stages = tuple(kind.replace(".", ":") for kind in CLOSED)
    return action.name.startswith(stages) and action.name not in STILL


def _refuse_open(points: Sequence[Open], grounds: str | None) -> None:
    binding = [point for point in points if not point.waivable]
    if binding:
        raise UserError(
            _("The study cannot be closed: {points}.").format(points=open_words(binding)),
            where=_("Close-out"),
            remedy=_("Finish this first. It may not stay open, whatever the reason."),
        )
    if points and not grounds:
        raise UserError(
            _("Something is still open: {points}.").format(points=open_words(points)),
            where=_(_GROUNDS.label),
            remedy=_("Finish it, or say why the study is closed all the same."),
        )


CLOSING_ACTIONS: tuple[Action, ...] = (
    add_registration,
    correct_registration,
    void_registration,
    close_study,
    reopen_study,
)
