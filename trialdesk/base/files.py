"""Writing a file whole: it is there with all of its content, or as it was before; and reading one to attach it.

What is written holds data of a study: a new file is its owner's alone to read, whatever the system gives others by
default. A file that is there already keeps the rights somebody gave it, also when it is replaced.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

from trialdesk.base.errors import Environment, UserError
from trialdesk.base.i18n import _

_PDF, _ZIP = b"%PDF-", b"PK\x03\x04"
_OWNER_ALONE = 0o600
_DESK, _DESK_NAME = b"SQLite format 3\0", ".desk"


def write_pdf(path: Path, pdf: bytes) -> None:
    """Write a document, in place of an older PDF of that name and of nothing else.

    Raises Environment where a file of another kind is in the way (a desk, somebody's data) or writing fails.
    """
    _write(path, pdf, _PDF)


def write_zip(path: Path, data: bytes) -> None:
    """Write a ZIP file, in place of an older one of that name and of nothing else; otherwise as `write_pdf`."""
    _write(path, data, _ZIP)


def make_private(path: Path) -> None:
    """Make an empty file that only its owner may read, unless there is one; that is left as it is.

    Says nothing where it cannot be made: whoever then writes to it meets the same obstacle and tells it.
    """
    with suppress(OSError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ALONE))


def _write(path: Path, data: bytes, begins: bytes) -> None:
    try:
        with path.open("rb") as there:
            another = there.read(len(begins)) not in (begins, b"")
    except FileNotFoundError:
        another = False
    except OSError as error:
        raise _refused(path, error) from error
    if another:
        raise Environment(
            _("There is a file of another kind under this name."),
            where=str(path),
            remedy=_("Nothing in it was touched. Choose another name."),
        )
    _replace(path, data)


def _replace(path: Path, data: bytes) -> None:
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        make_private(beside)
        beside.write_bytes(data)
        with suppress(FileNotFoundError):
            shutil.copymode(path, beside)
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise _refused(path, error) from error


def write_copy(path: Path, data: bytes) -> None:
    """Write what somebody takes out, in place of an older file of that name but never of a desk.

    Raises Environment where a desk is in the way or writing fails.
    """
    try:
        with path.open("rb") as there:
            desk = path.suffix == _DESK_NAME or there.read(len(_DESK)) == _DESK
    except FileNotFoundError:
        desk = False
    except OSError as error:
        raise _refused(path, error) from error
    if desk:
        raise Environment(
            _("There is a desk under this name."),
            where=str(path),
            remedy=_("Nothing in it was touched. Choose another name."),
        )
    _replace(path, data)


def read_bytes(path: Path) -> bytes:
    """Return what is in a file. Raises Environment where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise Environment(
            _("The file cannot be read: {why}.").format(why=error.strerror or str(error)),
            where=str(path),
            remedy=_("Nothing was changed. See whether it is there and may be read."),
        ) from error


def read_text(path: Path) -> str:
    """Return what a file of UTF-8 text says, without a byte order mark.

    Raises Environment where it cannot be read, UserError where it is no such text, naming the first line that is not.
    """
    data = read_bytes(path)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        raise UserError(
            _("This is not UTF-8 text: row {row} is the first that is not.").format(row=row),
            where=str(path),
            remedy=_("Open it in the program it comes from and save it as UTF-8 text."),
        ) from error


def _refused(path: Path, error: OSError) -> Environment:
    return Environment(
        _("The file cannot be written: {why}.").format(why=error.strerror or str(error)),
        where=str(path),
        remedy=_("Nothing was changed. Choose another place, or make room."),
    )
