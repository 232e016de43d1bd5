"""The queue of certificates: what each waits for and comes to, and in a certificate every line it vouches for."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from trialdesk.base.i18n import N_, _, n_
from trialdesk.base.ids import Id
from trialdesk.desktop import parts, style
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.models.rows import Column
from trialdesk.desktop.models.status import Status
from trialdesk.desktop.registers.columns import Shown, amount_text, amounts_of
from trialdesk.desktop.registers.declaration import Register
from trialdesk.desktop.widgets.facts import Facts
from trialdesk.desktop.widgets.listing import Listing
from trialdesk.desktop.widgets.why import WhyBelow, leading
from trialdesk.overview.register import Line
from trialdesk.payments.queue import Queued, Vouched, Vouching, queue, vouching
from trialdesk.payments.rules.wording import unit_words
from trialdesk.payments.why import Why, why
from trialdesk.people.acting import Action
from trialdesk.persistence.reading import Read

WAITS = {
    "verify": N_("To be verified"),
    "attest": N_("To be attested"),
    "certify": N_("To be certified"),
    "accept": N_("Certified"),
    "": N_("Accepted"),
}
"""How a certificate stands, by what it waits for."""

NAMED = 5
"""How many fallen lines are named where one signs; the certificate beside lists all."""

SUMS = (("line", N_("Achieved")), ("hold", N_("Held back")), ("pay", N_("Payable")))


def _stands(row: Queued) -> Status:
    return Status(_(WAITS[row.waits_for]), "good" if row.waits_for in {"accept", ""} else "warning")


class VouchedFor(QWidget):
    """What a certificate vouches for: its sums, and line by line what was achieved; a line opened says why."""

    def __init__(self, desk: Desk, study: Id, row: Any) -> None:
        super().__init__()
        self._desk, self._study, self._certificate = desk, study, row.id
        self._layout = parts.column(self, spacing=style.LARGE)
        self.lines: Listing | None = None
        desk.read(vouching, then=self._show, owner=self, latest="vouching", study=study, certificate=row.id)

    def _show(self, told: Vouching) -> None:
        self._told = told
        currency = told.queued.currency
        sums = [(_(title), amount_text(name)(told.queued)) for name, title in SUMS]
        self._layout.addWidget(Facts(sums, across=3))
        less = [line for line in told.lines if line.now is not None]
        if less:
            words = n_(
                "Less is due by now of {count} line than when this was prepared: no invoice asks for what has fallen.",
                "Less is due by now of {count} lines than when this was prepared: no invoice asks for what has fallen.",
                len(less),
            )
            self._layout.addWidget(parts.said(words.format(count=len(less)), "fine", wrap=True))
        columns = (
            Column("unit", N_("Why this amount?"), lambda line: unit_words(line.unit), "link", width=150),
            Column("rule", N_("Deliverable"), lambda line: line.rule, width=96),
            Column("on", N_("Date"), lambda line: line.on, "date", width=104),
            amounts_of("pay", N_("Payable"), currency, width=112),
            *((amounts_of("now", N_("Due by now"), currency, width=112),) if less else ()),
            amounts_of("hold", N_("Held back"), currency, width=104),
        )
        self.lines = Listing(columns, told.lines, name=_("Lines"))
        self.lines.opened.connect(self._ask)
        self._layout.addWidget(parts.group(_("Lines"), self.lines))
        self.why = WhyBelow(leading(self._desk, self._study))
        self._layout.addWidget(self.why)

    def _ask(self, line: Vouched) -> None:
        queued = self._told.queued

        def ask(read: Any) -> Why:
            from trialdesk.trail.position import last_known

            last = last_known(read, self._study)
            assert last is not None
            return why(
                read,
                study=self._study,
                rule=line.rule,
                unit=line.unit,
                as_of=queued.as_of,
                known_at=last[0],
                contract=queued.contract,
            )

        self._desk.read(ask, then=self.why.answer, owner=self, latest="why")


def signed(read: Read, *, study: Id, record: Id) -> list[tuple[str, str]]:
    """Return what a signature on a certificate vouches for: its sums, and the lines of which less is due by now."""
    told = vouching(read, study=study, certificate=record)
    facts = [(_("Certificate"), told.queued.number), (_("Lines"), str(len(told.lines)))]
    facts += [(_(title), amount_text(name)(told.queued)) for name, title in SUMS]
    less = [
        _("{line}: {now} instead of {then}").format(
            line=f"{each.rule} · {unit_words(each.unit)}",
            now=amount_text("now", told.queued.currency)(each),
            then=amount_text("pay", told.queued.currency)(each),
        )
        for each in told.lines
        if each.now is not None
    ]
    if len(less) > NAMED:
        others = len(less) - NAMED
        less[NAMED:] = [n_("and {count} line more", "and {count} lines more", others).format(count=others)]
    return [*facts, *([(_("Less is due by now"), "\n".join(less))] if less else [])]


def _out_of_turn(action: Action, line: Line) -> str:
    """Return why a step of a certificate cannot be taken yet: each follows the one before."""
    step = action.name.rpartition(":")[2]
    unverified = line.value("needs_verification") and not line.value("verified_on")
    unattested = line.value("needs_attestation") and not line.value("attested_on")
    if step in {"attest", "certify"} and unverified:
        return _("The facts are to be verified first.")
    if step == "certify" and unattested:
        return _("The clinical facts are to be attested first.")
    return ""


WAITING = Column("state", N_("State"), _stands, "status", width=130)
CERTIFICATES = Register(
    kind="payments.certificate",
    title=N_("Certificates"),
    columns=(
        Shown("number", 168),
        WAITING,
        Shown("as_of", 104),
        amounts_of("pay", N_("Payable"), width=130),
        amounts_of("hold", N_("Held back"), width=120),
        Column("contract", N_("Contract"), lambda row: row.contract, width=140),
        Column("prepared_by", N_("Prepared by"), lambda row: row.prepared_by, width=140),
        Column("certified_on", N_("Certified on"), lambda row: row.certified_on, "date", width=112),
    ),
    facts=(
        "number",
        "contract",
        "as_of",
        "known_at",
        "needs_verification",
        "prepared_by",
        "prepared_on",
        "verified_by",
        "verified_on",
        "needs_attestation",
        "attested_by",
        "attested_on",
        "certified_by",
        "certified_on",
        "accepted_on",
    ),
    icon="good",
    empty=N_(
        "Prepared by one person in a contract's record, certified by another. Only what is certified is invoiced."
    ),
    rows=queue,
    begins=(),
    signing=signed,
    unless=_out_of_turn,
    within=VouchedFor,
)
