"""From a key to a document: gather at a position, compose in a language, frame, render. Same input, same bytes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Protocol, cast
from zoneinfo import ZoneInfo

from trialdesk import __version__
from trialdesk.base.canonical import canonical
from trialdesk.base.clock import is_zone
from trialdesk.base.errors import UserError
from trialdesk.base.i18n import LANGUAGES, _, speaking
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.enrollment.queries.identities import code_list
from trialdesk.overview.rulebook import country_named
from trialdesk.people.queries import AccountRow, accounts, delegations
from trialdesk.people.rights import may_see_arms, roles
from trialdesk.people.rules import OWNER, PI, ROLES
from trialdesk.persistence.catalogue import Catalogue
from trialdesk.persistence.reading import Read
from trialdesk.reporting.catalog import report_named
from trialdesk.reporting.dates import day_words
from trialdesk.reporting.frame import Blinding, Frame, Target
from trialdesk.reporting.history import versions
from trialdesk.reporting.leaks import refuse_names
from trialdesk.reporting.printed import printed_digest
from trialdesk.reporting.report import Report, State
from trialdesk.reporting.structure import Block, Heading, Landscape, Paragraph, SigningPlaces
from trialdesk.studies.queries import (
    SiteRow,
    StudyRow,
    papers_for,
    protocol_in_force,
    sites,
    studies,
    the_site,
    the_study,
)
from trialdesk.studies.queries import study as study_row
from trialdesk.trail.position import Position, position_of, told_until


class Desk(Protocol):
    """What a report needs of the open desk; `Application` is one."""

    @property
    def today(self) -> date:
        """The calendar date at this desk, on which rights are judged."""
        ...

    @property
    def catalogue(self) -> Catalogue:
        """The kinds of record this desk keeps."""
        ...

    def reading(self) -> AbstractContextManager[Read]:
        """Open one snapshot of the desk as it is."""
        ...

    def reading_at(self, position: Position) -> AbstractContextManager[Read]:
        """Open the desk as it was at a position."""
        ...

    def position_known(self, text: str, study: Id | None = None) -> Position:
        """Return the position a person wrote as an instant or a position."""
        ...

    def said(self, name: str) -> str:
        """Return what an act is called."""
        ...


@dataclass(frozen=True, slots=True)
class Author:
    """Under whose name a document is made, as it is printed."""

    account: str = ""
    role: str = ""
    compared: bool = True
    """Whether they could look for participants' names in what they made for others."""


