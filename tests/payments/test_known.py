"""What was known is told in the order of days whatever order the facts came in, and however it came to be known."""

from __future__ import annotations

from copy import copy
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from trialdesk.payments.rules.facts import Fact, Known

FIRST = date(2026, 1, 1)
KNOWN_AT = datetime(2027, 1, 1, tzinfo=UTC)
KINDS, SUBJECTS, VISITS = ("visit_done", "crf_signed", "consent_signed"), ("001", "002", None), ("V1", "V2", None)

told = st.lists(
    st.tuples(
        st.sampled_from(KINDS),
        st.sampled_from(SUBJECTS),
        st.sampled_from(VISITS),
        st.integers(0, 9),
        st.integers(0, 3),
        st.booleans(),
    ),
    max_size=30,
)
"""Kind, subject, visit, day, how many days later it was recorded, and whether it was corrected by a day later on."""


def facts_of(rows: list[tuple[str, str | None, str | None, int, int, bool]]) -> list[Fact]:
    found = []
    for number, (kind, subject, visit, happened, later, corrected) in enumerate(rows):
        on = FIRST + timedelta(days=happened)
        at = datetime(2026, 1, 1, 18, tzinfo=UTC) + timedelta(days=happened + later)
        found.append(Fact(f"f{number:02}", kind, on, at, subject, visit, more={}))
        if corrected:
            moved, again = on + timedelta(days=1), at + timedelta(days=9)
            found.append(Fact(f"f{number:02}x", kind, moved, again, subject, visit, f"f{number:02}", more={}))
    return found


def plainly(facts: list[Fact]) -> list[Fact]:
    """Return what stands, in the order of days, of recording and of ids: of a correction, of what it corrects first."""
    by_id = {fact.id: fact for fact in facts}
    gone = {fact.supersedes for fact in facts}

    def order(fact: Fact) -> tuple[date, datetime, str]:
        first = by_id[fact.supersedes] if fact.supersedes else fact
        return fact.occurred_on, first.recorded_at, first.id

    return sorted((fact for fact in facts if fact.id not in gone), key=order)


def answers(known: Known) -> dict[tuple[object, ...], list[str]]:
    """Return the ids of all that can be asked of it."""
    found: dict[tuple[object, ...], list[str]] = {}
    for n in range(-1, 12):
        day = FIRST + timedelta(days=n)
        found[day,] = [fact.id for fact in known.until(day)]
        for kind in KINDS:
            found[day, kind] = [fact.id for fact in known.until(day, kind)]
            for subject in SUBJECTS:
                if subject is not None:
                    found[day, kind, subject] = [fact.id for fact in known.until(day, kind, subject)]
                for visit in VISITS:
                    if visit is not None:
                        about = known.about(day, kind, subject, visit)
                        found[day, kind, subject, visit] = [fact.id for fact in about]
        found[day, "several"] = [fact.id for fact in known.of_kinds(day, KINDS[:2])]
    return found


def expected(facts: list[Fact]) -> dict[tuple[object, ...], list[str]]:
    standing = plainly(facts)

    def ids(day: date, kinds: tuple[str, ...], **same: object) -> list[str]:
        return [
            fact.id
            for fact in standing
            if fact.occurred_on <= day and fact.kind in kinds and all(getattr(fact, k) == v for k, v in same.items())
        ]

    def about(day: date, kind: str, subject: str | None, visit: str) -> list[str]:
        own, none = (set(ids(day, (kind,), subject=subject, visit=each)) for each in (visit, None))
        return [fact.id for fact in standing if fact.id in own | none]

    found: dict[tuple[object, ...], list[str]] = {}
    for n in range(-1, 12):
        day = FIRST + timedelta(days=n)
        found[day,] = ids(day, KINDS)
        for kind in KINDS:
            found[day, kind] = ids(day, (kind,))
            for subject in SUBJECTS:
                if subject is not None:
                    found[day, kind, subject] = ids(day, (kind,), subject=subject)
                for visit in VISITS:
                    if visit is not None:
                        found[day, kind, subject, visit] = about(day, kind, subject, visit)
        found[day, "several"] = ids(day, KINDS[:2])
    return found


@given(told, st.randoms(use_true_random=False))
def test_the_order_in_which_facts_came_has_no_meaning(rows, random):
    facts = facts_of(rows)
    shuffled = facts.copy()
    random.shuffle(shuffled)
    assert answers(Known(shuffled, KNOWN_AT)) == expected(facts)


@given(told, told)
def test_what_is_learned_later_stands_where_it_would_have_stood(before, later):
    facts = facts_of([*before, *later])
    first = facts_of(before)
    rest = facts[len(first) :]
    known = Known(first, KNOWN_AT)
    asked = answers(known) if len(before) % 2 else None  # in order already, or not yet
    grown = copy(known)
    grown.learn(rest, KNOWN_AT)
    assert answers(grown) == expected(facts)
    assert asked is None or answers(known) == asked, "a copy made before stays as it is"
