"""`trialdesk`: the window or the command line. The only module that knows both.

Which of the two it is must be known before anything heavy is imported: help is there at once, and a command on a
machine without Qt's libraries works.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trialdesk.application import Application
    from trialdesk.desktop.entering import Doors


def main(words: Sequence[str] | None = None) -> int:
    """Run the program with the words after its name and return its exit code."""
    ends = words is None
    words = sys.argv[1:] if words is None else list(words)
    path = _wanted_in_window(words)
    if path is None:
        from trialdesk.commandline.program import run

        return run(words, ends=ends, pictures=_pictures)
    return _open_window(path)


def _wanted_in_window(words: Sequence[str]) -> list[str] | None:
    """Return the desk to open in the window (none or one), or None if the words are a command."""
    from trialdesk.commandline.catalog import COMMANDS

    if not words:
        return []
    if len(words) == 2 and words[0] == "--desk":
        return [words[1]]
    word = words[0]
    is_place = os.sep in word or word.endswith(".desk") or "://" in word or os.path.exists(word)  # noqa: PTH110 - pathlib is not needed yet
    if (
        len(words) == 1
        and is_place
        and not word.startswith("-")
        and word not in {each.name.split()[0] for each in COMMANDS}
    ):
        return [word]
    return None


def _open_window(path: Sequence[str]) -> int:
    if not _has_display():
        from trialdesk.commandline.program import refuse_window

        return refuse_window()
    from trialdesk.desktop.app import run

    def doors() -> Doors:
        from trialdesk.desktop.doors import DomainDoors

        return DomainDoors(_demonstration)

    return run(path, doors)


def _demonstration(folder: Path, tell: Callable[[int, int], None]) -> tuple[Path, str, str]:
    """Build the demonstration for the window, which cannot ask the command line for it itself, unless it is there."""
    from trialdesk.commandline.demonstration import DESK, PASSWORD, USER, build

    desk = folder / DESK
    return desk if desk.exists() else build(folder, tell=tell).desk, USER, PASSWORD


def _has_display() -> bool:
    platform = os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0]
    if platform:
        return platform not in {"offscreen", "minimal", "minimalegl"}
    return sys.platform in {"win32", "darwin"} or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))


def _pictures(application: Application, folder: Path) -> list[Path]:
    """Take pictures of the main pages into `folder`, which the command line cannot ask for itself.

    Raises Environment where the system lacks Qt's libraries.
    """
    if not _has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    try:
        from trialdesk.desktop.pictures import take
    except ImportError as error:
        from trialdesk.base.errors import Environment
        from trialdesk.base.i18n import _

        raise Environment(
            _("The window's libraries cannot be loaded here, so there are no pictures of its pages: {why}").format(
                why=error
            )
        ) from error
    return take(application, folder)


if __name__ == "__main__":
    sys.exit(main())
