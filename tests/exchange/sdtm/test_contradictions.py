from __future__ import annotations

from pathlib import Path

import pytest

from tests.exchange.sdtm.study import sound, write
from trialdesk.exchange.rows import Contents
from trialdesk.exchange.sdtm import read

FATAL = {"AEOUT": "FATAL", "AESDTH": "Y", "AESER": "Y"}
DEAD = {"DTHFL": "Y", "DTHDTC": "2024-02-01"}

PLANTED: list[tuple[str, int, dict[str, str], str, str]] = [
    ("ae", 0, {"AEENDTC": "2024-01-14"}, "AEENDTC", "S1-1: ends 2024-01-14, before it starts 2024-01-15."),
    ("sv", 0, {"SVENDTC": "2023-12"}, "SVENDTC", "S1-1: ends 2023-12, before it starts 2024-01-01."),
    ("ex", 0, {"EXENDTC": "2023"}, "EXENDTC", "S1-1: ends 2023, before it starts 2024-01-10."),
    ("dm", 0, {"RFENDTC": "2024-01-09"}, "RFENDTC", "S1-1: ends 2024-01-09, before it starts 2024-01-10."),
    ("ae", 0, FATAL | {"AESER": "N"}, "AESER", "S1-1: the event was fatal, but is not marked serious."),
    (
        "ae", 0, {"AESHOSP": "Y"}, "AESER",
        "S1-1: criteria of seriousness are met (AESHOSP), but the event is not marked serious.",
    ),
    ("ae", 0, {"AESER": "Y"}, "AESER", "S1-1: the event is marked serious, but no criterion is."),
    ("ae", 0, {"AEOUT": "FATAL"}, "AEOUT", "The outcome FATAL disagrees with what is said of death (AESDTH)."),
    ("ae", 0, FATAL, "AEOUT", "S1-1: died according to this row, but not according to DM."),
    (
        "ds", 0, {"DSDECOD": "DEATH"}, "DSDECOD",
        "S1-1: died according to this row, but not according to DM.",
    ),
    ("dm", 0, {"DTHFL": "Y"}, "DTHFL", "S1-1: died according to DM, but neither DS nor AE says so."),
    (
        "dm", 0, DEAD | {"DTHFL": "N"}, "DTHDTC",
        "S1-1: has a date of death, but is marked as not dead.",
    ),
    ("dm", 0, DEAD, "DSSTDTC", "S1-1: 2024-03-01 is after the death on 2024-02-01."),
    (
        "dm", 0, {"ACTARMCD": "P", "ACTARM": "Placebo"}, "ACTARMCD",
        "S1-1: the planned arm A is not the actual arm P.",
    ),
    (
        "ds", 0, {"DSDECOD": "SCREEN FAILURE"}, "ARMCD",
        "S1-1: has the planned arm A, but DS says screen failure.",
    ),
    (
        "dm", 2, {"ARMCD": "A", "ARM": "Active"}, "RFXSTDTC",
        "S1-3: has the planned arm A, but no exposure.",
    ),
    ("ex", 0, {"USUBJID": "S1-3"}, "USUBJID", "S1-3: was exposed, but has no arm."),
    (
        "ex", 0, {"EXSTDTC": "2024-01-11"}, "RFXSTDTC",
        "S1-1: first exposure is 2024-01-10 in DM and 2024-01-11 in EX.",
    ),
    (
        "dm", 0, {"RFSTDTC": "2024-01-09"}, "RFSTDTC",
        "S1-1: the reference start 2024-01-09 is not the first exposure 2024-01-10.",
    ),
    (
        "ds", 0, {"DSSTDTC": "2024-03-02"}, "DSSTDTC",
        "S1-1: the disposition of 2024-03-02 is after the last contact 2024-03-01.",
    ),
    (
        "sv", 0, {"SVSTDTC": "2023-12-31"}, "SVSTDTC",
        "S1-1: the visit on 2023-12-31 is before screening on 2024-01-01.",
    ),
    ("sv", 0, {"SVSTDTC": "", "SVENDTC": ""}, "SVSTDTC", "S1-1: the visit has no date."),
    (
        "sv", 0, {"SVOCCUR": "N"}, "SVSTDTC",
        "S1-1: the visit did not happen, but has the date 2024-01-01.",
    ),
    (
        "ae", 0, {"AESTDY": "7"}, "AESTDY",
        "Study day 7 is not that of 2024-01-15, which is day 6 from 2024-01-10.",
    ),
    ("dm", 0, {"AGE": "190"}, "AGE", "S1-1: an age of 190 is hardly possible."),
    ("dm", 0, {"AGE": ""}, "AGE", "S1-1: no age is recorded."),
    ("dm", 0, {"SEX": ""}, "SEX", "S1-1: no sex is recorded."),
    ("dm", 0, {"SEX": "X"}, "SEX", "The sex X is none of CDISC's codes; it is kept as it stands."),
    ("dm", 0, {"ARM": "Verum"}, "ARM", "The arm A is called Verum here and Active before; the first name is kept."),
    ("sv", 0, {"SVSTDTC": "2024-01"}, "SVSTDTC", "The date is known only in part: 2024-01."),
]  # fmt: skip


