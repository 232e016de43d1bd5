"""Compares what a paper for outside tells with the code list: nobody's name leaves the site.

What is recorded was compared when it was written, by whoever could; this looks again at what is about to leave, for
what was written before, elsewhere, or by somebody who does not hold the code list (45 CFR 164.514(b)(2)).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _
from trialdesk.enrollment.naming import Names, named_in
from trialdesk.reporting.report import Report, facts_json

MOST_TOLD = 3
"""So many places are told; the others are found once these are mended."""


def refuse_names(report: Report, facts: Any, names: Names | None) -> bool:
    """Raise UserError, naming where, for the facts of a paper for outside that name somebody.

    `names` is the code list, None for who may not know it: then nothing can be compared, and the answer is False. What
    stays inside may name.
    """
    if report.audience == "inside" or not names:
        return report.audience == "inside" or names is not None
    found = list(_named(facts_json(facts), names, ()))[:MOST_TOLD]
    if found:
        raise UserError(
            _("This paper would name participants to others: {places}.").format(
                places=_("; ").join(f"{where} ({', '.join(codes)})" for where, codes in found)
            ),
            where=_(report.title),
            remedy=_("Correct the record it stands in: write the code instead of name, number or address."),
        )
    return True


def _named(value: Any, names: Names, path: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give the places at which facts name somebody, with the codes of whom."""
    if isinstance(value, str):
        if codes := named_in(value, names):
            yield " › ".join(path) or "–", codes
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _named(each, names, (*path, str(key)))
    elif isinstance(value, list):
        for number, each in enumerate(value, 1):
            yield from _named(each, names, (*path, str(number)))
