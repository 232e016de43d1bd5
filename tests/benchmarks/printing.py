"""What printing costs: a log, tagged and archival, against bare reportlab; by size; in memory; and small documents.

Bare is what nobody can do without: reportlab's own tables of 40 rows each (one long one is quadratic) in the same
embedded font, at the same size and on the same paper, untagged and with no metadata.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from statistics import median

from tests.benchmarks.measure import Bar, compared, cpu_seconds
from trialdesk.base.places import resources
from trialdesk.reporting.frame import Frame
from trialdesk.reporting.render import render
from trialdesk.reporting.structure import Block, Column, Definitions, Heading, Landscape, Paragraph, Table

LOG, LONGEST = 10_000, 100_000
PART = 40
TITLES = ("Participant", "Site", "Screened", "Consented", "Outcome", "Remark")
WIDTHS = (95, 70, 85, 85, 150, 200)
FRAME = Frame(
    key="benchmark",
    title="Screening log",
    study="HARBOUR",
    protocol="1.0",
    site="01 Harbour Hospital",
    cutoff=datetime(2026, 11, 22, 18, 5, tzinfo=UTC),
    position="0" * 34,
    position_short="01234567",
    digest="0123456789abcdef" * 4,
    role="Coordinator",
    account="Ada Lind (ada)",
    version="0",
)
SMALL = 10

Rows = Sequence[tuple[str, ...]]


def rows_of(count: int) -> Rows:
    """Return the rows of a log in which no two are alike."""
    first = date(2025, 1, 6)
    return [
        (
            f"{1 + number % 7:02}-{number:06}",
            f"{1 + number % 7:02}",
            (first + timedelta(days=number % 600)).isoformat(),
            (first + timedelta(days=number % 600 + number % 9)).isoformat(),
            ("Enrolled", "Screen failure", "In screening", "Consent withdrawn")[number % 4],
            f"Recorded as entry {number}, checked",
        )
        for number in range(count)
    ]


def printed(rows: Rows) -> bytes:
    pairs = zip(TITLES, WIDTHS, strict=True)
    columns = [Column(title, width, names_row=not place) for place, (title, width) in enumerate(pairs)]
    return render([Landscape(), Heading(1, "Log"), Table(columns, rows)], FRAME)


def bare(rows: Rows) -> bytes:
    from reportlab.lib.colors import black
    from reportlab.lib.pagesizes import A4, landscape
    from reportlab.platypus import SimpleDocTemplate
    from reportlab.platypus import Table as Plain

    regular, _bold = fonts()
    look = [("FONT", (0, 0), (-1, -1), regular, 9.5, 12.5), ("LINEBELOW", (0, 0), (-1, -1), 0.3, black)]
    parts = [
        Plain([TITLES, *rows[begin : begin + PART]], colWidths=WIDTHS, style=look)
        for begin in range(0, len(rows), PART)
    ]
    file = BytesIO()
    SimpleDocTemplate(file, pagesize=landscape(A4), initialFontName=regular).build(parts)
    return file.getvalue()


def small(number: int) -> list[Block]:
    """Return a document of one page."""
    facts = [(f"Fact {place}", f"What is recorded of it, {number}.{place}") for place in range(14)]
    return [
        Heading(1, f"Letter {number}"),
        Paragraph("What follows was recorded at this site and is told as it stands. " * 4),
        Definitions(facts),
        Paragraph("Nothing was left out that the form asks for. " * 3),
    ]


def small_bare(number: int) -> bytes:
    """Print the same words on the same page: its title, its body, its last words, its header and footer."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfgen.canvas import Canvas
    from reportlab.platypus import Paragraph as Plain
    from reportlab.platypus import SimpleDocTemplate

    regular, bold = fonts()
    body = ParagraphStyle("body", fontName=regular, fontSize=11, leading=15)
    title = ParagraphStyle("title", fontName=bold, fontSize=15, leading=19)
    told: list[Plain] = []
    for block in [Heading(1, FRAME.title), *small(number), Heading(1, "About this document"), _ABOUT]:
        if isinstance(block, Heading | Paragraph):
            told.append(Plain(block.text, title if isinstance(block, Heading) else body))
        elif isinstance(block, Definitions):
            told += [Plain(f"{label} {value}", body) for label, value in block.pairs]

    def around(page: Canvas, _document: object) -> None:
        page.setFont(regular, 8)
        for height, (left, right) in _AROUND.items():
            page.drawString(57, height, left)
            page.drawRightString(552, height, right)

    file = BytesIO()
    SimpleDocTemplate(file, pagesize=A4, initialFontName=regular).build(told, onFirstPage=around)
    return file.getvalue()


