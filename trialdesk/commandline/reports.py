"""Documents, and the facts they are made of."""

from __future__ import annotations

from argparse import Namespace
from datetime import date
from pathlib import Path

from trialdesk.base.errors import UserError
from trialdesk.base.files import write_pdf
from trialdesk.base.i18n import _, language
from trialdesk.commandline.output import answer, say, table
from trialdesk.commandline.program import DONE
from trialdesk.reporting.catalog import REPORTS, report_named
from trialdesk.reporting.report import facts_json
from trialdesk.trail.access import EXPORT

_CHOICES = {
    **{name: name for name in ("site", "contract", "number", "beneficiary", "event", "deviation")},
    **{name: name for name in ("participant", "document", "start", "year", "recipient", "follow_up")},
    "amendment": "version",
}
"""The options a report may go by, and what each is called among its parameters."""


def report(arguments: Namespace) -> int:
    """Make a document or tell its facts; or list the documents there are."""
    if arguments.list:
        _list(as_json=arguments.json)
        return DONE
    if arguments.KEY is None:
        raise UserError(_("Which report?"), remedy=_("`trialdesk report --list` names them."))
    report_named(arguments.KEY)
    if arguments.study is None:
        raise UserError(_("Of which study?"), remedy=_("Name it by --study."))
    if arguments.final:
        return _make_final(arguments)
    if arguments.out is None and not arguments.json:
        raise UserError(_("Where to?"), remedy=_("Name the PDF by --out, or ask for the facts alone by --json."))
    _make(arguments)
    return DONE


def _make(arguments: Namespace) -> None:
    from trialdesk.commandline.opening import signed_in
    from trialdesk.reporting.making import facts, make

    wanted = {
        **_chosen(arguments),
        "study": arguments.study,
        "as_of": _day(arguments.as_of),
        "known_at": arguments.known_at,
    }
    with signed_in(arguments) as application:
        if arguments.out is None:
            answer(facts_json(facts(application, arguments.KEY, **wanted)))
            return
        made = make(application, arguments.KEY, language=arguments.lang or language(), **wanted)
        path = Path(arguments.out).expanduser().absolute()
        write_pdf(path, made.pdf)
        application.note(EXPORT, study=made.study, about=f"pdf {arguments.KEY}")
    if arguments.json:
        answer(facts_json(made.facts))
    else:
        say(_("Written to {path}").format(path=path))
        say(
            _("Made from position {position}; facts {digest}").format(
                position=made.position.short(), digest=made.digest
            )
        )


def _make_final(arguments: Namespace) -> int:
    from trialdesk.commandline.finals import make_final

    if arguments.known_at:
        raise UserError(
            _("A document is made final from what the desk knows now."), where="--known-at", remedy=_("Leave it out.")
        )
    day = _day(arguments.as_of)
    return make_final(arguments, {**_chosen(arguments), "as_of": day.isoformat() if day else None})


def _chosen(arguments: Namespace) -> dict[str, str | None]:
    return {parameter: getattr(arguments, name) for name, parameter in _CHOICES.items()}


def _list(*, as_json: bool) -> None:
    if as_json:
        answer(
            [
                {
                    "key": each.key,
                    "title": _(each.title),
                    "audience": each.audience,
                    "state": each.state,
                    "parameters": [field.name for field in each.parameters],
                }
                for each in REPORTS
            ]
        )
    else:
        table((_("Report"), _("Title")), [(each.key, _(each.title)) for each in REPORTS])


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UserError(
            _("“{value}” is not a date.").format(value=text[:80]), where="--as-of", remedy=_("Write it as 2026-03-04.")
        ) from error
