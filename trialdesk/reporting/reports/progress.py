"""How a report of a study's course is put together: a shape over the facts, and what is checked before it goes out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import reduce
from itertools import groupby
from typing import Literal

from trialdesk.base.i18n import _
from trialdesk.base.values import dataclass
from trialdesk.reporting.reports import progress_gaps as gaps
from trialdesk.reporting.reports.cells import day
from trialdesk.reporting.reports.items import Item, lacking, listed, open_items
from trialdesk.reporting.reports.progress_told import Asked, Progress
from trialdesk.reporting.structure import (
    Block,
    Checks,
    Contents,
    Heading,
    NewPage,
    Note,
    Paragraph,
    Signature,
    Signatures,
)

Part = Callable[[Progress], Iterable[Item | Block]]
Check = Callable[[Progress], bool | None]


@dataclass(frozen=True, slots=True)
class Shape:
    """A report over the facts of progress. Words are marked by N_.

    `parts` are labelled values and blocks under a heading, in that order; `unkept` is asked for and kept nowhere;
    `checks` answers None where nothing can be compared; `answers` is the kind of submission the report goes with, if
    any. With `contents` its first part is the title page, which a table of contents follows.
    """

    key: str
    title: str
    about: str
    audience: Literal["ethics", "regulator"]
    parts: tuple[tuple[str, Part], ...]
    unkept: tuple[str, ...]
    checks: tuple[tuple[str, Check], ...]
    signs: str
    answers: str = ""
    contents: bool = False
    since: bool = True
    """Whether it tells what is new in a period."""


def compose(told: Progress, *, shape: Shape) -> list[Block]:
    """Return the report of that shape: what fails first, then its parts, checks, what is missing, who signs."""
    told_of = [(_(heading), list(part(told))) for heading, part in shape.parts]
    asked = gaps.unkept(*shape.unkept)
    answers = [(_(words), check(told)) for words, check in shape.checks]
    failed = [words for words, holds in answers if holds is False]
    blocks: list[Block] = [Paragraph(_lead(told, shape), "lead")]
    if failed:
        blocks.append(Note("\n".join(failed), _("These checks fail")))
    for at, (heading, own) in enumerate(told_of):
        blocks += [Heading(1, heading), *_set(own)]
        if shape.contents and at == 0:
            blocks += [NewPage(), Contents(1)]
    if asked:
        blocks += [Heading(1, _("To be told by hand")), listed(asked)]
    compared = [
        words if holds is not None else _("{check}: nothing to compare").format(check=words) for words, holds in answers
    ]
    missing = [each for _heading, own in told_of for each in own if isinstance(each, Item)]
    return [
        *blocks,
        Heading(1, _("Consistency")),
        Checks([(words, bool(holds)) for words, (_words, holds) in zip(compared, answers, strict=True)]),
        *open_items(_untold(told, shape), missing, asked),
        Signatures([Signature(_(shape.signs), _("Principal investigator"))]),
    ]


def open_points(told: Progress, *, shape: Shape) -> tuple[str, ...]:
    """Return what must be recorded before the report is final: all it asks for that the record has a place for."""
    items = [each for _heading, part in shape.parts for each in part(told) if isinstance(each, Item)]
    return tuple(dict.fromkeys(lacking(_untold(told, shape), items)))


def _set(own: Iterable[Item | Block]) -> Iterator[Block]:
    """Give what stands under a heading, labelled values that follow each other as one list."""
    for labelled, some in groupby(own, key=lambda each: isinstance(each, Item)):
        if labelled:
            yield listed(each for each in some if isinstance(each, Item))
        else:
            yield from (each for each in some if not isinstance(each, Item))


def _untold(told: Progress, shape: Shape) -> list[Item]:
    """Return the period as an open item, where a report that goes by the last approval has none."""
    why = _("no approval is recorded")
    return [Item(_("Period reported"), None, why=why)] if shape.since and told.since is None and not told.year else []


def _lead(told: Progress, shape: Shape) -> str:
    counted = _("{screened} participants were screened and {entered} entered the study.").format(
        screened=told.people.screened.all, entered=told.people.entered.all
    )
    said = [counted]
    if told.year is not None:
        said.append(
            _("The period reported is from {day} to {lock}.").format(
                day=day(told.since), lock=day(told.year.period.lock)
            )
            if told.since
            else _unbegun(told)
        )
    elif shape.since:
        said.append(
            _("The period reported is from the last approval on {day}.").format(day=day(told.since))
            if told.since
            else _("Which period is reported is not recorded: there is no approval.")
        )
    if shape.answers:
        sent = sent_for(told, shape.answers)
        said.append(
            _("Submitted to {committee} on {day}.").format(committee=sent[-1].committee, day=day(sent[-1].submitted_on))
            if sent
            else _("It is not yet submitted.")
        )
    return reduce(lambda before, each: _("{said} {more}").format(said=before, more=each), said)


def _unbegun(told: Progress) -> str:
    if told.year is None or told.year.period.birth is None:
        return _("No approval is recorded, so that no period begins: everything is told.")
    return _("The development began only after the data-lock point, so that no period begins: everything is told.")


def sent_for(told: Progress, kind: str) -> list[Asked]:
    """Return the submissions of a kind this report may have gone with: the last approval answered what came before."""
    since = None if told.year else told.since
    return [each for each in told.asked if each.kind == kind and (since is None or each.submitted_on > since)]


def within_plan(told: Progress) -> bool | None:
    """Whether no more entered than were planned."""
    planned = told.study.planned_participants
    return None if planned is None else told.people.entered.all <= planned


def consented(told: Progress) -> bool | None:
    """Whether everybody who entered has a consent on record."""
    return told.people.without_consent == 0 if told.people.entered.all else None


def sponsor_told(told: Progress) -> bool | None:
    """Whether the sponsor was told of every serious event within its hours."""
    return (told.serious.unreported, told.serious.late) == (0, 0) if told.serious.events.all else None


def assessed(told: Progress) -> bool | None:
    """Whether every deviation is assessed."""
    return not any(each.unassessed for each in told.deviations) if told.deviations else None


def met(told: Progress) -> bool | None:
    """Whether no condition of an approval is open."""
    return not told.open if told.standing else None


def in_time(told: Progress) -> bool | None:
    """Whether the renewal is asked for before the approval it renews runs out; None while there still is time."""
    sent = sent_for(told, "renewal")
    ends = told.standing.expires_on if told.standing else None
    if ends is None:
        return None
    return sent[0].submitted_on <= ends if sent else False if told.lapsed else None


def nobody_in(told: Progress) -> bool | None:
    """Whether nobody is still in screening or in the study."""
    return (told.people.in_study, told.people.screening) == (0, 0) if told.people.screened.all else None


def ended(told: Progress) -> bool | None:
    """Whether the study's end is recorded."""
    return bool(told.times.ended)


def approved_first(told: Progress) -> bool | None:
    """Whether the committee's first approval came before the first consent."""
    first, begun = told.first_approval, told.times.first_consent
    return first.isoformat() <= begun if first and begun else None
