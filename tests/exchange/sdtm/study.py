"""A small sound study as SDTM, to be broken in one place by each test."""

from __future__ import annotations

import csv
from pathlib import Path

Table = list[dict[str, str]]

ID = {"STUDYID": "S1"}


def sound() -> dict[str, Table]:
    """Return datasets in which nothing contradicts: two treated participants and a screen failure at two sites."""
    return {
        "dm": [_dm("S1-1", "10", "A", "Active"), _dm("S1-2", "20", "P", "Placebo"), _dm("S1-3", "20", "SCRNFAIL", "")],
        "ds": [
            _ds("S1-1", 1, "COMPLETED", "2024-03-01"),
            _ds("S1-2", 1, "COMPLETED", "2024-03-01"),
            _ds("S1-3", 1, "SCREEN FAILURE", "2024-01-05", "SCREENING"),
        ],
        "sv": [
            _sv("S1-1", "1", "SCREENING", "2024-01-01"),
            _sv("S1-1", "2", "BASELINE", "2024-01-10"),
            _sv("S1-1", "2.1", "UNSCHEDULED 2.1", "2024-01-20", "Unwell"),
            _sv("S1-2", "1", "SCREENING", "2024-01-01"),
            _sv("S1-2", "2", "BASELINE", "2024-01-10"),
            _sv("S1-3", "1", "SCREENING", "2024-01-01"),
        ],
        "ae": [_ae("S1-1", 1), _ae("S1-2", 1)],
        "ex": [_ex("S1-1", 1), _ex("S1-2", 1)],
        "suppdm": [
            {**ID, "RDOMAIN": "DM", "USUBJID": "S1-1", "QNAM": "ITT", "QLABEL": "Intention to treat", "QVAL": "Y"}
        ],
        "ta": [
            {**ID, "DOMAIN": "TA", "ARMCD": "P", "ARM": "Placebo", "TAETORD": "1"},
            {**ID, "DOMAIN": "TA", "ARMCD": "A", "ARM": "Active", "TAETORD": "1"},
        ],
        "ti": [{**ID, "DOMAIN": "TI", "IETESTCD": "IN1", "IETEST": "Adult.", "IECAT": "INCLUSION"}],
        "tv": [
            {**ID, "DOMAIN": "TV", "VISITNUM": "1", "VISIT": "SCREENING", "VISITDY": "-7", "TVSTRL": "Consent"},
            {**ID, "DOMAIN": "TV", "VISITNUM": "2.0", "VISIT": "BASELINE", "VISITDY": "1", "TVSTRL": "Allocation"},
        ],
        "ts": [_ts("TITLE", "A trial"), _ts("TBLIND", "OPEN LABEL"), _ts("PLANSUB", "30"), _ts("SSTDTC", "2024-01-01")],
    }


def write(folder: Path, tables: dict[str, Table]) -> Path:
    """Write each table as `<name>.csv` with the columns of all its rows."""
    for name, rows in tables.items():
        columns = list(dict.fromkeys(column for row in rows for column in row))
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="")
            writer.writeheader()
            writer.writerows(rows)
    return folder


def _dm(who: str, site: str, code: str, arm: str) -> dict[str, str]:
    treated = code != "SCRNFAIL"
    day = {"RFSTDTC": "2024-01-10", "RFXSTDTC": "2024-01-10", "RFENDTC": "2024-03-01", "RFXENDTC": "2024-03-01"}
    return {
        **ID, "DOMAIN": "DM", "USUBJID": who, "SUBJID": who[-1], "SITEID": site, "AGE": "50", "AGEU": "YEARS",
        "SEX": "F", "RACE": "WHITE", "COUNTRY": "GBR", "ARMCD": code, "ARM": arm or "Screen Failure",
        "ACTARMCD": code, "ACTARM": arm or "Screen Failure", "DMDTC": "2024-01-01", "RFICDTC": "2024-01-01",
        "RFPENDTC": "2024-03-01", "DTHFL": "", "DTHDTC": "",
        **(day if treated else dict.fromkeys(day, "")),
    }  # fmt: skip


def _ds(who: str, sequence: int, reason: str, on: str, epoch: str = "TREATMENT") -> dict[str, str]:
    return {
        **ID, "DOMAIN": "DS", "USUBJID": who, "DSSEQ": str(sequence), "DSTERM": reason.title(), "DSDECOD": reason,
        "DSCAT": "DISPOSITION EVENT", "EPOCH": epoch, "DSSTDTC": on,
    }  # fmt: skip


def _sv(who: str, number: str, name: str, on: str, why: str = "") -> dict[str, str]:
    return {
        **ID, "DOMAIN": "SV", "USUBJID": who, "VISITNUM": number, "VISIT": name, "SVSTDTC": on, "SVENDTC": on,
        "SVUPDES": why,
    }  # fmt: skip


def _ae(who: str, sequence: int) -> dict[str, str]:
    return {
        **ID, "DOMAIN": "AE", "USUBJID": who, "AESEQ": str(sequence), "AETERM": "Headache", "AESEV": "MILD",
        "AESER": "N", "AESDTH": "N", "AESHOSP": "N", "AEOUT": "RECOVERED/RESOLVED", "AESTDTC": "2024-01-15",
        "AEENDTC": "2024-01-16", "AESTDY": "6",
    }  # fmt: skip


def _ex(who: str, sequence: int) -> dict[str, str]:
    return {
        **ID, "DOMAIN": "EX", "USUBJID": who, "EXSEQ": str(sequence), "EXTRT": "STUDY DRUG", "EXDOSE": "2.5",
        "EXDOSU": "mg", "EXSTDTC": "2024-01-10", "EXENDTC": "2024-03-01",
    }  # fmt: skip


def _ts(code: str, value: str) -> dict[str, str]:
    return {**ID, "DOMAIN": "TS", "TSSEQ": "1", "TSPARMCD": code, "TSVAL": value}
