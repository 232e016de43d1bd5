"""What the committee is asked and answers: the application, a renewal in time, an amendment, a serious event told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from trialdesk.commandline.demonstration.design import AMENDED_ON
from trialdesk.commandline.demonstration.team import INES, LU, NORTH, WANGCHAO
from trialdesk.commandline.demonstration.telling import Act, act
from trialdesk.ethics.actions import (
    add_committee,
    add_condition,
    add_consent_version,
    add_institutional_approval,
    add_review,
    answer,
    ask,
    correct_review,
    decide,
    meet,
    submit,
)

APPROVED_ON = date(2025, 9, 4)
RECONSENT_BY = date(2026, 11, 2)
"""The day by which everybody in the study has signed version 2.0."""


def initial() -> Iterator[Act]:
    """Give scientific review, application, question, conditional approval and the leave of both institutions."""
    yield act(INES, date(2025, 6, 23), add_review, keep="review", body="Scientific board of the faculty",
              requested_on=date(2025, 6, 23))  # fmt: skip
    yield act(INES, date(2025, 7, 8), correct_review, review="review", reason="The board decided",
              decided_on=date(2025, 7, 7), outcome="favourable",
              remarks="Sample size is well founded; name a second outcome for sleep")  # fmt: skip
    yield act(
        INES,
        date(2025, 7, 28),
        add_committee,
        keep="committee",
        clock="08:30",
        country="CN",
        renewal_days=30,
        name="Ethics Committee of North Pier University Hospital",
        contact="Secretary's office, room 4-12",
    )
    yield act(INES, date(2025, 7, 28), submit, keep="application", committee="committee", kind="initial",
              title="Initial application with annexes", submitted_on=date(2025, 7, 28),
              protocol_version="protocol 1.0")  # fmt: skip
    yield act(INES, date(2025, 8, 12), ask, keep="first question", submission="application",
              asked_on=date(2025, 8, 11), text="How is cough treated in the group with usual care alone?")  # fmt: skip
    yield act(
        INES,
        date(2025, 8, 18),
        answer,
        question="first question",
        answered_on=date(2025, 8, 18),
        answer="By each hospital's guideline; nothing is withheld. Section 6.3 of the protocol says so.",
    )
    yield act(INES, date(2025, 9, 5), decide, keep="approval", submission="application", decided_on=APPROVED_ON,
              outcome="approved_with_conditions", effective_on=APPROVED_ON, expires_on=date(2026, 9, 3),
              reference="NPUH-EC-2025-061")  # fmt: skip
    yield act(INES, date(2025, 9, 5), add_condition, keep="first ten", clock="09:30", decision="approval",
              text="Report on the first ten participants", due_on=date(2026, 2, 27))  # fmt: skip
    yield act(INES, date(2026, 2, 12), meet, condition="first ten", met_on=date(2026, 2, 12))
    yield from _forms("1.0", date(2025, 7, 21), "approval", date(2025, 9, 8), summary="First version")
    for who, institution, on, until, reference in (
        (INES, NORTH, date(2025, 9, 18), date(2027, 9, 17), "IIT-2025-044"),
        (LU, WANGCHAO, date(2025, 12, 1), date(2027, 11, 30), "望潮科字〔2025〕118号"),
    ):
        yield act(who, max(on, date(2025, 9, 23)), add_institutional_approval, institution=institution,
                  approved_on=on, expires_on=until, reference=reference)  # fmt: skip


def renewal() -> Iterator[Act]:
    """Give the renewal: decided three days before the approval would have lapsed."""
    yield act(INES, date(2026, 7, 31), submit, keep="renewal", committee="committee", kind="renewal",
              title="Annual progress report and renewal", submitted_on=date(2026, 7, 31))  # fmt: skip
    yield act(INES, date(2026, 8, 31), decide, submission="renewal", decided_on=date(2026, 8, 31),
              outcome="approved", effective_on=date(2026, 8, 31), expires_on=date(2027, 8, 30),
              reference="NPUH-EC-2026-058")  # fmt: skip


def amendment() -> Iterator[Act]:
    """Give the amendment with its question, its approval with a condition still to be met, and the new forms."""
    yield act(INES, date(2026, 8, 24), submit, keep="amendment", committee="committee", kind="amendment",
              title="Protocol 2.0 and consent forms 2.0", submitted_on=date(2026, 8, 24),
              protocol_version="protocol 2.0")  # fmt: skip
    yield act(
        INES,
        date(2026, 9, 8),
        ask,
        keep="second question",
        submission="amendment",
        asked_on=date(2026, 9, 7),
        text="Are those already in the study told of the fainting before week 12?",
    )
    yield act(
        INES,
        date(2026, 9, 11),
        answer,
        question="second question",
        answered_on=date(2026, 9, 11),
        answer="Everybody in the study signs version 2.0 at the next visit, by 2 November at the latest.",
    )
    yield act(INES, date(2026, 9, 25), decide, keep="second approval", submission="amendment",
              decided_on=date(2026, 9, 25), outcome="approved_with_conditions", effective_on=date(2026, 9, 25),
              reference="NPUH-EC-2026-071")  # fmt: skip
    yield act(INES, date(2026, 9, 25), add_condition, clock="09:30", decision="second approval",
              text="Send the list of those who signed version 2.0", due_on=date(2026, 12, 4))  # fmt: skip
    yield from _forms("2.0", date(2026, 8, 10), "second approval", AMENDED_ON, mandatory=RECONSENT_BY,
                      summary="Names fainting as a possible effect; blood is also taken at week 2")  # fmt: skip


def reported() -> Iterator[Act]:
    """Give the serious reaction told to the committee, which still waits for an answer to its question."""
    yield act(LU, date(2026, 11, 18), submit, keep="reportable", clock="11:00", committee="committee",
              kind="reportable", title="Suspected unexpected serious reaction at site 02",
              submitted_on=date(2026, 11, 18), site="site 02")  # fmt: skip
    yield act(LU, date(2026, 11, 19), ask, clock="15:00", submission="reportable", asked_on=date(2026, 11, 19),
              text="Was the participant taking other medicines that can cause anaphylaxis?")  # fmt: skip


def _forms(
    label: str, dated: date, decision: str, since: date, *, summary: str, mandatory: date | None = None
) -> Iterator[Act]:
    for language in ("en", "zh"):
        yield act(INES, since, add_consent_version, keep=f"consent {language} {label}", clock="08:00", form="main",
                  language=language, label=label, dated_on=dated, decision=decision, effective_on=since,
                  mandatory_on=mandatory, change_summary=summary)  # fmt: skip
