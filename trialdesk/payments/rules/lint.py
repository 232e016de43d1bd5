"""The bright lines of a payment schedule: E forbids activation, W needs a named approver and reason.

A line that no key of the file can speak of, such as fair market value, counts as crossed until `exhibit` speaks of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction

from trialdesk.base.i18n import N_, _
from trialdesk.base.values import dataclass
from trialdesk.payments.rules.case import Case
from trialdesk.payments.rules.nodes import Wrong
from trialdesk.payments.rules.places import Where
from trialdesk.payments.rules.predicates import Call, calls
from trialdesk.payments.rules.terms import (
    BONUS,
    MILESTONE,
    PROCEDURE,
    SITE_FEE,
    VISIT,
    Fixed,
    Gate,
    Rule,
    Terms,
)

ERROR, WARNING = "error", "warning"
MOST_HELD = Fraction(1, 10)
USUAL_ADVANCE = Fraction(3, 10)
"""The part of the contract's sum up to which an advance is unremarkable, where the exhibit sets no limit of its own."""

_OUTCOME = re.compile(r"efficacy|outcome|favou?rable|superior|response|survival|remission|benefit", re.IGNORECASE)
_INDUCEMENT = re.compile(
    r"referral|refer_|prescri|purchas|formulary|authorship|ghost|publication_content", re.IGNORECASE
)
_OUTSIDE_CONTROL = re.compile(r"accept|approv|market|licen[cs]e|granted", re.IGNORECASE)
_RECRUITMENT = ("randomised", "randomised_valid", "screened", "consent_signed", "eligible")
_START_UP = ("site_activated", "ethics_submitted", "ethics_approved")


