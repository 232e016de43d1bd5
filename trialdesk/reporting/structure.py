"""What a document consists of, said without saying how it looks: no sizes, no fonts, no units, no language.

Texts arrive translated and formatted. A line feed breaks a line. The drawing of each block is the kit's business, in
`trialdesk.reporting.layout`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from trialdesk.base.drawing import Drawing
from trialdesk.base.values import dataclass

Align = Literal["left", "right", "centre"]
Level = Literal[1, 2, 3]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading, a bookmark and a line of the contents. Levels begin at 1 and are not skipped on the way down."""

    level: Level
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text. `lead` is the sentence one reads first, `strong` is bold, `small` is for notes to a table."""

    text: str
    style: Literal["body", "lead", "strong", "small"] = "body"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list; `numbered` counts from 1."""

    items: Sequence[str]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Definitions:
    """Labels and what is said under each. An empty value is printed as "not recorded", never as a blank."""

    pairs: Sequence[tuple[str, str]]
    style: Literal["body", "small", "fine"] = "body"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. `width` is its share beside the others; 0 lets the content decide.

    `names_row` says that its cell is what the row is about, which a screen reader then says with every cell.
    """

    title: str
    width: float = 0
    align: Align = "left"
    names_row: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of plain text under columns whose titles are repeated on every page. There may be 100,000 rows.

    The last `totals` rows are set apart as sums. Without rows the table is replaced by the words `empty`, or by "None
    recorded."
    """

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    caption: str = ""
    totals: int = 0
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing; its text alternative is what the drawing `says`."""

    drawing: Drawing
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature as 21 CFR 11.50 wants it seen: printed name, time with its zone, meaning.

    `at` is aware, in the zone it was signed in, `zone` that zone's name. Without `at` there are lines to sign on.
    """

    meaning: str
    role: str = ""
    name: str = ""
    at: datetime | None = None
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Signatures:
    """Signatures, each kept on one page."""

    signatures: Sequence[Signature]


@dataclass(frozen=True, slots=True)
class SigningPlaces:
    """So many places to sign the file itself: empty boxes that hold a signature's manifestation once it is signed."""

    count: int


@dataclass(frozen=True, slots=True)
class Checks:
    """Boxes, ticked or not, with their labels."""

    items: Sequence[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Note:
    """Something the reader must not miss, set apart from the text: an open item, a limit of the data."""

    text: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Landscape:
    """From here on the pages lie on their side; as the first block it lays the title's page too."""


@dataclass(frozen=True, slots=True)
class Portrait:
    """From here on the pages stand."""


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows begins a page."""


@dataclass(frozen=True, slots=True)
class Contents:
    """The headings of the document with their pages, down to `depth`; what follows begins a page."""

    depth: Level = 2


Block = (
    Heading
    | Paragraph
    | Bullets
    | Definitions
    | Table
    | Figure
    | Signatures
    | SigningPlaces
    | Checks
    | Note
    | Landscape
    | Portrait
    | NewPage
    | Contents
)
