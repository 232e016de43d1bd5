"""Runs one command: words in, exit code out. The one place where failures become words."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Sequence
from datetime import UTC, datetime

from trialdesk.base.errors import Told
from trialdesk.base.i18n import LANGUAGES, _, set_language
from trialdesk.base.stopping import Stop, heard
from trialdesk.commandline import output
from trialdesk.commandline.catalog import COMMANDS

DONE, NOT_IN_ORDER, NOTHING_DONE = 0, 1, 2


def run(words: Sequence[str], *, ends: bool = False, **given: object) -> int:
    """Run a command and return its exit code; the program `ends` with it.

    `given` are things the command line may use but cannot import.
    """
    output.settle()
    _choose_language()
    with heard(ends=ends) as stop:
        return _answered(words, given, stop)


def _answered(words: Sequence[str], given: dict[str, object], stop: Stop) -> int:
    try:
        try:
            output.refuse_closed()
            code = _run(words, given, stop)
        finally:
            output.finish()
        if stop.asked:
            output.complain("\n" + _saved_words())
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else DONE
    except Told as told:
        output.complain(str(told))
    except KeyboardInterrupt:
        if stop.is_done:
            output.complain("\n" + _saved_words())
            return DONE
        output.complain(
            "\n" + _("Stopped. A step is saved whole or not at all: look in the trail before you do it again.")
        )
    except OSError as error:
        output.complain(_os_words(error))
    except Exception as error:  # noqa: BLE001 - whatever is left is a bug, and is told as one
        output.complain(_bug_words(error))
    else:
        return code
    return NOTHING_DONE


def _saved_words() -> str:
    return _("Stopped after the step had been saved: it is done, and stands in the trail.")


def refuse_window() -> int:
    """Say that there is no display, and what can be done without one."""
    output.settle()
    _choose_language()
    output.complain(
        _("There is no display here, so no window can be opened.")
        + "\n"
        + _("The demonstration, with its documents and pictures of the pages: trialdesk demo DIR")
        + "\n"
        + _("Everything else without a window: trialdesk --help")
    )
    return NOTHING_DONE


def _run(words: Sequence[str], given: dict[str, object], stop: Stop) -> int:
    from trialdesk.commandline.parser import parser

    root = parser()
    arguments = root.parse_args(list(words))
    if arguments.command is None:
        root.error(_("A command is missing."))
    name = " ".join(filter(None, (arguments.command, getattr(arguments, "verb", ""))))
    command = next((each for each in COMMANDS if each.name == name), None)
    if command is None:
        root.error(_("A command is missing."))
    stop.goes_on = command.many_steps
    return command.load()(Namespace(**vars(arguments), **given))


def _choose_language() -> None:
    """Speak the language chosen in the settings, else the environment's if it is offered."""
    from trialdesk.base.settings import Settings

    chosen = Settings().get("language")
    if chosen not in LANGUAGES:
        named = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
        chosen = (next(filter(None, named), "") or "en")[:2]
    set_language(chosen if chosen in LANGUAGES else "en")


def _os_words(error: OSError) -> str:
    why = error.strerror or type(error).__name__
    return f"{error.filename}: {why}" if error.filename else why


def _bug_words(error: BaseException) -> str:
    """Keep the places in the program where it failed, and say where they are kept. Never a value."""
    from trialdesk.base.settings import state_folder
    from trialdesk.base.support import support_text

    text = support_text(error)
    path = state_folder() / "faults" / f"{datetime.now(UTC):%Y-%m-%d-%H%M%S}-{os.getpid()}.txt"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    except OSError:
        return _("This is a fault of the program, not of yours. Nothing of this step was saved.") + "\n" + text
    return _(
        "This is a fault of the program, not of yours. Nothing of this step was saved. The details for support, "
        "without any data of participants, are in {path}"
    ).format(path=path)
