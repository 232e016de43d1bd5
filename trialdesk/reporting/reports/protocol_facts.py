"""What the program holds of the protocol: the design of the synopsis, its versions and the approval in force."""

from __future__ import annotations

from datetime import date

from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.ethics.queries import committees, consent_versions, rulings
from trialdesk.persistence.reading import Read
from trialdesk.reporting.reports import synopsis
from trialdesk.reporting.reports.ethics_facts import Standing, standing
from trialdesk.reporting.reports.registration import supporters
from trialdesk.reporting.reports.synopsis import Synopsis
from trialdesk.studies.queries import protocol_versions, sites


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the protocol."""

    label: str
    dated_on: date
    effective_on: date | None
    substantial: bool | None
    what: str | None


@dataclass(frozen=True, slots=True)
class Form:
    """A version of a consent form, approved to be used from a day on."""

    form: str
    language: str
    label: str
    used_from: date


@dataclass(frozen=True, slots=True)
class Approved:
    """An approval of a committee and what it was of."""

    committee: str
    kind: str
    from_: date
    reference: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """A site with its country."""

    label: str
    country: str | None


@dataclass(frozen=True, slots=True)
class ProtocolTold:
    """The design with the versions of the protocol, oldest first, and the approval in force.

    `approvals` are all there were by day, `forms` the consent forms in use, `supporters` who gives money.
    """

    design: Synopsis
    versions: tuple[Version, ...]
    standing: Standing | None
    approvals: tuple[Approved, ...] = ()
    forms: tuple[Form, ...] = ()
    places: tuple[Place, ...] = ()
    supporters: tuple[str, ...] = ()


def gather(read: Read, *, study: Id, on: date, site: Id | None = None, as_of: date | None = None) -> ProtocolTold:
    """Return what is held of the protocol. A bounded number of statements."""
    return ProtocolTold(
        design=synopsis.gather(read, study=study, on=on, site=site, as_of=as_of),
        versions=tuple(
            Version(each.label, each.dated_on, each.effective_on, each.substantial, each.change_summary)
            for each in protocol_versions(read, study=study)
        ),
        standing=standing(read, study=study),
        approvals=_approvals(read, study),
        forms=tuple(
            Form(each.form, each.language, each.label, each.used_from)
            for each in consent_versions(read, study=study)
            if each.used_from and not each.superseded_on and not each.withdrawn_on
        ),
        places=tuple(Place(each.label, each.country) for each in sites(read, study=study)),
        supporters=supporters(read, study=study),
    )


def _approvals(read: Read, study: Id) -> tuple[Approved, ...]:
    names = {each.id: each.name for each in committees(read, study=study)}
    given = sorted(
        (each for each in rulings(read, study=study) if each.approves), key=lambda each: (each.begins, each.decision)
    )
    return tuple(Approved(names.get(each.committee, ""), each.kind, each.begins, each.reference) for each in given)
