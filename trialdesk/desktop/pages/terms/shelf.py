"""What the editor of terms knows: contracts with the versions of their terms, what is approved, visits, protocols."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date

from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.contracts.approvals import Approval, approvals
from trialdesk.contracts.queries import ContractRow, TermsRow, contracts, terms_versions
from trialdesk.desktop import shown
from trialdesk.people.rights import roles
from trialdesk.persistence.reading import Read
from trialdesk.studies.queries import ProtocolVersionRow, planned_visits, protocol_versions


@dataclass(frozen=True, slots=True)
class Shelf:
    """The contracts with the versions of their terms, what is approved, visits, protocol versions, and roles held."""

    contracts: tuple[ContractRow, ...] = ()
    versions: Mapping[Id, tuple[TermsRow, ...]] = field(default_factory=dict)
    approved: Mapping[Id, tuple[Approval, ...]] = field(default_factory=dict)
    visits: tuple[str, ...] = ()
    protocols: tuple[ProtocolVersionRow, ...] = ()
    held: frozenset[str] = frozenset()


def shelf(read: Read, *, study: Id, on: date) -> Shelf:
    """Return what the page knows. Some statements a contract and a draft."""
    rows = contracts(read, study=study)
    versions = {row.id: terms_versions(read, contract=row.id) for row in rows}
    return Shelf(
        rows,
        versions,
        {
            each.id: approvals(read, terms_version=each.id, text=each.text)
            for found in versions.values()
            for each in found
        },
        tuple(each.name for each in planned_visits(read, study=study)),
        protocol_versions(read, study=study),
        roles(read, study=study, on=on),
    )


def hint(contract: ContractRow | None, row: TermsRow | None) -> str:
    """Return what stands above the text: how the version stands and what to do next."""
    if contract is None:
        return _("Terms belong to a contract. Begin one under Contracts.")
    if row is None:
        return _("Start from a template or from the version before, then alter it and save it as a draft.")
    if row.activated_on is not None:
        return _("Activated by {name} on {day}: never changed. Start the next version to amend it.").format(
            name=row.activated_by or "", day=shown.day(row.activated_on)
        )
    return _("Drafted by {name} on {day}. A second person activates it.").format(
        name=row.drafted_by, day=shown.day(row.drafted_on)
    )
