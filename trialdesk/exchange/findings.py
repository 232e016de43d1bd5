"""Collecting problems so that the list stays readable: of one sort, some one by one and the rest as a count."""

from __future__ import annotations

from collections.abc import Iterable

from trialdesk.base.i18n import _, n_
from trialdesk.base.problems import Problem

LISTED = 200
"""How many problems of one sort in one column of one file are listed one by one."""


class Findings:
    """A growing list of problems, in the order they are found.

    The sort of a problem is its untranslated sentence with the places for values still open.
    """

    def __init__(self, listed: int = LISTED) -> None:
        self._listed = listed
        self._problems: list[Problem] = []
        self._sorts: dict[tuple[str, str | None, str], tuple[Problem, int]] = {}

    def add(
        self, file: str, sentence: str, /, row: int | None = None, column: str | None = None, **values: object
    ) -> None:
        """Note a problem. `sentence` is marked by `N_`, translated here, then filled with `values`."""
        sort = (file, column, sentence)
        known = self._sorts.get(sort)
        if known is not None and known[1] >= self._listed:
            self._sorts[sort] = (known[0], known[1] + 1)
            return
        problem = Problem(file, _(sentence).format(**values), row, column)
        self._sorts[sort] = (known[0], known[1] + 1) if known else (problem, 1)
        self._problems.append(problem)

    def extend(self, problems: Iterable[Problem]) -> None:
        """Take over problems found elsewhere, as they are."""
        self._problems.extend(problems)

    def problems(self) -> list[Problem]:
        """Return what was found; after the listed problems of one sort, how many more there are."""
        rest = [
            Problem(
                first.file,
                n_(
                    "{count} more row has the same problem as row {row}: {words}",
                    "{count} more rows have the same problem as row {row}: {words}",
                    count - self._listed,
                ).format(count=count - self._listed, row=first.row, words=first.words),
                None,
                first.column,
            )
            for first, count in self._sorts.values()
            if count > self._listed
        ]
        return self._problems + rest
