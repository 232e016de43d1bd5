"""How far a fact reaches: which rules pay for what one participant's facts alone decide, and which facts reach beyond.

A rule stands alone if each of its units rests on facts of its own participant, and on facts of the study as a whole.
What else there is, tiers, ratios, milestones, counts, gates, holdback, rests on facts of several participants.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trialdesk.base.values import dataclass
from trialdesk.payments.rules.facts import KINDS
from trialdesk.payments.rules.metrics import rests_on
from trialdesk.payments.rules.predicates import Call, calls
from trialdesk.payments.rules.terms import BONUS, PER_STUDY, RANDOMISED_VALID, Rule, Terms, Tiers

_QUERIES = frozenset({"query_raised", "query_closed"})
_CONSENT = frozenset({"consent_signed", "icf_mandatory"})
_READ = {
    "max_query_days": _QUERIES,
    "consent_valid": _CONSENT,
    "icf_version": _CONSENT,
    "eligible": frozenset({"eligible", "screen_failed"}),
    "voided": frozenset({"subject_voided"}),
}
"""The kinds of facts predicates read that their arguments do not name."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What terms say of facts: `alone` are the codes of rules that stand alone.

    `beyond` are the kinds of facts about participants on which more rests than their own lines of such rules.
    """

    alone: frozenset[str]
    beyond: frozenset[str]


def reach(versions: Iterable[Terms]) -> Reach:
    """Return how far facts reach under versions of terms."""
    versions = tuple(versions)
    rules = [rule for terms in versions for rule in terms.rules]
    released = {rule.holdback.release for rule in rules if rule.holdback is not None}
    bound = {rule.code for rule in rules if rule.code in released or not _stands_alone(rule)}
    return Reach(
        frozenset(rule.code for rule in rules) - bound,
        frozenset(
            kind for terms in versions for rule in terms.rules for kind in _beyond(terms, rule, rule.code not in bound)
        ),
    )


def read_by(call: Call) -> frozenset[str]:
    """Return the kinds of facts a predicate reads."""
    if call.name == "metric":
        return rests_on(call.arguments[0])
    named = {"randomised" if each == RANDOMISED_VALID else each for each in call.arguments}
    return frozenset(named & KINDS.keys()) | _READ.get(call.name, frozenset())


def _stands_alone(rule: Rule) -> bool:
    trigger = rule.trigger
    return (
        trigger is not None
        and KINDS[trigger.fact].subject
        # Participants who were screened twice are found by the person they are.
        and trigger.fact != "screen_failed"
        and rule.per != PER_STUDY
        and rule.ratio is None
        and not isinstance(rule.amount, Tiers)
    )


def _beyond(terms: Terms, rule: Rule, alone: bool) -> Iterator[str]:  # noqa: FBT001 - which of two
    if rule.kind == BONUS:
        # What is reckoned for the study is reckoned anew each time.
        return
    if terms.applies_if is not None:
        yield from _all_read(calls(terms.applies_if))
    for code in rule.gates:
        yield from rests_on(terms.gate(code).metric)
    asked = [call for each in rule.require for call in calls(each)] + [grade.of for grade in rule.grades]
    if alone:
        yield from _all_read(call for call in asked if call.name in {"count", "metric"})
        return
    yield from ("subject_voided", *_all_read(asked))
    if rule.trigger is not None:
        yield rule.trigger.fact
    if rule.ratio is not None:
        yield from _all_read([Call("count", (rule.ratio.of,))])
    if rule.window is not None and rule.window.outside is not None:
        yield "window_approved"
    if any(grade.open_at_lock is not None for grade in rule.grades):
        yield from _QUERIES


def _all_read(asked: Iterable[Call]) -> Iterator[str]:
    for call in asked:
        yield from read_by(call)
        if call.name == "count":
            yield "subject_voided"
