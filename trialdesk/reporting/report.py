"""What a report is: who reads it, what it asks for, which facts it gathers and how it composes them.

`gather` answers with a frozen dataclass: the facts and nothing else. `compose` turns those facts, and only those, into
structure; so the hash of the facts that are read in it (`reporting/printed.py`) stands for everything the page says.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any, Literal

from trialdesk.base.canonical import canonical, digest
from trialdesk.base.fields import Field
from trialdesk.base.i18n import N_, _
from trialdesk.reporting.structure import Block

Audience = Literal["site", "sponsor", "regulator", "ethics", "outside", "inside"]
AUDIENCES: Mapping[str, str] = {
    "inside": N_("The site alone"),
    "site": N_("The site"),
    "sponsor": N_("The sponsor and the supporter"),
    "regulator": N_("The regulator"),
    "ethics": N_("The ethics committee"),
    "outside": N_("Outside the study"),
}
"""Each audience in words, marked for translation."""
State = Literal["draft", "final", "superseded"]
Section = Literal[
    "protocol", "ethics", "authority", "participants", "safety", "product", "deviations", "team", "monitoring",
    "results", "money", "file",
]  # fmt: skip
"""Where a binder has a document, in the order of its index."""
Thing = Literal["", "contract", "event", "reaction", "deviation", "invoice", "certificate", "amendment"]
"""What a document may tell one of."""
BINDER = "binder"
"""The key of that index, which is made with its binder alone."""


def _nothing(_facts: Any) -> Sequence[str]:
    return ()


@dataclasses.dataclass(frozen=True, slots=True)
class Report:
    """A document the program can make.

    `key` names it for ever (command line, PDF, `verify`); `title`, and `about` with one sentence on what it tells, are
    English marked by `N_`; `audience` is who may be
    handed it; `parameters` are what a person chooses before it is made. `state` is what it is until someone says
    otherwise: a document that nobody released is a draft. `open_items` says, translated, what its facts must still tell
    before it may be final; by default nothing. Without `unblinds` it is
    made as for somebody blinded, whoever makes it; with `names` it tells who participants are to who may know, and no
    arms all the same. With `tells_day` it says itself as of which day it speaks. With
    `of_trail` it tells the trail: `gather` is given the desk's `catalogue` besides. `titled` says of facts that make
    another document of it, such as a credit note, what that is called, marked too. A binder has it in its `section`,
    and where it tells of one thing of several, once for `each`; of what is written on an `occasional` cause, only what
    somebody made final.
    """

    key: str
    title: str
    audience: Audience
    parameters: tuple[Field, ...]
    gather: Callable[..., Any]
    compose: Callable[[Any], list[Block]]
    state: State = "draft"
    unblinds: bool = True
    names: bool = False
    about: str = ""
    tells_day: bool = False
    of_trail: bool = False
    open_items: Callable[[Any], Sequence[str]] = _nothing
    titled: Callable[[Any], str] | None = None
    section: Section = "results"
    each: Thing = ""
    occasional: bool = False

    def title_of(self, facts: Any) -> str:
        """Return what the document made of these facts is called, in the language in force."""
        return _(self.titled(facts) if self.titled is not None else self.title)


def facts_json(facts: Any) -> Any:
    """Return `facts` as what JSON can say: dataclasses as objects, dates and instants as ISO text, decimals as text.

    Sets are sorted, so equal facts give equal JSON. Raises TypeError for a float or any other value that has no one
    form, and for a key that is not text.
    """
    if facts is None or (isinstance(facts, bool | int | str) and not isinstance(facts, Enum)):
        return facts
    if dataclasses.is_dataclass(facts) and not isinstance(facts, type):
        return {field.name: facts_json(getattr(facts, field.name)) for field in dataclasses.fields(facts)}
    if isinstance(facts, Mapping):
        if not all(isinstance(key, str) for key in facts):
            raise TypeError("a key of the facts is not text")
        return {key: facts_json(value) for key, value in facts.items()}
    if isinstance(facts, list | tuple):
        return [facts_json(item) for item in facts]
    if isinstance(facts, set | frozenset):
        return sorted((facts_json(item) for item in facts), key=canonical)
    if isinstance(facts, date | datetime | time):
        return facts.isoformat()
    if isinstance(facts, Decimal):
        return str(facts)
    if isinstance(facts, Enum):
        return facts_json(facts.value)
    raise TypeError(f"a fact has no JSON form: {type(facts).__name__}")


def facts_digest(facts: Any) -> str:
    """Return SHA-256 over the canonical bytes of the facts, as 64 hexadecimal digits."""
    return digest(canonical(facts_json(facts)))
