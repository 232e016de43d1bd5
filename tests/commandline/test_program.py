"""The program as a shell meets it: words, streams, exit codes, and how soon it answers."""

from __future__ import annotations

import os
import pkgutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from tests.support.commands import Said, call, command, start
from tests.support.desks import OWNER, PASSWORD, desk_at
from trialdesk.base.places import resources
from trialdesk.base.settings import state_folder
from trialdesk.commandline.catalog import COMMANDS
from trialdesk.commandline.declared import Argument
from trialdesk.commandline.parser import parser
from trialdesk.persistence.work import Committed, Work

DEMO = resources() / "demo" / "sdtm"


def test_help_names_every_command_and_every_argument():
    said = call("--help")
    assert said.code == 0
    for each in COMMANDS:
        assert f"  {each.name} " in said.out or f"  {each.name}\n" in said.out
        assert all(argument.name in said.out or argument.choices for argument in each.arguments)
    assert "TRIALDESK_PASSWORD" in said.out


@pytest.mark.parametrize("name", [each.name for each in COMMANDS])
def test_each_command_explains_itself_and_can_be_loaded(name: str):
    said = call(*name.split(), "--help")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith(f"usage: trialdesk {name}")
    assert callable(next(each for each in COMMANDS if each.name == name).load())


def test_help_needs_neither_the_window_nor_the_database():
    listed = "import sys; from trialdesk.__main__ import main; main(['--help']); print(sorted(sys.modules))"
    out = subprocess.run([sys.executable, "-c", listed], capture_output=True, text=True, check=True).stdout
    assert "sqlalchemy" not in out
    assert "PySide6" not in out


def test_help_comes_at_once():
    """Measured against a bare interpreter, so that a busy machine slows both."""

    def seconds(words: list[str]) -> float:
        began = time.perf_counter()
        subprocess.run(words, capture_output=True, check=True)
        return time.perf_counter() - began

    bare = min(seconds([sys.executable, "-c", "import argparse, json, platform"]) for _ in range(5))
    helped = min(seconds([sys.executable, "-m", "trialdesk", "--help"]) for _ in range(5))
    assert helped < bare + 0.2


def test_the_language_of_the_environment_is_spoken():
    said = start("--help", environment={"LANG": "zh_CN.UTF-8"})
    assert "用法：" in said.out
    assert "usage" not in said.out
    wrong = start("import", "tsv", "x", environment={"LC_ALL": "zh_CN.UTF-8"})
    assert wrong.code == 2
    assert "无效的选择" in wrong.err


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("studys",), "invalid choice: 'studys'"),
        (("--user", "bo"), "A command is missing"),
        (("participants",), "--study"),
        (("import", "odm", "x"), "invalid choice: 'odm'"),
        (("verify", "--depth"), "unrecognized arguments"),
    ],
)
def test_mistaken_words_are_told_and_point_to_the_help(words: tuple[str, ...], complaint: str):
    said = call(*words)
    assert said.code == 2
    assert complaint in said.err
    assert "--help" in said.err
    assert said.out == ""


@pytest.mark.parametrize("empty", ["", "  "])
@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("participants", "--study"), "--study"),
        (("trail", "--study"), "--study"),
        (("participants", "--study", "HARBOUR", "--site"), "--site"),
        (("studies", "--user"), "--user"),
        (("studies", "--desk"), "--desk"),
        (("--user",), "--user"),
        (("import", "sdtm", str(DEMO), "--study"), "--study"),
        (("report", "consort", "--study", "HARBOUR", "--lang"), "--lang"),
        (("backup",), "TARGET"),
    ],
)
def test_an_empty_word_names_nothing_and_is_not_passed_over(words: tuple[str, ...], named: str, empty: str):
    said = call(*words, empty)
    assert (said.code, said.out) == (2, "")
    assert f"argument {named}: nothing is named: the word given is empty" in said.err


