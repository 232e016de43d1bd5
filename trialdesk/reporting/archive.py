"""The last step: what reportlab drew becomes one PDF 1.7 file that is PDF/A-2u and PDF/UA-1.

pikepdf reads the pages and adds what belongs to the catalogue; the tags are added as the file is written, because as
objects of a library those of a long table would take a gigabyte. Same input, same bytes.
"""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from trialdesk.base.places import resources
from trialdesk.base.values import dataclass
from trialdesk.reporting.pdffile import PdfFile
from trialdesk.reporting.sheet import Field, Jump, Place, Sheet
from trialdesk.reporting.tags import Element, Tree

_PRINTED = 4  # annotation flag: print


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
    """Return the finished file of what was drawn on `sheet`, whose contents are kept apart, and tagged in `document`.

    `at` stands in it as the time of making, `metadata` is its XMP packet. No encryption, scripts or attachments.
    """
    import pikepdf

    with pikepdf.open(BytesIO(sheet.pdf())) as pdf:
        annotations = _annotations(pdf, sheet)
        _outline(pdf, sheet, bookmarks)
        _catalogue(pdf, language, metadata)
        catalogue, info = pdf.Root.objgen[0], _info(pdf, title, creator, at)
        pages: list[int] = [page.obj.objgen[0] for page in pdf.pages]
        for index, page in enumerate(pdf.pages):
            page.obj.StructParents = index
            page.obj.Tabs = pikepdf.Name.S
        contents = {page.obj.Contents.objgen[0]: data for page, data in zip(pdf.pages, sheet.contents, strict=True)}
        out = PdfFile()
        largest = 0
        for item in pdf.objects:
            number = item.objgen[0]
            largest = max(largest, number)
            if number == catalogue:
                continue
            if number in contents:
                out.packed_stream(number, contents[number])
            elif isinstance(item, pikepdf.Stream):
                out.stream(number, _dictionary(item), item.read_bytes())
            else:
                out.packed(number, item.unparse(resolved=True).decode("latin-1"))
        tree = Tree(document, first=largest + 1, pages=pages, annotations=annotations)
        for number, body in tree.objects():
            out.packed(number, body)
        root = pdf.Root.unparse(resolved=True).decode("latin-1").rstrip().removesuffix(">>")
        out.packed(catalogue, f"{root}/StructTreeRoot {tree.root} 0 R>>")
        return out.finished(tree.following, root=catalogue, info=info)


def _annotations(pdf: Any, sheet: Sheet) -> list[int]:
    from pikepdf import Array, Dictionary, Name

    numbers = []
    for index, jump in enumerate(sheet.jumps):
        page = pdf.pages[jump.page].obj
        made = pdf.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Rect=Array(_corners(jump, sheet.heights[jump.page])),
                Border=Array([0, 0, 0]),
                F=_PRINTED,
                StructParent=len(pdf.pages) + index,
            )
        )
        if isinstance(jump.target, Field):
            _become_field(pdf, made, jump, jump.target.name, page)
        else:
            _become_link(pdf, sheet, made, jump, jump.target)
        if Name.Annots not in page:
            page.Annots = Array()
        page.Annots.append(made)
        numbers.append(made.objgen[0])
    return numbers


def _become_link(pdf: Any, sheet: Sheet, made: Any, jump: Jump, target: Place | str) -> None:
    from pikepdf import Dictionary, Name, String

    made.Subtype, made.Contents = Name.Link, String(jump.says)
    if isinstance(target, Place):
        made.Dest = _destination(pdf, sheet, target)
    else:
        made.A = Dictionary(S=Name.URI, URI=String(target))


def _become_field(pdf: Any, made: Any, jump: Jump, name: str, page: Any) -> None:
    """Make an annotation an empty signature field: named for a screen reader, with the appearance it must have.

    All of it stands in the file before anybody signs, so that a signature fills in a form and changes nothing else.
    """
    from pikepdf import Array, Dictionary, Name, String

    left, top, right, bottom = jump.box
    empty = pdf.make_stream(b"")
    empty.Type, empty.Subtype = Name.XObject, Name.Form
    empty.BBox = Array([0, 0, round(right - left, 2), round(bottom - top, 2)])
    made.Subtype, made.FT, made.T, made.TU = Name.Widget, Name.Sig, String(name), String(jump.says)
    made.P, made.AP = page, Dictionary(N=empty)
    if Name.AcroForm not in pdf.Root:
        pdf.Root.AcroForm = pdf.make_indirect(Dictionary(Fields=Array()))
    pdf.Root.AcroForm.Fields.append(made)


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
