"""The parts only yearly reports have: title page, summary, exposure, events by body system, deaths, who left."""

from __future__ import annotations

from collections.abc import Iterator

from trialdesk.base.i18n import N_, _
from trialdesk.reporting.reports import progress_gaps as gaps
from trialdesk.reporting.reports.cells import NOTHING, day, yes_no
from trialdesk.reporting.reports.expedited_facts import number_at
from trialdesk.reporting.reports.items import Item
from trialdesk.reporting.reports.progress_counts import Count
from trialdesk.reporting.reports.progress_parts import counted_words, race_words
from trialdesk.reporting.reports.progress_period import BORN
from trialdesk.reporting.reports.progress_told import Progress
from trialdesk.reporting.reports.progress_year import AGE_BANDS, ExposedArm, Exposure, Tabulated, Year
from trialdesk.reporting.structure import Block, Bullets, Column, Note, Paragraph, Table
from trialdesk.reporting.terms import SEXES, arm_words, choice_words, in_words
from trialdesk.safety.rules import RELATED


def title(told: Progress) -> Iterator[Item]:
    """Give the fields of the title page of a safety update report (ICH E2F 3.2)."""
    period = _year(told).period
    yield Item(
        _("Number of the report"),
        str(period.number) if period.number else None,
        why=_("the period is no year counted from the development international birth date"),
    )
    yield from reported(told)
    yield Item(
        _("Development international birth date"),
        _("{day}, {event}").format(day=day(period.birth), event=_(BORN[period.born])) if period.birth else None,
        why=_("neither an approval nor a registration is recorded"),
    )
    yield from gaps.unkept(N_("Authorisation by an authority"))


def anniversary(told: Progress) -> Iterator[Item]:
    """Give what names the period of an annual report (21 CFR 312.33: within 60 days of the IND's anniversary)."""
    period = _year(told).period
    yield Item(_("IND number"), number_at("FDA", told.registries), why=_("the study's registry entries name none"))
    yield from gaps.unkept(N_("IND in effect since"))
    yield Item(
        _("Years are counted from"),
        _("{day}, {event}").format(day=day(period.birth), event=_(BORN[period.born])) if period.birth else None,
        why=_("neither an approval nor a registration is recorded"),
    )
    yield from reported(told)


def reported(told: Progress) -> Iterator[Item]:
    """Give period, data-lock point and product."""
    year = _year(told)
    period = year.period
    if period.begins is None:
        said = None
    elif period.ends is None:
        said = _("{begins} to {ends}").format(begins=day(period.begins), ends=day(period.lock))
    else:
        said = _("{begins} to {ends}").format(begins=day(period.begins), ends=day(period.ends))
        if period.running:
            said = _("{period}; it still runs").format(period=said)
    yield Item(
        _("Period reported"), said, why=_("no approval and no registration before the data-lock point says since when")
    )
    yield Item(_("Data-lock point"), day(period.lock))
    yield Item(_("Product"), ", ".join(year.products), why=_("no delivery of a product is recorded"))
    # Also among what names the study, where it is an open item while nobody recorded it.
    yield Item(_("Sponsor"), told.study.sponsor, wanted=False)


def summary(told: Progress) -> Iterator[Item | Block]:
    """Give the executive summary as far as the record tells it; the assessment is written by hand."""
    year, found = _year(told), told.serious
    exposed = _sum([each.exposed for each in year.exposure.arms])
    lines = [
        _("Took the treatment: {all}; for the first time in the period: {new}.").format(**_two(exposed)),
        _("Serious adverse events: {all}; begun in the period: {new}.").format(**_two(found.events)),
        _("Of these judged related: {all}; in the period: {new}.").format(**_two(found.related)),
        _("Of these related and not expected: {all}; in the period: {new}.").format(**_two(found.unexpected)),
        _("Deaths: {all}; in the period: {new}.").format(
            **_two(_new(told, [each.new for each in year.deaths])),
        ),
        _("Left the study for an adverse event: {all}; in the period: {new}.").format(
            **_two(_new(told, [each.new for each in year.left if each.left])),
        ),
        _("New versions of protocol or consent form in the period: {new}.").format(
            new=len(told.changes) if told.since else _("not recorded")
        ),
    ]
    yield Bullets(lines)
    yield Paragraph(_("Counted are all participants of the study up to the data-lock point."), "small")
    yield from gaps.unkept(N_("What it means for benefit and risk, in short"))


