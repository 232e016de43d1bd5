"""Which approval is in force, which consent version is used, who consents again: by example and by property."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from trialdesk.ethics.rules import (
    APPROVED,
    KINDS,
    OUTCOMES,
    Again,
    Ruling,
    Signed,
    consent_again,
    in_force,
    renewal_due,
    superseded_on,
    usable,
    used_from,
)

START = date(2026, 1, 1)


def on(day: int) -> date:
    return START + timedelta(days=day)


def ruling(kind: str, begins: int, expires: int | None = None, outcome: str = "approved", **fields) -> Ruling:
    return Ruling(
        decision=fields.pop("decision", f"{kind}{begins}"),
        submission="s",
        committee="c",
        kind=kind,
        outcome=outcome,
        decided_on=on(begins),
        effective_on=on(begins),
        expires_on=None if expires is None else on(expires),
        **fields,
    )


def standing(rulings: list[Ruling], day: int, **asked) -> str | None:
    found = in_force(rulings, on(day), **asked)
    return found.decision if found else None


def test_an_approval_holds_on_its_first_and_on_its_last_day_and_on_no_other():
    given_ = [ruling("initial", 10, 20)]
    assert [standing(given_, day) for day in (9, 10, 20, 21)] == [None, "initial10", "initial10", None]


def test_an_approval_without_expiry_does_not_lapse():
    assert standing([ruling("initial", 0)], 9000) == "initial0"


def test_without_a_day_of_effect_it_is_the_day_of_the_decision():
    assert standing([replace(ruling("initial", 5), effective_on=None)], 5) == "initial5"


def test_deferred_and_rejected_approve_nothing_and_leave_what_stands():
    both = [ruling("initial", 0, 30), ruling("renewal", 10, 60, "rejected"), ruling("renewal", 12, 60, "deferred")]
    assert [standing(both, day) for day in (15, 31)] == ["initial0", None]
    assert standing([ruling("initial", 0, outcome="deferred")], 0) is None


def test_a_reportable_event_noted_with_approval_is_no_approval_of_the_study():
    assert standing([ruling("reportable", 0)], 1) is None


def test_an_amendment_without_expiry_does_not_prolong_the_approval():
    both = [ruling("initial", 0, 30), ruling("amendment", 10)]
    found = in_force(both, on(30))
    assert found is not None
    assert (found.decision, found.expires_on) == ("amendment10", on(30))
    assert standing(both, 31) is None
    assert standing([ruling("initial", 0, 30), ruling("amendment", 31)], 31) is None
    assert standing([ruling("amendment", 0)], 1) is None


def test_closure_and_suspension_end_it_until_it_is_approved_again():
    closed = [ruling("initial", 0), ruling("closure", 10)]
    assert [standing(closed, day) for day in (9, 10)] == ["initial0", None]
    halted = [ruling("initial", 0), ruling("reportable", 10, outcome="suspended"), ruling("renewal", 20)]
    assert [standing(halted, day) for day in (9, 10, 20)] == ["initial0", None, "renewal20"]


def test_a_site_needs_an_approval_for_the_study_or_for_itself():
    local = [ruling("initial", 0, site="a"), ruling("initial", 5, 9, site="b")]
    assert standing(local, 7, site="a") == "initial0"
    assert standing(local, 7, site="c") is None
    assert standing(local, 7) == "initial5"
    assert standing(local, 10) == "initial0"
    assert standing([ruling("initial", 0), ruling("closure", 4, site="a")], 5, site="a") is None
    assert standing([ruling("initial", 0), ruling("closure", 4, site="a")], 5, site="b") == "initial0"


rulings = st.lists(
    st.builds(
        lambda number, kind, outcome, begins, lasts, site: ruling(
            kind, begins, None if lasts is None else begins + lasts, outcome, decision=f"d{number:03}", site=site
        ),
        st.integers(0, 999),
        st.sampled_from([code for code, _label in KINDS]),
        st.sampled_from([code for code, _label in OUTCOMES]),
        st.integers(0, 40),
        st.none() | st.integers(0, 40),
        st.sampled_from([None, None, "a", "b"]),
    ),
    max_size=8,
    unique_by=lambda each: each.decision,
)
days = st.integers(-2, 90)


@given(rulings, days)
def test_what_is_in_force_was_approved_and_covers_the_day(known: list[Ruling], day: int):
    found = in_force(known, on(day))
    if found is None:
        return
    origin = next(each for each in known if each.decision == found.decision)
    assert origin.approves
    assert origin.outcome in APPROVED
    assert found.covers(on(day))
    assert found.expires_on == origin.expires_on or origin.kind == "amendment"


@given(rulings, days)
def test_the_order_in_which_decisions_are_read_does_not_matter(known: list[Ruling], day: int):
    assert in_force(known, on(day)) == in_force(list(reversed(known)), on(day))


@given(rulings, days)
def test_what_is_decided_later_changes_no_earlier_day(known: list[Ruling], day: int):
    assert in_force(known, on(day)) == in_force([each for each in known if each.begins <= on(day)], on(day))


@given(rulings, days)
def test_amendments_without_expiry_never_make_a_day_approved_that_was_not(known: list[Ruling], day: int):
    without = [each for each in known if not (each.approves and each.kind == "amendment" and each.expires_on is None)]
    assert (in_force(known, on(day)) is None) == (in_force(without, on(day)) is None)


@given(rulings, days, st.sampled_from(["a", "b"]))
def test_a_site_of_a_study_without_local_decisions_stands_as_the_study(known: list[Ruling], day: int, site: str):
    wide = [each for each in known if each.site is None]
    assert in_force(wide, on(day), site=site) == in_force(wide, on(day))


@given(st.integers(0, 400), st.none() | st.integers(0, 90))
def test_renewal_is_due_in_time_for_the_last_day(expires: int, notice: int | None):
    due = renewal_due(on(expires), notice)
    assert due is not None
    assert on(expires) - due == timedelta(days=30 if notice is None else notice)
    assert renewal_due(None, notice) is None


@dataclass(frozen=True)
class Form:
    id: str
    number: int
    approved_on: date | None = START
    effective_on: date | None = None
    withdrawn_on: date | None = None
    mandatory_on: date | None = None
    language: str = "en"
    form: str = "main"


def used(versions: list[Form], day: int, **asked) -> str | None:
    found = usable(versions, on(day), **asked)
    return found.id if found else None


def test_a_version_is_used_from_its_approval_and_its_day_until_the_next():
    both = [Form("v1", 1), Form("v2", 2, on(5), on(10))]
    assert [used(both, day) for day in (-1, 0, 9, 10)] == [None, "v1", "v1", "v2"]
    late = [Form("v1", 1), Form("v2", 2, approved_on=on(20), effective_on=on(10))]
    assert [used(late, day) for day in (10, 19, 20)] == ["v1", "v1", "v2"]


def test_a_version_nobody_approved_is_not_used_and_supersedes_nothing():
    assert used([Form("v1", 1), Form("v2", 2, approved_on=None, effective_on=on(3))], 50) == "v1"


def test_a_withdrawn_version_is_not_used_and_brings_no_older_one_back():
    both = [Form("v1", 1), Form("v2", 2, on(5), withdrawn_on=on(8))]
    assert [used(both, day) for day in (7, 8)] == ["v2", None]


def test_languages_and_forms_have_versions_of_their_own():
    known = [
        Form("en", 1),
        Form("zh", 1, language="zh", approved_on=on(4)),
        Form("assent", 3, form="assent", approved_on=on(9)),
    ]
    assert used(known, 10, language="zh") == "zh"
    assert used(known, 10, language="en") == "en"
    assert used(known, 10, language="de") is None
    assert used(known, 10) == "zh"
    assert used(known, 10, form="assent") == "assent"


some_day = st.none() | st.integers(0, 30).map(on)
forms = st.lists(
    st.builds(
        lambda number, language, **days: Form(f"{language}{number}", number, language=language, **days),
        st.integers(1, 6),
        st.sampled_from(["en", "zh"]),
        approved_on=some_day,
        effective_on=some_day,
        withdrawn_on=some_day,
        mandatory_on=some_day,
    ),
    max_size=7,
    unique_by=lambda each: each.id,
)


@given(forms, days)
def test_of_a_language_one_version_is_used_the_highest_that_has_begun(known: list[Form], day: int):
    found = usable(known, on(day), language="en")
    begun = [each.number for each in known if each.language == "en" and (u := used_from(each)) and u <= on(day)]
    if found is not None:
        assert found.number == max(begun)
        assert found.approved_on is not None
        assert found.approved_on <= on(day)
        assert found.withdrawn_on is None or on(day) < found.withdrawn_on
        taken_over = superseded_on(found, known)
        assert taken_over is None or on(day) < taken_over
    elif begun:
        highest = next(each for each in known if each.language == "en" and each.number == max(begun))
        assert highest.withdrawn_on is not None
        assert highest.withdrawn_on <= on(day)


@given(forms, days)
def test_without_a_language_it_is_one_of_those_used_in_some(known: list[Form], day: int):
    each_language = {used(known, day, language=language) for language in ("en", "zh")}
    assert used(known, day) in each_language
    assert (used(known, day) is None) == (each_language == {None})


def test_who_signed_before_a_mandatory_version_consents_again_to_the_one_in_use():
    versions = [
        Form("v1", 1),
        Form("v2", 2, on(10), mandatory_on=on(40)),
        Form("v3", 3, on(20)),
        Form("zh1", 1, language="zh"),
    ]
    signed = [
        Signed("p1", "v1", on(1)),
        Signed("p2", "v2", on(11)),
        Signed("p3", "v1", on(1)),
        Signed("p3", "v3", on(21)),
        Signed("p4", "zh1", on(2)),
    ]
    assert consent_again(signed, versions, on(9)) == ()
    assert consent_again(signed, versions, on(15)) == (Again("p1", "v2", on(40)), Again("p3", "v2", on(40)))
    assert consent_again(signed, versions, on(25)) == (Again("p1", "v3", on(40)),)


def test_a_change_of_language_counts_from_the_language_last_signed():
    versions = [Form("v2", 2), Form("zh1", 1, language="zh"), Form("zh2", 2, on(5), mandatory_on=on(9), language="zh")]
    signed = [Signed("p", "v2", on(1)), Signed("p", "zh1", on(2))]
    assert consent_again(signed, versions, on(6)) == (Again("p", "zh2", on(9)),)


signatures = st.lists(
    st.builds(
        lambda person, version, day: Signed(person, version, on(day)),
        st.sampled_from("pqr"),
        st.sampled_from([f"{language}{number}" for language in ("en", "zh") for number in range(1, 7)]),
        st.integers(0, 40),
    ),
    max_size=8,
)


@given(forms, signatures, days)
def test_consenting_to_what_is_asked_settles_it(known: list[Form], signed: list[Signed], day: int):
    due = consent_again(signed, known, on(day))
    assert len({each.participant for each in due}) == len(due)
    for each in due:
        assert usable(known, on(day), language=each.version[:2]) == next(v for v in known if v.id == each.version)
    settled = [*signed, *(Signed(each.participant, each.version, on(day)) for each in due)]
    assert consent_again(settled, known, on(day)) == ()


@given(forms, signatures, days)
def test_without_a_mandatory_version_nobody_consents_again(known: list[Form], signed: list[Signed], day: int):
    assert consent_again(signed, [replace(each, mandatory_on=None) for each in known], on(day)) == ()
