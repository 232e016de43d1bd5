"""Data sheet for Form FDA 3500A, in the form's order, ready to be typed into FDA's own form.

Rule: 21 CFR 312.32(c)(1)(v); FDA's instructions to the form: of a drug or biologic alone sections A, B, C, E and G are
filled in, days are written dd-mmm-yyyy, letters are no smaller than 8 points, a field that goes on elsewhere says so,
and a continuation bears section, block and report number. FDA's form is not ours to draw again. Items of section C bear
no numbers: they differ between editions of the form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime

from trialdesk.base.dates import PartialDate
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.overview.rulebook import country_named
from trialdesk.persistence.reading import Read
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports.boxes import boxes, continued, parted
from trialdesk.reporting.reports.expedited_facts import Case, Dose, Lot, case_facts
from trialdesk.reporting.reports.expedited_words import (
    application,
    blind_words,
    kind_words,
    product,
    reportable,
    sent_on,
    suspected_words,
    therapy,
)
from trialdesk.reporting.reports.items import Item, lacking, open_items
from trialdesk.reporting.reports.parameters import EVENT, TURN
from trialdesk.reporting.structure import Block, Heading, Note, Paragraph
from trialdesk.reporting.terms import ACTIONS_TAKEN, OUTCOMES, SEXES, age_words, in_words
from trialdesk.safety.rules import at_site

_FDA = "FDA"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_OUTCOMES = (
    ("fatal", N_("Death")),
    ("life_threatening", N_("Life-threatening")),
    ("hospitalised", N_("Hospitalization, initial or prolonged")),
    ("disabling", N_("Disability or permanent damage")),
    ("congenital", N_("Congenital anomaly or birth defect")),
    ("other_important", N_("Other serious or important medical event")),
)
"""Block B2, by the criterion that ticks it; required intervention is a device's."""


def gather(
    read: Read,
    *,
    study: Id,
    on: date,
    site: Id | None = None,  # noqa: ARG001 - the event is of its participant's site
    as_of: date | None = None,  # noqa: ARG001 - it is told as it is recorded
    event: str | None = None,
    follow_up: str | None = None,
) -> Case | None:
    """Return the case of that event and its report to the FDA; None if there is no serious event."""
    return case_facts(read, study=study, on=on, event=event, recipient=_FDA, follow_up=follow_up)


def compose(case: Case | None) -> list[Block]:
    """Return the sections in the order of the form, what is missing, and the continuation sheets."""
    if case is None:
        return [Paragraph(_("No serious adverse event is recorded."), "lead")]
    number = case.event.row.number or _("no number")
    head, sheets = parted(case.event.narrative or "")
    patient, event, products = list(_patient(case)), list(_event(case)), list(_products(case))
    reporter, maker = list(_reporter(case)), list(_maker(case))
    described = Item(_("B5 Describe event or problem"), _described(case, head, goes_on=bool(sheets)))
    tested = list(_background())
    return [
        Paragraph(
            _("Form FDA 3500A, report number {number}: {kind}.").format(number=number, kind=kind_words(case)), "lead"
        ),
        Note(
            _(
                "This sheet is typed into FDA's own form, in English, whatever language stands here. Days are written "
                "as the form wants them: dd-mmm-yyyy. Where a field is not recorded, the form's field stays empty."
            ),
            _("A data sheet, not the form"),
        ),
        Heading(1, _("A. Patient information")),
        boxes(patient),
        Heading(1, _("B. Adverse event")),
        boxes([*event, described, *tested]),
        Heading(1, _("C. Suspect product")),
        boxes(products),
        Heading(1, _("E. Initial reporter")),
        boxes(reporter),
        Heading(1, _("G. All manufacturers (here the sponsor)")),
        boxes(maker),
        Heading(1, _("D, F and H")),
        Paragraph(
            _(
                "Not applicable: D is for devices, F for user facilities and importers of devices, H for makers of "
                "devices. For a drug or biologic alone A, B, C, E and G are filled in."
            )
        ),
        *open_items(patient, event, [_narrative(case)], tested, products, reporter, maker),
        *continued(number, _("Section B, block 5: description of the event, continued"), sheets),
    ]


def open_points(case: Case | None) -> tuple[str, ...]:
    """Return what must be recorded before the sheet is final: whom it happened to, what, and the narrative."""
    if case is None:
        return (_("No serious adverse event is recorded."),)
    unfit = () if reportable(case) else (_("By what is recorded this is no unexpected suspected reaction."),)
    return (*lacking(_patient(case), _event(case), [_narrative(case)], _maker(case)), *unfit)


