"""The queue of certificates: how far each has come, what it waits for, and the lines it vouches for."""

from __future__ import annotations

from datetime import date
from typing import Literal

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.contracts.queries import contracts
from trialdesk.payments.owed import statement
from trialdesk.payments.queries import CertificateRow, certificates
from trialdesk.payments.rules.certifying import fallen
from trialdesk.persistence.reading import Read
from trialdesk.trail.position import last_known

Step = Literal["verify", "attest", "certify", "accept", ""]
"""What a certificate waits for next; nothing once the other party has accepted it."""


@dataclass(frozen=True, slots=True)
class Queued:
    """A certificate in the queue. `line`, `hold` and `pay` are the sums of its lines, in minor units before tax."""

    id: Id
    version: int
    number: str
    contract: str
    currency: str
    as_of: date
    waits_for: Step
    line: int
    hold: int
    pay: int
    prepared_by: str
    certified_on: date | None


@dataclass(frozen=True, slots=True)
class Vouched:
    """A line a certificate vouches for. `now` is what is due of it by what is known now, where that is less."""

    id: str
    rule: str
    unit: str
    on: date | None
    line: int
    hold: int
    pay: int
    now: int | None


@dataclass(frozen=True, slots=True)
class Vouching:
    """A certificate's lines, with the contract's number and currency and the instant up to which it knows."""

    queued: Queued
    lines: tuple[Vouched, ...]


def queue(read: Read, *, study: Id, on: date) -> tuple[Queued, ...]:  # noqa: ARG001 - a certificate tells its own day
    """Return a study's certificates, what waits first, then the newest. Four statements."""
    rows = {row.id: row for row in contracts(read, study=study)}
    found = [
        _queued(row, rows[row.contract].number, rows[row.contract].currency)
        for row in certificates(read, study=study)
        if row.contract in rows
    ]
    found.sort(key=lambda each: (each.as_of, each.number), reverse=True)
    return tuple(sorted(found, key=lambda each: each.waits_for in {"accept", ""}))


def vouching(read: Read, *, study: Id, certificate: Id) -> Vouching:
    """Return what a certificate vouches for; of one not certified yet with what has fallen since it was prepared.

    Some fifteen statements. Raises UserError for a certificate that is not there.
    """
    row = next((each for each in certificates(read, study=study) if each.id == certificate), None)
    if row is None:
        raise UserError(_("This certificate is not on this desk, or was withdrawn."))
    contract = next(each for each in contracts(read, study=study) if each.id == row.contract)
    less = _fallen(read, study, row) if row.certified_on is None else {}
    return Vouching(
        _queued(row, contract.number, contract.currency),
        tuple(
            Vouched(" ".join(each.key), each.rule, each.unit, each.on, each.line, each.hold, each.pay,
                    less.get(each.key))
            for each in row.lines
        ),
    )  # fmt: skip


def _fallen(read: Read, study: Id, row: CertificateRow) -> dict[tuple[str, str], int]:
    last = last_known(read, study)
    if last is None:
        return {}
    now = statement(read, study=study, contract=row.contract, as_of=row.as_of, known_at=last[0])
    return {line.key: pay for line, pay in fallen(row.lines, now.assessment)}


def _queued(row: CertificateRow, contract: str, currency: str) -> Queued:
    return Queued(
        id=row.id,
        version=row.version,
        number=row.number,
        contract=contract,
        currency=currency,
        as_of=row.as_of,
        waits_for=_waits_for(row),
        line=sum(each.line for each in row.lines),
        hold=sum(each.hold for each in row.lines),
        pay=sum(each.pay for each in row.lines),
        prepared_by=row.prepared_by,
        certified_on=row.certified_on,
    )


def _waits_for(row: CertificateRow) -> Step:
    if row.certified_on is not None:
        return "" if row.accepted_on else "accept"
    if row.needs_verification and row.verified_on is None:
        return "verify"
    return "attest" if row.needs_attestation and row.attested_on is None else "certify"
