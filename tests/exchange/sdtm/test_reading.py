from __future__ import annotations

import json
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.exchange.sdtm.study import Table, sound, write
from tests.support.shared import DATA, needed
from trialdesk.base.errors import UserError
from trialdesk.base.i18n import speaking
from trialdesk.exchange.rows import Contents, Row
from trialdesk.exchange.sdtm import preview, read

PILOT = DATA / "pilot_slice"
OTHERS = ["participants", "screen_failures", "visits", "planned_visits", "adverse_events", "arms", "sites", "problems"]


def words(contents: Contents) -> list[str]:
    return [problem.words for problem in contents.problems]


def one(contents: Contents, kind: str, *key: str) -> Row:
    (row,) = [row for row in contents.of(kind) if row.key == key]
    return row


def expected() -> Any:
    return json.loads((PILOT / "expected.json").read_text("utf-8"))["both"]


@needed("pilot_slice")
def test_the_pilot_is_previewed_as_published():
    figures = preview(read(PILOT))
    said = expected()
    by_arm = dict(said["by_arm"])
    assert list(figures) == OTHERS
    assert figures["participants"] == said["screened"]
    assert figures["screen_failures"] == by_arm.pop("Screen Failure")
    assert figures["arms"] == by_arm
    assert figures["visits"] == said["sv_records"]
    assert figures["planned_visits"] == 21
    assert figures["adverse_events"] == said["ae_records"]
    assert figures["sites"] == {"704": 25, "716": 29}
    json.dumps(figures)


@needed("pilot_slice")
def test_the_pilots_rows_give_its_figures():
    contents = read(PILOT)
    said = expected()
    assert Counter(row.values["name"] for row in contents.of("enrollment.visit")) == said["visits_by_name"]
    events = list(contents.of("safety.adverse_event"))
    assert sum(row.values["fatal"] is True for row in events) == said["fatal_ae"]
    assert sum(row.values["serious"] is True for row in events) == said["sae_records_AESER_Y"]
    assert len({row.links["participant"] for row in events}) == said["subjects_with_ae"]
    ends = [row for row in contents.of("enrollment.disposition") if row.values.get("category") == "event"]
    assert Counter(row.values["reason"] for row in ends) == said["disposition"]
    flags = Counter(row.values["code"] for row in contents.of("enrollment.population") if row.values["included"])
    assert (flags["EFFICACY"], flags["COMPLT24"]) == (said["efficacy"], said["completed_week24"])
    assert sum(row.values.get("died") is True for row in contents.of("enrollment.participant")) == said["deaths_DM"]


@needed("pilot_slice")
def test_the_pilots_contradictions_are_found_and_no_others():
    found = [(p.file, p.row, p.column) for p in read(PILOT).problems if p.row is not None]
    assert found == [
        ("ae.csv", 141, "AESTDTC"),
        ("ae.csv", 145, "AESTDTC"),
        ("dm.csv", 30, "ACTARMCD"),
        ("sv.csv", 168, "SVSTDTC"),
        ("sv.csv", 577, "SVSTDTC"),
        ("sv.csv", 590, "SVSTDTC"),
        ("sv.csv", 600, "SVSTDTC"),
        ("ae.csv", 4, "AESER"),
        ("ae.csv", 82, "AESER"),
    ]


@needed("pilot_slice")
@pytest.mark.parametrize("path", sorted((PILOT / "dirty").glob("dm_*")), ids=lambda path: path.name)
def test_other_encodings_and_languages_give_the_same_participants(path: Path):
    clean, dirty = read(PILOT / "dm.csv"), read(path)
    fields = ("number", "identifier", "age", "age_unit", "sex", "race", "died")

    def people(contents: Contents) -> dict[object, list[object]]:
        return {
            row.key: [row.links["site"], *(row.values.get(name) for name in fields)]
            for row in contents.of("enrollment.participant")
        }

    units = "age_unit" in next(dirty.of("enrollment.participant")).values
    unitless = {key: [*said[:4], *said[5:]] for key, said in people(clean).items()}
    assert {key: [*said[:4], *said[5:]] for key, said in people(dirty).items()} == unitless
    assert units or path.name == "dm_utf8_bom_allquoted.csv"
    assert preview(dirty)["screen_failures"] == 5
    arms, others = preview(dirty)["arms"], preview(clean)["arms"]
    assert isinstance(arms, dict)
    assert isinstance(others, dict)
    assert Counter(arms.values()) == Counter(others.values())
    dates = {"started": Counter(row.values.get("first_exposure") for row in clean.of("enrollment.participant"))}
    if "utf8" not in path.name:
        assert (
            Counter(row.values.get("first_exposure") for row in dirty.of("enrollment.participant")) == dates["started"]
        )


