"""The window and the domain, joined: no stand-in on either side."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.desks import OWNER, PASSWORD, quick_desk
from trialdesk.base.errors import Environment, NotAllowed, UserError
from trialdesk.desktop.app import Main
from trialdesk.desktop.doors import DomainDoors
from trialdesk.desktop.entering import NewDesk, SignIn
from trialdesk.desktop.pages.catalog import CATALOGUE
from trialdesk.desktop.pages.studies import Studies
from trialdesk.desktop.shell import Shell
from trialdesk.desktop.spot import Spot
from trialdesk.studies.actions import create_study


def _demonstration(folder: Path, tell) -> tuple[Path, str, str]:
    tell(1, 1)
    folder.mkdir(parents=True)
    desk = quick_desk(folder)
    desk.close()
    return folder / "study.desk", OWNER, PASSWORD


@pytest.fixture
def doors() -> DomainDoors:
    return DomainDoors(_demonstration)


def test_a_desk_is_made_and_opened_again(doors, tmp_path):
    path = tmp_path / "ward.desk"
    doors.make(NewDesk(path, "Ada Lind", OWNER, PASSWORD)).close()
    opened = doors.sign_in(SignIn(path, OWNER, PASSWORD))
    assert opened.sources.studies() == ()
    opened.application.run(create_study, short_name="ATLAS", title="Early mobilisation", blinding="double")
    head = opened.sources.studies()[0]
    assert (head.acronym, head.title) == ("ATLAS", "Early mobilisation")
    assert head.stage.words == "Set-up"
    assert head.blinding
    assert head.blinding.words == "Blinded"
    opened.close()


def test_what_a_person_can_mend_is_told(doors, tmp_path):
    path = tmp_path / "ward.desk"
    with pytest.raises(UserError):
        doors.make(NewDesk(path, "Ada Lind", OWNER, "short"))
    with pytest.raises(Environment):
        doors.sign_in(SignIn(path, OWNER, PASSWORD))
    quick_desk(tmp_path).close()
    with pytest.raises(NotAllowed):
        doors.sign_in(SignIn(tmp_path / "study.desk", OWNER, "wrong"))


def test_from_the_start_to_the_first_study(qtbot, jobs, memory, settle, doors):
    main = Main(memory, jobs, lambda: doors, lambda: CATALOGUE)
    qtbot.addWidget(main.window)
    main.begin(None)
    main.window.show()
    main._open_demonstration()
    settle()
    shell = main.shell
    assert isinstance(shell, Shell)
    assert main._desk
    main._desk.act(create_study, owner=shell, short_name="ATLAS", title="Early mobilisation")
    settle()
    shell.go(Spot("studies"))
    settle()
    assert isinstance(shell.page, Studies)
    table = shell.page.table
    assert [head.acronym for head in table.rows()] == ["ATLAS"]
    assert shell.notice.words
    main._desk.undo()
    settle()
    assert table.rows() == []
    main.end()


def test_what_was_typed_is_there_again_for_who_typed_it_and_nobody_else(doors, tmp_path, home):
    path = tmp_path / "ward.desk"
    opened = doors.make(NewDesk(path, "Ada Lind", OWNER, PASSWORD))
    opened.drafts.keep("identity/1", {"name": "Zhang San"})
    opened.drafts.save()
    opened.close()
    (file,) = (home / ".local" / "state" / "trialdesk" / "drafts").iterdir()
    assert b"Zhang" not in file.read_bytes()
    again = doors.sign_in(SignIn(path, OWNER, PASSWORD))
    assert again.drafts.get("identity/1") == {"name": "Zhang San"}
    again.close()
    other = doors.make(NewDesk(tmp_path / "other.desk", "Ada Lind", OWNER, PASSWORD))
    assert other.drafts.waiting() == ()
    file.rename(other.drafts._file)
    other.close()
    other = doors.sign_in(SignIn(tmp_path / "other.desk", OWNER, PASSWORD))
    assert other.drafts.waiting() == ()
    other.close()
