"""CIOMS I: one suspected adverse reaction, box by box, with continuation sheets for what the boxes cannot hold.

Rule: ICH E2A; 21 CFR 312.32(c)(1). Box 1 holds the participant's code and box 2 stays empty: identity does not leave
the site. The treatment is told as that of the study, never which arm.
"""

from __future__ import annotations

from collections.abc import Iterator

from trialdesk.base.i18n import N_, _
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports.boxes import boxes, continued, parted
from trialdesk.reporting.reports.cells import day
from trialdesk.reporting.reports.expedited_facts import event_facts
from trialdesk.reporting.reports.items import Item, lacking, open_items
from trialdesk.reporting.reports.parameters import EVENT
from trialdesk.reporting.reports.sae_log import moment_words
from trialdesk.reporting.structure import Block, Checks, Heading, Paragraph
from trialdesk.reporting.terms import ACTIONS_TAKEN, OUTCOMES, SEXES, age_words, choice_words, in_words
from trialdesk.safety.rules import CRITERIA, RECIPIENTS, RELATED
from trialdesk.safety.told import EventTold


def compose(told: EventTold | None) -> list[Block]:
    """Return the boxes in the order of the form, what is missing, and the continuation sheets."""
    if told is None:
        return [Paragraph(_("No serious adverse event is recorded."), "lead")]
    control = told.row.number or _("no number")
    reaction, product, source = list(_reaction(told)), list(_product(told)), list(_source(told, control))
    head, sheets = parted(told.narrative or "")
    described = Item(
        _("7 + 13 Description of the reaction, with tests"), _described(told, head, continued=bool(sheets))
    )
    return [
        Paragraph(_("Suspect adverse reaction report, control number {number}.").format(number=control), "lead"),
        Heading(1, _("I. Reaction")),
        boxes(reaction),
        boxes([described]),
        Heading(2, _("8–12 Appropriate to the reaction")),
        Checks([(_(label), code in told.row.criteria) for code, label in CRITERIA]),
        Heading(1, _("II. Suspect product")),
        boxes(product),
        Heading(1, _("III. Concomitant products and history")),
        boxes(_history()),
        Heading(1, _("IV. Sponsor and source")),
        boxes(source),
        *open_items(reaction, product, _history(), source),
        *continued(control, _("7 + 13 Description, continued"), sheets),
    ]


def open_points(told: EventTold | None) -> tuple[str, ...]:
    """Return what must be recorded before the form is final: whom it happened to, what, and the narrative."""
    if told is None:
        return (_("No serious adverse event is recorded."),)
    return lacking(_reaction(told), [Item(_("Narrative"), told.narrative)])


def _reaction(told: EventTold) -> Iterator[Item]:
    row = told.row
    sealed = _("identity does not leave the site")
    yield Item(_("1 Initials (code of the participant)"), row.identifier)
    yield Item(_("1a Country"), told.country)
    yield Item(_("2 Date of birth"), None, why=sealed, wanted=False)
    yield Item(_("2a Age"), age_words(told.age, told.age_unit) if told.age is not None else None)
    yield Item(_("3 Sex"), in_words(SEXES, told.sex) if told.sex else None)
    yield Item(_("4–6 Reaction onset"), day(row.started_on) if row.started_on else None)


def _described(told: EventTold, head: str, *, continued: bool) -> str:
    row = told.row
    related = choice_words(RELATED, row.related) if row.related else row.causality or _("not recorded")
    lines = [
        row.term if not told.preferred_term else f"{row.term} ({told.preferred_term})",
        _("Related to the study product: {related}").format(related=related),
        _("Outcome: {outcome}").format(outcome=in_words(OUTCOMES, row.outcome) if row.outcome else _("not recorded")),
        _("Action taken: {action}").format(
            action=in_words(ACTIONS_TAKEN, told.action_taken) if told.action_taken else _("not recorded")
        ),
        head or _("Narrative: not recorded"),
    ]
    if continued:
        lines.append(_("Continued on the continuation sheet."))
    return "\n".join(lines)


def _product(told: EventTold) -> Iterator[Item]:
    blinded, unkept = _("allocation is not told here"), _("products are not kept with the event")
    arms = _("One of: {arms}; {why}").format(arms=", ".join(told.arms), why=blinded) if told.arms else None
    yield Item(_("14 Suspect drug, batch"), arms)
    yield Item(_("15 Daily dose"), None, why=blinded, wanted=False)
    yield Item(_("16 Route"), None, why=blinded, wanted=False)
    yield Item(_("17 Indication"), None, why=unkept, wanted=False)
    days = (told.first_exposure, told.last_exposure)
    from_, to = (day(each) for each in days)
    yield Item(_("18 Therapy dates"), _("{begins} to {ends}").format(begins=from_, ends=to) if any(days) else None)
    yield Item(_("19 Duration of therapy"), None, why=_("it follows from box 18"), wanted=False)
    yield Item(_("20 Abated after stopping"), None, why=unkept)
    yield Item(_("21 Reappeared after restart"), None, why=unkept, wanted=False)


def _history() -> list[Item]:
    kept = _("kept in the source records of the site")
    return [
        Item(_("22 Concomitant products and dates"), None, why=kept, wanted=False),
        Item(_("23 Other relevant history"), None, why=kept, wanted=False),
    ]


def _source(told: EventTold, control: str) -> Iterator[Item]:
    row, last = told.row, told.sent[-1] if told.sent else None
    yield Item(_("24a Sponsor"), row.reported_to)
    yield Item(_("24b Control number"), control)
    yield Item(
        _("24c Received by the sponsor"), moment_words(row.reported_at, row.aware_zone) if row.reported_at else None
    )
    yield Item(_("24d Source"), _("Study, site {site}").format(site=told.site))
    yield Item(
        _("Date of this report"),
        _("{day}, to {recipient}").format(
            day=day(last.submitted_on), recipient=choice_words(RECIPIENTS, last.recipient)
        )
        if last
        else None,
        why=_("no expedited report is recorded"),
    )
    yield Item(_("25a Report type"), _("Follow-up") if last and last.follow_up else _("Initial"))


REPORT = Report(
    key="cioms",
    title=N_("CIOMS I: suspect adverse reaction report"),
    audience="regulator",
    section="safety",
    parameters=(EVENT,),
    each="event",
    gather=event_facts,
    compose=compose,
    open_items=open_points,
    unblinds=False,
    about=N_("One serious event in the boxes of the CIOMS I form, continued on further sheets."),
    tells_day=True,
)
