"""What is done with a study and its design."""

from __future__ import annotations

from datetime import date
from typing import Any

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.people.acting import Action, action, adding, correcting, fields_of, needs_reason, tidied, voiding
from trialdesk.people.checks import check_not_future, check_unused
from trialdesk.people.rights import refuse_unless, roles
from trialdesk.people.rules import INVESTIGATORS, OWNER, PI, STAFF
from trialdesk.people.signing import sign, signatures
from trialdesk.persistence.editing import correct, found_in
from trialdesk.persistence.work import Work
from trialdesk.studies import checks
from trialdesk.studies.queries import study_named
from trialdesk.studies.records import (
    Activity,
    Arm,
    Criterion,
    PlannedVisit,
    ProtocolVersion,
    RecruitmentTarget,
    ScheduledActivity,
    Site,
    Study,
)
from trialdesk.studies.rules import GUARDS, loosened

APPROVE_PROTOCOL = N_("I have read this protocol version and will conduct the study by it")
"""What the PI's signature means: the agreement ICH M11 and E6(R3) ask of the investigator."""

SYNOPSIS = (
    "title",
    "protocol_number",
    "registry_number",
    "phase",
    "indication",
    "sponsor",
    "blinding",
    "objective",
    "design",
    "planned_participants",
    "recruitment_starts_on",
    "recruitment_ends_on",
    "started",
    "ended",
    "needs_contract",
    "needs_insurance",
    "papers",
)


@action(
    "studies:study:create",
    N_("Study created"),
    by=frozenset({OWNER}),
    asks=fields_of(Study, "short_name", *SYNOPSIS),
    in_study=False,
)
def create_study(work: Work, *, study: Id | None = None, short_name: str, **fields: Any) -> Id:  # noqa: ARG001 - there is none yet
    """Begin a study; returns its id. Raises UserError for a short name already in use on this desk."""
    return begin_study(work, short_name=short_name, **fields).id


@action(
    "studies:study:correct",
    N_("Study corrected"),
    by=INVESTIGATORS | {"coordinator", OWNER},
    asks=fields_of(Study, "short_name", *SYNOPSIS),
    about=Study.KIND,
    edit="correct",
)
def correct_study(work: Work, *, study: Id, version: int, **fields: Any) -> Id:
    """Change what is recorded of a study. Raises Conflict if it moved on since `version`.

    What guards participants (that a contract or insurance is needed, how the study is blinded) is changed by the
    principal investigator or the desk's owner alone. Raises NotAllowed for anybody else.
    """
    needs_reason(work, Study)
    record = found_in(work, Study, study, study, version)
    if loosened({name: getattr(record, name) for name in GUARDS}, fields):
        refuse_unless(roles(work.read, study=study, on=work.today), frozenset({PI, OWNER}))
    if "short_name" in fields and fields["short_name"] != record.short_name:
        fields["short_name"] = _free_name(work, fields["short_name"])
    correct(record, tidied(Study, fields))
    checks.check_study(record)
    return record.id


_PROTOCOL = ("label", "dated_on", "effective_on", "amendment_of", "substantial", "change_summary")
add_protocol_version = adding(
    ProtocolVersion,
    "studies:protocol:add",
    N_("Protocol version added"),
    by=STAFF,
    asks=_PROTOCOL,
    check=checks.check_protocol_version,
)
correct_protocol_version = correcting(
    ProtocolVersion,
    "studies:protocol:correct",
    N_("Protocol version corrected"),
    by=STAFF,
    asks=_PROTOCOL,
    check=checks.check_protocol_version,
)
void_protocol_version = voiding(
    ProtocolVersion, "studies:protocol:void", N_("Protocol version voided"), by=INVESTIGATORS, check=check_unused
)


