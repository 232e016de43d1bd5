"""The certificates a person signs files with: made, brought along, withdrawn. Each is its own account's."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from trialdesk.base.errors import NotAllowed, UserError
from trialdesk.base.fields import Field
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.people.acting import action, needs_reason
from trialdesk.people.certificates import MOST_YEARS, YEARS, Identity, about, from_pkcs12, keep_key, made, text_of
from trialdesk.people.queries import names_of_accounts
from trialdesk.people.records import Certificate
from trialdesk.people.rules import SIGNERS
from trialdesk.persistence.editing import found_in
from trialdesk.persistence.work import Work


@action(
    "people:certificate:make",
    N_("Certificate made"),
    by=SIGNERS,
    asks=(Field("whole", N_("Holds for so many years"), name="years", required=True),),
    words=N_("Make certificate"),
    makes=Certificate.KIND,
)
def make_certificate(work: Work, *, study: Id, years: int = YEARS) -> Id:  # noqa: ARG001 - it is for all studies
    """Make the acting account a certificate in its person's name; returns the record's id.

    Raises UserError while the account has one, made here, that still holds, and for a number of years out of bounds.
    """
    if not 1 <= years <= MOST_YEARS:
        raise UserError(
            _("A certificate made here holds for one to {most} years.").format(most=MOST_YEARS),
            where=_("Holds for so many years"),
        )
    own, c = _account(work), Certificate.TABLE.c
    query = sa.select(c.id).where(
        c.account == own, c.made_here, ~c.voided, c.withdrawn_on.is_(None), c.valid_until > work.now
    )
    if work.read.first(query) is not None:
        raise UserError(
            _("You have a certificate made here, and it still holds."),
            where=_("Signing certificate"),
            remedy=_("Sign with it, or withdraw it first."),
        )
    return _keep(work, made(names_of_accounts(work.read)[own], work.now, years), made_here=True)


@action(
    "people:certificate:bring",
    N_("Certificate brought along"),
    by=SIGNERS,
    asks=(
        Field("file", N_("File"), name="data", required=True, help=N_("A PKCS#12 file, ending in .p12 or .pfx.")),
        Field("secret", N_("Passphrase of the file"), name="passphrase", help=N_("The one it was exported with.")),
    ),
    words=N_("Bring certificate"),
    makes=Certificate.KIND,
)
def bring_certificate(
    work: Work,
    *,
    study: Id,  # noqa: ARG001 - as above
    data: bytes,
    passphrase: str = "",
    file_name: str = "",  # noqa: ARG001 - every file comes with its name
) -> Id:
    """Take over the acting person's certificate from a file; returns the record's id.

    Raises NotAllowed for a wrong passphrase and for what is another person's, UserError for a file that is no
    certificate with its key, for one that does not hold today or is not for signing.
    """
    identity = from_pkcs12(data, passphrase or "")
    said, own, c = about(identity.certificate), _account(work), Certificate.TABLE.c
    known = work.read.first(sa.select(c.account).where(c.fingerprint == said.fingerprint, ~c.voided))
    if known is not None and known.account == own:
        raise UserError(_("You have brought this certificate along before."), where=_("Signing certificate"))
    names = names_of_accounts(work.read)
    others = {name for account, name in names.items() if name != names[own]}
    if known is not None or said.name in others:
        raise NotAllowed(
            _("This is the certificate of another person: {name}.").format(name=said.name),
            remedy=_("Everybody signs with a certificate of their own."),
        )
    if not said.signs:
        raise UserError(
            _("This certificate is not for signing."),
            where=_("Signing certificate"),
            remedy=_("Ask whoever issued it for one whose use is digital signature."),
        )
    refuse_lapsed(work, said.valid_from, said.valid_until)
    return _keep(work, identity, made_here=False)


@action(
    "people:certificate:withdraw",
    N_("Certificate withdrawn"),
    by=SIGNERS,
    about=Certificate.KIND,
    why=True,
    words=N_("Withdraw certificate"),
)
def withdraw_certificate(work: Work, *, study: Id, certificate: Id) -> Id:  # noqa: ARG001 - as above
    """Sign no more with a certificate from today on: lost, replaced. What was signed with it stays as it is.

    Raises NotAllowed for another person's, UserError for one that was withdrawn before.
    """
    needs_reason(work, Certificate)
    found = found_in(work, Certificate, certificate, None)
    refuse_anothers(work, found)
    if found.withdrawn_on is not None:
        raise UserError(_("This certificate was withdrawn before."), where=_("Signing certificate"))
    found.withdrawn_on = work.today
    return found.id


def refuse_anothers(work: Work, certificate: Certificate) -> None:
    """Raise NotAllowed unless a certificate is the acting account's."""
    if certificate.account != work.act.account:
        raise NotAllowed(
            _("This is the certificate of another person: {name}.").format(name=certificate.name),
            remedy=_("Everybody signs with a certificate of their own."),
        )


def refuse_lapsed(work: Work, begins: datetime, ends: datetime) -> None:
    """Raise UserError for a certificate that does not hold at the time of this act."""
    if not begins <= work.now <= ends:
        raise UserError(
            _("This certificate holds from {begins} to {ends} only.").format(begins=begins.date(), ends=ends.date()),
            where=_("Signing certificate"),
            remedy=_("Make or bring one that holds today."),
        )


def _account(work: Work) -> Id:
    if work.act.account is None:
        raise NotAllowed(_("Sign in first."), remedy=_("Acts are recorded under a person's name."))
    return work.act.account


def _keep(work: Work, identity: Identity, *, made_here: bool) -> Id:
    said = about(identity.certificate)
    record = work.add(
        Certificate(
            account=_account(work),
            name=said.name,
            issuer=said.issuer,
            fingerprint=said.fingerprint,
            valid_from=said.valid_from,
            valid_until=said.valid_until,
            made_here=made_here,
            certificates=text_of((identity.certificate, *identity.chain)),
        )
    )
    keep_key(work, record.id, identity.key)
    return record.id