_MOMENT = "22 Nov 2026, 18:05:00 UTC"
_ABOUT = Definitions(
    [
        ("Study", FRAME.study),
        ("Protocol", FRAME.protocol),
        ("Site", FRAME.site),
        ("State", "Draft"),
        ("Data as of", _MOMENT),
        ("Document", f"{FRAME.title} ({FRAME.key})"),
        ("State", "Draft"),
        ("Chosen parameters", "none"),
        ("Data as of", _MOMENT),
        ("Record position", FRAME.position),
        ("SHA-256 of the data", FRAME.digest),
        ("Made by", f"{FRAME.account} · {FRAME.role}"),
        ("Program", f"TrialDesk {FRAME.version}"),
    ]
)
_AROUND = {
    800: (FRAME.study, FRAME.title),
    790: (f"Protocol {FRAME.protocol} · {FRAME.site}", ""),
    60: ("Draft · Confidential. For the study site.", "Page 1 of 1"),
    50: (f"Data as of {_MOMENT} · Record position {FRAME.position_short} · SHA-256 {FRAME.digest[:20]}", ""),
    40: (f"Made by {FRAME.account} · {FRAME.role} · TrialDesk {FRAME.version}", ""),
}


@cache
def fonts() -> tuple[str, str]:
    """Register the fonts of documents as a program without the kit does; return their names."""
    from reportlab.lib.fonts import addMapping
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    for weight in ("Regular", "Bold"):
        pdfmetrics.registerFont(TTFont(f"Bare{weight}", str(resources() / "fonts" / f"SourceSans3-{weight}.ttf")))
        for bold in (False, True):
            for italic in (False, True):
                addMapping(f"Bare{weight}", bold, italic, f"Bare{weight}")
    return "BareRegular", "BareBold"


def bars() -> list[Bar]:
    rows, many = rows_of(LOG), rows_of(LONGEST)
    log = compared(
        "print a log of 10,000 rows / untagged tables of 40 rows",
        lambda: cpu_seconds(lambda: printed(rows)),
        lambda: cpu_seconds(lambda: bare(rows)),
        at_most=2.0,
        runs=3,
    )
    less = median(cpu_seconds(lambda: printed(rows)) for _run in range(5))
    more = cpu_seconds(lambda: printed(many))
    few = compared(
        "print ten documents of one page / the same words untagged",
        lambda: cpu_seconds(lambda: [render(small(number), FRAME) for number in range(SMALL)]),
        lambda: cpu_seconds(lambda: [small_bare(number) for number in range(SMALL)]),
        at_most=1.5,
        runs=15,
    )
    short, long = peak(LOG), peak(LONGEST)
    cells = (LONGEST - LOG) * len(TITLES)
    return [
        log,
        Bar("print x10 rows, time", more / less, 12.0, f"{more:.1f} s against {less:.1f} s for {LOG} rows"),
        Bar("print, memory a cell in KiB", (long - short) / cells, 0.5, f"{long} against {short} KiB for {LOG} rows"),
        few,
    ]


def peak(count: int) -> int:
    """Return how many KiB a process of its own takes at most to print so many rows, besides the rows themselves."""
    said = subprocess.run([sys.executable, "-m", __name__, str(count)], capture_output=True, check=True, text=True)
    return int(said.stdout)


def main() -> None:
    rows = rows_of(int(sys.argv[1]))
    printed(rows[:10])
    before = _most_held()
    printed(rows)
    print(_most_held() - before)  # noqa: T201 - what it is started for


def _most_held() -> int:
    """Return the most KiB this process held: what `getrusage` says was inherited from the one that started it."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


if __name__ == "__main__":
    main()