@needed("pilot_slice")
def test_three_files_of_the_same_people_are_the_same_people():
    contents = read(PILOT / "dirty")
    assert preview(contents)["participants"] == 54
    assert any("already; this row is not brought in. Differing:" in said for said in words(contents))


def test_a_sound_study_is_read_whole(tmp_path: Path):
    contents = read(write(tmp_path, sound()))
    assert preview(contents) | {"problems": []} == {
        "participants": 3,
        "screen_failures": 1,
        "visits": 6,
        "planned_visits": 2,
        "adverse_events": 2,
        "arms": {"Placebo": 1, "Active": 1},
        "sites": {"10": 1, "20": 2},
        "problems": [],
    }
    assert contents.study == {
        "short_name": "S1",
        "title": "A trial",
        "blinding": "open",
        "planned_participants": 30,
        "started": "2024-01-01",
        "imported": True,
        "unblinded": True,
    }
    person = one(contents, "enrollment.participant", "S1-1")
    assert person.links == {"site": ("studies.site", ("10",))}
    assert person.source == ("dm.csv", 2)
    assert person.values["age"] == 50
    assert "died" not in person.values
    treatment = one(contents, "enrollment.treatment", "S1-1")
    assert treatment.links["planned_arm"] == treatment.links["actual_arm"] == ("studies.arm", ("A",))
    assert "S1-3" not in {row.key[0] for row in contents.of("enrollment.treatment")}
    visit = one(contents, "enrollment.visit", "S1-1", "2")
    assert visit.links["planned_visit"] == ("studies.planned_visit", ("2",))
    assert visit.values == {
        "number": Decimal(2), "name": "BASELINE", "started_on": "2024-01-10", "ended_on": "2024-01-10",
        "happened": True, "planned": True,
    }  # fmt: skip
    extra = one(contents, "enrollment.visit", "S1-1", "2.1")
    assert (extra.values["planned"], extra.values["unscheduled_reason"]) == (False, "Unwell")
    assert "planned_visit" not in extra.links
    assert one(contents, "enrollment.exposure", "S1-1", "1").values["dose"] == Decimal("2.5")
    assert one(contents, "studies.criterion", "IN1").values["category"] == "inclusion"
    assert [row.values["order"] for row in contents.of("studies.arm")] == [1, 2]
    assert words(contents) == [
        "No assessment of eligibility is recorded for any of 3 participants.",
        "No approval by an ethics committee is recorded.",
        "Columns not brought in: TAETORD.",
    ]


def test_links_never_point_forward_and_keys_are_single(tmp_path: Path):
    contents = read(write(tmp_path, sound()))
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for row in contents.rows:
        assert set(row.links.values()) <= seen
        assert (row.kind, row.key) not in seen
        seen.add((row.kind, row.key))
        assert all(value is not None and value != "" for value in row.values.values())


def test_the_same_files_give_the_same_rows_whatever_the_order_of_participants(tmp_path: Path):
    tables = sound()
    write(tmp_path, tables)
    first = {(row.kind, row.key): (row.values, row.links) for row in read(tmp_path).rows}
    write(tmp_path, {name: rows[::-1] for name, rows in tables.items() if name not in {"ta", "ts"}})
    assert {(row.kind, row.key): (row.values, row.links) for row in read(tmp_path).rows} == first


def test_datasets_are_known_by_what_they_hold(tmp_path: Path):
    tables = sound()
    write(tmp_path, {f"export {name} final": rows for name, rows in tables.items()})
    assert preview(read(tmp_path))["adverse_events"] == 2
    for rows in tables.values():
        for row in rows:
            row.pop("DOMAIN", None)
    for path in tmp_path.iterdir():
        path.unlink()
    write(tmp_path, {f"export-{number}": rows for number, rows in enumerate(tables.values())})
    assert preview(read(tmp_path))["visits"] == 6


