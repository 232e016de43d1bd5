"""Predicates, facts and factors in words a coordinator knows, in the language in force."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from trialdesk.base.i18n import N_, _
from trialdesk.payments.rules.predicates import All, Any, Call, Not, Predicate, Test

NAMES = {
    "unit.date": N_("its day"),
    "due_on": N_("due date"),
    "target_on": N_("target date"),
    "randomised_valid": N_("valid randomised participants"),
    "site_activated": N_("site activated"),
    "ethics_submitted": N_("ethics submission"),
    "ethics_approved": N_("ethics approval"),
    "consent_signed": N_("consent signed"),
    "icf_mandatory": N_("consent version made mandatory"),
    "screened": N_("screened"),
    "screen_failed": N_("screen failure"),
    "eligible": N_("eligible"),
    "randomised": N_("randomised"),
    "visit_done": N_("visit done"),
    "window_approved": N_("visit outside its window approved"),
    "crf_signed": N_("CRF signed"),
    "query_raised": N_("query raised"),
    "query_closed": N_("query closed"),
    "deviation": N_("protocol deviation"),
    "sae_reported": N_("SAE reported"),
    "procedure_done": N_("procedure done"),
    "withdrawn": N_("participant withdrawn"),
    "completed": N_("participant completed"),
    "died": N_("participant died"),
    "subject_voided": N_("participant voided"),
    "lplv": N_("last participant last visit"),
    "db_locked": N_("database locked"),
    "report_signed": N_("report signed"),
    "published": N_("published"),
    "finding_opened": N_("monitoring finding opened"),
    "finding_closed": N_("monitoring finding closed"),
    "milestone": N_("milestone reached"),
    "metric_reported": N_("metric reported"),
    "PDR": N_("share of participants with a confirmed major deviation"),
    "RET": N_("retention"),
}
"""What is named in predicates, as a person calls it; a metric of the contract's own goes by its name."""

SENTENCES = {
    "exists": N_("recorded: {0}"),
    "count": N_("number of: {0}"),
    "days": N_("days from {0} to {1}"),
    "business_days": N_("working days from {0} to {1}"),
    "max_query_days": N_("days its longest query took"),
    "within": N_("{1} at most {2} days after {0}"),
    "consent_valid": N_("consent valid on {1}"),
    "icf_version": N_("consent version signed by {1}"),
    "eligible": N_("participant found eligible"),
    "voided": N_("participant is voided"),
    "metric": "{0}",
}
"""The predicates as words; numbers stand for their arguments."""


SIGNS = {">=": "≥", "<=": "≤"}
"""Signs of terms as they are printed; the others are printed as they are written."""

EVIDENCE = {
    "activation_letter": N_("site activation letter"),
    "allocation_list": N_("allocation list"),
    "approval_letter": N_("approval letter"),
    "certificate": N_("certificate"),
    "consent_copy": N_("consent copy"),
    "consent_form": N_("consent form"),
    "crf": N_("CRF"),
    "crf_signature": N_("CRF signature"),
    "deviation_log": N_("deviation log"),
    "letter": N_("letter"),
    "list": N_("list"),
    "lock_certificate": N_("database lock certificate"),
    "lock_minutes": N_("database lock minutes"),
    "monitoring_report": N_("monitoring report"),
    "qc_report": N_("QC report"),
    "query_log": N_("query log"),
    "randomisation_list": N_("randomisation list"),
    "randomisation_log": N_("randomisation log"),
    "receipt": N_("receipt"),
    "registry_entry": N_("registry entry"),
    "report": N_("report"),
    "sae_receipt": N_("SAE receipt"),
    "screening_log": N_("screening log"),
    "signed_report": N_("signed report"),
    "submission_receipt": N_("submission receipt"),
    "visit_list": N_("visit list"),
    "visit_record": N_("visit record"),
}
"""What terms usually name as evidence, as a person calls it. A contract may name papers of its own."""


def plain_words(name: str) -> str:
    """Return a name of a contract's own as people read it: interim_report is the interim report."""
    return name.replace("_", " ")


def evidence_words(name: str) -> str:
    """Return what a rule asks for as evidence, in words; a contract's own name as it is written there."""
    return _(EVIDENCE[name]) if name in EVIDENCE else plain_words(name)


def told(value: object) -> str:
    """Return a predicate or a factor in words, any other value as text."""
    if isinstance(value, Call | Not | All | Any):
        return _predicate(value)
    return _factor(value) if isinstance(value, Fraction) else str(value)


def unit_words(unit: str, site: str | None = None) -> str:
    """Return what a line is paid for as people say it: the study, or a participant and what was done.

    `site` is the number of the site where it is paid for what a site did: two sites are not paid for one "study".
    """
    if site is not None:
        return _("Site {number}").format(number=site)
    # After the sign stands which fact of several began the line: for the record, not for the eye.
    plain = unit.partition("#")[0]
    return _("Study") if plain == "study" else plain.replace("/", " · ")


def refused_words(condition: Predicate) -> str:
    """Return why a condition is not met: what is asked for and lacking, or what stands against it and is there."""
    if isinstance(condition, Not):
        return _("stands against it: {what}").format(what=_predicate(condition.of))
    return _("not met: {condition}").format(condition=_predicate(condition))


def comparison_words(test: Test, *, share: bool = False) -> str:
    """Return what a value is held against: its sign and number, the number of a `share` in per cent."""
    number = percent_words(test.number) if share else test.written
    return f"{SIGNS.get(test.operator, test.operator)} {number}"


def percent_words(rate: Decimal | Fraction) -> str:
    """Return a rate in per cent: 0.06 is 6 %."""
    return f"{_factor(Fraction(rate) * 100)} %"


def _predicate(predicate: Predicate) -> str:
    if isinstance(predicate, Not):
        return _("not: {what}").format(what=_predicate(predicate.of))
    if not isinstance(predicate, Call):
        joined = "; ".join(map(_predicate, predicate.of))
        return (_("all of: {what}") if isinstance(predicate, All) else _("one of: {what}")).format(what=joined)
    words = _(SENTENCES[predicate.name]).format(
        *(_(NAMES[each]) if each in NAMES else each for each in predicate.arguments)
    )
    test = predicate.test
    return words if test is None else f"{words} {comparison_words(test, share=predicate.name == 'metric')}"


def _factor(value: Fraction) -> str:
    """Return a factor as the decimal it is, else as a fraction."""
    of_ten = value.denominator
    for prime in (2, 5):
        while of_ten % prime == 0:
            of_ten //= prime
    return str(value) if of_ten != 1 else format(Decimal(value.numerator) / Decimal(value.denominator), "f")
