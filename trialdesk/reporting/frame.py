"""What a document says about itself on every page and on its last, and what its file proves when read back."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from trialdesk.base.values import dataclass
from trialdesk.reporting.report import Audience, State

Blinding = Literal["open", "blinded", "unblinded"]
Target = Literal["", "us", "eu", "cn"]
"""For whom papers are set; where it is not said, as for Europe."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The facts about a document. The time of printing is not one of them: same input, same bytes.

    `issue` counts the final versions of one report, `places` the signature fields in the file; 0 where there are none.
    `cutoff` is the time of the position, aware, and `zone` the name of the zone it is also printed in. `position` is
    the position in full, `position_short` what stands in the footer. `digest` is the SHA-256 of the facts,
    `parameters` the chosen ones as JSON text, `version` the program's. `versions` are the final ones before this one
    (`reporting/history.py`); not `compared` is a paper for others whose maker could not look for participants' names.
    Texts are in the language of the document.
    """

    key: str
    title: str
    study: str
    study_title: str = ""
    protocol: str = ""
    site: str = ""
    blinding: Blinding = "open"
    audience: Audience = "site"
    state: State = "draft"
    cutoff: datetime
    zone: str = "UTC"
    position: str
    position_short: str
    digest: str
    parameters: str = "{}"
    role: str = ""
    account: str = ""
    version: str
    language: str = "en"
    papers: Target = ""
    issue: int = 0
    places: int = 0
    versions: tuple[tuple[str, ...], ...] = ()
    compared: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What a file of ours says about itself: enough to gather its facts again and compare.

    A draft says nothing of `issue`, a file without signature fields nothing of `places`, one that was looked through
    for participants' names nothing of `uncompared`.
    """

    key: str
    parameters: str
    study: str
    language: str
    state: str
    blinding: str
    position: str
    cutoff: str
    digest: str
    role: str
    account: str
    version: str
    issue: str = ""
    places: str = ""
    uncompared: str = ""