@dataclass(frozen=True, slots=True)
class Made:
    """A document with what it was made of. `digest` is the SHA-256 of the facts."""

    pdf: bytes
    facts: Any
    digest: str
    position: Position
    study: Id
    parameters: str = "{}"
    """The chosen ones as the file says them."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """The facts of a report with everything its frame says of them."""

    report: Report
    facts: Any
    study: StudyRow
    site: SiteRow | None
    all_sites: tuple[SiteRow, ...]
    as_of: date | None
    blinding: Blinding
    position: Position
    more: Mapping[str, str]


def facts(
    desk: Desk,
    key: str,
    *,
    study: str,
    site: str | None = None,
    as_of: date | None = None,
    known_at: str | None = None,
    **more: str | None,
) -> Any:
    """Return what the report `key` tells, without a document.

    `study` is short name or id, `site` number or id, `as_of` the day by which it must have happened, `known_at` an
    instant or a position: what was known then; `more` are further parameters of the report. Raises UserError for a key,
    study, site, position or parameter that is not there.
    """
    report, given = report_named(key), _given(more)
    with standing(desk, study, known_at) as (read, own, position):
        return gathered(
            read,
            report,
            study=own,
            site=site,
            as_of=as_of,
            on=desk.today,
            at=position,
            catalogue=desk.catalogue,
            more=given,
        ).facts


def make(
    desk: Desk,
    key: str,
    *,
    study: str,
    language: str,
    site: str | None = None,
    as_of: date | None = None,
    known_at: str | None = None,
    state: State | None = None,
    **more: str | None,
) -> Made:
    """Return the report `key` as a PDF; the other arguments as for `facts`.

    `state` takes the place of the report's own: whoever released it says final, whoever made a newer one superseded.
    Nothing in the file tells when it was made; whoever is signed in is named in it. Raises UserError as `facts` does
    and for a language not offered or a paper for outside that would name a participant, Environment where the fonts are
    missing.
    """
    report = report_named(key)
    if language not in LANGUAGES:
        raise UserError(
            _("Documents are not made in the language “{language}”.").format(language=language),
            remedy=_("Languages: {languages}.").format(languages=", ".join(LANGUAGES)),
        )
    with standing(desk, study, known_at) as (read, own, position):
        found = gathered(
            read,
            report,
            study=own,
            site=site,
            as_of=as_of,
            on=desk.today,
            at=position,
            catalogue=desk.catalogue,
            more=_given(more),
        )
        compared = refuse_names(report, found.facts, code_list(read, study=own))
        return drawn(
            read,
            found,
            language=language,
            state=state or report.state,
            author=replace(author_of(read, own, desk.today, language), compared=compared),
        )


def gathered(
    read: Read,
    report: Report,
    *,
    study: Id,
    site: str | None,
    as_of: date | None,
    on: date,
    at: Position,
    catalogue: Catalogue,
    blinded: bool = False,
    more: Mapping[str, str] | None = None,
) -> Gathered:
    """Return a report's facts from one snapshot, of which `at` is the position; `blinded` as for who sees no arms.

    Raises UserError for a parameter the report does not have.
    """
    more = more or {}
    # A day or a site that the facts do not go by would change nothing, and the page would say that it had.
    chosen = more.keys() | ({"as_of"} if as_of else set()) | ({"site"} if site else set())
    unknown = sorted(chosen - {field.name for field in report.parameters})
    if unknown:
        asked = ", ".join(field.name for field in report.parameters) or _("nothing")
        raise UserError(
            _("This report does not ask for {names}.").format(names=", ".join(unknown)),
            where=_(report.title),
            remedy=_("It asks for: {names}.").format(names=asked),
        )
    asker = read
    if blinded or not report.unblinds:
        read = read.as_nobody()
    row = study_row(read, study=study)
    place = the_site(read, study=study, number=site) if site else None
    shown = may_see_arms(read, study=study, unblinded=row.arms_known, on=on)
    blinding: Blinding = "blinded" if not shown else "open" if row.blinding == "open" else "unblinded"
    return Gathered(
        report=report,
        facts=report.gather(
            asker if report.names else read,
            study=study,
            on=on,
            site=place.id if place else None,
            as_of=as_of,
            **({"catalogue": catalogue} if report.of_trail else {}),
            **more,
        ),
        study=row,
        site=place,
        all_sites=sites(read, study=study),
        as_of=as_of,
        blinding=blinding,
        position=at,
        more=more,
    )


def drawn(
    read: Read,
    found: Gathered,
    *,
    language: str,
    state: State,
    author: Author,
    version: str = __version__,
    issue: int = 0,
    places: int = 0,
    digest: str = "",
) -> Made:
    """Return the document of facts already gathered; `read` is the snapshot they come from.

    `issue` is the number of a final version, `places` how many places to sign the file has. `digest` is that of the
    data, where it stands for more than what is printed.
    """
    # Only who makes a document pays for reportlab; facts and the window's start do without it.
    from trialdesk.reporting.render import render

    cutoff = told_until(read, found.position)
    if cutoff is None:
        raise UserError(_("At that time nothing was recorded yet."), remedy=_("Name a later time."))
    digest = digest or printed_digest(found.report, found.facts)
    with speaking(language):
        said = [] if found.report.tells_day else _as_of(found.as_of)
        blocks = found.report.compose(found.facts)
        lies = isinstance(blocks[0], Landscape)
        blocks = [*blocks[:lies], *said, *blocks[lies:]]
        frame = Frame(
            key=found.report.key,
            title=found.report.title_of(found.facts),
            study=found.study.short_name,
            study_title=found.study.title or "",
            protocol=_protocol(read, found, cutoff),
            site=_place(found),
            blinding=found.blinding,
            audience=found.report.audience,
            state=state,
            cutoff=cutoff,
            zone=_zone(found),
            position=found.position.text(),
            position_short=found.position.short(),
            digest=digest,
            parameters=chosen_text(found),
            role=author.role,
            account=author.account,
            version=version,
            language=language,
            issue=issue,
            places=places,
            versions=versions(
                read,
                study=found.study.id,
                report=found.report.key,
                parameters=chosen_text(found),
                language=language,
            ),
            compared=author.compared,
            papers=cast("Target", papers_for(read, study=found.study.id)),
        )
        if places:
            blocks = [*blocks, Heading(1, _("Electronic signatures of this file")), SigningPlaces(places)]
        return Made(
            render(blocks, frame), found.facts, digest, found.position, found.study.id, parameters=frame.parameters
        )


def chosen_text(found: Gathered) -> str:
    """Return the chosen parameters as JSON text, as the file says them."""
    chosen = {"as_of": found.as_of and found.as_of.isoformat(), "site": found.site and found.site.number, **found.more}
    return canonical({name: value for name, value in chosen.items() if value}).decode()


def _given(more: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in more.items() if value}


def _as_of(day: date | None) -> list[Block]:
    if day is None:
        return []
    words = _("As of {day}: only what had happened by then.")
    return [Paragraph(words.format(day=day_words(day)), "strong")]


def account_words(row: AccountRow) -> str:
    """Return how a document names an account."""
    return f"{row.name} ({row.username})"


def role_words() -> dict[str, str]:
    """Return how a document names each role, in the language in force."""
    return {OWNER: _("Owner of the desk"), **{code: _(label) for code, label in ROLES}}


def author_of(read: Read, study: Id, on: date, language: str) -> Author:
    """Return the reading account by the first of its roles in the study, in the order of the roles' list."""
    account = next((row for row in accounts(read.live) if row.id == read.live.account), None)
    if account is None:
        return Author()
    held = roles(read, study=study, on=on)
    with speaking(language):
        words = role_words()
    if OWNER in held and not any(row.role == PI and row.counts_on(on) for row in delegations(read.live, study=study)):
        held -= {PI}  # an owner stands in for a PI until there is one; no document says that they are
    role = next((words[code] for code in (*dict(ROLES), OWNER) if code in held), "")
    return Author(account_words(account), role)


