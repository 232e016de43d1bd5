"""What an import brings and what was made here by hand: the same site, the same arm, the same participant.

A record brought in is known again by the source's own key; one that a person made has another identity. Without a look
at what people call them, a site would stand twice, each with half of its participants.
"""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id, derived_id
from trialdesk.base.problems import Problem
from trialdesk.base.values import dataclass
from trialdesk.enrollment.records import Participant
from trialdesk.exchange.rows import Contents, Row
from trialdesk.persistence.declaration import Record
from trialdesk.persistence.reading import Read
from trialdesk.studies.records import Arm, Site

_NAMED: tuple[tuple[type[Record], tuple[str, ...]], ...] = ((Site, ("number",)), (Arm, ("code", "name")))
"""By which fields a person tells records of a kind apart, the surest first."""

TAKEN = {
    Site.KIND: N_("Site {name} is here already: it is taken as it is, no second one is made."),
    Arm.KIND: N_("Arm {name} is here already: it is taken as it is, no second one is made."),
}


@dataclass(frozen=True, slots=True)
class Matched:
    """Which records here stand for which of the source: identity derived → identity here; and what is told of it."""

    here: dict[Id, Id]
    problems: tuple[Problem, ...] = ()


def matched(read: Read, *, study: Id, contents: Contents) -> Matched:
    """Return what of the contents is here already under another identity. Three statements.

    Raises UserError for a participant's number that somebody else at the site has: two would be one in every list.
    """
    here: dict[Id, Id] = {}
    problems: list[Problem] = []
    for record, fields in _NAMED:
        own = record.TABLE.c
        known = read.rows(sa.select(own.id, *(own[name] for name in fields)).where(own.study == study, ~own.voided))
        standing = {row.id for row in known}
        for row in contents.of(record.KIND):
            derived = derived_id(study, record.KIND, *row.key)
            same = None if derived in standing else _same(known, fields, row)
            if same is not None:
                here[derived] = same.id
                words = _(TAKEN[record.KIND]).format(name=getattr(same, fields[0]))
                problems.append(Problem(row.source[0], words))
    _refuse_doubled(read, study, contents, here)
    return Matched(here, tuple(problems))


def _same(
    known: Iterable[sa.Row[tuple[object, ...]]], fields: tuple[str, ...], row: Row
) -> sa.Row[tuple[object, ...]] | None:
    for name in fields:
        wanted = _plain(row.values.get(name))
        for each in known:
            if wanted and _plain(getattr(each, name)) == wanted:
                return each
    return None


def _refuse_doubled(read: Read, study: Id, contents: Contents, here: dict[Id, Id]) -> None:
    own = Participant.TABLE.c
    known = {
        (row.site, _plain(row.number)): row.id
        for row in read.rows(sa.select(own.id, own.site, own.number).where(own.study == study, ~own.voided))
    }
    for row in contents.of(Participant.KIND):
        if "site" not in row.links:
            continue
        kind, key = row.links["site"]
        site = derived_id(study, kind, *key)
        number = row.values.get("number")
        other = known.get((here.get(site, site), _plain(number)))
        if other is not None and other != derived_id(study, Participant.KIND, *row.key):
            raise UserError(
                _("There is already a participant {number} at site {site}, who is not the one of these data.").format(
                    number=number, site=key[0]
                ),
                where=_("{file}, row {row}").format(file=row.source[0], row=row.source[1]),
                remedy=_("Nothing was brought in. If it is the same person, void the participant here first."),
            )


def _plain(value: object) -> str:
    return str(value or "").strip().casefold()
