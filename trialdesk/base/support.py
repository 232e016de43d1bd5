"""What support needs of a fault of ours: kinds of failure and places in the program, never a message or a value."""

from __future__ import annotations

import traceback
from pathlib import Path

from trialdesk import __version__


def support_text(error: BaseException, *versions: str) -> str:
    """Return versions, kind of failure and places in the program, as lines. No message: it may hold a value.

    `versions` are those of what else took part, such as "Qt 6.11".
    """
    import platform  # where nothing fails, nobody waits for it

    told = (f"TrialDesk {__version__}", f"Python {platform.python_version()}", *versions, platform.system())
    lines = [" · ".join(told)]
    seen: BaseException | None = error
    while seen is not None:
        lines.append(f"{type(seen).__module__}.{type(seen).__qualname__}")
        lines += [
            f"  {_short(frame.filename)}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(seen.__traceback__)
        ]
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return "\n".join(lines) + "\n"


def _short(filename: str) -> str:
    """Return a file's place within the package, or its bare name: no folder of this computer."""
    parts = Path(filename).parts
    if "trialdesk" in parts:
        return "/".join(parts[len(parts) - 1 - parts[::-1].index("trialdesk") :])
    return parts[-1]
