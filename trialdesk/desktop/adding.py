"""A form for a new record: what is given goes to one action, what that refuses stands beside the field concerned."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from trialdesk.base.fields import Field
from trialdesk.desktop.desk import Desk
from trialdesk.desktop.widgets.editors import Options
from trialdesk.desktop.widgets.entry import Entry
from trialdesk.desktop.widgets.form import Form


def adding(
    desk: Desk,
    fields: tuple[Field, ...],
    action: Any,
    *,
    save_words: str,
    draft: str,
    then: Callable[[Any], object],
    prose: tuple[str, ...] = (),
    options: Mapping[str, Options] | None = None,
    **arguments: Any,
) -> Entry:
    """Return the form; `then` gets what the action returned. Empty fields are left out, `arguments` added.

    `draft` is the key under which what is typed is kept, `save_words` (translated) what the first button does.
    """
    form = Form(fields, drafts=desk.drafts, draft=draft, prose=prose, options=options or {}, today=lambda: desk.today)

    def save(values: dict[str, Any], _reason: str) -> None:
        given = {name: value for name, value in values.items() if value is not None}
        desk.act(action, owner=entry, then=done, failed=entry.refuse, **arguments, **given)

    def done(result: Any) -> None:
        entry.done()
        then(result)

    # A new record has no earlier version, so no value is ever shown beside another.
    entry = Entry(form, save=save, words=lambda _field, value: str(value), save_words=save_words)
    return entry
