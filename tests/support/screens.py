"""Pictures of a window at the size of a hospital workstation, in both languages, light and dark."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from trialdesk.base import i18n
from trialdesk.desktop import look, style

SIZE = (1366, 768)
LOOKS: tuple[style.Choice, ...] = ("light", "dark")


def every_look(application: QApplication) -> Iterator[tuple[str, style.Choice]]:
    """Go through language and scheme, each in force while it is yielded; English and light again at the end."""
    try:
        for code in i18n.LANGUAGES:
            for choice in LOOKS:
                i18n.set_language(code)
                look.apply(application, choice)
                yield code, choice
    finally:
        i18n.set_language("en")
        look.apply(application, "light")


def grab(window: QWidget, folder: Path, name: str) -> Path:
    """Write the window, as it is now, to `folder/name.png` and return the file."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.png"
    window.grab().save(str(file))
    return file


def screens(
    application: QApplication, folder: Path, name: str, build: Callable[[], QWidget], settle: Callable[[], object]
) -> list[Path]:
    """Build a window anew in every look, let it settle, and write `name-language-scheme.png` of each."""
    files = []
    for code, choice in every_look(application):
        window = build()
        window.resize(*SIZE)
        window.show()
        settle()
        files.append(grab(window, folder, f"{name}-{code}-{choice}"))
        window.close()
        window.deleteLater()
    return files
