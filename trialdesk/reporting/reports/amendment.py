"""Cover of an amendment put before the ethics committee: what changed, whom it concerns, what was approved.

Rule: 21 CFR 56.108(a)(4) and 312.30, EU 536/2014 Art. 15 to 24; nothing new is used before it is approved, unless it
removes an immediate hazard.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.documents.queries import documents
from trialdesk.documents.rules import CATEGORIES
from trialdesk.enrollment.queries import participants
from trialdesk.ethics.queries import DecisionRow, consent_versions, decisions, submissions
from trialdesk.ethics.rules import APPROVED, FORMS, OUTCOMES
from trialdesk.persistence.reading import Read
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports.cells import NOTHING, day
from trialdesk.reporting.reports.items import Item, listed, open_items
from trialdesk.reporting.reports.parameters import AMENDMENT
from trialdesk.reporting.structure import (
    Block,
    Checks,
    Column,
    Heading,
    Note,
    Paragraph,
    Signature,
    Signatures,
    Table,
)
from trialdesk.reporting.terms import choice_words, version_words
from trialdesk.studies.queries import ProtocolVersionRow, protocol_versions
from trialdesk.studies.queries import study as study_row

_KIND = "amendment"
_SENT = ("protocol", "brochure", "consent", "recruitment")
_CONCERNED = ("screening", "in study")

CHECKS = {
    "classed": N_("It is recorded whether the amendment is substantial"),
    "described": N_("What changed is described"),
    "signed": N_("The new version of the protocol is signed"),
    "submitted": N_("The new version was submitted to a committee"),
    "in_order": N_("The new version takes effect on or after its approval"),
    "forms_approved": N_("Every consent form changed with it is approved"),
}


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the protocol."""

    label: str
    dated_on: date
    effective_on: date | None


@dataclass(frozen=True, slots=True)
class Form:
    """A version of a consent form made with the amendment; from `mandatory_on` on consent is asked for again.

    It is one approved with the amendment, or one not yet approved and dated like it.
    """

    form: str
    language: str
    label: str
    dated_on: date
    approved_on: date | None
    mandatory_on: date | None