def test_upper_case_names_and_a_split_dataset(tmp_path: Path):
    tables = sound()
    write(tmp_path, {"DM": tables["dm"], "ae1": tables["ae"][:1], "ae2": tables["ae"][1:]})
    assert preview(read(tmp_path))["adverse_events"] == 2


def test_single_files_can_be_named(tmp_path: Path):
    write(tmp_path, sound())
    assert preview(read([tmp_path / "dm.csv", tmp_path / "ae.csv"]))["visits"] == 0
    assert preview(read(tmp_path / "dm.csv"))["participants"] == 3


def test_other_datasets_and_files_are_told(tmp_path: Path):
    write(tmp_path, sound() | {"lb": [{"STUDYID": "S1", "DOMAIN": "LB", "USUBJID": "S1-1", "LBTEST": "Na"}]})
    write(tmp_path, {"notes": [{"a": "1", "b": "2"}]})
    (tmp_path / "define.xml").write_text("<ODM/>")
    said = words(read(tmp_path))
    assert "LB is not brought in (1 rows)." in said
    assert "The table is no SDTM dataset known here; not brought in." in said
    assert "Not CSV files, not read: define.xml." in said


def test_duplicate_keys_are_kept_apart(tmp_path: Path):
    tables = sound()
    tables["ae"].append(tables["ae"][0] | {"AETERM": "Nausea"})
    contents = read(write(tmp_path, tables))
    assert one(contents, "safety.adverse_event", "S1-1", "1", "#2").values["term"] == "Nausea"
    assert "S1-1 1 was in ae.csv row 2 already; both are kept." in words(contents)


def test_somebody_twice_in_dm_is_one_person(tmp_path: Path):
    tables = sound()
    tables["dm"].append(tables["dm"][0] | {"AGE": "51"})
    contents = read(write(tmp_path, tables))
    assert preview(contents)["participants"] == 3
    assert "S1-1 was in dm.csv row 2 already; this row is not brought in. Differing: Age 50 ≠ 51." in words(contents)


def test_an_arm_that_differs_in_the_second_row_is_told_in_the_readers_words(tmp_path: Path):
    tables = sound()
    tables["dm"].append(tables["dm"][0] | {"ARMCD": "Q", "ARM": "Quite another", "ACTARMCD": "", "ACTARM": ""})
    first = tables["dm"][0]["ARMCD"]
    with speaking("zh"):
        contents = read(write(tmp_path, tables))
    (said,) = (problem for problem in contents.problems if "S1-1" in problem.words and "dm.csv" in problem.words)
    assert (said.file, said.row) == ("dm.csv", len(tables["dm"]) + 1)
    assert f"计划组别 {first} ≠ Q" in said.words
    assert f"实际组别 {tables['dm'][0]['ACTARMCD']} ≠ –" in said.words
    assert "Q" not in {row.key[0] for row in contents.of("studies.arm")}


def test_what_is_no_date_is_told_with_its_place(tmp_path: Path):
    tables = sound()
    tables["dm"][1]["RFSTDTC"] = "next spring"
    contents = read(write(tmp_path, tables))
    (said,) = (problem for problem in contents.problems if "next spring" in problem.words)
    assert (said.file, said.row, said.column) == ("dm.csv", 3, "RFSTDTC")


def test_rows_of_strangers_are_kept_out_and_bounded(tmp_path: Path):
    tables = sound()
    tables["sv"] += [tables["sv"][0] | {"USUBJID": f"X{n}"} for n in range(500)]
    contents = read(write(tmp_path, tables))
    assert preview(contents)["visits"] == 6
    strangers = [said for said in words(contents) if "is not in DM" in said]
    assert strangers[0] == "X0 is not in DM; the row is not brought in."
    assert strangers[-1].startswith("300 more rows have the same problem as row 8")
    assert len(strangers) == 201


