"""The import contracts of pyproject.toml hold, and each of them can be broken."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.support.checkout import ROOT

# What a newcomer might write, and the contract that answers.
VIOLATIONS = [
    ("studies/actions", "import trialdesk.payments.rules", "Imports point one way"),
    ("base/dates", "import trialdesk.persistence.work", "Imports point one way"),
    ("commandline/words", "import PySide6.QtCore", "Qt lives in desktop only"),
    ("reporting/kit", "import PySide6.QtGui", "Qt lives in desktop only"),
    ("desktop/jobs", "import sqlalchemy", "Screens, reports and the command line never speak SQL"),
    ("reporting/kit", "import sqlalchemy", "Screens, reports and the command line never speak SQL"),
    ("studies/rules/windows", "import sqlalchemy", "Rules never speak SQL"),
    ("desktop/pages/studies", "import trialdesk.studies.records", "Records stay inside the domain"),
    ("desktop/pages/studies", "import trialdesk.desktop.pages.payments", "Pages do not know each other"),
]

# A small house in order, with a room for each contract.
SCAFFOLD = {
    "__init__": "",
    "base/dates": "",
    "persistence/work": "import sqlalchemy\nimport trialdesk.base.dates",
    "studies/records": "import sqlalchemy",
    "studies/rules/windows": "import trialdesk.base.dates",
    "studies/actions": "import trialdesk.studies.records\nimport trialdesk.studies.rules.windows",
    "payments/rules": "import trialdesk.base.dates",
    "reporting/kit": "import trialdesk.base.dates",
    "commandline/words": "import trialdesk.studies.actions",
    "desktop/jobs": "import PySide6.QtCore",
    "desktop/pages/studies": "import PySide6.QtWidgets",
    "desktop/pages/payments": "import trialdesk.desktop.jobs",
    "desktop/pages/catalog": "import trialdesk.desktop.pages.studies\nimport trialdesk.desktop.pages.payments",
}


def knows(package: Path, module: str) -> bool:
    """Whether the module is there, or is imported somewhere: of any other the linter says that it is not present."""
    place = package.parent.joinpath(*module.split("."))
    imports = re.compile(rf"^ *(import|from) {re.escape(module)}\b", re.MULTILINE)
    return (
        "*" in module
        or place.is_dir()
        or place.with_suffix(".py").is_file()
        or any(imports.search(source.read_text(encoding="utf-8")) for source in package.rglob("*.py"))
    )


def lint(package: Path, folder: Path) -> dict[str, str]:
    """Hold `package` against the contracts: what the linter says of each that is broken, by its name.

    `folder` is for what the linter is told: the contracts without what does not exist yet.
    """
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    contracts = told.pop("contracts")
    for contract in contracts:
        for key in {"allowed_importers", "protected_modules"} & contract.keys():
            contract[key] = [one for one in contract[key] if knows(package, one)]
    contracts = [one for one in contracts if one["type"] != "protected" or one["protected_modules"]]
    lines = ["[tool.importlinter]", *(f"{key} = {json.dumps(value)}" for key, value in told.items())]
    for contract in contracts:
        lines.append("[[tool.importlinter.contracts]]")
        lines += [f"{key} = {json.dumps(value)}" for key, value in contract.items()]
    settings = folder / "contracts.toml"
    settings.write_text("\n".join(lines), encoding="utf-8")

    linter = str(Path(sys.executable).with_name("lint-imports"))
    words = [linter, "--no-cache", "--no-logo", "--config", str(settings)]
    done = subprocess.run(words, cwd=package.parent, capture_output=True, text=True, check=False)
    broken = [one["name"] for one in contracts if f"{one['name']} BROKEN" in done.stdout]
    kept = [one["name"] for one in contracts if f"{one['name']} KEPT" in done.stdout]
    assert len(broken) + len(kept) == len(contracts), done.stdout + done.stderr
    return {name: done.stdout.split(f"\n{name}\n---", 1)[1].split("\n---", 1)[0] for name in broken}


def build(folder: Path, modules: dict[str, str]) -> Path:
    for name, text in modules.items():
        place = folder / "trialdesk" / f"{name}.py"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text + "\n", encoding="utf-8")
        for parent in place.relative_to(folder).parents[:-1]:
            (folder / parent / "__init__.py").touch()
    return folder / "trialdesk"


def test_the_contracts_hold(tmp_path: Path):
    assert lint(ROOT / "trialdesk", tmp_path) == {}


def test_a_house_in_order_breaks_none(tmp_path: Path):
    assert lint(build(tmp_path, SCAFFOLD), tmp_path) == {}


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("violations")
    modules = {**SCAFFOLD, "helpers/__init__": "", "ethics/rules": "import trialdesk.ethics.actions"}
    modules["ethics/actions"] = "import trialdesk.ethics.rules"
    for module, text, _contract in VIOLATIONS:
        modules[module] += f"\n{text}"
    return lint(build(folder, modules), folder)


@pytest.mark.parametrize(("module", "text", "contract"), VIOLATIONS)
def test_a_violation_is_answered(answers: dict[str, str], module: str, text: str, contract: str):
    # The linter knows a package from outside by its first name alone.
    imported = text.removeprefix("import ").removesuffix(".QtCore").removesuffix(".QtGui")
    assert f"trialdesk.{module.replace('/', '.')} -> {imported} " in answers[contract]


def test_a_package_without_a_place_is_answered(answers: dict[str, str]):
    assert "trialdesk.helpers" in answers["Imports point one way"]


def test_a_cycle_is_answered(answers: dict[str, str]):
    assert "No cycles are allowed in trialdesk.ethics." in answers["No cycles anywhere"]
