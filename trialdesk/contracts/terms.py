"""Terms as this stage sees them: a text that a later stage reads and judges."""

from __future__ import annotations

from trialdesk.base.i18n import _
from trialdesk.base.problems import Problem
from trialdesk.contracts.rules import READS_TERMS, ReadsTerms, TermsRead
from trialdesk.persistence.work import Work


def read_terms(work: Work, text: str, *, file: str) -> TermsRead:
    """Return what a text of terms says and what is wrong with it, asked of the stage that knows their language."""
    (reads,) = work.wired(READS_TERMS)
    answer: ReadsTerms = reads
    return answer(text, file=file)


def told(problem: Problem) -> str:
    """Return a problem of a text in words, with its place in it."""
    place = [problem.path or ""]
    if problem.row is not None:
        place.append(_("line {row}").format(row=problem.row))
    lead = ", ".join(each for each in place if each)
    return f"{lead}: {problem.words}" if lead else problem.words
