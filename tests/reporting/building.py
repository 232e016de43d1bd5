"""Small studies for documents, brought in as an import brings them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trialdesk.application import Application
from trialdesk.base.ids import Id
from trialdesk.exchange.bringing import bring_in
from trialdesk.exchange.rows import Contents, Key, Row

SITES = (("01", "Harbour Hospital"), ("02", "北京协和医院"))


@dataclass(frozen=True)
class Someone:
    """A participant; with an arm also treated. Ended, if `ending` is given; `events` are (severity, serious, fatal)."""

    number: str
    arm: str = ""
    ending: str = ""
    ended_on: str = "2025-06-01"
    screened_on: str = "2025-01-05"
    started_on: str = "2025-01-20"
    site: str = "01"
    exposed: bool = True
    populations: tuple[str, ...] = ()
    events: tuple[tuple[str, bool, bool], ...] = ()


PEOPLE = (
    Someone("001", "Active", "COMPLETED", populations=("ITT", "SAFETY"), events=(("mild", False, False),) * 2),
    Someone("002", "Active", "LOST TO FOLLOW-UP", populations=("ITT",)),
    Someone("003", "Active", "MOVED TO ANOTHER TOWN", populations=("ITT",), site="02"),
    Someone("004", "Placebo", "COMPLETED", populations=("ITT", "SAFETY"), events=(("severe", True, True),)),
    Someone("005", "Placebo", populations=("ITT",), exposed=False, site="02"),
    Someone("006", ending="SCREEN FAILURE", ended_on="2025-01-10"),
    Someone("007"),
)


def bring(
    desk: Application,
    people: Sequence[Someone] = PEOPLE,
    *,
    name: str = "HARBOUR",
    arms: Sequence[str] = ("Active", "Placebo"),
    sites: Sequence[tuple[str, str]] = SITES,
    unblinded: bool = True,
    title: str = "",
) -> Id:
    """Bring a study in and return it. Without `unblinded` its participants have no open treatment."""
    study: dict[str, object] = {"short_name": name, "unblinded": unblinded, "blinding": "double"}
    rows = [Row("studies.study", (name,), {**study, **({"title": title} if title else {})}, {}, ("", 1))]
    rows += [Row("studies.site", (number,), {"number": number, "name": words}, {}, ("", 1)) for number, words in sites]
    rows += [
        Row("studies.arm", (arm,), {"code": arm, "name": arm, "order": order}, {}, ("", 1))
        for order, arm in enumerate(arms)
    ]
    for someone in people:
        rows += _rows(someone, unblinded=unblinded)
    brought: Id = desk.run(bring_in, study=None, contents=Contents(rows, []), short_name=name).result.study
    return brought


def _rows(someone: Someone, *, unblinded: bool) -> list[Row]:
    key: Key = (someone.number,)
    who: dict[str, tuple[str, Key]] = {"participant": ("enrollment.participant", key)}
    values: dict[str, object] = {
        "number": someone.number,
        "identifier": f"{someone.site}-{someone.number}",
        "screened_on": someone.screened_on,
        "sex": "F",
        "age": 61,
        "age_unit": "YEARS",
    }
    if someone.arm:
        values["reference_start"] = someone.started_on
        if someone.exposed:
            values["first_exposure"] = someone.started_on
    rows = [Row("enrollment.participant", key, values, {"site": ("studies.site", (someone.site,))}, ("", 1))]
    if someone.arm and unblinded:
        arm = ("studies.arm", (someone.arm,))
        rows.append(Row("enrollment.treatment", key, {}, {**who, "planned_arm": arm, "actual_arm": arm}, ("", 1)))
    if someone.ending:
        ending: dict[str, object] = {"category": "event", "reason": someone.ending, "occurred_on": someone.ended_on}
        rows.append(Row("enrollment.disposition", key, ending, who, ("", 1)))
    rows += [
        Row("enrollment.population", (*key, code), {"code": code, "included": True}, who, ("", 1))
        for code in someone.populations
    ]
    for index, (severity, serious, fatal) in enumerate(someone.events):
        event: dict[str, object] = {
            "term": "Headache",
            "severity": severity,
            "serious": serious,
            "fatal": fatal,
            "started_on": "2025-03-01",
        }
        rows.append(Row("safety.adverse_event", (*key, str(index)), event, who, ("", 1)))
    return rows
