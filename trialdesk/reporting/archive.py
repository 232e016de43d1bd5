"""The last step: what reportlab drew becomes one PDF 1.7 file that is PDF/A-2u and PDF/UA-1.

pikepdf reads the pages and adds what belongs to the catalogue; the file is then written here, because the tag tree of a
long table would take a gigabyte as objects of any library. Same input, same bytes.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from typing import Any

from trialdesk.base.places import resources
from trialdesk.reporting.sheet import Jump, Place, Sheet
from trialdesk.reporting.tags import Element, Tree

_PACKED = 1000
_WRITTEN_ONCE = 4  # annotation flag: print


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A line of the outline."""

    level: int
    title: str
    place: Place


def archive(
    sheet: Sheet,
    document: Element,
    *,
    title: str,
    language: str,
    creator: str,
    at: datetime,
    metadata: bytes,
    bookmarks: list[Bookmark],
) -> bytes:
    """Return the finished file of what was drawn on `sheet` and tagged in `document`.

    `at` stands in it as the time of making, `metadata` is its XMP packet. No encryption, scripts or attachments.
    """
    import pikepdf

    with pikepdf.open(BytesIO(sheet.pdf())) as pdf:
        annotations = _links(pdf, sheet)
        _outline(pdf, sheet, bookmarks)
        _catalogue(pdf, language, metadata)
        catalogue, info, pages = pdf.Root.objgen[0], _info(pdf, title, creator, at), [page.objgen[0] for page in pdf.pages]
        for index, page in enumerate(pdf.pages):
            page.obj.StructParents = index
            page.obj.Tabs = pikepdf.Name.S
        out = _File()
        largest = 0
        for item in pdf.objects:
            number = item.objgen[0]
            largest = max(largest, number)
            if number == catalogue:
                continue
            if isinstance(item, pikepdf.Stream):
                out.stream(number, _dictionary(item), item.read_bytes())
            else:
                out.packed(number, item.unparse(resolved=True).decode("latin-1"))
        tree = Tree(document, first=largest + 1, pages=pages, annotations=annotations)
        for number, body in tree.objects():
            out.packed(number, body)
        root = pdf.Root.unparse(resolved=True).decode("latin-1").rstrip().removesuffix(">>")
        out.packed(catalogue, f"{root}/StructTreeRoot {tree.root} 0 R>>")
        return out.finished(tree.following, root=catalogue, info=info)


def _links(pdf: Any, sheet: Sheet) -> list[int]:
    from pikepdf import Array, Dictionary, Name, String

    numbers = []
    for index, jump in enumerate(sheet.jumps):
        page = pdf.pages[jump.page].obj
        link = pdf.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Link,
                Rect=Array(_corners(jump, sheet.heights[jump.page])),
                Border=Array([0, 0, 0]),
                F=_WRITTEN_ONCE,
                Contents=String(jump.says),
                StructParent=len(pdf.pages) + index,
            )
        )
        if isinstance(jump.target, Place):
            link.Dest = _destination(pdf, sheet, jump.target)
        else:
            link.A = Dictionary(S=Name.URI, URI=String(jump.target))
        if Name.Annots not in page:
            page.Annots = Array()
        page.Annots.append(link)
        numbers.append(link.objgen[0])
    return numbers


def _corners(jump: Jump, height: float) -> list[float]:
    left, top, right, bottom = jump.box
    return [round(left, 2), round(height - bottom, 2), round(right, 2), round(height - top, 2)]


def _destination(pdf: Any, sheet: Sheet, place: Place) -> Any:
    from pikepdf import Array, Name

    top = round(sheet.heights[place.page] - place.top + 8, 2)
    return Array([pdf.pages[place.page].obj, Name.XYZ, 0, top, None])


def _outline(pdf: Any, sheet: Sheet, bookmarks: list[Bookmark]) -> None:
    """Build the outline, open to the second level."""
    from pikepdf import Dictionary, Name, String

    if not bookmarks:
        return
    root = pdf.make_indirect(Dictionary(Type=Name.Outlines))
    above: list[Any] = [root]
    levels = [0]
    for bookmark in bookmarks:
        while levels[-1] >= bookmark.level:
            levels.pop()
            above.pop()
        parent = above[-1]
        destination = _destination(pdf, sheet, bookmark.place)
        item = pdf.make_indirect(Dictionary(Title=String(bookmark.title), Parent=parent, Dest=destination))
        if Name.Last in parent:
            parent.Last.Next = item
            item.Prev = parent.Last
        else:
            parent.First = item
        parent.Last = item
        above.append(item)
        levels.append(bookmark.level)
        for depth, holder in enumerate(above[:-1]):
            if depth == 0:
                holder.Count = holder.get(Name.Count, 0) + (bookmark.level == 1)
            else:
                holder.Count = holder.get(Name.Count, 0) - 1  # negative: the lower levels are folded
    pdf.Root.Outlines = root
    pdf.Root.PageMode = Name.UseOutlines


