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


def _terms(desk: Desk, study: str) -> Page:
    from trialdesk.desktop.pages.terms import Terms

    return Terms(desk, study)


def _owed(desk: Desk, study: str) -> Page:
    from trialdesk.desktop.pages.owed import OwedPage

    return OwedPage(desk, study)


def _forecast(desk: Desk, study: str) -> Page:
    from trialdesk.desktop.pages.forecast import Forecast

    return Forecast(desk, study)


def _payments(desk: Desk, study: str) -> Page:
    from trialdesk.desktop.pages.payments import Payments

    return Payments(desk, study)


def _today(desk: Desk) -> Page:
    from trialdesk.desktop.pages.today import Today

    return Today(desk)


def _account(desk: Desk) -> Page:
    from trialdesk.desktop.pages.account import Account

    return Account(desk)


def _access(desk: Desk) -> Page:
    from trialdesk.desktop.pages.access import Access

    return Access(desk)


def _money(desk: Desk) -> Page:
    from trialdesk.desktop.pages.money import MoneyPage

    return MoneyPage(desk)


COMMANDS: tuple[Command, ...] = (
    Command("study:new", N_("New study"), lambda desk: desk.go("studies", focus=NEW), icon="add"),
    Command("study:import", N_("Import…"), lambda desk: desk.go("import"), keys="Ctrl+I", icon="import"),
    Command("report:check", N_("Check a PDF…"), lambda desk: desk.go("check"), icon="check"),
    Command("account:password", N_("Change your password…"), lambda desk: desk.go("account"), icon="lock"),
    Command("access:look", N_("Access log"), lambda desk: desk.go("access"), icon="trail"),
)

PLAN, CONDUCT, MONEY, RECORD = N_("Plan"), N_("Conduct"), N_("Money"), N_("Record")
"""The groups of a study's sections: what is laid down before, what happens, what is paid, what is told of it."""

SECTIONS: tuple[Section, ...] = (
    Section(
        "overview",
        N_("Overview"),
        _overview,
        letter="O",
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
        letter="D",
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
        letter="I",
        help=N_("Where participants are seen, since when, and how many are to be recruited in which month."),
    ),
    section(
        "ethics",
        N_("Ethics"),
        "ethics",
        group=PLAN,
        letter="E",
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
        letter="F",
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
        letter="T",
        help=N_("Who works on the study and what each may do. Rights follow from the delegations that stand today."),
    ),
    Section(
        "participants",
        N_("Participants"),
        Participants,
        group=CONDUCT,
        letter="P",
        help=N_(
            "Everybody who was screened. Choose one with the arrow keys to see consent, visits against their windows "
            "and events; Ctrl+R records a visit, F2 corrects, Ctrl+H shows who changed what and why."
        ),
    ),
    section(
        "product",
        N_("Product"),
        "product",
        group=CONDUCT,
        letter="U",
        help=N_(
            "What was received of the study product, given to participants, returned and destroyed. More cannot go "
            "than there is; the accountability log reconciles every batch."
        ),
    ),
    section(
        "safety",
        N_("Safety"),
        "safety",
        group=CONDUCT,
        letter="S",
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
        letter="V",
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
        letter="C",
        help=N_(
            "Agreements from draft to close with their terms, certificates, invoices and receipts; insurance. Terms "
            "count once a second person activates them."
        ),
    ),
    Section(
        "terms",
        N_("Terms editor"),
        _terms,
        group=MONEY,
        letter="X",
        help=N_(
            "Write what is paid for what, from a template or the version before. Beside the text stand the checks, "
            "what the version changes in money, and a bench to try it on chosen facts. A second person activates it."
        ),
    ),
    Section(
        "owed",
        N_("What is owed"),
        _owed,
        group=MONEY,
        letter="W",
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
        letter="M",
        help=N_(
            "Certificates of two people, invoices and credit notes, receipts, disputes and the ledger. What is issued "
            "or posted is never changed; a correction is another document or entry."
        ),
    ),
    section(
        "sharing",
        N_("Sharing out"),
        "sharing",
        group=MONEY,
        letter="H",
        help=N_(
            "Who gets what of each receipt, by the policy of its day. One person prepares a distribution in the record "
            "of a receipt, a second who gets none of it posts it; who has no valid declaration waits in suspense."
        ),
    ),
    Section(
        "forecast",
        N_("Forecast"),
        _forecast,
        group=MONEY,
        letter="K",
        help=N_(
            "What each contract may bring in the next twelve months at a low, middle and high rate, when its money "
            "should arrive and its holdback come free; and how far what has accrued has come on its way to the bank."
        ),
    ),
    Section(
        "reports",
        N_("Reports"),
        _reports,
        group=RECORD,
        letter="R",
        help=N_(
            "Choose a report, then its site, day and language; the document is shown as it will be printed. Ctrl+S "
            "keeps it as a PDF, Ctrl+P prints it. A PDF kept here can be proven at any time: Check a PDF."
        ),
    ),
    section(
        "problems",
        N_("Import problems"),
        "problems",
        group=RECORD,
        letter="B",
        help=N_(
            "What was found odd in imported data: contradictions, values that could not be read, consent and approval "
            "that are not in them. Nothing was put right; correct the record, with its reason, where it is wrong."
        ),
    ),
    Section(
        "trail",
        N_("Trail"),
        _trail,
        group=RECORD,
        letter="L",
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
        "money",
        N_("Money"),
        "money",
        _money,
        help=N_(
            "Every contract of all studies with what it earned, invoiced and received, and what is outstanding or "
            "overdue. Enter leads to its payments."
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
    Place(
        "account",
        N_("Your password"),
        "lock",
        _account,
        under="settings",
        help=N_(
            "Type the password you have, then the new one twice. Nobody can recover a forgotten password: the owner of "
            "the desk can only give you a new one."
        ),
    ),
    Place(
        "access",
        N_("Access log"),
        "trail",
        _access,
        under="settings",
        help=N_(
            "Who signed in, was refused, looked at private values, took something out or signed. The owner of the desk "
            "sees all of it; principal investigator, quality and auditor the part of their study."
        ),
    ),
)

CATALOGUE = Catalogue(PLACES, SECTIONS, COMMANDS)
