"""The writing of a PDF file, front to back, from objects that are already PDF syntax."""

from __future__ import annotations

import zlib
from hashlib import sha256
from struct import Struct

_PACKED = 1000
_ENTRY = Struct(">BIH")
"""An entry of the cross-reference table: its kind, where, and which of several."""
_FREE = _ENTRY.pack(0, 0, 0xFFFF)


def compressed(data: bytes) -> bytes:
    """Return the content of a stream as it stands in the file."""
    return zlib.compress(data, 6)


class PdfFile:
    """A PDF 1.7 file with object and cross-reference streams (ISO 32000-1, 7.5.7 and 7.5.8).

    Objects may come in any order, each number once. Nothing in the file depends on when or where it was written.
    """

    def __init__(self) -> None:
        self._out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        self._table = bytearray()
        self._waiting: list[tuple[int, str]] = []
        self._packs: list[tuple[list[int], int, bytes]] = []

    def stream(self, number: int, dictionary: str, data: bytes) -> None:
        """Write a stream, packed; an XMP packet stays readable to whoever looks for it in the file."""
        if "/Subtype /XML" not in dictionary:
            dictionary += "/Filter/FlateDecode"
            data = compressed(data)
        self._enter(number, 1, len(self._out), 0)
        self._write(number, dictionary, data)

    def packed_stream(self, number: int, data: bytes) -> None:
        """Write a stream that `compressed` packed before, and that has nothing else to say of itself."""
        self._enter(number, 1, len(self._out), 0)
        self._write(number, "/Filter/FlateDecode", data)

    def packed(self, number: int, body: str) -> None:
        """Put an object that is no stream into the next object stream."""
        self._waiting.append((number, body))
        if len(self._waiting) == _PACKED:
            self._pack()

    def finished(self, following: int, *, root: int, info: int) -> bytes:
        """Return the file; `following` is the first number no object has, `root` and `info` those of its trailer."""
        self._pack()
        for number, (numbers, first, body) in enumerate(self._packs, following):
            self._enter(number, 1, len(self._out), 0)
            self._write(number, f"/Type/ObjStm/N {len(numbers)}/First {first}/Filter/FlateDecode", body)
            for index, packed in enumerate(numbers):
                self._enter(packed, 2, number, index)
        table, start = following + len(self._packs), len(self._out)
        self._enter(table, 1, start, 0)
        name = sha256(self._out).hexdigest()[:32].upper()
        trailer = f"/Size {table + 1}/W[1 4 2]/Root {root} 0 R/Info {info} 0 R/ID[<{name}><{name}>]"
        self._write(table, f"/Type/XRef{trailer}/Filter/FlateDecode", compressed(bytes(self._table)))
        self._out += f"startxref\n{start}\n%%EOF\n".encode("ascii")
        return bytes(self._out)

    def _pack(self) -> None:
        if not self._waiting:
            return
        heads, offset = [], 0
        for number, body in self._waiting:
            heads.append(f"{number} {offset}")
            offset += len(body) + 1
        head = " ".join(heads) + "\n"
        data = (head + "\n".join(body for _number, body in self._waiting)).encode("latin-1")
        self._packs.append(([number for number, _body in self._waiting], len(head), compressed(data)))
        self._waiting = []

    def _enter(self, number: int, kind: int, where: int, index: int) -> None:
        """Enter into the cross-reference table where an object is; numbers without one are free."""
        self._table += _FREE * (number + 1 - len(self._table) // _ENTRY.size)
        _ENTRY.pack_into(self._table, number * _ENTRY.size, kind, where, index)

    def _write(self, number: int, dictionary: str, data: bytes) -> None:
        self._out += f"{number} 0 obj\n<<{dictionary}/Length {len(data)}>>\nstream\n".encode("latin-1")
        self._out += data
        self._out += b"\nendstream\nendobj\n"
