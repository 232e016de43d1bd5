"""The life of a contract and of its terms, on plain values.

In an investigator-initiated trial the institution is the sponsor; the company that gives money or drug is a supporter.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Protocol

from trialdesk.base.currencies import EXPONENTS
from trialdesk.base.errors import UserError
from trialdesk.base.i18n import N_, _
from trialdesk.base.problems import Problem
from trialdesk.base.values import dataclass
from trialdesk.people.rules import OWNER, PI

DRAFT, INTAKE, NEGOTIATING = "draft", "intake", "negotiating"
TERMS_AGREED, IN_SIGNATURE = "terms_agreed", "in_signature"
FULLY_EXECUTED, ACTIVE, CLOSING, CLOSED = "fully_executed", "active", "closing", "closed"
SUSPENDED, TERMINATED, ABANDONED = "suspended", "terminated", "abandoned"
STATES = (
    (DRAFT, N_("Draft")),
    (INTAKE, N_("Taken in")),
    (NEGOTIATING, N_("In negotiation")),
    (TERMS_AGREED, N_("Terms agreed")),
    (IN_SIGNATURE, N_("In signature")),
    (FULLY_EXECUTED, N_("Fully executed")),
    (ACTIVE, N_("Active")),
    (SUSPENDED, N_("Suspended")),
    (CLOSING, N_("Being closed")),
    (CLOSED, N_("Closed")),
    (TERMINATED, N_("Terminated")),
    (ABANDONED, N_("Abandoned")),
)
EXPIRED = "expired"
STANDINGS = (*STATES, (EXPIRED, N_("Expired")))
"""How a contract stands on a day: its state, unless its last day has passed and nobody closed it."""
ENDED = frozenset({CLOSED, TERMINATED, ABANDONED})
IN_FORCE = frozenset({FULLY_EXECUTED, ACTIVE})
SETTLING = IN_FORCE | {CLOSING}
"""The states in which terms may still be agreed and money settled; nobody is let into a study by one being closed."""
BOUND = SETTLING | {SUSPENDED, CLOSED, TERMINATED}
"""The states of a contract that has bound its parties."""

KINDS = (
    ("support", N_("Support agreement")),
    ("supply", N_("Supply agreement")),
    ("site", N_("Site agreement")),
    ("service", N_("Service agreement")),
    ("confidentiality", N_("Confidentiality agreement")),
    ("data", N_("Data or material transfer agreement")),
    ("collaboration", N_("Collaboration agreement")),
    ("insurance", N_("Insurance contract")),
    ("trial", N_("Clinical trial agreement")),
    ("licence", N_("Licence or assignment")),
    ("other", N_("Other agreement")),
)

LEGAL_SPONSOR, SUPPORTER, SUPPLIER, SITE = "legal_sponsor", "supporter", "supplier", "site"
ROLES = (
    (LEGAL_SPONSOR, N_("Legal sponsor")),
    (SUPPORTER, N_("Supporter")),
    (SUPPLIER, N_("Supplier")),
    (SITE, N_("Site")),
    ("cro", N_("Contract research organisation")),
    ("smo", N_("Site management organisation")),
    ("vendor", N_("Vendor")),
    ("insurer", N_("Insurer")),
    ("licensee", N_("Licensee")),
)
"""What a party is to the study. The institution is the legal sponsor of an investigator-initiated trial: whoever gives
money or product supports it and does not sponsor it (ICH E6(R3) 1)."""
USUAL_ROLES = {
    "supply": (LEGAL_SPONSOR, SUPPLIER),
    "site": (LEGAL_SPONSOR, SITE),
    "service": (LEGAL_SPONSOR, "cro"),
    "insurance": (LEGAL_SPONSOR, "insurer"),
    "trial": (SITE, LEGAL_SPONSOR),
    "licence": (LEGAL_SPONSOR, "licensee"),
    "other": (LEGAL_SPONSOR, "vendor"),
}
"""By kind of contract, what our party and the other usually are; in any other, a sponsor and its supporter."""

OCCASIONS = (
    ("protocol", N_("Amendment of the protocol")),
    ("budget", N_("Change of the budget")),
    ("investigator", N_("Change of the investigator")),
    ("bank", N_("Change of bank details")),
    ("term", N_("Change of the term")),
)
"""What a version of terms that follows another is agreed for."""
OF_PROTOCOL = "protocol"

RECEIVABLE, PAYABLE = "receivable", "payable"
DIRECTIONS = ((RECEIVABLE, N_("We are paid")), (PAYABLE, N_("We pay")))

OFFICE = frozenset({PI, "sub_investigator", "coordinator", "finance"})
"""Who keeps contracts: there is no role of a research office yet, so who stands in for it."""
APPROVING = frozenset({PI, "finance", OWNER})
"""Who may let terms count."""


@dataclass(frozen=True, slots=True)
class Declared:
    """What somebody declared of interests in a party: from when to when it holds, whether there are any, accepted when.

    `place` is its order among declarations of one day.
    """

    declared_on: date
    expires_on: date | None
    interest: bool
    accepted_on: date | None
    place: str = ""


def is_clear(declared: Iterable[Declared], on: date) -> bool:
    """Say whether no interest stands in the way on a day.

    The newest declaration by then decides: it must still hold, and an interest it tells must have been accepted.
    """
    known = [each for each in declared if each.declared_on <= on]
    if not known:
        return False
    last = max(known, key=lambda each: (each.declared_on, each.place))
    holds = last.expires_on is None or on <= last.expires_on
    return holds and (not last.interest or (last.accepted_on is not None and last.accepted_on <= on))


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a contract's life: from which states to which, and the field that dates it."""

    came_from: tuple[str, ...]
    leads_to: str
    dated: str


