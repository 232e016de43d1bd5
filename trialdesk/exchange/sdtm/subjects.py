"""DM and SUPPDM → sites, participants, their treatment arms and analysis populations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import N_, _
from trialdesk.base.values import dataclass
from trialdesk.enrollment.records import Participant, Treatment
from trialdesk.exchange.cells import flag
from trialdesk.exchange.findings import Findings
from trialdesk.exchange.rows import Key, Row
from trialdesk.exchange.sdtm.datasets import Dataset, Source
from trialdesk.exchange.sdtm.design import ARM, Arms
from trialdesk.exchange.sdtm.domains import PARTICIPANT, SCREEN_FAILURE, SEX_CODES, SEXES
from trialdesk.exchange.sdtm.headings import age_unit, bare
from trialdesk.exchange.sdtm.keys import Keys
from trialdesk.exchange.tabular import Line

SITE = "studies.site"
PARTICIPANT_KIND = "enrollment.participant"
TREATMENT = "enrollment.treatment"
PLANNED_IN = ("ARMCD", "ARM")
ACTUAL_IN = ("ACTARMCD", "ACTARM")
"""The variables that name an arm, by code and by name."""
POPULATION = "enrollment.population"


@dataclass
class People:
    """Everybody in DM: rows by key, the sites, the treatments, and who failed screening by what stands for the arm."""

    sites: dict[str, Row] = field(default_factory=dict)
    rows: dict[str, Row] = field(default_factory=dict)
    treatments: dict[str, Row] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)

    def link(self, key: str) -> tuple[str, Key]:
        """Return the link to a participant."""
        return PARTICIPANT_KIND, (key,)

    def arm(self, key: str) -> str | None:
        """Return the code of a participant's planned arm."""
        row = self.treatments.get(key)
        link = row.links.get("planned_arm") if row else None
        return link[1][0] if link else None


def people(source: Source, known_arms: Arms, only_site: str | None, findings: Findings) -> People:
    """Read DM. A participant who is there twice is one participant; the second row is listed with what differs in it.

    `only_site` is the site of those who have none in the data. Raises UserError if no participant is left.
    """
    found = People()
    for dataset in source.of("DM"):
        draw = dataset.drawer(PARTICIPANT)
        unit = age_unit(dataset.heading("AGE")) if dataset.has("AGE") and not dataset.has("AGEU") else None
        for line in dataset.sheet.rows:
            key = dataset.text(line, "USUBJID") or dataset.text(line, "SUBJID")
            if not key:
                findings.add(dataset.file, N_("A row without participant number is not brought in."), line.number)
                continue
            site = dataset.text(line, "SITEID") or only_site
            if not site:
                sentence = N_("{participant} has no site; the row is not brought in.")
                findings.add(dataset.file, sentence, line.number, participant=key)
                continue
            values = draw(line)
            values.setdefault("number", key)
            values.setdefault("identifier", key)
            _sex(dataset, line, values, findings)
            if unit and "age" in values:
                values["age_unit"] = unit
            values["imported"] = True
            if key in found.rows:
                _again(dataset, line, values, found, known_arms)
                continue
            links = _site(dataset, line, site, values, found)
            found.rows[key] = Row(PARTICIPANT_KIND, (key,), values, links, (dataset.file, line.number))
            _treatment(dataset, line, key, found, known_arms)
    if not found.rows:
        file = source.of("DM")[0].file
        if any(dataset.sheet.rows for dataset in source.of("DM")):
            words = _("No row of the demographics (DM) has both a participant number and a site.")
            raise UserError(
                words, where=file, remedy=_("Name the site if there is only one, or add the column SITEID.")
            )
        raise UserError(_("The demographics (DM) hold no participant."), where=file, remedy=_("Export them again."))
    _one_country(found, findings)
    return found