def _catalogue(pdf: Any, language: str, metadata: bytes) -> None:
    from pikepdf import Array, Dictionary, Name, String

    root = pdf.Root
    profile = pdf.make_stream((resources() / "icc" / "sRGB.icc").read_bytes())
    profile.N = 3
    root.OutputIntents = Array(
        [
            Dictionary(
                Type=Name.OutputIntent,
                S=Name.GTS_PDFA1,
                OutputConditionIdentifier=String("sRGB"),
                Info=String("sRGB"),
                DestOutputProfile=profile,
            )
        ]
    )
    packet = pdf.make_stream(metadata)
    packet.Type, packet.Subtype = Name.Metadata, Name.XML
    root.Metadata = packet
    root.Lang = String({"zh": "zh-CN"}.get(language, language))
    root.MarkInfo = Dictionary(Marked=True)
    root.ViewerPreferences = Dictionary(DisplayDocTitle=True)


def _info(pdf: Any, title: str, creator: str, at: datetime) -> int:
    from pikepdf import Name, String

    when = at.astimezone(UTC).strftime("D:%Y%m%d%H%M%S+00'00'")
    info = pdf.docinfo
    for name in list(info.keys()):
        del info[name]
    values = {"Title": title, "Creator": creator, "Producer": "TrialDesk", "CreationDate": when, "ModDate": when}
    for name, value in values.items():
        info[Name(f"/{name}")] = String(value)
    number: int = info.objgen[0]
    return number


def _dictionary(stream: Any) -> str:
    """Return the entries of a stream's dictionary but those that say how it is packed."""
    kept = {name: value for name, value in stream.items() if name not in {"/Length", "/Filter", "/DecodeParms"}}
    return "".join(
        f"{name} {value.unparse().decode('latin-1') if hasattr(value, 'unparse') else value}"
        for name, value in sorted(kept.items())
    )


class _File:
    """A PDF 1.7 file with object and cross-reference streams (ISO 32000-1, 7.5.7 and 7.5.8), written front to back."""

    def __init__(self) -> None:
        self._out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        self._entries: dict[int, tuple[int, int, int]] = {0: (0, 0, 65535)}
        self._waiting: list[tuple[int, str]] = []
        self._packs: list[list[tuple[int, str]]] = []
        self._pack_bodies: list[tuple[list[int], int, bytes]] = []

    def stream(self, number: int, dictionary: str, data: bytes) -> None:
        """Write a stream, packed; the XMP packet stays readable to whoever looks for it in the file."""
        plain = "/Subtype /XML" in dictionary
        body = data if plain else zlib.compress(data, 6)
        filters = "" if plain else "/Filter/FlateDecode"
        self._entries[number] = (1, len(self._out), 0)
        self._out += f"{number} 0 obj\n<<{dictionary}{filters}/Length {len(body)}>>\nstream\n".encode("latin-1")
        self._out += body
        self._out += b"\nendstream\nendobj\n"

    def packed(self, number: int, body: str) -> None:
        """Put an object that is no stream into the next object stream."""
        self._waiting.append((number, body))
        if len(self._waiting) == _PACKED:
            self._pack(self._waiting)
            self._waiting = []

    def _pack(self, objects: Iterable[tuple[int, str]]) -> None:
        numbers, heads, bodies, offset = [], [], [], 0
        for number, body in objects:
            numbers.append(number)
            heads.append(f"{number} {offset}")
            bodies.append(body)
            offset += len(body) + 1
        head = " ".join(heads) + "\n"
        data = (head + "\n".join(bodies)).encode("latin-1")
        self._pack_bodies.append((numbers, len(head), zlib.compress(data, 6)))

    def finished(self, following: int, *, root: int, info: int) -> bytes:
        """Return the file; `following` is the first number no object has."""
        if self._waiting:
            self._pack(self._waiting)
        for number, (numbers, first, body) in enumerate(self._pack_bodies, following):
            self._entries[number] = (1, len(self._out), 0)
            for index, packed in enumerate(numbers):
                self._entries[packed] = (2, number, index)
            head = f"<</Type/ObjStm/N {len(numbers)}/First {first}/Filter/FlateDecode/Length {len(body)}>>"
            self._out += f"{number} 0 obj\n{head}\nstream\n".encode("ascii") + body + b"\nendstream\nendobj\n"
        table = following + len(self._pack_bodies)
        start = len(self._out)
        self._entries[table] = (1, start, 0)
        free = (0, 0, 65535)
        rows = b"".join(
            kind.to_bytes(1, "big") + where.to_bytes(4, "big") + index.to_bytes(2, "big")
            for kind, where, index in (self._entries.get(number, free) for number in range(table + 1))
        )
        body = zlib.compress(rows, 9)
        name = sha256(self._out).hexdigest()[:32].upper()
        head = (
            f"<</Type/XRef/Size {table + 1}/W[1 4 2]/Root {root} 0 R/Info {info} 0 R/ID[<{name}><{name}>]"
            f"/Filter/FlateDecode/Length {len(body)}>>"
        )
        self._out += f"{table} 0 obj\n{head}\nstream\n".encode("ascii") + body
        self._out += f"\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n".encode("ascii")
        return bytes(self._out)
