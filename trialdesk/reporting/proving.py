"""Does this file say what the desk said, and does the desk still say it? Answered by making the document again.

Three questions, each with yes, no or "cannot tell on this desk": is the file byte for byte what the program makes of
the data at the position it names; do the data still say the same; and if not, which figures changed, and by whose acts.
Of a final document also: does it still stand, and whose signatures are in the file. A signed file begins with the very
bytes the program makes, and what follows them are its signatures.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from trialdesk import __version__
from trialdesk.base.clock import instant_text
from trialdesk.base.errors import UserError
from trialdesk.base.files import read_bytes
from trialdesk.base.i18n import LANGUAGES, _, speaking
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.overview.changes import step_changes
from trialdesk.people.queries import accounts, names_of_accounts
from trialdesk.people.rights import may_see_arms
from trialdesk.persistence.declaration import VOIDED
from trialdesk.persistence.reading import Read
from trialdesk.persistence.vault import Hidden
from trialdesk.reporting.catalog import report_named
from trialdesk.reporting.differing import NAMES, Difference, differences
from trialdesk.reporting.frame import Proof
from trialdesk.reporting.making import Author, Desk, Gathered, account_words, drawn, gathered, role_words
from trialdesk.reporting.printed import printed_digest, printed_facts
from trialdesk.reporting.proof import read_back
from trialdesk.reporting.report import BINDER, Report, State
from trialdesk.reporting.signing.checking import signatures_in
from trialdesk.reporting.signing.telling import told
from trialdesk.reporting.terms import figure_words
from trialdesk.studies.queries import study as study_row
from trialdesk.trail.history import ChangeSet, change_sets, transaction_changes
from trialdesk.trail.position import Position, parse_position, position_of, studies_of

_MOST_ACTS, _MOST_CHANGES = 20, 40
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is proven of a file. None means that this desk cannot tell; `words` say all of it.

    `state` is what the file says it is, `state_now` what the desk says (None: it does not know it as final). Of its
    `signatures` each tells name, meaning, time, certificate, whether it is `valid` and whether it is `bound` to an
    electronic signature of this desk, and all of it in `words`.
    `changes` are figures (`figure`, `then`, `now`) and acts recorded since (`act`, `at`, `by`, `reason`, `records` and,
    of the first records, `details`); empty where the desk says the same.
    """

    file: str
    report: str
    position: str
    unaltered: bool | None
    same_now: bool | None
    changes: tuple[dict[str, Any], ...]
    words: str
    state: str
    state_now: str | None = None
    superseded_by: int | None = None
    signatures: tuple[dict[str, Any], ...] = ()

    @property
    def in_order(self) -> bool:
        """Whether the file is proven, still stands as what it says it is, and the desk still says the same."""
        return self.unaltered is True and self.same_now is True and self.state == self.state_now

    def as_json(self) -> dict[str, Any]:
        """Return the verdict under the stable keys of the command line."""
        return {
            "file": self.file,
            "report": self.report,
            "position": self.position,
            "unaltered": self.unaltered,
            "same_now": self.same_now,
            "changes": list(self.changes),
            "words": self.words,
            "state": self.state,
            "state_now": self.state_now,
            "superseded_by": self.superseded_by,
            "signatures": list(self.signatures),
        }


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a file says of itself, read."""

    data: bytes
    proof: Proof
    position: Position
    site: str | None
    as_of: date | None
    more: dict[str, str]


def prove(desk: Desk, path: Path) -> Verdict:
    """Return what this desk can prove of a PDF, to the account that asks: blinded, it proves what that may see.

    Raises UserError for a file that is no document of TrialDesk, Environment for one that cannot be read.
    """
    asked = _asked(path)
    report = report_named(asked.proof.key)
    file = str(path)

    state = asked.proof.state

    def verdict(unaltered: bool | None, same: bool | None, *words: str, changes: Any = ()) -> Verdict:  # noqa: FBT001 - three-valued
        return Verdict(file, report.key, asked.proof.position, unaltered, same, tuple(changes), " ".join(words), state)

    with desk.reading() as now:
        here = dict(position_of(now).heads)
        studies = studies_of(now, asked.position)
        if len(studies) != 1 or any(here.get(name, 0) < number for name, number in asked.position.heads):
            return verdict(
                None,
                None,
                _("Cannot tell on this desk: it does not hold everything the document was made from."),
                _("Ask on the desk where the document was made."),
            )
        study = next(iter(studies))
        row = study_row(now, study=study)
        may_see = may_see_arms(now, study=study, unblinded=row.arms_known, on=desk.today)
        if asked.proof.blinding == "unblinded" and not may_see:
            return verdict(
                None,
                None,
                _("The document shows treatment allocation, which your role may not know: it is not compared."),
                _("Ask somebody unblinded to prove it."),
            )
        with desk.reading_at(asked.position) as past:
            then = _again(desk, past, asked, study=study, at=asked.position, site=asked.site)
            unaltered, words = _compared(past, asked, then)
        at_once = report_named(asked.proof.key).state == "final"
        signed = told(now, study=study, data=asked.data, proof=asked.proof, at_once=at_once)
        if unaltered and not signed.sound:
            unaltered, words = (
                False,
                _("Its pages are those of this desk, but its signatures are not in order."),
            )
        words = " ".join((words, *signed.words))
        site = then.site.id if then.site else None
        current = _again(desk, now, asked, study=study, at=position_of(now, study), site=site)
        figures = _figures(report, then.facts, current.facts)
        changes = [*map(_figure, figures), *_acts(desk, now, study, asked.position)] if figures else []
        # What is hidden now is hidden in both: that they agree says nothing of what the document showed.
        untold = unaltered is None and bool(past.hidden) and not figures
    if figures:
        said = _in_short(figures)
    else:
        said = _("What can be compared has not changed since.") if untold else _("The desk still says the same.")
    return replace(
        verdict(unaltered, None if untold else not figures, words, said, changes=changes),
        state_now=signed.state_now,
        superseded_by=signed.superseded_by,
        signatures=signed.signatures,
    )


def _asked(path: Path) -> _Asked:
    data = read_bytes(path)
    proof = read_back(data, where=str(path))
    if proof.key == BINDER:
        raise UserError(
            _("This is the index of an inspection binder."),
            where=str(path),
            remedy=_("Have the whole folder checked: trialdesk verify FOLDER"),
        )
    try:
        chosen = json.loads(proof.parameters)
        as_of = date.fromisoformat(chosen["as_of"]) if "as_of" in chosen else None
        site = str(chosen["site"]) if "site" in chosen else None
        more = {name: str(value) for name, value in chosen.items() if name not in {"as_of", "site"}}
        return _Asked(data, proof, parse_position(proof.position), site, as_of, more)
    except (ValueError, TypeError, UserError) as error:
        raise UserError(
            _("What the file says of its own making makes no sense: it was altered."),
            where=str(path),
            remedy=_("Get it again from where it was made."),
        ) from error


def _again(desk: Desk, read: Read, asked: _Asked, *, study: Id, at: Position, site: str | None) -> Gathered:
    return gathered(
        read,
        report_named(asked.proof.key),
        study=study,
        site=site,
        as_of=asked.as_of,
        on=desk.today,
        at=at,
        catalogue=desk.catalogue,
        blinded=asked.proof.blinding == "blinded",
        more=asked.more,
    )


def _compared(past: Read, asked: _Asked, then: Gathered) -> tuple[bool | None, str]:
    """Return whether the file is what the program makes of the same facts, and the words for it."""
    proof = asked.proof
    states: dict[str, State] = {"draft": "draft", "final": "final", "superseded": "superseded"}
    if proof.language in LANGUAGES and proof.state in states and _is_known(past, proof):
        author = Author(proof.account, proof.role, compared=not proof.uncompared)
        made = drawn(
            past,
            then,
            language=proof.language,
            state=states[proof.state],
            author=author,
            version=proof.version,
            issue=_count(proof.issue),
            places=_count(proof.places),
        )
        if _begins_with(asked.data, made.pdf):
            return True, _("The file is unaltered: this desk makes the same document, byte for byte.")
    same_facts = printed_digest(then.report, then.facts) == proof.digest
    if past.hidden and not same_facts:
        return None, _hidden_words(past.hidden)
    if proof.version != __version__:
        told = _("The document was made by version {theirs}, this is {ours}, which draws pages otherwise.").format(
            theirs=proof.version, ours=__version__
        )
        if same_facts:
            return None, told + " " + _(
                "Its data are those of this desk; whether its pages were altered cannot be told."
            )
        return None, told + " " + _("Whether it was altered cannot be told.")
    if same_facts:
        return False, _("The file was altered: the data it names are those of this desk, but its bytes are not.")
    return False, _("The file was altered: this desk had other data at the position it names.")


def _hidden_words(why: set[Hidden]) -> str:
    """Return why a document with private values cannot be made again, and what can be done about it."""
    if Hidden.NOT_ALLOWED in why:
        return " ".join(
            (
                _("The document tells who participants are, which you may not see: it is not compared."),
                _("Ask somebody who may see their names to prove it."),
            )
        )
    return _(
        "The document tells who participants are, and the identity of some was erased for good: whether it was altered "
        "cannot be told."
    )


def _begins_with(data: bytes, made: bytes) -> bool:
    """Say whether a file is what was made, or that with signatures after it; whether they hold is another question."""
    return data == made or (data.startswith(made) and bool(signatures_in(data)))


def _count(said: str) -> int:
    return int(said) if said.isdecimal() and len(said) < _DIGITS else 0


def _is_known(past: Read, proof: Proof) -> bool:
    """Say whether the document names an account of this desk, or nobody, in a role there is."""
    with speaking(proof.language):
        named = {account_words(row) for row in accounts(past)}
        return proof.account in named | {""} and proof.role in {"", *role_words().values()}


def _figures(report: Report, then: Any, now: Any) -> list[Difference]:
    """Return what the report would print otherwise now; rows are told by their names, printed or not."""
    if printed_digest(report, then) == printed_digest(report, now):
        return []
    return list(differences(*(printed_facts(report, each, names=NAMES) for each in (then, now))))


def _figure(difference: Difference) -> dict[str, Any]:
    return {"figure": "/".join(difference.path), "then": difference.then, "now": difference.now}


def _in_short(figures: list[Difference], most: int = 5) -> str:
    said = "; ".join(_said(each) for each in figures[:most])
    more = len(figures) - most
    if more > 0:
        said += "; " + _("and {count} more").format(count=more)
    return _("The desk now says otherwise: {figures}.").format(figures=said)


def _said(difference: Difference) -> str:
    path = " › ".join(figure_words(part) for part in difference.path)
    return _("{figure}: {then}, now {now}").format(
        figure=path, then=_value(difference.then), now=_value(difference.now)
    )


def _value(value: Any) -> str:
    if value is None:
        return _("nothing")
    return _("a row") if isinstance(value, dict | list) else str(value)


def _acts(desk: Desk, read: Read, study: Id, since: Position) -> Iterator[dict[str, Any]]:
    """Yield the acts in the study since a position, newest first, each with the first things it changed."""
    names = names_of_accounts(read)
    unblinded = may_see_arms(read, study=study, unblinded=False, on=desk.today)
    for act in change_sets(read, study=study, since=since, limit=_MOST_ACTS):
        yield {
            "act": desk.said(act.action),
            "at": instant_text(act.at),
            "by": names.get(act.account or "", ""),
            "reason": act.reason,
            "records": act.records,
            "details": list(_details(desk, read, act, study=study, unblinded=unblinded)),
        }


def _details(desk: Desk, read: Read, act: ChangeSet, *, study: Id, unblinded: bool) -> Iterator[dict[str, Any]]:
    """Yield what an act did to each field; of a private record only that it changed, of a blinded one by right."""
    told: set[Id] = set()
    named = step_changes(
        read, transaction=act.id, study=study, on=desk.today, catalogue=desk.catalogue, limit=_MOST_CHANGES
    )
    names = {each.record: each.name for each in named}
    for change in transaction_changes(read, transaction=act.id, limit=_MOST_CHANGES):
        kind = desk.catalogue.get(change.kind)
        if kind is None or (kind.audience == "blinded" and not unblinded):
            continue
        entry = {"record": _(kind.record.LABEL), "id": change.record, "name": names.get(change.record, "")}
        if change.created or kind.audience == "private":
            if change.record not in told:
                told.add(change.record)
                yield {**entry, "what": _("added") if change.created else _("changed")}
            continue
        field = VOIDED if change.field == VOIDED.name else kind.record.FIELDS.get(change.field)
        yield {**entry, "field": _(field.label) if field else change.field, "then": change.old, "now": change.new}
