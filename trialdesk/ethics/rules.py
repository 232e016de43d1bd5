"""Which approval is in force, which consent version may be used, who consents again, when to ask for renewal.

Days are calendar dates and both ends of a period belong to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Protocol, TypeVar

from trialdesk.base.i18n import N_
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.people.rules import STAFF

ETHICS = STAFF | {"ethics_liaison"}

KINDS = (
    ("initial", N_("Initial application")),
    ("amendment", N_("Amendment")),
    ("renewal", N_("Renewal")),
    ("reportable", N_("Reportable event")),
    ("closure", N_("Closure")),
)
OUTCOMES = (
    ("approved", N_("Approved")),
    ("approved_with_conditions", N_("Approved with conditions")),
    ("deferred", N_("Deferred")),
    ("rejected", N_("Rejected")),
    ("suspended", N_("Approval suspended or terminated")),
)
REVIEW_OUTCOMES = (
    ("favourable", N_("Favourable")),
    ("revise", N_("To be revised")),
    ("unfavourable", N_("Unfavourable")),
)
FORMS = (
    ("main", N_("Main form")),
    ("assent", N_("Assent")),
    ("short", N_("Short form")),
    ("optional", N_("Optional part")),
)

APPROVING = frozenset({"initial", "amendment", "renewal"})
APPROVED = frozenset({"approved", "approved_with_conditions"})
MAIN = "main"
RENEWAL_DAYS = 30
"""Before expiry, where the committee named no other: boards commonly ask for 30 to 60 days."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """A committee's decision with what it was about. `site` None: the whole study."""

    decision: Id
    submission: Id
    committee: Id
    kind: str
    outcome: str
    decided_on: date
    effective_on: date | None
    expires_on: date | None
    site: Id | None = None
    reference: str | None = None
    expires_by: str | None = None
    """The reference of the earlier decision that set the expiry, where this one names none."""

    @property
    def begins(self) -> date:
        """The day from which it has effect."""
        return self.effective_on or self.decided_on

    @property
    def approves(self) -> bool:
        """Whether it lets the study go on: an application, amendment or renewal that was approved."""
        return self.kind in APPROVING and self.outcome in APPROVED

    @property
    def ends(self) -> bool:
        """Whether approval ends with it: a closure accepted, an approval suspended (21 CFR 56.113)."""
        return self.outcome == "suspended" or (self.kind == "closure" and self.outcome in APPROVED)

    def covers(self, on: date) -> bool:
        """Say whether the day lies within its period."""
        return self.begins <= on and (self.expires_on is None or on <= self.expires_on)


def in_force(rulings: Iterable[Ruling], on: date, *, site: Id | None = None) -> Ruling | None:
    """Return the approval in force on a day, with the day it expires; None if approval was never given or lapsed.

    The approval that took effect last counts, also where it expires sooner. An amendment's approval that names no
    expiry keeps the one running, so it cannot prolong the study, and without a running approval it is none. With
    `site` those for the whole study and for this site count; without, those of any site do.
    """
    known = sorted(rulings, key=lambda each: (each.begins, each.decided_on, each.ends, each.decision))
    if site is not None:
        return _standing([each for each in known if each.site in (None, site)], on)
    places = {each.site for each in known}
    standing = [found for place in places if (found := _standing([r for r in known if r.site == place], on))]
    return max(standing, key=lambda each: (each.begins, each.decided_on, each.decision), default=None)


def _standing(known: Iterable[Ruling], on: date) -> Ruling | None:
    standing: Ruling | None = None
    for each in known:
        if each.begins > on:
            break
        if each.ends:
            standing = None
        elif each.approves and each.kind == "amendment" and each.expires_on is None:
            if standing is not None and standing.covers(each.begins):
                by = standing.expires_by or standing.reference
                standing = replace(each, expires_on=standing.expires_on, expires_by=by)
        elif each.approves:
            standing = each
    return standing if standing is not None and standing.covers(on) else None


def renewal_due(expires_on: date | None, renewal_days: int | None = None) -> date | None:
    """Return the last day to ask for renewal so that approval does not lapse; None where it does not expire."""
    if expires_on is None:
        return None
    return expires_on - timedelta(days=RENEWAL_DAYS if renewal_days is None else renewal_days)