@action(
    "studies:protocol:sign",
    N_("Protocol version signed"),
    words=N_("Sign"),
    by=frozenset({PI}),
    final=True,
    about=ProtocolVersion.KIND,
    signs=APPROVE_PROTOCOL,
)
def sign_protocol_version(work: Work, *, study: Id, protocol_version: Id) -> Id:
    """Sign a protocol version as it stands; a later correction shows the signature as superseded.

    Returns the signature's id. Raises UserError where a signature of it still stands.
    """
    record = found_in(work, ProtocolVersion, protocol_version, study)
    given = signatures(work.read, record=ProtocolVersion, study=study, of=[record.id])
    if any(each.stands for each in given.get(record.id, ())):
        raise UserError(_("This protocol version is signed as it stands."), where=_("Protocol version"))
    return sign(work, record, APPROVE_PROTOCOL)


_SITE = ("number", "name", "country", "zone", "pi", "target")
add_site = adding(Site, "studies:site:add", N_("Site added"), by=STAFF, asks=_SITE, check=checks.check_site)


@action(
    "studies:site:correct",
    N_("Site corrected"),
    by=STAFF,
    asks=fields_of(Site, *_SITE, "activated_on"),
    about=Site.KIND,
    edit="correct",
)
def correct_site(work: Work, *, study: Id, site: Id, version: int, **fields: Any) -> Id:
    """Change what is recorded of a site."""
    needs_reason(work, Site)
    record = found_in(work, Site, site, study, version)
    before = record.number
    correct(record, tidied(Site, fields))
    checks.check_site(work, record)
    checks.check_site_number(work, record, before)
    return record.id


void_site = voiding(Site, "studies:site:void", N_("Site voided"), by=INVESTIGATORS, check=check_unused)


@action(
    "studies:site:activate",
    N_("Site activated"),
    words=N_("Activate the site"),
    by=STAFF,
    asks=fields_of(Site, "activated_on"),
    about=Site.KIND,
)
def activate_site(work: Work, *, study: Id, site: Id, activated_on: date) -> Id:
    """Record that a site may begin. Raises UserError if it is active already."""
    record = found_in(work, Site, site, study)
    if record.activated_on is not None:
        raise UserError(
            _("This site is active since {day}.").format(day=record.activated_on),
            where=_("Site"),
            remedy=_("Correct the site to change the day."),
        )
    check_not_future(work, Site.FIELDS["activated_on"].label, activated_on)
    return correct(record, {"activated_on": activated_on})


_TARGET = ("month", "planned", "site")
add_recruitment_target = adding(
    RecruitmentTarget,
    "studies:recruitment_target:add",
    N_("Recruitment target added"),
    by=STAFF,
    asks=_TARGET,
    check=checks.check_recruitment_target,
)
correct_recruitment_target = correcting(
    RecruitmentTarget,
    "studies:recruitment_target:correct",
    N_("Recruitment target corrected"),
    by=STAFF,
    asks=_TARGET,
    check=checks.check_recruitment_target,
)
void_recruitment_target = voiding(
    RecruitmentTarget, "studies:recruitment_target:void", N_("Recruitment target voided"), by=STAFF
)

_ARM = ("code", "name", "order", "ratio", "description")
add_arm = adding(Arm, "studies:arm:add", N_("Arm added"), by=INVESTIGATORS, asks=_ARM, check=checks.check_arm)
correct_arm = correcting(
    Arm, "studies:arm:correct", N_("Arm corrected"), by=INVESTIGATORS, asks=_ARM, check=checks.check_arm
)
void_arm = voiding(Arm, "studies:arm:void", N_("Arm voided"), by=INVESTIGATORS, check=check_unused)

_VISIT = ("number", "name", "anchor", "planned_day", "window_before", "window_after", "arm", "starts", "ends")
add_planned_visit = adding(
    PlannedVisit,
    "studies:planned_visit:add",
    N_("Planned visit added"),
    by=STAFF,
    asks=_VISIT,
    check=checks.check_planned_visit,
)
correct_planned_visit = correcting(
    PlannedVisit,
    "studies:planned_visit:correct",
    N_("Planned visit corrected"),
    by=STAFF,
    asks=_VISIT,
    check=checks.check_planned_visit,
)
void_planned_visit = voiding(
    PlannedVisit, "studies:planned_visit:void", N_("Planned visit voided"), by=STAFF, check=check_unused
)

