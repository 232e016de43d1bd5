"""Report of one protocol deviation: what happened, what it touches, what was done (ICH E6(R3) 2.5, 21 CFR 312.66)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.persistence.reading import Read
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports.cells import day
from trialdesk.reporting.reports.items import Item, lacking, listed, open_items
from trialdesk.reporting.reports.parameters import DEVIATION
from trialdesk.reporting.structure import Block, Heading, Paragraph, Signature, Signatures
from trialdesk.reporting.terms import choice_words
from trialdesk.safety.logs import DeviationRow
from trialdesk.safety.retelling import retold
from trialdesk.safety.rules import CATEGORIES
from trialdesk.safety.told import deviation_told


def gather(
    read: Read,
    *,
    study: Id,
    on: date,
    site: Id | None = None,  # noqa: ARG001 - the deviation has its site
    as_of: date | None = None,  # noqa: ARG001 - it is told as it is recorded
    deviation: str | None = None,
) -> DeviationRow | None:
    """Return the deviation of that number, else the one that occurred last; None if there is none."""
    return deviation_told(read, study=study, on=on, number=deviation)


def compose(row: DeviationRow | None) -> list[Block]:
    """Return what happened, the assessment, what is missing and who signs."""
    if row is None:
        return [Paragraph(_("No deviation is recorded."), "lead")]
    happened, assessed = list(_happened(row)), list(_assessed(row))
    important = _("important") if row.important else _("not important")
    return [
        Paragraph(
            _("{number}: {category}, {judged}.").format(
                number=row.number,
                category=choice_words(CATEGORIES, row.category),
                judged=important if row.assessed_on else _("not assessed"),
            ),
            "lead",
        ),
        Heading(1, _("What happened")),
        listed(happened),
        Heading(1, _("Assessment")),
        listed(assessed),
        *open_items(happened, assessed),
        Signatures([Signature(_("The deviation is assessed as told here"), _("Investigator"), row.signed_by or "")]),
    ]


def open_points(row: DeviationRow | None) -> tuple[str, ...]:
    """Return what must be recorded before the report is final: the event, its assessment and who signed it."""
    return lacking(_happened(row), _assessed(row)) if row else (_("No deviation is recorded."),)


def _happened(row: DeviationRow) -> Iterator[Item]:
    yield Item(_("Participant or site"), row.identifier or row.site_number or _("whole study"))
    yield Item(_("Visit"), row.visit_name, wanted=False)
    yield Item(_("Occurred on"), day(row.occurred_on))
    yield Item(_("Found on"), day(row.found_on) if row.found_on else None)
    yield Item(_("Found by"), _("the program") if row.proposed else _("somebody of the site"))
    yield Item(_("Description"), retold(row.description))


def _assessed(row: DeviationRow) -> Iterator[Item]:
    judged = row.assessed_on is not None
    yield Item(_("Assessed on"), day(row.assessed_on) if judged else None)
    yield Item(_("Important"), (_("yes") if row.important else _("no")) if judged else None)
    yield Item(_("Impact"), row.impact, wanted=bool(row.important))
    yield Item(_("Corrective action"), row.corrective_action)
    yield Item(
        _("Reported on"), day(row.reported_on) if row.reported_on else None, wanted=bool(row.important), after=True
    )
    yield Item(_("Signed by"), row.signed_by, why=_("no signature stands under it"))


REPORT = Report(
    key="deviation-report",
    title=N_("Report of a protocol deviation"),
    audience="ethics",
    section="deviations",
    parameters=(DEVIATION,),
    each="deviation",
    gather=gather,
    compose=compose,
    open_items=open_points,
    unblinds=False,
    about=N_("One deviation with its assessment, for the committee or the sponsor."),
    tells_day=True,
)