def exposure(told: Progress) -> Iterator[Item | Block]:
    """Give who was exposed: by arm with its duration, by age and sex, by race, by dose."""
    year = _year(told)
    found = year.exposure
    arms = list(found.arms)
    rows = [_arm(each) for each in arms]
    total = _arm(
        ExposedArm(
            _("Total"),
            sum(each.entered for each in arms),
            _sum([each.exposed for each in arms]),
            sum(each.days for each in arms),
            min((each.shortest for each in arms if each.shortest), default=None),
            max((each.longest for each in arms if each.longest), default=None),
            sum(each.unknown for each in arms),
        )
    )
    yield Table(
        (
            Column(_("Arm"), 2.2, names_row=True),
            Column(_("Entered"), 1, "right"),
            Column(_("Exposed"), 1, "right"),
            Column(_("Exposed first in the period"), 1.4, "right"),
            Column(_("Days in all"), 1, "right"),
            Column(_("Days of one, from and to"), 1.4, "right"),
            Column(_("Duration not known"), 1.2, "right"),
        ),
        [*rows, total] if len(rows) > 1 else rows,
        _("Participants exposed"),
        totals=1 if len(rows) > 1 else 0,
    )
    yield Paragraph(
        _(
            "Exposed is who has a treatment on record. Days are from the first to the last day of treatment that is"
            " recorded, both counted, up to the data-lock point."
        ),
        "small",
    )
    if not year.arms:
        yield Note(_("All arms are told together: this report is made as for somebody blinded."))
    yield _ages(found)
    if any(found.races):
        yield Table(
            (Column(_("Race or ethnic group"), 3, names_row=True), Column(_("Exposed"), 1, "right")),
            [(race_words(race), str(count)) for race, count in found.races.items()],
            _("Exposed by race or ethnic group"),
        )
    else:
        yield Item(_("Exposed by race or ethnic group"), None, why=_("it is recorded of nobody"))
    if found.doses is None:
        yield Item(_("Exposed by dose"), _("not told: a dose would tell the arm"), wanted=False)
        return
    yield Table(
        (
            Column(_("Treatment"), 2, names_row=True),
            Column(_("Dose"), 1.2),
            Column(_("Frequency"), 1),
            Column(_("Exposed"), 1, "right"),
        ),
        [
            (
                each.treatment or _("not recorded"),
                f"{each.dose.normalize():f} {each.unit or ''}".strip() if each.dose is not None else _("not recorded"),
                each.frequency or _("not recorded"),
                str(each.participants),
            )
            for each in found.doses
        ],
        _("Exposed by dose"),
        empty=_("No dose is recorded."),
    )
    yield from gaps.of_doses(found.doses)


def serious_by_system(told: Progress) -> Iterator[Item | Block]:
    """Give the summary tabulation of serious events by system organ class: of the period and in all."""
    year = _year(told)
    rows = [each for each in year.events if each.serious.all]
    total = _sum([each.serious for each in rows])
    yield Table(
        (
            Column(_("System organ class"), 2.4, names_row=True),
            Column(_("Adverse event"), 2),
            Column(_("In all"), 0.8, "right"),
            Column(_("In the period"), 1, "right"),
            *([Column(_("In all, by arm"), 2)] if year.arms else []),
        ),
        [
            *(
                (
                    _system(each),
                    each.term,
                    *counted_words(each.serious),
                    *(
                        ["\n".join(f"{arm_words(arm)}: {count}" for arm, count in each.serious_by_arm.items())]
                        if year.arms
                        else []
                    ),
                )
                for each in rows
            ),
            *([(_("Total"), "", *counted_words(total), *([""] if year.arms else []))] if rows else []),
        ],
        totals=1 if rows else 0,
        empty=_("No serious adverse event is recorded."),
    )
    yield from gaps.of_systems(rows)


def events_by_system(told: Progress) -> Iterator[Item | Block]:
    """Give all adverse events by body system, the most frequent first."""
    rows = list(_year(told).events)
    yield Table(
        (
            Column(_("Body system"), 2.2, names_row=True),
            Column(_("Adverse event"), 2),
            Column(_("Participants"), 1, "right"),
            Column(_("Participants in the period"), 1.2, "right"),
            Column(_("Events"), 0.9, "right"),
            Column(_("Events in the period"), 1, "right"),
            Column(_("Serious"), 0.9, "right"),
        ),
        [
            *(
                (
                    _system(each),
                    each.term,
                    *counted_words(each.participants),
                    *counted_words(each.events),
                    str(each.serious.all),
                )
                for each in rows
            ),
            *(
                [
                    (
                        _("Total"),
                        "",
                        NOTHING,
                        NOTHING,
                        *counted_words(_sum([each.events for each in rows])),
                        str(sum(each.serious.all for each in rows)),
                    )
                ]
                if rows
                else []
            ),
        ],
        totals=1 if rows else 0,
        empty=_("No adverse event is recorded."),
    )
    if rows:
        yield Paragraph(_("A participant with several events of one name counts once."), "small")
    yield from gaps.of_systems(rows)


