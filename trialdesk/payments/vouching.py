"""Who may vouch for a certificate: different people, nobody for their own share alone, nobody with an open interest.

One prepares it, one verifies the facts against their sources, the principal investigator attests them, one certifies
the amounts (payments.md 3.5, sign-off). Asked by the acts, and kept whichever way an act comes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa

from trialdesk.base.errors import NotAllowed, UserError
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.contracts.records import Contract
from trialdesk.contracts.standing import has_open_interest
from trialdesk.payments.records import Certificate
from trialdesk.payments.sharing.records import Beneficiary
from trialdesk.people.queries import person_of
from trialdesk.persistence.reading import Read

STEPS = {
    "prepared_by": N_("prepared it"),
    "verified_by": N_("verified it"),
    "attested_by": N_("attested it"),
    "certified_by": N_("certified it"),
}
"""The fields that name who vouched, with what each did."""


def refuse_twice(read: Read, accounts: Mapping[str, Id | None]) -> None:
    """Raise NotAllowed where one person took two of the steps. `accounts` are those of `STEPS`, None for not yet.

    Two accounts of one person are one person.
    """
    did: dict[Id, str] = {}
    for field, words in STEPS.items():
        account = accounts.get(field)
        person = person_of(read, account=account) if account else None
        if person is None:
            continue
        if person in did:
            raise NotAllowed(
                _("Who {first} cannot be who {second}.").format(first=_(did[person]), second=_(words)),
                where=_(Certificate.LABEL),
                remedy=_("A certificate is vouched for by different people."),
            )
        did[person] = words


def refuse_own_share(read: Read, *, study: Id, accounts: Mapping[str, Id | None]) -> None:
    """Raise UserError where whoever certifies has a share in what is received and nobody without one looked before."""
    certifier = accounts.get("certified_by")
    own = Beneficiary.TABLE.c
    rows = read.rows(sa.select(own.person).where(own.study == study, own.person.is_not(None), ~own.voided))
    sharing = {row.person for row in rows}
    if not certifier or not sharing or person_of(read, account=certifier) not in sharing:
        return
    looked = (accounts.get("verified_by"), accounts.get("attested_by"))
    if not any(each and person_of(read, account=each) not in sharing for each in looked):
        raise UserError(
            _("Who has a share in what is received does not certify alone."),
            where=_(Certificate.LABEL),
            remedy=_("Let somebody without a share verify the facts first, or certify it."),
        )


def refuse_interested(read: Read, *, study: Id, contract: Id, account: Id, on: date) -> None:
    """Raise UserError where somebody's declaration towards the other party has run out or tells an open interest."""
    supporter = read.value(sa.select(Contract.TABLE.c.supporter).where(Contract.TABLE.c.id == contract))
    person = person_of(read, account=account)
    if person and has_open_interest(read, study=study, organisation=supporter, person=person, on=on):
        raise UserError(
            _("Your declaration of interests in the other party has run out, or tells one that is not accepted."),
            where=_(Certificate.LABEL),
            remedy=_("Declare anew, or let somebody else certify."),
        )