def test_several_studies_must_be_chosen_from(tmp_path: Path):
    tables = sound()
    for row in sound()["dm"]:
        tables["dm"].append(row | {"STUDYID": "S2", "USUBJID": row["USUBJID"].replace("S1", "S2")})
    write(tmp_path, tables)
    with pytest.raises(UserError, match="several studies: S1, S2"):
        read(tmp_path)
    contents = read(tmp_path, study="S2")
    assert {row.key[0] for row in contents.of("enrollment.participant")} == {"S2-1", "S2-2", "S2-3"}
    assert "3 rows belong to another study than S2; they are not brought in." in words(contents)


def test_the_short_name_is_the_one_asked_for(tmp_path: Path):
    assert read(write(tmp_path, sound()), study="MINE").study["short_name"] == "MINE"


def test_one_site_may_be_told(tmp_path: Path):
    tables = {"dm": [{k: v for k, v in row.items() if k != "SITEID"} for row in sound()["dm"]]}
    write(tmp_path, tables)
    with pytest.raises(UserError, match="a participant number and a site"):
        read(tmp_path)
    assert preview(read(tmp_path, site="01"))["sites"] == {"01": 3}


def test_arms_without_codes_and_in_place_of_arms(tmp_path: Path):
    dm = sound()["dm"]
    for row, arm in zip(dm, ("Active", "Not Assigned", "筛选失败"), strict=True):
        for name in ("ARMCD", "ACTARMCD", "ACTARM"):
            del row[name]
        row["ARM"] = arm
    tables: dict[str, Table] = {"dm": dm, "ta": sound()["ta"]}
    figures = preview(read(write(tmp_path, tables)))
    assert (figures["arms"], figures["screen_failures"]) == ({"Placebo": 0, "Active": 1}, 1)


def test_missing_marks_of_other_programs_are_no_values(tmp_path: Path):
    tables = sound()
    for row in tables["ae"]:
        row |= {"AEENDTC": "NA", "AEACN": "NA", "AESTDY": "."}
    contents = read(write(tmp_path, tables))
    event = one(contents, "safety.adverse_event", "S1-1", "1")
    assert not {"ended_on", "action_taken"} & event.values.keys()
    assert "., NA stands for a missing value in this file; such cells are taken as empty." in words(contents)


def test_what_is_not_understood_is_left_out_and_told(tmp_path: Path):
    tables = sound()
    tables["ae"][0] |= {"AESEV": "AWFUL", "AESER": "PERHAPS", "AESTDTC": "2024-02-31", "AETOXGR": "3"}
    tables["ae"][1] |= {"AETERM": ""}
    tables["ds"][0] |= {"DSCAT": "SOMETHING"}
    tables["ds"][1] |= {"DSCAT": ""}
    tables["ti"][0] |= {"IECAT": "?"}
    tables["tv"][0] |= {"VISITNUM": ""}
    tables["suppdm"][0] |= {"QVAL": "Klingon"}
    tables["ts"][1] |= {"TSVAL": "FOG"}
    contents = read(write(tmp_path, tables))
    event = one(contents, "safety.adverse_event", "S1-1", "1")
    assert event.values["grade"] == 3
    assert not {"severity", "serious", "started_on"} & event.values.keys()
    assert preview(contents)["adverse_events"] == 1
    said = words(contents)
    for sentence in (
        "The severity AWFUL is none of mild, moderate, severe; it is left out.",
        "PERHAPS is neither yes nor no; it is left out.",
        "2024-02-31 is not in the calendar; it is left out.",
        "An event without a term is not brought in.",
        "The category SOMETHING is not known here; it is left out.",
        "DSCAT is missing; COMPLETED is taken as its usual category.",
        "The category ? is neither inclusion nor exclusion; the criterion is not brought in.",
        "A planned visit without number is not brought in.",
        "ITT = Klingon is no population flag; not brought in.",
        "The blinding FOG is not known here; it is left out.",
    ):
        assert sentence in said


def test_visits_that_did_not_happen_do_not_count(tmp_path: Path):
    tables = sound()
    tables["sv"][1] |= {"SVOCCUR": "N", "SVSTDTC": "", "SVENDTC": ""}
    contents = read(write(tmp_path, tables))
    assert preview(contents)["visits"] == 5
    assert one(contents, "enrollment.visit", "S1-1", "2").values["happened"] is False


