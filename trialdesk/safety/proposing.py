"""Proposes a deviation for a visit outside its window, a consent obtained by somebody not delegated or found not valid.

The proposal is taken back where what it rests on is put right.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from trialdesk.base.i18n import _
from trialdesk.base.ids import Id, derived_id
from trialdesk.base.written import written_day
from trialdesk.enrollment.records import Consent, Visit
from trialdesk.enrollment.windows import Outside
from trialdesk.persistence.work import Work
from trialdesk.safety.actions.deviations import added
from trialdesk.safety.records import Deviation
from trialdesk.safety.retelling import EARLY, LATE, told


def propose(work: Work, *, visit: Visit, site: Id, outside: Outside | None) -> None:
    """Answer `enrollment.windows.Proposal`: one deviation a visit, which follows the visit until it is assessed.

    An assessed one stays as it was signed: whether it was right is for the investigator to say.
    """
    standing = _standing(work, visit)
    if outside is None:
        if standing is not None and standing.proposed and standing.assessed_on is None:
            work.void(standing)
        return
    words = told(
        EARLY if outside.early else LATE,
        kept=outside.kept_on,
        planned=outside.planned_on,
        before=outside.before,
        after=outside.after,
    )
    if standing is None:
        added(
            work,
            study=visit.study or "",
            site=site,
            participant=visit.participant,
            visit=visit.id,
            category="visit_window",
            occurred_on=outside.kept_on,
            found_on=max(work.today, outside.kept_on),
            description=words,
            proposed=True,
        )
    elif standing.proposed and standing.assessed_on is None:
        standing.occurred_on, standing.description = outside.kept_on, words


def propose_consent(
    work: Work,
    *,
    consent: Consent,
    site: Id,
    matter: str,
    words: str,
    said: Mapping[str, str],
    found_on: date | None,
) -> None:
    """Answer `enrollment.obtaining.Amiss`: one deviation a consent and matter, following it until it is assessed."""
    own = derived_id(consent.study or "", Deviation.KIND, consent.id, *filter(None, (matter,)))
    standing = work.find(Deviation, own)
    if standing is not None and standing.assessed_on is not None:
        return
    if not words:
        if standing is not None and not standing.voided:
            work.void(standing)
        return
    told_so = _(words).format(day=written_day(consent.consented_on), **said)
    found = found_on or work.today
    if standing is None:
        added(
            work,
            id=own,
            study=consent.study or "",
            site=site,
            participant=consent.participant,
            category="consent",
            occurred_on=consent.consented_on,
            found_on=found,
            description=told_so,
            proposed=True,
        )
    else:
        work.restore(standing)
        standing.occurred_on, standing.description = consent.consented_on, told_so


def _standing(work: Work, visit: Any) -> Deviation | None:
    own = Deviation.TABLE.c
    found = work.read.value(sa.select(own.id).where(own.visit == visit.id, own.category == "visit_window", ~own.voided))
    return work.find(Deviation, found) if found else None
