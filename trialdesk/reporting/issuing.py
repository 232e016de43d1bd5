"""A report made final: what `documents.issuing` asks this stage for. No desk, no window: only the act's own reading."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _, speaking
from trialdesk.base.ids import Id
from trialdesk.documents.rules import Paper
from trialdesk.persistence.work import Work
from trialdesk.reporting.report import Report
from trialdesk.trail.position import position_of


def paper(
    work: Work,
    *,
    study: Id,
    report: str,
    parameters: Mapping[str, str],
    language: str,
    numbered: Callable[[str], int],
    places: int,
) -> Paper:
    """Return a report's final bytes as the desk tells it before this act, or what it still lacks.

    Raises UserError for a report or parameter that is not there, and for what must not be kept where everybody of the
    study can open it: participants' names, and arms while others are blinded.
    """
    # The act is declared without the reports: they cost time that only making one should.
    from trialdesk.enrollment.queries.identities import code_list
    from trialdesk.reporting.catalog import report_named
    from trialdesk.reporting.leaks import refuse_names
    from trialdesk.reporting.making import author_of, chosen_text, drawn, gathered
    from trialdesk.reporting.printed import printed_digest

    declared = report_named(report)
    more = dict(parameters)
    site, as_of = more.pop("site", None), more.pop("as_of", None)
    position = position_of(work.read, study)
    found = gathered(
        work.read,
        declared,
        study=study,
        site=site,
        as_of=_day(as_of),
        on=work.today,
        at=position,
        catalogue=work.catalogue,
        more=more,
    )
    _refuse_secret(declared, arms=found.blinding == "unblinded" and not found.study.arms_known)
    compared = refuse_names(declared, found.facts, code_list(work.read, study=study))
    with speaking(language):
        title = _(declared.title)
    number = numbered(chosen_text(found))
    file_name = f"{found.study.short_name}-{report}-{number}-{language}.pdf"
    told = Paper(
        title=title,
        parameters=chosen_text(found),
        position=position.text(),
        digest=printed_digest(declared, found.facts),
        file_name="".join(each if each.isalnum() or each in "-_." else "_" for each in file_name),
        lacks=tuple(declared.open_items(found.facts)),
    )
    if told.lacks:
        return told

    def made(places: int) -> bytes:
        return drawn(work.read, found, language=language, state="final", author=author, issue=number, places=places).pdf

    author = replace(author_of(work.read, study, work.today, language), compared=compared)
    return replace(told, data=made(0), to_sign=made(places) if places else None)


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UserError(
            _("“{value}” is not a date.").format(value=text[:80]),
            where=_("Chosen parameters"),
            remedy=_("Write it as 2026-03-04."),
        ) from error


def _refuse_secret(report: Report, *, arms: bool) -> None:
    """Raise UserError for what everybody of the study could open once it is kept."""
    remedy = _("Save or print it instead: as a draft it is proven in the same way.")
    if report.names or report.audience == "inside":
        raise UserError(
            _("This document tells who participants are. It is not kept where everybody of the study can open it."),
            where=_(report.title),
            remedy=remedy,
        )
    if arms:
        raise UserError(
            _("This document shows treatment allocation. It is not kept where everybody of the study can open it."),
            where=_(report.title),
            remedy=remedy,
        )
