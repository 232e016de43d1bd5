"""Consent log: every consent, to which version, by whom obtained, and whether it came before anything was done.

Rule: 21 CFR 50.27, ICH E6(R3) 2.8; that a superseded version was used is what inspections find most.
"""

from __future__ import annotations

from datetime import date

from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.enrollment.obtaining import amiss_consents
from trialdesk.enrollment.progress import ConsentRow, Due, consent_log
from trialdesk.ethics.rules import FORMS
from trialdesk.persistence.reading import Read
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports.cells import NOTHING, day, words, yes_no
from trialdesk.reporting.reports.parameters import AS_OF, SITE
from trialdesk.reporting.structure import Block, Column, Heading, Landscape, Note, Paragraph, Table
from trialdesk.reporting.terms import version_words


@dataclass(frozen=True, slots=True)
class Log:
    """The consents, who must consent again, and by their identifiers who has none recorded here and whose is amiss.

    Amiss is a consent that somebody obtained who was not delegated or trained for it that day.
    """

    consents: tuple[ConsentRow, ...]
    due: tuple[Due, ...]
    without: tuple[str, ...]
    amiss: tuple[str, ...] = ()


def gather(read: Read, *, study: Id, on: date, site: Id | None = None, as_of: date | None = None) -> Log:
    """Return the log; as of a day, what had been given by then. A bounded number of statements.

    Who must consent again is told as far as it is recorded, whatever day it is made on: the day it is due stands there.
    """
    consents, due, without = consent_log(read, study=study, on=on, site=site, as_of=as_of)
    amiss = amiss_consents(read, study=study)
    return Log(consents, due, without, tuple(row.identifier for row in consents if row.id in amiss))


def compose(log: Log) -> list[Block]:
    """Return what stands out, then the consents on pages that lie on their side, then who consents again."""
    late = [row.identifier for row in log.consents if row.before_procedures is False]
    blocks: list[Block] = [
        Paragraph(
            _("{consents} consents, {again} of them given again; {due} still to be given again.").format(
                consents=len(log.consents), again=sum(row.again for row in log.consents), due=len(log.due)
            ),
            "lead",
        )
    ]
    if late:
        blocks.append(
            Note(
                _("Something was done before consent, as it is recorded: {names}.").format(names=", ".join(late)),
                _("Consent after the first procedure"),
            )
        )
    if log.amiss:
        blocks.append(
            Note(
                _("Who obtained these consents was not delegated or trained for it that day: {names}.").format(
                    names=", ".join(log.amiss)
                ),
                _("Consent by a person not delegated"),
            )
        )
    if invalid := [row for row in log.consents if row.invalid_found_on]:
        blocks.append(Note("\n".join(map(invalid_words, invalid)), _("Consent found not valid")))
    if log.without:
        blocks.append(
            Note(
                _("No consent is recorded here of {names}.").format(names=", ".join(log.without)),
                _("No consent recorded"),
            )
        )
    return [
        Landscape(),
        *blocks,
        Heading(1, _("Consents")),
        Table(
            (
                Column(_("Participant"), names_row=True),
                Column(_("Form")),
                Column(_("Version")),
                Column(_("Consented on")),
                Column(_("Given again")),
                Column(_("Obtained by"), 1.3),
                Column(_("Signed also by"), 1.3),
                Column(_("Copy given")),
                Column(_("First procedure")),
                Column(_("Consent came first")),
            ),
            [_cells(row) for row in log.consents],
            empty=_("No consent is recorded."),
        ),
        Heading(1, _("To consent again")),
        Table(
            (
                Column(_("Participant"), names_row=True),
                Column(_("Signed version")),
                Column(_("Version to sign")),
                Column(_("Due by")),
            ),
            [
                (
                    row.identifier,
                    version_words(row.signed, row.language),
                    version_words(row.needed, row.language),
                    _("{day}, overdue").format(day=day(row.by)) if row.overdue else day(row.by),
                )
                for row in log.due
            ],
            empty=_("Nobody has to consent again."),
        ),
    ]


def invalid_words(row: ConsentRow) -> str:
    """Return of a consent that was found not valid whose it was, when that was found, and why."""
    return _("{name}, consent of {given}, found on {found}: {why}").format(
        name=row.identifier, given=day(row.consented_on), found=day(row.invalid_found_on), why=row.invalid_why or ""
    )


def _cells(row: ConsentRow) -> tuple[str, ...]:
    moment = f"{day(row.consented_on)} {row.consented_at}" if row.consented_at else day(row.consented_on)
    if row.invalid_found_on:
        moment = "\n".join((moment, _("not valid")))
    return (
        row.identifier,
        _(dict(FORMS).get(row.form, row.form)),
        version_words(row.label, row.language),
        moment,
        yes_no(row.again),
        words(row.obtained_by),
        row.representative or NOTHING,
        yes_no(row.copy_given),
        day(row.first_procedure) if row.first_procedure else NOTHING,
        _came_first(row),
    )


def _came_first(row: ConsentRow) -> str:
    """Return whether consent came first. A procedure has no time: of one day nobody can tell from the record."""
    if row.before_procedures is None:
        return NOTHING
    if row.before_procedures and row.first_procedure == row.consented_on.isoformat():
        return _("same day; the time of the procedure is not recorded")
    return yes_no(row.before_procedures)


REPORT = Report(
    key="consent-log",
    title=N_("Consent log"),
    audience="site",
    section="participants",
    parameters=(SITE, AS_OF),
    gather=gather,
    compose=compose,
    unblinds=False,
    about=N_("Every consent with its version, and whether it came before anything was done; who must consent again."),
)
