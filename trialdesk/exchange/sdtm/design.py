"""Trial design datasets (TS TA TV TI) → the study, its arms, planned visits and criteria."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from decimal import Decimal

from trialdesk.base.i18n import N_
from trialdesk.base.values import dataclass
from trialdesk.exchange.cells import plain, reader
from trialdesk.exchange.findings import Findings
from trialdesk.exchange.rows import STUDY, Row
from trialdesk.exchange.sdtm.datasets import Dataset, Source
from trialdesk.exchange.sdtm.domains import BLINDINGS, CRITERIA, CRITERION, FIGURES, NO_ARM, PLANNED_VISIT, TITLES
from trialdesk.exchange.sdtm.headings import bare
from trialdesk.exchange.sdtm.keys import Keys
from trialdesk.exchange.tabular import Line

ARM = "studies.arm"
PLANNED = "studies.planned_visit"
CRITERIA_KIND = "studies.criterion"


def study(source: Source, short_name: str, origin: tuple[str, int], findings: Findings) -> Row:
    """Return the study's row, told by TS where it is given. Nothing stands in for what TS does not say."""
    values: dict[str, object] = {"short_name": short_name} if short_name else {}
    for dataset in source.of("TS"):
        said = _parameters(dataset)
        origin = (dataset.file, dataset.sheet.header)
        for code, name in TITLES.items():
            if code in said:
                values[name] = "; ".join(text for text, _row in said.pop(code))
        for name, code, kind in FIGURES:
            if code in said:
                text, row = said.pop(code)[0]
                column = dataset.heading("TSVAL")
                read = reader(kind, file=dataset.file, column=column, findings=findings, texts=(text,))
                if (value := read(text, row)) is not None:
                    values[name] = value
        if "TBLIND" in said:
            text, row = said.pop("TBLIND")[0]
            if (blinding := BLINDINGS.get(text.upper().split()[0])) is not None:
                values["blinding"] = blinding
            else:
                findings.add(dataset.file, N_("The blinding {text} is not known here; it is left out."), row, text=text)
        said.pop("STUDYID", None)
        if said:
            findings.add(
                dataset.file,
                N_("Parameters not brought in: {names}."),
                column=dataset.heading("TSPARMCD"),
                names=", ".join(said),
            )
    values["imported"] = True
    return Row(STUDY, (short_name,), values, {}, origin)


def _parameters(dataset: Dataset) -> dict[str, list[tuple[str, int]]]:
    """Return code → what was given for it, with the row. A long value goes on in TSVAL1, TSVAL2 and so on."""
    columns = ["TSVAL", *sorted((n for n in dataset.places if n.startswith("TSVAL") and n[5:].isdigit()), key=_number)]
    dataset.used.add("TSSEQ")
    said: dict[str, list[tuple[str, int]]] = {}
    for line in dataset.sheet.rows:
        code = dataset.text(line, "TSPARMCD").upper()
        text = "".join(dataset.text(line, column) for column in columns)
        if code and text:
            said.setdefault(code, []).append((text, line.number))
    return said


def _number(column: str) -> int:
    return int(column[5:])


@dataclass
class Arms:
    """The arms known so far, in order of first appearance; what stands in place of an arm is none."""

    findings: Findings
    rows: dict[str, Row] = field(default_factory=dict)
    _codes: dict[str, str] = field(default_factory=dict)

    def named(self, dataset: Dataset, line: Line, code_variable: str, name_variable: str) -> str | None:
        """Return the key of the arm a line names by code or name, known or not; None if it names none."""
        code, name = dataset.text(line, code_variable), dataset.text(line, name_variable)
        if not (code or name) or bare(code) in NO_ARM or bare(name) in NO_ARM:
            return None
        return code or self._codes.get(name.casefold(), name)

    def code(self, dataset: Dataset, line: Line, code_variable: str, name_variable: str) -> str | None:
        """Return the key of the arm a line names by code or name, taking it up if it is new; None if it names none."""
        name = dataset.text(line, name_variable)
        code = self.named(dataset, line, code_variable, name_variable)
        if code is None:
            return None
        if code not in self.rows:
            values: dict[str, object] = {"code": code, "name": name or code, "order": len(self.rows) + 1}
            self.rows[code] = Row(ARM, (code,), values, {}, (dataset.file, line.number))
            self._codes.setdefault((name or code).casefold(), code)
        elif name and (known := self.rows[code].values["name"]) != name:
            self.findings.add(
                dataset.file,
                N_("The arm {code} is called {name} here and {known} before; the first name is kept."),
                line.number,
                dataset.heading(name_variable),
                code=code,
                name=name,
                known=known,
            )
        return code


def arms(source: Source, findings: Findings) -> Arms:
    """Return the arms of TA; DM adds those that only occur there."""
    found = Arms(findings)
    for dataset in source.of("TA"):
        for line in dataset.sheet.rows:
            found.code(dataset, line, "ARMCD", "ARM")
    return found


def planned_visits(source: Source, known_arms: Arms, findings: Findings) -> Iterator[Row]:
    """Yield the planned visits of TV, one for an arm where TV gives it for that arm."""
    keys = Keys(findings)
    for dataset in source.of("TV"):
        draw = dataset.drawer(PLANNED_VISIT)
        for line in dataset.sheet.rows:
            values = draw(line)
            number = values.get("number")
            if not isinstance(number, Decimal):
                findings.add(dataset.file, N_("A planned visit without number is not brought in."), line.number)
                continue
            values.setdefault("name", plain(number))
            arm = known_arms.code(dataset, line, "ARMCD", "ARM")
            key = keys.take((plain(number), arm) if arm else (plain(number),), dataset.file, line.number)
            yield Row(PLANNED, key, values, {"arm": (ARM, (arm,))} if arm else {}, (dataset.file, line.number))


def criteria(source: Source, findings: Findings) -> Iterator[Row]:
    """Yield the inclusion and exclusion criteria of TI; versions of a criterion (TIVERS) are told apart."""
    keys = Keys(findings)
    for dataset in source.of("TI"):
        draw = dataset.drawer(CRITERION)
        for line in dataset.sheet.rows:
            values = draw(line)
            if "code" not in values or "text" not in values:
                findings.add(dataset.file, N_("A criterion without code or text is not brought in."), line.number)
                continue
            text = dataset.text(line, "IECAT")
            if (category := CRITERIA.get(text.upper())) is None:
                sentence = N_(
                    "The category {text} is neither inclusion nor exclusion; the criterion is not brought in."
                )
                findings.add(dataset.file, sentence, line.number, "IECAT", text=text or "–")
                continue
            values["category"] = category
            version = dataset.text(line, "TIVERS")
            natural = (str(values["code"]), version) if version else (str(values["code"]),)
            key = keys.take(natural, dataset.file, line.number)
            yield Row(CRITERIA_KIND, key, values, {}, (dataset.file, line.number))
