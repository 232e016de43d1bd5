"""Sheet for the Chinese Clinical Trial Registry: what its form asks for, in its order, as far as it is recorded.

The form wants every text in Chinese and in English; the record has each once. Studies of traditional Chinese medicine
are registered with ITMCTR since July 2024, with the same particulars.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.documents.queries import documents
from trialdesk.people.queries import PersonRow, delegations, persons
from trialdesk.people.rules import PI
from trialdesk.persistence.reading import Read
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports import registration
from trialdesk.reporting.reports.cells import day
from trialdesk.reporting.reports.items import Item, listed, open_items
from trialdesk.reporting.structure import Block, Heading, Note, Paragraph
from trialdesk.reporting.terms import choice_words, country_words, phase_words
from trialdesk.studies.queries import sites
from trialdesk.studies.rules import BLINDING


@dataclass(frozen=True, slots=True)
class Contact:
    """The principal investigator, as documents name them."""

    name: str
    position: str | None
    institution: str | None
    contact: str | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the form is filled from. `files` are titles of documents by their category."""

    told: registration.Sheet
    investigator: Contact | None
    sites: tuple[tuple[str, str | None], ...]
    files: dict[str, tuple[str, ...]]


_FILED = ("protocol", "consent", "approval")


def gather(read: Read, *, study: Id, on: date, site: Id | None = None, as_of: date | None = None) -> Sheet:
    """Return the facts of the sheet. A bounded number of statements."""
    known = {row.id: row for row in persons(read)}
    leads = sorted(
        (row for row in delegations(read, study=study) if row.role == PI), key=lambda row: (row.starts_on, row.id)
    )
    lead = known.get(leads[-1].person) if leads else None
    filed = documents(read, study=study)
    return Sheet(
        told=registration.gather(read, study=study, on=on, site=site, as_of=as_of),
        investigator=_contact(lead) if lead else None,
        sites=tuple((row.label, row.country) for row in sites(read, study=study)),
        files={code: tuple(sorted(row.title for row in filed if row.category == code)) for code in _FILED},
    )


def _contact(person: PersonRow) -> Contact:
    return Contact(person.name, person.position, person.institution, person.contact)


def compose(sheet: Sheet) -> list[Block]:
    """Return the form's parts in their order, each item as recorded, and what is still missing."""
    groups = [(title, list(items(sheet))) for title, items in _PARTS]
    all_ = [item for _title, items in groups for item in items]
    return [
        Paragraph(
            _("{filled} of {all} items are recorded.").format(
                filled=sum(bool(item.value) for item in all_), all=len(all_)
            ),
            "lead",
        ),
        Note(
            _("The form wants every text in Chinese and in English; the record has each of them once. A study of "
              "traditional Chinese medicine is registered with ITMCTR instead.")
        ),
        *(block for title, items in groups for block in (Heading(1, _(title)), listed(items))),
        *open_items(all_),
    ]  # fmt: skip


def _unkept() -> str:
    return _("the study's record has no place for it")


def _basics(sheet: Sheet) -> Iterator[Item]:
    row = sheet.told.study
    entries = [each for each in sheet.told.entries if each.purpose == "registration"]
    ours = [each for each in entries if "chictr" in each.registry.lower()]
    number = next((each.reference for each in ours if each.reference), None)
    others = ", ".join(f"{each.registry} {each.reference or ''}".strip() for each in entries if each not in ours)
    yield Item(_("Registration number"), number, why=_("the registry gives it"), wanted=False)
    yield Item(_("Date of registration"), day(ours[0].submitted_on) if ours else None, wanted=False)
    yield Item(_("Public title"), row.short_name)
    yield Item(_("Scientific title"), row.title)
    yield Item(_("Study number or project code"), row.protocol_number)
    yield Item(_("Other registries and their numbers"), others, why=_("none is recorded"), wanted=False)


def _contacts(sheet: Sheet) -> Iterator[Item]:
    lead = sheet.investigator
    yield Item(_("Applicant"), None, why=_unkept())
    yield Item(_("Principal investigator"), lead.name if lead else None)
    yield Item(_("Position"), lead.position if lead else None)
    yield Item(_("Institution"), lead.institution if lead else None)
    yield Item(_("Telephone, e-mail, address"), lead.contact if lead else None)


def _ethics(sheet: Sheet) -> Iterator[Item]:
    approved = [each for each in sheet.told.ethics if each.outcome.startswith("approved")]
    first = min(approved, key=lambda each: each.decided_on, default=None)
    yield Item(_("Approved by an ethics committee"), _("yes") if first else None, why=_("no approval is recorded"))
    yield Item(_("Ethics committee"), first.committee if first else None)
    yield Item(_("Approval number"), first.reference if first else None)
    yield Item(_("Approved on"), day(first.decided_on) if first else None)
    for code, label in (
        ("approval", _("Approval letter to be uploaded")),
        ("protocol", _("Protocol to be uploaded (not published)")),
        ("consent", _("Consent form to be uploaded (not published)")),
    ):
        yield Item(label, "\n".join(sheet.files[code]), why=_("no document of this sort is here"))


