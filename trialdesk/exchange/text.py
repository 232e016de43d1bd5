"""Bytes of a file → text, whatever program wrote it: what kind of file it is, and in which encoding.

Encodings told apart: UTF-8 (with or without mark), UTF-16 (likewise), UTF-32 with mark, GB18030, Windows-1252 and
Latin-1. GB18030 and Windows-1252 accept nearly any bytes, so trying to decode proves nothing between them; they are
told apart by statistics (`_is_chinese`). Other encodings must be named by the caller. In a file of UTF-8, rows of
another encoding are told one by one, as damaged ones are.
"""

from __future__ import annotations

import codecs
import re
import zipfile
from itertools import islice
from pathlib import Path

from trialdesk.base.errors import Environment, UserError
from trialdesk.base.i18n import N_, _
from trialdesk.exchange.findings import Findings

_FOREIGN = (
    (0, b"%PDF", N_("a PDF document")),
    (0, b"SQLite format 3\0", N_("an SQLite database")),
    (0, b"\x1f\x8b", N_("a gzip archive")),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", N_("an Excel workbook or Office document of the old format")),
    (0, b"7z\xbc\xaf\x27\x1c", N_("a 7z archive")),
    (0, b"\x89PNG", N_("a picture")),
    (0, b"\xff\xd8\xff", N_("a picture")),
    (0, b"HEADER RECORD*******", N_("a SAS transport file")),
    (32, b"\xc2\xea\x81\x60\xb3\x14\x11\xcf", N_("a SAS dataset")),
    (0, b"<?xml", N_("an XML file")),
    (0, b"\xef\xbb\xbf<?xml", N_("an XML file")),
    (0, b"<!DOCTYPE html", N_("a web page")),
    (0, b"<html", N_("a web page")),
    (0, b"{\\rtf", N_("a rich text document")),
)
_ZIPPED = (
    ("xl/", N_("an Excel workbook")),
    ("word/", N_("a Word document")),
    ("content.xml", N_("an OpenDocument file")),
    ("", N_("a zip archive")),
)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SHOWN = {
    "gb18030": "GB18030",
    "cp1252": "Windows-1252",
    "latin-1": "Latin-1",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
}

_UTF8_LETTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = re.compile(rb"[\x80-\xff]")
# A run of GB18030 letters with what stands before and after it.
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
# The 3,755 common characters of GB 2312 level 1 and its signs; then any other letter of GB18030; then what is none.
_GB_LETTER = re.compile(
    rb"([\xa1-\xa3\xb0-\xd7][\xa1-\xfe])|[\x81-\xfe][\x30-\x39][\x81-\xfe][\x30-\x39]|[\x81-\xfe][\x40-\x7e\x80-\xfe]|[\x80-\xff]"
)
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1f]")


def read_text(path: Path, findings: Findings, encoding: str | None = None) -> str:
    """Return the text of a file, line ends as they are; what was odd goes to `findings`.

    `encoding` overrides the guess. Bytes that are no letter become U+FFFD and are listed; NUL bytes are left out and
    counted. Raises UserError if there is no such file or no text in it; Environment if it cannot be read.
    """
    data = _bytes(path)
    mark = next(((len(mark), name) for mark, name in _MARKS if data.startswith(mark)), None)
    if encoding is None:
        encoding = mark[1] if mark else _guess(data)
        if mark is None and encoding in _SHOWN:
            findings.add(
                path.name,
                N_("The file does not say its encoding; read as {encoding}. If letters look wrong, save it as UTF-8."),
                row=_first_high(data),
                encoding=_SHOWN[encoding],
            )
    text = _decode(data[mark[0] :] if mark else data, encoding, path, findings)
    text = _without_nul(text, path, findings)
    if len(_CONTROL.findall(text[:65536])) > len(text[:65536]) * 0.02:
        raise UserError(
            _("This is not a text file."),
            where=path.name,
            remedy=_("Save the table as CSV (UTF-8) and choose that file."),
        )
    if not text.strip():
        raise UserError(_("The file is empty."), where=path.name, remedy=_("Export it again."))
    return text


def _bytes(path: Path) -> bytes:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise UserError(_("There is no such file."), where=str(path), remedy=_("Check the name.")) from None
    except IsADirectoryError:
        raise UserError(_("This is a folder, not a file."), where=str(path), remedy=_("Name a file in it.")) from None
    except OSError as error:
        raise Environment(
            _("The file cannot be read: {reason}.").format(reason=error.strerror),
            where=str(path),
            remedy=_("Check that you may read it and that no other program holds it."),
        ) from error
    if not data:
        raise UserError(_("The file is empty."), where=path.name, remedy=_("Export it again."))
    if (what := _foreign(path, data)) is not None:
        raise UserError(
            _("This is {what}, not a table in text form.").format(what=_(what)),
            where=path.name,
            remedy=_("Save the table as CSV (UTF-8) and choose that file."),
        )
    return data


