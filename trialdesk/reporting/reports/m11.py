"""The protocol as far as the program holds it, in the order of ICH M11 (Step 4): each section with what is recorded.

It is no protocol: of most sections the words stand in the protocol's own text, and the document says so of each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from trialdesk.base.i18n import N_, _
from trialdesk.base.values import dataclass
from trialdesk.reporting.report import Report
from trialdesk.reporting.reports import protocol_words as words
from trialdesk.reporting.reports.cells import NOTHING, day, yes_no
from trialdesk.reporting.reports.items import Item, listed
from trialdesk.reporting.reports.protocol_facts import ProtocolTold, gather
from trialdesk.reporting.reports.spirit import schedule_blocks
from trialdesk.reporting.structure import Block, Bullets, Column, Contents, Heading, Landscape, Level, Paragraph, Table

Part = Callable[[ProtocolTold], Iterable[Block]]


@dataclass(frozen=True, slots=True)
class Section:
    """A section of M11; without a `part` the program has no place for what it asks."""

    number: str
    heading: str
    part: Part | None = None

    @property
    def level(self) -> Level:
        """How deep it stands."""
        return 1 if "." not in self.number else 2


def _said(*held: tuple[str, Callable[[ProtocolTold], str | None]]) -> Part:
    """Return a part that lists labelled values."""

    def part(told: ProtocolTold) -> Iterator[Block]:
        yield listed(Item(_(label), value(told)) for label, value in held)

    return part


def _overall(told: ProtocolTold) -> Iterator[Block]:
    yield listed(
        Item(_(label), value(told))
        for label, value in (
            (N_("Population"), words.condition),
            (N_("Phase"), words.phase),
            (N_("Study design"), words.design),
            (N_("Blinding"), words.blinded),
            (N_("Arms"), words.arms),
            (N_("Allocation"), words.ratio),
            (N_("Planned participants"), words.planned),
            (N_("Sites"), words.sites),
        )
    )


def _schedule(told: ProtocolTold) -> Iterator[Block]:
    yield from schedule_blocks(told.design, 3)


def _inclusion(told: ProtocolTold) -> Iterator[Block]:
    yield Bullets(told.design.inclusion or [_("not recorded")])


def _exclusion(told: ProtocolTold) -> Iterator[Block]:
    yield Bullets(told.design.exclusion or [_("not recorded")])


def _arms(told: ProtocolTold) -> Iterator[Block]:
    yield Table(
        (Column(_("Arm"), 1.4, names_row=True), Column(_("Ratio"), 0.6, "right"), Column(_("Description"), 3)),
        [(each.name, str(each.ratio or 1), each.description or _("not recorded")) for each in told.design.arms],
        empty=_("No arm is recorded."),
    )


def _scheduled(*categories: str) -> Part:
    """Return a part that names the scheduled activities of some categories."""

    def part(told: ProtocolTold) -> Iterator[Block]:
        named = words.activities(told, *categories)
        yield Bullets(named.split("\n")) if named else Paragraph(_("not recorded"))

    return part


def _versions(told: ProtocolTold) -> Iterator[Block]:
    yield Table(
        (
            Column(_("Version"), 0.8, names_row=True),
            Column(_("Dated"), 1.2),
            Column(_("In effect from"), 1.2),
            Column(_("Substantial amendment"), 1.2),
            Column(_("What changed"), 2.4),
        ),
        [
            (each.label, day(each.dated_on), day(each.effective_on), yes_no(each.substantial), each.what or NOTHING)
            for each in told.versions
        ],
        empty=_("No version of the protocol is recorded."),
    )


OUTLINE = (
    Section(
        "0",
        N_("Title page"),
        _said(
            (N_("Full title"), words.title),
            (N_("Short title"), words.short_title),
            (N_("Protocol number"), words.number),
            (N_("Protocol version"), words.version),
            (N_("Phase"), words.phase),
            (N_("Sponsor"), words.sponsor),
            (N_("Registry number"), words.registry),
        ),
    ),
    Section("1", N_("Protocol summary")),
    Section("1.1", N_("Synopsis"), _overall),
    Section("1.2", N_("Schema of the trial")),
    Section("1.3", N_("Schedule of activities"), _schedule),
    Section("2", N_("Introduction")),
    Section("3", N_("Objectives and estimands"), _said((N_("Objective"), words.objective))),
    Section("4", N_("Trial design")),
    Section("4.1", N_("Description of the design"), _said((N_("Study design"), words.design))),
    Section("4.2", N_("Why this design")),
    Section("4.3", N_("Rules for stopping")),
    Section("4.4", N_("Start and end of the trial"), _said((N_("Recruitment"), words.recruitment))),
    Section("4.5", N_("Access after the trial")),
    Section("5", N_("Population")),
    Section("5.1", N_("Description of the population"), _said((N_("Indication"), words.condition))),
    Section("5.2", N_("Inclusion criteria"), _inclusion),
    Section("5.3", N_("Exclusion criteria"), _exclusion),
    Section("6", N_("Intervention and concomitant therapy")),
    Section("6.1", N_("Interventions"), _arms),
    Section(
        "6.2",
        N_("Assignment and blinding"),
        _said((N_("Allocation"), words.ratio), (N_("Blinding"), words.blinded)),
    ),
    Section("6.3", N_("Treatment in the schedule"), _scheduled("treatment")),
    Section("7", N_("Discontinuation and withdrawal")),
    Section("8", N_("Assessments and procedures")),
    Section("8.1", N_("Screening and consent"), _scheduled("consent")),
    Section("8.2", N_("Examinations and questionnaires"), _scheduled("procedure", "questionnaire")),
    Section("8.3", N_("Laboratory"), _scheduled("laboratory")),
    Section("8.4", N_("Safety"), _scheduled("safety")),
    Section("9", N_("Adverse events, pregnancy and special situations")),
    Section("10", N_("Statistics")),
    Section("10.1", N_("Sample size"), _said((N_("Planned participants"), words.planned))),
    Section("11", N_("Oversight and general matters")),
    Section("11.1", N_("Ethics and regulatory oversight"), _said((N_("Ethics approval"), words.approval))),
    Section("12", N_("Supporting details")),
    Section("12.1", N_("Earlier versions and amendments"), _versions),
    Section("13", N_("Glossary")),
    Section("14", N_("References")),
)
"""The fourteen sections, and those below them of which something is kept."""


def compose(told: ProtocolTold) -> list[Block]:
    """Return the sections in order, each with what is recorded or that it stands in the protocol's text."""
    holds = sum(section.part is not None for section in OUTLINE)
    blocks: list[Block] = [
        Paragraph(_("{title}, {version}.").format(title=told.design.short_name, version=_version(told)), "lead"),
        Paragraph(
            _(
                "Of {all} sections the program has a place for {held}; where it has none, the text of the protocol "
                "itself counts."
            ).format(all=len(OUTLINE), held=holds)
        ),
        Contents(),
    ]
    for section, following in zip(OUTLINE, (*OUTLINE[1:], None), strict=True):
        said = list(section.part(told)) if section.part else []
        if said and isinstance(said[0], Landscape):
            # The heading belongs on the page that lies on its side, not alone at the foot of the one before.
            blocks.append(said.pop(0))
        blocks += [Heading(section.level, _heading(section)), *said]
        if section.part:
            continue
        if following is None or following.level <= section.level:
            blocks.append(Paragraph(_("not recorded: it stands in the protocol")))
    return blocks


def _version(told: ProtocolTold) -> str:
    return words.version(told) or _("no version recorded")


def _heading(section: Section) -> str:
    return f"{section.number} {_(section.heading)}" if section.number != "0" else _(section.heading)


REPORT = Report(
    key="m11",
    title=N_("Protocol record in the order of ICH M11"),
    audience="sponsor",
    section="protocol",
    parameters=(),
    gather=gather,
    compose=compose,
    unblinds=False,
    about=N_("What is recorded of the protocol, under the headings of ICH M11."),
    tells_day=True,
)
