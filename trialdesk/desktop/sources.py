"""What the window itself reads of an open desk: the studies, what waits, what is found. Called on reader threads."""

from __future__ import annotations

from collections.abc import Mapping

from trialdesk.application import Application
from trialdesk.base.i18n import N_, _, n_
from trialdesk.desktop.models.status import Status
from trialdesk.desktop.spot import Found, Spot, StudyHead
from trialdesk.desktop.style import Hue
from trialdesk.overview.clocks import today
from trialdesk.overview.queries import Standing, find_participants, portfolio
from trialdesk.overview.rules.standing import Next, Stage
from trialdesk.overview.rules.waiting import Waiting
from trialdesk.studies.queries import StudyRow, studies

MOST = 12
"""So many things are found at most."""

PEOPLE = 8
"""So many of them are participants: reports have room too."""

PRESSING = frozenset({"late", "due today"})
"""The states that count as waiting in the rail."""

STAGES: Mapping[Stage, tuple[str, Hue, str]] = {
    "set-up": (N_("Set-up"), "neutral", "edit"),
    "enrolling": (N_("Enrolling"), "good", "participant"),
    "follow-up": (N_("Follow-up"), "info", "visit"),
    "ended": (N_("Ended"), "neutral", "check"),
}
STEPS: Mapping[Next, tuple[str, str, str]] = {
    "site": (N_("Add the first site"), "overview", "site"),
    "participant": (N_("Screen the first participant"), "participants", ""),
    "gaps": (N_("Look at what is missing"), "overview", "gaps"),
    "report": (N_("Make a report"), "reports", ""),
}
"""What comes next: its words, the section where it is done, and what to look at there."""


class DeskSources:
    """Reads one open desk."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def studies(self) -> tuple[StudyHead, ...]:
        """Return the studies by short name. Seven statements, however many."""
        return tuple(map(_head, self._application.read(portfolio, on=self._application.today)))

    def counts(self) -> Mapping[str, int]:
        """Return how much waits where: of today, what is late or due. As many statements as `waiting`."""
        return {"today": sum(row.urgent for row in self.waiting())}

    def waiting(self) -> tuple[Waiting, ...]:
        """Return what waits, most urgent first. A bounded number of statements."""
        on, at = self._application.today, self._application.clock.now()
        return tuple(self._application.read(today, on=on, at=at))

    def find(self, words: str) -> tuple[Found, ...]:
        """Return participants and reports whose names have the words, at most a dozen. Two statements."""
        with self._application.reading() as read:
            people = find_participants(read, words=words, limit=PEOPLE)
            rows = studies(read)
        found = [
            Found(
                row.number,
                _("Participant · {study}").format(study=row.short_name),
                Spot("studies", row.study, "participants", row.id),
                "participant",
            )
            for row in people
        ]
        return (*found, *_reports(words, rows))[:MOST]


def step_words(standing: Standing) -> str:
    """Return what comes next in a study, in words."""
    if standing.next_step == "gaps":
        count = len(standing.gaps)
        return n_("Look at {count} open point", "Look at {count} open points", count).format(count=count)
    return _(STEPS[standing.next_step][0])


def step_spot(standing: Standing) -> Spot:
    """Return where what comes next is done."""
    _words, section, focus = STEPS[standing.next_step]
    return Spot("studies", standing.study.id, section, focus)


def stage_status(standing: Standing) -> Status:
    """Return a study's stage as it is shown."""
    words, hue, icon = STAGES[standing.stage]
    return Status(_(words), hue, icon)


def blinding_status(study: StudyRow) -> Status:
    """Return whether who is in which arm is known here, as it is shown."""
    if study.arms_known:
        return Status(_("Open label") if study.blinding == "open" else _("Unblinded"), "neutral", "eye")
    return Status(_("Blinded"), "info", "eye-off")


def _head(standing: Standing) -> StudyHead:
    study = standing.study
    return StudyHead(
        id=study.id,
        acronym=study.short_name,
        title=study.title or "",
        stage=stage_status(standing),
        pi=standing.pi or "",
        next_action=step_words(standing),
        next_spot=step_spot(standing),
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