_ACTIVITY = ("name", "category", "order")
add_activity = adding(
    Activity, "studies:activity:add", N_("Activity added"), by=STAFF, asks=_ACTIVITY, check=checks.check_activity
)
correct_activity = correcting(
    Activity,
    "studies:activity:correct",
    N_("Activity corrected"),
    by=STAFF,
    asks=_ACTIVITY,
    check=checks.check_activity,
)
void_activity = voiding(Activity, "studies:activity:void", N_("Activity voided"), by=STAFF, check=check_unused)

schedule_activity = adding(
    ScheduledActivity,
    "studies:scheduled_activity:add",
    N_("Activity scheduled"),
    words=N_("Schedule at a visit"),
    by=STAFF,
    asks=("planned_visit", "note"),
    about="activity",
    check=checks.check_scheduled_activity,
)
correct_scheduled_activity = correcting(
    ScheduledActivity,
    "studies:scheduled_activity:correct",
    N_("Scheduled activity corrected"),
    by=STAFF,
    asks=("activity", "planned_visit", "note"),
    check=checks.check_scheduled_activity,
)
void_scheduled_activity = voiding(
    ScheduledActivity, "studies:scheduled_activity:void", N_("Activity taken off the schedule"), by=STAFF
)

_CRITERION = ("code", "category", "text")
add_criterion = adding(
    Criterion,
    "studies:criterion:add",
    N_("Criterion added"),
    by=INVESTIGATORS,
    asks=_CRITERION,
    check=checks.check_criterion,
)
correct_criterion = correcting(
    Criterion,
    "studies:criterion:correct",
    N_("Criterion corrected"),
    by=INVESTIGATORS,
    asks=_CRITERION,
    check=checks.check_criterion,
)
void_criterion = voiding(
    Criterion, "studies:criterion:void", N_("Criterion voided"), by=INVESTIGATORS, check=check_unused
)


LONGEST_NAME = 60
"""So many characters a study's short name has at most: it stands in lists, headers and names of files."""


def begin_study(work: Work, *, short_name: str, **fields: Any) -> Study:
    """Add a study, whose own id is its `study`. For the actions that begin one; raises UserError for a taken name."""
    own = work.new_id()
    made = work.add(Study(id=own, study=own, short_name=_free_name(work, short_name), **tidied(Study, fields)))
    checks.check_study(made)
    return made


def _free_name(work: Work, short_name: str) -> str:
    kept = " ".join(short_name.split())
    if not kept:
        raise UserError(_("A short name is needed; every page and document carries it."), where=_("Short name"))
    if not kept.isprintable() or len(kept) > LONGEST_NAME:
        raise UserError(
            _("A short name is at most {count} letters, figures and signs that can be printed.").format(
                count=LONGEST_NAME
            ),
            where=_("Short name"),
            remedy=_("The whole title has a field of its own."),
        )
    if study_named(work.read, name=kept):
        raise UserError(
            _("There is already a study “{name}” on this desk.").format(name=kept),
            where=_("Short name"),
            remedy=_("Choose another short name."),
        )
    return kept


ACTIONS: tuple[Action, ...] = (
    create_study,
    correct_study,
    add_protocol_version,
    correct_protocol_version,
    void_protocol_version,
    sign_protocol_version,
    add_site,
    correct_site,
    void_site,
    activate_site,
    add_recruitment_target,
    correct_recruitment_target,
    void_recruitment_target,
    add_arm,
    correct_arm,
    void_arm,
    add_planned_visit,
    correct_planned_visit,
    void_planned_visit,
    add_activity,
    correct_activity,
    void_activity,
    schedule_activity,
    correct_scheduled_activity,
    void_scheduled_activity,
    add_criterion,
    correct_criterion,
    void_criterion,
)
"""Everything a person can do here, in the order in which it is offered."""
