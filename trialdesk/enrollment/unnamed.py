"""Keeps persons out of the record: before an act is committed, no open text of it names a participant.

The code list is the one place that tells who somebody is (ICH E6(R3), Appendix C). Whoever holds it is whoever could
write a name by mistake, and it is compared with what they write; for everybody else nothing can be compared here, and
papers are compared again before they leave (`reporting.leaks`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _
from trialdesk.enrollment.naming import named_in
from trialdesk.people.checks import label_of
from trialdesk.persistence.work import Change, Work


def keep(work: Work, changes: Sequence[Change]) -> None:
    """Raise UserError where a text that is open to all of a study names one of its participants."""
    texts: dict[str, list[tuple[Change, str, str]]] = {}
    for change in changes:
        if change.study is not None:
            texts.setdefault(change.study, []).extend((change, *each) for each in _texts(work, change))
    for study, written in texts.items():
        if not written:
            continue
        # Asked of acts that write words alone: a desk opens sooner without.
        from trialdesk.enrollment.queries.identities import code_list

        names = code_list(work.read, study=study)
        for change, field, text in written if names else ():
            assert names is not None
            codes = named_in(text, names)
            if codes:
                raise UserError(
                    _("This names a participant: {codes}.").format(codes=", ".join(codes)),
                    where=label_of(work.catalogue[change.kind].record, field),
                    remedy=_("Write the code instead of name, number or address: only the code list tells who it is."),
                )


def _texts(work: Work, change: Change) -> Iterator[tuple[str, str]]:
    """Give the texts that a change writes into a record everybody of the study may read, by field."""
    kind = work.catalogue[change.kind]
    if kind.audience != "open":
        return
    for field, (_before, after) in change.change.items():
        if kind.types.get(field) == "text" and isinstance(after, str):
            yield field, after
