"""How wide the columns of a list are in the room there is: no column is cut through by the list's edge. No Qt."""

from __future__ import annotations

from collections.abc import Sequence

LEAST = 96
"""A column begins at the edge of the list only with so much room; with less it waits beyond the edge."""
BROAD = 2 * LEAST
"""So broad the broadest column stays when it makes room for the others: its words can still be read."""


def fitted(declared: Sequence[int], wanted: Sequence[int], room: int) -> list[int]:
    """Return the width of each column in pixels, from the left.

    `declared` is how wide a column is where nothing presses, `wanted` how wide it must be for its words to stand whole.
    Where some words would be cut, columns with room to spare give it, to those first that need least: so most stand
    whole. What is then left over goes back to them. Where one broad column can make room for all others by cutting its
    words, it does. Columns that find no room all the same begin exactly at the edge: one scrolls to them.
    """
    if sum(declared) <= room and all(want <= width for want, width in zip(wanted, declared, strict=True)):
        return list(declared)
    widths = [min(width, want) for width, want in zip(declared, wanted, strict=True)]
    broadest = max(range(len(widths)), key=widths.__getitem__)
    if 0 < (short := sum(widths) - room) <= widths[broadest] - BROAD:
        widths[broadest] -= short
    whole, used = len(widths), sum(widths)
    if used > room:
        whole = used = 0
        while used + widths[whole] <= room:
            used += widths[whole]
            whole += 1
        if room - used >= LEAST or whole == 0:
            widths[whole] = used = max(room - used, 0)
            return widths
    left = room - used
    needing = sorted(range(whole), key=lambda place: wanted[place] - widths[place])
    for aims, places in ((wanted, needing), (declared, range(whole))):
        for place in places:
            more = min(max(aims[place] - widths[place], 0), left)
            widths[place] += more
            left -= more
    if whole < len(widths):
        widths[whole - 1] += left
    return widths