def _foreign(path: Path, data: bytes) -> str | None:
    if data.startswith(b"PK\x03\x04"):
        try:
            with zipfile.ZipFile(path) as archive:
                names = archive.namelist()
        except zipfile.BadZipFile:
            names = []
        return next(what for start, what in _ZIPPED if not start or any(name.startswith(start) for name in names))
    head = data[:64]
    return next(
        (what for at, magic, what in _FOREIGN if head[at : at + len(magic)].lower() == magic.lower()),
        None,
    )


def _guess(data: bytes) -> str:
    """Name the encoding of unmarked bytes. Never fails: Latin-1 decodes anything."""
    if (wide := _wide(data)) is not None:
        return wide
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        pass
    else:
        return "utf-8"
    # Text of another encoding hardly ever forms UTF-8 sequences; where most high bytes do, it is damaged UTF-8.
    high = len(_HIGH.findall(data))
    if sum(map(len, _UTF8_LETTER.findall(data))) >= 0.9 * high:
        return "utf-8"
    if _is_chinese(data):
        return "gb18030"
    if _is_mixed(data):
        return "utf-8"
    try:
        data.decode("cp1252")
    except UnicodeDecodeError:
        return "latin-1"
    return "cp1252"


def _wide(data: bytes) -> str | None:
    """Recognise UTF-16 without mark: delimiters, digits and line ends have a zero byte, always on the same side."""
    sample = data[:65536]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) < max(2, len(sample) // 40) or min(even, odd) * 10 > max(even, odd):
        return None
    name = "utf-16-le" if odd > even else "utf-16-be"
    try:
        text = codecs.getincrementaldecoder(name)().decode(sample)
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else name


def _is_chinese(data: bytes) -> bool:
    """Tell GB18030 from Windows-1252 by how the bytes from 0x80 on lie.

    In Chinese text they come in pairs, nearly all of them common characters, and stand by themselves; in Western text
    they come singly, or as two capitals (ÇÃ), with letters of the same word beside them. Counting both kinds decides.
    """
    chinese = western = 0
    at = 0
    while (run := _HIGH_RUN.search(data, at)) is not None:
        letters, common, end = 0, 0, run.start()
        while end < run.end() and (letter := _GB_LETTER.match(data, end)) is not None:
            letters, common, end = letters + 1, common + (letter[1] is not None), letter.end()
        in_word = data[run.start() - 1 : run.start()].isalpha() or data[run.end() : run.end() + 1].isalpha()
        if letters == 1 and in_word:
            western += 1
        else:
            chinese, western = chinese + common, western + letters - common
        at = max(end, run.end())
    return chinese > western


def _is_mixed(data: bytes) -> bool:
    """Say whether this is UTF-8 with rows of another encoding among it: those are damaged, and listed, not the rest."""
    lines = [line for line in re.split(rb"[\r\n]+", data) if _HIGH.search(line)]
    sound = sum(_HIGH.search(_UTF8_LETTER.sub(b"", line)) is None for line in lines)
    return sound * 2 >= len(lines)


def _first_high(data: bytes) -> int | None:
    """Return the row of the first letter whose meaning hangs on the encoding; None where every one's does."""
    found = _HIGH.search(data)
    return None if found is None else _lines(data[: found.start()].decode("latin-1")) + 1


def _decode(data: bytes, encoding: str, path: Path, findings: Findings) -> str:
    try:
        decoder = codecs.getincrementaldecoder(encoding)("replace")
    except LookupError:
        raise UserError(
            _("There is no encoding named {encoding}.").format(encoding=encoding),
            where=path.name,
            remedy=_("Try UTF-8."),
        ) from None
    text = decoder.decode(data)
    if decoder.getstate()[0]:
        findings.add(
            path.name,
            N_("The file ends in the middle of a character: it seems cut off."),
            row=_lines(text) + 1,
        )
    if "\ufffd" in text:
        for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
            if "\ufffd" in line:
                findings.add(
                    path.name,
                    N_("Damaged characters, shown as {sign}: {text}"),
                    row=number,
                    sign="\ufffd",
                    text=" ".join(islice((word for word in line.split() if "\ufffd" in word), 3))[:80],
                )
    return text


def _without_nul(text: str, path: Path, findings: Findings) -> str:
    if "\0" not in text:
        return text
    findings.add(
        path.name,
        N_("The file holds NUL bytes ({count}), the first in this row; they are left out."),
        row=_lines(text[: text.index("\0")]) + 1,
        count=text.count("\0"),
    )
    return text.replace("\0", "")


def _lines(text: str) -> int:
    return len(re.findall(r"\r\n|\r|\n", text))
