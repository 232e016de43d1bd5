"""How a report of a study's course is put together: a shape over the facts, and what is checked before it goes out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal

from trialdesk.base.i18n import _
from trialdesk.base.values import dataclass
from trialdesk.reporting.reports import progress_parts as parts
from trialdesk.reporting.reports.cells import day
from trialdesk.reporting.reports.items import Item, listed, open_items
from trialdesk.reporting.reports.progress_facts import Progress
from trialdesk.reporting.structure import Block, Checks, Heading, Note, Paragraph, Signature, Signatures

Items = Callable[[Progress], Iterable[Item]]
Part = Callable[[Progress], Iterable[Block]]
Check = Callable[[Progress], bool | None]


@dataclass(frozen=True, slots=True)
class Shape:
    """A report over the facts of progress. Words are marked by N_.

    `lists` are labelled values and `parts` are blocks, both under a heading, in that order; `unkept` is asked for and
    kept nowhere; `checks` answers None where nothing can be compared; `answers` is the kind of submission the report
    goes with, if any.
    """

    key: str
    title: str
    about: str
    audience: Literal["ethics", "regulator"]
    lists: tuple[tuple[str, Items], ...]
    parts: tuple[tuple[str, Part], ...]
    unkept: tuple[str, ...]
    checks: tuple[tuple[str, Check], ...]
    signs: str
    answers: str = ""


def compose(told: Progress, *, shape: Shape) -> list[Block]:
    """Return the report of that shape: what fails first, then lists, parts, checks, what is missing, who signs."""
    lists = [(_(heading), list(items(told))) for heading, items in shape.lists]
    asked = parts.unkept(*shape.unkept)
    answers = [(_(words), check(told)) for words, check in shape.checks]
    failed = [words for words, holds in answers if holds is False]
    blocks: list[Block] = [Paragraph(_lead(told, shape), "lead")]
    if failed:
        blocks.append(Note("\n".join(failed), _("These checks fail")))
    for heading, items in lists:
        blocks += [Heading(1, heading), listed(items)]
    for heading, part in shape.parts:
        blocks += [Heading(1, _(heading)), *part(told)]
    if asked:
        blocks += [Heading(1, _("To be told by hand")), listed(asked)]
    compared = [
        words if holds is not None else _("{check}: nothing to compare").format(check=words) for words, holds in answers
    ]
    return [
        *blocks,
        Heading(1, _("Consistency")),
        Checks([(words, bool(holds)) for words, (_words, holds) in zip(compared, answers, strict=True)]),
        *open_items(*(items for _heading, items in lists), asked),
        Signatures([Signature(_(shape.signs), _("Principal investigator"))]),
    ]


def _lead(told: Progress, shape: Shape) -> str:
    entered, screened = told.people.entered.all, told.people.screened.all
    counted = _("{screened} participants were screened and {entered} entered the study.").format(
        screened=screened, entered=entered
    )
    # What was sent before the last approval was answered by it: this report is another.
    sent = [
        each
        for each in told.asked
        if each.kind == shape.answers and (told.since is None or each.submitted_on > told.since)
    ]
    if told.yearly and told.since:
        return _("{counted} The period reported is from {day}.").format(counted=counted, day=day(told.since))
    if told.yearly:
        return _("{counted} No approval is recorded, so that no period begins: everything is told.").format(
            counted=counted
        )
    if not shape.answers:
        return counted
    if not sent:
        return _("{counted} It is not yet submitted.").format(counted=counted)
    return _("{counted} Submitted to {committee} on {day}.").format(
        counted=counted, committee=sent[-1].committee, day=day(sent[-1].submitted_on)
    )


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
    """Whether the renewal asked for last was asked for before the approval in force ran out."""
    sent = [each.submitted_on for each in told.asked if each.kind == "renewal"]
    ends = told.standing.expires_on if told.standing else None
    return sent[-1] <= ends if sent and ends else None


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
