"""Writing terms: the sample and the next version, what is said of a text, what it changes in money, and trying it."""

from __future__ import annotations

from datetime import date

import pytest

from tests.payments.playing import Trial, at, on
from tests.payments.test_money import TERMS
from trialdesk.application import Application
from trialdesk.base.errors import UserError
from trialdesk.base.i18n import speaking
from trialdesk.contracts.queries import terms_versions
from trialdesk.payments.differences import difference
from trialdesk.payments.notices import notices
from trialdesk.payments.rules.case import Unreadable, read_case
from trialdesk.payments.rules.conditions import FALSE, PENDING, TRUE
from trialdesk.payments.templates import following, template
from trialdesk.payments.terms import ANY_TIME, rule_text
from trialdesk.payments.trying import facts_of, subjects_of, tried

VISITS = ("Screening", "Week 2", "访视 3")
FACTS = """
- {kind: consent_signed, icf_version: 1, occurred_on: 2026-02-01}
- {kind: randomised, occurred_on: 2026-02-02}
- {kind: visit_done, visit: "Week 2", occurred_on: 2026-02-16}
- {kind: visit_done, subject: "002", visit: Screening, occurred_on: 2026-02-16}
"""


def sample(*, currency: str = "CNY", visits: tuple[str, ...] = VISITS) -> str:
    return template(no=1, effective_from=date(2026, 1, 1), currency=currency, visits=visits)


@pytest.mark.parametrize("spoken", ["en", "zh"])
@pytest.mark.parametrize("currency", ["CNY", "JPY", "KWD"])
def test_the_sample_is_sound_but_for_what_only_a_person_knows(spoken: str, currency: str):
    with speaking(spoken):
        text = sample(currency=currency)
        found = notices(text)
    assert [(each.weight, each.code) for each in found] == [("warning", "W7"), ("warning", "W9")]
    (terms,) = read_case(text, recorded_at=ANY_TIME).terms
    assert [rule.code for rule in terms.rules][:4] == ["START", "Screening", "Week_2", "访视_3"]
    assert terms.rules[3].trigger is not None
    assert terms.rules[3].trigger.equal == {"visit": "访视 3"}
    assert ("付款条款" in text) == (spoken == "zh")


def test_visits_of_one_name_are_told_apart():
    codes = [rule.code for rule in read_case(sample(visits=("V 1", "V-1")), recorded_at=ANY_TIME)
             .terms[0].rules]  # fmt: skip
    assert codes[1:3] == ["V_1", "V_1_2"]


def test_the_next_version_is_the_last_with_its_number_and_day():
    text = sample()
    after = following(text, no=2, effective_from=date(2026, 7, 1))
    assert after == text.replace("- no: 1", "- no: 2").replace("2026-01-01", "2026-07-01")
    assert following("no: [", no=2, effective_from=date(2026, 7, 1)) == "no: ["
    assert "recorded_at" not in following(TERMS, no=2, effective_from=date(2026, 7, 1))


def test_a_price_on_a_visit_that_is_not_planned_is_told_with_the_nearest_ones():
    planned = ("Screening", "Week 2", "访视 3")
    assert not [each for each in notices(sample(), visits=planned) if each.weight == "advice"]
    text = sample().replace("visit: Week 2", "visit: Wek 2").replace('visit: "Week 2"', 'visit: "Wek 2"')
    (said,) = [each for each in notices(text, visits=planned) if each.weight == "advice"]
    assert said.words == "Week_2 pays for the visit Wek 2, which the study's schedule does not have."
    assert said.remedy == "Nearest in the schedule: Week 2."
    assert "Week_2" in text.split("\n")[said.line - 1]
    far = [each for each in notices(text, visits=("访视 9",)) if each.weight == "advice"]
    assert "Name a visit of the schedule, or plan this one." in {each.remedy for each in far}
    assert not [each for each in notices(text) if each.weight == "advice"]


def test_what_is_said_names_the_line():
    text = sample()
    broken = text.replace('rate: "0.06"', "rate: 0.06")
    (notice,) = notices(broken)
    assert (notice.weight, broken.split("\n")[notice.line - 1][:3]) == ("unreadable", "tax")
    held = text.replace(", release: FINAL_REPORT", "")
    errors = [each for each in notices(held) if each.weight == "error"]
    assert {each.code for each in errors} == {"E4"}
    assert all("code:" in held.split("\n")[each.line - 1] for each in errors)
    assert notices(" ")[0].remedy == "Start from a template."
    assert notices("a: [")[0].weight == "unreadable"


