"""What is kept: by the workstation, and of what was typed."""

from __future__ import annotations

from pathlib import Path

from trialdesk.desktop import remember
from trialdesk.desktop.drafts import Drafts


def _turned(data: bytes) -> bytes:
    return bytes(byte ^ 0x55 for byte in data)


def test_the_workstation_remembers(tmp_path: Path):
    memory = remember.in_file(tmp_path / "m.json")
    memory.keep("widths", {"number": 120})
    memory.keep("desks", ["/a", "/b"])
    memory.keep("look", "dark")
    again = remember.in_file(tmp_path / "m.json")
    assert again.sizes("widths") == {"number": 120}
    assert again.texts("desks") == ("/a", "/b")
    assert again.words("look") == "dark"


def test_what_cannot_be_read_any_more_is_as_if_forgotten(tmp_path: Path):
    memory = remember.in_file(tmp_path / "m.json")
    memory.keep("widths", "wide")
    memory.keep("sizes", [1, "two"])
    assert memory.sizes("widths") == {}
    assert memory.numbers("sizes") == ()
    assert memory.words("missing", "x") == "x"
    (tmp_path / "n.json").write_text("}{", encoding="utf-8")
    assert remember.in_file(tmp_path / "n.json").words("look", "light") == "light"


def test_drafts_are_kept_until_recorded():
    drafts = Drafts()
    drafts.keep("participant/new", {"number": "S01-0"})
    assert drafts.get("participant/new") == {"number": "S01-0"}
    assert drafts.waiting() == ("participant/new",)
    drafts.forget("participant/new")
    assert drafts.get("participant/new") == {}
    drafts.keep("x", {"a": "1"})
    drafts.keep("x", {})
    assert drafts.waiting() == ()


def test_drafts_reach_the_disk_only_sealed(tmp_path: Path):
    file = tmp_path / "drafts"
    open_drafts = Drafts(file)
    open_drafts.keep("p", {"name": "Zhang Wei"})
    open_drafts.save()
    assert not file.exists()
    sealed = Drafts(file, seal=_turned, unseal=_turned)
    sealed.keep("p", {"name": "Zhang Wei"})
    sealed.save()
    assert b"Zhang" not in file.read_bytes()
    assert Drafts(file, seal=_turned, unseal=_turned).get("p") == {"name": "Zhang Wei"}


def test_drafts_that_cannot_be_opened_are_left_out(tmp_path: Path):
    file = tmp_path / "drafts"
    file.write_bytes(b"not sealed by us")
    assert Drafts(file, seal=_turned, unseal=_turned).waiting() == ()
