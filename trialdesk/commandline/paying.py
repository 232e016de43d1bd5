"""What a study's contract owes; terms agreed elsewhere taken over."""

from __future__ import annotations

from argparse import Namespace
from datetime import date, datetime
from pathlib import Path

from trialdesk.application import Application
from trialdesk.base.clock import parse_instant
from trialdesk.base.errors import UserError
from trialdesk.base.files import read_text, write_copy
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.commandline.opening import signed_in
from trialdesk.commandline.output import answer, complain, say, verbatim
from trialdesk.commandline.owing import show
from trialdesk.commandline.program import DONE
from trialdesk.contracts.actions.agreeing import load_terms
from trialdesk.contracts.queries import ContractRow, organisations, terms_versions, the_contract
from trialdesk.contracts.terms import told
from trialdesk.payments.owed import Statement
from trialdesk.payments.owed import statement as owed
from trialdesk.payments.terms import dumped, reads_terms
from trialdesk.persistence.reading import Read
from trialdesk.studies.queries import the_study
from trialdesk.trail.position import told_until


def load(arguments: Namespace) -> int:
    """Take over terms agreed elsewhere, with their contract and supporter; lists the bright lines they cross."""
    path = Path(vars(arguments)["TERMS.yaml"])
    text = read_text(path)
    with signed_in(arguments) as application:
        study = application.read(the_study, name=arguments.study)
        done = application.run(load_terms, study=study.id, text=text, file=path.name)
        contract = application.read(the_contract, study=study.id, number=done.result)
    found = reads_terms(text, file=path.name)
    problems = (*found.errors, *found.warnings)
    if arguments.json:
        answer(
            {
                "contract": contract.id,
                "number": contract.number,
                "versions": [number for number, *_rest in found.versions],
                "transaction": done.transaction,
                "problems": [each.as_json() for each in problems],
            }
        )
        return DONE
    if done.transaction is None:
        say(_("Everything was here already: nothing was written."))
    else:
        say(_counting(contract, errors=bool(found.errors)))
        say(_("To take it back: trialdesk undo {transaction}").format(transaction=done.transaction))
    for each in problems:
        complain(told(each))
    return DONE


def _counting(contract: ContractRow, *, errors: bool) -> str:
    """Return what terms just loaded are good for."""
    if not contract.imported:
        return _("The terms of {contract} are drafted: a second person activates them.").format(
            contract=contract.number
        )
    if errors:
        return _("The terms of {contract} count for statements; nothing is certified under them as they are.").format(
            contract=contract.number
        )
    return _("The terms of {contract} count now; a second person certifies under them.").format(
        contract=contract.number
    )


def dump(arguments: Namespace) -> int:
    """Write a contract's terms that count as `load` reads them: to a file, or to the output."""
    with signed_in(arguments) as application:
        study = application.read(the_study, name=arguments.study).id
        contract = application.read(the_contract, study=study, number=arguments.contract)
        parties = {each.id: each.name for each in application.read(organisations)}
        versions = application.read(terms_versions, contract=contract.id)
    if not any(each.activated_on for each in versions):
        raise UserError(
            _("The contract {number} has no terms that count.").format(number=contract.number),
            remedy=_("Drafts are not written: they count for nobody yet."),
        )
    text = dumped(contract, parties.get(contract.supporter, ""), versions)
    if arguments.out is None:
        verbatim(text)
        return DONE
    path = Path(arguments.out)
    write_copy(path, text.encode())
    say(_("Written: {path}").format(path=path))
    return DONE


def statement(arguments: Namespace) -> int:
    """Say what a study's contract owes, as of a day and as known at an instant or a position."""
    as_of = _day(arguments.as_of)
    with signed_in(arguments) as application:
        study = application.read(the_study, name=arguments.study).id
        found = _owed(application, study, arguments, as_of or application.today)
    if arguments.json:
        answer(found.answer(ledger=arguments.ledger))
    else:
        show(found.assessment, ledger=arguments.ledger, certified=found.assessment.case.certified is not None)
        for each in found.undated:
            complain(f"{each['fact']}: {each['problem']}")
    return DONE


def _owed(application: Application, study: Id, arguments: Namespace, as_of: date) -> Statement:
    known_at = arguments.known_at
    try:
        instant = parse_instant(known_at) if known_at else application.clock.now()
    except ValueError:
        position = application.position_known(known_at, study)
        with application.reading_at(position) as read:
            until = told_until(read, position) or application.clock.now()
            return _asked(read, study, arguments, as_of, until)
    with application.reading() as read:
        return _asked(read, study, arguments, as_of, instant)


def _asked(read: Read, study: Id, arguments: Namespace, as_of: date, known_at: datetime) -> Statement:
    return owed(read, study=study, contract=arguments.contract, as_of=as_of, known_at=known_at)


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UserError(
            _("“{value}” is not a date.").format(value=text[:80]), where="--as-of", remedy=_("Write it as 2026-03-04.")
        ) from error
