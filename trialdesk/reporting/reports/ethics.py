"""Ethics log: what was put before whom, what was asked, decided and made a condition; and the documents of it.

What a committee approved is kept as data with the versions it approved (21 CFR 56.109, 56.115; ICH E6(R3) Appendix C).
"""

from __future__ import annotations

from trialdesk.base.i18n import N_, _
from trialdesk.documents.rules import CATEGORIES
from trialdesk.ethics.rules import KINDS, OUTCOMES, REVIEW_OUTCOMES
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports.ethics_facts import EthicsLog, Reviewed, Standing, gather
from trialdesk.reporting.reports.parameters import AS_OF
from trialdesk.reporting.structure import (
    Block,
    Column,
    Definitions,
    Heading,
    Landscape,
    Note,
    Paragraph,
    Table,
)
from trialdesk.reporting.terms import choice_words, day_cell


def compose(log: EthicsLog) -> list[Block]:
    """Return the approval with what is open, then the tables on pages that lie on their side."""
    unanswered = sum(row.answered_on is None for row in log.questions)
    unmet = sum(row.met_on is None for row in log.conditions)
    open_ = [
        _("Questions without answer: {count}").format(count=unanswered) if unanswered else "",
        _("Conditions not met: {count}").format(count=unmet) if unmet else "",
    ]
    return [
        Landscape(),
        *_approval(log.standing),
        *([Note("\n".join(each for each in open_ if each), _("Open"))] if any(open_) else []),
        Heading(1, _("Submissions and decisions")),
        _submissions(log),
        _decisions(log),
        Heading(1, _("Questions and conditions")),
        _questions(log),
        _conditions(log),
        Heading(1, _("Other reviews")),
        _reviews(log),
        Heading(1, _("Documents and versions")),
        _documents(log),
    ]


def _approval(standing: Standing | None) -> list[Block]:
    if standing is None:
        return [Paragraph(_("No ethics approval is in force."), "lead")]
    until = standing.expires_on
    lead = (
        _("Approved by {committee} from {begins} until {ends}.")
        if until
        else _("Approved by {committee} from {begins}, without expiry.")
    )
    begins, ends = day_cell(standing.from_), day_cell(until)
    return [
        Paragraph(lead.format(committee=standing.committee, begins=begins, ends=ends), "lead"),
        Definitions(
            [
                (_("Reference"), standing.reference or ""),
                (_("Last day to ask for renewal"), day_cell(standing.renewal_due, _("not due"))),
            ]
        ),
    ]


def _submissions(log: EthicsLog) -> Table:
    columns = (
        Column(_("No."), align="right"),
        Column(_("Subject"), names_row=True),
        Column(_("Kind of submission")),
        Column(_("Ethics committee")),
        Column(_("Submitted on")),
        Column(_("Protocol version")),
        Column(_("Site")),
    )
    rows = [
        (
            str(row.number),
            row.title,
            choice_words(KINDS, row.kind),
            row.committee,
            day_cell(row.submitted_on),
            row.protocol or "–",
            row.site or _("All"),
        )
        for row in log.submissions
    ]
    return Table(columns, rows, _("Submissions"), empty=_("Nothing has been submitted."))


def _decisions(log: EthicsLog) -> Table:
    columns = (
        Column(_("Submission no."), align="right"),
        Column(_("Decision"), names_row=True),
        Column(_("Decided on")),
        Column(_("In effect from")),
        Column(_("Expires on")),
        Column(_("Reference")),
    )
    rows = [
        (
            str(row.submission),
            choice_words(OUTCOMES, row.outcome),
            day_cell(row.decided_on),
            day_cell(row.effective_on),
            day_cell(row.expires_on),
            row.reference or "–",
        )
        for row in log.decisions
    ]
    return Table(columns, rows, _("Decisions"), empty=_("Nothing has been decided."))


def _questions(log: EthicsLog) -> Table:
    columns = (
        Column(_("Submission no."), align="right"),
        Column(_("Question"), names_row=True),
        Column(_("Asked on")),
        Column(_("Answered on")),
        Column(_("Answer")),
    )
    rows = [
        (
            str(row.submission),
            row.question,
            day_cell(row.asked_on),
            day_cell(row.answered_on, _("open")),
            row.answer or "–",
        )
        for row in log.questions
    ]
    return Table(columns, rows, _("Questions"), empty=_("Nothing was asked."))


def _conditions(log: EthicsLog) -> Table:
    columns = (
        Column(_("Submission no."), align="right"),
        Column(_("Condition"), names_row=True),
        Column(_("Due on")),
        Column(_("Met on")),
    )
    rows = [
        (str(row.submission), row.condition, day_cell(row.due_on), day_cell(row.met_on, _("open")))
        for row in log.conditions
    ]
    return Table(columns, rows, _("Conditions"), empty=_("No approval was made conditional."))


def _reviews(log: EthicsLog) -> Table:
    columns = (
        Column(_("Body"), names_row=True),
        Column(_("What was decided")),
        Column(_("Requested on")),
        Column(_("Decided on")),
        Column(_("Expires on")),
        Column(_("Reference or remarks")),
    )
    rows = [
        *(_reviewed(row, _("Scientific review"), REVIEW_OUTCOMES) for row in log.reviews),
        *(_reviewed(row, _("Institutional approval"), OUTCOMES) for row in log.institutions),
    ]
    return Table(columns, rows, _("Scientific review and institutions"), empty=_("No other review is recorded."))


def _reviewed(row: Reviewed, said: str, choices: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    outcome = choice_words(choices, row.outcome) if row.outcome else _("open")
    return (
        row.body,
        _("{what}: {outcome}").format(what=said, outcome=outcome),
        day_cell(row.requested_on),
        day_cell(row.decided_on),
        day_cell(row.expires_on),
        row.reference or "–",
    )


def _documents(log: EthicsLog) -> Table:
    columns = (
        Column(_("Document"), names_row=True),
        Column(_("Category")),
        Column(_("Version")),
        Column(_("Dated")),
        Column(_("File name")),
        Column(_("SHA-256 of the file")),
    )
    rows = [
        (
            row.title or _("Protocol"),
            choice_words(CATEGORIES, row.category),
            row.version,
            day_cell(row.dated_on),
            row.file_name or _("no file"),
            f"{row.sha256[:16]}…" if row.sha256 else "–",
        )
        for row in log.documents
    ]
    return Table(columns, rows, _("Versions"), empty=_("No document is attached."))


REPORT = Report(
    key="ethics",
    title=N_("Ethics log"),
    audience="site",
    section="ethics",
    parameters=(AS_OF,),
    gather=gather,
    compose=compose,
    unblinds=False,
    about=N_("Submissions, questions, decisions and conditions, with every version put before a committee."),
)
