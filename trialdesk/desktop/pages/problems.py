"""What imports found odd, as long as what they brought in stands."""

from __future__ import annotations

from trialdesk.base.i18n import N_
from trialdesk.desktop.registers.columns import Shown
from trialdesk.desktop.registers.declaration import Register

REGISTERS = (
    Register(
        kind="exchange.problem",
        title=N_("Import problems"),
        columns=(Shown("words", 520), Shown("file", 140), Shown("row", 80), Shown("column", 120)),
        icon="import",
        empty=N_("Nothing odd was found in imported data, or nothing was imported."),
    ),
)
