"""A rule of the terms in words: what it pays for, how much, on what conditions, and what is held back or lost.

Everything a rule says is told, and nothing else; what it leaves open is left out. The text of the terms stays what
counts: this is for the eye, in the reader's language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

import yaml

from trialdesk.base.i18n import N_, _
from trialdesk.payments.rules import terms
from trialdesk.payments.rules.predicates import All, Predicate
from trialdesk.payments.rules.wording import NAMES, evidence_words, told

Money = Callable[[int], str]
"""Writes minor units as an amount."""

_ONCE = {
    terms.PER_SUBJECT: N_("{what}, once for each participant"),
    terms.PER_OCCURRENCE: N_("{what}, each time"),
    terms.PER_STUDY: N_("{what}, once for the study"),
}
_LOST = {
    terms.SUSPEND: N_("it is not owed while its conditions do not hold"),
    terms.CLAW: N_("it is clawed back for good"),
    terms.KEEP: N_("what was certified is kept"),
}


def explained(rule: terms.Rule, money: Money) -> tuple[tuple[str, str], ...]:
    """Return what a rule says as pairs of a name and words, in the order of the reckoning."""
    return tuple(_explained(rule, money))


def _explained(rule: terms.Rule, money: Money) -> Iterator[tuple[str, str]]:
    yield _("Paid for"), _(_ONCE[rule.per]).format(what=_what(rule))
    yield _("Price"), _price(rule.amount, money)
    if rule.require:
        yield _("Only if"), "\n".join(told(part) for each in rule.require for part in _parts(each))
    if rule.window:
        yield _("In time"), "\n".join(_window(rule.window))
    if rule.complete:
        yield _("Done in part"), _complete(rule.complete)
    if rule.grades:
        yield _("Quality"), "\n".join(_quality(rule))
    if rule.gates:
        yield _("Held back by the gates"), ", ".join(rule.gates)
    if rule.overhead:
        yield _("Overhead"), _percent(rule.overhead)
    if rule.holdback:
        yield _("Held back"), _held(rule.holdback)
    if rule.ratio:
        yield _("How many"), _ratio(rule.ratio)
    if rule.cap_per_subject is not None:
        yield _("At most for a participant"), money(rule.cap_per_subject)
    if rule.min_n:
        yield _("Shares count from"), _("{count} cases").format(count=rule.min_n)
    yield _("If lost later"), _(_LOST[rule.undo])
    if rule.evidence:
        yield _("Evidence"), ", ".join(map(evidence_words, rule.evidence))


def told_words(written: str) -> str:
    """Return what a run of sharing out was told, points by measure and costs, a line each; amounts as they are written.

    `written` is YAML that `read_told` takes; empty for an empty text.
    """
    # Read as texts: an amount stays as it was written, 100.10 and not 100.1.
    said = yaml.load(written, Loader=yaml.BaseLoader) or {}  # noqa: S506 - it makes texts, lists and tables, nothing else
    lists = {**(said.get("points") or {}), _("costs"): said.get("costs") or {}}
    return "\n".join(
        f"{name.replace('_', ' ')}: {', '.join(f'{code} {value}' for code, value in by_code.items())}"
        for name, by_code in lists.items()
        if by_code
    )


def _parts(condition: Predicate) -> tuple[Predicate, ...]:
    return condition.of if isinstance(condition, All) else (condition,)


def _quality(rule: terms.Rule) -> Iterator[str]:
    yield from map(_grade, rule.grades)
    if len(rule.grades) > 1:
        yield _("the factors are multiplied") if rule.multiply_grades else _("the lowest factor counts")


def _what(rule: terms.Rule) -> str:
    if rule.trigger is None:
        return _("the study as a whole")
    fact = rule.trigger.fact
    named = _(NAMES[fact]) if fact in NAMES else fact
    which = ", ".join(str(each) for each in rule.trigger.equal.values())
    return f"{named}: {which}" if which else named


def _price(amount: terms.Amount, money: Money) -> str:
    match amount:
        case terms.Fixed(fixed):
            return money(fixed)
        case terms.Actual(None):
            return _("what it cost")
        case terms.Actual(cap):
            return _("what it cost, at most {most}").format(most=money(cap or 0))
        case terms.Tiers(tiers):
            return "\n".join(_tier(each, money) for each in tiers)
        case terms.Share(rate):
            return _("{rate} of the participants' lines").format(rate=_percent(rate))


def _tier(tier: terms.Tier, money: Money) -> str:
    words = (
        _("from number {first} on: {each} each") if tier.last is None else _("numbers {first} to {last}: {each} each")
    )
    return words.format(first=tier.first, last=tier.last, each=money(tier.each))


def _window(window: terms.Window) -> Iterator[str]:
    yield _("{first} to {last} days from the target date").format(
        first=_signed(window.first), last=_signed(window.last)
    )
    outside = window.outside
    if outside:
        words = (
            _("outside it, up to {days} days from the target date and with leave: factor {factor}")
            if outside.needs
            else _("outside it, up to {days} days from the target date: factor {factor}")
        )
        yield words.format(days=outside.up_to, factor=told(outside.factor))
    yield _("beyond that: factor {factor}").format(factor=told(window.beyond))


def _complete(complete: terms.Complete) -> str:
    if complete.minimum is None:
        return _("by the share of its procedures done")
    return _("by the share of its procedures done; less than {share}: factor {factor}").format(
        share=_percent(complete.minimum), factor=told(complete.pay)
    )


def _grade(grade: terms.Grade) -> str:
    bands = [_("up to {days}: factor {factor}").format(days=days, factor=told(factor)) for days, factor in grade.bands]
    bands.append(_("else: factor {factor}").format(factor=told(grade.otherwise)))
    if grade.open_at_lock is not None:
        bands.append(_("open when the database is locked: factor {factor}").format(factor=told(grade.open_at_lock)))
    return "\n".join((told(grade.of), *bands))


def _held(holdback: terms.Holdback) -> str:
    if holdback.release is None:
        return _percent(holdback.rate)
    return _("{rate} until {rule} is earned").format(rate=_percent(holdback.rate), rule=holdback.release)


def _ratio(ratio: terms.Ratio) -> str:
    counted = _(NAMES[ratio.of]) if ratio.of in NAMES else ratio.of
    said = [_("{x} for each {y}: {counted}").format(x=ratio.x, y=ratio.y, counted=counted)]
    if ratio.initial:
        said.append(_("{count} from the start").format(count=ratio.initial))
    if ratio.most is not None:
        said.append(_("at most {count}").format(count=ratio.most))
    return "\n".join(said)


def _signed(days: int) -> str:
    return f"+{days}" if days > 0 else str(days).replace("-", "−")


def _percent(rate: Fraction) -> str:
    return f"{told(rate * 100)} %"
