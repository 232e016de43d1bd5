"""Recompute packs: written from a desk, recomputed without one."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict
from datetime import date
from pathlib import Path

from trialdesk.base.errors import UserError
from trialdesk.base.files import read_bytes, write_zip
from trialdesk.base.i18n import _, n_
from trialdesk.base.money import plain_money
from trialdesk.commandline.opening import signed_in
from trialdesk.commandline.output import answer, say, table
from trialdesk.commandline.program import DONE, NOT_IN_ORDER
from trialdesk.payments.pack.archive import fingerprint, read_pack, written
from trialdesk.payments.pack.packing import packed
from trialdesk.payments.pack.recomputing import Recomputed, recompute
from trialdesk.studies.queries import the_study
from trialdesk.trail.access import EXPORT


def export(arguments: Namespace) -> int:
    """Write a contract's recompute pack."""
    path = _path(arguments)
    as_of = _day(arguments.as_of)
    with signed_in(arguments) as application, application.reading() as read:
        study = the_study(read, name=arguments.study).id
        pack = packed(read, study=study, contract=arguments.contract, as_of=as_of or application.today)
        data = written(pack)
        write_zip(path, data)
        application.note(EXPORT, study=study, about="recompute pack")
    if arguments.json:
        answer({"path": str(path), "bytes": len(data), "manifest_sha256": fingerprint(data)})
    else:
        say(_("Written to {path}").format(path=path))
        say(_("Hash of its manifest: {sha256}").format(sha256=fingerprint(data)))
    return DONE


def recompute_pack(arguments: Namespace) -> int:
    """Recompute a pack; 1 where anything in it does not follow from its facts and terms."""
    path = _path(arguments)
    try:
        data = read_bytes(path)
        pack = read_pack(data)
        found = recompute(pack)
    except UserError as error:
        error.where = ": ".join(filter(None, (path.name, error.where)))
        raise
    if arguments.json:
        counts = ("facts", "lines", "entries", "certificates", "invoices")
        answer(
            {
                "contract": pack.head.contract,
                "as_of": pack.head.as_of.isoformat(),
                "known_at": pack.head.known_at.isoformat().replace("+00:00", "Z"),
                "manifest_sha256": fingerprint(data),
                **{name: getattr(found, name) for name in counts},
                "payable": found.assessment.totals.payable,
                "differences": [asdict(each) for each in found.differences],
            }
        )
    else:
        say(
            _("{study}, contract {contract}: as of {as_of}, known at {known_at}, in {currency}").format(
                study=pack.head.study,
                contract=pack.head.contract,
                as_of=pack.head.as_of,
                known_at=pack.head.known_at.isoformat(),
                currency=pack.head.currency,
            )
        )
        say(_("Hash of its manifest: {sha256}").format(sha256=fingerprint(data)))
        _tell(found)
    return NOT_IN_ORDER if found.differences else DONE


def _tell(found: Recomputed) -> None:
    payable = plain_money(found.assessment.totals.payable, found.assessment.case.exponent)
    say(
        _(
            "Recomputed from {facts} facts: {lines} lines with {payable} payable, {entries} postings, {certificates} "
            "certificates, {invoices} invoices and credit notes."
        ).format(
            facts=found.facts,
            lines=found.lines,
            payable=payable,
            entries=found.entries,
            certificates=found.certificates,
            invoices=found.invoices,
        )
    )
    if not found.differences:
        say(_("Nothing differs."))
        return
    say()
    table(
        [_("File"), _("What"), _("There"), _("Recomputed")],
        [[each.file, each.what, each.said, each.found] for each in found.differences],
    )
    say()
    count = len(found.differences)
    say(n_("{count} difference.", "{count} differences.", count).format(count=count))


def _path(arguments: Namespace) -> Path:
    return Path(vars(arguments)["PACK.zip"]).expanduser()


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise UserError(
            _("“{value}” is not a date.").format(value=(text or "")[:80]),
            where="--as-of",
            remedy=_("Write it as 2026-03-04."),
        ) from error
