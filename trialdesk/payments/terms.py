"""Reads texts of terms for the stage that keeps them, and cuts a file of several versions into their snapshots."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import yaml

from trialdesk.base.clock import instant_text
from trialdesk.base.errors import Problem
from trialdesk.base.i18n import _
from trialdesk.contracts.rules import DIRECTIONS, TermsRead
from trialdesk.payments.rules.case import Case, Unreadable, read_case
from trialdesk.payments.rules.lint import ERROR, lint
from trialdesk.payments.rules.nodes import Wrong

_FRAME = ("case", "contract", "supporter", "direction", "currency", "tax", "weights", "zone", "calendars", "exhibit")
"""The keys that every snapshot keeps beside its own version of the terms. The rest of a case file is no terms."""

_WIDTH = 110
_TEXT, _LIST, _TABLE = (f"tag:yaml.org,2002:{name}" for name in ("str", "seq", "map"))
_ADDED_UP = ("weights", "calendars")
"""What a version adds to what earlier ones said beside their terms."""

_ANY_TIME = "1970-01-01T00:00:00Z"


def reads_terms(text: str, *, file: str) -> TermsRead:
    """Return what a text of terms says and what is wrong with it: the answer to `contracts:terms:read`.

    Of a version that does not say when it was recorded, that is now: on a desk the trail knows.
    """
    try:
        case = read_case(dated(text), file)
    except Unreadable as refused:
        return TermsRead(unreadable=tuple(_problem(file, each) for each in refused.wrongs))
    except yaml.YAMLError as error:
        words = _("This is not YAML: {why}.").format(why=str(error).splitlines()[0])
        return TermsRead(unreadable=(Problem(file, words),))
    if case.direction and case.direction not in dict(DIRECTIONS):
        return TermsRead(unreadable=(Problem(file, _("The direction is receivable or payable."), path="direction"),))
    errors, warnings = judged(case, file)
    texts = _snapshots(text, len(case.terms))
    return TermsRead(
        contract=case.contract or None,
        supporter=case.supporter or None,
        direction=case.direction or None,
        currency=case.currency,
        versions=tuple(
            (version.no, version.effective_from, version.retroactive, own)
            for version, own in zip(case.terms, texts, strict=True)
        ),
        errors=errors,
        warnings=warnings,
    )


def judged(case: Case, file: str) -> tuple[tuple[Problem, ...], tuple[Problem, ...]]:
    """Return the bright lines that terms cross: what refuses them, and what wants a reason (payments.md 3.1)."""
    found = lint(case)
    errors, warnings = (
        tuple(
            Problem(
                file,
                f"{each.line.code}: {_(each.line.words)}",
                row=each.where.line or None,
                path=each.where.path or None,
            )
            for each in found
            if (each.level == ERROR) == refuses
        )
        for refuses in (True, False)
    )
    return errors, warnings


def rule_text(text: str, code: str) -> str:
    """Return how a snapshot words the rule of that code, as it is written there; a short price as `code: amount`."""
    (version,) = _value(_root(text), "terms").value
    rules = _value(version, "rules")
    for rule in rules.value if rules is not None else ():
        own = _value(rule, "code")
        if own is not None and own.value == code:
            return _serialized(rule)
    prices = _value(version, "prices")
    price = _value(prices, code) if prices is not None else None
    return f"{code}: {price.value}" if price is not None else ""


def merged_text(name: str, versions: Sequence[tuple[str, datetime]]) -> str:
    """Return snapshots as one case of that name, each version with the instant at which it came to count.

    What stands beside the terms is the last one's; weights and calendars are those of all.
    """
    roots = [_root(text) for text, _recorded in versions]
    frame = [(key, value) for key, value in (roots[-1].value if roots else ()) if key.value in _FRAME]
    taken = [(key, value) for key, value in frame if key.value not in {"case", "contract", *_ADDED_UP}]
    parts = [(yaml.ScalarNode(_TEXT, "case"), yaml.ScalarNode(_TEXT, name, style='"')), *taken]
    for word in _ADDED_UP:
        entries = {key.value: (key, value) for root in roots for key, value in getattr(_value(root, word), "value", ())}
        if entries:
            parts.append((yaml.ScalarNode(_TEXT, word), yaml.MappingNode(_TABLE, list(entries.values()))))
    own = [_counting_from(root, recorded) for root, (_text, recorded) in zip(roots, versions, strict=True)]
    parts.append((yaml.ScalarNode(_TEXT, "terms"), yaml.SequenceNode(_LIST, own)))
    return _serialized(yaml.MappingNode(_TABLE, parts))


def _counting_from(root: Any, recorded_at: datetime) -> Any:
    (version,) = _value(root, "terms").value
    instant = (yaml.ScalarNode(_TEXT, "recorded_at"), yaml.ScalarNode(_TEXT, instant_text(recorded_at), style='"'))
    kept = [(key, value) for key, value in version.value if key.value != "recorded_at"]
    return yaml.MappingNode(version.tag, [*kept, instant])


def visit_names(case: Case) -> frozenset[str]:
    """Return what the terms call visits."""
    rules = (rule for version in case.terms for rule in version.rules if rule.trigger is not None)
    named = {str(rule.trigger.equal["visit"]) for rule in rules if rule.trigger and "visit" in rule.trigger.equal}
    return frozenset(named | set(case.weights))


def _problem(file: str, wrong: Wrong) -> Problem:
    return Problem(file, wrong.words, row=wrong.where.line or None, path=wrong.where.path or None)


def _root(text: str) -> Any:
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    return root if isinstance(root, yaml.MappingNode) else yaml.MappingNode(_TABLE, [])


def _snapshots(text: str, count: int) -> tuple[str, ...]:
    """Return a text for each version: the whole one as it is written where it holds just that and says its instant.

    An instant that only stands for "now" is no term and is left out.
    """
    root = _root(text)
    kept = [(key, value) for key, value in root.value if key.value in _FRAME]
    terms = _value(root, "terms")
    instants = [getattr(_value(version, "recorded_at"), "value", _ANY_TIME) for version in terms.value]
    if count == 1 and len(kept) + 1 == len(root.value) and _ANY_TIME not in instants:
        return (text,)
    for version in terms.value:
        version.value = [
            (key, value) for key, value in version.value if (key.value, value.value) != ("recorded_at", _ANY_TIME)
        ]
    key = yaml.ScalarNode(_TEXT, "terms")
    ones = [yaml.SequenceNode(terms.tag, [version]) for version in terms.value]
    return tuple(_serialized(yaml.MappingNode(root.tag, [*kept, (key, one)])) for one in ones)


def dated(text: str) -> str:
    """Return the text with each version saying when it was recorded. On a desk the trail knows: any instant will do.

    For who reads the text only: no text that is kept or shown has that instant.
    """
    root = _root(text)
    versions = getattr(_value(root, "terms"), "value", ())
    silent = [
        version
        for version in (versions if isinstance(versions, list) else ())
        if isinstance(version, yaml.MappingNode) and _value(version, "recorded_at") is None
    ]
    for version in silent:
        version.value.append((yaml.ScalarNode(_TEXT, "recorded_at"), yaml.ScalarNode(_TEXT, _ANY_TIME, style='"')))
    return _serialized(root) if silent else text


def _serialized(node: Any) -> str:
    written: str = yaml.serialize(node, Dumper=yaml.SafeDumper, allow_unicode=True, width=_WIDTH)
    return written


def _value(node: Any, name: str) -> Any:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for key, value in node.value if key.value == name), None)
