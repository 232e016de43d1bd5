"""What is done with a study's design."""

from __future__ import annotations

from typing import Any

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.people.acting import action, fields_of
from trialdesk.people.rules import INVESTIGATORS, OWNER, STAFF
from trialdesk.persistence.editing import correct, found_in
from trialdesk.persistence.work import Work
from trialdesk.studies.queries import study_named
from trialdesk.studies.records import Arm, PlannedVisit, Site, Study


@action("studies:study:create", N_("Study created"), by=frozenset({OWNER}))
def create_study(work: Work, *, study: Id | None = None, short_name: str, **fields: Any) -> Id:  # noqa: ARG001 - there is none yet
    """Begin a study; returns its id. Raises UserError for a short name already in use on this desk."""
    return begin_study(work, short_name=short_name, **fields).id


@action("studies:study:correct", N_("Study corrected"), by=INVESTIGATORS | {"coordinator"})
def correct_study(work: Work, *, study: Id, version: int, **fields: Any) -> Id:
    """Change what is recorded of a study. Raises Conflict if it moved on since `version`."""
    record = work.get(Study, study, version=version)
    if "short_name" in fields and fields["short_name"] != record.short_name:
        fields["short_name"] = _free_name(work, fields["short_name"])
    return correct(record, fields)


@action("studies:site:add", N_("Site added"), by=STAFF, asks=fields_of(Site, "number", "name", "country"))
def add_site(work: Work, *, study: Id, number: str, name: str | None = None, country: str | None = None) -> Id:
    """Add a site; returns its id."""
    return work.add(Site(study=study, number=number.strip(), name=name, country=country)).id


@action(
    "studies:site:correct",
    N_("Site corrected"),
    by=STAFF,
    asks=fields_of(Site, "number", "name", "country"),
    about=Site.KIND,
    edit="correct",
)
def correct_site(work: Work, *, study: Id, site: Id, version: int, **fields: Any) -> Id:
    """Change what is recorded of a site."""
    return correct(found_in(work, Site, site, study, version), fields)


@action("studies:arm:add", N_("Arm added"), by=INVESTIGATORS, asks=fields_of(Arm, "code", "name", "order"))
def add_arm(work: Work, *, study: Id, code: str, name: str, order: int | None = None) -> Id:
    """Add an arm; returns its id."""
    return work.add(Arm(study=study, code=code.strip(), name=name.strip(), order=order)).id


@action(
    "studies:planned_visit:add",
    N_("Planned visit added"),
    by=STAFF,
    asks=fields_of(PlannedVisit, "number", "name", "planned_day", "window_before", "window_after", "arm"),
)
def add_planned_visit(work: Work, *, study: Id, **fields: Any) -> Id:
    """Add a visit to the schedule; returns its id. Windows are days before and after the planned day."""
    for name in ("window_before", "window_after"):
        if (fields.get(name) or 0) < 0:
            raise UserError(_("A window is counted in days and cannot be negative."), where=_("Planned visit"))
    return work.add(PlannedVisit(study=study, **fields)).id


def begin_study(work: Work, *, short_name: str, **fields: Any) -> Study:
    """Add a study, whose own id is its `study`. For the actions that begin one; raises UserError for a taken name."""
    own = work.new_id()
    return work.add(Study(id=own, study=own, short_name=_free_name(work, short_name), **fields))


def _free_name(work: Work, short_name: str) -> str:
    kept = " ".join(short_name.split())
    if not kept:
        raise UserError(_("A short name is needed; every page and document carries it."), where=_("Short name"))
    if study_named(work.read, name=kept):
        raise UserError(
            _("There is already a study “{name}” on this desk.").format(name=kept),
            where=_("Short name"),
            remedy=_("Choose another short name."),
        )
    return kept