def _again(dataset: Dataset, line: Line, values: dict[str, object], found: People, known_arms: Arms) -> None:
    key = dataset.text(line, "USUBJID") or dataset.text(line, "SUBJID")
    first = found.rows[key]
    sides = [
        (Participant.FIELDS[name].label, first.values.get(name), values.get(name))
        for name in sorted(values.keys() | first.values.keys())
    ]
    treated = found.treatments.get(key)
    for name, variables in (("planned_arm", PLANNED_IN), ("actual_arm", ACTUAL_IN)):
        before = treated.links.get(name) if treated else None
        here = known_arms.named(dataset, line, *variables)
        sides.append((Treatment.FIELDS[name].label, before[1][0] if before else None, here))
    differing = [
        f"{_(label)} {'–' if before is None else before} ≠ {'–' if here is None else here}"
        for label, before, here in sides
        if before != here
    ]
    known_arms.findings.add(
        dataset.file,
        N_("{participant} was in {file} row {first} already; this row is not brought in. Differing: {differing}."),
        line.number,
        participant=first.key[0],
        file=first.source[0],
        first=first.source[1],
        differing="; ".join(differing) or "–",
    )


def _sex(dataset: Dataset, line: Line, values: dict[str, object], findings: Findings) -> None:
    sex = values.get("sex")
    if sex is None or sex in SEX_CODES:
        return
    known = SEXES.get(bare(str(sex))) or (str(sex).upper() if str(sex).upper() in SEX_CODES else None)
    if known is None:
        sentence = N_("The sex {text} is none of CDISC's codes; it is kept as it stands.")
        findings.add(dataset.file, sentence, line.number, dataset.heading("SEX"), text=sex)
    else:
        values["sex"] = known


def _site(
    dataset: Dataset, line: Line, number: str, values: dict[str, object], found: People
) -> dict[str, tuple[str, Key]]:
    country = values.get("country")
    site = found.sites.get(number)
    if site is None:
        site = found.sites[number] = Row(SITE, (number,), {"number": number}, {}, (dataset.file, line.number))
    if country is not None and site.values.setdefault("country", country) != country:
        site.values["country"] = ""
    return {"site": (SITE, (number,))}


def _one_country(found: People, findings: Findings) -> None:
    for site in found.sites.values():
        if site.values.get("country") == "":
            del site.values["country"]
            findings.add(
                site.source[0],
                N_("Participants of site {site} have different countries; the site's is left out."),
                site=site.key[0],
            )


def _treatment(dataset: Dataset, line: Line, key: str, found: People, known_arms: Arms) -> None:
    stated = [dataset.text(line, name) for name in ("ARMCD", "ARM", "ARMNRS")]
    planned = known_arms.code(dataset, line, *PLANNED_IN)
    actual = known_arms.code(dataset, line, *ACTUAL_IN)
    if planned is None and any(bare(text) in SCREEN_FAILURE for text in stated):
        found.failed.add(key)
    links = {"participant": found.link(key)}
    if planned:
        links["planned_arm"] = (ARM, (planned,))
    if actual:
        links["actual_arm"] = (ARM, (actual,))
    if planned or actual:
        found.treatments[key] = Row(TREATMENT, (key,), {}, links, (dataset.file, line.number))


def populations(source: Source, found: People, findings: Findings) -> Iterator[Row]:
    """Yield the yes-or-no flags of SUPPDM; its other values are listed as not brought in."""
    keys = Keys(findings)
    for dataset in source.of("SUPPDM"):
        for line in dataset.sheet.rows:
            key, code = dataset.text(line, "USUBJID"), dataset.text(line, "QNAM")
            label, text = dataset.text(line, "QLABEL"), dataset.text(line, "QVAL")
            if not known(key, dataset, line, found, findings):
                continue
            included = flag(text)
            if included is None or not code:
                sentence = N_("{code} = {text} is no population flag; not brought in.")
                findings.add(dataset.file, sentence, line.number, "QVAL", code=code, text=text)
                continue
            values: dict[str, object] = {"code": code, "included": included, **({"label": label} if label else {})}
            natural = keys.take((key, code), dataset.file, line.number)
            yield Row(POPULATION, natural, values, {"participant": found.link(key)}, (dataset.file, line.number))


def known(key: str, dataset: Dataset, line: Line, found: People, findings: Findings) -> bool:
    """Say whether a row's participant is in DM; if not, list the row as not brought in."""
    if key in found.rows:
        return True
    sentence = N_("{participant} is not in DM; the row is not brought in.")
    column = dataset.heading("USUBJID")
    findings.add(dataset.file, sentence, line.number, column, participant=key or "–")
    return False
