"""Files → SDTM datasets: which are there, which domain each holds, and typed reading of their rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import field, replace
from functools import cached_property
from pathlib import Path

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import N_, _
from trialdesk.base.values import dataclass
from trialdesk.exchange import cells, tabular
from trialdesk.exchange.cells import MISSING, CellType, Reader, Value
from trialdesk.exchange.dates import evidence
from trialdesk.exchange.findings import Findings
from trialdesk.exchange.sdtm.domains import MARKS, REQUIRED, Take
from trialdesk.exchange.sdtm.headings import variable
from trialdesk.exchange.tabular import Line, Sheet

_TABLES = frozenset({".csv", ".tsv", ".txt", ".psv", ".ssv", ".dat"})


@dataclass
class Dataset:
    """One file of one domain, its cells trimmed. Reading a variable marks it as brought in; `left` names the others."""

    domain: str
    sheet: Sheet
    findings: Findings
    used: set[str] = field(default_factory=lambda: {"STUDYID", "DOMAIN", "RDOMAIN", "USUBJID"})

    @property
    def file(self) -> str:
        """Return the file's name as problems show it."""
        return self.sheet.name

    @cached_property
    def places(self) -> dict[str, int]:
        """Return variable → column."""
        names = [variable(column) for column in self.sheet.columns]
        exact = {column.upper(): at for at, column in enumerate(self.sheet.columns)}
        translated: dict[str, int] = {}
        for at, name in enumerate(names):
            if name not in exact:
                translated.setdefault(name, at)
        return {**translated, **exact}

    def heading(self, name: str) -> str:
        """Return the heading of a variable as it stands in the file."""
        return self.sheet.columns[self.places[name]]

    def has(self, name: str) -> bool:
        """Say whether the dataset has the variable."""
        return name in self.places

    def text(self, line: Line, name: str) -> str:
        """Return the text of a variable, "" where there is none."""
        at = self.places.get(name)
        if at is None:
            return ""
        self.used.add(name)
        return line.cells[at]

    def reader(self, name: str, kind: CellType) -> Callable[[Line], Value | None]:
        """Return a function reading the variable from a line as `kind`; None where it is absent or does not fit."""
        at = self.places.get(name)
        if at is None:
            return lambda _line: None
        read = self._reader(name, kind)
        return lambda line: read(text, line.number) if (text := line.cells[at]) else None

    def drawer(self, takes: Iterable[Take]) -> Callable[[Line], dict[str, object]]:
        """Return a function giving the fields that a line fills; the others have no entry."""
        plan = [
            (take.field, self.places[take.variable], self._reader(take.variable, take.type))
            for take in takes
            if self.has(take.variable)
        ]

        def draw(line: Line) -> dict[str, object]:
            number, cells = line.number, line.cells
            return {
                name: value
                for name, at, read in plan
                if (text := cells[at]) and (value := read(text, number)) is not None
            }

        return draw

    def _reader(self, name: str, kind: CellType) -> Reader:
        self.used.add(name)
        dated = kind == "partial"
        return cells.reader(
            kind,
            file=self.file,
            column=self.heading(name),
            findings=self.findings,
            texts=self._texts(name) if dated else (),
            beside=(evidence(self._texts(other)) for other in self.places if other.endswith("DTC")),
        )

    def _texts(self, name: str) -> set[str]:
        at = self.places[name]
        return {line.cells[at] for line in self.sheet.rows}

    def left(self) -> list[str]:
        """Return the headings of columns that hold something and were never read."""
        used = {self.places[name] for name in self.used if name in self.places}
        return [
            heading
            for at, heading in enumerate(self.sheet.columns)
            if at not in used and any(line.cells[at] for line in self.sheet.rows)
        ]


@dataclass(frozen=True)
class Source:
    """All datasets of an import by domain (a domain may come in several files), in the order of their names."""

    datasets: dict[str, list[Dataset]]

    def of(self, domain: str) -> list[Dataset]:
        """Return the datasets of a domain, none if it was not given."""
        return self.datasets.get(domain, [])