def form_day(on: PartialDate | date | None) -> str | None:
    """Return a day as the form wants it, 12-Oct-2016, as precisely as it was recorded."""
    if on is None:
        return None
    year, *rest = (on.isoformat() if isinstance(on, date) else on[: len("2013-02-25")]).split("-")
    words = [year]
    if rest:
        words.insert(0, _MONTHS[int(rest[0]) - 1])
    if len(rest) > 1:
        words.insert(0, rest[1])
    return "-".join(words)


def _moment(at: datetime, zone: str | None) -> str:
    local = at_site(at, zone)
    hours = local.strftime("%z")
    return f"{form_day(local.date())} {local:%H:%M} UTC{hours[:3]}:{hours[3:5]}"


def _narrative(case: Case) -> Item:
    return Item(_("Narrative"), case.event.narrative)


def _patient(case: Case) -> Iterator[Item]:
    told, person = case.event, case.person
    sealed, unkept = _("identity does not leave the site"), _("the record has no place for it")
    yield Item(_("A1 Patient identifier (code of the participant)"), told.row.identifier)
    yield Item(
        _("A2 Age at the time of the event"), age_words(told.age, told.age_unit) if told.age is not None else None
    )
    yield Item(_("A2 Date of birth"), None, why=sealed, wanted=False)
    yield Item(_("A3 Sex"), in_words(SEXES, told.sex) if told.sex else None)
    yield Item(_("A4 Weight"), None, why=unkept, wanted=False)
    yield Item(_("A5a Ethnicity"), person.ethnicity, wanted=False)
    yield Item(_("A5b Race"), person.race, wanted=False)


def _event(case: Case) -> Iterator[Item]:
    row = case.event.row
    yield Item(_("B1 Type of report"), _("Adverse event"))
    ticked = [_(label) for code, label in _OUTCOMES if code in row.criteria]
    yield Item(_("B2 Outcome attributed to the event"), "\n".join(ticked))
    if "fatal" in row.criteria:
        yield Item(_("B2 Date of death"), form_day(case.person.died_on))
    yield Item(_("B3 Date of event"), form_day(row.started_on))
    yield Item(_("B4 Date of this report"), form_day(sent_on(case)), why=_("the report is not sent"), after=True)


def _described(case: Case, head: str, *, goes_on: bool) -> str:
    told, row = case.event, case.event.row
    lines = [
        row.term if not told.preferred_term else f"{row.term} ({told.preferred_term})",
        _("System organ class: {name}").format(name=told.system_organ_class or _("not recorded")),
        _("Ended on: {day}").format(day=form_day(row.ended_on) or _("not recorded")),
        _("Outcome: {outcome}").format(outcome=in_words(OUTCOMES, row.outcome) if row.outcome else _("not recorded")),
        _("Related to the study product: {related}").format(related=suspected_words(case)),
        _("Expected by the reference safety information: {said}").format(
            said=_("not recorded") if row.expected is None else _("yes") if row.expected else _("no")
        ),
        _("Action taken: {action}").format(action=_action(case)),
        _("Blinding: {blinding}").format(blinding=blind_words(case, _moment)),
        head or _("Narrative: not recorded"),
    ]
    if goes_on:
        lines.append(_("Continued: section B, block 5, on the continuation sheets."))
    return "\n".join(lines)


def _action(case: Case) -> str:
    action = case.event.action_taken
    return in_words(ACTIONS_TAKEN, action) if action else _("not recorded")


def _background() -> Iterator[Item]:
    kept = _("kept in the source records of the site")
    yield Item(_("B6 Relevant tests with their dates"), None, why=kept)
    yield Item(_("B7 Other relevant history"), None, why=kept)


