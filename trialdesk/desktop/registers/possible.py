"""Why an act cannot be done to a record now: the study is closed, it was done already, something comes first.

What an act refuses it refuses itself; here it is known before anybody fills in a form in vain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from trialdesk.base.i18n import N_, _
from trialdesk.base.values import dataclass
from trialdesk.desktop import shown
from trialdesk.overview.register import Line
from trialdesk.people.acting import Action
from trialdesk.people.signing import SignatureRow
from trialdesk.studies.closing import close_study, refused_when_closed


@dataclass(frozen=True, slots=True)
class Bar:
    """A field of a record that bars an act by being filled in, or by being empty; `words` say so, with `{day}`."""

    field: str
    filled: bool
    words: str

    def bars(self, value: Any) -> str:
        """Return in words why the act cannot be done, nothing where it can."""
        if (value is not None) is not self.filled:
            return ""
        return _(self.words).format(day=shown.day(value) if isinstance(value, date) else "")


def _once(field: str, words: str) -> Bar:
    return Bar(field, filled=True, words=words)


def _after(field: str, words: str) -> Bar:
    return Bar(field, filled=False, words=words)


_CERTIFIED = _once("certified_on", N_("This certificate was certified on {day} and stands."))
_COUNTING = _once("activated_on", N_("These terms count since {day} and are never changed."))
_CLOSED_QUERY = _once("closed_on", N_("This query is closed."))

BARS: Mapping[str, tuple[Bar, ...]] = {
    "studies:site:activate": (_once("activated_on", N_("This site is active since {day}.")),),
    "studies:study:reopen": (_once("reopened_on", N_("This study was opened again already.")),),
    "enrollment:consent:find_invalid": (_once("invalid_found_on", N_("This consent was found not valid on {day}.")),),
    "enrollment:consent:find_valid": (_after("invalid_found_on", N_("This consent was not found invalid.")),),
    "ethics:question:answer": (_once("answered_on", N_("This question was answered on {day}.")),),
    "ethics:condition:meet": (_once("met_on", N_("This condition was met on {day}.")),),
    "ethics:consent_version:approve": (_once("decision", N_("This consent version is approved already.")),),
    "ethics:consent_version:withdraw": (_once("withdrawn_on", N_("This consent version is out of use since {day}.")),),
    "documents:issue:sign": (
        _once("superseded_by", N_("This version was superseded: it is signed no more.")),
        _after("signing_version", N_("This document was made final without places to sign.")),
    ),
    "people:certificate:withdraw": (_once("withdrawn_on", N_("This certificate was withdrawn on {day}.")),),
    "safety:adverse_event:report": (_once("reported_at", N_("This event was reported already.")),),
    "safety:deviation:report": (_once("reported_on", N_("This deviation was reported on {day}.")),),
    "safety:query:answer": (_CLOSED_QUERY,),
    "safety:query:close": (_CLOSED_QUERY, _after("answered_on", N_("This query is not answered yet."))),
    "safety:query:reopen": (_after("closed_on", N_("This query is open.")),),
    "contracts:terms:activate": (_COUNTING,),
    "contracts:terms:correct": (_COUNTING,),
    "contracts:terms:void": (_COUNTING,),
    "payments:certificate:verify": (_CERTIFIED, _once("verified_on", N_("The facts were verified on {day}."))),
    "payments:certificate:certify": (_CERTIFIED,),
    "payments:certificate:accept": (
        _after("certified_on", N_("This certificate is not certified yet.")),
        _once("accepted_on", N_("The other party accepted it on {day}.")),
    ),
    "payments:certificate:withdraw": (_CERTIFIED,),
    "payments:distribution:post": (_once("posted_on", N_("These shares count since {day}.")),),
    "payments:distribution:reverse": (_after("posted_on", N_("This distribution is not posted yet.")),),
    "payments:distribution:credit": (_after("posted_on", N_("This distribution is not posted yet.")),),
    "payments:policy:activate": (_once("activated_on", N_("This policy counts since {day}.")),),
    "payments:dispute:resolve": (_once("resolved_on", N_("This dispute was resolved on {day}.")),),
}
"""By act, what of the record it is done to bars it."""


def shut(closed_on: date | None, action: Action) -> str:
    """Return in words why an act cannot be done in a study closed since a day, nothing where it can."""
    if closed_on is None:
        return ""
    if action is close_study:
        return _("This study is closed since {day}.").format(day=shown.day(closed_on))
    if refused_when_closed(action):
        return _("The study is closed since {day}: its records no longer change.").format(day=shown.day(closed_on))
    return ""


def passed(action: Action, line: Line, signed: Sequence[SignatureRow]) -> str:
    """Return in words why an act cannot be done to a record as it stands, nothing where it can."""
    if action.about != line.kind:
        return ""
    if any(each.stands and each.meaning == action.signs for each in signed):
        return _("This is signed already.")
    return next(filter(None, (bar.bars(line.values.get(bar.field)) for bar in BARS.get(action.name, ()))), "")
