"""What imports found odd, as long as what they brought in stands."""

from __future__ import annotations

from trialdesk.base.i18n import N_
from trialdesk.desktop.registers.columns import Shown
from trialdesk.desktop.registers.declaration import Register

REGISTERS = (
    Register(
        kind="exchange.problem",
        title=N_("Import problems"),
        columns=(Shown("file", 110), Shown("row", 64), Shown("column", 110), Shown("words", 420)),
        icon="import",
        empty=N_("Nothing odd was found in imported data, or nothing was imported."),
    ),
)
