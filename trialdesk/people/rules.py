"""Roles and what they allow, on plain values."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from trialdesk.base.i18n import N_

OWNER = "owner"
PI = "pi"

ROLES = (
    (PI, N_("Principal investigator")),
    ("sub_investigator", N_("Sub-investigator")),
    ("coordinator", N_("Research coordinator")),
    ("pharmacist", N_("Pharmacist (unblinded)")),
    ("data_manager", N_("Data manager")),
    ("monitor", N_("Monitor")),
    ("finance", N_("Finance")),
    ("ethics_liaison", N_("Ethics liaison")),
    ("quality", N_("Quality assurance")),
    ("auditor", N_("Auditor")),
)
"""Codes and labels of the roles a delegation can give. The owner of a desk is not delegated."""

GCP = "gcp"
TOPICS = (
    (GCP, N_("Good clinical practice")),
    ("protocol", N_("Protocol")),
    ("consent", N_("Informed consent")),
    ("product", N_("Investigational product")),
    ("safety", N_("Safety reporting")),
    ("system", N_("Computerised system")),
    ("procedure", N_("Standard operating procedure")),
    ("other", N_("Other")),
)
"""Codes and labels of what persons are trained in."""

EVERYONE = frozenset(code for code, _label in ROLES)
SIGNERS = EVERYONE - {"auditor"}
"""Who signs files here. An auditor looks, and signs nothing of what is looked at."""
MEANINGS = (
    ("authorship", N_("Authorship")),
    ("review", N_("Review")),
    ("approval", N_("Approval")),
    ("responsibility", N_("Responsibility")),
    ("acknowledgement", N_("Received and read")),
)
"""What a signature may mean (21 CFR 11.50(a)(3) names the first four)."""

INVESTIGATORS = frozenset({PI, "sub_investigator"})
STAFF = INVESTIGATORS | {"coordinator", "data_manager"}
UNBLINDED = frozenset({"pharmacist"})
IDENTIFYING = INVESTIGATORS | {"coordinator"}

TRIES = 5
"""Wrong passwords before an account waits (21 CFR 11.300(d) asks for safeguards; five is what most SOPs say)."""

LONGEST_WAIT = timedelta(hours=1)

SHORTEST_PASSWORD = 10
LONG_ENOUGH_TO_GUESS = 4
"""A user name of fewer letters turns up in passwords by chance."""


def roles_on(
    on: date, *, owner: bool, delegations: Iterable[tuple[str, date, date | None]], study_has_pi: bool
) -> frozenset[str]:
    """Return the roles held on a day. A desk's owner stands as PI until the study's log has one.

    `delegations` are (role, from, until) of this person in the study, both days included.
    """
    held = {role for role, starts, ends in delegations if starts <= on and (ends is None or on <= ends)}
    if owner:
        held.add(OWNER)
        if not study_has_pi:
            held.add(PI)
    return frozenset(held)


def counts_from(starts_on: date, authorised_on: date | None) -> date:
    """Return the first day a delegation counts: no role before the principal investigator signed for it."""
    return max(starts_on, authorised_on or starts_on)


def wait_after(failures: int) -> timedelta:
    """Return how long an account waits after so many wrong passwords in a row: one minute, then twice as long each."""
    if failures < TRIES:
        return timedelta()
    return min(timedelta(minutes=2 ** min(failures - TRIES, 10)), LONGEST_WAIT)


def password_weakness(password: str, *, username: str = "") -> str | None:
    """Return why a password is too weak, marked for translation, or None: length counts (NIST SP 800-63B 5.1.1.1)."""
    if len(password) < SHORTEST_PASSWORD:
        return N_("At least 10 characters: three or four words do well.")
    if len(set(password.lower())) < SHORTEST_PASSWORD // 2:
        return N_("Too few different characters.")
    if len(username) >= LONG_ENOUGH_TO_GUESS and username.lower() in password.lower():
        return N_("It must not contain the user name.")
    return None
