"""What a new version of terms is begun from: a commented sample for the study's visits, or the version before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import yaml

from trialdesk.base.i18n import language
from trialdesk.base.money import exponent_of
from trialdesk.base.places import resources

USUAL_VISITS = ("V1", "V2")
_SAMPLE = 1000
"""What a visit is worth in the sample, in whole units of the currency."""

_VISIT = """\
  - code: {code}
    kind: visit
    trigger: {{fact: visit_done, visit: {visit}}}
    per: subject
    amount: {{fixed: "{amount}"}}
    require: [consent_valid(unit.date), not voided(subject)]
    gates: [QUALITY]
    evidence: [visit_record]
"""
_AMOUNT = re.compile(r'\{fixed: "(\d+)\.00"\}')


def template(*, no: int, effective_from: date, currency: str, visits: Sequence[str]) -> str:
    """Return a complete sample of terms in the language in force, with a rule for each of the study's visits.

    It crosses no line that forbids activation; what only a person can know, such as the source of fair value, is left
    for them to say.
    """
    file = resources() / "terms" / f"{language()}.yaml"
    written = (file if file.is_file() else file.with_name("en.yaml")).read_text("utf-8")
    places = exponent_of(currency)
    codes: set[str] = set()
    rules = "".join(
        _VISIT.format(code=_code(visit, codes), visit=_plain(visit), amount=f"{_SAMPLE}.00")
        for visit in visits or USUAL_VISITS
    )
    for name, value in (
        ("currency", currency),
        ("no", str(no)),
        ("effective_from", effective_from.isoformat()),
        ("visits\n", rules),
    ):
        written = written.replace(f"{{{name.strip()}}}{name[len(name.strip()) :]}", value)
    if places == 2:
        return written
    return _AMOUNT.sub(lambda found: f'{{fixed: "{found[1]}{"." + "0" * places if places else ""}"}}', written)


def following(text: str, *, no: int, effective_from: date) -> str:
    """Return a version's text as the next one: with its number and first day, all else as it is written.

    A text that is no single version comes back as it is.
    """
    try:
        root: Any = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        return text
    versions = next((value for key, value in getattr(root, "value", ()) if key.value == "terms"), None)
    if not isinstance(versions, yaml.SequenceNode) or len(versions.value) != 1:
        return text
    said = {key.value: (key, value) for key, value in versions.value[0].value}
    wanted = {"no": str(no), "effective_from": effective_from.isoformat()}
    cuts = [(said[key][1], new) for key, new in wanted.items() if key in said]
    for node, new in sorted(cuts, key=lambda cut: -cut[0].start_mark.index):
        text = text[: node.start_mark.index] + new + text[node.end_mark.index :]
    if "recorded_at" in said:
        # When it is recorded the trail will know.
        text = re.sub(r"(?m)^\s*recorded_at:.*\n", "", text)
    return text


def _code(visit: str, taken: set[str]) -> str:
    """Return a rule's code for a visit: its name without what a code cannot have, told apart from the others."""
    code = re.sub(r"\W+", "_", visit).strip("_") or "VISIT"
    number = 2
    found = code
    while found in taken:
        found, number = f"{code}_{number}", number + 1
    taken.add(found)
    return found


def _plain(visit: str) -> str:
    quoted = visit.replace("\\", "\\\\").replace('"', '\\"')
    return visit if re.fullmatch(r"[A-Za-z]\w*", visit, re.ASCII) else f'"{quoted}"'
