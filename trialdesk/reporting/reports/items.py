"""What a form asks for, each with what is recorded: nothing is left blank, and what is missing is listed once more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trialdesk.base.i18n import _
from trialdesk.base.values import dataclass
from trialdesk.reporting.structure import Block, Bullets, Definitions, Heading


@dataclass(frozen=True, slots=True)
class Item:
    """One thing asked for. `why` says what its absence means, where the program knows."""

    label: str
    value: str | None
    why: str = ""
    wanted: bool = True
    """Whether it is an open item while it is missing."""
    after: bool = False
    """Whether it can only be recorded once the document went out, so that its absence does not hold it back."""

    @property
    def said(self) -> str:
        """The value, or that it is not recorded and why."""
        return self.value or (_("not recorded: {why}").format(why=self.why) if self.why else _("not recorded"))


def listed(items: Iterable[Item]) -> Definitions:
    """Return the items as labels and values."""
    return Definitions([(item.label, item.said) for item in items])


def open_items(*groups: Iterable[Item], more: Iterable[str] = ()) -> list[Block]:
    """Return what is still missing under a heading of its own, or one sentence that nothing is."""
    missing = [_missing(item) for group in groups for item in group if item.wanted and not item.value]
    lines = [*missing, *more]
    return [Heading(1, _("Open items")), Bullets(lines or [_("Everything asked for is recorded.")])]


def lacking(*groups: Iterable[Item]) -> tuple[str, ...]:
    """Return what must be recorded before a document of these items may be final."""
    return tuple(
        _missing(item) for group in groups for item in group if item.wanted and not item.after and not item.value
    )


def unsaid(whose: str, asked: Iterable[tuple[str, object]], why: str = "") -> Iterator[Item]:
    """Give what is not recorded of one event or participant as one item: the labels of those asked that are missing."""
    labels = ", ".join(label for label, there in asked if not there)
    if labels:
        yield Item(_("{whose}, {labels}").format(whose=" ".join(whose.split()), labels=labels), None, why=why)


def _missing(item: Item) -> str:
    return _("{label}: not recorded").format(label=item.label)
