"""The parts reports of progress are put together from: each turns the course of a study into blocks."""

from __future__ import annotations

from collections.abc import Iterator

from trialdesk.base.i18n import _
from trialdesk.ethics.rules import FORMS
from trialdesk.people.rules import ROLES
from trialdesk.reporting.reports import progress_gaps as gaps
from trialdesk.reporting.reports.cells import NOTHING, day, yes_no
from trialdesk.reporting.reports.ethics_facts import Standing
from trialdesk.reporting.reports.items import Item
from trialdesk.reporting.reports.progress_changes import Changed
from trialdesk.reporting.reports.progress_counts import Count
from trialdesk.reporting.reports.progress_told import Progress
from trialdesk.reporting.structure import Block, Column, Paragraph, Table
from trialdesk.reporting.terms import (
    ETHNICITIES,
    OUTCOMES,
    RACES,
    SEXES,
    choice_words,
    in_words,
    phase_words,
    reason_words,
    version_words,
)
from trialdesk.safety.rules import CATEGORIES, CRITERIA, RECIPIENTS, RELATED
from trialdesk.studies.rules import BLINDING, REGISTRY_PURPOSES


def study_items(told: Progress) -> Iterator[Item]:
    """Give what names the study."""
    row, why = told.study, gaps.with_study()
    planned = None if row.planned_participants is None else str(row.planned_participants)
    yield Item(_("Title"), row.title, why=why)
    yield Item(_("Protocol number"), row.protocol_number, why=why)
    yield Item(_("Registry number"), row.registry_number, why=why)
    yield Item(_("Sponsor"), row.sponsor, why=why)
    yield Item(_("Phase"), phase_words(row.phase), why=why)
    yield Item(_("Indication"), row.indication, why=why)
    yield Item(_("Sites"), ", ".join(told.sites), why=_("no site is recorded"))
    yield Item(_("Planned participants"), planned, why=why)


def design_items(told: Progress) -> Iterator[Item]:
    """Give objective and design."""
    row, why = told.study, gaps.with_study()
    yield Item(_("Objective"), row.objective, why=why)
    yield Item(_("Study design"), row.design, why=why)
    yield Item(_("Blinding"), choice_words(BLINDING, row.blinding) if row.blinding else None, why=why)


def approval_items(told: Progress) -> Iterator[Item]:
    """Give the approval in force."""
    held = told.standing
    none, unsaid = _("no approval is in force"), _("the decision does not say it")
    yield Item(_("Ethics committee"), held.committee if held else None, why=none)
    yield Item(_("Reference"), held.reference if held else None, why=unsaid if held else none)
    yield Item(_("Approved from"), day(held.from_) if held else None, why=none)
    ends = _expiry(held) if held and held.expires_on else None
    if ends and told.lapsed:
        ends = _("{day}: it has run out").format(day=ends)
    # A committee may approve without end.
    yield Item(_("Expires on"), ends, why=unsaid if held else none, wanted=not held)
    yield (
        Item(
            _("Amendments approved under it"),
            "\n".join(
                _("{reference}, from {day}").format(reference=each.reference or _("no reference"), day=day(each.from_))
                for each in told.amended
            ),
            wanted=False,
        )
        if told.amended
        else Item(_("Amendments approved under it"), _("none"))
    )
    yield Item(_("Renewal due on"), day(held.renewal_due) if held and held.renewal_due else None, wanted=False)
    yield Item(
        _("Last approval of the study"), day(told.since) if told.since else None, why=_("no approval is recorded")
    )


def _expiry(held: Standing) -> str:
    if not held.expires_by:
        return day(held.expires_on)
    return _("{day}, by decision {reference}").format(day=day(held.expires_on), reference=held.expires_by)


def registry_items(told: Progress) -> Iterator[Item]:
    """Give what registries were told."""
    lines = [
        ", ".join(
            part
            for part in (
                each.registry,
                choice_words(REGISTRY_PURPOSES, each.purpose),
                day(each.submitted_on),
                each.reference,
            )
            if part
        )
        for each in told.registries
    ]
    yield Item(_("Registry entries"), "\n".join(lines), why=_("no registry entry is recorded"))


def time_items(told: Progress) -> Iterator[Item]:
    """Give when the study began, ran and ended."""
    times, who = told.times, told.people
    ended, entered = bool(told.study.closed_on), bool(who.entered.all)
    goes_on, nobody = _("the study is not closed"), _("nobody has entered")
    for label, on, wanted, why in (
        (_("Started on"), times.started, bool(who.screened.all), gaps.with_study()),
        (_("First consent"), times.first_consent, entered, _("no consent is recorded") if entered else nobody),
        (_("First participant in"), times.first_in, entered, gaps.with_participant() if entered else nobody),
        (_("Last visit"), times.last_visit, ended, _("no visit is recorded") if ended else goes_on),
        (_("Ended on"), times.ended, ended, gaps.with_study() if ended else goes_on),
        (_("Closed on"), told.study.closed_on, False, goes_on),
    ):
        yield Item(label, day(on) if on else None, why=why, wanted=wanted)


