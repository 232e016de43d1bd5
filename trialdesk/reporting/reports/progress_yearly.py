"""The yearly reports to regulators, two shapes over the course of the study in one period.

The development safety update report in the numbers of ICH E2F, and the annual report of 21 CFR 312.33. Both are made as
for somebody blinded: where arms are not known to everybody, events and exposure are told of all arms together.
"""

from __future__ import annotations

from functools import partial

from trialdesk.base.fields import Field
from trialdesk.base.i18n import N_
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports import progress
from trialdesk.reporting.reports import progress_parts as parts
from trialdesk.reporting.reports import progress_year_parts as year
from trialdesk.reporting.reports.progress_facts import gather_yearly
from trialdesk.reporting.reports.progress_shapes import CHECKED

LOCKED = Field(
    "day", N_("Data-lock point"), name="as_of", help=N_("The last day told of; empty for the year that is due or runs.")
)
SINCE = Field(
    "text",
    N_("Period from"),
    name="start",
    help=N_("A day such as 2026-03-04; empty for a year counted from the first approval."),
)


def _by_hand(*labels: str) -> progress.Part:
    return partial(parts.by_hand, labels=labels)


SHAPES = (
    progress.Shape(
        "dsur",
        N_("Development safety update report"),
        N_("Exposure, serious events and changes of the year, in the order of ICH E2F."),
        "regulator",
        (
            (N_("Title page"), year.title),
            (N_("Executive summary"), year.summary),
            (N_("1 Introduction"), parts.study_items),
            (
                N_("2 to 4 Approval, actions taken, reference safety information"),
                _by_hand(
                    N_("2 Worldwide approval status"),
                    N_("3 Actions taken for safety reasons"),
                    N_("4 Changes to the reference safety information"),
                ),
            ),
            (N_("5 Inventory of the trial: design"), parts.design_items),
            (N_("5 Inventory of the trial: course"), parts.time_items),
            (N_("5 Inventory of the trial: participants"), parts.people),
            (N_("6 Cumulative exposure"), year.exposure),
            (N_("7.1 Reference information"), _by_hand(N_("Dictionary and its version"))),
            (N_("7.2 Line listing of serious events"), parts.listing),
            (N_("7.3 Serious events by system organ class"), year.serious_by_system),
            (N_("7.3 Serious events in numbers"), parts.safety),
            (N_("8 Findings from the trial: deviations"), parts.deviations),
            (
                N_("9 to 15 What else is known of the product"),
                _by_hand(
                    N_("9 to 12 Other studies, marketing and non-clinical data"),
                    N_("13 Literature"),
                    N_("14 Other safety update reports"),
                    N_("15 Lack of efficacy"),
                ),
            ),
            (N_("16 Deaths"), year.deaths),
            (N_("16 Who left for an adverse event"), year.left),
            (N_("16 Changes of protocol and team"), parts.changes),
            (N_("17 After the data-lock point"), year.late),
            (
                N_("18 to 20 Assessment"),
                _by_hand(
                    N_("18 Overall assessment of safety and of benefit and risk"),
                    N_("19 Important risks"),
                    N_("20 Conclusions"),
                ),
            ),
        ),
        (),
        CHECKED,
        N_("The report is complete and true"),
        contents=True,
    ),
    progress.Shape(
        "ind-annual",
        N_("Annual report of an IND"),
        N_("The study, its participants and the year's serious events, in the order of 21 CFR 312.33."),
        "regulator",
        (
            (N_("The report"), year.anniversary),
            (N_("(a) The study"), parts.study_items),
            (N_("(a) Its design"), parts.design_items),
            (N_("(a) Its course"), parts.time_items),
            (N_("(a) Participants"), parts.people),
            (N_("(a) Exposure"), year.exposure),
            (N_("(b) Adverse events by body system"), year.events_by_system),
            (N_("(b) Serious adverse events"), parts.safety),
            (N_("(b) Serious adverse events one by one"), parts.listing),
            (N_("(b) Expedited reports"), parts.expedited),
            (N_("(b) Deaths with their cause"), year.deaths),
            (N_("(b) Who left in association with an adverse event"), year.left),
            (
                N_("(b) What else became known"),
                _by_hand(
                    N_("(b) Understanding of the drug's action"),
                    N_("(b) Non-clinical studies"),
                    N_("(b) Changes of manufacture"),
                ),
            ),
            (
                N_("(c) and (d) Plan and brochure"),
                _by_hand(N_("(c) Plan for the coming year"), N_("(d) Changes of the investigator's brochure")),
            ),
            (N_("(e) Changes of protocol and team"), parts.changes),
            (
                N_("(f) and (g) Marketing and outstanding business"),
                _by_hand(N_("(f) Marketing abroad"), N_("(g) Outstanding business")),
            ),
        ),
        (),
        CHECKED,
        N_("The report is complete and true"),
    ),
)

REPORTS = tuple(
    Report(
        key=shape.key,
        title=shape.title,
        audience=shape.audience,
        section="ethics" if shape.audience == "ethics" else "authority",
        parameters=(SINCE, LOCKED),
        gather=gather_yearly,
        compose=partial(progress.compose, shape=shape),
        unblinds=False,
        about=shape.about,
        tells_day=True,
        open_items=partial(progress.open_points, shape=shape),
    )
    for shape in SHAPES
)