def test_visits_planned_by_arm_are_linked_by_arm(tmp_path: Path):
    tables = sound()
    tables["tv"] = [row | {"ARMCD": arm} for arm in ("A", "P") for row in tables["tv"]]
    contents = read(write(tmp_path, tables))
    assert one(contents, "enrollment.visit", "S1-1", "2").links["planned_visit"][1] == ("2", "A")
    assert preview(contents)["planned_visits"] == 2


def test_no_consent_is_counted_not_invented(tmp_path: Path):
    tables = sound()
    for row in tables["dm"]:
        row["RFICDTC"] = ""
    tables["ds"].append(
        tables["ds"][0] | {"DSSEQ": "2", "DSDECOD": "INFORMED CONSENT OBTAINED", "DSCAT": "PROTOCOL MILESTONE"}
    )
    contents = read(write(tmp_path, tables))
    assert "No informed consent is recorded for 2 of 3 participants." in words(contents)
    assert not any("informed_consent_on" in row.values for row in contents.rows)


def test_a_blinded_study_with_codes_becomes_unblinded(tmp_path: Path):
    tables = sound()
    tables["ts"][1]["TSVAL"] = "DOUBLE BLIND"
    contents = read(write(tmp_path, tables))
    assert (contents.study["blinding"], contents.study["unblinded"]) == ("double", True)
    assert any(
        said.startswith("The data hold treatment codes: the study becomes unblinded") for said in words(contents)
    )
    for row in tables["dm"]:
        for name in ("ARM", "ARMCD", "ACTARM", "ACTARMCD"):
            del row[name]
    other = tmp_path / "blind"
    other.mkdir()
    assert read(write(other, {"dm": tables["dm"], "ts": tables["ts"]})).study["unblinded"] is False


def test_without_demographics_nothing_is_read(tmp_path: Path):
    with pytest.raises(UserError, match="No demographics"):
        read(tmp_path)
    with pytest.raises(UserError, match="no such file or folder"):
        read(tmp_path / "none")
    with pytest.raises(UserError, match="No demographics"):
        read(write(tmp_path, {"ae": sound()["ae"]}))
    (tmp_path / "dm.csv").write_text("STUDYID,DOMAIN,USUBJID,SITEID\n")
    with pytest.raises(UserError, match="hold no participant"):
        read(tmp_path)


def test_a_dataset_that_cannot_be_read_stops_the_import(tmp_path: Path):
    write(tmp_path, sound())
    (tmp_path / "ae.csv").write_bytes(b"PK\x03\x04")
    with pytest.raises(UserError, match="zip archive"):
        read(tmp_path)
    (tmp_path / "ae.csv").write_text("STUDYID,DOMAIN,AETERM\nS1,AE,Headache\n")
    with pytest.raises(UserError, match="AE has no column USUBJID"):
        read(tmp_path)


def test_an_unreadable_table_that_may_be_anything_is_told(tmp_path: Path):
    write(tmp_path, sound())
    (tmp_path / "scan.csv").write_bytes(b"%PDF-1.7")
    assert "Not read: This is a PDF document, not a table in text form." in words(read(tmp_path))
    with pytest.raises(UserError, match="PDF document"):
        read(tmp_path / "scan.csv")


def test_problems_are_told_in_the_language_in_force(tmp_path: Path):
    with speaking("zh"):
        assert "没有伦理委员会批准的记录。" in words(read(write(tmp_path, sound())))


def test_reading_is_linear(tmp_path: Path):
    def calls(times: int) -> int:
        folder = tmp_path / str(times)
        folder.mkdir()
        tables = sound()
        for name in ("dm", "sv", "ae"):
            tables[name] = [row | {"USUBJID": f"{row['USUBJID']}-{n}"} for n in range(times) for row in tables[name]]
        write(folder, {name: tables[name] for name in ("dm", "sv", "ae")})
        made = 0

        def count(_frame: object, what: str, _about: object) -> None:
            nonlocal made
            made += what in {"call", "c_call"}

        before = sys.getprofile()
        sys.setprofile(count)
        try:
            read(folder)
        finally:
            sys.setprofile(before)
        return made

    assert calls(160) < calls(20) * 8 * 1.1
