"""The tables of rules: read strictly, and what travels with the program is sound."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from trialdesk.overview.rulebook import COLUMNS, countries, country_named, read_rules, rules, working_days, zone_named

GOOD = "A,sae_aware,grave,7,cd,no,FDA,drug,21 CFR,IND,2020-01-01,,3,Report {subject}"
HEAD = ",".join(COLUMNS)


def table(folder: Path, *lines: str, head: str = HEAD) -> Path:
    path = folder / "deadlines.csv"
    path.write_text("\n".join((head, *lines)) + "\n", encoding="utf-8")
    return path


def test_a_row_is_a_rule(tmp_path: Path):
    (rule,) = read_rules(table(tmp_path, GOOD))
    assert (rule.id, rule.n, rule.unit, rule.condition, rule.repeating) == ("A", 7, "cd", ("grave",), False)
    assert (rule.version, rule.valid_to, rule.remind) == ("2020-01-01", None, 3)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (GOOD.replace(",7,", ",seven,"), "row 2"),
        (GOOD.replace(",cd,", ",days,"), "no unit"),
        (GOOD.replace("IND", "MARS"), "no basis"),
        (GOOD.replace(",no,", ",maybe,"), "yes or no"),
        (GOOD.replace("2020-01-01", "2020-02-30"), "row 2"),
        (GOOD.replace("2020-01-01,", "2020-01-01,2019-01-01"), "contradict"),
        (GOOD.replace(",7,cd,no,", ",0,cd,yes,"), "contradict"),
        (GOOD.replace(",3,", ",-3,"), "contradict"),
        (GOOD.replace("FDA", ""), "recipient is empty"),
        (GOOD.replace("FDA", " FDA"), "space"),
        (GOOD + ",more", "cells"),
        (GOOD.rpartition(",")[0], "cells"),
    ],
)
def test_a_row_that_is_not_as_declared_is_refused(tmp_path: Path, wrong: str, said: str):
    with pytest.raises(ValueError, match=said):
        read_rules(table(tmp_path, wrong))


def test_other_columns_are_refused(tmp_path: Path):
    with pytest.raises(ValueError, match="columns"):
        read_rules(table(tmp_path, GOOD, head=HEAD.replace("basis", "law")))


def test_two_versions_of_a_rule_follow_each_other(tmp_path: Path):
    ended = GOOD.replace("2020-01-01,", "2020-01-01,2024-12-31")
    assert len(read_rules(table(tmp_path, ended, GOOD.replace("2020-01-01", "2025-01-01")))) == 2
    with pytest.raises(ValueError, match="same day"):
        read_rules(table(tmp_path, ended, GOOD.replace("2020-01-01", "2024-12-31")))


def test_the_rules_that_travel_are_read_and_speak_of_the_subject():
    assert len(rules()) >= 12
    assert all("{subject}" in rule.words for rule in rules())
    assert {"SAE-SITE", "US-IND-7", "EU-SUSAR15", "CN-SUSAR7", "EC-RENEW", "CTGOV-REG"} <= {r.id for r in rules()}


def test_a_country_is_known_by_codes_and_name():
    assert country_named("CHN") is country_named("cn") is country_named(" China ")
    assert country_named("Atlantis") is country_named(None) is country_named("") is None


def test_every_country_has_its_zone_and_its_working_days():
    for country in countries().values():
        assert isinstance(zone_named(country.zone), ZoneInfo), country
        assert working_days(country.code) is not working_days(""), country


def test_an_unknown_zone_is_utc():
    assert zone_named("Mars/Olympus") is UTC
    assert zone_named("") is UTC
