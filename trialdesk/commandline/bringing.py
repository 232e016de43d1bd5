"""Importing: a dry run says what would come in; a run brings it in as one act."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import N_, _, n_
from trialdesk.base.problems import Problem
from trialdesk.commandline.output import Progress, answer, say
from trialdesk.commandline.program import DONE
from trialdesk.exchange import sdtm
from trialdesk.exchange.rows import Contents

_COUNTED = (
    ("participants", N_("Participants")),
    ("screen_failures", N_("Screen failures")),
    ("visits", N_("Visits that happened")),
    ("planned_visits", N_("Planned visits")),
    ("adverse_events", N_("Adverse events")),
    ("arms", N_("Arms")),
    ("sites", N_("Sites")),
)
_BROUGHT = (
    ("new", N_("New")),
    ("changed", N_("Changed")),
    ("restored", N_("Restored")),
    ("unchanged", N_("Unchanged")),
    ("kept", N_("Corrections kept")),
    ("noted", N_("Problems recorded")),
)


def bring(arguments: Namespace) -> int:
    """Import, or say what an import would bring."""
    if arguments.dry_run:
        contents = _read(arguments)
        preview = sdtm.preview(contents)
        if arguments.json:
            answer(preview)
        else:
            _tell_counts(preview)
            count = len(set(contents.problems))
            say(
                _("In a new study these are {all} records: {rows} of the data, {problems} of the problems.").format(
                    all=contents.records, rows=contents.records - count, problems=count
                )
            )
            _tell_problems(contents.problems)
        return DONE
    return _bring_in(arguments)


def _read(arguments: Namespace) -> Contents:
    return sdtm.read(Path(arguments.SOURCE), study=arguments.study, site=arguments.site)


def _bring_in(arguments: Namespace) -> int:
    from trialdesk.commandline.opening import signed_in
    from trialdesk.exchange.bringing import bring_in
    from trialdesk.studies.queries import study_named, the_study

    with signed_in(arguments) as application:
        contents = _read(arguments)
        name = (arguments.study or str(contents.study.get("short_name", ""))).strip()
        if not name:
            raise UserError(_("The data do not name their study."), remedy=_("Name it by --study."))
        found = application.read(study_named, name=name)
        study = application.read(the_study, name=name) if found or _is_id(name) else None
        done = application.run(
            bring_in,
            study=study.id if study else None,
            contents=contents,
            short_name=name,
            tell=Progress(_("Importing")),
        )
    brought = done.result
    counts = {key: getattr(brought, key) for key, _label in _BROUGHT}
    if arguments.json:
        answer(
            {
                "study": brought.study,
                "short_name": study.short_name if study else name,
                "transaction": done.transaction,
                **counts,
                **sdtm.preview(contents),
                "problems": [problem.as_json() for problem in brought.problems],
            }
        )
    else:
        say(_("Brought into {study}, in records:").format(study=study.short_name if study else name))
        _tell(counts, _BROUGHT)
        if done.transaction is None:
            say(_("Everything was here already: nothing was written."))
        else:
            say(_("To take it back: trialdesk undo {transaction}").format(transaction=done.transaction))
        _tell_problems(brought.problems)
    return DONE


def _tell_counts(preview: Mapping[str, Any]) -> None:
    say(_("An import would bring:"))
    _tell(preview, _COUNTED)


def _tell(counts: Mapping[str, Any], labels: tuple[tuple[str, str], ...]) -> None:
    for key, label in labels:
        value = counts[key]
        text = ", ".join(f"{name} {n}" for name, n in value.items()) if isinstance(value, Mapping) else str(value)
        say("  " + _("{label}: {value}").format(label=_(label), value=text))


def _tell_problems(problems: Sequence[Problem]) -> None:
    if not problems:
        say(_("Nothing odd was found."))
        return
    count = len(problems)
    say(
        n_("{count} problem; nothing was put right:", "{count} problems; nothing was put right:", count).format(
            count=count
        )
    )
    for problem in problems:
        place = [problem.file]
        if problem.row is not None:
            place.append(_("row {row}").format(row=problem.row))
        if problem.column or problem.path:
            place.append(problem.column or problem.path or "")
        say(f"  {', '.join(place)}: {problem.words}")


def _is_id(name: str) -> bool:
    return len(name) == 32 and all(character in "0123456789abcdef" for character in name)
