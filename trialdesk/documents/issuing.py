"""Reports made final, and the signing of their files.

Final is never taken back: the next final version of the same report, parameters and language supersedes it, and its
bytes stay.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

import sqlalchemy as sa

from trialdesk.base.errors import UserError
from trialdesk.base.fields import Field
from trialdesk.base.i18n import LANGUAGES, N_, _
from trialdesk.base.ids import Id
from trialdesk.documents.content import keep
from trialdesk.documents.queries import file_of
from trialdesk.documents.records import Document, DocumentVersion, Issue, Seal
from trialdesk.documents.rules import (
    ATTACHING,
    FINAL,
    MAKES,
    MOST_PLACES,
    SEALS,
    SUPERSEDED,
    Makes,
    Paper,
    Seals,
    ToSeal,
    digest_of,
    media_type,
)
from trialdesk.people.acting import Action, action
from trialdesk.people.actions.certificates import refuse_anothers, refuse_lapsed
from trialdesk.people.certificates import Identity, opened_key, read_text
from trialdesk.people.queries import names_of_accounts
from trialdesk.people.records import Certificate, Signature
from trialdesk.people.rules import MEANINGS, SIGNERS
from trialdesk.people.signing import sign
from trialdesk.persistence.editing import found_in
from trialdesk.persistence.work import Work

_LANGUAGES = tuple(LANGUAGES.items())
_NUMBERED = re.compile(r"-(to-sign|signed\d+)$")
"""What the name of a file to sign, or of one that was signed, ends in."""


@action(
    "documents:issue:finalise",
    N_("Document made final"),
    by=ATTACHING,
    final=True,
    asks=(
        Field("text", N_("Report"), name="report", required=True),
        Field("choice", N_("Language"), name="language", choices=_LANGUAGES, required=True),
        Field("text", N_("Chosen parameters"), name="parameters", help=N_("As JSON; left empty where there are none.")),
        Field(
            "whole",
            N_("Places to sign"),
            name="places",
            help=N_("How many will sign the file itself. A copy without signatures is kept beside it."),
        ),
        Field(
            "text",
            N_("SHA-256 of the data"),
            name="digest",
            help=N_("Of what was looked at, so that nothing else is made final."),
        ),
    ),
    words=N_("Make final"),
    makes=Issue.KIND,
)
def finalise(
    work: Work,
    *,
    study: Id,
    report: str,
    language: str,
    parameters: str | None = None,
    places: int | None = None,
    digest: str | None = None,
) -> Id:
    """Make a report final as the desk tells it now, and keep its bytes; returns the id of the final document.

    Raises UserError for a report that lacks something it needs, naming it; where the data are no longer those looked at
    (`digest`); where the standing final version says the very same; and as the report itself does.
    """
    places = places or 0
    if not 0 <= places <= MOST_PLACES:
        raise UserError(
            _("There are at most {count} places to sign.").format(count=MOST_PLACES),
            where=_("Places to sign"),
            remedy=_("Choose fewer."),
        )
    if language not in LANGUAGES:
        raise UserError(
            _("Documents are not made in the language “{language}”.").format(language=language),
            remedy=_("Languages: {languages}.").format(languages=", ".join(LANGUAGES)),
        )
    chosen = _chosen(parameters)
    makes: Makes = _wired(work, MAKES)
    paper = makes(
        work,
        study=study,
        report=report,
        parameters=chosen,
        language=language,
        numbered=lambda said: _next_number(_last(work, study, report, said, language)),
        places=places,
    )
    if paper.lacks:
        raise UserError(
            _("This document is not complete, so it cannot be final: {items}.").format(items="; ".join(paper.lacks)),
            where=paper.title,
            remedy=_("Record what is missing, then make it final. Until then it can be printed as a draft."),
        )
    if digest and digest != paper.digest:
        raise UserError(
            _("The record has changed since you looked at this document."),
            where=paper.title,
            remedy=_("Look at it again, then make it final."),
        )
    last = _last(work, study, report, paper.parameters, language)
    if last is not None and last.state == FINAL and (last.digest, last.places) == (paper.digest, places):
        raise UserError(
            _("Version {number} is final already and says the very same.").format(number=last.number),
            where=paper.title,
            remedy=_("Sign that one, or record what changed first."),
        )
    document = last.document if last else work.add(Document(study=study, title=paper.title, category="report")).id
    issue = _issued(
        work,
        paper,
        Issue(
            study=study,
            document=document,
            report=report,
            language=language,
            number=_next_number(last),
            places=places,
            state=FINAL,
        ),
    )
    if last is not None:
        last.state, last.superseded_by = SUPERSEDED, issue.id
    return issue.id


@action(
    "documents:issue:sign",
    N_("Final document signed"),
    by=SIGNERS,
    about=Issue.KIND,
    asks=(
        Field("choice", N_("Meaning"), name="meaning", choices=MEANINGS, required=True),
        Field(
            "id",
            N_("Signing certificate"),
            name="certificate",
            link=Certificate.KIND,
            help=N_("Left empty: the newest of yours that holds."),
        ),
        Field(
            "text",
            N_("Time-stamp service"),
            name="service",
            help=N_("Its address (RFC 3161); left empty for a signature without a time stamp."),
        ),
    ),
    signs=N_("I sign this document, with the meaning chosen"),
    words=N_("Sign"),
)
def sign_issue(
    work: Work,
    *,
    study: Id,
    issue: Id,
    meaning: str,
    certificate: Id | None = None,
    service: str | None = None,
) -> Id:
    """Sign a final document: its record, and by a certificate its file; returns the id of the signature in the file.

    Raises UserError for a document that was superseded, has no place left or was signed so by this account before, and
    without a certificate that holds; NotAllowed for another person's; Environment without an answer of the service.
    """
    found = found_in(work, Issue, issue, study)
    done = _seals(work, found)
    _refuse_unsignable(work, found, done, meaning)
    own = _certificate(work, certificate)
    words = dict(MEANINGS)[meaning]
    signature = sign(work, found, words)
    before = done[-1].document_version if done else found.signing_version
    assert before is not None
    earlier = file_of(work.read, study=study, version=before)
    leaf, *chain = read_text(own.certificates)
    seals: Seals = _wired(work, SEALS)
    sealed = seals(
        ToSeal(
            data=earlier.data,
            place=len(done) + 1,
            identity=Identity(leaf, opened_key(work.read, own.id), tuple(chain)),
            name=names_of_accounts(work.read)[own.account],
            meaning=words,
            at=work.now,
            signature=signature,
            language=found.language,
            service=(service or "").strip(),
        )
    )
    place = len(done) + 1
    note = _("Final version {number}, signatures: {count}").format(number=found.number, count=place)
    name = _named(_NUMBERED.sub("", PurePosixPath(earlier.file_name).stem) + ".pdf", f"signed{place}")
    version = _version(work, found, name, sealed.data, note)
    seal = Seal(
        study=study,
        issue=found.id,
        place=place,
        document_version=version.id,
        signature=signature,
        certificate=own.id,
        stamped_at=sealed.stamped_at,
        stamped_by=sealed.stamped_by,
    )
    return work.add(seal).id


def _chosen(parameters: str | None) -> dict[str, str]:
    """Return the parameters a report is asked with, those that say something. Raises UserError for what is no such."""
    try:
        chosen = json.loads(parameters or "{}")
    except ValueError:
        chosen = None
    if not isinstance(chosen, dict) or not all(isinstance(each, str) for each in chosen.values()):
        raise UserError(
            _("The parameters are not names with texts, as JSON."),
            where=_("Chosen parameters"),
            remedy=_('Write them as {"site": "01"}.'),
        )
    return {name: value for name, value in chosen.items() if value}


def _last(work: Work, study: Id, report: str, parameters: str, language: str) -> Issue | None:
    """Return the last final version of a report with these parameters."""
    c = Issue.TABLE.c
    row = work.read.first(
        sa.select(c.id)
        .where(c.study == study, c.report == report, c.parameters == parameters, c.language == language, ~c.voided)
        .order_by(c.number.desc())
        .limit(1)
    )
    return None if row is None else work.get(Issue, row.id)


def _next_number(last: Issue | None) -> int:
    return last.number + 1 if last else 1


def _issued(work: Work, paper: Paper, issue: Issue) -> Issue:
    """Keep the files of a final version, and take its record in."""
    note = _("Final version {number}").format(number=issue.number)
    kept = _version(work, issue, paper.file_name, paper.data, note)
    issue.document_version, issue.sha256 = kept.id, kept.sha256
    if paper.to_sign is not None:
        name = _named(paper.file_name, "to-sign")
        issue.signing_version = _version(work, issue, name, paper.to_sign, note, after=kept.number).id
    issue.title, issue.parameters, issue.position = paper.title, paper.parameters, paper.position
    issue.digest = paper.digest
    return work.add(issue)


def _version(
    work: Work, issue: Issue, name: str, data: bytes, note: str, *, after: int | None = None
) -> DocumentVersion:
    """Keep a file as the newest of the document; `after` is the number of the one this act added before it."""
    own = DocumentVersion.TABLE.c
    if after is None:
        after = work.read.value(sa.select(sa.func.max(own.number)).where(own.document == issue.document)) or 0
    sha256 = digest_of(data)
    work.beside(lambda connection: keep(connection, sha256, data))
    return work.add(
        DocumentVersion(
            study=issue.study,
            document=issue.document,
            number=after + 1,
            file_name=name,
            media_type=media_type(name),
            size=len(data),
            sha256=sha256,
            dated_on=work.today,
            note=note,
        )
    )


def _named(name: str, ending: str) -> str:
    path = PurePosixPath(name)
    return f"{path.stem}-{ending}{path.suffix}"


def _seals(work: Work, issue: Issue) -> list[Seal]:
    c = Seal.TABLE.c
    ids = [row.id for row in work.read.rows(sa.select(c.id).where(c.issue == issue.id, ~c.voided).order_by(c.place))]
    found: Mapping[Id, Seal] = work.find_all(Seal, ids)
    return [found[each] for each in ids]


def _refuse_unsignable(work: Work, issue: Issue, done: list[Seal], meaning: str) -> None:
    """Raise UserError where the acting account cannot sign a final document with this meaning."""
    if meaning not in dict(MEANINGS):
        raise UserError(
            _("A signature needs one of the meanings offered."),
            where=_("Meaning"),
            remedy=_("Meanings: {meanings}.").format(meanings=", ".join(dict(MEANINGS))),
        )
    if issue.state != FINAL:
        raise UserError(
            _("This version was superseded: it is signed no more."),
            where=issue.title,
            remedy=_("Sign the version that is final."),
        )
    if len(done) >= issue.places:
        raise UserError(
            _("This file has no place left to sign: it was made final with {count}.").format(count=issue.places),
            where=issue.title,
            remedy=_("Make the document final once more, with as many places as there will be signatures."),
        )
    signed = work.find_all(Signature, [each.signature for each in done]).values()
    if any(each.account == work.act.account and each.meaning == dict(MEANINGS)[meaning] for each in signed):
        raise UserError(
            _("You have signed this version with this meaning before."),
            where=issue.title,
            remedy=_("Choose another meaning, if you sign for something else as well."),
        )


def _certificate(work: Work, wanted: Id | None) -> Certificate:
    """Return the certificate to sign with. Raises as `sign_issue` says."""
    if wanted is not None:
        found = found_in(work, Certificate, wanted, None)
        refuse_anothers(work, found)
        if found.withdrawn_on is not None:
            raise UserError(
                _("This certificate was withdrawn."),
                where=_("Signing certificate"),
                remedy=_("Sign with another, or make a new one."),
            )
        refuse_lapsed(work, found.valid_from, found.valid_until)
        return found
    c = Certificate.TABLE.c
    mine = (
        sa.select(c.id, c.valid_from, c.valid_until)
        .where(c.account == work.act.account, ~c.voided, c.withdrawn_on.is_(None))
        .order_by(c.valid_until.desc(), c.id)
        .limit(1)
    )
    newest = work.read.first(mine)
    if newest is None:
        raise UserError(
            _("You have no certificate to sign with yet."),
            where=_("Signing certificate"),
            remedy=_("Make one here, or bring yours along as a PKCS#12 file."),
        )
    refuse_lapsed(work, newest.valid_from, newest.valid_until)
    return work.get(Certificate, newest.id)


def _wired(work: Work, name: str) -> Any:
    (answer,) = work.wired(name)
    return answer


ISSUING: tuple[Action, ...] = (finalise, sign_issue)
"""What is done with final documents, in the order in which it is offered."""
