"""Why a line is not more, and what is wrong with a fact: templates marked for translation, filled in when shown."""

from __future__ import annotations

from trialdesk.base.i18n import N_, _
from trialdesk.base.values import dataclass
from trialdesk.payments.rules.predicates import All, Any, Call, Not
from trialdesk.payments.rules.wording import refused_words, told

VISIT_TWICE = N_("same visit recorded twice")
PERSON_TWICE = N_("same person recorded twice")
TWICE = N_("same thing recorded twice")
BEFORE_TERMS = N_("before the contract's first terms")
NO_TERMS = N_("no terms are in force for it")

NOT_MET = N_("not met: {condition}")
NOT_YET = N_("not to be said yet: {condition}")
COMPONENT_MISSING = N_("component {name} missing")
BELOW_MINIMUM = N_("done {share}, less than {minimum}: factor {factor}")
NO_TARGET = N_("the visit's target date is not known")
OUTSIDE = N_("{days} days from the target date: factor {factor}")
NO_LEAVE = N_("leave for a visit outside its window is awaited: factor {factor} at best")
BEYOND = N_("{days} days from the target date, beyond the window: factor {factor}")
GRADED = N_("{measure} is {days}: factor {factor}")
STILL_RUNNING = N_("{measure} still runs, {days} so far: factor {factor} at best")
OPEN_AT_LOCK = N_("a query was open when the database was locked: factor {factor}")
NO_COST = N_("the actual cost is not known")
OVER_RATIO = N_("over the ratio: {allowance} are paid by now")
OVER_MOST = N_("over the most that is paid: {most}")
CAPPED_SUBJECT = N_("cut by {amount}: the cap for a participant is reached")
CAPPED_CEILING = N_("cut by {amount}: the contract's ceiling is reached")
CAPPED_POOL = N_("cut by {amount}: the pool is used up")
GATE_CLOSED = N_("held back by gate {gate}")
FORFEITED = N_("{amount} forfeited: gate {gate} was not cured in time")
HELD = N_("{amount} held until {rule} is earned")
HELD_ON = N_("{amount} held; the terms name nothing that releases it")
CLAWED_BACK = N_("lost once and clawed back: only new terms bring it again")
KEPT = N_("certified on {day} and kept by the terms")


@dataclass(frozen=True, slots=True)
class Reason:
    """A template of this module with what fills it."""

    template: str
    said: tuple[tuple[str, object], ...] = ()

    def words(self) -> str:
        """Return the reason in the language in force."""
        if self.template == NOT_MET:
            ((_name, condition),) = self.said
            if isinstance(condition, Call | Not | All | Any):
                return refused_words(condition)
        return _(self.template).format(**{name: told(value) for name, value in self.said})


def reason(template: str, **said: object) -> Reason:
    """Return the reason that a template says of these values."""
    return Reason(template, tuple(said.items()))
