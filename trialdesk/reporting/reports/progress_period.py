"""Which period a yearly report to a regulator is of: a year of the development, counted from where it began (ICH E2F).

The record keeps no authorisation by an authority. The development is therefore counted from the first approval of an
ethics committee; without one from the first leave of an institution, and without that from the first registration.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.base.written import written_day
from trialdesk.ethics.queries import institutional_approvals
from trialdesk.persistence.reading import Read
from trialdesk.reporting.reports.parameters import day_of_text
from trialdesk.studies.queries import RegistrationRow

BORN = {
    "committee": N_("the first approval of an ethics committee"),
    "institution": N_("the first leave of an institution"),
    "registry": N_("the first registration"),
}
"""What a development may be counted from, in the order in which it is."""
DUE_DAYS = 60
"""So long after its data-lock point the report of a year may be sent: until then it is the one being made."""


@dataclass(frozen=True, slots=True)
class Period:
    """A period reported: `begins` is None where nothing tells it.

    `lock` is the data-lock point, the last day told of. `ends` is the last day of the year counted from `birth` and
    `number` which year it is; both None where the period is no such year. `born` is a key of `BORN`, or empty.
    """

    birth: date | None
    born: str
    number: int | None
    begins: date | None
    ends: date | None
    lock: date

    @property
    def running(self) -> bool:
        """Whether the year goes on after the data-lock point."""
        return self.ends is not None and self.lock < self.ends


def birth(
    read: Read, *, study: Id, approvals: Iterable[date], registered: Iterable[RegistrationRow]
) -> tuple[date | None, str]:
    """Return where the development is counted from, and which event that is. One statement."""
    found = {
        "committee": list(approvals),
        "institution": [each.approved_on for each in institutional_approvals(read, study=study)],
        "registry": [each.submitted_on for each in registered if each.purpose == "registration"],
    }
    return next(((min(found[born]), born) for born in BORN if found[born]), (None, ""))


def the_period(
    begun: tuple[date | None, str], *, until: date, today: date, start: str | None = None, as_of: date | None = None
) -> Period:
    """Return the period reported of a development `begun` on a day, whose data are told up to `until`.

    Asked for nothing it is the year that ended last while its report may be sent, else the running one; `as_of` is
    another data-lock point and `start` another first day. Raises UserError for a day that does not exist, a period
    that begins after its data-lock point and a data-lock point that is still to come.
    """
    first, born = begun
    if as_of and as_of > today:
        raise UserError(
            _("The data-lock point {day} is still to come.").format(day=written_day(as_of)),
            remedy=_("Choose a day that has passed, or leave it out."),
        )
    lock = as_of or until
    begins: date | None
    if start:
        begins = asked = day_of_text(start)
        if asked > today:
            raise UserError(
                _("The period begins on {day}, which is still to come.").format(day=written_day(asked)),
                remedy=_("Choose a day on which something is recorded."),
            )
        if asked > lock:
            raise UserError(
                _("The period would begin on {start}, after its data end on {lock}.").format(
                    start=written_day(asked), lock=written_day(lock)
                ),
                remedy=_("Choose an earlier first day."),
            )
    else:
        begins = year_begun(first, lock) if first else None
        if first and begins and begins > first and not as_of and (lock - begins).days < DUE_DAYS:
            lock = begins - timedelta(days=1)
            begins = year_begun(first, lock)
    number = _number(first, begins, lock) if first and begins else None
    return Period(
        birth=first,
        born=born,
        number=number,
        begins=begins,
        ends=_anniversary(first, number) - timedelta(days=1) if first and number else None,
        lock=lock,
    )


def _anniversary(first: date, years: int) -> date:
    try:
        return first.replace(year=first.year + years)
    except ValueError:  # the 29th of February
        return first.replace(year=first.year + years, day=28)


def year_begun(first: date, on: date) -> date | None:
    """Return the first day of the year of the development in which a day lies, None before it began.

    A development born on 29 February has its other years from the 28th.
    """
    years = on.year - first.year
    return next((begins for n in (years, years - 1) if n >= 0 and (begins := _anniversary(first, n)) <= on), None)


def _number(first: date, begins: date, lock: date) -> int | None:
    """Return which year of the development a period is, None where it is none."""
    years = begins.year - first.year
    if years < 0 or _anniversary(first, years) != begins or lock >= _anniversary(first, years + 1):
        return None
    return years + 1