def _sponsor(sheet: Sheet) -> Iterator[Item]:
    yield Item(_("Primary sponsor"), sheet.told.study.sponsor)
    yield Item(_("Sponsor's address"), None, why=_unkept())
    yield Item(_("Sources of support"), ", ".join(sheet.told.supporters), why=_("no contract of support is recorded"))
    places = [f"{label} ({country_words(country)})" if country else label for label, country in sheet.sites]
    yield Item(_("Research settings"), "\n".join(places))
    yield Item(_("Level of each institution"), None, why=_unkept())


def _study(sheet: Sheet) -> Iterator[Item]:
    row = sheet.told.study
    yield Item(_("Disease"), row.indication)
    yield Item(_("Code of the disease"), None, why=_unkept(), wanted=False)
    yield Item(_("Phase"), phase_words(row.phase))
    yield Item(_("Design"), row.design)
    yield Item(_("Objectives"), row.objective)
    for category, label in (("inclusion", _("Inclusion criteria")), ("exclusion", _("Exclusion criteria"))):
        told = [f"{each.code}: {each.text}" for each in sheet.told.criteria if each.category == category]
        yield Item(label, "\n".join(told))
    yield Item(_("Study from"), day(row.started) if row.started else None)
    yield Item(_("Study until"), day(row.ended) if row.ended else None, why=_("the study has not ended"), wanted=False)
    yield Item(_("Recruitment from"), day(row.recruitment_starts_on) if row.recruitment_starts_on else None)
    yield Item(_("Recruitment until"), day(row.recruitment_ends_on) if row.recruitment_ends_on else None)


def _groups(sheet: Sheet) -> Iterator[Item]:
    planned = sheet.told.study.planned_participants
    arms = [each.name + ": " + (each.description or _("not recorded")) for each in sheet.told.arms]
    ratio = ":".join(str(each.ratio or 1) for each in sheet.told.arms)
    yield Item(_("Groups and interventions"), "\n".join(arms))
    yield Item(_("Ratio of the groups"), ratio if len(arms) > 1 else None, wanted=len(arms) > 1)
    yield Item(_("Sample size"), str(planned) if planned else None)
    yield Item(_("Sample size of each group"), None, why=_("the plan has the whole and the ratio"), wanted=False)


def _measures(_sheet: Sheet) -> Iterator[Item]:
    yield Item(_("Primary outcomes"), None, why=_("outcomes are not kept apart from the objective"))
    yield Item(_("Secondary outcomes"), None, why=_("outcomes are not kept apart from the objective"))
    yield Item(_("Specimens, tissue and their fate"), None, why=_unkept())
    yield Item(_("Ages"), None, why=_("ages stand among the criteria"))
    yield Item(_("Sex"), None, why=_("it stands among the criteria"))


def _allocation(sheet: Sheet) -> Iterator[Item]:
    blinding = sheet.told.study.blinding
    yield Item(_("Randomisation: who, and how"), None, why=_unkept())
    yield Item(_("Blinding"), choice_words(BLINDING, blinding) if blinding else None)
    yield Item(_("Consent signed"), _("yes") if sheet.files["consent"] else None, why=_("no consent form is here"))
    yield Item(_("Recruitment status"), registration.status(sheet.told))


def _data(sheet: Sheet) -> Iterator[Item]:
    results = [each for each in sheet.told.entries if each.purpose == "results"]
    yield Item(_("Plan to share participants' data"), None, why=_unkept())
    yield Item(_("Data collection and management"), _("Electronic, with a trail of every change"))
    yield Item(_("Data monitoring committee"), None, why=_unkept())
    yield Item(_("Statistical methods"), None, why=_unkept())
    yield Item(
        _("Results uploaded"),
        "\n".join(f"{each.registry}, {day(each.submitted_on)}" for each in results),
        why=_("no results are registered"),
        wanted=bool(sheet.told.study.ended),
    )


_PARTS: tuple[tuple[str, Callable[[Sheet], Iterator[Item]]], ...] = (
    (N_("Basic information"), _basics),
    (N_("Contacts"), _contacts),
    (N_("Ethics approval"), _ethics),
    (N_("Sponsor and sites"), _sponsor),
    (N_("Study"), _study),
    (N_("Interventions"), _groups),
    (N_("Outcomes, specimens and participants"), _measures),
    (N_("Randomisation, blinding and recruitment"), _allocation),
    (N_("Data and results"), _data),
)

REPORT = Report(
    key="chictr",
    title=N_("Registration sheet for ChiCTR"),
    audience="outside",
    section="protocol",
    parameters=(),
    gather=gather,
    compose=compose,
    unblinds=False,
    about=N_("What the Chinese Clinical Trial Registry asks for, filled from what is recorded."),
    tells_day=True,
)
