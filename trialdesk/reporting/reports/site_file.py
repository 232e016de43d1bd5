"""Index of the site file: the essential records (ICH E6(R3), Appendix C), which of them are here, in which version.

Records that the program keeps itself are counted as such; everything else is a document with its file.
"""

from __future__ import annotations

from datetime import date

from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.documents.rules import CATEGORIES
from trialdesk.enrollment.progress import consent_rows
from trialdesk.enrollment.queries import participants
from trialdesk.ethics.queries import consent_versions, decisions, submissions
from trialdesk.people.queries import delegations, trainings
from trialdesk.persistence.reading import Read
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports.cells import NOTHING, day, yes_no
from trialdesk.reporting.reports.files_held import Filed, files, newest
from trialdesk.reporting.reports.parameters import AS_OF
from trialdesk.reporting.structure import Block, Bullets, Column, Heading, Landscape, Paragraph, Table
from trialdesk.reporting.terms import choice_words
from trialdesk.safety.logs import deviations, serious_events
from trialdesk.safety.rules import BEFORE_ALL
from trialdesk.studies.queries import protocol_versions

EXPECTED: tuple[tuple[str, str, bool], ...] = (
    ("protocol", N_("Protocol and amendments, signed"), True),
    ("brochure", N_("Investigator's brochure or product information"), True),
    ("consent", N_("Consent forms and information for participants"), True),
    ("recruitment", N_("Recruitment material"), False),
    ("approval", N_("Approvals of the ethics committee, with its composition"), True),
    ("correspondence", N_("Correspondence and minutes"), False),
    ("contract", N_("Agreements and financial arrangements"), True),
    ("insurance", N_("Insurance"), True),
    ("qualification", N_("CVs and qualifications"), True),
    ("training", N_("Training records"), True),
    ("delegation", N_("Delegation and signature sheet"), True),
    ("laboratory", N_("Normal ranges and accreditation of the laboratory"), False),
    ("product", N_("Product: shipment, accountability, destruction"), False),
    ("safety", N_("Safety reports in and out"), False),
    ("monitoring", N_("Monitoring plan, reports and letters"), False),
    ("report", N_("Interim, annual and final reports"), False),
)
"""What is expected, by category of document, and whether it is before the first participant."""

KEPT = {
    "protocol_versions": N_("Protocol versions"),
    "consent_versions": N_("Consent versions"),
    "submissions": N_("Submissions"),
    "decisions": N_("Decisions"),
    "delegations": N_("Delegations"),
    "trainings": N_("Training records"),
    "participants": N_("Participants"),
    "consents": N_("Consents"),
    "serious_events": N_("Serious adverse events"),
    "deviations": N_("Deviations"),
}


@dataclass(frozen=True, slots=True)
class Index:
    """The documents, each by its newest version, by category and title, and how many records there are of each sort."""

    filed: tuple[Filed, ...]
    kept: dict[str, int]


def gather(
    read: Read,
    *,
    study: Id,
    on: date,
    site: Id | None = None,  # noqa: ARG001 - the file is the study's
    as_of: date | None = None,
) -> Index:
    """Return the index; as of a day, what was dated by then. A bounded number of statements."""
    until = as_of or date.max
    filed = newest(files(read, study=study, until=until))
    order = {code: place for place, (code, _label) in enumerate(CATEGORIES)}
    return Index(
        filed=tuple(sorted(filed, key=lambda each: (order.get(each.category, len(order)), each.title, each.sha256))),
        kept={
            "protocol_versions": sum(row.dated_on <= until for row in protocol_versions(read, study=study)),
            "consent_versions": sum(row.dated_on <= until for row in consent_versions(read, study=study)),
            "submissions": sum(row.submitted_on <= until for row in submissions(read, study=study)),
            "decisions": sum(row.decided_on <= until for row in decisions(read, study=study)),
            "delegations": sum(row.starts_on <= until for row in delegations(read, study=study)),
            "trainings": sum(row.completed_on <= until for row in trainings(read, study=study)),
            "participants": len(participants(read, study=study, on=on, as_of=as_of)),
            "consents": len(consent_rows(read, study=study, on=on, as_of=as_of)),
            "serious_events": len(serious_events(read, study=study, on=on, now=BEFORE_ALL, as_of=as_of)),
            "deviations": len(deviations(read, study=study, on=on, as_of=as_of)),
        },
    )


def compose(index: Index) -> list[Block]:
    """Return what is expected and whether it is there, every document, and what the program keeps as records."""
    here = {each.category for each in index.filed}
    return [
        Landscape(),
        Paragraph(
            _("{here} of {all} expected sorts of record have a document here; {files} documents in all.").format(
                here=sum(code in here for code, _label, _before in EXPECTED),
                all=len(EXPECTED),
                files=len(index.filed),
            ),
            "lead",
        ),
        Heading(1, _("Essential records")),
        _expected(index),
        Heading(1, _("Kept as records of the program")),
        Table(
            (Column(_("Record"), 4, names_row=True), Column(_("Count"), 1, "right")),
            [(_(KEPT[code]), str(count)) for code, count in index.kept.items()],
        ),
        Heading(1, _("Open items")),
        Bullets(
            [_("Needed before the first participant and not here: {name}").format(name=name) for name in _absent(index)]
            or [_("Everything needed before the first participant is here.")]
        ),
    ]


def _absent(index: Index) -> list[str]:
    here = {each.category for each in index.filed}
    return [_(label) for code, label, before in EXPECTED if before and code not in here]


def _expected(index: Index) -> Table:
    rows: list[tuple[str, ...]] = []
    others = [each for each in index.filed if each.category not in {code for code, _label, _before in EXPECTED}]
    for place, (code, label, before) in enumerate(EXPECTED, 1):
        found = [each for each in index.filed if each.category == code]
        rows += [_row(str(place), _(label), each, before=before) for each in found] or [
            (str(place), _(label), yes_no(before), _("no"), NOTHING, NOTHING, NOTHING, NOTHING)
        ]
    rows += [
        _row(str(len(EXPECTED) + 1), choice_words(CATEGORIES, each.category), each, before=False) for each in others
    ]
    return Table(
        (
            Column(_("Ref.")),
            Column(_("Record"), names_row=True),
            Column(_("Before start")),
            Column(_("Filed")),
            Column(_("Document")),
            Column(_("Version")),
            Column(_("Dated")),
            Column(_("SHA-256 of the file")),
        ),
        rows,
    )


def _row(ref: str, label: str, filed: Filed, *, before: bool) -> tuple[str, ...]:
    return (
        ref,
        label,
        yes_no(before),
        _("yes"),
        f"{filed.title} ({filed.file_name})",
        str(filed.number),
        day(filed.dated_on) if filed.dated_on else NOTHING,
        f"{filed.sha256[:8]}…",
    )


REPORT = Report(
    key="site-file",
    title=N_("Index of the site file"),
    audience="site",
    section="file",
    parameters=(AS_OF,),
    gather=gather,
    compose=compose,
    unblinds=False,
    about=N_("The essential records: which are here, in which version, and which are missing."),
)
