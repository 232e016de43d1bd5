"""Participants from screening to their visits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.life.playing import Step
from tests.life.words import (
    A_LIST,
    CO,
    PHARMA,
    mended,
)

LAMPS = {"product": "Lamp 1 h", "batch": "L-1", "unit": "lamps"}


def participants() -> Iterator[Step]:
    """Give screening, consent, eligibility, allocation, visits and how participation ends."""
    yield Step(
        act="enrollment:slots:load",
        who=PHARMA,
        given={"rows": A_LIST, "passphrase": "the envelope lies in the harbour safe"},
        broken={"rows": "number,arm\nK9,Z\n"},
        refusal="row",
    )
    yield Step(
        act="enrollment:participant:screen",
        who=CO,
        at="2026-03-05T08:00",
        given={"site": "01", "number": "001", "identifier": "01-001", "screened_on": "2026-03-05", "age": "40"},
        broken={"site": "03"},
        keep="participant",
    )
    yield from mended(
        "enrollment:participant:screen",
        "participant",
        corrected={"sex": "F"},
        again={"site": "01", "number": "002", "identifier": "01-002", "screened_on": "2026-03-05"},
    )
    for number in ("003", "004", "005", "006"):
        yield Step(
            act="enrollment:participant:screen",
            who=CO,
            given={"site": "01", "number": number, "identifier": f"01-{number}", "screened_on": "2026-03-05"},
            keep=f"p{number}",
            plain=True,
        )
    yield Step(
        act="enrollment:identity:record",
        who=CO,
        given={"participant": "01-001", "name": "Mei Lin", "contact": "By the quay"},
        broken={"participant": "{participant_spare}"},
        refusal="",
    )
    yield Step(
        act="enrollment:identity:erase",
        given={"participant": "{p006}", "decided_on": "2026-03-05"},
        broken={"participant": "{participant_spare}"},
        reason="Asked for it",
    )
    yield Step(
        act="enrollment:consent:record",
        who=CO,
        given={"participant": "01-001", "consent_version": "{consent_version}", "consented_on": "2026-03-05"},
        broken={"consented_on": "2026-02-01"},
        keep="consent",
    )
    yield from mended(
        "enrollment:consent:record",
        "consent",
        corrected={"copy_given": "yes"},
        again={"participant": "01-005", "consent_version": "{consent_version}", "consented_on": "2026-03-05"},
    )
    yield Step(
        act="enrollment:consent:find_invalid",
        who=CO,
        given={"consent": "{consent}", "invalid_found_on": "today", "voids_participation": "yes"},
        broken={"invalid_found_on": "2031-01-01"},
        reason="A page is missing",
    )
    yield Step(
        act="enrollment:consent:find_valid",
        who=CO,
        given={"consent": "{consent}"},
        broken={"consent": "{consent_spare}"},
        reason="The page was found",
    )
    for number in ("003", "004"):
        yield Step(
            act="enrollment:consent:record",
            who=CO,
            given={"participant": f"01-{number}", "consent_version": "{consent_version}", "consented_on": "2026-03-05"},
            plain=True,
        )
    yield Step(
        act="enrollment:eligibility:assess",
        who=CO,
        given={"participant": "01-001", "assessed_on": "2026-03-05", "eligible": "yes"},
        broken={"failed_criteria": "I01"},
        keep="eligibility",
    )
    yield from mended(
        "enrollment:eligibility:assess",
        "eligibility",
        corrected={"remarks": "Seen with the sister"},
        again={"participant": "01-004", "assessed_on": "2026-03-05", "eligible": "no", "failed_criteria": "I01"},
    )
    yield Step(
        act="enrollment:eligibility:sign",
        given={"eligibility": "{eligibility}"},
        broken={"eligibility": "{eligibility_spare}"},
        denied=CO,
    )
    yield Step(
        act="enrollment:slot_use:allocate",
        who=CO,
        given={"participant": "01-001"},
        broken={"participant": "01-003"},
        keep="slot_use",
    )
    yield Step(
        act="enrollment:eligibility:assess",
        who=CO,
        given={"participant": "01-003", "assessed_on": "2026-03-05", "eligible": "yes"},
        keep="second_eligibility",
        plain=True,
    )
    yield Step(act="enrollment:eligibility:sign", given={"eligibility": "{second_eligibility}"}, plain=True)
    yield Step(
        act="enrollment:allocation:record",
        who=PHARMA,
        given={"participant": "01-003", "arm": "Light"},
        broken={"participant": "01-001"},
        refusal="",
    )
    yield Step(
        act="enrollment:code:break",
        who=PHARMA,
        given={"participant": "01-001", "grounds": "Overdose", "emergency": "yes",
               "passphrase": "the envelope lies in the harbour safe"},
        broken={"passphrase": "the wrong one"},
    )  # fmt: skip
    yield Step(
        act="enrollment:exposure:record",
        who=CO,
        given={"participant": "01-001", "treatment": "Lamp", "dose": "1", "dose_unit": "h", "started_on": "2026-03-05"},
        broken={"ended_on": "2026-03-01"},
        keep="exposure",
    )
    yield from mended(
        "enrollment:exposure:record",
        "exposure",
        corrected={"frequency": "QD"},
        again={"participant": "01-003", "treatment": "Lamp", "started_on": "2026-03-05"},
    )
    yield Step(
        act="enrollment:product_movement:record",
        who=PHARMA,
        given={"site": "01", "moved": "received", "moved_on": "2026-03-04", "quantity": "20", **LAMPS},
        broken={"moved": "sent_back"},
        refusal="more",
        keep="product_movement",
    )
    yield from mended(
        "enrollment:product_movement:record",
        "product_movement",
        corrected={"reference": "Delivery note 7"},
        again={"site": "01", "moved": "received", "moved_on": "2026-03-04", "quantity": "5", **LAMPS},
    )
    yield Step(
        act="enrollment:participant:correct",
        who=CO,
        given={"participant": "{participant}", "reference_start": "2026-03-05"},
        reason="First light",
        plain=True,
    )
    yield Step(
        act="enrollment:visit:record",
        who=CO,
        given={"participant": "01-001", "planned_visit": "V1", "happened": "yes", "started_on": "2026-03-05"},
        broken={"ended_on": "2026-03-01"},
        keep="visit",
    )
    yield from mended(
        "enrollment:visit:record",
        "visit",
        corrected={"ended_on": "2026-03-05"},
        again={"participant": "01-001", "name": "Extra", "happened": "yes", "started_on": "2026-03-05"},
    )


def open_label() -> Iterator[Step]:
    """Give an allocation in a study whose arms everybody knows."""
    study: dict[str, Any] = {"study": "PIER", "plain": True}
    yield Step(act="studies:site:add", given={"number": "01"}, **study)
    yield Step(act="studies:arm:add", given={"code": "A", "name": "Light"}, **study)
    yield Step(act="studies:study:correct", given={"study": "PIER", "blinding": "open"}, reason="Open label", **study)
    yield Step(act="ethics:committee:add", given={"name": "Pier Committee"}, keep="pier_committee", **study)
    yield Step(
        act="ethics:submission:record",
        given={"committee": "{pier_committee}", "kind": "initial", "title": "Initial", "submitted_on": "2026-01-26"},
        keep="pier_submission",
        **study,
    )
    yield Step(
        act="ethics:decision:record",
        given={"submission": "{pier_submission}", "decided_on": "2026-02-10", "outcome": "approved",
               "effective_on": "2026-02-10"},
        keep="pier_decision",
        **study,
    )  # fmt: skip
    yield Step(
        act="ethics:consent_version:add",
        given={"form": "main", "language": "en", "label": "1.0", "dated_on": "2026-01-10",
               "decision": "{pier_decision}", "effective_on": "2026-02-10"},
        keep="pier_version",
        **study,
    )  # fmt: skip
    yield Step(
        act="enrollment:slots:load", given={"rows": "number,arm\n1,A\n2,A\n", "passphrase": "not needed"}, **study
    )
    yield Step(
        act="enrollment:participant:screen",
        given={"site": "01", "number": "1", "identifier": "P-1", "screened_on": "2026-03-05"},
        **study,
    )
    yield Step(
        act="enrollment:consent:record",
        given={"participant": "P-1", "consent_version": "{pier_version}", "consented_on": "2026-03-05"},
        **study,
    )
    yield Step(
        act="enrollment:eligibility:assess",
        given={"participant": "P-1", "assessed_on": "2026-03-05", "eligible": "yes"},
        keep="pier_eligibility",
        **study,
    )
    yield Step(act="enrollment:eligibility:sign", given={"eligibility": "{pier_eligibility}"}, **study)
    yield Step(
        act="enrollment:treatment:allocate",
        study="PIER",
        given={"participant": "P-1"},
        broken={"number": "2"},
        refusal="is the next one",
    )