def find(where: Path | Sequence[Path], findings: Findings) -> Source:
    """Read the datasets of a folder (not of folders in it), of one file, or of several.

    Files that hold something else are listed. Raises UserError if there is no DM, or if a dataset named as one of ours
    cannot be read; Environment if the system refuses.
    """
    datasets: dict[str, list[Dataset]] = {}
    unread: list[UserError] = []
    for path in _files(where, findings):
        try:
            dataset = _dataset(path, findings)
        except UserError as error:
            if path.stem.upper() in REQUIRED:
                raise
            findings.add(path.name, N_("Not read: {words}"), words=error.words)
            unread.append(error)
            continue
        if dataset is not None:
            datasets.setdefault(dataset.domain, []).append(dataset)
    if "DM" not in datasets:
        if unread:
            raise unread[0]
        place = where if isinstance(where, Path) else where[0].parent if where else Path()
        raise UserError(
            _("No demographics (DM) are among the files; without them there are no participants."),
            where=str(place),
            remedy=_("Choose the folder in which the SDTM datasets lie as CSV files (dm.csv and others)."),
        )
    return Source(datasets)


def _files(where: Path | Sequence[Path], findings: Findings) -> list[Path]:
    if not isinstance(where, Path):
        return list(where)
    if not where.exists():
        raise UserError(_("There is no such file or folder."), where=str(where), remedy=_("Check the name."))
    if not where.is_dir():
        return [where]
    inside = sorted((path for path in where.iterdir() if path.is_file()), key=lambda path: path.name.lower())
    other = [path.name for path in inside if path.suffix.lower() not in _TABLES and not path.name.startswith(".")]
    if other:
        findings.add(where.name, N_("Not CSV files, not read: {names}."), names=", ".join(other))
    return [path for path in inside if path.suffix.lower() in _TABLES and not path.name.startswith(".")]


def _dataset(path: Path, findings: Findings) -> Dataset | None:
    named = path.stem.upper() if path.stem.upper() in REQUIRED else None
    own = Findings()
    sheet = _tidy(tabular.read(path, own), own)
    dataset = Dataset("", sheet, findings)
    domain = _domain(dataset) or named or _by_marks(dataset)
    if domain is None:
        findings.add(path.name, N_("The table is no SDTM dataset known here; not brought in."))
        return None
    if domain not in REQUIRED:
        findings.add(path.name, N_("{domain} is not brought in ({count} rows)."), domain=domain, count=len(sheet.rows))
        return None
    lacking = [" / ".join(group) for group in REQUIRED[domain] if not any(map(dataset.has, group))]
    if lacking:
        words = _("The dataset {domain} has no column {columns}.").format(domain=domain, columns=", ".join(lacking))
        raise UserError(words, where=path.name, remedy=_("Export it again with its SDTM variable names as headings."))
    findings.extend(own.problems())
    dataset.domain = domain
    if named is not None and named != domain:
        findings.add(path.name, N_("The file is named {named}, but holds {domain}."), named=named, domain=domain)
    return dataset


def _tidy(sheet: Sheet, findings: Findings) -> Sheet:
    """Trim all cells, and empty those holding what this file writes for a missing date or number."""
    rows = [Line(line.number, tuple(map(str.strip, line.cells))) for line in sheet.rows]
    marks: set[str] = set()
    for at, column in enumerate(sheet.columns):
        name = variable(column)
        if name.endswith(("DTC", "DY", "SEQ", "VISITNUM", "DOSE")) or name == "AGE":
            marks |= MISSING & {line.cells[at] for line in rows}
    if marks:
        findings.add(
            sheet.name,
            N_("{marks} stands for a missing value in this file; such cells are taken as empty."),
            marks=", ".join(sorted(marks)),
        )
        rows = [Line(line.number, tuple("" if cell in marks else cell for cell in line.cells)) for line in rows]
    return replace(sheet, rows=rows)


def _domain(dataset: Dataset) -> str | None:
    """Return what the dataset calls itself in DOMAIN or, if it supplements another, in RDOMAIN."""
    for name, prefix in (("DOMAIN", ""), ("RDOMAIN", "SUPP")):
        if (at := dataset.places.get(name)) is not None and (name == "DOMAIN" or dataset.has("QNAM")):
            said = Counter(line.cells[at].upper() for line in dataset.sheet.rows if line.cells[at])
            if said:
                return prefix + said.most_common(1)[0][0]
    return None


def _by_marks(dataset: Dataset) -> str | None:
    return next((domain for domain, names in MARKS if all(map(dataset.has, names))), None)
