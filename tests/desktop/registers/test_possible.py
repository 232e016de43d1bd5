"""What cannot be done any more is not offered as if it could, in buttons and in the palette."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtWidgets import QPushButton

from tests.support.acts import a_site, a_study
from tests.support.desks import PASSWORD
from trialdesk.application import FIELDS, Proof
from trialdesk.application.acts import ACTIONS
from trialdesk.base.i18n import speaking
from trialdesk.desktop.pages.contracts import REGISTERS as CONTRACTS
from trialdesk.desktop.recorded import said
from trialdesk.desktop.registers.detail import Detail, offers_of
from trialdesk.desktop.registers.possible import BARS, passed
from trialdesk.desktop.shown import zoned
from trialdesk.desktop.spot import Spot
from trialdesk.overview.register import Line
from trialdesk.people.signing import SignatureRow
from trialdesk.studies.closing import AFTER, CLOSED, close_study, refused_when_closed

BY_NAME = {action.name: action for action in ACTIONS}
CLOSED_WORDS = "The study is closed since 4 Mar 2026: its records no longer change."


@pytest.fixture
def closed(ward, trial):
    study = a_study(ward, "OVER")
    a_site(ward, study)
    about = {"archive": "Room 3", "custodian": "Ada Lind", "retained_until": date(2051, 1, 1)}
    ward.run(close_study, study=study, closed_on=date(2026, 3, 4), signed_with=Proof(PASSWORD, "ada"), **about)
    return study


@pytest.fixture
def opened(shell, settle):
    def go(study, section, focus=""):
        shell.go(Spot("studies", study, section, focus))
        settle()
        return shell.page

    return go


@pytest.mark.parametrize("name", sorted(BARS))
def test_what_bars_an_act_is_a_field_of_the_record_it_is_done_to(name):
    fields = FIELDS[BY_NAME[name].about]
    assert {bar.field for bar in BARS[name]} <= set(fields)


@pytest.mark.parametrize("action", [a for a in ACTIONS if a.makes], ids=lambda action: action.name)
def test_a_closed_study_refuses_the_acts_whose_records_it_no_longer_takes(action):
    assert refused_when_closed(action) is (action.makes.startswith(CLOSED) and action.makes not in AFTER)


def test_a_record_bars_what_was_done_to_it_and_what_comes_first():
    close, answer = BY_NAME["safety:query:close"], BY_NAME["safety:query:answer"]

    def query(**values):
        return Line("q", 1, "safety.query", "Query", values={"answered_on": None, "closed_on": None, **values})

    assert passed(close, query(), ()) == "This query is not answered yet."
    assert passed(close, query(answered_on=date(2026, 3, 4)), ()) == ""
    assert passed(answer, query(closed_on=date(2026, 3, 4)), ()) == "This query is closed."
    assert passed(answer, query(), ()) == ""


def test_what_is_signed_with_this_meaning_is_not_signed_again():
    sign = BY_NAME["safety:adverse_event:sign"]
    line = Line("e", 1, "safety.adverse_event", "Cough", values={})

    def signed(*, stands, meaning=sign.signs):
        fields = dict.fromkeys(SignatureRow.__dataclass_fields__)
        return SignatureRow(**{**fields, "stands": stands, "meaning": meaning})

    assert passed(sign, line, [signed(stands=True)]) == "This is signed already."
    assert passed(sign, line, [signed(stands=False)]) == ""
    assert passed(sign, line, [signed(stands=True, meaning="Read")]) == ""


def test_in_a_closed_study_nothing_is_begun_that_it_no_longer_takes(opened, closed, shell, settle):
    page = opened(closed, "design", "studies-arm")
    assert page.view.begins()
    assert page.view.begin_button.isHidden()
    assert CLOSED_WORDS in [label.text() for label in page.view.findChildren(type(shell.notice._words))]
    page.new_record()
    settle()
    assert shell.notice.words == CLOSED_WORDS


def test_closing_twice_is_not_offered_and_opening_again_is(opened, closed, settle):
    page = opened(closed, "design", "studies-close_out")
    page.view.table.select(page.view.table.rows()[0].id)
    settle()
    assert not page.view.begin_button.isEnabled()
    assert page.view.begin_button.toolTip() == "This study is closed since 4 Mar 2026."
    detail = page.view.split.detail
    assert isinstance(detail, Detail)
    assert detail.acts.buttons["studies:study:reopen"].isEnabled()


def test_screening_after_closing_says_why_not(opened, closed, shell, settle):
    page = opened(closed, "participants")
    assert not [b for b in page.findChildren(QPushButton) if b.isVisible() and b.text() == "Screen a participant"]
    page.new_record()
    settle()
    assert shell.notice.words == CLOSED_WORDS


def test_the_palette_offers_what_the_page_does_and_says_what_it_cannot(opened, closed, trial, shell, settle, qtbot):
    def entries(words):
        shell.open_palette()
        qtbot.keyClicks(shell.palette_box.line, words)
        settle()
        return {each.title: each for each in shell.palette_box.entries()}

    opened(trial.study, "design", "studies-arm")
    new = entries("new arm")["New arm"]
    assert (new.kind, new.detail) == ("On this page", "Design")
    opened(closed, "design", "studies-arm")
    refused = entries("new arm")["New arm"]
    assert (refused.kind, refused.detail) == ("Cannot be done now", CLOSED_WORDS)
    refused.act()
    assert shell.notice.words == CLOSED_WORDS


@pytest.mark.parametrize(
    ("state", "first"),
    [("draft", "negotiate"), ("negotiating", "agree"), ("in_signature", "execute"), ("suspended", "resume")],
)
def test_the_first_act_carries_a_contract_on_and_what_ends_it_stands_behind(state, first):
    register = next(each for each in CONTRACTS if each.kind == "contracts.contract")
    line = SimpleNamespace(kind=register.kind, values={"state": state}, value={"state": state}.get)
    held = frozenset().union(*(action.by for action in register.doing()))
    whole: Any = SimpleNamespace(register=register, line=line, held=held, closed_on=None, signed=())
    offers = offers_of(whole, lambda _action: None)
    assert offers[0].key == f"contracts:contract:{first}"
    open_ = [offer.key for offer in offers if not offer.refused]
    onward = [key not in register.ends for key in open_ if key.rpartition(":")[2] not in {"correct", "void"}]
    assert onward == sorted(onward, reverse=True)


@pytest.mark.parametrize(
    ("code", "language", "words"), [("CN", "en", "China"), ("CHN", "zh", "中国"), ("X", "en", "X")]
)
def test_a_country_is_said_by_its_name(code, language, words):
    with speaking(language):
        assert said("studies.site", FIELDS["studies.site"]["country"], code) == words


def test_the_hour_of_a_signature_has_its_zone():
    assert re.fullmatch(r"4 Mar 2026 \d\d:\d\d \(UTC([+-]\d\d:\d\d)?\)", zoned(datetime(2026, 3, 4, 12, tzinfo=UTC)))