def test_a_rule_is_tried_on_facts_written_by_hand():
    rows = {(row.rule, row.unit): row for row in tried(sample(), FACTS, date(2026, 2, 20))}
    week = rows["Week_2", "001/Week 2"]
    assert (week.state, week.line, week.hold, week.pay) == ("EARNED", 110000, 11000, 99000)
    assert [answer.truth for answer in week.answers] == [TRUE, TRUE]
    other = rows["Screening", "002/Screening"]
    assert (other.state, other.pay) == ("FAILED", 0)
    assert [answer.truth for answer in other.answers] == [FALSE, TRUE]
    assert "consent valid" in other.why_not_more[0]
    ten = rows["TEN_ALLOCATED", ""]
    assert (ten.state, [answer.truth for answer in ten.answers]) == ("", [FALSE])
    assert rows["START", ""].answers == ()


def test_what_cannot_be_said_yet_is_told_so():
    text = sample().replace("require: [consent_valid(unit.date), ", "require: [eligible(subject), ")
    rows = {row.rule: row for row in tried(text, FACTS, date(2026, 2, 20))}
    assert rows["Week_2"].state == "PENDING"
    assert rows["Week_2"].answers[0].truth is PENDING


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ("kind: visit_done", "list of facts"),
        ("- visit_done", "Here stands a fact"),
        ("- {kind: visit_done, visit: V1}", "on which day"),
        ("- {kind: party, occurred_on: 2026-01-01}", "not known here"),
        ("- {kind: visit_done, occurred_on: 2026-01-01}", "visit"),
    ],
)
def test_facts_that_are_none_are_refused_in_words(facts: str, words: str):
    with pytest.raises(Unreadable, match=words):
        tried(sample(), facts, date(2026, 2, 20))


@pytest.fixture
def trial(desk: Application) -> Trial:
    made = Trial(desk)
    at(desk, on("2026-07-20"))
    made.load(TERMS)
    for number, day in (("001", "2026-06-30"), ("002", "2026-07-01"), ("003", "2026-07-15")):
        made.happened(number, "V2", day)
    return made


def test_a_draft_says_what_it_moves(trial: Trial):
    draft = following(TERMS, no=2, effective_from=date(2026, 7, 1)).replace("1500.00", "1650.00")
    asked = {"study": trial.study, "contract": trial.contract, "on": date(2026, 7, 20)}
    found = trial.desk.read(difference, text=draft, **asked)
    assert [(each.unit, each.before, each.after) for each in found.moved] == [
        ("002/V2", 165000, 181500),
        ("003/V2", 165000, 181500),
    ]
    assert (found.earned, found.held, found.payable) == (33000, 3300, 29700)
    same = trial.desk.read(difference, text=draft.replace("1650.00", "1500.00"), **asked)
    assert (same.moved, same.earned) == ((), 0)
    (version,) = [row.text for row in trial.desk.read(terms_versions, contract=trial.contract)]
    first = trial.desk.read(difference, text=version, **asked)
    assert (first.number, len(first.moved), first.earned) == (1, 3, 495000), "without the first nothing is owed"
    with pytest.raises(Unreadable):
        trial.desk.read(difference, text="a: 1", **asked)


def test_what_is_recorded_of_somebody_can_be_tried(trial: Trial):
    asked = {"study": trial.study, "contract": trial.contract}
    assert trial.desk.read(subjects_of, **asked) == ("001", "002", "003")
    facts = trial.desk.read(facts_of, subject="002", visit=None, on=date(2026, 7, 20), **asked)
    assert 'subject: "002"' in facts
    assert "001" not in facts
    text = rule_text(TERMS, "V2")
    assert "visit_done" in text
    (row,) = [each for each in tried(TERMS, facts, date(2026, 7, 20)) if each.rule == "V2"]
    assert (row.unit, row.state, row.pay) == ("002/V2", "EARNED", 148500)
    assert "visit_done" not in trial.desk.read(facts_of, subject="002", visit="V9", on=date(2026, 7, 20), **asked)
    with pytest.raises(UserError, match="Nothing is recorded of participant 009"):
        trial.desk.read(facts_of, subject="009", visit=None, on=date(2026, 7, 20), **asked)
