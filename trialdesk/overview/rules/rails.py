"""The three rails of a study: what is done, what is at hand, what is late and who has it. On plain values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Literal

from trialdesk.base.i18n import N_
from trialdesk.base.values import dataclass
from trialdesk.overview.rules.waiting import Group

RailCode = Literal["design", "regulatory", "conduct"]
StepState = Literal["done", "now", "late", "next", "missing"]
"""Missing: passed over. What has to stand before the first participant does not, or what followed it is done."""

StepCode = Literal[
    "protocol", "arms", "schedule", "criteria", "plan",
    "review", "approval", "institution", "registration", "contract", "insurance", "results",
    "sites", "first", "recruiting", "following", "events", "closing",
]  # fmt: skip

RAILS: Mapping[RailCode, str] = {
    "design": N_("Design"),
    "regulatory": N_("Regulatory"),
    "conduct": N_("Conduct"),
}
"""The rails in words, in the order in which they are drawn."""

STATES: Mapping[StepState, str] = {
    "done": N_("Done"),
    "now": N_("In hand"),
    "late": N_("Overdue"),
    "next": N_("To come"),
    "missing": N_("Not recorded"),
}


@dataclass(frozen=True, slots=True)
class Milestones:
    """What is recorded of a study, as far as the rails ask. `late` are the groups in which a clock is late.

    `insured` and `contracted` are None where the study needs neither. `approved` is None while nothing was submitted.
    """

    protocols: int = 0
    protocol_signed: bool = False
    arms: int = 0
    planned_visits: int = 0
    criteria: int = 0
    planned: int | None = None
    reviewed: bool = False
    review_asked: bool = False
    submitted: bool = False
    approved: bool = False
    lapsed: bool = False
    institution: bool = False
    registered: bool = False
    contracted: bool | None = None
    insured: bool | None = None
    results: bool = False
    sites: int = 0
    screened: int = 0
    entered: int = 0
    ended: int = 0
    serious_open: int = 0
    recruitment_over: bool = False
    study_ended: bool = False
    closed: bool = False
    late: frozenset[Group] = frozenset()


@dataclass(frozen=True, slots=True)
class Step:
    """A stage of a rail. `who` is the role that has it; `section` and `focus` are where it is done.

    `count` of `of` are shown where a stage is made of many; `of` is None where nobody said how many.
    """

    code: StepCode
    state: StepState
    who: str
    section: str
    focus: str = ""
    count: int | None = None
    of: int | None = None


@dataclass(frozen=True, slots=True)
class Rail:
    """One line of stages."""

    code: RailCode
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class _Stage:
    rail: RailCode
    code: StepCode
    words: str
    who: str
    section: str
    done: Callable[[Milestones], bool]
    begun: Callable[[Milestones], bool] = lambda _known: False
    needed: Callable[[Milestones], bool] = lambda _known: True
    late: Callable[[Milestones], bool] = lambda _known: False
    count: Callable[[Milestones], tuple[int, int | None] | None] = lambda _known: None


def _everybody_in(known: Milestones) -> bool:
    return known.recruitment_over or (known.planned is not None and 0 < known.planned <= known.entered)


_STAGES = (
    _Stage(
        "design", "protocol", N_("Protocol"), "pi", "design",
        done=lambda known: known.protocol_signed, begun=lambda known: known.protocols > 0,
    ),
    _Stage("design", "arms", N_("Arms"), "pi", "design", done=lambda known: known.arms > 0),
    _Stage("design", "criteria", N_("Criteria"), "pi", "design", done=lambda known: known.criteria > 0),
    _Stage(
        "design", "schedule", N_("Schedule"), "coordinator", "design", done=lambda known: known.planned_visits > 0
    ),
    _Stage("design", "plan", N_("Recruitment plan"), "pi", "design", done=lambda known: known.planned is not None),
    _Stage(
        "regulatory", "review", N_("Scientific review"), "pi", "ethics",
        done=lambda known: known.reviewed, begun=lambda known: known.review_asked,
    ),
    _Stage(
        "regulatory", "approval", N_("Ethics approval"), "ethics_liaison", "ethics",
        done=lambda known: known.approved, begun=lambda known: known.submitted,
        late=lambda known: known.lapsed or "ethics" in known.late,
    ),
    _Stage(
        "regulatory", "institution", N_("Institutional approval"), "ethics_liaison", "ethics",
        done=lambda known: known.institution,
    ),
    _Stage(
        "regulatory", "registration", N_("Registration"), "coordinator", "design", done=lambda known: known.registered
    ),
    _Stage(
        "regulatory", "contract", N_("Contract"), "finance", "contracts",
        done=lambda known: bool(known.contracted), needed=lambda known: known.contracted is not None,
    ),
    _Stage(
        "regulatory", "insurance", N_("Insurance"), "finance", "contracts",
        done=lambda known: bool(known.insured), needed=lambda known: known.insured is not None,
        late=lambda known: "contracts" in known.late and not known.insured,
    ),
    _Stage(
        "regulatory", "results", N_("Results reported"), "pi", "design",
        done=lambda known: known.results, late=lambda known: known.study_ended and "study" in known.late,
    ),
    _Stage("conduct", "sites", N_("Sites"), "coordinator", "overview", done=lambda known: known.sites > 0),
    _Stage(
        "conduct", "first", N_("First participant"), "coordinator", "participants",
        done=lambda known: known.entered > 0, begun=lambda known: known.screened > 0,
    ),
    _Stage(
        "conduct", "recruiting", N_("Recruitment"), "coordinator", "participants",
        done=lambda known: known.entered > 0 and _everybody_in(known), begun=lambda known: known.entered > 0,
        count=lambda known: (known.entered, known.planned) if known.entered else None,
    ),
    _Stage(
        "conduct", "following", N_("Follow-up"), "coordinator", "participants",
        done=lambda known: known.ended == known.entered > 0 and _everybody_in(known),
        begun=lambda known: known.entered > 0, late=lambda known: "visits" in known.late,
        count=lambda known: (known.ended, known.entered) if known.ended else None,
    ),
    _Stage(
        "conduct", "events", N_("Safety"), "sub_investigator", "safety",
        done=lambda known: known.ended == known.entered > 0 and not known.serious_open and _everybody_in(known),
        begun=lambda known: known.entered > 0, late=lambda known: "safety" in known.late,
    ),
    _Stage(
        "conduct", "closing", N_("Close-out"), "pi", "overview",
        done=lambda known: known.closed, begun=lambda known: known.study_ended,
    ),
)  # fmt: skip

WORDS: Mapping[StepCode, str] = {stage.code: stage.words for stage in _STAGES}
"""The stages in words, marked for translation."""


def rails(known: Milestones) -> tuple[Rail, ...]:
    """Return the rails with every stage the study needs.

    Of what is not done yet, what was begun and the first one of a rail are at hand and the rest is to come. In set-up
    the order is free; with the first participant in, whatever of design and approvals is not there was passed over.
    """
    return tuple(Rail(code, _steps([each for each in _STAGES if each.rail == code], known)) for code in RAILS)


def next_step(found: Iterable[Rail]) -> Step | None:
    """Return what is to be done next: what is late, else what is at hand, else what is missing; design first."""
    steps = [step for rail in found for step in rail.steps]
    for state in ("late", "now", "missing"):
        for step in steps:
            if step.state == state:
                return step
    return None


def _steps(stages: list[_Stage], known: Milestones) -> tuple[Step, ...]:
    needed = [stage for stage in stages if stage.needed(known)]
    done = [stage.done(known) for stage in needed]
    first_open = next((number for number, finished in enumerate(done) if not finished), len(done))
    steps = []
    for number, stage in enumerate(needed):
        count = stage.count(known)
        passed = any(done[number + 1 :]) if stage.rail == "conduct" else known.entered > 0 and stage.code != "results"
        steps.append(
            Step(
                stage.code,
                _state(stage, known, done=done[number], first=number == first_open, passed=passed),
                stage.who,
                stage.section,
                count=count[0] if count else None,
                of=count[1] if count else None,
            )
        )
    return tuple(steps)


def _state(stage: _Stage, known: Milestones, *, done: bool, first: bool, passed: bool) -> StepState:
    if stage.late(known):
        return "late"
    if done:
        return "done"
    if stage.begun(known):
        return "now"
    if passed:
        return "missing"
    return "now" if first else "next"
