"""What the papers of one suspected reaction say alike: which report it is, its clock, the product, the blind.

Judged by ICH E2A III.B and 21 CFR 312.32(c) and (d): a report is in time on the last day of its clock. A follow-up has
no days of its own, but the one that completes a first report of seven days does (ICH E2A III.B.1).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from trialdesk.base.dates import PartialDate
from trialdesk.base.i18n import N_, _, n_
from trialdesk.reporting.reports.cells import day
from trialdesk.reporting.reports.expedited_facts import Case
from trialdesk.reporting.reports.items import Item
from trialdesk.reporting.reports.sae_log import moment_words
from trialdesk.reporting.terms import choice_words
from trialdesk.safety.rules import COMPLETING, RELATED, is_suspected
from trialdesk.studies.rules import BLINDING

_SEVEN = 7
_COMPLETED_BY_DAYS = ("EudraVigilance", "CDE")
"""Who wants a first report of seven days completed within eight more."""

NUMBERED = {
    "FDA": N_("IND number"),
    "EudraVigilance": N_("EU trial number"),
    "CDE": N_("Number of the clinical trial approval"),
}
"""By authority what the number is called under which it knows the study."""


def reportable(case: Case) -> bool:
    """Say whether the event is a suspected unexpected reaction; that it is serious stands before it is chosen here."""
    return is_suspected(case.event.row)


def turn_words(case: Case) -> str:
    """Return whether it is the initial report or which follow-up."""
    number = case.turn.number
    return _("follow-up {number}").format(number=number) if number else _("initial")


def kind_words(case: Case) -> str:
    """Return of how many days the report is, and which it is: 7-day, initial."""
    if case.clock is None:
        return turn_words(case)
    return _("{days}-day, {turn}").format(days=case.clock.days, turn=turn_words(case))


def due_on(case: Case) -> date | None:
    """Return by when the report itself is due, None where no day is set."""
    clock, turn = case.clock, case.turn
    if clock is None:
        return None
    if turn.number == 0:
        return clock.due
    if turn.number == 1 and clock.days == _SEVEN and case.recipient in _COMPLETED_BY_DAYS:
        return clock.due + timedelta(days=COMPLETING)
    return None


def in_time(sent: date | None, due: date | None) -> bool | None:
    """Say whether a report went on or before the day it was due; None where it did not go, or no day is set."""
    return None if sent is None or due is None else sent <= due


def sent_on(case: Case) -> date | None:
    """Return the day this report went."""
    return case.turn.sent.submitted_on if case.turn.sent else None


def timely_words(sent: date | None, due: date | None) -> str | None:
    """Return whether a report went within its clock, and if not, how late it went."""
    timely = in_time(sent, due)
    if timely is None or sent is None or due is None:
        return None
    late = (sent - due).days
    return _("yes") if timely else n_("no, {count} day late", "no, {count} days late", late).format(count=late)


def application(case: Case) -> Item:
    """Return the number the recipient knows the study by."""
    why = _("the study's registry entries name none")
    return Item(_(NUMBERED.get(case.recipient or "", N_("Application number"))), case.application, why=why)


def suspected_words(case: Case) -> str:
    """Return why the product is suspected."""
    row = case.event.row
    said = choice_words(RELATED, row.related) if row.related else row.causality or _("not recorded")
    if row.related in ("yes", "no"):
        return said
    return _("{judged}: nobody has called it unrelated").format(judged=said)


def product(case: Case) -> Item:
    """Return the suspect product: what the participant was given, else the study's treatments, never which arm."""
    names = list(dict.fromkeys(each.product for each in case.lots)) or list(
        dict.fromkeys(each.treatment for each in case.doses if each.treatment)
    )
    if names:
        return Item(_("Suspect product"), "\n".join(names))
    why = _("allocation is not told here")
    arms = ", ".join(case.event.arms)
    return Item(_("Suspect product"), _("One of: {arms}; {why}").format(arms=arms, why=why) if arms else None)


def therapy(case: Case) -> tuple[PartialDate | None, PartialDate | None]:
    """Return the first and last day of the treatment; where they are not recorded, those of the doses that are told."""
    begun = [each.started_on for each in case.doses if each.started_on]
    ended = [each.ended_on for each in case.doses if each.ended_on]
    told = case.event
    return told.first_exposure or min(begun, default=None), told.last_exposure or max(ended, default=None)


def blind_words(case: Case, moment: Callable[[datetime, str | None], str] = moment_words) -> str:
    """Return how the study is blinded and whether the participant's code was broken; what it showed is not told."""
    blinding = choice_words(BLINDING, case.study.blinding) if case.study.blinding else _("not recorded")
    if case.study.arms_known:
        return blinding if case.study.blinding == "open" else _("{blinding}; since unblinded").format(blinding=blinding)
    if not case.person.broken:
        return _("{blinding}; the code of this participant is not broken").format(blinding=blinding)
    words = [
        _("broken at {moment}, in an emergency") if each.emergency else _("broken at {moment}")
        for each in case.person.broken
    ]
    broken = _("; ").join(
        said.format(moment=moment(each.broken_at, case.event.row.aware_zone))
        for said, each in zip(words, case.person.broken, strict=True)
    )
    return _("{blinding}; the code of this participant was {broken}; what it showed is not told here").format(
        blinding=blinding, broken=broken
    )


def first_words(case: Case) -> str | None:
    """Return when the initial report went."""
    return day(case.turn.first.submitted_on) if case.turn.first else None
