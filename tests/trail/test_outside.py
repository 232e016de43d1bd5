"""What this computer has seen of a desk: kept beside it, tolerant of its own damage, never in an act's way."""

from __future__ import annotations

from pathlib import Path

from trialdesk.trail.outside import Mark, Outside

STREAM, OTHER = "a" * 32, "b" * 32


def test_the_last_mark_counts_and_gathering_keeps_it(tmp_path: Path):
    outside = Outside(tmp_path / "seen", "r")
    assert outside.marks() == {}
    outside.tell([(STREAM, 1, b"1" * 32), (OTHER, 4, b"4" * 32)])
    outside.tell([(STREAM, 2, b"2" * 32)])
    expected = {STREAM: Mark(2, b"2" * 32), OTHER: Mark(4, b"4" * 32)}
    assert outside.marks() == expected
    outside.gather()
    assert outside.marks() == expected
    assert len((tmp_path / "seen" / "r.seen").read_text().splitlines()) == 2
    outside.gather(lost=[OTHER])
    outside.meet([(STREAM, 1, b"9" * 32), (OTHER, 1, b"9" * 32), ("c" * 32, 3, b"3" * 32)])
    assert outside.marks() == {
        STREAM: Mark(2, b"2" * 32),
        OTHER: Mark(4, b"4" * 32, lost=True),
        "c" * 32: Mark(3, b"3" * 32),
    }


def test_damaged_lines_are_passed_over(tmp_path: Path):
    outside = Outside(tmp_path, "r")
    outside.tell([(STREAM, 1, b"1" * 32)])
    with (tmp_path / "r.seen").open("ab") as file:
        file.write(b"\xff\xfe broken\n")
        file.write(f"{OTHER} 7 {'z' * 64}\n{OTHER} x {'0' * 64}\n{OTHER} 9 {'0' * 40}".encode())
    assert outside.marks() == {STREAM: Mark(1, b"1" * 32)}


def test_a_folder_that_cannot_be_made_costs_the_marks_alone(tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    outside = Outside(tmp_path / "file" / "seen", "r")
    outside.tell([(STREAM, 1, b"1" * 32)])
    outside.gather()
    assert outside.marks() == {}
