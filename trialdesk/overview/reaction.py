"""The clocks of one suspected unexpected reaction towards authorities, whichever law the study's sites lie under.

They are counted by the rules of `resources/rules/deadlines.csv` and from what `triggers.safety` says set them off, so
that a letter and the list of deadlines never tell two days. A paper is made for the authority it goes to: here its
clock is told wherever the site is (21 CFR 312.32(c): a reaction abroad counts under an IND as one at home does).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.overview.rulebook import country_named, rules
from trialdesk.overview.rules.counting import plus
from trialdesk.overview.triggers.safety import serious_events
from trialdesk.overview.triggers.scope import scope
from trialdesk.persistence.reading import Read
from trialdesk.safety.rules import AUTHORITIES

_AWARE = "sae_aware"
_LAW = {"IND": "FDA", "EU": "EudraVigilance", "CN": "CDE"}
"""Whom the law of a site's country has told first."""


@dataclass(frozen=True, slots=True)
class ReportingClock:
    """A rule with the day it counts from, how many days it gives, and the day it is due."""

    rule: str
    version: str
    source: str
    days: int
    zero: date
    due: date


@dataclass(frozen=True, slots=True)
class ReactionClocks:
    """When the sponsor first learned of a reaction, and by recipient the clock that is due first.

    No clock runs for an event that is no suspected unexpected reaction, or of which nobody recorded when the site knew.
    """

    received: date | None
    clocks: Mapping[str, ReportingClock]


def reaction_clocks(read: Read, *, study: Id, on: date, event: Id) -> ReactionClocks:
    """Return the clocks an event set off towards every authority. Seven statements."""
    received: date | None = None
    found: dict[str, ReportingClock] = {}
    for started in serious_events(read, scope(read, on=on, study=study)):
        if started.subject != event:
            continue
        if started.trigger == _AWARE:
            # The sponsor knows of it when it was told, until then when its site did.
            received = min(started.done, default=started.day)
        for rule in rules():
            bound = replace(started, bases=frozenset({rule.basis}))
            if rule.recipient not in AUTHORITIES or not rule.holds(bound):
                continue
            due = plus(started.day, rule.n, rule.unit)
            if rule.recipient not in found or due < found[rule.recipient].due:
                found[rule.recipient] = ReportingClock(rule.id, rule.version, rule.source, rule.n, started.day, due)
    return ReactionClocks(received, found)


def authority_of(country: str | None) -> str | None:
    """Return which authority the law of a country has told of a reaction, None where we know of none."""
    known = country_named(country)
    return _LAW.get(known.basis) if known else None
