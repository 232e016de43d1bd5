"""A folder of SDTM datasets → rows, problems and counts. The only module that knows the order of reading."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import N_, _
from trialdesk.exchange.findings import Findings
from trialdesk.exchange.rows import Contents, Row
from trialdesk.exchange.sdtm import contradictions, design, events, subjects
from trialdesk.exchange.sdtm.datasets import Dataset, Source, find
from trialdesk.exchange.sdtm.domains import EXPECTED
from trialdesk.exchange.sdtm.subjects import People


def read(where: Path | Sequence[Path], *, study: str | None = None, site: str | None = None) -> Contents:
    """Read SDTM (CSV) from a folder, a file or several: DM, and DS SV AE EX SUPPDM TA TE TI TS TV as far as given.

    `study` is the short name to use in place of STUDYID; where the data hold several studies, it chooses one of them.
    `site` is the number of the one site where the data name none.
    Nothing is written and nothing invented: what is odd, contradictory, left out or missing is a problem. Raises
    UserError if there is no DM or a dataset cannot be read, Environment if the system refuses.
    """
    findings = Findings()
    source = find(where, findings)
    name = _one_study(source, study, findings)
    demographics = source.of("DM")[0]

    arms = design.arms(source, findings)
    planned = list(design.planned_visits(source, arms, findings))
    criteria = list(design.criteria(source, findings))
    people = subjects.people(source, arms, site, findings)
    happenings = [
        *subjects.populations(source, people, findings),
        *events.dispositions(source, people, findings),
        *events.visits(source, planned, people, findings),
        *events.exposures(source, people, findings),
        *events.adverse_events(source, people, findings),
    ]
    trial = design.study(source, name, (demographics.file, 1), findings)
    exposed = any(row.kind == events.EXPOSURE_KIND and "treatment" in row.values for row in happenings)
    trial.values["unblinded"] = bool(people.treatments) or exposed

    contradictions.look(source, people, happenings, findings)
    contradictions.study_days(source, people, findings)
    _blinding(trial, demographics, findings)
    _missing(people, happenings, demographics, findings)
    _left(source, findings)

    rows = [
        trial,
        *people.sites.values(),
        *arms.rows.values(),
        *planned,
        *criteria,
        *people.rows.values(),
        *people.treatments.values(),
        *happenings,
    ]
    return Contents(rows, findings.problems(), _figures(people, arms, planned, happenings))


def preview(contents: Contents) -> dict[str, object]:
    """Return what an import would bring: counts, arms and sites with their participants, problems. Keys are stable.

    `visits` are those that happened, `planned_visits` the visits of the plan however many arms have them, `arms` the
    treatment arms with the participants planned for each.
    """
    return {**contents.summary, "problems": [problem.as_json() for problem in contents.problems]}


def _one_study(source: Source, wanted: str | None, findings: Findings) -> str:
    """Return the study's short name, and keep out rows of other studies."""
    found = Counter(
        text for dataset in source.of("DM") for line in dataset.sheet.rows if (text := dataset.text(line, "STUDYID"))
    )
    if len(found) > 1 and wanted not in found:
        raise UserError(
            _("The data hold several studies: {names}.").format(names=", ".join(found)),
            where=source.of("DM")[0].file,
            remedy=_("Name one of them as the study, or import each from a folder of its own."),
        )
    chosen = wanted if wanted is not None and wanted in found else next(iter(found), "")
    for datasets in source.datasets.values():
        for dataset in datasets:
            kept = [line for line in dataset.sheet.rows if dataset.text(line, "STUDYID") in ("", chosen)]
            if chosen and len(kept) < len(dataset.sheet.rows):
                findings.add(
                    dataset.file,
                    N_("{count} rows belong to another study than {study}; they are not brought in."),
                    column=dataset.heading("STUDYID"),
                    count=len(dataset.sheet.rows) - len(kept),
                    study=chosen,
                )
                dataset.sheet.rows[:] = kept
    if not (wanted or chosen):
        findings.add(source.of("DM")[0].file, N_("The data do not name their study."))
    return wanted or chosen


def _blinding(trial: Row, demographics: Dataset, findings: Findings) -> None:
    if trial.values["unblinded"] and trial.values.get("blinding") != "open":
        findings.add(
            demographics.file,
            N_("The data hold treatment codes: the study becomes unblinded, its arms are open to all who may see it."),
        )


def _missing(people: People, happenings: Sequence[Row], demographics: Dataset, findings: Findings) -> None:
    """List what an import does not invent: consent, eligibility, approval; and datasets that are not there."""
    file = demographics.file
    consented = {
        row.links["participant"][1][0]
        for row in happenings
        if row.kind == events.DISPOSITION_KIND and row.values.get("reason") == "INFORMED CONSENT OBTAINED"
    }
    dated = {key for key, row in people.rows.items() if "informed_consent_on" in row.values}
    without = people.rows.keys() - dated - consented
    if without:
        findings.add(
            file,
            N_("No informed consent is recorded for {count} of {all} participants."),
            column="RFICDTC",
            count=len(without),
            all=len(people.rows),
        )
    findings.add(
        file, N_("No assessment of eligibility is recorded for any of {all} participants."), all=len(people.rows)
    )
    findings.add(file, N_("No approval by an ethics committee is recorded."))


def _left(source: Source, findings: Findings) -> None:
    absent = [domain for domain in EXPECTED if not source.of(domain)]
    if absent:
        findings.add(source.of("DM")[0].file, N_("Datasets not given: {names}."), names=", ".join(absent))
    for datasets in source.datasets.values():
        for dataset in datasets:
            if dataset.domain == "TE":
                sentence = N_("{domain} is not brought in ({count} rows).")
                findings.add(dataset.file, sentence, domain="TE", count=len(dataset.sheet.rows))
            elif left := dataset.left():
                findings.add(dataset.file, N_("Columns not brought in: {names}."), names=", ".join(left))


def _figures(people: People, arms: design.Arms, planned: Sequence[Row], happenings: Sequence[Row]) -> dict[str, object]:
    allocated = Counter(people.arm(key) for key in people.rows)
    at_sites = Counter(row.links["site"][1][0] for row in people.rows.values() if "site" in row.links)
    failed = people.failed | {
        row.links["participant"][1][0]
        for row in happenings
        if row.kind == events.DISPOSITION_KIND
        and str(row.values.get("reason", "")).upper() == "SCREEN FAILURE"
        and row.links["participant"][1][0] not in people.treatments
    }
    by_arm: Counter[str] = Counter()
    for code, row in arms.rows.items():
        by_arm[str(row.values.get("name", code))] += allocated[code]
    return {
        "participants": len(people.rows),
        "screen_failures": len(failed),
        "visits": sum(row.kind == events.VISIT_KIND and row.values["happened"] is True for row in happenings),
        "planned_visits": len({row.key[0] for row in planned}),
        "adverse_events": sum(row.kind == events.EVENT_KIND for row in happenings),
        "arms": dict(by_arm),
        "sites": {str(site.values.get("name", number)): at_sites[number] for number, site in people.sites.items()},
    }
