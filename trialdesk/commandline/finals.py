"""Final documents: made, listed, signed; and the certificates they are signed with."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any

from trialdesk.application import Application
from trialdesk.base.canonical import canonical
from trialdesk.base.errors import UserError
from trialdesk.base.files import read_bytes, write_pdf
from trialdesk.base.i18n import _, language
from trialdesk.base.ids import Id
from trialdesk.base.settings import TIME_STAMPS, Settings
from trialdesk.commandline.opening import passphrase, password, signed_in
from trialdesk.commandline.output import answer, say, table
from trialdesk.commandline.program import DONE
from trialdesk.documents.issued import IssueRow, certificates_of, issue_of_file, issues
from trialdesk.documents.issuing import finalise, sign_issue
from trialdesk.documents.queries import file_of
from trialdesk.documents.rules import STATES
from trialdesk.people.actions import bring_certificate, make_certificate
from trialdesk.studies.queries import the_study
from trialdesk.trail.access import EXPORT


def make_final(arguments: Namespace, chosen: dict[str, str | None]) -> int:
    """Make a report final, and write its file where one is named."""
    parameters = canonical({name: value for name, value in chosen.items() if value}).decode()
    with signed_in(arguments) as application:
        study = _study(application, arguments.study)
        done = application.run(
            finalise,
            study=study,
            report=arguments.KEY,
            language=arguments.lang or language(),
            parameters=parameters,
            places=_count(arguments.places),
        )
        row = _row(application, study, done.result)
        written = _write(application, study, row, arguments.out)
    _tell(arguments, row, done.label, written)
    return DONE


def finals(arguments: Namespace) -> int:
    """List the final documents of a study, newest version first, with who signed them."""
    with signed_in(arguments) as application:
        rows = application.read(issues, study=_study(application, arguments.study))
    if arguments.json:
        answer([_as_data(row) for row in rows])
    else:
        table(
            (_("Report"), _("Title"), _("Version"), _("Language"), _("State"), _("Signed by")),
            [
                (
                    row.report,
                    row.title,
                    str(row.number),
                    row.language,
                    _(dict(STATES)[row.state]),
                    ", ".join(f"{each.name} ({_(each.meaning)})" for each in row.seals),
                )
                for row in rows
            ],
        )
    return DONE


def sign(arguments: Namespace) -> int:
    """Sign the final document a file is of, and write the signed file where one is named."""
    from trialdesk.reporting.proof import read_back

    path = Path(vars(arguments)["FILE.pdf"]).expanduser()
    data = read_bytes(path)
    proof = read_back(data, where=str(path))
    with signed_in(arguments) as application:
        study = _study(application, proof.study)
        issue = application.read(issue_of_file, study=study, data=data, where=str(path))
        done = application.run(
            sign_issue,
            signed_with=password(application.signed_in().account.username),
            study=study,
            issue=issue.id,
            meaning=arguments.meaning,
            service=arguments.service or Settings().get(TIME_STAMPS, ""),
        )
        row = _row(application, study, issue.id)
        written = _write(application, study, row, arguments.out)
    _tell(arguments, row, done.label, written)
    return DONE


def certificates(arguments: Namespace) -> int:
    """List the certificates of the account signed in."""
    with signed_in(arguments) as application:
        rows = application.read(certificates_of, account=application.signed_in().account.id)
    if arguments.json:
        answer(
            [
                {
                    "id": row.id,
                    "name": row.name,
                    "issuer": row.issuer,
                    "fingerprint": row.fingerprint,
                    "valid_from": row.valid_from.isoformat(),
                    "valid_until": row.valid_until.isoformat(),
                    "made_here": row.made_here,
                    "withdrawn_on": row.withdrawn_on and row.withdrawn_on.isoformat(),
                }
                for row in rows
            ]
        )
    else:
        table(
            (_("Signing certificate"), _("Name"), _("Issued by"), _("Holds until"), _("Withdrawn on")),
            [
                (
                    row.id,
                    row.name,
                    row.issuer,
                    row.valid_until.date().isoformat(),
                    row.withdrawn_on.isoformat() if row.withdrawn_on else "",
                )
                for row in rows
            ],
        )
    return DONE


def certificate(arguments: Namespace) -> int:
    """Make a certificate, or bring one along from a file whose passphrase is asked for."""
    with signed_in(arguments) as application:
        study = _study(application, arguments.study)
        if arguments.bring:
            path = Path(arguments.bring).expanduser()
            data = read_bytes(path)
            done = application.run(bring_certificate, study=study, data=data, passphrase=passphrase(path.name))
        else:
            done = application.run(make_certificate, study=study)
    say(f"{done.label}: {done.result}")
    return DONE


def _study(application: Application, named: str) -> Id:
    with application.reading() as read:
        return the_study(read, name=named).id


def _row(application: Application, study: Id, issue: Id) -> IssueRow:
    with application.reading() as read:
        return next(row for row in issues(read, study=study) if row.id == issue)


def _write(application: Application, study: Id, row: IssueRow, out: str | None) -> Path | None:
    """Write the file to hand out, with all signatures there are; None where no place is named."""
    if not out:
        return None
    path = Path(out).expanduser().absolute()
    write_pdf(path, application.read(file_of, study=study, version=row.file).data)
    application.note(EXPORT, study=study, about=f"pdf {row.report}")
    return path


def _tell(arguments: Namespace, row: IssueRow, label: str, written: Path | None) -> None:
    if arguments.json:
        answer(_as_data(row))
        return
    say(_("{done}: {title}, version {number}").format(done=label, title=row.title, number=row.number))
    for each in row.seals:
        say(f"  {each.place}. {each.name}, {_(each.meaning)}")
    if written:
        say(_("Written to {path}").format(path=written))


def _as_data(row: IssueRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "report": row.report,
        "title": row.title,
        "parameters": row.parameters,
        "language": row.language,
        "number": row.number,
        "state": row.state,
        "superseded_by": row.superseded_by,
        "places": row.places,
        "position": row.position,
        "digest": row.digest,
        "sha256": row.sha256,
        "file": row.file,
        "signatures": [
            {
                "name": each.name,
                "meaning": each.meaning,
                "signed_at": each.signed_at.isoformat(),
                "stands": each.stands,
                "certificate": each.certificate,
                "fingerprint": each.fingerprint,
                "sha256": each.sha256,
                "time_stamp": each.stamped_at and each.stamped_at.isoformat(),
            }
            for each in row.seals
        ],
    }


def _count(text: str | None) -> int:
    if text is None:
        return 0
    if not text.isdecimal():
        raise UserError(_("“{value}” is not a number.").format(value=text[:80]), where="--places")
    return int(text)
