"""What a desk knows of the signatures in a file: whose certificates they are, which records they are bound to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from trialdesk.base.clock import instant_text
from trialdesk.base.i18n import _
from trialdesk.base.ids import Id
from trialdesk.base.values import dataclass
from trialdesk.documents.issued import IssueRow, SealRow, certificate_holders, issues
from trialdesk.documents.rules import digest_of
from trialdesk.persistence.reading import Read
from trialdesk.reporting.frame import Proof
from trialdesk.reporting.signing.checking import Signed, is_signed, signatures_in


@dataclass(frozen=True, slots=True)
class Told:
    """What can be told of a file's state and signatures.

    `state_now` is what the desk says the document is, None where it does not know it as final. `sound` is whether all
    signatures are valid and known here (True where there are none); `kept` whether these very bytes are kept here.
    """

    state_now: str | None
    superseded_by: int | None
    sound: bool
    kept: bool
    signatures: tuple[dict[str, Any], ...]
    words: tuple[str, ...]


def told(read: Read, *, study: Id, data: bytes, proof: Proof, at_once: bool = False) -> Told:
    """Return what this desk knows of a file that says `proof` of itself. Some seven statements where it is final.

    A document that is final `at_once`, as an invoice is with its record, need not be made final.
    """
    found = signatures_in(data) if is_signed(data) else ()
    if proof.state == "draft":
        return Told("draft", None, found == (), kept=False, signatures=(), words=_of_draft(signed=found != ()))
    if at_once and not proof.issue and found == ():
        return Told("final", None, sound=True, kept=False, signatures=(), words=(_("It is final with its record."),))
    known = _issue(issues(read, study=study), proof)
    words = [_standing(known)]
    files = {known.sha256, *(each.sha256 for each in known.seals)} if known else set()
    kept = digest_of(data) in files
    if found is None:
        words.append(_("It was signed, but its signatures cannot be read any more: the file was altered."))
        return Told(_state(known), _after(known), sound=False, kept=kept, signatures=(), words=tuple(words))
    if not found:
        words.append(_("It is not signed."))
    holders = certificate_holders(read) if found else {}
    here = {each.signature: each for each in known.seals} if known else {}
    told_all = [_told(each, here.get(each.signature), holders) for each in found]
    words += [each["words"] for each in told_all]
    sound = all(each["valid"] and each["bound"] for each in told_all)
    return Told(_state(known), _after(known), sound, kept, tuple(told_all), tuple(words))


def _of_draft(*, signed: bool) -> tuple[str, ...]:
    if signed:
        return (_("It is a draft, and yet somebody signed it: no signature of TrialDesk stands under a draft."),)
    return (_("It is a draft."),)


def _issue(known: Iterable[IssueRow], proof: Proof) -> IssueRow | None:
    """Return the final version a file says it is. Its position and data are looked at as well as its number."""
    said = (proof.key, proof.parameters, proof.language, proof.issue, proof.position, proof.digest)
    for each in known:
        if (each.report, each.parameters, each.language, str(each.number), each.position, each.digest) == said:
            return each
    return None


def _state(known: IssueRow | None) -> str | None:
    return known.state if known else None


def _after(known: IssueRow | None) -> int | None:
    return known.superseded_by if known else None


def _standing(known: IssueRow | None) -> str:
    if known is None:
        return _("It says that it is final, but nobody made it final on this desk.")
    if known.stands:
        return _("It is final: version {number}, and no later one supersedes it.").format(number=known.number)
    return _("It is final version {number}, and it was superseded by version {later}.").format(
        number=known.number, later=known.superseded_by
    )


def _told(signed: Signed, here: SealRow | None, holders: dict[str, tuple[Id, str]]) -> dict[str, Any]:
    """Return what is known of one signature under the stable keys of the command line."""
    bound = here is not None and here.fingerprint == signed.fingerprint and here.stands
    return {
        "name": signed.name,
        "meaning": signed.meaning,
        "at": instant_text(signed.at) if signed.at else None,
        "certificate": signed.certificate,
        "issuer": signed.issuer,
        "fingerprint": signed.fingerprint,
        "valid": signed.valid,
        "intact": signed.intact,
        "untouched": signed.untouched,
        "bound": bound,
        "time_stamp": instant_text(signed.stamped_at) if signed.stamped_at else None,
        "words": _in_words(signed, here, known=signed.fingerprint in holders),
    }


def _in_words(signed: Signed, here: SealRow | None, *, known: bool) -> str:
    at = signed.at.strftime("%Y-%m-%d %H:%M:%S UTC") if signed.at else _("at no time it names")
    who = _("Signed by {name}, {meaning}, {at}").format(name=signed.name, meaning=signed.meaning, at=at)
    return f"{who}: {'; '.join(_findings(signed, here, known=known))}."


def _whose(signed: Signed) -> str:
    """Return whose certificate it is by its own words, and who vouches for it: it may be in another name."""
    if signed.issuer == signed.certificate:
        return _("certificate of {name}, for whom nobody else vouches").format(name=signed.certificate)
    return _("certificate of {name}, issued by {issuer}").format(name=signed.certificate, issuer=signed.issuer)


def _findings(signed: Signed, here: SealRow | None, *, known: bool) -> Iterable[str]:
    if not signed.intact:
        yield _("not valid, what was signed was altered")
    elif not signed.untouched:
        yield _("not valid, the file was altered after signing")
    elif not signed.held:
        yield _("not valid, the certificate did not hold at that time")
    else:
        yield _("valid")
    yield _whose(signed)
    if signed.stamped_at:
        stamped = signed.stamped_at.strftime("%Y-%m-%d %H:%M:%S UTC")
        yield (
            _("time stamp of {at}").format(at=stamped)
            if signed.stamp_intact
            else _("its time stamp is not of this signature")
        )
    if not known:
        yield _("this desk does not know the certificate")
    elif here is None or here.fingerprint != signed.fingerprint:
        yield _("this desk has no electronic signature it is bound to")
    elif not here.stands:
        yield _("the record that was signed is no longer what it was")
    else:
        yield _("bound to the electronic signature of {name} on this desk").format(name=here.name)
