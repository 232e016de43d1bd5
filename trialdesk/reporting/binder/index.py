"""The index of a binder: what is in it, by section, with the hashes of data and file, and what is not, with reasons."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import LANGUAGES, N_, _, n_
from trialdesk.documents.rules import CATEGORIES, FINAL
from trialdesk.persistence.reading import Read
from trialdesk.reporting.binder.manifest import Bound, Contents, Kept
from trialdesk.reporting.dates import both, day_words
from trialdesk.reporting.furniture import STATES
from trialdesk.reporting.making import Author, Gathered, drawn
from trialdesk.reporting.report import AUDIENCES, BINDER, Audience, Report, facts_digest
from trialdesk.reporting.structure import Block, Bullets, Column, Heading, Landscape, Paragraph, Table
from trialdesk.studies.queries import SiteRow, StudyRow
from trialdesk.trail.position import Position, parse_position

SECTIONS = {
    "protocol": N_("Protocol and registration"),
    "ethics": N_("Ethics committee"),
    "authority": N_("Authorities"),
    "participants": N_("Participants and consent"),
    "safety": N_("Safety"),
    "product": N_("Investigational product"),
    "deviations": N_("Deviations"),
    "team": N_("Team and delegation"),
    "monitoring": N_("Monitoring"),
    "results": N_("Results and reports"),
    "money": N_("Contracts and money"),
    "file": N_("Site file and trail"),
}
_DIGITS = 22
"""A hash is printed in lines of so many digits."""


def compose(contents: Contents) -> list[Block]:
    """Return how much there is, the papers of each section, what is left out, and how all of it is checked."""
    blocks: list[Block] = [Landscape(), *_amounts(contents)]
    if contents.as_of:
        words = _("As of {day}: final versions of that day, and drafts that can be told as of it.")
        blocks.append(Paragraph(words.format(day=day_words(date.fromisoformat(contents.as_of)))))
    for section, words in SECTIONS.items():
        papers = [each for each in contents.papers if each.section == section]
        kept = [each for each in contents.kept if each.section == section]
        if papers or kept:
            blocks.append(Heading(1, _(words)))
        if papers:
            blocks.append(_papers(papers))
        if kept:
            blocks += [Heading(2, _("Filed here, as they came")), _filed(kept)]
    if contents.left_out:
        blocks += [
            Heading(1, _("Not in this binder")),
            Table(
                (Column(_("Document"), 2, names_row=True), Column(_("Reason"), 3)),
                [(each.title, each.why) for each in contents.left_out],
            ),
        ]
    return [
        *blocks,
        Heading(1, _("How this binder is checked")),
        Bullets(
            [
                _("Without TrialDesk: python3 verify.py, started in this folder, computes every hash again and names "
                  "each file that is altered, missing or was added."),
                _("With TrialDesk: trialdesk verify FOLDER does the same, and compares each document with the desk it "
                  "was made on."),
                _("manifest.json lists the same for machines; its own hash was told when the binder was made, and "
                  "stands in the desk's access log."),
            ]
        ),
    ]  # fmt: skip


def _amounts(contents: Contents) -> list[Block]:
    finals = sum(each.issue > 0 for each in contents.papers)
    count = len(contents.papers)
    words = n_("{count} document, for: {audience}.", "{count} documents, for: {audience}.", count)
    parted = _("Final versions, as they were kept: {finals}; made for this binder: {others}.")
    return [
        Paragraph(words.format(count=count, audience=_(AUDIENCES[contents.audience])), "lead"),
        Paragraph(parted.format(finals=finals, others=count - finals)),
        *([Paragraph(_filed_words(len(contents.kept)))] if contents.kept else []),
    ]


def _filed_words(count: int) -> str:
    return n_(
        "With them {count} file of the site file, as it came: nobody here has read what stands in it.",
        "With them {count} files of the site file, as they came: nobody here has read what stands in them.",
        count,
    ).format(count=count)


def _papers(papers: list[Bound]) -> Table:
    return Table(
        (
            Column(_("Document and file"), 1, names_row=True),
            Column(_("State")),
            Column(_("For")),
            Column(_("Data as of, record position")),
            Column(_("SHA-256 of the data")),
            Column(_("SHA-256 of the file")),
        ),
        [
            (
                "\n".join(filter(None, (each.title, each.chosen, each.file))),
                state_words(each),
                _(AUDIENCES[each.audience]),
                f"{both(datetime.fromisoformat(each.cutoff), 'UTC')}\n{parse_position(each.position).short()}",
                _parts(each.digest),
                _parts(each.sha256),
            )
            for each in papers
        ],
    )


def _filed(kept: list[Kept]) -> Table:
    categories = dict(CATEGORIES)
    return Table(
        (
            Column(_("Document and file"), 1, names_row=True),
            Column(_("Category")),
            Column(_("Version")),
            Column(_("Dated")),
            Column(_("SHA-256 of the file")),
        ),
        [
            (
                "\n".join(filter(None, (each.title, each.note, each.file_name, each.file))),
                _(categories.get(each.category, each.category)),
                "\n".join((str(each.version), *([_(STATES[each.state])] if each.state != FINAL else []))),
                day_words(date.fromisoformat(each.dated_on)) if each.dated_on else _("not recorded"),
                _parts(each.sha256),
            )
            for each in kept
        ],
    )


def state_words(paper: Bound) -> str:
    """Return the state of a paper in words, with its version, language and signatures."""
    lines = [_(STATES[paper.state])]
    if paper.issue:
        lines.append(_("version {number}").format(number=paper.issue))
    if paper.signatures:
        lines.append(n_("{count} signature", "{count} signatures", paper.signatures).format(count=paper.signatures))
    return "\n".join((*lines, LANGUAGES[paper.language]))


def _parts(digest: str) -> str:
    return "\n".join(digest[begin : begin + _DIGITS] for begin in range(0, len(digest), _DIGITS))


def _never(*_given: Any, **_more: Any) -> Any:
    raise UserError(
        _("An index is made with its binder alone."), remedy=_("Make the binder: trialdesk binder STUDY --to FOLDER")
    )


REPORT = Report(
    key=BINDER,
    title=N_("Inspection binder"),
    audience="regulator",
    parameters=(),
    gather=_never,
    compose=compose,
    state="final",
    unblinds=False,
    tells_day=True,
    section="file",
)


def index_pdf(
    read: Read,
    contents: Contents,
    *,
    study: StudyRow,
    all_sites: tuple[SiteRow, ...],
    audience: Audience,
    position: Position,
    author: Author,
) -> tuple[bytes, str]:
    """Return the index of a binder as a PDF with the digest of what it tells; `read` is the snapshot it was made of."""
    found = Gathered(
        report=replace(REPORT, audience=audience),
        facts=contents,
        study=study,
        site=None,
        all_sites=all_sites,
        as_of=date.fromisoformat(contents.as_of) if contents.as_of else None,
        blinding="open" if study.arms_known else "blinded",
        position=position,
        more={"audience": audience},
    )
    # It answers for all of the manifest, printed or not.
    made = drawn(read, found, language=contents.language, state="final", author=author, digest=facts_digest(contents))
    return made.pdf, made.digest
