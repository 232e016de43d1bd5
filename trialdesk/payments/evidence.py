"""The papers behind what somebody only says was reached.

A visit, a consent or an allocation is evidenced by its own record, which the study keeps with its source, trail and
signatures. A deliverable has nothing of the kind behind it: it is one person's word. So a line that rests on one is
certified only once a document is attached to the deliverable for each name under `evidence` of its rule (payments.md
3.2 and invariant I9), and what a deliverable releases of money held back is invoiced by a second person and no sooner.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

import sqlalchemy as sa

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.documents.records import Document
from trialdesk.documents.rules import CATEGORIES
from trialdesk.payments.owed import Statement
from trialdesk.payments.records import Deliverable
from trialdesk.payments.rules.case import LineKey
from trialdesk.payments.rules.certifying import CertifiedLine
from trialdesk.payments.rules.wording import evidence_words
from trialdesk.people.checks import check_second_person
from trialdesk.persistence.reading import Read
from trialdesk.persistence.work import Work

_APART = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Claimed:
    """A line that rests on a deliverable: which, told by which account, and which papers its rule asks for."""

    key: LineKey
    deliverable: Id
    told_by: Id | None
    evidence: tuple[str, ...]


def claimed(found: Statement, keys: Collection[LineKey]) -> tuple[Claimed, ...]:
    """Return those of the lines that begin with a fact a deliverable tells."""
    lines = []
    for line in found.assessment.lines:
        origin = found.desk.told.origins.get(line.unit.fact.id) if line.unit.fact else None
        if line.unit.line in keys and origin is not None and origin.kind == Deliverable.KIND:
            lines.append(Claimed(line.unit.line, origin.record, origin.account, line.unit.rule.evidence))
    return tuple(lines)


def shows(evidence: str, title: str, category: str) -> bool:
    """Say whether a document is what terms name as evidence: its title has those words in it, or its category is it.

    The words are those of the terms, or those by which the person who reads them is asked for it.
    """
    here, kinds = _words(title), {_words(category), _words(_(dict(CATEGORIES).get(category, "")))}
    wanted = filter(None, {_words(evidence), _words(evidence_words(evidence))})
    return any(each in here or each in kinds for each in wanted)


def refuse_unproven(work: Work, found: Statement, keys: Collection[LineKey]) -> None:
    """Raise UserError where one of the lines rests on a deliverable whose evidence is not attached. One statement."""
    lines = claimed(found, keys)
    papers = _papers(work.read, {each.deliverable for each in lines})
    for each in lines:
        here = papers.get(each.deliverable, ())
        missing = [name for name in each.evidence if not any(shows(name, *paper) for paper in here)]
        if missing:
            raise UserError(
                _("{line} rests on a deliverable, and evidence its terms ask for is not attached: {names}.").format(
                    line=" ".join(each.key), names=", ".join(map(evidence_words, missing))
                ),
                where=_(Deliverable.LABEL),
                remedy=_("Open the deliverable under Payments and attach a document whose title names it."),
            )


def refuse_hasty_release(work: Work, found: Statement, certified: Mapping[LineKey, CertifiedLine]) -> None:
    """Refuse to invoice what a deliverable releases without its evidence, or by the person who recorded it.

    What was certified as held needs no second certificate when it is released; this is the second look at why it is.
    Raises UserError and NotAllowed.
    """
    released = {
        line.unit.rule.holdback.release
        for line in found.assessment.lines
        if line.unit.rule.holdback is not None
        and (before := certified.get(line.unit.line)) is not None
        and before.hold > line.hold
    }
    keys = {line.unit.line for line in found.assessment.lines if line.unit.rule.code in released}
    refuse_unproven(work, found, keys)
    for each in claimed(found, keys):
        words = N_("Who recorded the deliverable that releases what was held does not invoice it.")
        check_second_person(work, each.told_by, words)


def _papers(read: Read, deliverables: Collection[Id]) -> dict[Id, list[tuple[str, str]]]:
    own = Document.TABLE.c
    found: dict[Id, list[tuple[str, str]]] = {}
    if deliverables:
        about = own.about_kind == Deliverable.KIND, own.about_record.in_(deliverables)
        for row in read.rows(sa.select(own.about_record, own.title, own.category).where(*about, ~own.voided)):
            found.setdefault(row.about_record, []).append((row.title, row.category))
    return found


def _words(text: str) -> str:
    return _APART.sub(" ", text.casefold()).strip()
