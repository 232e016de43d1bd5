"""What is amiss with a consent: who obtained it, and whether it was valid (ICH E6(R3) 2.3.1, 2.8; 21 CFR 312.60).

A consent is recorded as it was given, by whomever: the participant's word is not lost for the site's slip. That the log
did not let somebody obtain it that day, and that it was found not valid, is told to the stage that proposes deviations.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Protocol

import sqlalchemy as sa

from trialdesk.base.i18n import N_
from trialdesk.base.ids import Id
from trialdesk.enrollment.records import Consent, Participant
from trialdesk.people.queries import accounts, delegations, trainings
from trialdesk.people.rules import GCP, IDENTIFYING, PI
from trialdesk.persistence.reading import Read
from trialdesk.persistence.work import Work

OBTAINED = "enrollment:consent:obtained"
"""Told of every consent recorded, corrected, voided or found not valid here (`Amiss`)."""

BY_WHOM, VALIDITY = "", "validity"
"""What may be amiss with a consent: each is a matter, and a deviation, of its own."""

NOT_DELEGATED = N_("Consent on {day} obtained by {name}, to whom this was not delegated that day.")
NOT_TRAINED = N_("Consent on {day} obtained by {name}, whose training in good clinical practice did not hold that day.")


FOUND_INVALID = N_("Consent of {day} found not valid: {why}")


class Amiss(Protocol):
    """A later stage's answer to a consent: `words`, marked, say what is amiss of that `matter`, "" for nothing.

    `said` fills the places in the words besides the day of the consent; `found_on` is when it was found, None today.
    """

    def __call__(  # noqa: D102 - the class says it
        self,
        work: Any,
        *,
        consent: Consent,
        site: Id,
        matter: str,
        words: str,
        said: Mapping[str, str],
        found_on: date | None,
    ) -> None: ...


Judge = Callable[[Id, date], str]
"""Says of a person and a day what is amiss with their obtaining consent, marked for translation; "" for nothing."""


def judge(read: Read, *, study: Id) -> Judge:
    """Return who may obtain consent in a study, and when. Three statements, however many are asked about.

    The owner of the desk stands as principal investigator until the log has one. Training counts against somebody only
    where it is recorded and had lapsed: that none is recorded says nothing of the day.
    """
    log, owners = delegations(read, study=study), {row.person for row in accounts(read) if row.owner}
    held: dict[Id, list[tuple[date, date]]] = {}
    for row in trainings(read, study=study):
        if row.topic == GCP:
            held.setdefault(row.person, []).append((row.completed_on, row.expires_on or date.max))

    def amiss(person: Id, on: date) -> str:
        roles = {row.role for row in log if row.person == person and row.counts_on(on)}
        if person in owners and not any(row.role == PI and row.counts_on(on) for row in log):
            roles.add(PI)
        if roles.isdisjoint(IDENTIFYING):
            return NOT_DELEGATED
        known = held.get(person)
        return NOT_TRAINED if known and not any(first <= on <= last for first, last in known) else ""

    return amiss


def tell_amiss(work: Work, consent: Consent) -> None:
    """Tell whoever is wired to know what is amiss with a consent, as it will stand after this act."""
    answers = work.wired(OBTAINED)
    if not answers:
        return
    site = work.get(Participant, consent.participant).site
    stands = not consent.voided
    words = ""
    if stands and consent.obtained_by is not None:
        words = judge(work.read, study=consent.study or "")(consent.obtained_by, consent.consented_on)
    person = work.find(work.kind("people.person"), consent.obtained_by) if words and consent.obtained_by else None
    invalid = FOUND_INVALID if stands and consent.invalid_found_on is not None else ""
    told: tuple[tuple[str, str, dict[str, str], date | None], ...] = (
        (BY_WHOM, words, {"name": getattr(person, "name", "")}, None),
        (VALIDITY, invalid, {"why": consent.invalid_why or ""}, consent.invalid_found_on),
    )
    for answer in answers:
        for matter, words, said, found_on in told:
            answer(work, consent=consent, site=site, matter=matter, words=words, said=said, found_on=found_on)


def amiss_consents(read: Read, *, study: Id) -> frozenset[Id]:
    """Return the consents that somebody obtained who was not delegated or trained for it that day. Four statements."""
    own, amiss = Consent.TABLE.c, judge(read, study=study)
    rows = read.rows(
        sa.select(own.id, own.obtained_by, own.consented_on).where(
            own.study == study, ~own.voided, own.obtained_by.is_not(None)
        )
    )
    return frozenset(row.id for row in rows if amiss(row.obtained_by, row.consented_on))
