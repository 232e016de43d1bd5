"""Cover letter of an expedited safety report to an authority: what is enclosed, by which clock, and what is like it.

Rule: 21 CFR 312.32(c)(1), (c)(1)(v) and (d): the report is named for what it is, it identifies the earlier reports of
similar suspected reactions and analyses them; ICH E2A III.B for the clock. It tells no identity and never which arm.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.overview.rulebook import country_named
from trialdesk.persistence.reading import Read
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports.cells import day
from trialdesk.reporting.reports.expedited_facts import Case, case_facts
from trialdesk.reporting.reports.expedited_words import (
    application,
    blind_words,
    due_on,
    first_words,
    in_time,
    kind_words,
    product,
    reportable,
    sent_on,
    suspected_words,
    timely_words,
)
from trialdesk.reporting.reports.items import Item, lacking, listed, open_items
from trialdesk.reporting.reports.parameters import EVENT, RECIPIENT, TURN
from trialdesk.reporting.structure import (
    Block,
    Bullets,
    Checks,
    Column,
    Heading,
    Note,
    Paragraph,
    Signature,
    Signatures,
    Table,
)
from trialdesk.reporting.terms import OUTCOMES, choice_words, in_words
from trialdesk.safety.rules import CRITERIA, RECIPIENTS

_FDA = "FDA"
_ADDRESSEES = {
    _FDA: N_("Food and Drug Administration, the division that reviews the IND"),
    "EudraVigilance": N_("European Medicines Agency, EudraVigilance"),
    "CDE": N_("Center for Drug Evaluation of the National Medical Products Administration"),
}


def gather(
    read: Read,
    *,
    study: Id,
    on: date,
    site: Id | None = None,  # noqa: ARG001 - the event is of its participant's site
    as_of: date | None = None,  # noqa: ARG001 - it is told as it is recorded
    event: str | None = None,
    recipient: str | None = None,
    follow_up: str | None = None,
) -> Case | None:
    """Return the case of that event and its report to that recipient; None if there is no serious event."""
    return case_facts(read, study=study, on=on, event=event, recipient=recipient, follow_up=follow_up)


def compose(case: Case | None) -> list[Block]:
    """Return the letter: who to whom, what it is about, the clock, the reasons, what is like it, what goes with it."""
    if case is None:
        return [Paragraph(_("No serious adverse event is recorded."), "lead")]
    head, reaction, clock, reasons = _head(case), _reaction(case), _clock(case), _reasons(case)
    analysis = _analysis()
    name = _("IND safety report") if case.recipient == _FDA else _("Expedited safety report")
    return [
        Paragraph(_("{report}: {kind}").format(report=name, kind=kind_words(case)), "lead"),
        listed(head),
        *_opening(case),
        Heading(1, _("The reaction")),
        listed(reaction),
        Heading(1, _("The clock")),
        listed(clock),
        *_late(case),
        Heading(1, _("Why it is reported")),
        listed(reasons),
        Heading(1, _("Similar events in this study")),
        *_similar(case),
        listed(analysis),
        Heading(1, _("Enclosed")),
        Bullets(list(_enclosed(case)), numbered=True),
        Heading(1, _("Checked against the records")),
        Checks(_checked(case)),
        Paragraph(_("A box is left open where the answer is no, or is not recorded."), "small"),
        *open_items(head, reaction, clock, reasons, analysis, more=_unreported(case)),
        Signatures([Signature(_("I send this report for the sponsor"), _("Responsible person of the sponsor"))]),
    ]


def open_points(case: Case | None) -> tuple[str, ...]:
    """Return what must be recorded before the letter is final: all but what is known once it went."""
    if case is None:
        return (_("No serious adverse event is recorded."),)
    return (*lacking(_head(case), _reaction(case), _clock(case), _reasons(case)), *_unreported(case))


def titled(case: Case | None) -> str:
    """Return what the letter is called: an IND safety report bears that name where one sees it first."""
    return IND_TITLE if case is not None and case.recipient == _FDA else TITLE


def _head(case: Case) -> list[Item]:
    office, study, sent = case.office, case.study, sent_on(case)
    serial = _("the sponsor numbers its submissions; the record has no place for it")
    to = _(_ADDRESSEES[case.recipient]) if case.recipient in _ADDRESSEES else case.recipient
    return [
        Item(_("Sender"), office.name),
        Item(_("Address"), office.address, why=_("the sponsor stands in the directory of parties without one")),
        Item(_("Addressee"), to, why=_("no report to an authority is recorded, and the site's country names none")),
        Item(_("Date of this letter"), day(sent) if sent else None, why=_("the report is not sent"), after=True),
        application(case),
        *([Item(_("Serial number"), None, why=serial, after=True)] if case.recipient == _FDA else []),
        Item(
            _("Number the recipient gave"),
            case.turn.sent.reference if case.turn.sent else None,
            wanted=False,
        ),
        Item(_("Study"), study.title or study.short_name),
        Item(_("Protocol number"), study.protocol_number),
        Item(_("Registry number"), study.registry_number, wanted=False),
        Item(_("Person to ask"), "\n".join(each for each in (office.person, office.contact) if each)),
    ]


def _opening(case: Case) -> Iterator[Block]:
    row, turn = case.event.row, case.turn
    if not reportable(case):
        yield Note("\n".join(_unreported(case)), _("Not to be reported by these records"))
        return
    yield Paragraph(
        _(
            "We report a serious, unexpected suspected adverse reaction: {term}, in participant {participant} of "
            "site {site}. The report itself is enclosed."
        ).format(term=row.term, participant=row.identifier, site=case.event.site)
    )
    if turn.number:
        yield Paragraph(
            _("This is follow-up {number} to the initial report of {day}.").format(
                number=turn.number, day=first_words(case) or _("not recorded")
            )
        )


def _reaction(case: Case) -> list[Item]:
    told, row = case.event, case.event.row
    return [
        Item(_("Report number"), row.number),
        Item(_("Participant"), row.identifier),
        Item(_("Adverse event"), row.term),
        Item(_("Preferred term"), told.preferred_term, wanted=False),
        Item(_("System organ class"), told.system_organ_class, wanted=False),
        Item(_("Began on"), day(row.started_on) if row.started_on else None),
        Item(_("Outcome"), in_words(OUTCOMES, row.outcome) if row.outcome else None),
        product(case),
    ]


def _clock(case: Case) -> list[Item]:
    clock, sent, due, turn = case.clock, sent_on(case), due_on(case), case.turn
    unsent, unset = _("the report is not sent"), _("no clock runs by what is recorded")
    learned = None
    if case.received:
        learned = day(case.received)
        if case.event.row.reported_at is None:
            learned = _("{day}; the site's awareness, for no receipt by the sponsor is recorded").format(day=learned)
    items = [
        Item(_("The sponsor first learned of it on"), learned),
        Item(_("Day 0 of the clock"), day(clock.zero) if clock else None, why=unset, wanted=False),
        Item(
            _("Rule"),
            _("{days} days: {source}").format(days=clock.days, source=clock.source) if clock else None,
            why=unset,
            wanted=False,
        ),
    ]
    if turn.number:
        first, limit = turn.first.submitted_on if turn.first else None, clock.due if clock else None
        items += [
            Item(_("Initial report due by"), day(limit) if limit else None, why=unset, wanted=False),
            Item(_("Initial report sent on"), first_words(case)),
            Item(_("Initial report within the clock"), timely_words(first, limit), wanted=False),
        ]
    items += [
        Item(_("Due by"), _due(case), why=unset, wanted=False),
        Item(_("Sent on"), day(sent) if sent else None, why=unsent, wanted=False),
    ]
    if due is not None:
        items.append(Item(_("Sent within the clock"), timely_words(sent, due), why=unsent, wanted=False))
    if in_time(sent, due) is False:
        items.append(Item(_("Reason for the delay"), None, why=_("it is written by hand before signing"), after=True))
    return items


def _due(case: Case) -> str | None:
    due = due_on(case)
    if due is not None:
        return day(due)
    # 21 CFR 312.32(d)(2): as soon as the information is available.
    return _("as soon as the new information is there; the day it came is not kept") if case.clock else None


def _late(case: Case) -> list[Block]:
    if in_time(sent_on(case), due_on(case)) is not False:
        return []
    return [Note(_("The report went after it was due; the reason for the delay belongs in the letter."), _("Late"))]


def _reasons(case: Case) -> list[Item]:
    row = case.event.row
    brochure = None
    if case.brochure:
        title, dated = case.brochure
        brochure = _("{title}, {day}").format(title=title, day=day(dated)) if dated else title
    expected = None if row.expected is None else _("no: it is expected") if row.expected else _("yes")
    return [
        Item(_("Serious because"), "\n".join(choice_words(CRITERIA, each) for each in row.criteria)),
        Item(_("Unexpected"), expected, why=_("judged by the reference safety information")),
        Item(
            _("Reference safety information"), brochure, why=_("no investigator's brochure is filed here"), wanted=False
        ),
        Item(_("Suspected"), suspected_words(case)),
        Item(_("Signed by"), row.signed_by, why=_("no investigator has signed it as it stands"), wanted=False),
        Item(_("Blinding"), blind_words(case)),
    ]


def _similar(case: Case) -> Iterator[Block]:
    found = case.similar
    sent = sent_on(case)
    basis = (
        _("Events with the same preferred term, in whatever words they were reported.")
        if found.by_term
        else _("Events reported in the same words; this one has no preferred term yet.")
    )
    yield Paragraph(basis)
    if sent:
        yield Paragraph(_("Counted are those that had begun by {day}.").format(day=day(sent)))
    items = [
        Item(_("Other events of this kind"), str(found.events)),
        Item(_("Participants who had one"), str(found.participants)),
        Item(_("Serious among them"), str(found.serious)),
        Item(_("Serious, unexpected and suspected among them"), str(found.suspected)),
        Item(_("Participants allocated so far"), str(found.entered)),
    ]
    if found.organ_class is not None:
        items.insert(4, Item(_("Other serious events of this organ class"), str(found.organ_class)))
    yield listed(items)
    yield Table(
        (
            Column(_("No."), 1, names_row=True),
            Column(_("Participant"), 1),
            Column(_("Adverse event"), 2),
            Column(_("Submitted on"), 1.2),
            Column(_("Reference"), 1.6),
            Column(_("Follow-up report"), 1),
        ),
        [
            (
                each.number or _("no number"),
                each.identifier,
                each.term,
                day(each.submitted_on),
                each.reference or _("not recorded"),
                _("yes") if each.follow_up else _("no"),
            )
            for each in found.reports
        ],
        caption=_("Earlier reports of such events to {recipient}").format(
            recipient=choice_words(RECIPIENTS, case.recipient) if case.recipient else _("this recipient")
        ),
        empty=_("None is recorded."),
    )


def _analysis() -> list[Item]:
    judged, unkept = (
        _("the sponsor judges it; it is written by hand before signing"),
        _("this desk keeps only its own studies"),
    )
    return [
        Item(_("Significance of this reaction in their light"), None, why=judged, after=True),
        Item(_("Findings of other studies, of animals and in the literature"), None, why=unkept, after=True),
    ]


def _enclosed(case: Case) -> Iterator[str]:
    number = case.event.row.number or _("no number")
    known = country_named(case.country)
    abroad = known is not None and known.code != "US"
    if case.recipient == _FDA and not abroad:
        yield _("Form FDA 3500A, report number {number}, {turn}").format(number=number, turn=kind_words(case))
    else:
        yield _("CIOMS I form, control number {number}, {turn}").format(number=number, turn=kind_words(case))


def _checked(case: Case) -> list[tuple[str, bool]]:
    row, turn, clock = case.event.row, case.turn, case.clock
    checks = [
        (_("Serious by at least one criterion"), bool(row.criteria)),
        (_("Unexpected by the reference safety information"), row.expected is False),
        (_("Suspected: nobody has called it unrelated"), row.related != "no"),
        (_("Signed by an investigator as it stands"), bool(row.signed_by)),
    ]
    if due_on(case) is not None:
        checks.append((_("Sent within the clock"), in_time(sent_on(case), due_on(case)) is True))
    if turn.number:
        first, limit = turn.first.submitted_on if turn.first else None, clock.due if clock else None
        checks.append((_("Initial report sent within the clock"), in_time(first, limit) is True))
    return checks


def _unreported(case: Case) -> list[str]:
    if reportable(case):
        return []
    return [
        _(
            "By what is recorded this is no unexpected suspected reaction: it is expected, not yet judged, or called "
            "unrelated. No clock of reporting runs."
        )
    ]


TITLE = N_("Expedited safety report: cover letter")
IND_TITLE = N_("IND safety report: cover letter")

REPORT = Report(
    key="safety-letter",
    title=TITLE,
    audience="regulator",
    section="safety",
    parameters=(EVENT, RECIPIENT, TURN),
    each="reaction",
    gather=gather,
    compose=compose,
    open_items=open_points,
    titled=titled,
    unblinds=False,
    about=N_("The letter that goes with the report of one serious event: its clock, its reasons, and what is like it."),
    tells_day=True,
)
