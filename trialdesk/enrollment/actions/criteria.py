"""The study's criteria as a person writes them: codes, one after the other."""

from __future__ import annotations

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.persistence.work import Work
from trialdesk.studies.queries import criteria


def codes_of(text: str | None) -> tuple[str, ...]:
    """Return the criterion codes in a text, in order and once each; commas, semicolons and spaces part them."""
    words = (text or "").replace(",", " ").replace(";", " ").replace("，", " ").replace("、", " ").split()
    return tuple(dict.fromkeys(words))


def known_codes(work: Work, study: Id, text: str | None, label: str) -> str | None:
    """Return the codes written as they are kept, None for none. Raises UserError for one the study does not have."""
    known = {row.code.casefold(): row.code for row in criteria(work.read, study=study)}
    codes = codes_of(text)
    unknown = [code for code in codes if code.casefold() not in known]
    if unknown:
        raise UserError(
            _("The study has no criterion {codes}.").format(codes=", ".join(unknown)),
            where=_(label),
            remedy=_("Its criteria: {codes}.").format(codes=", ".join(known.values()) or _("none")),
        )
    return ", ".join(known[code.casefold()] for code in codes) or None
