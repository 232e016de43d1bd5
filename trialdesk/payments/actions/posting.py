"""Posting to the ledger: the difference between what is earned now and what was posted, and nothing else."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

from trialdesk.base.i18n import N_
from trialdesk.base.ids import Id
from trialdesk.contracts.records import Contract
from trialdesk.payments.records import Entry
from trialdesk.people.acting import Action, action
from trialdesk.people.rules import PI
from trialdesk.persistence.editing import found_in
from trialdesk.persistence.work import Work

MONEY = frozenset({PI, "finance"})


@action(
    "payments:ledger:post",
    N_("Ledger posted"),
    by=MONEY,
    final=True,
    about=Contract.KIND,
    words=N_("Post"),
)
def post_ledger(work: Work, *, study: Id, contract: Id) -> int:
    """Post what a contract has earned by today and is not posted yet; returns how many entries were made.

    Afterwards the sums of the ledger equal the assessment; posting again posts nothing. What was posted before is never
    changed: a correction is another entry that names it.
    """
    from trialdesk.payments.owed import statement
    from trialdesk.payments.queries import posted
    from trialdesk.payments.rules.ledger import differences, postings

    found_in(work, Contract, contract, study)
    found = statement(work.read, study=study, contract=contract, as_of=work.today, known_at=work.now)
    assessment = found.assessment
    name = found.desk.case.name
    before = posted(work.read, contract=contract, name=name)
    now = postings(assessment)
    lines = {line.unit.line: line for line in assessment.lines}
    study_lines = {row.line: row for row in assessment.study_level}
    earlier = _latest(work, contract)
    rows: list[dict[str, Any]] = []
    for each in differences(now, before):
        key = each.key[1], each.key[2]
        line = lines.get(key)
        terms = line.unit.terms.no if line else study_lines[key].terms.no if key in study_lines else None
        rows.append(
            {
                "contract": contract,
                "rule": key[0],
                "unit": key[1],
                "component": each.component,
                "amount": each.amount,
                "currency": found.desk.case.currency,
                "terms": terms,
                "facts": json.dumps(line.facts) if line and line.facts else None,
                "as_of": work.today,
                "known_at": work.now,
                "engine": assessment.engine,
                "reverses": earlier.get((*key, each.component)),
            }
        )
    return len(work.add_many(Entry, study, rows))


def _latest(work: Work, contract: Id) -> dict[tuple[str, str, str], Id]:
    """Return the newest entry of each key and component: what a further one corrects."""
    own = Entry.TABLE.c
    rows = work.read.rows(
        sa.select(own.id, own.rule, own.unit, own.component)
        .where(own.contract == contract, ~own.voided)
        .order_by(own.known_at, own.id)
    )
    return {(row.rule, row.unit, row.component): row.id for row in rows}


ACTIONS: tuple[Action, ...] = (post_ledger,)