def told(contents: Contents) -> list[tuple[str | None, str]]:
    return [(problem.column, problem.words) for problem in contents.problems]


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: f"{planted[0]}-{planted[3]}-{planted[4][:30]}")
def test_a_planted_contradiction_is_found(planted: tuple[str, int, dict[str, str], str, str], tmp_path: Path):
    table, row, change, column, words = planted
    tables = sound()
    before = told(read(write(tmp_path, tables)))
    tables[table][row] |= change
    contents = read(write(tmp_path, tables))
    assert (column, words) in told(contents)
    assert (column, words) not in before


def test_both_sides_of_a_contradiction_are_kept(tmp_path: Path):
    tables = sound()
    tables["ae"][0] |= FATAL | {"AESER": "N"}
    (event,) = [row for row in read(write(tmp_path, tables)).of("safety.adverse_event") if row.key[0] == "S1-1"]
    assert (event.values["fatal"], event.values["serious"]) == (True, False)


def test_completed_and_withdrawn_in_one_epoch(tmp_path: Path):
    tables = sound()
    tables["ds"].append(tables["ds"][0] | {"DSSEQ": "2", "DSDECOD": "WITHDRAWAL BY SUBJECT"})
    assert ("DSDECOD", "S1-1: completed here, but row 5 says WITHDRAWAL BY SUBJECT.") in told(
        read(write(tmp_path, tables))
    )
    tables["ds"][-1]["EPOCH"] = "FOLLOW-UP"
    assert not [words for _column, words in told(read(write(tmp_path, tables))) if "completed here" in words]


def test_death_is_not_missed_where_neither_ds_nor_ae_is_given(tmp_path: Path):
    dm = sound()["dm"]
    dm[0] |= {"DTHFL": "Y"}
    assert not [words for _column, words in told(read(write(tmp_path, {"dm": dm}))) if "died" in words]


def test_partial_dates_contradict_only_what_they_exclude(tmp_path: Path):
    tables = sound()
    tables["ae"][0] |= {"AESTDTC": "2024-01", "AEENDTC": "2024-01-02", "AESTDY": ""}
    assert not [words for _column, words in told(read(write(tmp_path, tables))) if "before it starts" in words]


def test_the_column_is_named_as_the_file_names_it(tmp_path: Path):
    tables = sound()
    tables["dm"] = [{("性别" if name == "SEX" else name): text for name, text in row.items()} for row in tables["dm"]]
    tables["dm"][0]["性别"] = ""
    assert ("性别", "S1-1: no sex is recorded.") in told(read(write(tmp_path, tables)))
