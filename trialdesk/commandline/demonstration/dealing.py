"""What belongs to the contract besides its terms: the draft's turns, clauses, duties, and the product that is given."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from trialdesk.commandline.demonstration.money import CURRENCY
from trialdesk.commandline.demonstration.team import EDDA, PI
from trialdesk.commandline.demonstration.telling import Act, act
from trialdesk.contracts.actions.dealing import (
    CLAUSES,
    FAIR_VALUES,
    OBLIGATIONS,
    SUPPORT,
    TURNS,
    approve_fair_value,
    meet_obligation,
)

_ADD_CLAUSE, _ADD_DUTY, _ADD_SUPPORT, _ADD_TURN, _CHECK_VALUE = (
    kept[0] for kept in (CLAUSES, OBLIGATIONS, SUPPORT, TURNS, FAIR_VALUES)
)
_DRAFT = (
    ("us", date(2025, 7, 7), date(2025, 7, 14), None, "First draft from the hospital's template"),
    ("them", date(2025, 7, 14), date(2025, 8, 4), "publication", "Sixty days to review a manuscript are too long"),
    ("us", date(2025, 8, 4), date(2025, 8, 8), "publication", "Thirty days, sixty where a patent is at stake"),
    ("them", date(2025, 8, 8), date(2025, 8, 22), None, None),
)
_CLAUSES: tuple[tuple[str, str, int | None], ...] = (
    ("publication", "The supporter reads every manuscript and may comment; it does not decide.", 30),
    ("acceptance", "A certificate not disputed within this time is accepted.", 10),
    (
        "unspent_funds",
        "What is left when the study is closed is returned, up to five in a hundred kept for storage.",
        None,
    ),
    ("supply", "Product is counted at every delivery, and returned or destroyed with a record.", None),
    ("registration", "The hospital registers the trial and posts its results, whatever they are.", 365),
)
_DUTIES = (
    ("Interim report to the supporter", date(2026, 6, 30), date(2026, 6, 22)),
    ("List of adverse events of the half-year", date(2026, 7, 31), date(2026, 7, 28)),
    ("Annual report to the supporter", date(2026, 12, 31), None),
    ("Results posted within twelve months of completion", date(2028, 6, 30), None),
)


def dealt() -> Iterator[Act]:
    """Give the turns of the draft, the clauses, what was checked of prices, duties, and support in kind."""
    of: dict[str, Any] = {"contract": "contract"}
    for holder, sent, back, issue, words in _DRAFT:
        yield act(EDDA, back, _ADD_TURN, clock="12:00", holder=holder, sent_on=sent, returned_on=back, issue=issue,
                  words=words, **of)  # fmt: skip
    for topic, words, days in _CLAUSES:
        yield act(EDDA, date(2025, 8, 22), _ADD_CLAUSE, clock="13:00", topic=topic, words=words, days=days, **of)
    yield act(
        EDDA,
        date(2025, 8, 25),
        _CHECK_VALUE,
        keep="fair value",
        item="Visit of week 12 with spirometry",
        amount=160_000,
        currency=CURRENCY,
        low=130_000,
        high=185_000,
        source="Faculty's price list of 2025, opinion 25-114",
        **of,
    )
    yield act(PI, date(2025, 8, 25), approve_fair_value, clock="16:00", fair_value="fair value")
    for place, (what, due, met) in enumerate(_DUTIES):
        yield act(EDDA, date(2025, 9, 29), _ADD_DUTY, keep=f"duty {place}", what=what, due_on=due, **of)
        if met is not None:
            yield act(EDDA, met, meet_obligation, clock="15:00", obligation=f"duty {place}", met_on=met)
    for kind, name, quantity, value, used, returned in (
        ("drug", "VELA inhaler or placebo, kit of four weeks", 240, 38_000, 148, 6),
        ("equipment", "Hand-held spirometer, on loan", 4, 620_000, 4, 0),
    ):
        yield act(
            EDDA,
            date(2025, 10, 8),
            _ADD_SUPPORT,
            kind=kind,
            name=name,
            quantity=quantity,
            unit_value=value,
            currency=CURRENCY,
            value_source="Supporter's list price of 2025",
            needed_first=True,
            received_on=date(2025, 10, 6),
            used=used,
            returned=returned,
            **of,
        )
