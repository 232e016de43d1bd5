"""The tag tree of a document: what is a heading, a list, a table, in the order one reads it (ISO 32000-1, 14.7).

The tree is written as bytes, not as objects of a PDF library: a table of 100,000 rows has 700,000 elements. So a row of
a table is only the page and number of its first cell; the cells of a row follow each other.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from typing import NamedTuple


class Content(NamedTuple):
    """A piece of marked content: the page, counted from 0, and its number on that page."""

    page: int
    number: int


class Row(NamedTuple):
    """A row of the table it is a kid of: the marked content of its first cell, the others follow."""

    page: int
    number: int


class Link(NamedTuple):
    """The clickable place that belongs to a link or form element: its page, and its number among the document's."""

    page: int
    number: int


class Element:
    """One element of the tree.

    `attributes` are PDF syntax added to its dictionary; `cells` are the tags of the cells of its `Row`s, each followed
    by its attributes.
    """

    __slots__ = ("attributes", "cells", "kids", "tag")

    def __init__(self, tag: str, parent: Element | None = None, *, attributes: str = "") -> None:
        self.tag = tag
        self.attributes = attributes
        self.kids: list[Element | Content | Row | Link] = []
        self.cells: tuple[str, ...] = ()
        if parent is not None:
            parent.kids.append(self)


def text_string(text: str) -> str:
    """Return `text` as a text string of PDF syntax."""
    return f"<FEFF{text.encode('utf-16-be').hex().upper()}>"


class Tree:
    """The objects of a tag tree, numbered from `first` on; `pages` are the object numbers of the pages.

    After `objects` was consumed, `root` is the number of the tree's root and `following` the next free one.
    """

    def __init__(self, document: Element, *, first: int, pages: Sequence[int], annotations: Sequence[int]) -> None:
        self.root = first
        self.following = first + 1
        self._document = document
        self._pages = pages
        self._parents = [array("L") for _page in pages]
        self._links: dict[int, int] = {}
        self._annotations = annotations

    def objects(self) -> Iterator[tuple[int, str]]:
        """Yield each object's number and PDF syntax, elements first, the root last."""
        document = self._take()
        yield from self._element(self._document, document, self.root)
        numbers = []
        for index, parents in enumerate(self._parents):
            number = self._take()
            yield number, f"[{' '.join(f'{parent} 0 R' for parent in parents)}]"
            numbers.append(f"{index} {number} 0 R")
        numbers += [f"{len(self._pages) + index} {self._links[index]} 0 R" for index in sorted(self._links)]
        tree = self._take()
        yield tree, f"<</Nums[{' '.join(numbers)}]>>"
        look_up = f"/ParentTree {tree} 0 R/ParentTreeNextKey {len(self._pages) + len(self._links)}"
        yield self.root, f"<</Type/StructTreeRoot/K {document} 0 R{look_up}/RoleMap<</Title/P>>>>"

    def _take(self) -> int:
        self.following += 1
        return self.following - 1

    def _belongs(self, page: int, content: int, element: int) -> None:
        parents = self._parents[page]
        parents.extend([0] * (content + 1 - len(parents)))
        parents[content] = element

    def _element(self, element: Element, number: int, parent: int) -> Iterator[tuple[int, str]]:
        kids: list[str] = []
        for kid in element.kids:
            if isinstance(kid, Element):
                kids.append(f"{self.following} 0 R")
                yield from self._element(kid, self._take(), number)
            elif isinstance(kid, Content):
                self._belongs(kid.page, kid.number, number)
                kids.append(f"<</Type/MCR/Pg {self._pages[kid.page]} 0 R/MCID {kid.number}>>")
            elif isinstance(kid, Row):
                kids.append(f"{self.following} 0 R")
                yield from self._row(kid, element.cells, number)
            else:
                self._links[kid.number] = number
                kids.append(f"<</Type/OBJR/Pg {self._pages[kid.page]} 0 R/Obj {self._annotations[kid.number]} 0 R>>")
        yield number, f"<</S/{element.tag}/P {parent} 0 R/K[{' '.join(kids)}]{element.attributes}>>"

    def _row(self, row: Row, cells: tuple[str, ...], table: int) -> Iterator[tuple[int, str]]:
        number = self._take()
        page = self._pages[row.page]
        kids = []
        for index, cell in enumerate(cells):
            kid = self._take()
            self._belongs(row.page, row.number + index, kid)
            kids.append(f"{kid} 0 R")
            yield kid, f"<</S/{cell}/P {number} 0 R/Pg {page} 0 R/K {row.number + index}>>"
        yield number, f"<</S/TR/P {table} 0 R/K[{' '.join(kids)}]>>"


def outline(element: Element, depth: int = 0) -> Iterator[str]:
    """Yield the tree as indented lines, one an element, rows of a table counted: what golden files compare."""
    rows = sum(isinstance(kid, Row) for kid in element.kids)
    yield f"{'  ' * depth}{element.tag}{f' ({rows} rows of {len(element.cells)})' if rows else ''}"
    for kid in element.kids:
        if isinstance(kid, Element):
            yield from outline(kid, depth + 1)
