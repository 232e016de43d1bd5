"""The pages that exist, as data. A new page is one line here; nothing is greyed out for what does not exist."""

from __future__ import annotations

from trialdesk.base.i18n import N_
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.page import NEW, Catalogue, Command, Page, Place, Section
from trialdesk.desktop.pages.participants import Participants
from trialdesk.desktop.pages.settings import Settings
from trialdesk.desktop.pages.studies import Studies
from trialdesk.desktop.registers.section import section


# What reads files, draws or proves is imported when its page is first seen: a desk opens sooner.
def _import(desk: Desk) -> Page:
    from trialdesk.desktop.pages.bringing import Import

    return Import(desk)


def _check(desk: Desk) -> Page:
    from trialdesk.desktop.pages.checking import Check

    return Check(desk)


def _overview(desk: Desk, study: str) -> Page:
    from trialdesk.desktop.pages.overview import Overview

    return Overview(desk, study)


def _trail(desk: Desk, study: str) -> Page:
    from trialdesk.desktop.pages.trail import Trail

    return Trail(desk, study)


def _reports(desk: Desk, study: str) -> Page:
    from trialdesk.desktop.pages.reports import Reports

    return Reports(desk, study)


def _owed(desk: Desk, study: str) -> Page:
    from trialdesk.desktop.pages.owed import OwedPage

    return OwedPage(desk, study)


def _payments(desk: Desk, study: str) -> Page:
    from trialdesk.desktop.pages.payments import Payments

    return Payments(desk, study)


def _today(desk: Desk) -> Page:
    from trialdesk.desktop.pages.today import Today

    return Today(desk)


COMMANDS: tuple[Command, ...] = (
    Command("study:new", N_("New study"), lambda desk: desk.go("studies", focus=NEW), icon="add"),
    Command("study:import", N_("Import…"), lambda desk: desk.go("import"), keys="Ctrl+I", icon="import"),
    Command("report:check", N_("Check a PDF…"), lambda desk: desk.go("check"), icon="check"),
)

PLAN, CONDUCT, MONEY, RECORD = N_("Plan"), N_("Conduct"), N_("Money"), N_("Record")
"""The groups of a study's sections: what is laid down before, what happens, what is paid, what is told of it."""

SECTIONS: tuple[Section, ...] = (
    Section(
        "overview",
        N_("Overview"),
        _overview,
        help=N_(
            "The study on one page: what comes next, its numbers, the participant flow, its sites and what is missing. "
            "Every number and every box leads to what it counts."
        ),
    ),
    section(
        "design",
        N_("Design"),
        "design",
        group=PLAN,
        help=N_(
            "What the protocol lays down: its versions, visits with their windows, activities, arms, criteria. What is "
            "changed here counts from then on; every change keeps its reason."
        ),
    ),
    section(
        "sites",
        N_("Sites"),
        "sites",
        group=PLAN,
        help=N_("Where participants are seen, since when, and how many are to be recruited in which month."),
    ),
    section(
        "ethics",
        N_("Ethics"),
        "ethics",
        group=PLAN,
        help=N_(
            "Submissions with the committee's questions, decisions and conditions; consent versions; institutional "
            "approvals. From these it follows on which days anything may be done with participants."
        ),
    ),
    section(
        "documents",
        N_("Documents"),
        "documents",
        group=PLAN,
        help=N_(
            "Every file with what it evidences and its versions. A file is kept in the desk itself, with every backup, "
            "and its hash in the trail: what was attached can be proven."
        ),
    ),
    section(
        "team",
        N_("Team"),
        "team",
        group=PLAN,
        help=N_("Who works on the study and what each may do. Rights follow from the delegations that stand today."),
    ),
    Section(
        "participants",
        N_("Participants"),
        Participants,
        group=CONDUCT,
        help=N_(
            "Everybody who was screened. Choose one with the arrow keys to see consent, visits against their windows "
            "and events; Ctrl+R records a visit, F2 corrects, Ctrl+H shows who changed what and why."
        ),
    ),
    section(
        "safety",
        N_("Safety"),
        "safety",
        group=CONDUCT,
        help=N_(
            "Adverse events with their seriousness, assessment and reports. From when the site was aware of a serious "
            "one, its clocks run; they stand in Today."
        ),
    ),
    section(
        "deviations",
        N_("Deviations"),
        "deviations",
        group=CONDUCT,
        help=N_(
            "Departures from the protocol, recorded or proposed by the program, until an investigator assessed them; "
            "and questions about the data until they are closed."
        ),
    ),
    section(
        "contracts",
        N_("Contracts"),
        "contracts",
        group=MONEY,
        help=N_(
            "Agreements from draft to close with their terms, certificates, invoices and receipts; insurance. Terms "
            "count once a second person activates them."
        ),
    ),
    Section(
        "owed",
        N_("What is owed"),
        _owed,
        group=MONEY,
        help=N_(
            "Every line the contracts pay for, reckoned from what is recorded. Choose one to see why it is what it is: "
            "factors, rule, facts, and who recorded each when."
        ),
    ),
    Section(
        "payments",
        N_("Payments"),
        _payments,
        group=MONEY,
        help=N_(
            "Certificates of two people, invoices and credit notes, receipts, disputes and the ledger. What is issued "
            "or posted is never changed; a correction is another document or entry."
        ),
    ),
    Section(
        "reports",
        N_("Reports"),
        _reports,
        group=RECORD,
        help=N_(
            "Choose a report, then its site, day and language; the document is shown as it will be printed. Ctrl+S "
            "keeps it as a PDF, Ctrl+P prints it. A PDF kept here can be proven at any time: Check a PDF."
        ),
    ),
    Section(
        "trail",
        N_("Trail"),
        _trail,
        group=RECORD,
        help=N_(
            "Every step taken in this study, newest first: who, when, what and why. Look into one to see old and new "
            "values and to take it back. Prove this desk checks that nothing was changed behind the trail."
        ),
    ),
)

PLACES: tuple[Place, ...] = (
    Place(
        "today",
        N_("Today"),
        "today",
        _today,
        help=N_(
            "What is late, due today or soon due in all studies, most urgent first. Enter, or a click on what comes "
            "next, leads to where it is done."
        ),
    ),
    Place(
        "studies",
        N_("Studies"),
        "studies",
        Studies,
        help=N_(
            "Every study you may see, with its stage and what comes next. Press Enter on a study to open it; "
            "type in the filter to find one by any word of its title, stage or PI."
        ),
    ),
    Place(
        "import",
        N_("Import a study"),
        "import",
        _import,
        under="studies",
        help=N_(
            "Type or choose a folder or files and press Enter: what is in them is shown before anything is written. "
            "An import is one step: cancelled it leaves nothing, and Undo takes all of it back."
        ),
    ),
    Place(
        "check",
        N_("Check a PDF"),
        "check",
        _check,
        under="studies",
        help=N_(
            "Whether a document was made on this desk and not altered since, whether the desk still says the same, "
            "and if not, which figures changed and who changed what."
        ),
    ),
    Place(
        "settings",
        N_("Settings"),
        "settings",
        Settings,
        help=N_(
            "Language and appearance of this window, and when it locks itself. "
            "These are kept on this workstation and change no record."
        ),
    ),
)

CATALOGUE = Catalogue(PLACES, SECTIONS, COMMANDS)
