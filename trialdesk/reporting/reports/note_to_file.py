"""Note to file: explains one thing in the record, a deviation or a document with a remark (ICH E6(R3), Appendix C).

It rests on what is recorded and adds nothing to it: a note explains, it is never the source.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from trialdesk.base.errors import UserError
from trialdesk.base.fields import Field
from trialdesk.base.i18n import N_, _, n_
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.documents.queries import documents
from trialdesk.documents.rules import CATEGORIES as SORTS
from trialdesk.persistence.reading import Read
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports.cells import day
from trialdesk.reporting.reports.items import Item, lacking, listed, open_items
from trialdesk.reporting.reports.parameters import DEVIATION
from trialdesk.reporting.structure import Block, Heading, Note, Paragraph, Signature, Signatures
from trialdesk.reporting.terms import choice_words
from trialdesk.safety.logs import DeviationRow, deviations
from trialdesk.safety.retelling import retold
from trialdesk.safety.rules import CATEGORIES
from trialdesk.safety.told import deviation_told


@dataclass(frozen=True, slots=True)
class Remarked:
    """The newest version of a document that carries a remark."""

    title: str
    category: str
    number: int
    file_name: str
    sha256: str
    dated_on: date | None
    remark: str


@dataclass(frozen=True, slots=True)
class NoteTold:
    """What the note explains: a deviation with the numbers of those like it, or a document."""

    deviation: DeviationRow | None
    alike: tuple[str, ...]
    document: Remarked | None


def gather(
    read: Read,
    *,
    study: Id,
    on: date,
    site: Id | None = None,  # noqa: ARG001 - what is explained has its site
    as_of: date | None = None,  # noqa: ARG001 - it is told as it is recorded
    deviation: str | None = None,
    document: str | None = None,
) -> NoteTold | None:
    """Return what the number or the title names; without either the last deviation, else the last document remarked.

    None if there is neither. Raises UserError for a number there is not and for a document without a remark.
    """
    if not document:
        found = deviation_told(read, study=study, on=on, number=deviation)
        if found is not None:
            return NoteTold(found, _alike(read, found, study, on), None)
    remarked = _remarked(read, study, document)
    return NoteTold(None, (), remarked) if remarked else None


def _alike(read: Read, found: DeviationRow, study: Id, on: date) -> tuple[str, ...]:
    return tuple(
        row.number
        for row in deviations(read, study=study, on=on)
        if (row.category, row.site) == (found.category, found.site) and row.id != found.id
    )


def _remarked(read: Read, study: Id, title: str | None) -> Remarked | None:
    found = [
        Remarked(row.title, row.category, last.number, last.file_name, last.sha256, last.dated_on, last.note)
        for row in documents(read, study=study)
        if row.versions and (last := row.versions[-1]).note and title in (None, "", row.title)
    ]
    if title and not found:
        raise UserError(
            _("There is no document “{title}” with a remark in this study.").format(title=title[:80]),
            remedy=_("Write the title as it stands in the list of documents; its last version must have a note."),
        )
    return max(found, key=lambda each: (each.dated_on or date.min, each.title), default=None)


def compose(told: NoteTold | None) -> list[Block]:
    """Return what is explained, why, what was done about it, what is missing and who signs."""
    if told is None:
        return [Paragraph(_("No deviation and no document with a remark is recorded."), "lead")]
    subject, said = list(_subject(told)), list(_said(told))
    return [
        Paragraph(_("This note explains {record}.").format(record=_record(told)), "lead"),
        Note(
            _("It rests on the record named below and adds nothing to it. What is missing there is recorded there."),
            _("A note is no source"),
        ),
        Heading(1, _("What it is about")),
        listed(subject),
        Heading(1, _("Explanation")),
        listed(said),
        *_repeated(told),
        *open_items(subject, said),
        Signatures(
            [
                Signature(_("I wrote this note"), _("Author")),
                Signature(_("I have read this note and agree"), _("Principal investigator")),
            ]
        ),
    ]


def open_points(told: NoteTold | None) -> tuple[str, ...]:
    """Return what must be recorded before the note is final."""
    if told is None:
        return (_("No deviation and no document with a remark is recorded."),)
    return lacking(_subject(told), _said(told))


def _record(told: NoteTold) -> str:
    if told.deviation:
        return _("deviation {number}").format(number=told.deviation.number)
    assert told.document is not None
    return _("the document “{title}”").format(title=told.document.title)


def _subject(told: NoteTold) -> Iterator[Item]:
    yield Item(_("Number of the note"), None, why=_("the site's register of notes gives it"), wanted=False)
    row, document = told.deviation, told.document
    if row:
        yield Item(_("Subject"), choice_words(CATEGORIES, row.category))
        yield Item(_("Record"), _("Deviation {number}").format(number=row.number))
        yield Item(_("Participant or site"), row.identifier or row.site_number or _("whole study"))
        yield Item(_("Visit"), row.visit_name, wanted=False)
        yield Item(_("Occurred on"), day(row.occurred_on))
        yield Item(_("Found on"), _found(row))
    if document:
        yield Item(_("Subject"), document.title)
        yield Item(_("Record"), choice_words(SORTS, document.category))
        yield Item(_("Version"), str(document.number))
        yield Item(_("Dated"), day(document.dated_on) if document.dated_on else None)
        yield Item(_("File name"), document.file_name)
        yield Item(_("SHA-256 of the file"), document.sha256)


def _found(row: DeviationRow) -> str | None:
    if row.found_on is None:
        return None
    late = (row.found_on - row.occurred_on).days
    if not late:
        return _("{day}, the same day").format(day=day(row.found_on))
    return n_("{day} ({count} day later)", "{day} ({count} days later)", late).format(day=day(row.found_on), count=late)


def _said(told: NoteTold) -> Iterator[Item]:
    by_hand = _("the record has no place for it; it is written by hand before signing")
    row, document = told.deviation, told.document
    if row:
        yield Item(_("What happened"), retold(row.description))
        yield Item(_("Why it happened"), None, why=by_hand, after=True)
        yield Item(_("Impact"), row.impact)
        yield Item(_("Corrective action"), row.corrective_action)
    if document:
        yield Item(_("Remark"), document.remark)
        yield Item(_("Why it happened"), None, why=by_hand, after=True)
        yield Item(_("Corrective action"), None, why=by_hand, after=True)
    yield Item(_("Prevention"), None, why=by_hand, after=True)
    yield Item(_("Filed at"), None, why=by_hand, wanted=False)


def _repeated(told: NoteTold) -> list[Block]:
    if not told.alike:
        return []
    words = n_(
        "{count} other deviation of this sort is recorded at the same place: {numbers}.",
        "{count} other deviations of this sort are recorded at the same place: {numbers}.",
        len(told.alike),
    ).format(count=len(told.alike), numbers=", ".join(told.alike))
    return [Note(words, _("It happened more than once: a note alone does not prevent it"))]


REPORT = Report(
    key="note-to-file",
    title=N_("Note to file"),
    audience="site",
    section="deviations",
    parameters=(
        DEVIATION,
        Field("text", N_("Document"), name="document", help=N_("The title of a document with a note, in its stead.")),
    ),
    gather=gather,
    compose=compose,
    open_items=open_points,
    unblinds=False,
    about=N_("Explains one deviation, or a document with a remark, from what is recorded; to be signed and filed."),
    tells_day=True,
    occasional=True,
)
