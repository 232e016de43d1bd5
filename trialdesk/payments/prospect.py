"""Where a contract's money stands now and what may come of it: what the forecast page shows, asked in one go."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.contracts.queries import ContractRow, contracts
from trialdesk.contracts.records import TermsVersion
from trialdesk.payments.books import reconciled
from trialdesk.payments.outlook import Outlook, outlook
from trialdesk.payments.waterfall import Step, steps
from trialdesk.persistence.reading import Read
from trialdesk.trail.position import last_known


@dataclass(frozen=True, slots=True)
class Prospect:
    """The contracts there are to look at, and of the one looked at its forecast and the steps of its money."""

    contracts: tuple[ContractRow, ...]
    outlook: Outlook | None = None
    steps: tuple[Step, ...] = ()


def prospect(read: Read, *, study: Id, on: date, contract: Id | None = None) -> Prospect:
    """Return the forecast of a contract, by default of the study's first, as known now. Some sixty statements.

    Only contracts with terms that count are there to look at: nothing can be foretold of another.
    """
    own = TermsVersion.TABLE.c
    query = sa.select(own.contract).where(own.study == study, ~own.voided, own.activated_on.is_not(None)).distinct()
    counting = {row.contract for row in read.rows(query)}
    here = tuple(row for row in contracts(read, study=study) if row.id in counting)
    last = last_known(read, study)
    if not here or last is None:
        return Prospect(here)
    chosen = next((row for row in here if row.id == contract), here[0])
    told = outlook(read, study=study, contract=chosen.id, as_of=on, known_at=last[0])
    books = reconciled(read, study=study, contract=chosen.id, as_of=on, known_at=last[0])
    return Prospect(here, told, steps(books))
