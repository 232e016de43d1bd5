"""Binders for an inspection: written from a desk, checked with or without one."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict
from datetime import date
from pathlib import Path

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _, language, n_
from trialdesk.commandline.opening import is_named, signed_in
from trialdesk.commandline.output import Progress, answer, say, table
from trialdesk.commandline.program import DONE, NOT_IN_ORDER
from trialdesk.reporting.binder.checking import FOUND, Against, Whole, as_json, check_files, compare
from trialdesk.reporting.binder.verify import plainly
from trialdesk.reporting.binder.writing import Binder, write_binder
from trialdesk.reporting.report import AUDIENCES


class _Counted(Progress):
    """The progress of a command, told also which paper is next, which a line of a terminal has no room for."""

    def __call__(self, done: int, total: int = 0, words: str = "") -> None:  # noqa: ARG002 - as above
        super().__call__(done, total)


def binder(arguments: Namespace) -> int:
    """Write the binder of a study and say what is in it."""
    as_of = _day(arguments.as_of)
    with signed_in(arguments) as application:
        written = write_binder(
            application,
            Path(arguments.to).expanduser(),
            study=arguments.STUDY,
            language=arguments.language or language(),
            audience=arguments.audience or "regulator",
            as_of=as_of,
            tell=_Counted(_("Binding")),
        )
    if arguments.json:
        answer(
            {
                "folder": str(written.folder),
                "manifest_sha256": written.manifest_sha256,
                "audience": written.contents.audience,
                "papers": [asdict(each) for each in written.contents.papers],
                "kept": [asdict(each) for each in written.contents.kept],
                "left_out": [asdict(each) for each in written.contents.left_out],
            }
        )
    else:
        _tell(written)
    return DONE


def verify_binder(arguments: Namespace, folder: Path) -> int:
    """Check a binder's files, and what it says against the desk where one is named; 1 where anything is not so.

    That the desk says otherwise by now is told, and no fault of the binder.
    """
    whole = check_files(folder, _Counted(_("Proving")))
    if not arguments.json:
        _tell_whole(whole)
    against = None
    if is_named(arguments):
        with signed_in(arguments) as application:
            against = compare(application, whole, _Counted(_("Proving")))
    if arguments.json:
        answer(as_json(whole, against))
    else:
        _tell_against(against)
    return NOT_IN_ORDER if whole.found or (against and against.altered) else DONE


def _tell(written: Binder) -> None:
    count = len(written.contents.papers)
    words = n_("{count} document, for: {audience}.", "{count} documents, for: {audience}.", count)
    say(words.format(count=count, audience=_(AUDIENCES[written.contents.audience])))
    if kept := len(written.contents.kept):
        words = n_(
            "With {count} file of the site file, as it came.",
            "With {count} files of the site file, as they came.",
            kept,
        )
        say(words.format(count=kept))
    if written.contents.left_out:
        say(_("Not in this binder:"))
        table((_("Document"), _("Reason")), [(each.title, each.why) for each in written.contents.left_out])
    say(_("Written to {path}").format(path=written.folder))
    say(_("Hash of its manifest: {sha256}").format(sha256=written.manifest_sha256))


def _tell_whole(whole: Whole) -> None:
    for what, name in whole.found:
        say(f"{_(FOUND[what])}: {plainly(name)}")
    if count := len(whole.found):
        words = n_("{count} file is not as the manifest says.", "{count} files are not as the manifest says.", count)
        say(words.format(count=count))
    else:
        words = _("{count} files are those the manifest names; none is altered, missing or extra.")
        say(words.format(count=whole.files))
    say(_("Hash of its manifest: {sha256}").format(sha256=whole.manifest_sha256))


def _tell_against(against: Against | None) -> None:
    if against is None:
        say(_("No desk is named, so nothing was compared with one."))
        return
    if against.made_at:
        at = f"{against.made_at:%Y-%m-%d %H:%M:%SZ}"
        say(_("The desk's access log says that it made this binder: {at}").format(at=at))
    else:
        say(_("The desk's access log knows no binder with this manifest."))
    told = (
        (_("Altered, says the desk"), against.altered),
        (_("Unaltered, but the desk says otherwise by now"), against.changed),
        (_("This desk cannot tell"), against.untold),
    )
    for words, files in told:
        if files:
            say(f"{words}: {', '.join(map(plainly, files))}")
    same = len(against.papers) - sum(len(files) for _words, files in told)
    say(_("Unaltered, and still true: {count} of {all}").format(count=same, all=len(against.papers)))


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise UserError(
            _("“{value}” is not a date.").format(value=(text or "")[:80]),
            where="--as-of",
            remedy=_("Write it as 2026-03-04."),
        ) from error