@pytest.mark.parametrize(
    "words",
    ["do ACT x=1 y=2 --study S", "do ACT --study S x=1 y=2", "do --study S ACT x=1 y=2", "do ACT x=1 --study S y=2"],
)
def test_words_and_options_stand_in_any_order(words: str):
    parsed = parser().parse_args(words.split())
    assert (parsed.ACT, parsed.WORDS, parsed.study) == ("ACT", ["x=1", "y=2"], "S")


@pytest.mark.parametrize("words", [(), ("some.desk",), ("--desk", "some.desk")])
def test_without_a_display_the_window_is_refused_in_words(words: tuple[str, ...]):
    said = start(*words)
    assert (said.code, said.out) == (2, "")
    assert "no display" in said.err
    assert "trialdesk demo DIR" in said.err


@pytest.mark.parametrize("environment", [{"LC_ALL": "C"}, {"LC_ALL": "POSIX"}, {"PYTHONIOENCODING": "ascii"}])
def test_any_encoding_of_the_output_will_do(tmp_path: Path, environment: dict[str, str]):
    application = desk_at(str(tmp_path / "Æsop 桌.desk"), tmp_path)
    application.close()
    said = start("--desk", tmp_path / "Æsop 桌.desk", "backup", tmp_path / "副本.desk", environment=environment)
    assert (said.code, said.err) == (0, "")
    assert (tmp_path / "副本.desk").exists()


def test_json_is_readable_through_any_encoding():
    for environment in ({"PYTHONIOENCODING": "ascii"}, {"PYTHONIOENCODING": "latin-1"}, {"LC_ALL": "C.UTF-8"}):
        said = start("import", "sdtm", DEMO, "--dry-run", "--json", environment=environment)
        assert said.data["participants"] > 0