class Version(Protocol):
    """What the rules need to know of a consent version. `approved_on`: from when a committee's approval of it holds."""

    @property
    def id(self) -> Id: ...  # noqa: D102 - see the class
    @property
    def form(self) -> str: ...  # noqa: D102 - likewise
    @property
    def language(self) -> str: ...  # noqa: D102 - likewise
    @property
    def number(self) -> int: ...  # noqa: D102 - likewise
    @property
    def approved_on(self) -> date | None: ...  # noqa: D102 - likewise
    @property
    def effective_on(self) -> date | None: ...  # noqa: D102 - likewise
    @property
    def withdrawn_on(self) -> date | None: ...  # noqa: D102 - likewise
    @property
    def mandatory_on(self) -> date | None: ...  # noqa: D102 - likewise


V = TypeVar("V", bound=Version)


def used_from(version: Version) -> date | None:
    """Return the first day a version may be used: approved, and not before it is meant to be; None if not approved."""
    if version.approved_on is None:
        return None
    return max(version.approved_on, version.effective_on or version.approved_on)


def superseded_on(version: V, versions: Iterable[V]) -> date | None:
    """Return the day from which a later version of the same form and language takes its place; None if none does."""
    later = [
        begins
        for each in versions
        if _same_form(each, version) and each.number > version.number and (begins := used_from(each)) is not None
    ]
    return min(later, default=None)


def usable(versions: Iterable[V], on: date, *, language: str | None = None, form: str = MAIN) -> V | None:
    """Return the consent version to be used on a day: the last approved one that has taken effect.

    Once a version has taken effect no earlier one of its form and language may be used, also not where it is itself
    withdrawn later. Without a language, the one that took effect last in any.
    """
    known = [each for each in versions if each.form == form and language in (None, each.language)]
    open_: list[tuple[date, int, V]] = []
    for each in known:
        begins, taken_over = used_from(each), superseded_on(each, known)
        if begins is None or begins > on or (each.withdrawn_on is not None and each.withdrawn_on <= on):
            continue
        if taken_over is None or taken_over > on:
            open_.append((begins, each.number, each))
    return max(open_, key=lambda found: (found[0], found[1], found[2].id), default=(None, 0, None))[2]


@dataclass(frozen=True, slots=True)
class Signed:
    """A participant's consent to a version."""

    participant: Id
    version: Id
    signed_on: date


@dataclass(frozen=True, slots=True)
class Again:
    """Who must consent again, to which version and by when."""

    participant: Id
    version: Id
    by: date


def consent_again(signed: Iterable[Signed], versions: Iterable[V], on: date) -> tuple[Again, ...]:
    """Return who must consent again as things stand on a day, by the day it is due and participant.

    Of every form a participant signed, the highest version signed counts, in the language last signed. Where a later
    version of it is mandatory, the version to be used now is to be signed by the earliest of the days they name.
    A consent given after `on` and a version not yet to be used do not count.
    """
    known = tuple(versions)
    by_id = {each.id: each for each in known}
    given = [(each.signed_on, by_id[each.version], each) for each in signed if each.version in by_id]
    last: dict[tuple[Id, str], V] = {}
    for signed_on, version, each in sorted(given, key=lambda one: (one[0], one[1].number, one[1].id)):
        before = last.get((each.participant, version.form))
        if signed_on <= on and (before is None or not _same_form(before, version) or before.number < version.number):
            last[each.participant, version.form] = version
    due: list[Again] = []
    for (participant, form), version in last.items():
        now = usable(known, on, language=version.language, form=form)
        newer = [
            each.mandatory_on
            for each in known
            if _same_form(each, version)
            and each.number > version.number
            and each.mandatory_on is not None
            and (begins := used_from(each)) is not None
            and begins <= on
        ]
        if newer and now is not None and now.number > version.number:
            due.append(Again(participant, now.id, min(newer)))
    return tuple(sorted(due, key=lambda each: (each.by, each.participant)))


def _same_form(one: Version, other: Version) -> bool:
    return (one.form, one.language) == (other.form, other.language)
