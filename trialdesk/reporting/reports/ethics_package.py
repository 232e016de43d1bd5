"""Cover of the initial application to the ethics committee: every document with its version, and whether all agrees.

Rule: ICH E6(R3) 1, 21 CFR 56.109 and 56.111; what a reviewer holds against each other first is held against each other
here: versions, dates, numbers, signatures (`checks`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.documents.rules import CATEGORIES
from trialdesk.ethics.queries import ConsentVersionRow, SubmissionRow, consent_versions, submissions
from trialdesk.ethics.rules import FORMS, MAIN
from trialdesk.people.queries import delegations, trainings
from trialdesk.people.rules import GCP, PI, ROLES
from trialdesk.persistence.reading import Read
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports.cells import NOTHING, day
from trialdesk.reporting.reports.files_held import Held, files, held, newest, versions_held
from trialdesk.reporting.reports.items import Item, lacking, listed, open_items
from trialdesk.reporting.reports.registration import supporters
from trialdesk.reporting.structure import Block, Checks, Column, Heading, Note, Paragraph, Signature, Signatures, Table
from trialdesk.reporting.terms import choice_words, language_words
from trialdesk.studies.queries import ProtocolVersionRow, StudyRow, protocol_versions, sites
from trialdesk.studies.queries import study as study_row

INITIAL = "initial"
_SENT = ("protocol", "brochure", "consent", "recruitment", "insurance", "qualification")
"""Categories of documents that go before a committee."""

UNKEPT = (
    N_("Type of study, level of risk and way of review claimed"),
    N_("Rationale"),
    N_("Vulnerable groups and how they are protected"),
    N_("How participants are approached"),
    N_("Who asks for consent, when and where; waivers and assent"),
    N_("What is done for research and what is routine care"),
    N_("Risks, benefits and alternatives"),
    N_("Monitoring of safety, and rules for stopping"),
    N_("Privacy, flow of data and how long they are kept"),
    N_("Payments to participants, and costs to them"),
    N_("Compensation for injury"),
    N_("Conflicts of interest"),
    N_("Status by drug or device law, or why it is exempt"),
    N_("Samples and genetic resources"),
)
"""What an application tells that no record has a place for (21 CFR 56.111, 45 CFR 46.111, ICH E6(R3) 1)."""
CHECKS = {
    "protocol_sent": N_("The submission names the newest version of the protocol"),
    "protocol_signed": N_("The newest version of the protocol is signed"),
    "consent_there": N_("There is a main consent form"),
    "numbers_agree": N_("The sites' targets add up to the planned participants"),
    "registered": N_("The study has a registry number"),
    "pi_named": N_("A principal investigator is delegated"),
    "team_trained": N_("Everybody delegated has training in good clinical practice on record"),
    "files_there": N_("Protocol and consent forms are attached as files"),
}


@dataclass(frozen=True, slots=True)
class Team:
    """Somebody delegated; `trained_on` is the last training in good clinical practice."""

    name: str
    role: str
    trained_on: date | None


@dataclass(frozen=True, slots=True)
class Package:
    """The application. `checks` tells for each check whether it holds, None where nothing can be compared."""

    title: str | None
    protocol_number: str | None
    registry_number: str | None
    sponsor: str | None
    objective: str | None
    planned: int | None
    targets: int
    sites: tuple[str, ...]
    committee: str | None
    subject: str | None
    submitted_on: date | None
    design: str | None
    population: str | None
    supporters: tuple[str, ...]
    held: tuple[Held, ...]
    team: tuple[Team, ...]
    checks: dict[str, bool | None]


def gather(
    read: Read,
    *,
    study: Id,
    on: date,  # noqa: ARG001 - it is the same on every day
    site: Id | None = None,  # noqa: ARG001 - the initial application is the study's
    as_of: date | None = None,  # noqa: ARG001 - it is told as it is recorded
) -> Package:
    """Return the initial application made last, or what there is for it before one is made. Bounded statements.

    Versions, team and training are told as they were on the day of submission; a file as it was attached last by then,
    undated ones too.
    """
    row, places = study_row(read, study=study), sites(read, study=study)
    sent = [each for each in submissions(read, study=study) if each.kind == INITIAL]
    last = sent[-1] if sent else None
    until = last.submitted_on if last else date.max
    versions = tuple(each for each in protocol_versions(read, study=study) if each.dated_on <= until)
    forms = tuple(each for each in consent_versions(read, study=study) if each.dated_on <= until)
    filed = files(read, study=study, until=until)
    sorts = [each for each in newest(filed) if each.category in _SENT]
    told, taken = versions_held(filed, protocol=versions[-1:], forms=_newest(forms))
    team = _team(read, study, until)
    targets = sum(each.target or 0 for each in places)
    return Package(
        title=row.title,
        protocol_number=row.protocol_number,
        registry_number=row.registry_number,
        sponsor=row.sponsor,
        objective=row.objective,
        planned=row.planned_participants,
        targets=targets,
        sites=tuple(each.label for each in places),
        committee=last.committee_name if last else None,
        subject=last.title if last else None,
        submitted_on=last.submitted_on if last else None,
        design=row.design,
        population=row.indication,
        supporters=supporters(read, study=study),
        held=(*told, *(held(each) for each in sorts if each.sha256 not in taken)),
        team=team,
        checks=_checks(
            row,
            targets=targets,
            sent=last,
            versions=versions,
            forms=_newest(forms),
            team=team,
            filed={each.category for each in sorts},
        ),
    )


def _newest(forms: tuple[ConsentVersionRow, ...]) -> tuple[ConsentVersionRow, ...]:
    return tuple({(each.form, each.language): each for each in forms}.values())


def _team(read: Read, study: Id, until: date) -> tuple[Team, ...]:
    trained: dict[Id, date] = {}
    for each in trainings(read, study=study):
        if each.topic == GCP and each.completed_on <= until:
            trained[each.person] = max(trained.get(each.person, date.min), each.completed_on)
    return tuple(
        Team(each.name, each.role, trained.get(each.person))
        for each in delegations(read, study=study)
        if each.starts_on <= until
    )


def _checks(
    row: StudyRow,
    *,
    targets: int,
    sent: SubmissionRow | None,
    versions: tuple[ProtocolVersionRow, ...],
    forms: tuple[ConsentVersionRow, ...],
    team: tuple[Team, ...],
    filed: set[str],
) -> dict[str, bool | None]:
    newest = versions[-1] if versions else None
    return {
        "protocol_sent": newest is not None and sent.protocol_version == newest.id if sent else None,
        "protocol_signed": newest is not None and newest.signed,
        "consent_there": any(each.form == MAIN for each in forms),
        "numbers_agree": row.planned_participants == targets if targets else None,
        "registered": bool(row.registry_number),
        "pi_named": any(each.role == PI for each in team),
        "team_trained": all(each.trained_on for each in team) if team else None,
        "files_there": {"protocol", "consent"} <= filed,
    }


def compose(told: Package) -> list[Block]:
    """Return the application, its documents, its team, what agrees and what does not, what is missing."""
    about, asked = list(_about(told)), list(_asked(told))
    failed = _failed(told)
    lead = (
        _("Initial application to {committee}, submitted on {day}.").format(
            committee=told.committee, day=day(told.submitted_on)
        )
        if told.committee
        else _("No initial application is recorded yet: this is what there is for it.")
    )
    return [
        Paragraph(lead, "lead"),
        *([Note("\n".join(failed), _("These checks fail"))] if failed else []),
        listed(about),
        Heading(1, _("Documents and versions")),
        _documents(told),
        Heading(1, _("Study team")),
        Table(
            (Column(_("Person"), 2, names_row=True), Column(_("Role"), 2), Column(_("GCP training completed on"), 1.4)),
            [(each.name, _(dict(ROLES).get(each.role, each.role)), day(each.trained_on)) for each in told.team],
            empty=_("Nothing has been delegated."),
        ),
        Heading(1, _("What else a committee asks for")),
        listed(asked),
        Heading(1, _("Consistency")),
        Checks([(_said(code, holds), bool(holds)) for code, holds in told.checks.items()]),
        *open_items(about, asked),
        Signatures([Signature(_("The application is complete and true"), _("Principal investigator"))]),
    ]


def open_points(told: Package) -> tuple[str, ...]:
    """Return what must be recorded before the application is final, and which of its checks fail."""
    return (
        *lacking(_about(told), _asked(told)),
        *(_("This check fails: {check}").format(check=each) for each in _failed(told)),
    )


def _failed(told: Package) -> list[str]:
    return [_(CHECKS[code]) for code, holds in told.checks.items() if holds is False]


def _said(code: str, holds: bool | None) -> str:  # noqa: FBT001 - the check's answer
    words = _(CHECKS[code])
    return _("{check}: nothing to compare").format(check=words) if holds is None else words


def _about(told: Package) -> Iterator[Item]:
    yield Item(_("Subject"), told.subject)
    yield Item(_("Title"), told.title)
    yield Item(_("Protocol number"), told.protocol_number)
    yield Item(_("Registry number"), told.registry_number)
    yield Item(_("Sponsor"), told.sponsor)
    yield Item(_("Objective"), told.objective)
    yield Item(_("Planned participants"), str(told.planned) if told.planned is not None else None)
    yield Item(_("Targets of the sites"), str(told.targets) if told.targets else None, wanted=False)
    yield Item(_("Sites"), ", ".join(told.sites))


def _asked(told: Package) -> Iterator[Item]:
    """Give what an application tells besides (21 CFR 56.111): most of it stands in the protocol alone."""
    yield Item(_("Study design"), told.design, why=_("it is recorded with the study"))
    yield Item(_("Population"), told.population, why=_("it is recorded with the study"))
    yield Item(_("Funding"), ", ".join(told.supporters), why=_("no contract of support is recorded"), after=True)
    for label, category in ((_("Recruitment material"), "recruitment"), (_("Insurance"), "insurance")):
        titles = "\n".join(dict.fromkeys(each.title for each in told.held if each.category == category))
        yield Item(label, titles, why=_("no file is attached"), after=True)
    for label in UNKEPT:
        yield Item(_(label), None, why=_("the study's record has no place for it"), after=True)


def _documents(told: Package) -> Table:
    return Table(
        (
            Column(_("Document"), 1.4, names_row=True),
            Column(_("Title"), 2),
            Column(_("Version"), 0.8),
            Column(_("Dated"), 1.1),
            Column(_("File name"), 2),
            Column(_("SHA-256 of the file"), 1),
        ),
        [
            (
                choice_words(CATEGORIES, each.category),
                _title(each),
                each.version,
                day(each.dated_on) if each.dated_on else NOTHING,
                each.file_name or _("record of the program"),
                f"{each.sha256[:8]}…" if each.sha256 else NOTHING,
            )
            for each in told.held
        ],
        empty=_("There is no document yet."),
    )


def _title(each: Held) -> str:
    if not each.form:
        return each.title or NOTHING
    return f"{choice_words(FORMS, each.form)}, {language_words(each.language)}"


REPORT = Report(
    key="ethics-package",
    title=N_("Initial application to the ethics committee"),
    audience="ethics",
    section="ethics",
    parameters=(),
    gather=gather,
    compose=compose,
    open_items=open_points,
    unblinds=False,
    about=N_("The cover of the application: every document with its version, and whether all of it agrees."),
    tells_day=True,
)