def test_a_reader_who_stops_reading_is_no_failure():
    process = subprocess.Popen(command(("--help",)), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    with process.stderr:
        assert process.stderr.read() == b""
    assert process.wait() == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_an_answer_that_cannot_be_written_is_told():
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command(("--help",)), stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 2
    assert done.stderr.decode().strip() == os.strerror(28)


@pytest.mark.parametrize(
    "words", [("--help",), ("report", "--list"), ("import", "sdtm", str(DEMO), "--dry-run", "--json")]
)
def test_a_closed_output_is_told_before_anything_is_done(words: tuple[str, ...]):
    line = ("sh", "-c", 'exec "$@" >&-', "sh", *command(words))
    done = subprocess.run(line, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 2
    assert done.stderr.decode().startswith("The output is closed")
    assert "Traceback" not in done.stderr.decode()


def test_a_closed_place_for_complaints_stops_nothing():
    line = ("sh", "-c", 'exec "$@" 2>&-', "sh", *command(("import", "sdtm", str(DEMO), "--dry-run", "--json")))
    done = subprocess.run(line, stdout=subprocess.PIPE, check=False)
    assert done.returncode == 0
    assert b"participants" in done.stdout


def test_a_fault_of_ours_is_owned_up_to_without_a_value(tmp_path: Path):
    secret = "Eliza Quill, born 1950-02-03"
    with patch("trialdesk.exchange.sdtm.read", side_effect=ValueError(secret)):
        said = call("import", "sdtm", tmp_path, "--dry-run")
    assert said.code == 2
    assert said.out == ""
    assert "fault of the program" in said.err
    assert "Traceback" not in said.err
    written = next((state_folder() / "faults").iterdir())
    assert str(written) in said.err
    text = written.read_text("utf-8")
    assert "ValueError" in text
    assert "trialdesk/commandline/bringing.py" in text
    assert secret not in text


def test_a_fault_is_told_also_where_nothing_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(blocked))
    with patch("trialdesk.exchange.sdtm.read", side_effect=ValueError("x")):
        said = call("import", "sdtm", tmp_path, "--dry-run")
    assert said.code == 2
    assert "trialdesk/commandline/bringing.py" in said.err
    assert "Traceback" not in said.err


def test_stopping_by_keyboard_is_quiet(tmp_path: Path):
    application = desk_at(str(tmp_path / "study.desk"), tmp_path)
    application.close()
    with patch("trialdesk.exchange.sdtm.read", side_effect=KeyboardInterrupt):
        said = call("--desk", tmp_path / "study.desk", "import", "sdtm", DEMO)
    assert said.code == 2
    assert said.err.strip() == "Stopped. A step is saved whole or not at all: look in the trail before you do it again."


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    path = tmp_path / "study.desk"
    desk_at(str(path), tmp_path).close()
    return path


def stopped_at(desk: Path, place: str, *, written: bool) -> Said:
    """Make a study by a command in which Ctrl-C comes at the end of the function named.

    Where the step is `written` that is the first time it ends after that, for it ends before, too.
    """
    module, _dot, name = place.rpartition(".")
    owner = pkgutil.resolve_name(module)
    meant, finish = getattr(owner, name), Work.finish
    steps: list[Work] = []

    def finished(work: Work) -> Committed:
        steps.append(work)
        return finish(work)

    def stopped(*given: Any, **named: Any) -> Any:
        done = meant(*given, **named)
        if steps or not written:
            signal.raise_signal(signal.SIGINT)
        return done

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with patch.object(Work, "finish", finished), patch.object(owner, name, stopped):
            return call("--desk", desk, "do", "studies:study:create", "short_name=HARBOUR")
    finally:
        signal.signal(signal.SIGINT, before)


def studies_of(desk: Path) -> list[Any]:
    found: list[Any] = call("--desk", desk, "studies", "--json").data
    return found


@pytest.mark.parametrize(
    "place", ["trialdesk.persistence.work.Work.finish", "trialdesk.trail.recorder.TrailRecorder.record"]
)
def test_stopped_before_the_step_is_saved_nothing_is(desk: Path, place: str):
    said = stopped_at(desk, place, written=False)
    assert said.code == 2
    assert "Stopped. A step is saved whole or not at all" in said.err
    assert studies_of(desk) == []


@pytest.mark.parametrize(
    "place",
    [
        "sqlalchemy.engine.default.DefaultDialect.do_commit",
        "trialdesk.trail.recorder.TrailRecorder.committed",
        "trialdesk.application.Application.close",
        "trialdesk.commandline.output.finish",
    ],
)
def test_stopped_once_the_step_is_saved_it_is_done_and_said(desk: Path, place: str):
    said = stopped_at(desk, place, written=True)
    assert said.code == 0
    assert said.out.startswith("Study created: ")
    assert said.err.strip() == "Stopped after the step had been saved: it is done, and stands in the trail."
    assert [each["short_name"] for each in studies_of(desk)] == ["HARBOUR"]


def test_a_program_stopped_while_it_ends_says_what_it_did(desk: Path):
    """The interpreter takes a moment to leave, and Ctrl-C may well come in it."""
    words = ["trialdesk", "--desk", str(desk), "--user", OWNER, "do", "studies:study:create", "short_name=HARBOUR"]
    lines = (
        "import atexit, signal, sys; from trialdesk.__main__ import main",
        "signal.signal(signal.SIGINT, signal.default_int_handler)",
        "atexit.register(signal.raise_signal, signal.SIGINT)",
        f"sys.argv = {words!r}; sys.exit(main())",
    )
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)],
        env={**os.environ, "TRIALDESK_PASSWORD": PASSWORD},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Study created: ")


def test_optional_words_are_shown_so():
    from trialdesk.commandline.parser import _usage

    assert _usage(Argument("--site", "", shown="N", needed=False)) == "[--site N]"
    assert _usage(Argument("--json", "")) == "[--json]"
    assert _usage(Argument("FORMAT", "", choices=("a", "b"))) == "a|b"
