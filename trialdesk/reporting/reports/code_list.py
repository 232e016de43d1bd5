"""Participant identification code list: which person is which code (ICH E6(R3), Appendix C). It never leaves the site.

Names are sealed; they are printed for who may know them, and that they were is noted in the access log.
"""

from __future__ import annotations

from datetime import date

from trialdesk.base.dates import PartialDate
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.enrollment.queries.identities import identities
from trialdesk.persistence.reading import Read
from trialdesk.persistence.vault import Hidden
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports.cells import day
from trialdesk.reporting.reports.parameters import AS_OF, SITE
from trialdesk.reporting.reports.screening_log import STANDING
from trialdesk.reporting.structure import Block, Column, Note, Paragraph, Signature, Signatures, Table

UNKEPT = N_(
    "Date of birth, hospital number, another person to reach and who keeps the key: the record has no place for them."
)


@dataclass(frozen=True, slots=True)
class Coded:
    """One participant; `hidden` is empty, `erased` or `not allowed`."""

    identifier: str
    site: str
    screened_on: PartialDate | None
    state: str
    name: str | None
    contact: str | None
    hidden: str


@dataclass(frozen=True, slots=True)
class CodeList:
    """The rows by site and number."""

    rows: tuple[Coded, ...]


def gather(read: Read, *, study: Id, on: date, site: Id | None = None, as_of: date | None = None) -> CodeList:
    """Return the list; as of a day, who had been screened by then. A bounded number of statements."""
    return CodeList(
        tuple(
            Coded(
                row.identifier,
                row.site_number,
                row.screened_on,
                row.state,
                row.name,
                row.contact,
                _HIDDEN[row.hidden] if row.hidden else "",
            )
            for row in identities(read, study=study, on=on, site=site, as_of=as_of)
        )
    )


_HIDDEN = {Hidden.ERASED: "erased", Hidden.NOT_ALLOWED: "not allowed"}


def compose(told: CodeList) -> list[Block]:
    """Return whose list it is, the list, and the lines on which it is signed."""
    if any(row.hidden == "not allowed" for row in told.rows) and not any(row.name or row.contact for row in told.rows):
        # A list of nobody, under lock and with a line to sign, would be taken for the list.
        return [
            Paragraph(_("The code list is open only to who may know who participants are."), "lead"),
            Note(_("Ask the principal investigator or a coordinator of the site.")),
        ]
    unnamed = sum(not row.name and not row.hidden for row in told.rows)
    hidden = sum(bool(row.hidden) for row in told.rows)
    return [
        Paragraph(
            _("{all} participants, {named} of them with a name here.").format(
                all=len(told.rows), named=len(told.rows) - unnamed - hidden
            ),
            "lead",
        ),
        Note(
            _("Kept under lock at the site. It is not copied, sent, or shown to the sponsor's data systems."),
            _("Names and codes"),
        ),
        Table(
            (
                Column(_("Participant"), names_row=True),
                Column(_("Site")),
                Column(_("Name"), 1.4),
                Column(_("Contact"), 2),
                Column(_("Screened on")),
                Column(_("Status")),
            ),
            [
                (
                    row.identifier,
                    row.site,
                    _shown(row.name, row.hidden),
                    _shown(row.contact, row.hidden),
                    day(row.screened_on),
                    _(STANDING[row.state]),
                )
                for row in told.rows
            ],
            empty=_("Nobody has been screened."),
        ),
        *([Note(_(UNKEPT), _("Not recorded"))] if told.rows else []),
        Signatures([Signature(_("Code list checked"), _("Principal investigator"))]),
    ]


def _shown(said: str | None, hidden: str) -> str:
    if said:
        return said
    if hidden == "erased":
        return _("erased")
    return _("not shown to this account") if hidden else _("not recorded")


REPORT = Report(
    key="code-list",
    title=N_("Participant identification code list"),
    audience="inside",
    section="participants",
    parameters=(SITE, AS_OF),
    gather=gather,
    compose=compose,
    unblinds=False,
    names=True,
    about=N_("Which person is which code, for who may know; it stays at the site."),
)