def _products(case: Case) -> Iterator[Item]:
    told = case.event
    sealed = _("allocation is not told here")
    unkept, judged = _("the record has no place for it"), _("no batch given to the participant is recorded")
    yield Item(_("Name and strength"), product(case).value)
    yield Item(_("Manufacturer"), None, why=unkept)
    yield Item(_("Lot number"), _lots(case, _lot), why=sealed if case.hidden else judged)
    yield Item(_("Expiration date"), _lots(case, _expires), why=sealed if case.hidden else judged)
    yield Item(_("NDC number or unique identifier"), None, why=_("an investigational product has none"), wanted=False)
    undosed = _("no dose of the participant is recorded") if case.study.arms_known else sealed
    yield Item(_("Dose, frequency, route"), "\n".join(map(_dose, case.doses)), why=undosed)
    from_, to = map(form_day, therapy(case))
    days = _("{begins} to {ends}").format(begins=from_ or _("not recorded"), ends=to or _("not recorded"))
    yield Item(_("Therapy dates"), days if from_ or to else None)
    yield Item(_("Diagnosis for use"), case.study.indication)
    yield Item(_("Compounded, over-the-counter"), None, why=_("it is an investigational product"), wanted=False)
    outcome = in_words(OUTCOMES, told.row.outcome) if told.row.outcome else _("not recorded")
    acted = _("a physician judges it; action taken: {action}; outcome: {outcome}")
    yield Item(
        _("Event abated after use stopped or dose reduced"),
        None,
        why=acted.format(action=_action(case), outcome=outcome),
    )
    yield Item(_("Event reappeared after reintroduction"), None, why=_("a physician judges it"))
    yield Item(
        _("Concomitant products and therapy dates"), None, why=_("kept in the source records of the site"), wanted=False
    )


def _lots(case: Case, said: Callable[[Lot], str]) -> str:
    return "\n".join(map(said, case.lots))


def _lot(lot: Lot) -> str:
    return _("{batch} ({product})").format(batch=lot.batch, product=lot.product)


def _expires(lot: Lot) -> str:
    return _("{day} (lot {batch})").format(day=form_day(lot.expires_on) or _("not recorded"), batch=lot.batch)


def _dose(dose: Dose) -> str:
    amount = f"{dose.dose} {dose.unit or ''}".strip() if dose.dose is not None else _("dose not recorded")
    words = [dose.treatment or "", amount, dose.frequency or "", dose.route or ""]
    days = _("{begins} to {ends}").format(
        begins=form_day(dose.started_on) or _("not recorded"), ends=form_day(dose.ended_on) or _("not recorded")
    )
    return _(", ").join(each for each in (*words, days) if each)


def _reporter(case: Case) -> Iterator[Item]:
    who = case.reporter
    unnamed = _("the site names no investigator in charge")
    place = "\n".join(each for each in (who.name, who.institution or case.event.site) if each) if who else None
    yield Item(_("E1 Name and address"), place, why=unnamed)
    yield Item(_("E1 Telephone, e-mail"), who.contact if who else None)
    yield Item(_("E2 Health professional"), _("yes, the investigator") if who else None, why=unnamed)
    yield Item(_("E3 Occupation"), who.position if who else None)
    yield Item(_("E4 Reporter also sent a report to FDA"), None, why=_("the record has no place for it"), wanted=False)


def _maker(case: Case) -> Iterator[Item]:
    office, row = case.office, case.event.row
    received = form_day(case.received) if not case.turn.number else None
    follows = _("when the new information came is not kept; the first came on {day}").format(
        day=form_day(case.received) or _("not recorded")
    )
    yield Item(_("G1 Contact office"), office.name)
    yield Item(_("G1 Address"), office.address, why=_("the sponsor stands in the directory of parties without one"))
    yield Item(_("G1 Person to ask"), office.person)
    yield Item(_("G2 Telephone, e-mail"), office.contact)
    yield Item(_("G3 Report source"), "\n".join(_sources(case)))
    yield Item(_("G4 Date received by manufacturer"), received, why=follows if case.turn.number else "")
    yield Item(_("G5 IND number"), case.application, why=application(case).why)
    yield Item(_("G5 NDA, BLA, PMA or 510(k) number"), _("not applicable to an investigational product"))
    yield Item(_("G6 Protocol number"), case.study.protocol_number)
    yield Item(_("G7 Type of report"), kind_words(case))
    yield Item(_("G8 Adverse event terms"), case.event.preferred_term or row.term)
    yield Item(_("G9 Manufacturer report number"), row.number)


def _sources(case: Case) -> Iterator[str]:
    known = country_named(case.country)
    if known is not None and known.code != "US":
        yield _("Foreign")
    yield _("Study")
    if case.reporter is not None:
        yield _("Health professional")


REPORT = Report(
    key="form-3500a",
    title=N_("Form FDA 3500A: data sheet"),
    audience="regulator",
    section="safety",
    parameters=(EVENT, TURN),
    each="reaction",
    gather=gather,
    compose=compose,
    open_items=open_points,
    unblinds=False,
    about=N_("One serious event in the order of Form FDA 3500A, to be typed into FDA's own form."),
    tells_day=True,
)