def archive_items(told: Progress) -> Iterator[Item]:
    """Give what became of records, samples and results."""
    kept, why = told.kept, "" if told.kept else _("it is told when the study is closed")
    yield Item(_("Archive"), kept.archive if kept else None, why=why)
    yield Item(_("Custodian"), kept.custodian if kept else None, why=why)
    yield Item(_("Retained until"), day(kept.retained_until) if kept else None, why=why)
    yield Item(_("Samples and product"), kept.samples if kept else None, why=why)
    yield Item(_("Outcome in short"), kept.outcome if kept else None, why=why)
    yield Item(_("Publication"), kept.publication if kept else None, why=why, wanted=False)


def people(told: Progress) -> Iterator[Item | Block]:
    """Give counts of participants, by sex and age, and why participation ended early."""
    who = told.people
    rows = [
        (_("Screened"), *counted_words(who.screened)),
        (_("Still in screening"), str(who.screening), NOTHING),
        (_("Excluded before entering"), *counted_words(who.excluded)),
        (_("Entered the study"), *counted_words(who.entered)),
        (_("Still in the study"), str(who.in_study), NOTHING),
        (_("Completed"), *counted_words(who.completed)),
        (_("Discontinued"), *counted_words(who.discontinued)),
    ]
    yield Table(_columns(told, _("Participants")), rows)
    yield Table(
        (Column(_("Sex"), 2, names_row=True), Column(_("Screened"), 1, "right"), Column(_("Entered"), 1, "right")),
        [
            (in_words(SEXES, each.sex) if each.sex else _("not recorded"), str(each.screened), str(each.entered))
            for each in told.sexes
        ],
        _("Participants by sex"),
        empty=_("Nobody has been screened."),
    )
    yield from gaps.of_sexes(told)
    if any(each.race for each in told.races):
        yield Table(
            (
                Column(_("Race or ethnic group"), 3, names_row=True),
                Column(_("Screened"), 1, "right"),
                Column(_("Entered"), 1, "right"),
            ),
            [(race_words(each.race), str(each.screened), str(each.entered)) for each in told.races],
            _("Participants by race or ethnic group"),
        )
        yield from gaps.of_races(told)
    elif told.races:
        yield Item(_("Participants by race or ethnic group"), None, why=_("it is recorded of nobody"))
    if told.ages:
        youngest, oldest = told.ages
        yield Paragraph(
            _("Those screened were {youngest} to {oldest} years old.").format(youngest=youngest, oldest=oldest)
        )
    elif who.screened.all:
        yield Item(_("Age of participants"), None, why=gaps.with_participant())
    yield Table(
        (Column(_("Reason"), 3, names_row=True), Column(_("Participants"), 1, "right")),
        [
            (reason_words(code) if code else _("not recorded"), str(count))
            for code, count in sorted(told.endings.items(), key=lambda each: (-each[1], each[0]))
        ],
        _("Why participation was discontinued"),
        empty=_("Nobody discontinued."),
    )
    yield from gaps.of_endings(told)


def safety(told: Progress) -> Iterator[Block]:
    """Give the serious events in numbers."""
    found = told.serious
    yield Table(
        _columns(told, _("Serious adverse events")),
        [
            (_("Serious adverse events"), *counted_words(found.events)),
            (_("Participants with a serious event"), *counted_words(found.participants)),
            (_("Fatal"), *counted_words(found.fatal)),
            (_("Judged related to the study product"), *counted_words(found.related)),
            (_("Related and not expected"), *counted_words(found.unexpected)),
            (_("Not yet reported to the sponsor"), str(found.unreported), NOTHING),
            (_("Reported after the 24 hours"), str(found.late), NOTHING),
        ],
    )


def listing(told: Progress) -> Iterator[Item | Block]:
    """Give the serious events one by one, those of the period marked, and what is not recorded of each."""
    yield Table(
        (
            Column(_("Number"), 1.4, names_row=True),
            Column(_("Participant"), 1),
            Column(_("Adverse event"), 1.5),
            Column(_("Began on")),
            Column(_("Serious because"), 1.6),
            Column(_("Outcome"), 1.2),
            Column(_("Related"), 1),
            Column(_("Expected"), 0.9),
            Column(_("In the period"), 1),
        ),
        [
            (
                each.number or _("no number"),
                each.participant,
                each.term,
                day(each.started_on),
                "\n".join(choice_words(CRITERIA, code) for code in each.criteria) or _("not recorded"),
                in_words(OUTCOMES, each.outcome) if each.outcome else _("not recorded"),
                choice_words(RELATED, each.related) if each.related else _("not recorded"),
                yes_no(each.expected),
                yes_no(each.new),
            )
            for each in told.listing
        ],
        empty=_("No serious adverse event is recorded."),
    )
    yield from gaps.of_events(told.listing)