def deaths(told: Progress) -> Iterator[Item | Block]:
    """List who died, with the cause."""
    year = _year(told)
    yield Table(
        (
            Column(_("Participant"), 1, names_row=True),
            *([Column(_("Arm"), 1.6)] if year.arms else []),
            Column(_("Died on"), 1.2),
            Column(_("Cause"), 2.4),
            Column(_("Related"), 1.2),
            Column(_("In the period"), 1),
        ),
        [
            (
                each.participant,
                *([arm_words(each.arm) if each.arm else NOTHING] if year.arms else []),
                day(each.died_on),
                "\n".join(each.causes) or _("not recorded: no fatal event is recorded"),
                choice_words(RELATED, each.related) if each.related else _("not recorded"),
                yes_no(each.new if told.since else None),
            )
            for each in year.deaths
        ],
        empty=_("No death is recorded."),
    )
    yield from gaps.of_deaths(year.deaths)


def left(told: Progress) -> Iterator[Item | Block]:
    """List who left for an adverse event, or had the treatment stopped for one."""
    year = _year(told)
    yield Table(
        (
            Column(_("Participant"), 1, names_row=True),
            *([Column(_("Arm"), 1.6)] if year.arms else []),
            Column(_("Left on"), 1.2),
            Column(_("Treatment stopped for"), 2.4),
            Column(_("In the period"), 1),
        ),
        [
            (
                each.participant,
                *([arm_words(each.arm) if each.arm else NOTHING] if year.arms else []),
                day(each.left_on) if each.left else _("did not leave for it"),
                "\n".join(each.events) or _("not recorded: no event says so"),
                yes_no(each.new if told.since else None),
            )
            for each in year.left
        ],
        empty=_("Nobody left or stopped the treatment for an adverse event."),
    )
    yield from gaps.of_left(year.left)


def late(told: Progress) -> Iterator[Item | Block]:
    """List the serious events that began, or were first known, after the data-lock point, where the record goes on."""
    found = _year(told).late
    if found is not None:
        yield Table(
            (
                Column(_("Participant"), 1, names_row=True),
                Column(_("Adverse event"), 2.4),
                Column(_("Began on"), 1.2),
                Column(_("Fatal"), 0.8),
                Column(_("Related"), 1.2),
            ),
            [
                (
                    each.participant,
                    each.term,
                    day(each.started_on),
                    yes_no(each.fatal),
                    choice_words(RELATED, each.related) if each.related else _("not recorded"),
                )
                for each in found
            ],
            _("Serious adverse events begun after the data-lock point"),
            empty=_("No serious adverse event that began after the data-lock point is recorded."),
        )
    yield from gaps.unkept(N_("17 Late information"))


def _year(told: Progress) -> Year:
    if told.year is None:
        raise TypeError("a part of a yearly report needs a year")
    return told.year


def _system(each: Tabulated) -> str:
    return each.system or _("not recorded")


def _arm(each: ExposedArm) -> tuple[str, ...]:
    span = NOTHING if each.shortest is None else f"{each.shortest} – {each.longest}"
    return (
        arm_words(each.arm),
        str(each.entered),
        *counted_words(each.exposed),
        str(each.days),
        span,
        str(each.unknown),
    )


def _ages(found: Exposure) -> Table:
    sexes = list(dict.fromkeys(each.sex for each in found.ages))
    counts = {(each.band, each.sex): each.participants for each in found.ages}
    bands = sorted({each.band for each in found.ages}, key=lambda band: (band is None, band or 0))
    rows = [(band, [counts.get((band, sex), 0) for sex in sexes]) for band in bands]
    return Table(
        (
            Column(_("Age"), 2, names_row=True),
            *(Column(in_words(SEXES, sex) if sex else _("sex not recorded"), 1, "right") for sex in sexes),
            Column(_("Total"), 1, "right"),
        ),
        [(_band(band), *map(str, own), str(sum(own))) for band, own in rows],
        _("Exposed by age and sex"),
        empty=_("Nobody was exposed."),
    )


def _band(band: int | None) -> str:
    if band is None:
        return _("not recorded in years")
    low, high = AGE_BANDS[band]
    if high is None:
        return _("{age} years and older").format(age=low)
    return _("{low} to {high} years").format(low=low, high=high)


def _sum(counts: list[Count]) -> Count:
    return Count(
        sum(each.all for each in counts),
        None if any(each.since is None for each in counts) else sum(each.since or 0 for each in counts),
    )


def _new(told: Progress, of: list[bool]) -> Count:
    return Count(len(of), sum(of) if told.since else None)


def _two(count: Count) -> dict[str, str]:
    both, new = counted_words(count)
    return {"all": both, "new": new}
