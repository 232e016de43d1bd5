"""Certificates: one person prepares the lines, another verifies the facts, the PI attests them, a last one certifies.

Verification and attestation are asked for when it is prepared.

No line without evidence, and nobody certifies what they prepared: refused here and kept in `payments.keeping`.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from trialdesk.base.canonical import digest
from trialdesk.base.errors import Conflict, UserError
from trialdesk.base.fields import Field
from trialdesk.base.i18n import N_, _, n_
from trialdesk.base.ids import Id
from trialdesk.base.money import money_text
from trialdesk.contracts.records import Contract
from trialdesk.payments.records import Certificate
from trialdesk.people.acting import Action, action, fields_of, voiding
from trialdesk.people.checks import check_not_future, check_order, check_second_person
from trialdesk.people.rules import PI, STAFF
from trialdesk.people.signing import sign
from trialdesk.persistence.editing import found_in
from trialdesk.persistence.work import Work

if TYPE_CHECKING:
    from trialdesk.payments.owed import Statement
    from trialdesk.payments.rules.certifying import CertifiedLine

PREPARING = STAFF | {"finance"}
VERIFYING = frozenset({PI, "data_manager", "monitor", "quality"})
ATTESTING = frozenset({PI})
CERTIFYING = frozenset({PI, "finance"})
FALLEN_KNOWN = Field(
    "flag",
    N_("Less is due of some lines by now"),
    name="fallen_known",
    help=N_("Yes certifies what was known when it was prepared; no invoice asks for what has fallen since."),
)
_NAMED = 5
"""How many lines a message names."""


@action(
    "payments:certificate:prepare",
    N_("Certificate prepared"),
    by=PREPARING,
    about=Contract.KIND,
    asks=fields_of(Certificate, "as_of", "needs_verification", "needs_attestation"),
    words=N_("Prepare certificate"),
    makes=Certificate.KIND,
)
def prepare_certificate(
    work: Work,
    *,
    study: Id,
    contract: Id,
    as_of: date,
    needs_verification: bool | None = None,
    needs_attestation: bool | None = None,
) -> Id:
    """Put together what is earned by a day and not certified yet, or otherwise than it was; returns the certificate.

    Raises UserError where there is nothing new, for a line without a fact behind it, and for one that rests on a
    deliverable without the evidence its terms ask for (`payments.evidence`).
    """
    from trialdesk.payments.agreed import refuse_unagreed
    from trialdesk.payments.evidence import refuse_unproven
    from trialdesk.payments.owed import certified_now, statement
    from trialdesk.payments.queries import certificates
    from trialdesk.payments.rules.certifying import as_text, to_certify

    check_not_future(work, Certificate.FIELDS["as_of"].label, as_of)
    record = found_in(work, Contract, contract, study)
    found = statement(work.read, study=study, contract=contract, as_of=as_of, known_at=work.now)
    lines = to_certify(found.assessment, certified_now(work.read, found))
    if not lines:
        raise UserError(
            _("Nothing new is earned by {day}.").format(day=as_of),
            where=_(Certificate.LABEL),
            remedy=_("A certificate is prepared once there is something to certify."),
        )
    refuse_without_evidence(lines)
    refuse_unagreed(work, contract, {line.terms for line in lines}, certifying=False)
    refuse_unproven(work, found, {line.key for line in lines})
    text = as_text(lines)
    number = len(certificates(work.read, study=study, contract=contract, voided=True)) + 1
    return work.add(
        Certificate(
            study=study,
            contract=contract,
            number=f"{record.number}/{number}",
            as_of=as_of,
            known_at=work.now,
            lines=text,
            sha256=digest(text.encode()),
            engine=found.assessment.engine,
            needs_verification=needs_verification,
            needs_attestation=needs_attestation,
            prepared_by=work.act.account,
            prepared_on=work.today,
        )
    ).id


@action(
    "payments:certificate:verify",
    N_("Certificate verified"),
    by=VERIFYING,
    final=True,
    about=Certificate.KIND,
    signs=N_("I verified these facts against their sources"),
    words=N_("Verify"),
)
def verify_certificate(work: Work, *, study: Id, certificate: Id) -> Id:
    """Sign that the facts agree with their sources. Raises NotAllowed for who prepared it.

    Raises UserError once it is verified or certified.
    """
    record = found_in(work, Certificate, certificate, study)
    _check_open(record)
    if record.verified_by is not None:
        raise UserError(
            _("This certificate was verified on {day}.").format(day=record.verified_on), where=_(Certificate.LABEL)
        )
    check_second_person(work, record.prepared_by, N_("Who prepared a certificate does not verify it."))
    check_second_person(work, record.attested_by, N_("Who attested a certificate does not verify it."))
    record.verified_by, record.verified_on = work.act.account, work.today
    sign(work, record, verify_certificate.signs)
    return record.id


@action(
    "payments:certificate:attest",
    N_("Certificate attested"),
    by=ATTESTING,
    final=True,
    about=Certificate.KIND,
    signs=N_("I attest these clinical facts"),
    words=N_("Attest"),
)
def attest_certificate(work: Work, *, study: Id, certificate: Id) -> Id:
    """Sign, as principal investigator, that what happened is as told. Raises NotAllowed for who took a step before.

    Raises UserError once it is attested or certified, and before a verification that was asked for.
    """
    record = found_in(work, Certificate, certificate, study)
    _check_open(record)
    if record.attested_by is not None:
        raise UserError(
            _("This certificate was attested on {day}.").format(day=record.attested_on), where=_(Certificate.LABEL)
        )
    _check_verified(record)
    check_second_person(work, record.prepared_by, N_("Who prepared a certificate does not attest it."))
    check_second_person(work, record.verified_by, N_("Who verified a certificate does not attest it."))
    record.attested_by, record.attested_on = work.act.account, work.today
    sign(work, record, attest_certificate.signs)
    return record.id


@action(
    "payments:certificate:certify",
    N_("Amounts certified"),
    by=CERTIFYING,
    final=True,
    about=Certificate.KIND,
    asks=(FALLEN_KNOWN,),
    signs=N_("I certify these amounts"),
    words=N_("Certify"),
)
def certify_certificate(work: Work, *, study: Id, certificate: Id, fallen_known: bool | None = None) -> Id:
    """Sign the amounts. They are first reckoned again on the knowledge of the certificate: they must still be the same.

    Where records have changed since, and less is due of some lines, who certifies has to say that they know: the lines
    stand certified as of that knowledge, and no invoice asks for what has fallen.

    Raises NotAllowed for who took a step before or took over its terms alone; UserError where verification, attestation
    or evidence was asked for and is missing, for who has an open interest in the other party, and for who has a share
    in what is received while nobody without one looked before; Conflict where the desk now tells otherwise of that
    instant.
    """
    from trialdesk.payments.agreed import refuse_unagreed
    from trialdesk.payments.evidence import refuse_unproven
    from trialdesk.payments.owed import certified_now, statement
    from trialdesk.payments.rules.certifying import as_text, lines_of, to_certify
    from trialdesk.payments.vouching import refuse_interested, refuse_own_share

    record = found_in(work, Certificate, certificate, study)
    _check_open(record)
    check_second_person(work, record.prepared_by, N_("Who prepared a certificate does not certify it."))
    check_second_person(work, record.verified_by, N_("Who verified a certificate does not certify it."))
    check_second_person(work, record.attested_by, N_("Who attested a certificate does not certify it."))
    _check_verified(record)
    if record.needs_attestation and record.attested_by is None:
        raise UserError(
            _("The clinical facts are to be attested first."),
            where=_(Certificate.LABEL),
            remedy=_("Let the principal investigator attest them."),
        )
    account = work.act.account
    assert account is not None
    refuse_interested(work.read, study=study, contract=record.contract, account=account, on=work.today)
    vouched = {"verified_by": record.verified_by, "attested_by": record.attested_by, "certified_by": account}
    refuse_own_share(work.read, study=study, accounts=vouched)
    lines = lines_of(record.lines)
    refuse_without_evidence(lines)
    found = statement(work.read, study=study, contract=record.contract, as_of=record.as_of, known_at=record.known_at)
    refuse_unagreed(work, record.contract, {line.terms for line in lines}, certifying=True)
    refuse_unproven(work, found, {line.key for line in lines})
    again = to_certify(found.assessment, certified_now(work.read, found))
    if digest(as_text(again).encode()) != record.sha256:
        raise Conflict(
            _("What was known then is told otherwise now, or some of it was certified meanwhile."),
            record=record.id,
            where=_(Certificate.LABEL),
            remedy=_("Withdraw the certificate and prepare it anew."),
        )
    if not fallen_known:
        now = statement(work.read, study=study, contract=record.contract, as_of=record.as_of, known_at=work.now)
        _tell_fallen(lines, now)
    record.certified_by, record.certified_on, record.certified_at = work.act.account, work.today, work.now
    sign(work, record, certify_certificate.signs)
    return record.id


@action(
    "payments:certificate:accept",
    N_("Certificate accepted by the other party"),
    by=PREPARING,
    about=Certificate.KIND,
    asks=fields_of(Certificate, "accepted_on"),
    words=N_("Record acceptance"),
)
def accept_certificate(work: Work, *, study: Id, certificate: Id, accepted_on: date | None = None) -> Id:
    """Record on which day the other party accepted a certificate. Raises UserError before it is certified."""
    record = found_in(work, Certificate, certificate, study)
    if record.certified_on is None:
        raise UserError(_("This certificate is not certified yet."), where=_(Certificate.LABEL))
    on = accepted_on or work.today
    check_not_future(work, Certificate.FIELDS["accepted_on"].label, on)
    check_order(
        Certificate.FIELDS["accepted_on"].label,
        record.certified_on,
        on,
        _("It cannot be accepted before it was certified."),
    )
    record.accepted_on = on
    return record.id


withdraw_certificate = voiding(
    Certificate,
    "payments:certificate:withdraw",
    N_("Certificate withdrawn"),
    by=PREPARING,
    check=lambda _work, record: _check_open(record),
    words=N_("Revoke"),
)


def refuse_without_evidence(lines: tuple[CertifiedLine, ...]) -> None:
    """Raise UserError for a line that no fact stands behind."""
    bare = [f"{line.rule} {line.unit}" for line in lines if not line.facts]
    if bare:
        raise UserError(
            _("There is no evidence for: {lines}.").format(lines=", ".join(bare)),
            where=_(Certificate.LABEL),
            remedy=_("What is certified rests on recorded facts."),
        )


def _tell_fallen(lines: tuple[CertifiedLine, ...], now: Statement) -> None:
    """Raise UserError naming the lines of a certificate of which less is due by what is known now."""
    from trialdesk.payments.rules.certifying import fallen
    from trialdesk.payments.rules.wording import unit_words

    less = fallen(lines, now.assessment)
    if not less:
        return
    currency = now.desk.case.currency
    said = [
        _("{rule} {unit}: {before}, now {after}").format(
            rule=line.rule,
            unit=unit_words(line.unit),
            before=money_text(line.pay, currency),
            after=money_text(pay, currency),
        )
        for line, pay in less[:_NAMED]
    ]
    if more := len(less) - len(said):
        said.append(n_("and {count} more", "and {count} more", more).format(count=more))
    raise UserError(
        _("Records have changed since this was prepared; less is due of: {lines}.").format(lines="; ".join(said)),
        where=_(FALLEN_KNOWN.label),
        remedy=_("Revoke it and prepare it anew, or say that you know: no invoice asks for what has fallen."),
    )


def _check_verified(record: Certificate) -> None:
    if record.needs_verification and record.verified_by is None:
        raise UserError(
            _("The facts are to be verified first."), where=_(Certificate.LABEL), remedy=_("Let somebody verify them.")
        )


def _check_open(record: Certificate) -> None:
    if record.certified_on is not None:
        raise UserError(
            _("This certificate was certified on {day} and stands.").format(day=record.certified_on),
            where=_(Certificate.LABEL),
            remedy=_("What has changed since is certified and invoiced, or credited, anew."),
        )


ACTIONS: tuple[Action, ...] = (
    prepare_certificate,
    verify_certificate,
    attest_certificate,
    certify_certificate,
    accept_certificate,
    withdraw_certificate,
)
