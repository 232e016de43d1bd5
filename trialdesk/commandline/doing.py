"""Any act by its name, with `name=value` words for what the window asks in a form."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable
from dataclasses import asdict, is_dataclass
from functools import partial
from inspect import Parameter, signature
from pathlib import Path
from typing import Any

from trialdesk.application import CATALOGUE, Application
from trialdesk.application.acts import ACTIONS, action_named
from trialdesk.base.errors import UserError
from trialdesk.base.fields import Field
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.commandline.opening import password, signed_in
from trialdesk.commandline.output import answer, complain, say, table
from trialdesk.commandline.program import DONE
from trialdesk.commandline.words import currency_of, value_of
from trialdesk.overview.finding import find
from trialdesk.overview.recorded import recorded
from trialdesk.people.acting import Action
from trialdesk.persistence.reading import Read
from trialdesk.studies.queries import the_study


def acts(arguments: Namespace) -> int:
    """List every act: its name, who may do it, what it takes."""
    if arguments.json:
        answer([_as_data(action) for action in _listed()])
        return DONE
    rows = [(action.name, _(action.said), " ".join(_usage(action))) for action in _listed()]
    table((_("Act"), _("What was done"), _("Takes")), rows)
    return DONE


def do(arguments: Namespace) -> int:
    """Do one act as the account signed in; prints the id of what it made or changed."""
    action = action_named(arguments.ACT)
    given = _pairs(arguments.WORDS, action)
    with signed_in(arguments) as application:
        study, values = _values(application, action, given, arguments.study)
        signed_with = _to_sign(application, action) if action.signs else None
        done = application.run(action, reason=arguments.reason or "", signed_with=signed_with, study=study, **values)
    if arguments.json:
        answer({"act": action.name, "result": _plain(done.result), "transaction": done.transaction})
    elif done.transaction is None:
        say(_("Nothing had to be changed."))
    else:
        say(f"{done.label}: {_words(done.result)}" if done.result else done.label)
    return DONE


def _to_sign(application: Application, action: Action) -> str:
    """Say who signs and what it means, before it is done, and return the password it is proven with."""
    account = application.signed_in().account
    complain(
        _("{name} ({user}) signs: {meaning}").format(name=account.name, user=account.username, meaning=_(action.signs))
    )
    complain(_("Your electronic signature binds you as one written by hand does."))
    if action.final:
        complain(_("This cannot be taken back."))
    return password(account.username)


def _listed() -> list[Action]:
    return sorted((each for each in ACTIONS if each.asks or each.about), key=lambda each: each.name)


def _as_data(action: Action) -> dict[str, Any]:
    return {
        "act": action.name,
        "by": sorted(action.by),
        "about": action.about,
        "takes": [
            {
                "name": field.name,
                "type": field.type,
                "required": field.required,
                "choices": [c for c, _l in field.choices],
            }
            for field in action.asks
        ],
        "signed": bool(action.signs),
        "final": action.final,
    }


def _usage(action: Action) -> Iterable[str]:
    if action.subject:
        yield f"{action.subject}=…"
    for field in action.asks:
        word = f"{field.name}=…"
        yield word if field.required else f"[{word}]"


def _pairs(words: Iterable[str], action: Action) -> dict[str, str]:
    known = {field.name for field in action.asks} | ({action.subject} - {""})
    found: dict[str, str] = {}
    for word in words:
        name, sign, value = word.partition("=")
        if not sign or name not in known:
            raise UserError(
                _("“{word}” says nothing to this act.").format(word=word[:80]),
                remedy=_("It takes: {words}.").format(words=" ".join(_usage(action)) or _("nothing")),
            )
        if name in found:
            raise UserError(_("“{name}” is given twice.").format(name=name))
        found[name] = value
    return found


def _values(
    application: Application, action: Action, given: dict[str, str], named: str | None
) -> tuple[Id | None, dict[str, Any]]:
    today = application.today
    with application.reading() as read:
        study = the_study(read, name=named).id if named else None
        subject = _subject(read, action, given, study)
        values: dict[str, Any] = {
            field.name: value_of(
                read,
                field,
                given[field.name],
                study=study,
                today=today,
                currency=partial(currency_of, read, action, field, {**given, **subject}),
            )
            for field in action.asks
            if field.name in given
        }
        for field in action.asks:
            if field.type == "file" and field.name in given:
                values.setdefault("file_name", Path(given[field.name]).name)
        missing = [field for field in action.asks if field.required and not action.edit and not _has(values, field)]
        if missing:
            raise UserError(
                _("This is needed and was not given: {names}.").format(names=", ".join(each.name for each in missing))
            )
        if not action.edit:
            # An act may leave it to its own rules what it cannot do without: it hears that nothing was said.
            values |= {field.name: None for field in action.asks if field.name in _wanted(action) - values.keys()}
        values |= subject
        if subject and action.edit:
            values["version"] = recorded(
                read, kind=action.about, record=subject[action.subject], catalogue=CATALOGUE
            ).version
    if action.about == "studies.study":
        study = values.pop(action.subject)
    return study, values


def _subject(read: Read, action: Action, given: dict[str, str], study: Id | None) -> dict[str, Id]:
    """Return the id of the record the act is done to, by the name of its argument. Raises UserError."""
    if not action.subject:
        return {}
    # The study it is done to is the study it is done in.
    words = given.get(action.subject) or (study if action.about == "studies.study" else None)
    if not words:
        raise UserError(_("Which one? Say {name}=…").format(name=action.subject))
    return {action.subject: find(read, record=CATALOGUE[action.about].record, words=words, study=study)}


def _wanted(action: Action) -> frozenset[str]:
    """Return the arguments an act is not done without, even by None."""
    taken = signature(action.perform).parameters.values()
    return frozenset(each.name for each in taken if each.default is Parameter.empty)


def _has(values: dict[str, Any], field: Field) -> bool:
    return values.get(field.name) is not None


def _plain(result: Any) -> Any:
    """Return what an act answered as JSON holds it: an id, several, or facts by their names."""
    if is_dataclass(result) and not isinstance(result, type):
        return {name: _plain(value) for name, value in asdict(result).items()}
    if isinstance(result, tuple | list):
        return [_plain(each) for each in result]
    return result if result is None or isinstance(result, str | int | dict) else str(result)


def _words(result: Any) -> str:
    plain = _plain(result)
    if isinstance(plain, dict):
        return ", ".join(f"{name} {value}" for name, value in plain.items())
    return " ".join(map(str, plain)) if isinstance(plain, list) else str(plain)
