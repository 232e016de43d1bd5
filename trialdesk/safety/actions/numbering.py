"""Readable numbers: counted by site, given once."""

from __future__ import annotations

import sqlalchemy as sa

from trialdesk.base.ids import Id
from trialdesk.persistence.declaration import Record
from trialdesk.persistence.work import Work
from trialdesk.safety.rules import next_number
from trialdesk.studies.records import Site


def numbered(work: Work, record: type[Record], word: str, *, study: Id, site: Id | None) -> str:
    """Return the next number of a site's records of one kind, such as 01-AE-003. Voided ones keep theirs."""
    place = work.find(Site, site) if site else None
    own = record.TABLE.c
    taken = [row.number for row in work.read.rows(sa.select(own.number).where(own.study == study))]
    return next_number(place.number if place else None, word, taken)
