"""Every document the program can make, in the order of the menu. A new report adds its line."""

from __future__ import annotations

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports import (
    accountability,
    ageing,
    amendment,
    chictr,
    cioms,
    code_list,
    consent_log,
    consent_versions,
    consort,
    date_card,
    delegation,
    deviation_log,
    deviation_report,
    disposition,
    distribution_statement,
    e3_synopsis,
    enrolment_log,
    ethics,
    ethics_package,
    evidence,
    forecast,
    invoice,
    m11,
    milestone_certificate,
    money_close_out,
    monitoring,
    note_to_file,
    payment_statement,
    profit_and_loss,
    progress_shapes,
    progress_yearly,
    reconciliation,
    registration,
    reportable,
    sae_log,
    sae_report,
    safety_summary,
    screening_log,
    site_file,
    spirit,
    study_report,
    synopsis,
    transparency,
)

REPORTS: tuple[Report, ...] = (
    consort.REPORT,
    disposition.REPORT,
    safety_summary.REPORT,
    screening_log.REPORT,
    enrolment_log.REPORT,
    consent_log.REPORT,
    code_list.REPORT,
    date_card.REPORT,
    sae_log.REPORT,
    sae_report.REPORT,
    cioms.REPORT,
    accountability.REPORT,
    deviation_log.REPORT,
    deviation_report.REPORT,
    note_to_file.REPORT,
    consent_versions.REPORT,
    ethics.REPORT,
    ethics_package.REPORT,
    amendment.REPORT,
    reportable.REPORT,
    *progress_shapes.REPORTS,
    *progress_yearly.REPORTS,
    synopsis.REPORT,
    spirit.REPORT,
    m11.REPORT,
    registration.REPORT,
    chictr.REPORT,
    delegation.REPORT,
    *monitoring.REPORTS,
    site_file.REPORT,
    evidence.REPORT,
    study_report.REPORT,
    e3_synopsis.REPORT,
    payment_statement.REPORT,
    milestone_certificate.REPORT,
    invoice.REPORT,
    distribution_statement.REPORT,
    reconciliation.REPORT,
    ageing.REPORT,
    forecast.REPORT,
    transparency.REPORT,
    money_close_out.REPORT,
    profit_and_loss.REPORT,
)


def report_named(key: str) -> Report:
    """Return the report of that key. Raises UserError, naming those there are."""
    for report in REPORTS:
        if report.key == key:
            return report
    raise UserError(
        _("There is no report “{key}”.").format(key=key),
        remedy=_("Reports: {keys}.").format(keys=", ".join(report.key for report in REPORTS)),
    )
