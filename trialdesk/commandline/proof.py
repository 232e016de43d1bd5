"""Asking whether all is as the trail says."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from trialdesk.application import LABELS
from trialdesk.base.i18n import _, n_
from trialdesk.commandline.opening import desk, signed_in
from trialdesk.commandline.output import Progress, answer, say
from trialdesk.commandline.program import DONE, NOT_IN_ORDER
from trialdesk.trail.verify import SUBJECTS, Verdict


def verify(arguments: Namespace) -> int:
    """Prove the desk, or a document of it, or a binder."""
    if arguments.PATH is None:
        return _verify_desk(arguments)
    path = Path(arguments.PATH).expanduser()
    if path.is_dir():
        from trialdesk.commandline.binding import verify_binder

        return verify_binder(arguments, path)
    return _verify_document(arguments, path)


def _verify_document(arguments: Namespace, path: Path) -> int:
    from trialdesk.reporting.proving import prove

    with signed_in(arguments) as application:
        verdict = prove(application, path)
    if arguments.json:
        answer(verdict.as_json())
    else:
        say(verdict.words)
        for change in verdict.changes:
            if "act" in change:
                say("  " + _act_words(change))
    return DONE if verdict.in_order else NOT_IN_ORDER


def _act_words(change: Mapping[str, Any]) -> str:
    words = _("{at}  {act}, by {name}: {count} records").format(
        at=change["at"], act=change["act"], name=change["by"], count=change["records"]
    )
    return f"{words} ({change['reason']})" if change["reason"] else words


def _verify_desk(arguments: Namespace) -> int:
    with desk(arguments) as application:
        verdict = application.verify(Progress(_("Proving")))
    if arguments.json:
        answer(
            {
                "proven": verdict.proven,
                "streams": verdict.streams,
                "events": verdict.events,
                "records": verdict.records,
                "found": verdict.count,
                "totals": dict(verdict.totals),
                "findings": [asdict(finding) for finding in verdict.findings],
            }
        )
    elif verdict.proven:
        tell_proven(verdict)
    else:
        tell_findings(verdict)
    return DONE if verdict.proven else NOT_IN_ORDER


def tell_proven(verdict: Verdict) -> None:
    """Print what was looked at and found in order."""
    say(
        _("Proven: {events} events in {streams} streams are whole, and {records} records are what they say.").format(
            events=verdict.events, streams=verdict.streams, records=verdict.records
        )
    )


def tell_findings(verdict: Verdict) -> None:
    """Print how much was found of what, and below it the first of each with their places."""
    count = verdict.count
    say(
        n_("{count} thing is not as the trail says:", "{count} things are not as the trail says:", count).format(
            count=count
        )
    )
    for subject, found in verdict.totals:
        say(_("{subject}: {count}").format(subject=_(LABELS.get(subject) or SUBJECTS[subject]), count=found))
        told = [finding for finding in verdict.findings if finding.subject == subject]
        for finding in told:
            say(f"  {finding.place}: {finding.words}")
        if (more := found - len(told)) > 0:
            say("  " + _("and {count} more").format(count=more))
