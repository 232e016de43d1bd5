"""A document replaces an older document and nothing else."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.rights import OWNER_ALONE, rights_of, without_a_mask
from trialdesk.base.errors import Environment, UserError
from trialdesk.base.files import make_private, read_text, write_copy, write_pdf, write_zip


def test_a_document_replaces_a_document(tmp_path: Path):
    path = tmp_path / "flow.pdf"
    for content in (b"%PDF-1.7 one", b"%PDF-1.7 two"):
        write_pdf(path, content)
        assert path.read_bytes() == content
    assert [each.name for each in tmp_path.iterdir()] == ["flow.pdf"]


@pytest.mark.parametrize("content", [b"SQLite format 3\x00", b"USUBJID,ARM\n", b"x"])
def test_a_file_of_another_kind_is_left_alone(tmp_path: Path, content: bytes):
    path = tmp_path / "mine"
    path.write_bytes(content)
    with pytest.raises(Environment, match="another kind"):
        write_pdf(path, b"%PDF-1.7")
    assert path.read_bytes() == content


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path):
    for path in (tmp_path, tmp_path / "none" / "flow.pdf"):
        with pytest.raises(Environment, match="cannot be written"):
            write_pdf(path, b"%PDF-1.7")
    assert list(tmp_path.iterdir()) == []


def test_a_copy_replaces_what_is_no_desk(tmp_path: Path):
    path = tmp_path / "list.csv"
    for content in (b"one", b"two"):
        write_copy(path, content)
        assert path.read_bytes() == content
    assert [each.name for each in tmp_path.iterdir()] == ["list.csv"]


@pytest.mark.parametrize(("name", "content"), [("mine.csv", b"SQLite format 3\x00..."), ("ward.desk", b"sealed")])
def test_a_copy_never_replaces_a_desk(tmp_path: Path, name: str, content: bytes):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Environment, match="desk under this name"):
        write_copy(path, b"a,b")
    assert path.read_bytes() == content


def test_text_is_read_with_or_without_its_mark(tmp_path: Path):
    path = tmp_path / "terms.yaml"
    for content in ("é: 1\n".encode(), "é: 1\n".encode("utf-8-sig")):
        path.write_bytes(content)
        assert read_text(path) == "é: 1\n"


def test_text_of_another_encoding_is_told_with_file_row_and_remedy(tmp_path: Path):
    path = tmp_path / "terms.yaml"
    path.write_bytes(b"a: 1\nb: 2\nc: caf\xe9\n")
    with pytest.raises(UserError) as refused:
        read_text(path)
    assert str(refused.value).startswith(f"{path}: This is not UTF-8 text: row 3 is the first that is not. Open it")


def test_a_file_that_is_not_there_is_told_with_its_name_and_a_remedy(tmp_path: Path):
    with pytest.raises(Environment) as refused:
        read_text(tmp_path / "none.yaml")
    assert refused.value.where == str(tmp_path / "none.yaml")
    assert refused.value.remedy


POSIX = pytest.mark.skipif(os.name != "posix", reason="rights are another matter on this system")


@POSIX
@pytest.mark.parametrize(
    ("write", "data"), [(write_pdf, b"%PDF-1.7"), (write_zip, b"PK\x03\x04"), (write_copy, b"a,b\n")]
)
def test_a_new_file_is_its_owners_alone_and_an_old_one_keeps_its_rights(
    tmp_path: Path, write: Callable[[Path, bytes], None], data: bytes
):
    new, old = tmp_path / "new", tmp_path / "old"
    old.write_bytes(data)
    old.chmod(0o664)
    with without_a_mask():
        write(new, data)
        write(old, data + b" more")
    assert rights_of(new) == OWNER_ALONE
    assert rights_of(old) == 0o664
    assert old.read_bytes().endswith(b" more")


@POSIX
def test_a_file_that_is_there_is_not_made_private(tmp_path: Path):
    path = tmp_path / "there"
    path.write_bytes(b"kept")
    path.chmod(0o644)
    make_private(path)
    assert (rights_of(path), path.read_bytes()) == (0o644, b"kept")
    make_private(tmp_path / "none" / "there")
