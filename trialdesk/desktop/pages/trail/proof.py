"""The verdict on a desk in words: what was looked at, what was found, what to do."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from trialdesk.application import FIELDS, LABELS
from trialdesk.base.i18n import N_, _, n_
from trialdesk.base.values import dataclass
from trialdesk.desktop import parts, shown, style
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.models.rows import Column
from trialdesk.desktop.models.status import Status
from trialdesk.desktop.widgets.facts import Facts
from trialdesk.desktop.widgets.status import StatusPill
from trialdesk.desktop.widgets.table import Table
from trialdesk.trail.verify import SUBJECTS, Finding, Verdict


@dataclass(frozen=True, slots=True)
class Found:
    """A finding of the proof as a row."""

    id: str
    finding: Finding


FINDINGS: tuple[Column, ...] = (
    Column("words", N_("What was found"), lambda row: row.finding.words, width=300),
    Column("place", N_("Where"), lambda row: place_words(row.finding.place), width=200),
)


class VerdictDetail(QWidget):
    """What the proof looked at and what it found, in words."""

    def __init__(self, verdict: Verdict, desk: Desk) -> None:
        super().__init__()
        layout = parts.column(self, spacing=style.MEDIUM, margins=(0, 0, style.SMALL, style.SMALL))
        proven = verdict.proven
        pill = StatusPill(Status(_("Proven"), "good") if proven else Status(_("Not proven"), "bad"))
        layout.addWidget(pill)
        layout.addWidget(parts.said(verdict_words(verdict), wrap=True))
        layout.addWidget(
            Facts(
                (
                    (_("Recorded changes"), shown.number(verdict.events)),
                    (_("Records"), shown.number(verdict.records)),
                    (_("Streams"), shown.number(verdict.streams)),
                    (_("Findings"), shown.number(verdict.count)),
                )
            )
        )
        if proven:
            layout.addStretch()
            return
        layout.addWidget(
            parts.said(
                _(
                    "Work no further on this file. Keep it as it is, take the newest backup, and give both to whoever "
                    "looks after this desk."
                ),
                wrap=True,
            )
        )
        layout.addWidget(parts.said(totals_words(verdict), "muted", wrap=True))
        self.findings = Table(FINDINGS, name=_("Findings"), key="trail/findings", memory=desk.memory, jobs=desk.jobs)
        self.findings.set_rows([Found(str(number), each) for number, each in enumerate(verdict.findings)])
        self.findings.setMinimumHeight(260)
        layout.addWidget(self.findings, 1)


def verdict_words(verdict: Verdict) -> str:
    """Return the outcome of a proof in one or two sentences."""
    if verdict.proven:
        return _(
            "Every recorded change is whole, in its order and as it was signed, and every record is exactly what the "
            "changes make of it."
        )
    count = verdict.count
    return n_(
        "{count} place is not as the trail says. Somebody or something changed the file behind TrialDesk's back.",
        "{count} places are not as the trail says. Somebody or something changed the file behind TrialDesk's back.",
        count,
    ).format(count=shown.number(count))


def totals_words(verdict: Verdict) -> str:
    """Return how much was found of what; where not all of it is listed, so many are."""
    words = _("; ").join(
        _("{subject}: {count}").format(subject=_(LABELS.get(subject) or SUBJECTS[subject]), count=shown.number(count))
        for subject, count in verdict.totals
    )
    if len(verdict.findings) < verdict.count:
        words = _("{totals}. Of each the first are listed.").format(totals=words)
    return words


def place_words(place: str) -> str:
    """Return the place of a finding: a field of a record, or an event of a stream."""
    kind, _space, rest = place.partition(" ")
    if kind in LABELS:
        record, _space, name = rest.partition(" ")
        field = FIELDS[kind].get(name)
        return ", ".join(
            part for part in (f"{_(LABELS[kind])} {record[:8]}", _(field.label) if field else name) if part
        )
    stream, _dot, number = kind.partition(".")
    if not number:
        return _("Stream {name}").format(name=stream[:8])
    return _("Stream {name}, event {number}").format(name=stream[:8], number=number)
