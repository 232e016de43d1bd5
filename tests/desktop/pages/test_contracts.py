"""The contracts as they are listed: one whose last day has passed says so, although nobody closed it."""

from __future__ import annotations

from datetime import date

import pytest

from tests.payments.playing import Trial, at, edit, on
from tests.payments.test_money import TERMS
from trialdesk.base.i18n import set_language
from trialdesk.contracts.records import Contract
from trialdesk.desktop.models.rows import Column
from trialdesk.desktop.pages.contracts import REGISTERS
from trialdesk.desktop.registers.reading import listed

WORDS = {"en": ["Active", "Expired"], "zh": ["履行中", "已到期"]}


@pytest.mark.parametrize("spoken", WORDS)
def test_a_contract_past_its_last_day_is_listed_as_expired(ward, spoken):
    trial = Trial(ward)
    at(ward, on("2026-03-10"))
    trial.load(TERMS)
    edit(ward, trial.study, Contract, trial.contract, state="active", ends_on=date(2026, 3, 31))
    register = next(each for each in REGISTERS if each.key in {"", "contracts-contract"})
    shown = next(each for each in register.columns if isinstance(each, Column) and each.key == "state")

    def said(day):
        (row,) = ward.read(listed, register=register, study=trial.study, on=day).rows
        return shown.words(row)

    set_language(spoken)
    assert [said(date(2026, 3, 31)), said(date(2026, 4, 1))] == WORDS[spoken]
