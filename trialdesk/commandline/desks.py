"""Making desks, copying them, and making them again from a copy."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from trialdesk.application import Application, normalised, restore_desk
from trialdesk.base.i18n import _
from trialdesk.commandline.opening import desk, password, remember
from trialdesk.commandline.output import Progress, say
from trialdesk.commandline.program import DONE, NOT_IN_ORDER
from trialdesk.commandline.proof import tell_findings, tell_proven
from trialdesk.trail.verify import Verdict


def new(arguments: Namespace) -> int:
    """Make a desk and its owner."""
    where = normalised(arguments.PATH)
    application = Application(where)
    try:
        application.make(name=arguments.name, username=arguments.user, password=password(arguments.user, new=True))
    finally:
        application.close()
    remember(where, arguments.user.strip())
    say(_("The desk is made: {path}").format(path=application.place))
    return DONE


def backup(arguments: Namespace) -> int:
    """Copy the desk and prove the copy."""
    target = Path(normalised(arguments.TARGET))
    with desk(arguments) as application:
        verdict = application.back_up(target, Progress(_("Copying and proving")))
    return _told(verdict, _("The copy is made: {path}").format(path=target))


def restore(arguments: Namespace) -> int:
    """Make a desk from a copy and prove it."""
    source, target = Path(normalised(arguments.SOURCE)), Path(normalised(arguments.TARGET))
    verdict = restore_desk(source, target, Progress(_("Copying and proving")))
    return _told(verdict, _("The desk is restored: {path}").format(path=target))


def _told(verdict: Verdict, words: str) -> int:
    say(words)
    if verdict.proven:
        tell_proven(verdict)
        return DONE
    tell_findings(verdict)
    return NOT_IN_ORDER
