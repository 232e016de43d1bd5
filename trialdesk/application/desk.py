"""One open desk: settings, database, trail and the stages made into one Application."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from trialdesk.application.entering import Proof, Session, change_password, enter, hand_on_keys, proven, tell
from trialdesk.application.opening import (
    ends,
    is_demonstration,
    meet,
    refuse_taken,
    remove_half_made,
    renew_epoch_if_behind,
    resumed_clock,
)
from trialdesk.application.stages import BEGIN, CATALOGUE, DEMONSTRATE, LOOKS, WIRING
from trialdesk.application.timing import clock_note, refuse_if_behind
from trialdesk.base.clock import Clock, SystemClock
from trialdesk.base.errors import Environment, NotAllowed, UserError
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id, NewId, ids
from trialdesk.base.settings import state_folder
from trialdesk.base.values import dataclass
from trialdesk.people import credentials
from trialdesk.people import keys as keys_of
from trialdesk.people.acting import Action
from trialdesk.people.actions import begin_desk, checked_name, checked_username
from trialdesk.people.queries import AccountRow
from trialdesk.people.rights import refuse_unless, roles
from trialdesk.people.rules import OWNER, password_weakness
from trialdesk.people.signing import stands_signed
from trialdesk.persistence.catalogue import Catalogue
from trialdesk.persistence.database import Database, look_at_file
from trialdesk.persistence.projector import Projector
from trialdesk.persistence.reading import Read
from trialdesk.persistence.upgrade import check_revision, upgrade
from trialdesk.persistence.vault import Vault
from trialdesk.persistence.work import Act, Work
from trialdesk.persistence.wrapping import Entropy
from trialdesk.trail import undo as undoing
from trialdesk.trail.access import READ, REFUSED, SIGNED_IN, SIGNED_OUT, Note, log_end
from trialdesk.trail.history import last_step, step_meant
from trialdesk.trail.outside import Outside
from trialdesk.trail.position import (
    Position,
    known_at,
    missing_streams,
    position_now,
)
from trialdesk.trail.recorder import TrailRecorder
from trialdesk.trail.replay import past_desk, rebuild
from trialdesk.trail.tables import desk, guards

if TYPE_CHECKING:
    from trialdesk.trail.verify import Progress, Verdict


@dataclass(frozen=True, slots=True)
class Done:
    """What an act did. `label` says it in the reader's language; `transaction` is None if nothing had to change."""

    result: Any
    transaction: Id | None
    changed: frozenset[str]
    label: str
    undoable: bool


