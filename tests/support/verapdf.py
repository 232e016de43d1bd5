"""Verdicts of veraPDF, the reference validator of PDF/A and PDF/UA, which `packaging/verapdf` brings."""

from __future__ import annotations

import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

JAR = Path(__file__).parents[2] / ".cache" / "verapdf" / "cli-1.30.2.jar"

NOT_JUDGED = "veraPDF is not here (packaging/verapdf): PDF/A-2u and PDF/UA-1 were not judged"

Flavour = Literal["1b", "2b", "2u", "ua1"]


@dataclass(frozen=True)
class Verdict:
    """`failures` name each rule that failed: its clause, its number, and what was found the first time."""

    compliant: bool
    failures: list[str]


def is_here() -> bool:
    """Whether it can be asked; where not, a test says `NOT_JUDGED` and skips."""
    return JAR.is_file()


def verdicts(paths: Iterable[Path], flavour: Flavour) -> dict[Path, Verdict]:
    """Judge files against one profile, all in one Java.

    A file that cannot be parsed is not compliant; its failure says why.

    Raises RuntimeError if veraPDF itself fails, FileNotFoundError if Java or it is not here.
    """
    asked = {path.resolve(): path for path in paths}
    if not is_here():
        raise FileNotFoundError(JAR)
    if not asked:
        return {}
    words = ["java", "-Xshare:auto", "-jar", JAR, "--flavour", flavour, "--format", "xml", "--nonpdfext",
             "--maxfailuresdisplayed", "1", *asked]  # fmt: skip
    answer = subprocess.run(words, capture_output=True, check=False)
    try:
        jobs = ET.fromstring(answer.stdout).findall("jobs/job")
    except ET.ParseError as error:
        raise RuntimeError(answer.stderr.decode(errors="replace")) from error
    judged = {asked[Path(job.findtext("item/name", "")).resolve()]: _verdict(job) for job in jobs}
    if len(judged) != len(asked):
        unjudged = set(asked.values()) - set(judged)
        raise RuntimeError(f"no verdict on {sorted(map(str, unjudged))}: {answer.stderr.decode(errors='replace')}")
    return judged


def _verdict(job: ET.Element) -> Verdict:
    report = job.find("validationReport")
    if report is None:
        return Verdict(compliant=False, failures=[job.findtext("taskException/exceptionMessage", "not judged")])
    failures = [
        f"{rule.get('clause')}-{rule.get('testNumber')}: "
        f"{rule.findtext('check/errorMessage') or rule.findtext('description', '')} "
        f"at {rule.findtext('check/context', '?')}"
        for rule in report.findall("details/rule")
    ]
    return Verdict(compliant=report.get("isCompliant") == "true", failures=failures)
