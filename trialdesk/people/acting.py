"""The action: one function for one thing a person does, named once as `stage:subject:action`.

The name is the permission, the trail's entry, the undo's text and the test's name. Calling an action checks the right
first; nothing else in the program decides who may do what. What an action asks for is declared with it, so that a
form, a command and a test of it need nothing more.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from trialdesk.base.errors import NotAllowed, UserError
from trialdesk.base.fields import Field
from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.people.rights import refuse_unless, roles
from trialdesk.persistence.declaration import Record
from trialdesk.persistence.editing import correct, found_in
from trialdesk.persistence.work import Work, missing

Edit = Literal["", "correct", "void"]
EDITING: dict[Edit, str] = {"correct": N_("Correct"), "void": N_("Void")}
"""What the button of an edit says unless its action says otherwise."""

Check = Callable[[Work, Any], object]
"""Looks at a record as it is about to be saved. Raises UserError for what must not be."""


@dataclass(frozen=True, slots=True)
class Action:
    """A thing a person does. `said` is what was done, marked for translation ("Visit recorded").

    `asks` are the fields a person fills in, in order; each is an argument of its own name. `about` is the kind of the
    record it is done to, whose id is the argument `subject`. An `edit` also takes the `version` that was seen and
    needs a reason, given with the act and never as an argument. `signs` is the meaning of the signature the act makes,
    marked for translation: it is done with the password given again. `why` says that the act needs a reason although
    it edits nothing (an identity erased, a code broken). `words` is what its button says, marked too ("Record visit").
    `makes` is the kind of the record it adds, where it adds one and answers its id. `urgent` says that it is done
    whatever the computer's clock shows.
    """

    name: str
    said: str
    by: frozenset[str]
    final: bool
    perform: Callable[..., Any]
    asks: tuple[Field, ...] = ()
    about: str = ""
    edit: Edit = ""
    signs: str = ""
    in_study: bool = True
    why: bool = False
    words: str = ""
    makes: str = ""
    urgent: bool = False

    @property
    def button(self) -> str:
        """What its button says: its words, those of its edit, else what was done."""
        return self.words or EDITING.get(self.edit, "") or self.said

    @property
    def needs_reason(self) -> bool:
        """Say whether it is done with a reason."""
        return self.why or bool(self.edit)

    @property
    def subject(self) -> str:
        """The name of the argument that takes the id of the record it is done to; empty where there is none."""
        return self.about.rpartition(".")[2]

    def __call__(self, work: Work, *, study: Id | None = None, **arguments: Any) -> Any:
        """Check the right in `study` (None: in the directory) and do it. Raises NotAllowed."""
        self.permit(work, study)
        return self.perform(work, study=study, **arguments)

    def permit(self, work: Work, study: Id | None) -> frozenset[str]:
        """Return the roles held in `study` today. Raises NotAllowed unless one of them may do this.

        Raises UserError for an edit without its reason, NotAllowed for a signature without the password.
        """
        held = roles(work.read, study=study, on=work.today)
        refuse_unless(held, self.by)
        if self.signs and not work.act.proven:
            raise NotAllowed(
                _("This is signed: give your password again."),
                remedy=_("Nothing was recorded yet."),
            )
        return held


def action(
    name: str,
    said: str,
    *,
    by: frozenset[str],
    final: bool = False,
    asks: tuple[Field, ...] = (),
    about: str = "",
    edit: Edit = "",
    signs: str = "",
    in_study: bool = True,
    why: bool = False,
    words: str = "",
    makes: str = "",
    urgent: bool = False,
) -> Callable[[Callable[..., Any]], Action]:
    """Declare the function below as the action `name`, done by any of the roles `by`; `final` cannot be undone.

    An argument may not be called `reason`: that is the act's own, read as `work.act.reason`.
    """

    def declare(perform: Callable[..., Any]) -> Action:
        # A signature is never taken back: what is signed wrongly is corrected, and shows the signature as superseded.
        never = final or bool(signs)
        return Action(name, said, by, never, perform, asks, about, edit, signs, in_study, why, words, makes, urgent)

    return declare


def adding(
    record: type[Record],
    name: str,
    said: str,
    *,
    by: frozenset[str],
    asks: tuple[str, ...],
    about: str = "",
    check: Check | None = None,
    words: str = "",
    in_study: bool = True,
) -> Action:
    """Return the action that adds a record of what it asks for and nothing more; it answers the record's id.

    `about` names a field of the record that links to another record, to which this one is added: a consent to its
    participant. `check` looks at the record before it is saved.
    """
    kind = record.FIELDS[about].link if about else ""

    def perform(work: Work, *, study: Id | None = None, **fields: Any) -> Id:
        if about:
            fields[about] = fields.pop(kind.rpartition(".")[2])
            _found_linked(work, record.FIELDS[about], fields[about], study)
        _links_within(work, record, fields, study)
        made = work.add(record(study=study, **tidied(record, fields)))
        if check is not None:
            refuse_incomplete(made)
            check(work, made)
        return made.id

    return Action(
        name,
        said,
        by,
        False,
        perform,
        fields_of(record, *asks),
        kind,
        in_study=in_study,
        words=words,
        makes=record.KIND,
    )


def correcting(
    record: type[Record],
    name: str,
    said: str,
    *,
    by: frozenset[str],
    asks: tuple[str, ...],
    check: Check | None = None,
    words: str = "",
    in_study: bool = True,
) -> Action:
    """Return the action that changes what was recorded, with its reason. Raises Conflict if the record moved on."""
    subject = record.KIND.rpartition(".")[2]

    def perform(work: Work, *, study: Id | None = None, version: int, **fields: Any) -> Id:
        needs_reason(work, record)
        found = found_in(work, record, fields.pop(subject), study, version)
        _links_within(work, record, fields, study)
        correct(found, tidied(record, {each: fields[each] for each in asks if each in fields}))
        if check is not None:
            refuse_incomplete(found)
            check(work, found)
        return found.id

    return Action(
        name, said, by, False, perform, fields_of(record, *asks), record.KIND, "correct", in_study=in_study, words=words
    )


def voiding(
    record: type[Record],
    name: str,
    said: str,
    *,
    by: frozenset[str],
    check: Check | None = None,
    words: str = "",
    in_study: bool = True,
) -> Action:
    """Return the action that voids a record entered in error. The record stays, with the reason."""
    subject = record.KIND.rpartition(".")[2]

    def perform(work: Work, *, study: Id | None = None, version: int, **about: Id) -> Id:
        needs_reason(work, record)
        found = found_in(work, record, about[subject], study, version)
        if check is not None:
            check(work, found)
        work.void(found)
        return found.id

    return Action(name, said, by, False, perform, (), record.KIND, "void", in_study=in_study, words=words)


def fields_of(record: type[Record], *names: str) -> tuple[Field, ...]:
    """Return a record's declared fields by name, in this order: what an action asks for."""
    return tuple(record.FIELDS[name] for name in names)