def expedited(told: Progress) -> Iterator[Block]:
    """Give how many expedited reports went to whom."""
    yield Table(
        (
            Column(_("Recipient"), 2, names_row=True),
            Column(_("Expedited reports"), 1, "right"),
            Column(since_words(told), 1, "right"),
        ),
        [(choice_words(RECIPIENTS, code), *counted_words(count)) for code, count in sorted(told.expedited.items())],
        empty=_("No expedited report is recorded."),
    )


def deviations(told: Progress) -> Iterator[Block]:
    """Give the deviations by category."""
    rows = [
        (
            choice_words(CATEGORIES, each.category),
            *counted_words(each.count),
            str(each.important),
            str(each.unassessed),
        )
        for each in told.deviations
    ]
    total = (
        _("Total"),
        *counted_words(
            Count(
                sum(each.count.all for each in told.deviations),
                None if told.since is None else sum(each.count.since or 0 for each in told.deviations),
            )
        ),
        str(sum(each.important for each in told.deviations)),
        str(sum(each.unassessed for each in told.deviations)),
    )
    yield Table(
        (
            Column(_("Category"), 2, names_row=True),
            Column(_("In all"), 1, "right"),
            Column(since_words(told), 1.2, "right"),
            Column(_("Important"), 1, "right"),
            Column(_("Not assessed"), 1, "right"),
        ),
        [*rows, total] if rows else [],
        _("Deviations by category"),
        totals=1 if rows else 0,
        empty=_("No deviation is recorded."),
    )


def changes(told: Progress) -> Iterator[Block]:
    """Give new versions, who came or went, and conditions still open."""
    yield Table(
        (
            Column(_("Document"), 2, names_row=True),
            Column(_("Version"), 0.8),
            Column(_("Dated"), 1.3),
            Column(_("Approved on"), 1.3),
            Column(_("In effect from"), 1.3),
            Column(_("What changed"), 2.2),
        ),
        [
            (
                document_words(each),
                each.label,
                day(each.dated_on),
                day(each.approved_on),
                day(each.effective_on),
                each.what or NOTHING,
            )
            for each in told.changes
        ],
        _("New versions"),
        empty=_("No version of the protocol or of a consent form was made, approved or put into use in the period.")
        if told.since
        else _("not recorded: no period is known"),
    )
    yield Table(
        (
            Column(_("Person"), 2, names_row=True),
            Column(_("Role"), 2),
            Column(_("From"), 1),
            Column(_("Until"), 1),
        ),
        [
            (
                each.name,
                choice_words(ROLES, each.role),
                day(each.starts_on),
                day(each.ends_on) if each.ends_on else NOTHING,
            )
            for each in told.moves
        ],
        _("Changes in the study team"),
        empty=_("Nobody joined or left the team in the period.")
        if told.since
        else _("not recorded: no period is known"),
    )
    yield Table(
        (Column(_("Condition"), 3, names_row=True), Column(_("Due on"), 1)),
        [(each.condition, day(each.due_on) if each.due_on else NOTHING) for each in told.open],
        _("Conditions still open"),
        empty=_("No condition of an approval is open."),
    )


def document_words(each: Changed) -> str:
    """Return what a document is called: the protocol, or a form with its language."""
    if not each.form:
        return _("Protocol")
    return version_words(choice_words(FORMS, each.form), each.language)


def by_hand(told: Progress, *, labels: tuple[str, ...]) -> Iterator[Item]:  # noqa: ARG001 - a part like the others
    """Give what no record is kept of, at its place in the report."""
    yield from gaps.unkept(*labels)


def race_words(race: str) -> str:
    """Return race and ethnic group in words, of codes with a slash between."""
    words = [in_words(RACES if code.upper() in RACES else ETHNICITIES, code) for code in race.split(" / ") if code]
    return " / ".join(words) or _("not recorded")


def counted_words(count: Count) -> tuple[str, str]:
    """Return how many in all and how many in the period, as two cells."""
    return str(count.all), _("not recorded") if count.since is None else str(count.since)


def since_words(told: Progress) -> str:
    """Return the title of the column that tells of the period."""
    return _("In the period") if told.year else _("Since the last approval")


def _columns(told: Progress, what: str) -> tuple[Column, ...]:
    return (
        Column(what, 3, names_row=True),
        Column(_("In all"), 1, "right"),
        Column(since_words(told), 1.4, "right"),
    )
