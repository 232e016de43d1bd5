"""What the program holds of the protocol: the design of the synopsis, its versions and the approval in force."""

from __future__ import annotations

from datetime import date

from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.persistence.reading import Read
from trialdesk.reporting.reports import synopsis
from trialdesk.reporting.reports.ethics_facts import Standing, standing
from trialdesk.reporting.reports.synopsis import Synopsis
from trialdesk.studies.queries import protocol_versions


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the protocol."""

    label: str
    dated_on: date
    effective_on: date | None
    substantial: bool | None
    what: str | None


@dataclass(frozen=True, slots=True)
class ProtocolTold:
    """The design with the versions of the protocol, oldest first, and the approval in force."""

    design: Synopsis
    versions: tuple[Version, ...]
    standing: Standing | None


def gather(read: Read, *, study: Id, on: date, site: Id | None = None, as_of: date | None = None) -> ProtocolTold:
    """Return what is held of the protocol. A bounded number of statements."""
    return ProtocolTold(
        design=synopsis.gather(read, study=study, on=on, site=site, as_of=as_of),
        versions=tuple(
            Version(each.label, each.dated_on, each.effective_on, each.substantial, each.change_summary)
            for each in protocol_versions(read, study=study)
        ),
        standing=standing(read, study=study),
    )
