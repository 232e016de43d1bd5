"""Re-consent matrix: each participant against each version of the consent form, signed when, due when, or why not.

Rule: who takes part learns of what may change their mind and consents to it again (ICH E6(R3) 2.8; 21 CFR 50.25(b)(5));
an inspection reads across it whether anybody was left on a version that was superseded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal

from trialdesk.base.i18n import N_, _, n_
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.enrollment.progress import ENDED, ConsentRow, Due, consent_log
from trialdesk.enrollment.queries import participants
from trialdesk.ethics.queries import ConsentVersionRow, consent_versions, with_use
from trialdesk.ethics.rules import FORMS
from trialdesk.persistence.reading import Read
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports.cells import day
from trialdesk.reporting.reports.parameters import AS_OF, SITE
from trialdesk.reporting.structure import Block, Column, Heading, Landscape, Note, Paragraph, Table
from trialdesk.reporting.terms import choice_words, language_words
from trialdesk.trail.position import last_known

Standing = Literal["signed", "not_valid", "due", "overdue", "later", "left", "not_asked", "unused", "missing"]
WORDS: dict[Standing, str] = {
    "signed": "{day}",
    "not_valid": N_("{day}, not valid"),
    "due": N_("due by {day}"),
    "overdue": N_("OVERDUE since {day}"),
    "later": N_("entered with a later version"),
    "left": N_("not needed: no longer in the study"),
    "not_asked": N_("not asked of those in the study"),
    "unused": N_("not in use"),
    "missing": N_("none recorded"),
}
"""What stands in a cell."""

ACROSS = 6
"""So many versions stand beside each other on a page that lies on its side."""


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a form, in whatever languages. None: not used yet, or nobody in the study is asked to sign it."""

    form: str
    label: str
    languages: tuple[str, ...]
    used_from: date | None
    mandatory_on: date | None


@dataclass(frozen=True, slots=True)
class Cell:
    """How a participant stands to a version; `on` is when it was signed last, or by when it is to be."""

    standing: Standing
    on: date | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Signer:
    """A participant with a cell for each version."""

    identifier: str
    state: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """The versions in the order of their use, and who signed them. `day` is the day on which overdue is judged."""

    day: date
    versions: tuple[Version, ...]
    rows: tuple[Signer, ...]


def gather(read: Read, *, study: Id, on: date, site: Id | None = None, as_of: date | None = None) -> Matrix:
    """Return the matrix as of a day, or as of the last thing recorded. A bounded number of statements.

    Whoever has no consent recorded and none due, such as somebody screened and not asked yet, stands in it too.
    """
    last = last_known(read, study)
    today = as_of or (last[1] if last else on)
    people = participants(read, study=study, on=on, site=site, as_of=as_of)
    consents, due, _without = consent_log(read, study=study, on=on, site=site, as_of=as_of, among=people)
    known = tuple(each for each in with_use(consent_versions(read, study=study)) if each.dated_on <= today)
    versions = _versions(known)
    signed: dict[Id, list[ConsentRow]] = {}
    for row in consents:
        signed.setdefault(row.participant, []).append(row)
    asked: dict[Id, list[Due]] = {}
    for each in due:
        asked.setdefault(each.participant, []).append(each)
    numbers = {(each.form, each.label): each.number for each in known}
    return Matrix(
        today,
        versions,
        tuple(
            Signer(
                row.identifier,
                row.state,
                tuple(
                    _cell(each, signed.get(row.id, ()), asked.get(row.id, ()), numbers, today, left=row.state in ENDED)
                    for each in versions
                ),
            )
            for row in people
        ),
    )


def _versions(known: Sequence[ConsentVersionRow]) -> tuple[Version, ...]:
    found: dict[tuple[str, str], list[ConsentVersionRow]] = {}
    for each in sorted(known, key=lambda each: (each.form, each.number, each.language)):
        found.setdefault((each.form, each.label), []).append(each)
    return tuple(
        Version(
            form,
            label,
            tuple(each.language for each in some),
            min((each.used_from for each in some if each.used_from), default=None),
            min((each.mandatory_on for each in some if each.mandatory_on), default=None),
        )
        for (form, label), some in found.items()
    )


def _cell(
    version: Version,
    signed: Sequence[ConsentRow],
    asked: Sequence[Due],
    numbers: dict[tuple[str, str], int],
    today: date,
    *,
    left: bool,
) -> Cell:
    mine = [row for row in signed if (row.form, row.label) == (version.form, version.label)]
    if mine:
        last = mine[-1]
        return Cell("not_valid" if last.invalid_found_on else "signed", last.consented_on, last.language)
    for each in asked:
        if (each.form, each.needed) == (version.form, version.label) and each.language in version.languages:
            return Cell("overdue" if each.by < today else "due", each.by, each.language)
    if version.used_from is None:
        return Cell("unused")
    of_form = [numbers.get((row.form, row.label), 0) for row in signed if row.form == version.form]
    if of_form and min(of_form) > numbers.get((version.form, version.label), 0):
        return Cell("later")
    if left and of_form:
        return Cell("left")
    return Cell("not_asked" if of_form else "missing")


def compose(told: Matrix) -> list[Block]:
    """Return who is overdue, then the matrix, so many versions at a time."""
    overdue = [row.identifier for row in told.rows if any(cell.standing == "overdue" for cell in row.cells)]
    lead = n_("{count} participant is overdue on {day}.", "{count} participants are overdue on {day}.", len(overdue))
    blocks: list[Block] = [
        Landscape(),
        Paragraph(lead.format(count=len(overdue), day=day(told.day)), "lead"),
    ]
    if overdue:
        blocks.append(Note(_(", ").join(overdue), _("To consent again without delay")))
    if not told.versions:
        return [*blocks, Paragraph(_("There is no consent version."))]
    places = list(range(len(told.versions)))
    for some in (places[begin : begin + ACROSS] for begin in range(0, len(places), ACROSS)):
        blocks += [Heading(1, _heading([told.versions[place] for place in some])), _table(told, some)]
    return blocks


def _heading(versions: Sequence[Version]) -> str:
    forms = dict.fromkeys(choice_words(FORMS, each.form) for each in versions)
    return _(", ").join(forms)


def _table(told: Matrix, places: Sequence[int]) -> Table:
    return Table(
        (
            Column(_("Participant"), 0.9, names_row=True),
            *(Column(_title(told.versions[place]), 1.2) for place in places),
        ),
        [(row.identifier, *(_words(row.cells[place], told.versions[place]) for place in places)) for row in told.rows],
        empty=_("Nobody has been screened."),
    )


def _title(version: Version) -> str:
    return "\n".join(_titles(version))


def _titles(version: Version) -> Iterator[str]:
    yield _("Version {label}").format(label=version.label)
    if version.used_from:
        yield _("used from {day}").format(day=day(version.used_from))
    if version.mandatory_on:
        yield _("again by {day}").format(day=day(version.mandatory_on))


def _words(cell: Cell, version: Version) -> str:
    said = WORDS[cell.standing] if cell.standing == "signed" else _(WORDS[cell.standing])
    said = said.format(day=day(cell.on) if cell.on else "")
    if cell.language and len(version.languages) > 1:
        return f"{said} · {language_words(cell.language)}"
    return said


REPORT = Report(
    key="reconsent",
    title=N_("Re-consent matrix"),
    audience="site",
    section="participants",
    parameters=(SITE, AS_OF),
    gather=gather,
    compose=compose,
    unblinds=False,
    tells_day=True,
    about=N_("Each participant against each version of the consent form: signed, due, overdue, or why not needed."),
)
