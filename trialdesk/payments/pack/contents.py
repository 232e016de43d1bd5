"""What a recompute pack holds, as declared rows: each table of the file is one of these classes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from trialdesk.base.values import dataclass
from trialdesk.payments.rules.certifying import CertifiedLine

ORIGINAL, CREDIT_NOTE = "invoice", "credit_note"


@dataclass(frozen=True, slots=True)
class Head:
    """What the pack is about. `exponent` is how many decimals the currency has."""

    study: str
    contract: str
    currency: str
    exponent: int
    as_of: date
    known_at: datetime
    engine: str


@dataclass(frozen=True, slots=True)
class TermsPart:
    """A version of the terms: since when it counts, who let it count, the hash of its text (`terms/NUMBER.yaml`)."""

    number: int
    effective_from: date
    recorded_at: datetime
    activated_by: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a fact comes from: the record that tells it, the event that brought it about, and that event's hash.

    `planned_visit` names the visit of the schedule it is about; `visits` says what that was called.
    """

    fact: str
    planned_visit: str | None
    record_kind: str
    record: str
    action: str
    recorded_by: str
    event_sha256: str


@dataclass(frozen=True, slots=True)
class VisitName:
    """What a planned visit is or was called, the newest name first."""

    planned_visit: str
    name: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A file attached to a record that tells a fact, by its hash; its name and bytes stay on the desk."""

    record: str
    category: str
    version: int
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Posted:
    """An entry of the ledger, in minor units."""

    id: str
    rule: str
    unit: str
    component: str
    amount: int
    currency: str
    terms: int | None
    as_of: date
    known_at: datetime
    engine: str
    reverses: str | None


@dataclass(frozen=True, slots=True)
class Signed:
    """A certificate: its lines, their hash, and which persons prepared and certified it."""

    number: str
    as_of: date
    known_at: datetime
    sha256: str
    engine: str
    prepared_by: str
    certified_by: str | None
    certified_on: date | None
    certified_at: datetime | None
    lines: tuple[CertifiedLine, ...]


@dataclass(frozen=True, slots=True)
class Bill:
    """An invoice or a credit note, in the order of issue; `original` is the number of the invoice it corrects."""

    number: str
    kind: str
    original: str | None
    issued_on: date
    known_at: datetime
    due_on: date | None
    currency: str
    net: int
    tax: int
    gross: int
    tax_code: str | None
    tax_rate: Decimal | None


@dataclass(frozen=True, slots=True)
class BillLine:
    """A line of it; of a credit note `original` is the place of the line it corrects on the original invoice."""

    invoice: str
    place: int
    rule: str
    unit: str
    occurred_on: date | None
    terms: int | None
    original: int | None
    net: int
    tax: int


@dataclass(frozen=True, slots=True)
class Received:
    """Money that arrived."""

    id: str
    reference: str
    value_on: date
    amount: int
    fees: int


@dataclass(frozen=True, slots=True)
class Applied:
    """Which invoice line a part of a receipt pays."""

    receipt: str
    invoice: str
    place: int
    amount: int


@dataclass(frozen=True, slots=True)
class Disputed:
    """What was not accepted of an invoice line, from when to when; one withdrawn as recorded in error is `voided`."""

    invoice: str
    place: int
    amount: int
    raised_on: date
    resolved_on: date | None
    outcome: str | None
    voided: bool


@dataclass(frozen=True, slots=True)
class GivenUp:
    """What is no longer asked for of an invoice line, with tax, since when and why (`WriteOff.grounds`)."""

    invoice: str
    place: int
    amount: int
    written_off_on: date
    grounds: str


@dataclass(frozen=True, slots=True)
class Pack:
    """A whole pack. `texts` are the versions of the terms by number, `told` the assessment as the desk told it."""

    head: Head
    texts: Mapping[int, str]
    case: str
    told: Mapping[str, Any]
    terms: tuple[TermsPart, ...]
    evidence: tuple[Evidence, ...]
    visits: tuple[VisitName, ...]
    papers: tuple[Paper, ...]
    ledger: tuple[Posted, ...]
    certificates: tuple[Signed, ...]
    invoices: tuple[Bill, ...]
    invoice_lines: tuple[BillLine, ...]
    receipts: tuple[Received, ...]
    allocations: tuple[Applied, ...]
    disputes: tuple[Disputed, ...]
    write_offs: tuple[GivenUp, ...] = ()
