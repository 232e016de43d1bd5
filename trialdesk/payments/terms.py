"""Reads texts of terms for the stage that keeps them, and cuts a file of several versions into their snapshots."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import yaml

from trialdesk.base.clock import instant_text
from trialdesk.base.i18n import _
from trialdesk.base.problems import Problem
from trialdesk.contracts.queries import ContractRow, TermsRow
from trialdesk.contracts.rules import DIRECTIONS, Crossed, TermsRead
from trialdesk.payments.files import Document, documents, written
from trialdesk.payments.rules.case import Case, Unreadable, read_case
from trialdesk.payments.rules.lint import ERROR, lint
from trialdesk.payments.rules.nodes import Refused, Wrong, read_nodes

_FRAME = ("case", "contract", "supporter", "direction", "currency", "tax", "weights", "zone", "calendars", "exhibit")
"""The keys that every snapshot keeps beside its own version of the terms. The rest of a case file is no terms."""

_WIDTH = 110
_TEXT, _LIST, _TABLE = (f"tag:yaml.org,2002:{name}" for name in ("str", "seq", "map"))
_ADDED_UP = ("weights", "calendars")
"""What a version adds to what earlier ones said beside their terms."""

ANY_TIME = datetime(1970, 1, 1, tzinfo=UTC)
"""When terms were recorded that do not say so and are only read, not reckoned with."""

_STOOD_FOR_NOW = "1970-01-01T00:00:00Z"

HEAD = ("contract", "supporter", "direction", "currency")
"""What a file says of whose its terms are."""


def reads_terms(text: str, *, file: str) -> TermsRead:
    """Return what a text of terms says and what is wrong with it: the answer to `contracts:terms:read`.

    Of a version that does not say when it was recorded, that is now: on a desk the trail knows. A text of several
    documents holds a version or more in each; a first one without terms says whose they are.
    """
    parts = documents(text.replace("\r\n", "\n"))
    if len(parts) == 1:
        return _read(parts[0], file)
    head = _head(parts[0], file)
    return _joined([*([head] if head else []), *(_read(each, file) for each in parts[1 if head else 0 :])], file)


def bodies(text: str) -> tuple[Document, ...]:
    """Return the documents of a file that hold terms: all but a first one that only says whose they are."""
    parts = documents(text)
    first = _composed(parts[0].text)
    return parts[1:] if len(parts) > 1 and first is not None and _value(first, "terms") is None else parts


def _read(document: Document, file: str) -> TermsRead:
    try:
        case = read_case(document.placed, file, recorded_at=ANY_TIME)
    except Unreadable as refused:
        return TermsRead(unreadable=tuple(_problem(file, each) for each in refused.wrongs))
    if case.direction and case.direction not in dict(DIRECTIONS):
        return TermsRead(unreadable=(Problem(file, _("The direction is receivable or payable."), path="direction"),))
    errors, warnings = judged(case, file)
    texts = _snapshots(document.text, len(case.terms))
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


def _head(document: Document, file: str) -> TermsRead | None:
    """Return what a first document says of whose the terms are, None where it holds terms itself."""
    try:
        said = read_nodes(document.placed).value
    except Refused as refused:
        return TermsRead(unreadable=tuple(_problem(file, each) for each in refused.wrongs))
    if not isinstance(said, dict) or "terms" in said:
        return None
    wrongs = tuple(
        _problem(file, Wrong(node.where, _("The key “{key}” is not known here.").format(key=key)))
        for key, node in said.items()
        if key not in HEAD or not isinstance(node.value, str)
    )
    return TermsRead(unreadable=wrongs) if wrongs else _said({key: str(said[key].value) for key in said})


def _said(head: Mapping[str, str | None]) -> TermsRead:
    return TermsRead(head.get("contract"), head.get("supporter"), head.get("direction"), head.get("currency"))


def _composed(text: str) -> Any:
    try:
        return yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        # Whoever reads it says what is wrong with it.
        return None


def _joined(found: list[TermsRead], file: str) -> TermsRead:
    """Return what several documents say together. Contradictions make it unreadable."""
    wrongs = [each for one in found for each in one.unreadable]
    said: dict[str, str | None] = {}
    for key in HEAD:
        names = sorted({name for one in found if (name := getattr(one, key))})
        if len(names) > 1:
            words = _("The documents of this file name different things: {names}.")
            wrongs.append(Problem(file, words.format(names=", ".join(names)), path=key))
        said[key] = names[0] if names else None
    versions = [version for one in found for version in one.versions]
    first = min(versions, default=None)
    for number, effective_from, _late, _text in versions:
        if sum(number == each[0] for each in versions) > 1:
            wrongs.append(Problem(file, _("There are two versions with the number {no}.").format(no=number)))
        if first is not None and effective_from < first[1]:
            wrongs.append(Problem(file, _("This version is effective before the contract's first.")))
    if wrongs:
        return TermsRead(unreadable=tuple(dict.fromkeys(wrongs)))
    return replace(
        _said(said),
        versions=tuple(versions),
        errors=tuple(each for one in found for each in one.errors),
        warnings=tuple(each for one in found for each in one.warnings),
    )


def dumped(contract: ContractRow, supporter: str, versions: Iterable[TermsRow]) -> str:
    """Return a contract's terms that count as a file that `contracts load` reads back to the same texts."""
    texts = [row.text for row in versions if row.activated_on is not None]
    head = {
        "contract": contract.number,
        "supporter": supporter,
        "direction": contract.direction,
        "currency": contract.currency,
    }
    alone = len(texts) == 1 and len(documents(texts[0])) == 1
    said = reads_terms(texts[0], file="") if alone else TermsRead()
    return written(texts, {} if all(getattr(said, key) == head[key] for key in HEAD) else head)


def judged(case: Case, file: str) -> tuple[tuple[Crossed, ...], tuple[Crossed, ...]]:
    """Return the bright lines that terms cross: what refuses them, and what wants a reason (payments.md 3.1)."""
    found = lint(case)
    errors, warnings = (
        tuple(
            Crossed(
                file,
                f"{each.line.code}: {_(each.line.words)}",
                row=each.where.line or None,
                path=each.where.path or None,
                code=each.line.code,
                remedy=_(each.line.remedy),
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

    The instant by which earlier versions of the program wrote "now" is no term and is left out.
    """
    root = _root(text)
    kept = [(key, value) for key, value in root.value if key.value in _FRAME]
    terms = _value(root, "terms")
    instants = [getattr(_value(version, "recorded_at"), "value", None) for version in terms.value]
    if count == 1 and len(kept) + 1 == len(root.value) and _STOOD_FOR_NOW not in instants:
        return (text,)
    for version in terms.value:
        version.value = [
            (key, value) for key, value in version.value if (key.value, value.value) != ("recorded_at", _STOOD_FOR_NOW)
        ]
    key = yaml.ScalarNode(_TEXT, "terms")
    ones = [yaml.SequenceNode(terms.tag, [version]) for version in terms.value]
    return tuple(_serialized(yaml.MappingNode(root.tag, [*kept, (key, one)])) for one in ones)


def _serialized(node: Any) -> str:
    written: str = yaml.serialize(node, Dumper=yaml.SafeDumper, allow_unicode=True, width=_WIDTH)
    return written


def _value(node: Any, name: str) -> Any:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for key, value in node.value if key.value == name), None)
