"""Sharing out what was received: distributions with their shares, beneficiaries with what they are due, policies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from trialdesk.base.i18n import N_, _
from trialdesk.desktop import shown
from trialdesk.desktop.models.rows import Column
from trialdesk.desktop.registers.columns import Shown
from trialdesk.desktop.registers.declaration import Register
from trialdesk.overview.register import Line
from trialdesk.payments.rules.explaining import told_words
from trialdesk.payments.sharing.actions.distributing import (
    credit_distribution,
    post_distribution,
    release_share,
    reverse_distribution,
    withdraw_distribution,
)
from trialdesk.payments.sharing.queries import Balance, holders
from trialdesk.payments.sharing.records import SHARE_OUT, pool_words
from trialdesk.people.acting import Action


def _money(key: str, title: str, of: Callable[[Balance], int]) -> Column:
    """Return a column of amounts, one for each currency of a beneficiary."""

    def value(row: Any) -> int | None:
        return of(row.balances[0]) if row.balances else None

    def text(row: Any) -> str:
        return "; ".join(shown.money(of(each), each.currency or "") for each in row.balances)

    return Column(key, title, value, "number", width=126, text=text)


def _of_posted(action: Action, line: Line) -> str:
    posted = line.value("posted_on") is not None
    if action in {post_distribution, withdraw_distribution} and posted:
        return _("This distribution is posted and stands.")
    if action in {reverse_distribution, credit_distribution} and not posted:
        return _("Only what is posted is taken back; withdraw what is not.")
    if action in {reverse_distribution, credit_distribution} and line.value("kind") != SHARE_OUT:
        return _("What takes back is not taken back itself: share the receipt out anew.")
    return ""


def _of_waiting(action: Action, line: Line) -> str:
    waits = line.value("suspended_for") is not None and line.value("released_on") is None
    return _("This share is not in suspense.") if action is release_share and not waits else ""


TOLD = Column("told", N_("Points and costs"), lambda line: told_words(line.value("told") or ""))
POOL = Column("pool", N_("Taken of"), lambda row: pool_words(row.value("pool")), width=110)
SHARES = Register(
    kind="payments.share",
    title=N_("Shares"),
    columns=(
        Shown("beneficiary", 170),
        "amount",
        POOL,
        Shown("weight", 80),
        Shown("suspended_for", 170),
        Shown("released_on", 116),
    ),
    unless=_of_waiting,
)
THEIRS = Register(
    kind="payments.share",
    key="payments-share-theirs",
    title=N_("Shares"),
    columns=(
        Shown("distribution", 150),
        "amount",
        POOL,
        Shown("suspended_for", 170),
        Shown("released_on", 116),
    ),
    unless=_of_waiting,
)
PAYOUTS = Register(
    kind="payments.payout",
    title=N_("Payouts"),
    columns=(Shown("paid_on", 116), "amount", Shown("reference", 130), Shown("purpose", 160)),
)
REGISTERS = (
    Register(
        kind="payments.distribution",
        title=N_("Distributions"),
        columns=(
            Shown("number", 150),
            Shown("amount", 120),
            Shown("kind", 180),
            "receipt",
            Shown("run_on", 116),
            Shown("posted_on", 116),
            "posted_by",
        ),
        facts=(
            "number",
            "kind",
            "original",
            "contract",
            "receipt",
            "policy",
            "amount",
            "run_on",
            TOLD,
            "engine",
            "prepared_by",
            "prepared_on",
            "posted_by",
            "posted_on",
        ),
        icon="money",
        empty=N_(
            "A receipt is shared out in its own record, under Payments, by the policy of its day; a second person "
            "posts it."
        ),
        begins=(),
        follows=(SHARES,),
        unless=_of_posted,
    ),
    Register(
        kind="payments.beneficiary",
        title=N_("Beneficiaries"),
        columns=(
            Shown("name", 200),
            _money("due", N_("Still due"), lambda each: each.due),
            _money("suspended", N_("In suspense"), lambda each: each.suspended),
            _money("paid", N_("Paid"), lambda each: each.paid),
            Shown("code", 130),
            Shown("kind", 120),
        ),
        rows=holders,
        icon="people",
        empty=N_("Accounts, departments, persons and funds that get shares, by the codes that policies use."),
        follows=(THEIRS, PAYOUTS),
        also=frozenset({"payments.distribution"}),
    ),
    Register(
        kind="payments.policy",
        title=N_("Distribution policies"),
        columns=("contract", Shown("number", 80), "effective_from", "drafted_by", "activated_by", "activated_on"),
        icon="documents",
        empty=N_("Drafted in a contract's record and activated by a second person; a receipt follows that of its day."),
        begins=(),
    ),
)
