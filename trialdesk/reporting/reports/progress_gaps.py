"""What a report of progress asks for and nobody recorded: each as an item that says where it would be recorded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trialdesk.base.i18n import N_, _, n_
from trialdesk.reporting.reports.items import Item, unsaid
from trialdesk.reporting.reports.progress_told import Event, Progress
from trialdesk.reporting.reports.progress_year import Death, Dosed, Left, Tabulated

UNKEPT = N_("it is written by hand before signing")


def unkept(*labels: str) -> list[Item]:
    """Return items the record has no place for, each to be told by hand; `labels` are marked by N_."""
    return [Item(_(label), None, why=_(UNKEPT), after=True) for label in labels]


def with_study() -> str:
    """Return where what names and plans a study is recorded."""
    return _("it is recorded with the study")


def with_participant() -> str:
    """Return where what is told of each participant is recorded."""
    return _("it is recorded with the participant")


def with_event() -> str:
    """Return where what is told of an adverse event is recorded."""
    return _("it is recorded with the event")


def of_sexes(told: Progress) -> Iterator[Item]:
    """Give how many participants' sex is missing."""
    count = sum(each.screened for each in told.sexes if not each.sex)
    if count:
        label = n_("Sex of {count} participant", "Sex of {count} participants", count)
        yield Item(label.format(count=count), None, why=with_participant())


def of_races(told: Progress) -> Iterator[Item]:
    """Give how many participants' race and ethnic group are missing."""
    count = sum(each.screened for each in told.races if not each.race)
    if count:
        label = n_("Race or ethnic group of {count} participant", "Race or ethnic group of {count} participants", count)
        yield Item(label.format(count=count), None, why=with_participant())


def of_endings(told: Progress) -> Iterator[Item]:
    """Give how many discontinued without a reason."""
    count = told.endings.get("", 0)
    if count:
        label = n_("Why {count} participant discontinued", "Why {count} participants discontinued", count)
        yield Item(label.format(count=count), None, why=with_participant())


def of_events(rows: Iterable[Event]) -> Iterator[Item]:
    """Give what is missing of each serious event."""
    for each in rows:
        yield from unsaid(
            each.number or f"{each.participant} {each.term}",
            (
                (_("Began on"), each.started_on),
                (_("Serious because"), each.criteria),
                (_("Outcome"), each.outcome),
                (_("Related"), each.related),
                (_("Expected"), each.expected is not None),
            ),
            with_event(),
        )


def of_systems(rows: Iterable[Tabulated]) -> Iterator[Item]:
    """Give the events without a system organ class."""
    for each in rows:
        yield from unsaid(each.term, ((_("System organ class"), each.system),), with_event())


def of_deaths(rows: Iterable[Death]) -> Iterator[Item]:
    """Give what is missing of each death; whether it was related is asked of an event alone."""
    for each in rows:
        yield from unsaid(
            each.participant,
            (
                (_("Died on"), each.died_on),
                (_("Cause of death"), each.causes),
                (_("Related"), each.related or not each.causes),
            ),
            _("it is recorded with the participant and the fatal event"),
        )


def of_left(rows: Iterable[Left]) -> Iterator[Item]:
    """Give who left for an event that no event tells."""
    for each in rows:
        yield from unsaid(each.participant, ((_("Treatment stopped for"), each.events),), with_event())


def of_doses(rows: Iterable[Dosed]) -> Iterator[Item]:
    """Give what is missing of each dose."""
    for each in rows:
        yield from unsaid(
            each.treatment or _("Treatment"),
            ((_("Dose"), each.dose is not None), (_("Frequency"), each.frequency)),
            _("it is recorded with the dose"),
        )