def tidied(record: type[Record], fields: dict[str, Any]) -> dict[str, Any]:
    """Return the values without spaces around texts; a text of nothing else is no text."""
    return {
        name: (value.strip() or None) if isinstance(value, str) and record.FIELDS[name].type == "text" else value
        for name, value in fields.items()
    }


def needs_reason(work: Work, record: type[Record]) -> None:
    """Raise UserError where a recorded value is changed without saying why (21 CFR 11.10(e), ICH E6(R3) 4.2.2)."""
    if not work.act.reason.strip():
        raise UserError(
            _("A change of what is recorded needs a reason."), where=_(record.LABEL), remedy=_("Say why, then save.")
        )


def refuse_incomplete(record: Record) -> None:
    """Raise UserError naming the first field a record needs and has not."""
    for field in record.FIELDS.values():
        if field.required and getattr(record, field.name) is None:
            raise missing(type(record), field)


def _links_within(work: Work, record: type[Record], fields: dict[str, Any], study: Id | None) -> None:
    for name, value in fields.items():
        if value is not None and record.FIELDS[name].link:
            _found_linked(work, record.FIELDS[name], value, study)


def _found_linked(work: Work, field: Field, value: Id, study: Id | None) -> None:
    """Raise UserError unless the record a field points to is here, stands and is of the study or the directory."""
    target = work.kind(field.link)
    found = work.find(target, value)
    if found is None or found.voided or found.study not in (None, study):
        raise UserError(_("There is no such record in this study."), where=_(field.label), remedy=_("Choose another."))
