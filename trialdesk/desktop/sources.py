"""What the window itself reads of an open desk: the studies, what waits, what is found. Called on reader threads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from trialdesk.application import Application
from trialdesk.base.i18n import N_, _
from trialdesk.desktop.models.status import Status
from trialdesk.desktop.spot import Found, Spot, StudyHead
from trialdesk.desktop.style import Hue
from trialdesk.studies.queries import StudyRow, studies

# What comes next and what waits is reckoned once the page stands: a desk opens sooner.
if TYPE_CHECKING:
    from trialdesk.overview.ahead import Ahead, Look
    from trialdesk.overview.queries import Standing
    from trialdesk.overview.rules.standing import Stage
    from trialdesk.overview.rules.waiting import Waiting

MOST = 12
"""So many things are found at most."""

PEOPLE = 8
"""So many of them are participants: reports have room too."""

STAGES: Mapping[Stage, tuple[str, Hue, str]] = {
    "set-up": (N_("Set-up"), "neutral", "edit"),
    "enrolling": (N_("Enrolling"), "good", "participant"),
    "follow-up": (N_("Follow-up"), "info", "visit"),
    "ended": (N_("Ended"), "neutral", "check"),
}


class DeskSources:
    """Reads one open desk."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def studies(self) -> tuple[StudyHead, ...]:
        """Return the studies by short name. As many statements as `glance`."""
        return self.glance()[0]

    def glance(self) -> tuple[tuple[StudyHead, ...], Mapping[str, int]]:
        """Return the studies by short name, and how much waits where: of today, what is late or due.

        A bounded number of statements, and more for each study in which nothing waits.
        """
        from trialdesk.overview.ahead import look

        found: Look = self._application.read(look, on=self._application.today, at=self._application.clock.now())
        heads = tuple(_head(each, found.ahead[each.study.id]) for each in found.standings)
        return heads, {"today": sum(row.pressing for row in found.waiting)}

    def waiting(self) -> tuple[Waiting, ...]:
        """Return what waits, most urgent first. A bounded number of statements."""
        from trialdesk.overview.clocks import today

        on, at = self._application.today, self._application.clock.now()
        return tuple(self._application.read(today, on=on, at=at))

    def find(self, words: str) -> tuple[Found, ...]:
        """Return participants and reports whose names have the words, at most a dozen. Two statements."""
        from trialdesk.overview.queries import find_participants

        with self._application.reading() as read:
            people = find_participants(read, words=words, limit=PEOPLE)
            rows = studies(read)
        found = [
            Found(
                row.identifier,
                _("Participant · {study}").format(study=row.short_name),
                Spot("studies", row.study, "participants", row.id),
                "participant",
            )
            for row in people
        ]
        return (*found, *_reports(words, rows))[:MOST]


def stage_status(standing: Standing) -> Status:
    """Return a study's stage as it is shown."""
    words, hue, icon = STAGES[standing.stage]
    return Status(_(words), hue, icon)


def blinding_status(study: StudyRow) -> Status:
    """Return whether who is in which arm is known here, as it is shown."""
    if study.arms_known:
        return Status(_("Open label") if study.blinding == "open" else _("Unblinded"), "neutral", "eye")
    return Status(_("Blinded"), "info", "eye-off")


def _head(standing: Standing, ahead: Ahead) -> StudyHead:
    study = standing.study
    return StudyHead(
        id=study.id,
        acronym=study.short_name,
        title=study.title or "",
        stage=stage_status(standing),
        pi=standing.pi or "",
        next_action=ahead.words,
        next_spot=Spot("studies", study.id, ahead.section, ahead.focus),
        late=ahead.late,
        blinding=blinding_status(study),
    )


def _reports(words: str, rows: tuple[StudyRow, ...]) -> list[Found]:
    # Imported when somebody first searches: a desk opens sooner.
    from trialdesk.reporting.catalog import REPORTS

    sought = words.lower().split()
    return [
        Found(_(report.title), row.short_name, Spot("studies", row.id, "reports", report.key), "report")
        for row in rows
        for report in REPORTS
        if all(word in f"{_(report.title)} {row.short_name}".lower() for word in sought)
    ]