@dataclass(frozen=True, slots=True)
class File:
    """A document attached, dated like the amendment."""

    category: str
    title: str
    version: str
    dated_on: date
    file_name: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a committee decided on the amendment."""

    outcome: str
    decided_on: date
    reference: str | None


@dataclass(frozen=True, slots=True)
class Amendment:
    """The amendment. `checks` tells for each check whether it holds, None where nothing can be compared."""

    title: str | None
    protocol_number: str | None
    old: Version | None
    new: Version
    substantial: bool | None
    what: str | None
    committee: str | None
    submitted_on: date | None
    answer: Answer | None
    forms: tuple[Form, ...]
    files: tuple[File, ...]
    concerned: int
    checks: dict[str, bool | None]


def gather(
    read: Read,
    *,
    study: Id,
    on: date,
    site: Id | None = None,  # noqa: ARG001 - an amendment is the study's
    as_of: date | None = None,  # noqa: ARG001 - it is told as it is recorded
    version: str | None = None,
) -> Amendment | None:
    """Return the amendment that made the version of that label, else the one dated last; None if there is none.

    Raises UserError for a label there is not. A bounded number of statements.
    """
    versions = protocol_versions(read, study=study)
    new = _chosen(versions, version)
    if new is None:
        return None
    old = _before(versions, new)
    row = study_row(read, study=study)
    sent = [each for each in submissions(read, study=study) if each.kind == _KIND and each.protocol_version == new.id]
    answered = [each for each in decisions(read, study=study) if each.submission in {one.id for one in sent}]
    decided = {each.id for each in answered}
    answer = max(answered, key=lambda each: (each.decided_on, each.id), default=None)
    forms = tuple(
        Form(each.form, each.language, each.label, each.dated_on, each.approved_on, each.mandatory_on)
        for each in consent_versions(read, study=study)
        if (each.decision in decided if each.decision else _after(versions, each.dated_on, new))
    )
    return Amendment(
        title=row.title,
        protocol_number=row.protocol_number,
        old=_told(old) if old else None,
        new=_told(new),
        substantial=new.substantial,
        what=new.change_summary,
        committee=sent[-1].committee_name if sent else None,
        submitted_on=sent[-1].submitted_on if sent else None,
        answer=Answer(answer.outcome, answer.decided_on, answer.reference) if answer else None,
        forms=forms,
        files=tuple(
            File(each.category, each.title, str(file.number), file.dated_on, file.file_name)
            for each in documents(read, study=study)
            if each.category in _SENT
            for file in each.versions
            if file.dated_on and _after(versions, file.dated_on, new)
        ),
        concerned=sum(each.state in _CONCERNED for each in participants(read, study=study, on=on)),
        checks={
            "classed": new.substantial is not None,
            "described": bool(new.change_summary),
            "signed": new.signed,
            "submitted": bool(sent),
            "in_order": _in_order(new.effective_on, answer),
            "forms_approved": all(each.approved_on for each in forms) if forms else None,
        },
    )


def _in_order(effective_on: date | None, answer: DecisionRow | None) -> bool | None:
    """Say whether a version takes effect once approved; one that does without an approval does not."""
    if effective_on is None:
        return None
    return answer is not None and answer.outcome in APPROVED and effective_on >= answer.decided_on


def _chosen(versions: tuple[ProtocolVersionRow, ...], label: str | None) -> ProtocolVersionRow | None:
    amending = versions[1:]
    if label is None:
        return amending[-1] if amending else None
    for each in amending:
        if each.label == label:
            return each
    raise UserError(
        _("The protocol has no amended version “{label}”.").format(label=label),
        remedy=_("There are: {numbers}.").format(numbers=", ".join(each.label for each in amending) or _("none")),
    )


def _before(versions: tuple[ProtocolVersionRow, ...], new: ProtocolVersionRow) -> ProtocolVersionRow | None:
    """Return the version it amends: as recorded, else the one dated before it."""
    named = [each for each in versions if each.id == new.amendment_of]
    earlier = [each for each in versions if each.dated_on < new.dated_on]
    return next(iter(named or earlier[-1:]), None)


def _after(versions: tuple[ProtocolVersionRow, ...], on: date, new: ProtocolVersionRow) -> bool:
    """Say whether a day lies between this version of the protocol and the next."""
    later = [each.dated_on for each in versions if each.dated_on > new.dated_on]
    return new.dated_on <= on and (not later or on < min(later))


def _told(row: ProtocolVersionRow) -> Version:
    return Version(row.label, row.dated_on, row.effective_on)


def compose(told: Amendment | None) -> list[Block]:
    """Return what the amendment is, what belongs to it, what the committee said, what agrees and what is missing."""
    if told is None:
        return [Paragraph(_("No amendment of the protocol is recorded."), "lead")]
    about, approval = list(_about(told)), list(_approval(told))
    failed = [_(CHECKS[code]) for code, holds in told.checks.items() if holds is False]
    lead = (
        _("Amendment of the protocol from version {old} to version {new}.").format(
            old=told.old.label, new=told.new.label
        )
        if told.old
        else _("Amendment of the protocol to version {new}.").format(new=told.new.label)
    )
    return [
        Paragraph(lead, "lead"),
        *([Note("\n".join(failed), _("These checks fail"))] if failed else []),
        listed(about),
        Heading(1, _("Affected documents")),
        _forms(told),
        _files(told),
        Heading(1, _("Approval")),
        listed(approval),
        Heading(1, _("Consistency")),
        Checks([(_said(code, holds), bool(holds)) for code, holds in told.checks.items()]),
        *open_items(about, approval),
        Signatures([Signature(_("The amendment is complete and true"), _("Principal investigator"))]),
    ]


def _said(code: str, holds: bool | None) -> str:  # noqa: FBT001 - the check's answer
    words = _(CHECKS[code])
    return _("{check}: nothing to compare").format(check=words) if holds is None else words


def _about(told: Amendment) -> Iterator[Item]:
    kinds = {True: _("substantial"), False: _("not substantial"), None: None}
    unkept = _("the program keeps no record of it")
    yield Item(_("Title"), told.title)
    yield Item(_("Protocol number"), told.protocol_number)
    yield Item(_("Version amended"), _version(told.old) if told.old else None)
    yield Item(_("New version"), _version(told.new))
    yield Item(_("Class"), kinds[told.substantial])
    yield Item(_("What changed"), told.what)
    again = [each for each in told.forms if each.mandatory_on]
    yield Item(
        _("Consent asked for again"),
        "\n".join(_("{form}: from {day}").format(form=_form(each), day=day(each.mandatory_on)) for each in again)
        or _("no form asks for it"),
    )
    yield Item(_("Participants it concerns now"), str(told.concerned))
    yield Item(_("Reasons, section by section"), None, why=unkept)
    yield Item(_("Effect on statistics and budget"), None, why=unkept)
    yield Item(_("Immediate hazard removed"), None, why=unkept, wanted=False)


def _approval(told: Amendment) -> Iterator[Item]:
    answer = told.answer
    why = "" if told.submitted_on else _("it is not submitted")
    yield Item(_("Ethics committee"), told.committee, why=why)
    yield Item(_("Submitted on"), day(told.submitted_on) if told.submitted_on else None, why=why)
    yield Item(_("Decision"), choice_words(OUTCOMES, answer.outcome) if answer else None)
    yield Item(_("Decided on"), day(answer.decided_on) if answer else None)
    yield Item(_("Reference"), answer.reference if answer else None)
    yield Item(_("In effect from"), day(told.new.effective_on) if told.new.effective_on else None)


def _version(version: Version) -> str:
    return _("{version}, dated {day}").format(version=version.label, day=day(version.dated_on))


def _form(form: Form) -> str:
    return version_words(choice_words(FORMS, form.form), form.language)


def _forms(told: Amendment) -> Table:
    return Table(
        (
            Column(_("Consent form"), 2, names_row=True),
            Column(_("Version"), 0.8),
            Column(_("Dated"), 1.2),
            Column(_("Approved on"), 1.2),
            Column(_("Mandatory from"), 1.2),
        ),
        [
            (
                _form(each),
                each.label,
                day(each.dated_on),
                day(each.approved_on),
                day(each.mandatory_on) if each.mandatory_on else NOTHING,
            )
            for each in told.forms
        ],
        _("Consent forms changed with it"),
        empty=_("No consent form was changed with it."),
    )


def _files(told: Amendment) -> Table:
    return Table(
        (
            Column(_("Document"), 1.4, names_row=True),
            Column(_("Title"), 2),
            Column(_("Version"), 0.8),
            Column(_("Dated"), 1.2),
            Column(_("File name"), 2),
        ),
        [
            (
                choice_words(CATEGORIES, each.category),
                each.title,
                each.version,
                day(each.dated_on),
                each.file_name or _("no file"),
            )
            for each in told.files
        ],
        _("Files attached with it"),
        empty=_("No file dated with it is attached."),
    )


REPORT = Report(
    key="amendment",
    title=N_("Amendment package for the ethics committee"),
    audience="ethics",
    section="ethics",
    parameters=(AMENDMENT,),
    each="amendment",
    gather=gather,
    compose=compose,
    unblinds=False,
    about=N_("One amendment: what changed, which documents and participants it concerns, and whether it is approved."),
    tells_day=True,
)
