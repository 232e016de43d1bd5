"""Consent version log: what was approved when, from and until when it is used, who had to consent again.

One row for each version of each form and language, as 21 CFR 50.27 and 56.115 and ICH E6(R3) 2.8 want it traceable.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from trialdesk.base.i18n import N_, _, n_
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.ethics.queries import ConsentVersionRow, consent_versions, decisions, submissions, with_use
from trialdesk.ethics.rules import FORMS
from trialdesk.persistence.reading import Read
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports.parameters import AS_OF
from trialdesk.reporting.structure import Block, Column, Heading, Landscape, Note, Paragraph, Table
from trialdesk.reporting.terms import choice_words, day_cell, language_words, version_words


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version. None is printed as a dash: nothing is due, or nothing has happened."""

    form: str
    language: str
    version: str
    number: int
    dated_on: date
    committee: str | None
    reference: str | None
    approved_on: date | None
    used_from: date | None
    superseded_on: date | None
    withdrawn_on: date | None
    mandatory_on: date | None
    changed: str | None


@dataclass(frozen=True, slots=True)
class VersionLog:
    """The versions by form, language and number."""

    rows: tuple[VersionRow, ...]


def gather(
    read: Read,
    *,
    study: Id,
    on: date,  # noqa: ARG001 - the log is the same on every day
    site: Id | None = None,  # noqa: ARG001 - versions are the study's
    as_of: date | None = None,
) -> VersionLog:
    """Return the log; as of a day, what was written, approved and withdrawn by then. Three statements."""
    committees = {row.id: row.committee_name for row in submissions(read, study=study)}
    given = {row.id: row for row in decisions(read, study=study)}
    until = as_of or date.max
    known: list[ConsentVersionRow] = []
    for row in consent_versions(read, study=study):
        if row.dated_on > until:
            continue
        decision = given.get(row.decision or "")
        approved = decision is not None and decision.decided_on <= until
        withdrawn = row.withdrawn_on is not None and row.withdrawn_on <= until
        known.append(
            replace(
                row,
                decision=row.decision if approved else None,
                approved_on=row.approved_on if approved else None,
                withdrawn_on=row.withdrawn_on if withdrawn else None,
            )
        )
    rows = []
    for row in with_use(known):
        decision = given.get(row.decision or "")
        rows.append(
            VersionRow(
                form=row.form,
                language=row.language,
                version=row.label,
                number=row.number,
                dated_on=row.dated_on,
                committee=committees.get(decision.submission) if decision else None,
                reference=decision.reference if decision else None,
                approved_on=row.approved_on,
                used_from=row.used_from,
                superseded_on=row.superseded_on,
                withdrawn_on=row.withdrawn_on,
                mandatory_on=row.mandatory_on,
                changed=row.change_summary,
            )
        )
    return VersionLog(tuple(rows))


def compose(log: VersionLog) -> list[Block]:
    """Return what waits for approval, then the log on pages that lie on their side."""
    waiting = [row for row in log.rows if row.approved_on is None]
    lead = n_("{count} consent version.", "{count} consent versions.", len(log.rows)).format(count=len(log.rows))
    blocks: list[Block] = [Paragraph(lead, "lead")]
    if waiting:
        names = ", ".join(version_words(row.version, row.language) for row in waiting)
        blocks.append(Note(_("Not approved and not to be used: {names}.").format(names=names), _("Without approval")))
    columns = (
        Column(_("Version"), names_row=True),
        Column(_("Form")),
        Column(_("Language")),
        Column(_("Dated") + "\n" + _("Approved")),
        Column(_("Approved by"), 1),
        Column(_("Used from") + "\n" + _("Superseded on")),
        Column(_("Withdrawn on") + "\n" + _("Consent again by")),
        Column(_("What changed"), 1.4),
    )
    return [
        Landscape(),
        *blocks,
        Heading(1, _("All versions")),
        Paragraph(
            _("A version is used from the day its approval has effect or later, until the next takes effect."), "small"
        ),
        Table(columns, [_cells(row) for row in log.rows], empty=_("There is no consent version.")),
    ]


def _cells(row: VersionRow) -> tuple[str, ...]:
    return (
        row.version,
        choice_words(FORMS, row.form),
        language_words(row.language),
        _both(row.dated_on, row.approved_on),
        ", ".join(each for each in (row.committee, row.reference) if each) or "–",
        _both(row.used_from, row.superseded_on),
        _both(row.withdrawn_on, row.mandatory_on),
        row.changed or "–",
    )


def _both(first: date | None, second: date | None) -> str:
    """Return two days one below the other, as their titles stand."""
    return f"{day_cell(first)}\n{day_cell(second)}"


REPORT = Report(
    key="consent-versions",
    title=N_("Consent version log"),
    audience="site",
    section="participants",
    parameters=(AS_OF,),
    gather=gather,
    compose=compose,
    unblinds=False,
    about=N_("Every version of every consent form: approved when, used from when until when, who consents again."),
)
