"""The predicates of the rule language: their text, and what they say of a unit in Kleene's three-valued logic.

The vocabulary is closed: a name that is not in `FORMS` is refused when the terms are read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from fractions import Fraction
from operator import eq, ge, gt, le, lt
from typing import Literal

from trialdesk.base.i18n import _
from trialdesk.base.money import exact
from trialdesk.base.values import dataclass
from trialdesk.payments.rules import facts

Part = Literal["date", "fact", "counted", "metric", "number", "calendar", "subject", "unit"]


@dataclass(frozen=True, slots=True)
class Form:
    """How a predicate is written: what its arguments are, and whether it is a number, which must be compared.

    The leading `subject` of some may be left out: a unit has but one.
    """

    arguments: tuple[Part, ...]
    numeric: bool


FORMS = {
    "exists": Form(("fact",), numeric=False),
    "count": Form(("counted",), numeric=True),
    "days": Form(("date", "date"), numeric=True),
    "business_days": Form(("date", "date", "calendar"), numeric=True),
    "max_query_days": Form(("unit",), numeric=True),
    "within": Form(("date", "date", "number"), numeric=False),
    "consent_valid": Form(("subject", "date"), numeric=False),
    "icf_version": Form(("subject", "date"), numeric=True),
    "eligible": Form(("subject",), numeric=False),
    "voided": Form(("subject",), numeric=False),
    "metric": Form(("metric",), numeric=True),
}
MEASURES = ("days", "business_days", "max_query_days")
"""What a grade can be of: a number of days."""

TRIGGER_DATES = ("due_on", "target_on")
"""Keys of the trigger fact that stand for a date."""

OPERATORS: dict[str, Callable[[Fraction, Fraction], bool]] = {"<=": le, ">=": ge, "<": lt, ">": gt, "=": eq}


@dataclass(frozen=True, slots=True)
class Test:
    """A comparison with a number."""

    operator: str
    number: Fraction
    written: str

    def holds(self, value: Fraction) -> bool:
        """Say whether the value passes."""
        return OPERATORS[self.operator](value, self.number)


@dataclass(frozen=True, slots=True)
class Call:
    """A named predicate with its arguments as written; `test` compares a numeric one."""

    name: str
    arguments: tuple[str, ...]
    test: Test | None = None

    def __str__(self) -> str:
        compared = f" {self.test.operator} {self.test.written}" if self.test else ""
        return f"{self.name}({', '.join(self.arguments)}){compared}"


@dataclass(frozen=True, slots=True)
class Not:
    """True where the other is false."""

    of: Predicate

    def __str__(self) -> str:
        return f"not {self.of}"


@dataclass(frozen=True, slots=True)
class All:
    """True where each is."""

    of: tuple[Predicate, ...]

    def __str__(self) -> str:
        return f"all({', '.join(map(str, self.of))})"


@dataclass(frozen=True, slots=True)
class Any:
    """True where one is."""

    of: tuple[Predicate, ...]

    def __str__(self) -> str:
        return f"any({', '.join(map(str, self.of))})"


Predicate = Call | Not | All | Any

_CALL = re.compile(
    r"(?P<name>\w+)\s*\((?P<arguments>[^()]*)\)\s*((?P<operator><=|>=|<|>|=)\s*(?P<number>\S+))?", re.ASCII
)
_TEST = re.compile(r"(?P<operator><=|>=|<|>|=)\s*(?P<number>\S+)", re.ASCII)


def parse(text: str, calendars: Collection[str]) -> Predicate:
    """Return the predicate written as `[not] name(arguments) [operator number]`. Raises ValueError, in words."""
    text = text.strip()
    if text.startswith("not "):
        return Not(parse(text.removeprefix("not "), calendars))
    call = parse_measure(text, calendars)
    if FORMS[call.name].numeric != (call.test is not None):
        if call.test is None:
            raise ValueError(_("“{text}” is a number: compare it, as in “{text} >= 3”.").format(text=text))
        raise ValueError(_("“{text}” is true or false: there is nothing to compare.").format(text=text))
    return call


def parse_measure(text: str, calendars: Collection[str]) -> Call:
    """Return a named predicate, also a numeric one without comparison. Raises ValueError, in words."""
    match = _CALL.fullmatch(text.strip())
    if match is None:
        raise ValueError(_("“{text}” is no predicate.").format(text=text))
    name = match["name"]
    if name not in FORMS:
        raise ValueError(_("There is no predicate “{name}”.").format(name=name))
    written = tuple(each.strip() for each in match["arguments"].split(",") if each.strip())
    wanted = FORMS[name].arguments
    given = _completed(written, wanted, calendars)
    if given is None or not all(_fits(part, each, calendars) for part, each in zip(wanted, given, strict=True)):
        raise ValueError(_("“{text}”: these are not the arguments of {name}.").format(text=text, name=name))
    test = _test(match["operator"], match["number"]) if match["operator"] else None
    return Call(name, given, test)


def parse_test(text: str) -> Test:
    """Return the comparison written as `< 0.05`. Raises ValueError, in words."""
    match = _TEST.fullmatch(text.strip())
    if match is None:
        raise ValueError(_("“{text}” is no comparison such as “< 0.05”.").format(text=text))
    return _test(match["operator"], match["number"])


def calls(predicate: Predicate) -> tuple[Call, ...]:
    """Return every named predicate within."""
    if isinstance(predicate, Call):
        return (predicate,)
    within = (predicate.of,) if isinstance(predicate, Not) else predicate.of
    return tuple(call for each in within for call in calls(each))


def _test(operator: str, number: str) -> Test:
    try:
        return Test(operator, exact(number), number)
    except ValueError:
        raise ValueError(_("“{text}” is no number to compare with.").format(text=number)) from None


def _completed(
    written: tuple[str, ...], wanted: tuple[Part, ...], calendars: Collection[str]
) -> tuple[str, ...] | None:
    """Return the arguments with what may be left out: the subject, and the calendar where there is only one."""
    if wanted[0] == "subject" and (not written or written[0] != "subject"):
        written = ("subject", *written)
    if wanted[-1] == "calendar":
        if len(written) == 2 and len(calendars) == 1:
            written = (*written, *calendars)
        elif len(written) == 3 and written[0] in calendars:
            written = (*written[1:], written[0])
    return written if len(written) == len(wanted) else None


def _fits(part: Part, written: str, calendars: Collection[str]) -> bool:
    if part == "date":
        return written in {"unit.date", *TRIGGER_DATES} or _is_kind(written)
    if part == "fact":
        return _is_kind(written)
    if part == "counted":
        return written == "randomised_valid" or _is_kind(written)
    if part == "metric":
        return re.fullmatch(r"\w+", written) is not None
    if part == "number":
        return written.isascii() and written.isdigit()
    if part == "calendar":
        return written in calendars
    return written == part


def _is_kind(written: str) -> bool:
    return written in facts.KINDS and written != facts.VOID
