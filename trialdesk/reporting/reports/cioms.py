"""CIOMS I: one suspected adverse reaction, box by box, with continuation sheets for what the boxes cannot hold.

Rule: ICH E2A; 21 CFR 312.32(c)(1). Box 1 holds the participant's code and box 2 stays empty: identity does not leave
the site. What the participant was given is named where that tells no arm; else the study's treatments are.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from trialdesk.base.dates import PartialDate, day_of
from trialdesk.base.i18n import N_, _, n_
from trialdesk.base.ids import Id
from trialdesk.persistence.reading import Read
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports.boxes import boxes, continued, parted
from trialdesk.reporting.reports.cells import day
from trialdesk.reporting.reports.expedited_facts import Case, Dose, case_facts
from trialdesk.reporting.reports.expedited_words import product, therapy
from trialdesk.reporting.reports.items import Item, lacking, open_items
from trialdesk.reporting.reports.parameters import EVENT
from trialdesk.reporting.reports.sae_log import moment_words
from trialdesk.reporting.structure import Block, Checks, Heading, Paragraph
from trialdesk.reporting.terms import (
    ACTIONS_TAKEN,
    OUTCOMES,
    SEXES,
    age_words,
    choice_words,
    country_words,
    in_words,
)
from trialdesk.safety.rules import CRITERIA, RECIPIENTS, RELATED
from trialdesk.safety.told import EventTold


def gather(
    read: Read,
    *,
    study: Id,
    on: date,
    site: Id | None = None,  # noqa: ARG001 - the event is of its participant's site
    as_of: date | None = None,  # noqa: ARG001 - it is told as it is recorded
    event: str | None = None,
) -> Case | None:
    """Return the case of that event, else of the serious one that began last; None if there is none."""
    return case_facts(read, study=study, on=on, event=event, recipient=None, follow_up=None)


def compose(case: Case | None) -> list[Block]:
    """Return the boxes in the order of the form, what is missing, and the continuation sheets."""
    if case is None:
        return [Paragraph(_("No serious adverse event is recorded."), "lead")]
    told = case.event
    control = told.row.number or _("no number")
    reaction, given, source = list(_reaction(case)), list(_product(case)), list(_source(case, control))
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
        boxes(given),
        Heading(1, _("III. Concomitant products and history")),
        boxes(_history()),
        Heading(1, _("IV. Sponsor and source")),
        boxes(source),
        *open_items(reaction, given, _history(), source),
        *continued(control, _("7 + 13 Description, continued"), sheets),
    ]


def open_points(case: Case | None) -> tuple[str, ...]:
    """Return what must be recorded before the form is final: whom it happened to, what, and the narrative."""
    if case is None:
        return (_("No serious adverse event is recorded."),)
    return lacking(_reaction(case), [Item(_("Narrative"), case.event.narrative)])


def _reaction(case: Case) -> Iterator[Item]:
    told, row = case.event, case.event.row
    sealed = _("identity does not leave the site")
    yield Item(_("1 Initials (code of the participant)"), row.identifier)
    yield Item(_("1a Country"), country_words(told.country or case.country or "") or None)
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


def _duration(begins: PartialDate | None, ends: PartialDate | None) -> str | None:
    """Return how many days the treatment took, the first and the last among them; None unless both are known."""
    first, last = (day_of(each) if each else None for each in (begins, ends))
    if first is None or last is None:
        return None
    count = (last - first).days + 1
    return n_("{count} day", "{count} days", count).format(count=count)


def _product(case: Case) -> Iterator[Item]:
    blinded, unkept = _("allocation is not told here"), _("products are not kept with the event")
    why = blinded if case.hidden or not case.study.arms_known else _("no dose of the participant is recorded")
    given = "\n".join(f"{each.product}, {each.batch}" for each in case.lots)
    yield Item(_("14 Suspect drug, batch"), given or product(case).value)
    doses = dict.fromkeys(filter(None, map(_dose, case.doses)))
    yield Item(_("15 Daily dose"), "\n".join(doses) or None, why=why, wanted=False)
    routes = dict.fromkeys(each.route for each in case.doses if each.route)
    yield Item(_("16 Route"), ", ".join(routes) or None, why=why, wanted=False)
    yield Item(_("17 Indication"), case.study.indication, wanted=False)
    begins, ends = therapy(case)
    days = _("{begins} to {ends}").format(begins=day(begins), ends=day(ends)) if begins or ends else None
    yield Item(_("18 Therapy dates"), days)
    yield Item(
        _("19 Duration of therapy"), _duration(begins, ends), why=_("a day of box 18 is not known"), wanted=False
    )
    yield Item(_("20 Abated after stopping"), None, why=unkept)
    yield Item(_("21 Reappeared after restart"), None, why=unkept, wanted=False)


def _dose(each: Dose) -> str:
    amount = f"{each.dose.normalize():f} {each.unit or ''}".strip() if each.dose is not None else ""
    return ", ".join(filter(None, (amount, each.frequency)))


def _history() -> list[Item]:
    kept = _("kept in the source records of the site")
    return [
        Item(_("22 Concomitant products and dates"), None, why=kept, wanted=False),
        Item(_("23 Other relevant history"), None, why=kept, wanted=False),
    ]


def _source(case: Case, control: str) -> Iterator[Item]:
    told, row = case.event, case.event.row
    last = told.sent[-1] if told.sent else None
    yield Item(_("24a Sponsor"), "\n".join(filter(None, (case.office.name, case.office.address))) or None)
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
    gather=gather,
    compose=compose,
    open_items=open_points,
    unblinds=False,
    about=N_("One serious event in the boxes of the CIOMS I form, continued on further sheets."),
    tells_day=True,
)