class Application:
    """One open desk. Thread-safe for reading; acts wait for each other."""

    def __init__(
        self,
        where: str,
        *,
        clock: Clock | None = None,
        new_id: NewId | None = None,
        cost: credentials.Cost | None = None,
        marks: Path | None = None,
        entropy: Entropy = os.urandom,
    ) -> None:
        """Name a desk; `make` or `open` comes next.

        Clock, ids, password cost, folder of marks and entropy are injected by tests and the demonstration only.
        """
        self.clock = clock or SystemClock()
        self.is_demonstration = False
        """Whether this desk tells an invented trial: its clock goes on from its last act, not with the machine's."""
        self._clock_given = clock is not None
        self.new_id = new_id or ids(self.clock)
        self.cost = cost or credentials.Cost()
        self.database = Database(where)
        self.session: Session | None = None
        self.notes: list[str] = []
        self._marks = marks or state_folder() / "seen"
        self._projector = Projector(CATALOGUE, self.database.dialect)
        self._entropy = entropy
        self._outside: Outside | None = None

    # Beginning

    def make(
        self, *, name: str, username: str, password: str, desk_name: str = "", demonstration: bool = False
    ) -> None:
        """Make a desk and its owner, and sign the owner in. A `demonstration` is one for ever, and no other desk is.

        Raises UserError for a weak password or an empty name, Environment where a desk or another file already is.
        """
        weak = password_weakness(password, username=username)
        if weak is not None:
            raise UserError(_(weak), where=_("Password"))
        checked_name(name), checked_username(username)
        with self._closing_on_failure():
            refuse_taken(self.database)
            try:
                upgrade(self.database, guards)
                self.begin(
                    name=name,
                    username=username,
                    password=password,
                    desk_name=desk_name,
                    demonstration=demonstration,
                )
            except BaseException:
                remove_half_made(self.database)
                raise

    def begin(
        self, *, name: str, username: str, password: str, desk_name: str = "", demonstration: bool = False
    ) -> None:
        """Fill an empty desk whose tables are there: its replica, its key, its owner. `make` does this and more."""
        replica, account = self.new_id(), self.new_id()
        keys = credentials.new_keys(self._entropy)
        vault = Vault(account, keys.account_secret, keys.desk_key, self._entropy)
        with self.database.writing() as connection:
            connection.execute(
                sa.insert(desk).values(
                    replica=replica,
                    name=desk_name or Path(self.database.where).stem,
                    epoch=1,
                    made=self.clock.now(),
                    public_key=keys.desk_public_key,
                )
            )
            credentials.keep(connection, account, password, keys, self.cost)
        self._outside = Outside(self._marks, replica, self.database.where)
        self.is_demonstration = demonstration
        act = Act(DEMONSTRATE if demonstration else BEGIN, account, "owner", "")
        with self._work(act, keys, vault) as (work, _outcome):
            person = begin_desk(work, name=name, username=username, account=account, public_key=vault.public)
        row = AccountRow(account, person, checked_name(name), checked_username(username), owner=True, active=True)
        self.session = Session(row, keys, vault)
        self.note(SIGNED_IN)

    def open(self) -> Application:
        """Open the desk, bringing an older one up to date. `notes` then say what the person should know.

        Raises Environment where there is no desk, or not one this program can open.
        """
        with self._closing_on_failure():
            self._look_at()
        return self

    def _look_at(self) -> None:
        if self.database.path is not None:
            look_at_file(self.database.path)
        if check_revision(self.database):
            copy = upgrade(self.database, guards)
            rebuild(self.database, CATALOGUE)
            if copy is not None:
                self.notes.append(
                    _("The desk was brought up to date. A copy from before lies at {path}.").format(path=copy)
                )
        with self.database.reading() as connection:
            row = connection.execute(sa.select(desk)).first()
            if row is None:
                raise Environment(
                    _("The making of this desk was interrupted; there is nothing in it."),
                    where=self.database.where,
                    remedy=_("Remove the file and make the desk again."),
                )
            self._outside = Outside(self._marks, row.replica, self.database.where)
            meet(connection, self._outside)
            self._resume(connection)
            note = clock_note(connection, self.clock.now())
        self._note(note)

    def _resume(self, connection: sa.Connection) -> None:
        """Let the clock of a demonstration go on from its last act, where nobody gave another."""
        self.is_demonstration = is_demonstration(connection)
        if self.is_demonstration and not self._clock_given and (clock := resumed_clock(connection)) is not None:
            self.clock = clock
            self.new_id = ids(clock)

    @contextmanager
    def _closing_on_failure(self) -> Iterator[None]:
        """Leave no connection behind when a desk cannot be made or opened."""
        try:
            yield
        except BaseException:
            self.database.close()
            raise

    def sign_in(self, username: str, password: str) -> Session:
        """Sign an account in. Raises NotAllowed for a wrong name or password, and while the account must wait."""
        now = self.clock.now()
        try:
            row, keys = enter(self.database, username, password, now)
        finally:
            self._mark_access()
        vault = Vault(row.id, keys.account_secret, keys.desk_key, self._entropy)
        self.session = Session(row, keys, vault)
        hand_on_keys(self.database, row.id, vault, self.today, now)
        assert self._outside is not None
        self._note(renew_epoch_if_behind(self.database, self._outside, dict(self.position().heads)))
        return self.session

    def sign_out(self) -> None:
        """Forget the keys. Reading what is open to all still works; acts and private values do not."""
        if self.session is not None:
            self.note(SIGNED_OUT)
        self.session = None

    def interrupt(self) -> None:
        """Hear that the person may have left: the next signature asks for the user name as well as the password."""
        if self.session is not None:
            self.session = replace(self.session, unbroken=False)

    def change_password(self, current: str, new: str) -> None:
        """Give the signed-in account another password; its keys stay. Raises NotAllowed if `current` is wrong.

        Raises UserError for a weak password, or the same one again.
        """
        change_password(self.database, self.signed_in(), current, new, self.clock.now())

    def note(self, what: str, *, study: Id | None = None, about: str = "") -> None:
        """Write to the access log, for the account signed in (trail.access says what)."""
        self._note_access(Note(what, self.session.account.id if self.session else None, study, about))

    def close(self) -> None:
        """Close the desk."""
        self.session = None
        self.database.close()

    # The two faces of everything

    def run(
        self, action: Action, /, *, reason: str = "", signed_with: Proof | str | None = None, **arguments: Any
    ) -> Done:
        """Do an action as the signed-in account, wholly or not at all. Raises what the action raises.

        `signed_with` is what an act that signs is proven with: the password given again, and the user name with it
        (a `Proof`) where the session was interrupted since both were given. A wrong one raises NotAllowed.
        """
        session = self.signed_in()
        study = arguments.get("study")
        try:
            given = signed_with is not None and self._proven(session, signed_with)
            act = Act(action.name, session.account.id, "", reason, proven=given)
            with self._work(act, session.keys, session.vault) as (work, outcome):
                held = action.permit(work, study)
                work.act = replace(act, role=min(held & action.by))
                if action.final and not action.urgent and study is not None:
                    refuse_if_behind(work, study)
                result = action.perform(work, **{"study": study, **arguments})
                keys_of.hand_on_new(work)
        except NotAllowed:
            self.note(REFUSED, study=study, about=action.name)
            raise
        if given:
            self._mark_access()
        done = outcome[0]
        return Done(result, done.transaction, done.changed, _(action.said), not action.final)

    def undo(self, transaction: Id, *, reason: str = "") -> Done:
        """Take a step back, by whoever has the right to the step itself. Undoing an undo does the step again."""
        from trialdesk.application.acts import SAID, is_final, undone_by

        session = self.signed_in()
        act = Act(undoing.ACTION, session.account.id, "", reason, undoes=transaction)
        with self._work(act, session.keys, session.vault) as (work, outcome):
            meant = step_meant(work.read, transaction=transaction, is_undo=lambda each: each == undoing.ACTION)
            held = roles(work.read, study=meant.study, on=work.today)
            # What was done for a study to what all studies share is its doer's, or the owner's, to take back.
            if meant.study is not None or meant.account != session.account.id:
                refuse_unless(held, undone_by(meant.action) | ({OWNER} if meant.study is None else set()))
            work.act = replace(act, role=next(iter(sorted(held)), ""))
            count = undoing.undo(
                work, transaction=transaction, catalogue=CATALOGUE, is_final=is_final, stands_signed=stands_signed
            )
            keys_of.follow(work)
        done = outcome[0]
        return Done(count, done.transaction, done.changed, _(SAID[undoing.ACTION]), undoable=True)

    def read(self, query: Callable[..., Any], /, **arguments: Any) -> Any:
        """Return what a query sees now, as the signed-in account or as nobody."""
        with self.reading() as read:
            return query(read, **arguments)

    @contextmanager
    def reading(self) -> Iterator[Read]:
        """Open one snapshot for several queries."""
        session = self.session
        with self._read(session.account.id if session else None, session.vault if session else Vault()) as read:
            yield read
        if session is not None and (fresh := read.seen - session.shown):
            session.shown.update(fresh)
            self._note_access(*(Note(READ, session.account.id, study, subject) for study, subject in sorted(fresh)))

    @contextmanager
    def reading_at(self, position: Position) -> Iterator[Read]:
        """Open the desk as it was at a position. Raises UserError if this desk does not hold all of its streams."""
        with ExitStack() as stack:
            live = stack.enter_context(self.reading())
            source = stack.enter_context(self.database.reading())
            if missing_streams(source, position):
                raise UserError(
                    _("This desk does not hold everything that was known then: it cannot tell."),
                    remedy=_("Ask on the desk where the document was made."),
                )
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="trialdesk-past-"))
            past = past_desk(source, str(Path(folder) / "past.desk"), CATALOGUE, position)
            stack.callback(past.close)
            yield stack.enter_context(past.read(account=live.account, vault=live.vault, live=live))

    def position(self, study: Id | None = None) -> Position:
        """Return where the trail stands now, for one study and the directory or for all."""
        with self.database.reading() as connection:
            return position_now(connection, study)

    def position_known(self, text: str, study: Id | None = None) -> Position:
        """Return the position a person wrote as an instant or a position. Raises UserError."""
        with self.database.reading() as connection:
            return known_at(connection, text, study)

    def verify(self, progress: Progress = lambda *_counts: None) -> Verdict:
        """Prove the desk: chains, heads, tables."""
        from trialdesk.trail.verify import verify

        assert self._outside is not None
        with self.database.reading() as connection:
            heads = ends(connection)
        verdict = verify(self.database, CATALOGUE, outside=self._outside.marks(), progress=progress, looks=LOOKS)
        if verdict.proven:
            self._outside.tell(heads)
        return verdict

    def back_up(self, target: Path, progress: Progress = lambda *_counts: None) -> Verdict:
        """Copy the desk to a new file and prove the copy. Raises what `copy_with_proof` raises."""
        from trialdesk.trail.copies import copy_with_proof

        return copy_with_proof(self.database, target, CATALOGUE, progress, LOOKS)

    def last_step(self) -> tuple[Id, str] | None:
        """Return the newest act of the signed-in account that still stands, with its name; None if there is none."""
        from trialdesk.application.acts import is_final

        account = self.signed_in().account.id
        with self.reading() as read:
            step = last_step(read, account=account, is_undo=lambda name: name == undoing.ACTION)
        return None if step is None or is_final(step[1]) else step

    @property
    def replica(self) -> Id:
        """The id of this copy of the desk."""
        with self.database.reading() as connection:
            found: Id = connection.execute(sa.select(desk.c.replica)).scalar_one()
            return found

    @property
    def place(self) -> str:
        """Where the desk is, for people: its path, or its address without the password."""
        return self.database.place

    @property
    def catalogue(self) -> Catalogue:
        """The kinds of record this desk keeps."""
        return CATALOGUE

    def said(self, name: str) -> str:
        """Return what an act is called, in the reader's language; one this version does not know is its own name."""
        from trialdesk.application.acts import SAID

        return _(SAID[name]) if name in SAID else name

    @property
    def today(self) -> date:
        """The calendar date at this desk."""
        return (self.clock.now() + timedelta(minutes=self.clock.offset())).date()

    # Within

    @contextmanager
    def _work(self, act: Act, keys: credentials.Keys, vault: Vault) -> Iterator[tuple[Work, list[Any]]]:
        recorder = TrailRecorder(
            catalogue=CATALOGUE,
            dialect=self.database.dialect,
            clock=self.clock,
            new_id=self.new_id,
            sign=keys.sign,
            tell=self._outside.tell if self._outside else None,
        )
        with self.database.work(
            act,
            catalogue=CATALOGUE,
            recorder=recorder,
            projector=self._projector,
            vault=vault,
            new_id=self.new_id,
            # Asked once nobody else writes: who waited over midnight acts on the new day.
            today=lambda: self.today,
            now=self.clock.now,
            offset=self.clock.offset(),
            wiring=WIRING,
        ) as pair:
            yield pair

    @contextmanager
    def _read(self, account: Id | None, vault: Vault) -> Iterator[Read]:
        with self.database.read(account=account, vault=vault) as read:
            yield read

    def _proven(self, session: Session, given: Proof | str) -> bool:
        self.session = proven(self.database, session, given, self.clock.now())
        return True

    def _note_access(self, *notes: Note) -> None:
        if not tell(self.database, self.clock.now(), *notes):
            words = _("This desk cannot be written: who looks at it is not recorded.")
            self._note(words if words not in self.notes else None)
        self._mark_access()

    def _mark_access(self) -> None:
        """Keep outside the desk how far its access log goes. A server that is gone costs the mark alone."""
        with suppress(Environment), self.database.reading() as connection:
            end = log_end(connection)
            if end is not None and self._outside is not None:
                self._outside.tell([end])

    def signed_in(self) -> Session:
        """Return who is signed in. Raises UserError if nobody is."""
        if self.session is None:
            raise UserError(_("Sign in first."), remedy=_("Acts are recorded under a person's name."))
        return self.session

    def _note(self, words: str | None) -> None:
        if words is not None:
            self.notes.append(words)
