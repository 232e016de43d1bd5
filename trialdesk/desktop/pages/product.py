"""The study product at the sites: what came and went, and what was on hand after it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from trialdesk.base.i18n import N_, _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.desktop.models.rows import Column
from trialdesk.desktop.registers.declaration import Register
from trialdesk.enrollment.queries import participants
from trialdesk.enrollment.queries.products import MovementRow, batches, movements
from trialdesk.enrollment.stock import MOVEMENTS, after_each
from trialdesk.persistence.reading import Read
from trialdesk.studies.queries import sites


@dataclass(frozen=True, slots=True)
class Line:
    """A movement with what was on hand of its batch after it."""

    id: Id
    version: int
    site: str
    participant: str
    row: MovementRow
    left: int


def _lines(read: Read, *, study: Id, on: date) -> tuple[Line, ...]:
    """Return a study's movements, the latest first. A bounded number of statements."""
    found = movements(read, study=study)
    named = {row.id: row.label for row in sites(read, study=study)}
    people = {row.id: row.identifier for row in participants(read, study=study, on=on)}
    left = dict(_left(batches(found).values()))
    return tuple(
        Line(row.id, row.version, named.get(row.site, ""), people.get(row.participant or "", ""), row, left[row.id])
        for row in reversed(found)
    )


def _left(found: Iterable[list[MovementRow]]) -> Iterable[tuple[Id, int]]:
    for batch in found:
        yield from ((row.id, left) for row, left in after_each(batch))


REGISTERS = (
    Register(
        kind="enrollment.product_movement",
        title=N_("Movements of the product"),
        rows=_lines,
        also=frozenset({"enrollment.participant", "studies.site"}),
        columns=(
            Column("moved_on", N_("Moved on"), lambda line: line.row.moved_on, "date", width=108),
            Column("moved", N_("What happened"), lambda line: _(dict(MOVEMENTS)[line.row.moved]), width=170),
            Column("participant", N_("Participant"), lambda line: line.participant, width=104),
            Column("quantity", N_("Quantity"), lambda line: line.row.quantity, "number", width=88),
            Column("left", N_("On hand after it"), lambda line: line.left, "number", width=130),
            Column("unit", N_("Counted in"), lambda line: line.row.unit, width=100),
            Column("batch", N_("Batch"), lambda line: line.row.batch, width=100),
            Column("product", N_("Product"), lambda line: line.row.product, width=180),
            Column("site", N_("Site"), lambda line: line.site, width=200),
            Column("reference", N_("Paper"), lambda line: line.row.reference, width=180),
        ),
        icon="inbox",
        empty=N_("What came of the study product, what participants were given and returned, and what became of it."),
    ),
)