@dataclass(frozen=True, slots=True)
class Line:
    """A bright line: what crosses it and what to do, marked for translation."""

    code: str
    words: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A bright line crossed at a place of the terms."""

    line: Line
    where: Where

    @property
    def level(self) -> str:
        """Whether the terms must not be activated, or need an approver and a reason."""
        return ERROR if self.line.code.startswith("E") else WARNING

    def as_json(self, file: str) -> dict[str, object]:
        """Return the finding under the stable keys of the command line, in the language in force."""
        return {
            "code": self.line.code,
            "level": self.level,
            "file": file,
            "path": self.where.path,
            "line": self.where.line,
            "words": _(self.line.words),
            "remedy": _(self.line.remedy),
        }


E1 = Line(
    "E1",
    N_("Payment depends on an efficacy result or a favourable outcome."),
    N_("Pay for work done and data delivered, whatever they show (21 CFR 54.2(a))."),
)
E2 = Line(
    "E2",
    N_("Payment rewards referral, prescribing, buying, or the authorship or content of a publication."),
    N_("Take the rule out."),
)
E3 = Line("E3", N_("The payee is a person."), N_("Let the institution be the payee."))
E4_TIERS = Line("E4", N_("Tiers leave a gap or overlap."), N_("Let each tier begin where the one before ends."))
E4_CURRENCY = Line("E4", N_("The currency is unknown."), N_("Give the currency's code of ISO 4217."))
E4_EVIDENCE = Line("E4", N_("A rule names no evidence."), N_("Name the documents that prove it under `evidence`."))
E4_RELEASE = Line(
    "E4", N_("A holdback has no release rule."), N_("Name under `release` the rule that frees what is held.")
)
E4_TAX = Line("E4", N_("The tax code is unknown."), N_("Use the code that stands under `tax`."))
E4_SUM = Line("E4", N_("The milestones do not add up to the exhibit's total."), N_("Correct the amounts or the total."))
W1 = Line(
    "W1",
    N_("Money depends on the rate or timing of recruitment; many institutions prohibit it."),
    N_("Pay instalments of a costed budget instead, or have it approved."),
)
W2 = Line("W2", N_("More than 10 % is held back, or one line twice over."), N_("Hold back less, or have it approved."))
W3 = Line(
    "W3",
    N_("The deliverable is outside the payee's control."),
    N_("Pay for the submission, not for what others decide."),
)
W4 = Line("W4", N_("There is no start-up money."), N_("Add a site fee at activation or ethics approval."))
W5 = Line(
    "W5", N_("A gate has no `min_n` or no time to cure."), N_("Give it both: small early figures fail by chance.")
)
W6 = Line(
    "W6",
    N_("A participant who does not finish is worth nothing."),
    N_("Pay by visit or procedure as well, so that part of the way is credited."),
)
W7 = Line("W7", N_("Nothing is said on fair market value."), N_("Name the survey or opinion under `exhibit`."))
W8 = Line("W8", N_("The advance is larger than usual."), N_("Lower it, or have it approved."))
W9 = Line(
    "W9",
    N_("It is not said that the consent form names the company's support."),
    N_("Make sure it does, and say so under `exhibit`."),
)


def lint(case: Case) -> tuple[Finding, ...]:
    """Return every bright line the terms cross, errors first, then in the order of the file. Raises nothing."""
    found = [*_whole(case)]
    for terms in case.terms:
        found += _terms(case, terms)
        for rule in terms.rules:
            found += [Finding(line, rule.where) for line, crosses in _RULE_LINES if crosses(rule, terms)]
        found += [Finding(W5, gate.where) for gate in terms.gates if not gate.min_n or gate.cure_periods is None]
        found += [Finding(E1, gate.where) for gate in terms.gates if _OUTCOME.search(gate.metric)]
    return tuple(sorted(found, key=lambda each: (each.level, each.where.line, each.line.code)))


def refused(wrongs: Iterable[Wrong]) -> tuple[Finding, ...] | None:
    """Return as findings why a file was refused, if all of it is bright lines; None where it cannot be read."""
    lines = [(wrong, _unread(wrong)) for wrong in wrongs]
    found = [Finding(line, wrong.where) for wrong, line in lines if line is not None]
    return tuple(found) if len(found) == len(lines) else None


def _unread(wrong: Wrong) -> Line | None:
    if not wrong.code:
        return None
    return E4_CURRENCY if wrong.where.path == "currency" else E4_TIERS


def _whole(case: Case) -> Iterator[Finding]:
    exhibit = case.exhibit
    top = exhibit.where
    if exhibit.payee == "person":
        yield Finding(E3, top)
    if exhibit.total is not None and case.terms and exhibit.total != _milestones(case.terms[-1]):
        yield Finding(E4_SUM, top)
    if exhibit.fair_market_value is None:
        yield Finding(W7, top)
    if exhibit.advance is not None and exhibit.advance > (exhibit.advance_limit or USUAL_ADVANCE):
        yield Finding(W8, top)
    if not exhibit.consent_names_support:
        yield Finding(W9, top)


def _terms(case: Case, terms: Terms) -> Iterator[Finding]:
    kinds = {rule.trigger.fact for rule in terms.rules if rule.trigger is not None}
    if not any(rule.kind == SITE_FEE or (rule.trigger and rule.trigger.fact in _START_UP) for rule in terms.rules):
        yield Finding(W4, terms.where)
    if "completed" in kinds and not any(rule.kind in {VISIT, PROCEDURE} for rule in terms.rules):
        yield Finding(W6, terms.where)
    if terms.tax is not None and (case.tax is None or case.tax.code != terms.tax):
        yield Finding(E4_TAX, terms.where)


def _milestones(terms: Terms) -> int:
    amounts = (rule.amount for rule in terms.rules if rule.kind == MILESTONE)
    return sum(amount.amount for amount in amounts if isinstance(amount, Fixed))


def _reads_outcome(rule: Rule, _terms: Terms) -> bool:
    return any(_OUTCOME.search(word) for word in _words(rule))


def _induces(rule: Rule, _terms: Terms) -> bool:
    return any(_INDUCEMENT.search(word) for word in (rule.code, *_words(rule)))


def _has_no_evidence(rule: Rule, _terms: Terms) -> bool:
    return not rule.evidence


def _holds_for_ever(rule: Rule, _terms: Terms) -> bool:
    return rule.holdback is not None and rule.holdback.rate > 0 and rule.holdback.release is None


def _hurries(rule: Rule, _terms: Terms) -> bool:
    """Say whether a bonus looks at recruitment, or anything is graded by how soon somebody is recruited."""
    recruiting = rule.trigger is not None and rule.trigger.fact in _RECRUITMENT
    if any(recruiting or set(grade.of.arguments) & set(_RECRUITMENT) for grade in rule.grades):
        return True
    return rule.kind == BONUS and any(set(call.arguments) & set(_RECRUITMENT) for call in _calls(rule))


def _holds_much(rule: Rule, terms: Terms) -> bool:
    if rule.holdback is None:
        return False
    return rule.holdback.rate > MOST_HELD or any(_forfeits(terms.gate(code), rule) for code in rule.gates)


def _forfeits(gate: Gate, rule: Rule) -> bool:
    return bool(gate.forfeit) and rule.kind in gate.defer


def _is_others_decision(rule: Rule, _terms: Terms) -> bool:
    said = rule.trigger.equal.values() if rule.trigger is not None else ()
    return any(isinstance(value, str) and _OUTSIDE_CONTROL.search(value) for value in said)


_RULE_LINES: tuple[tuple[Line, Callable[[Rule, Terms], bool]], ...] = (
    (E1, _reads_outcome),
    (E2, _induces),
    (E4_EVIDENCE, _has_no_evidence),
    (E4_RELEASE, _holds_for_ever),
    (W1, _hurries),
    (W2, _holds_much),
    (W3, _is_others_decision),
)


def _calls(rule: Rule) -> Iterator[Call]:
    for predicate in rule.require:
        yield from calls(predicate)


def _words(rule: Rule) -> Iterator[str]:
    """Give what a rule's condition reads by name: metrics, and the values its trigger asks for."""
    for call in _calls(rule):
        yield from call.arguments
    for key, value in (rule.trigger.equal if rule.trigger is not None else {}).items():
        if isinstance(value, str) and key not in {"visit", "subject"}:
            yield value
