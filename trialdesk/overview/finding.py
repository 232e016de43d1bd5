"""A record found by the words people have for it: its id, or what it is called."""

from __future__ import annotations

import sqlalchemy as sa

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id, is_id
from trialdesk.persistence.declaration import Record
from trialdesk.persistence.reading import Read

_SHOWN = 5


def find(read: Read, *, record: type[Record], words: str, study: Id | None) -> Id:
    """Return the id of the record of a kind that `words` name: an id, what lists call it, or one of its short texts.

    Of the study or the directory, not voided. Two statements at most. Raises UserError where there is none, or several.
    """
    own = record.TABLE.c
    here = sa.or_(own.study == study, own.study.is_(None)) if study else own.study.is_(None)
    if record.KIND == "studies.study":
        here = sa.true()
    if is_id(words) and read.first(sa.select(own.id).where(own.id == words, here, ~own.voided)):
        return words
    sought = " ".join(words.split())
    found: list[Id] = []
    texts = [name for name, field in record.FIELDS.items() if field.type == "text" and not field.prose]
    told = tuple(dict.fromkeys((*record.NAMED, *texts)))
    if told:
        for row in read.rows(sa.select(own.id, *(own[name] for name in told)).where(here, ~own.voided)):
            values = [None if value is None else str(value) for value in tuple(row)[1:]]
            named = " ".join(value for value in values[: len(record.NAMED)] if value)
            if sought and sought in (named, *values):
                found.append(row.id)
    if len(found) == 1:
        return found[0]
    if found:
        raise UserError(
            _("“{words}” is the name of {count} records.").format(words=words[:80], count=len(found)),
            where=_(record.LABEL),
            remedy=_("Name it by its id: {ids}").format(ids=", ".join(found[:_SHOWN])),
        )
    raise UserError(
        _("“{words}” is not here.").format(words=words[:80]),
        where=_(record.LABEL),
        remedy=_("Name it as the lists do, or by its id."),
    )