def _protocol(read: Read, found: Gathered, cutoff: datetime) -> str:
    """Return the protocol's number, and the version in effect when the last of the data was recorded."""
    number = found.study.protocol_number or ""
    version = protocol_in_force(read, study=found.study.id, on=cutoff.astimezone(ZoneInfo(_zone(found))).date())
    if version is None:
        return number
    words = _("{number}, version {version}") if number else _("version {version}")
    return words.format(number=number, version=version.label)


def _zone(found: Gathered) -> str:
    """Return the zone of the site told of, or of all where they have one; UTC where it is not known or not one."""
    places = [found.site] if found.site else found.all_sites
    named = set()
    for row in places:
        country = country_named(row.country)
        named.add(row.zone or (country.zone if country else ""))
    zone = named.pop() if len(named) == 1 else ""
    return zone if zone and is_zone(zone) else "UTC"


def _place(found: Gathered) -> str:
    if found.site:
        return found.site.label
    if len(found.all_sites) == 1:
        return found.all_sites[0].label
    return _("All sites ({count})").format(count=len(found.all_sites)) if found.all_sites else ""


@contextmanager
def standing(desk: Desk, study: str, known_at: str | None) -> Iterator[tuple[Read, Id, Position]]:
    """Open the snapshot to gather from, with the study's id and the position of that snapshot.

    Raises UserError for a study or position that is not there.
    """
    with desk.reading() as live:
        own = the_study(live, name=study).id
        if not known_at:
            yield live, own, position_of(live, own)
            return
    position = desk.position_known(known_at, own)
    with desk.reading_at(position) as past:
        if own not in {row.id for row in studies(past)}:
            raise UserError(_("At that time this study was not on this desk."), remedy=_("Name a later time."))
        yield past, own, position
