"""Whether the terms that lines rest on were agreed as terms are that were drafted here.

Terms agreed elsewhere are taken over by one person (`contracts:terms:load`), so that a statement can be made of an
imported study at once. A statement asks for nothing. Before money is, they must pass what terms of this desk pass when
they are activated: no bright line that refuses activation, and a second person. That person is the one who certifies:
whoever took the terms over alone does not certify a line under them.
"""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.contracts.records import TermsVersion
from trialdesk.contracts.terms import read_terms, told
from trialdesk.people.checks import check_second_person
from trialdesk.persistence.work import Work


def refuse_unagreed(work: Work, contract: Id, versions: Collection[int], *, certifying: bool) -> None:
    """Raise UserError where one of the versions by number crosses a line that refuses activation.

    With `certifying` raise NotAllowed where the acting person took one of them over alone. One statement.
    """
    own = TermsVersion.TABLE.c
    query = sa.select(own.number, own.text, own.drafted_by, own.activated_by)
    for row in work.read.rows(query.where(own.contract == contract, own.number.in_(versions), ~own.voided)):
        if row.drafted_by != row.activated_by:
            continue
        errors = read_terms(work, row.text, file=_("Terms")).errors
        if errors:
            raise UserError(
                _("Version {number} of the terms may not count for money: {errors}").format(
                    number=row.number, errors="; ".join(map(told, errors))
                ),
                where=_(TermsVersion.LABEL),
                remedy=_("Nothing is certified under them. Agree on a next version that crosses no such line."),
            )
        if certifying:
            check_second_person(work, row.activated_by, N_("Who took terms over alone does not certify under them."))
