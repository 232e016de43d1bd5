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
from trialdesk.enrollment.queries.products import movements
from trialdesk.ethics.queries import consent_versions, decisions, submissions
from trialdesk.people.queries import delegations, trainings
from trialdesk.persistence.reading import Read
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports.cells import NOTHING, day, yes_no
from trialdesk.reporting.reports.files_held import Filed, files, newest
from trialdesk.reporting.reports.parameters import AS_OF
from trialdesk.reporting.structure import Block, Bullets, Column, Heading, Landscape, Note, Paragraph, Table
from trialdesk.reporting.terms import choice_words
from trialdesk.safety.logs import deviations, serious_events
from trialdesk.safety.rules import BEFORE_ALL
from trialdesk.studies.queries import protocol_versions


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of essential record. It is here by documents of these categories, or by records the program keeps.

    `titled` are words, any of which in the title of a document of sort “other” makes it one of these. `before` says
    that it is needed before the first participant.
    """

    label: str
    categories: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    before: bool = False
    titled: tuple[str, ...] = ()


ESSENTIAL = (
    Sort(N_("Protocol and amendments, signed"), ("protocol",), before=True),
    Sort(N_("Investigator's brochure or product information"), ("brochure",), before=True),
    Sort(N_("Approvals of the ethics committee"), ("approval",), before=True),
    Sort(N_("What was submitted to the ethics committee"), kept=("submissions",), before=True),
    Sort(N_("Composition of the ethics committee"), before=True, titled=("composition", "members", "组成", "名单")),
    Sort(N_("Authorisation of the regulator"), before=True, titled=("authorisation", "authorization", "备案", "许可")),
    Sort(N_("Consent forms and information for participants"), ("consent",), before=True),
    Sort(N_("Recruitment material"), ("recruitment",)),
    Sort(N_("Signed consents"), kept=("consents",)),
    Sort(N_("Code list and enrolment log"), kept=("participants",)),
    Sort(N_("Source records, and where they are"), titled=("source", "源文件", "源数据")),
    Sort(N_("Specimens of case report forms"), before=True, titled=("case report form", "crf", "病例报告表")),
    Sort(N_("Case report forms and data with their trail"), kept=("participants",)),
    Sort(N_("Agreements"), ("contract",), before=True),
    Sort(N_("Financial arrangements and disclosure"), ("payment",), before=True, titled=("financial", "利益")),
    Sort(N_("Insurance"), ("insurance",), before=True),
    Sort(N_("Oversight of service providers"), titled=("service provider", "vendor", "服务商")),
    Sort(N_("CVs and qualifications"), ("qualification",), before=True),
    Sort(N_("Training records"), ("training",), ("trainings",), before=True),
    Sort(N_("Delegation of authority"), ("delegation",), ("delegations",), before=True),
    Sort(N_("Signature sheet"), ("delegation",), ("delegations",), before=True),
    Sort(N_("Normal ranges and accreditation of the laboratory"), ("laboratory",)),
    Sort(N_("Handling, storage and retained samples"), titled=("sample", "specimen", "样本")),
    Sort(N_("Product: labels, shipment and certificates of analysis"), ("product",)),
    Sort(N_("Product: accountability, return and destruction"), kept=("movements",)),
    Sort(N_("Randomisation and how codes are broken"), titled=("randomi", "decoding", "随机", "揭盲")),
    Sort(N_("Serious adverse events reported"), ("safety",), ("serious_events",)),
    Sort(N_("Safety notices in and out"), ("safety",)),
    Sort(N_("Monitoring plan, reports and letters"), ("monitoring",)),
    Sort(N_("Protocol deviations"), kept=("deviations",)),
    Sort(N_("Correspondence and minutes"), ("correspondence",)),
    Sort(N_("Data monitoring committee and its charter"), titled=("charter", "dmc", "dsmb", "数据监查")),
    Sort(N_("Statistical analysis plan"), titled=("statistical analysis", "sap", "统计分析")),
    Sort(N_("Validation of computerised systems"), titled=("validation", "验证")),
    Sort(N_("Audit certificates"), titled=("audit", "稽查")),
    Sort(N_("Interim and annual reports"), ("report",)),
    Sort(N_("Final report"), titled=("final report", "总结报告")),
    Sort(N_("Register of notes to file"), titled=("note to file", "备忘")),
)
"""The essential records of ICH E6(R3), Appendix C, in its order."""

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
    "movements": N_("Movements of the product"),
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
            "movements": sum(row.moved_on <= until for row in movements(read, study=study)),
        },
    )


def compose(index: Index) -> list[Block]:
    """Return what is expected and whether it is there, every document, and what the program keeps as records."""
    here = [each for each in ESSENTIAL if _filed(index, each) or _count(index, each)]
    absent = [_(each.label) for each in ESSENTIAL if each.before and each not in here]
    return [
        Landscape(),
        Paragraph(
            _("{here} of {all} sorts of essential record are here; {files} documents in all.").format(
                here=len(here), all=len(ESSENTIAL), files=len(index.filed)
            ),
            "lead",
        ),
        Heading(1, _("Essential records")),
        _expected(index),
        Note(_("When each document expires and who checked it last: the record of a document has no place for them.")),
        Heading(1, _("Kept as records of the program")),
        Table(
            (Column(_("Record"), 4, names_row=True), Column(_("Count"), 1, "right")),
            [(_(KEPT[code]), str(count)) for code, count in index.kept.items()],
        ),
        Heading(1, _("Open items")),
        Bullets(
            [_("Needed before the first participant and not here: {name}").format(name=name) for name in absent]
            or [_("Everything needed before the first participant is here.")]
        ),
    ]


def _filed(index: Index, sort: Sort) -> list[Filed]:
    return [
        each
        for each in index.filed
        if each.category in sort.categories
        or (each.category == "other" and any(word in each.title.casefold() for word in sort.titled))
    ]


def _count(index: Index, sort: Sort) -> int:
    return sum(index.kept.get(code, 0) for code in sort.kept)


def _expected(index: Index) -> Table:
    rows: list[tuple[str, ...]] = []
    told: set[str] = set()
    for place, sort in enumerate(ESSENTIAL, 1):
        found, count = _filed(index, sort), _count(index, sort)
        told |= {each.sha256 for each in found}
        rows += [_row(str(place), _(sort.label), each, before=sort.before) for each in found]
        if count:
            names = _(", ").join(_(KEPT[code]) for code in sort.kept if index.kept.get(code))
            where = _("records of the program: {names}, {count}").format(names=names, count=count)
            rows.append((str(place), _(sort.label), yes_no(sort.before), _("yes"), where, *_EMPTY))
        elif not found:
            rows.append((str(place), _(sort.label), yes_no(sort.before), _("no"), _("not recorded"), *_EMPTY))
    rows += [
        _row(str(len(ESSENTIAL) + 1), choice_words(CATEGORIES, each.category), each, before=False)
        for each in index.filed
        if each.sha256 not in told
    ]
    return Table(
        (
            Column(_("Ref.")),
            Column(_("Record"), 1.6, names_row=True),
            Column(_("Before start")),
            Column(_("Filed")),
            Column(_("Where it is"), 2),
            Column(_("Version")),
            Column(_("Dated")),
            Column(_("SHA-256 of the file")),
        ),
        rows,
    )


_EMPTY = (NOTHING, NOTHING, NOTHING)


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
