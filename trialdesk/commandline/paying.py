"""What a study's contract owes; terms agreed elsewhere taken over."""

from __future__ import annotations

from argparse import Namespace
from datetime import date
from pathlib import Path

from trialdesk.base.clock import parse_instant
from trialdesk.base.errors import Environment, UserError
from trialdesk.base.i18n import _
from trialdesk.commandline.opening import signed_in
from trialdesk.commandline.output import answer, say
from trialdesk.commandline.program import DONE


def load_terms(arguments: Namespace) -> int:
    """Take over terms agreed elsewhere, with their contract and supporter."""
    from trialdesk.contracts.actions import load_terms as load
    from trialdesk.contracts.queries import the_contract
    from trialdesk.studies.queries import the_study

    path = Path(arguments.FILE)
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or _("it is not text in UTF-8")
        raise Environment(_("The file cannot be read: {why}.").format(why=why), where=str(path)) from error
    if arguments.study is None:
        raise UserError(_("Of which study?"), remedy=_("Name it by --study."))
    with signed_in(arguments) as application:
        study = application.read(the_study, name=arguments.study)
        done = application.run(load, study=study.id, text=text, file=path.name)
        contract = application.read(the_contract, study=study.id, number=done.result)
    if arguments.json:
        answer({"contract": contract.id, "number": contract.number, "transaction": done.transaction})
    elif done.transaction is None:
        say(_("Everything was here already: nothing was written."))
    else:
        say(_("The terms of {contract} count now.").format(contract=contract.number))
        say(_("To take it back: trialdesk undo {transaction}").format(transaction=done.transaction))
    return DONE


def statement(arguments: Namespace) -> int:
    """Say what a study's contract owes."""
    from trialdesk.payments.queries import statement as owed
    from trialdesk.studies.queries import the_study

    with signed_in(arguments) as application:
        as_of = _day(arguments.as_of) or application.today
        wanted = {"as_of": as_of, "contract": arguments.contract}
        with application.reading() as read:
            study = the_study(read, name=arguments.study).id
        at = arguments.known_at
        instant = _instant(at) if at else application.clock.now()
        if instant is not None:
            said = application.read(owed, study=study, known_at=instant, **wanted)
        else:
            position = application.position_known(at, study)
            with application.reading_at(position) as read:
                said = owed(read, study=study, known_at=application.clock.now(), **wanted)
    found = said.answer(ledger=arguments.ledger)
    if arguments.json:
        answer(found)
    else:
        from trialdesk.commandline.owed import tell

        tell(found)
    return DONE


def _instant(text: str) -> object:
    try:
        return parse_instant(text)
    except ValueError:
        return None


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UserError(
            _("“{value}” is not a day.").format(value=text[:40]), remedy=_("Write it as 2026-03-04.")
        ) from error