STEPS = {
    "take_in": Step((DRAFT,), INTAKE, "intake_from"),
    "negotiate": Step((DRAFT, INTAKE), NEGOTIATING, "negotiating_from"),
    "agree": Step((NEGOTIATING,), TERMS_AGREED, "terms_agreed_on"),
    "send_to_signature": Step((NEGOTIATING, TERMS_AGREED), IN_SIGNATURE, "sent_to_signature_on"),
    "execute": Step((IN_SIGNATURE,), FULLY_EXECUTED, "fully_executed_on"),
    "activate": Step((FULLY_EXECUTED,), ACTIVE, "effective_from"),
    "suspend": Step((ACTIVE,), SUSPENDED, "suspended_on"),
    "resume": Step((SUSPENDED,), ACTIVE, "resumed_on"),
    "begin_closing": Step((ACTIVE, SUSPENDED), CLOSING, "closing_from"),
    "close": Step((ACTIVE, CLOSING), CLOSED, "closed_on"),
    "terminate": Step((FULLY_EXECUTED, ACTIVE, SUSPENDED, CLOSING), TERMINATED, "closed_on"),
    "abandon": Step((DRAFT, INTAKE, NEGOTIATING, TERMS_AGREED, IN_SIGNATURE), ABANDONED, "closed_on"),
}
"""By act, the steps of a contract's life.

Where no office takes contracts in, a draft is negotiated at once; final terms may be sent to signature at once, and an
active contract be closed at once. Nothing else is left out.
"""

ORDER = (
    "intake_from",
    "negotiating_from",
    "terms_agreed_on",
    "sent_to_signature_on",
    "signed_on",
    "fully_executed_on",
    "closing_from",
    "closed_on",
)
"""The dates of a contract's life, in the only order in which they can follow. The effective date is free."""


@dataclass(frozen=True, slots=True)
class Crossed(Problem):
    """A bright line that terms cross: its code, and what to do."""

    code: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class TermsRead:
    """What was found in a text of terms: what this stage must know of it, and what is wrong with it.

    `versions` are (number, effective from, retroactive, its own text). What is `unreadable` can be no terms at all;
    `errors` are bright lines that may not be crossed here, `warnings` those that want a reason.
    """

    contract: str | None = None
    supporter: str | None = None
    direction: str | None = None
    currency: str | None = None
    versions: tuple[tuple[int, date, bool, str], ...] = ()
    unreadable: tuple[Problem, ...] = ()
    errors: tuple[Crossed, ...] = ()
    warnings: tuple[Crossed, ...] = ()


class ReadsTerms(Protocol):
    """What a later stage answers to `contracts:terms:read`: it knows the language in which terms are written."""

    def __call__(self, text: str, *, file: str) -> TermsRead:
        """Read and judge a text of terms; `file` is how problems name it. Raises nothing for a text that is wrong."""
        ...


READS_TERMS = "contracts:terms:read"


def check_currency(code: str) -> None:
    """Raise UserError for a code that ISO 4217 does not list."""
    if code not in EXPONENTS:
        raise UserError(
            _("“{code}” is no currency.").format(code=code),
            where=_("Currency"),
            remedy=_("Give the three letters of ISO 4217, such as CNY or USD."),
        )


def out_of_order(dates: Iterable[tuple[str, date | None]]) -> tuple[str, str] | None:
    """Return the first two (earlier, later) of the named dates that are the wrong way round; None if none are."""
    before: tuple[str, date] | None = None
    for name, on in dates:
        if on is None:
            continue
        if before is not None and on < before[1]:
            return before[0], name
        before = (name, on)
    return None


def usual_roles(kind: str) -> tuple[str, str]:
    """Return what our party and the other usually are in a contract of that kind."""
    return USUAL_ROLES.get(kind, (LEGAL_SPONSOR, SUPPORTER))


def standing(state: str, ends_on: date | None, on: date) -> str:
    """Return how a contract stands on a day: one that bound and whose last day has passed is expired until closed."""
    return EXPIRED if state in IN_FORCE | {SUSPENDED} and ends_on is not None and ends_on < on else state


def is_in_force(
    state: str, executed_on: date | None, effective_from: date | None, on: date, *, ends_on: date | None = None
) -> bool:
    """Say whether a contract binds on a day: fully executed by then, not yet closed, its last day not yet past.

    Of one agreed elsewhere the day of the last signature may not be known; then it binds from its effective date.
    """
    since = executed_on or effective_from
    return standing(state, ends_on, on) in IN_FORCE and since is not None and since <= on


def is_insured(periods: Iterable[tuple[date, date]], on: date) -> bool:
    """Say whether an insurance is valid on a day; both its first and its last day count."""
    return any(first <= on <= last for first, last in periods)
