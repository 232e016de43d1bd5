"""No English shows through: every word a person can see is translated, and every translation fits."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from tests.desktop.bench import FIELDS, catalogue
from tests.support.pseudo import pseudo_language, untranslated
from trialdesk.base import i18n
from trialdesk.base.errors import UserError
from trialdesk.desktop.app import Main
from trialdesk.desktop.pages.catalog import PLACES
from trialdesk.desktop.shell import Shell
from trialdesk.desktop.spot import Spot
from trialdesk.desktop.start import NewDeskForm, OpenForm, SignInForm, StartPage
from trialdesk.desktop.widgets.fault import Fault
from trialdesk.desktop.widgets.form import Form
from trialdesk.desktop.widgets.reason import ReasonPrompt

ROOT = Path(__file__).parents[2]


def _texts() -> dict[str, str]:
    """Return every text marked for translation in the desktop, with the file it stands in."""
    found: dict[str, str] = {}
    for file in sorted((ROOT / "trialdesk" / "desktop").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "N_", "n_"):
                text = node.args[1] if node.func.id == "n_" else node.args[0]
                if isinstance(text, ast.Constant):
                    found[str(text.value)] = file.name
    return found


@pytest.mark.parametrize("code", [code for code in i18n.LANGUAGES if code != "en"])
def test_every_text_is_translated_with_the_same_gaps(code):
    texts = _texts()
    known = i18n._catalogue(code)
    assert [text for text in texts if text not in known] == []
    gaps = re.compile(r"\{\w+\}")
    assert [text for text in texts if sorted(gaps.findall(text)) != sorted(gaps.findall(known[text]))] == []


def test_the_window_shows_no_english_of_its_own(qtbot, desk, settle):
    with pseudo_language():
        shell = Shell(desk, catalogue(PLACES))
        qtbot.addWidget(shell)
        shell.show()
        shell.notice.say_done("⟦done⟧", lambda: None)
        shell.toggle_help()
        settle()
        data: tuple[str, ...] = (
            "ATLAS",
            "BREATHE",
            "Chen Wei",
            "Li Na",
            "Early mobilisation after haemorrhage",
            "Budesonide in cough",
        )
        data = (*data, "Wednesday, 4 March 2026", "Enrolling", "Ethics review", "Blinded", "Continuing review due")
        assert untranslated(shell, *data) == []
        assert untranslated(shell.menu_bar, *data) == []
        shell.go(Spot("settings"))
        assert untranslated(shell, *data) == []
        shell.open_palette()
        titles = [entry.title + entry.kind for entry in shell.palette_box.entries()]
        assert all("⟦" in title or title in data for title in titles)
        settle()


@pytest.mark.parametrize(
    "make",
    [
        lambda path: StartPage((path / "a.desk",)),
        NewDeskForm,
        lambda _path: OpenForm(),
        lambda path: SignInForm(path / "a.desk", "chen"),
        lambda path: SignInForm(path / "a.desk", "chen", locked=True),
        lambda _path: Fault(),
        lambda _path: ReasonPrompt(),
        lambda _path: Form(FIELDS, {"consented": None}),
    ],
)
def test_what_comes_before_and_between_shows_none_either(qtbot, make, tmp_path):
    with pseudo_language():
        widget = make(tmp_path)
        qtbot.addWidget(widget)
        widget.show()
        assert untranslated(widget, str(tmp_path), "a.desk", "chen", "a", "As on the consent form") == []


def test_the_search_for_english_finds_english(qtbot):
    with pseudo_language():
        label = QLabel("Plain words")
        qtbot.addWidget(label)
        assert untranslated(label) == ["QLabel: Plain words"]
        label.setText(i18n._("Undo") + " (Ctrl+Z)")
        assert untranslated(label) == []


def test_a_failure_before_a_desk_is_open_is_told(qtbot, jobs, memory, bench):
    main = Main(memory, jobs, lambda: bench, lambda: catalogue(PLACES))
    qtbot.addWidget(main.window)
    main.begin(None)
    main.window.show()
    main._tell(UserError("The file cannot be read."))
    assert "The file cannot be read." in [label.text() for label in main.window.findChildren(QLabel)]
    main.end()
