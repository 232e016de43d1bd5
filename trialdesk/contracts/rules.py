"""The life of a contract and of its terms, on plain values.

In an investigator-initiated trial the institution is the sponsor; the company that gives money or drug is a supporter.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Protocol

from trialdesk.base.currencies import EXPONENTS
from trialdesk.base.errors import Problem, UserError
from trialdesk.base.i18n import N_, _
from trialdesk.base.values import dataclass
from trialdesk.people.rules import OWNER, PI

DRAFT, NEGOTIATING, TERMS_AGREED, IN_SIGNATURE = "draft", "negotiating", "terms_agreed", "in_signature"
FULLY_EXECUTED, ACTIVE, CLOSED = "fully_executed", "active", "closed"
SUSPENDED, TERMINATED, ABANDONED = "suspended", "terminated", "abandoned"
STATES = (
    (DRAFT, N_("Draft")),
    (NEGOTIATING, N_("In negotiation")),
    (TERMS_AGREED, N_("Terms agreed")),
    (IN_SIGNATURE, N_("In signature")),
    (FULLY_EXECUTED, N_("Fully executed")),
    (ACTIVE, N_("Active")),
    (SUSPENDED, N_("Suspended")),
    (CLOSED, N_("Closed")),
    (TERMINATED, N_("Terminated")),
    (ABANDONED, N_("Abandoned")),
)
EXPIRED = "expired"
STANDINGS = (*STATES, (EXPIRED, N_("Expired")))
"""How a contract stands on a day: its state, unless its last day has passed and nobody closed it."""
ENDED = frozenset({CLOSED, TERMINATED, ABANDONED})
IN_FORCE = frozenset({FULLY_EXECUTED, ACTIVE})
BOUND = IN_FORCE | {SUSPENDED, CLOSED, TERMINATED}
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
    "negotiate": Step((DRAFT,), NEGOTIATING, "negotiating_from"),
    "agree": Step((NEGOTIATING,), TERMS_AGREED, "terms_agreed_on"),
    "send_to_signature": Step((NEGOTIATING, TERMS_AGREED), IN_SIGNATURE, "sent_to_signature_on"),
    "execute": Step((IN_SIGNATURE,), FULLY_EXECUTED, "fully_executed_on"),
    "activate": Step((FULLY_EXECUTED,), ACTIVE, "effective_from"),
    "suspend": Step((ACTIVE,), SUSPENDED, "suspended_on"),
    "resume": Step((SUSPENDED,), ACTIVE, "resumed_on"),
    "close": Step((ACTIVE,), CLOSED, "closed_on"),
    "terminate": Step((FULLY_EXECUTED, ACTIVE, SUSPENDED), TERMINATED, "closed_on"),
    "abandon": Step((DRAFT, NEGOTIATING, TERMS_AGREED, IN_SIGNATURE), ABANDONED, "closed_on"),
}
"""By act, the steps of a contract's life. Final terms may be sent to signature at once; nothing else is left out."""

ORDER = ("negotiating_from", "terms_agreed_on", "sent_to_signature_on", "signed_on", "fully_executed_on", "closed_on")
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
