"""What was appended to a file: nothing but signatures, each in a field that was empty, or something else.

Stricter than signing asks for, and simple: a file of ours is written whole, then each signature fills one field. So
every revision after the first must cover the whole file up to its end, change one empty signature field, and nothing
else that was there before. Common policies judge by where an object is used and so reject a field that also belongs to
the tag tree, as PDF/UA wants it.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

_FILLED = {"/V", "/AP"}
_FLAGGED = {"/SigFlags"}


def only_signatures(reader: Any, signatures: list[Any], size: int) -> bool:
    """Say whether every revision of a file but the first is one of its signatures, the last ending with the file."""
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    if reader.xrefs.total_revisions != len(signatures) + 1:
        return False
    end = 0
    for revision, each in enumerate(signatures, start=1):
        if each.signed_revision != revision:
            return False
        if each.evaluate_signature_coverage() < SignatureCoverageLevel.ENTIRE_REVISION:
            return False
        if not _only_fills(reader, revision, each.sig_field):
            return False
        end = int(each.byte_range[2]) + int(each.byte_range[3])
    return not signatures or end == size


def _only_fills(reader: Any, revision: int, field: Any) -> bool:
    """Say whether a revision changes that field and the form's flags alone of all that was there before."""
    before, now = reader.get_historical_resolver(revision - 1), reader.get_historical_resolver(revision)
    if any(
        _written(before.trailer_view.raw_get(key)) != _written(now.trailer_view.raw_get(key))
        for key in ("/Root", "/Info")
    ):
        return False
    for reference in now.explicit_refs_in_revision():
        if before.is_ref_unassignable(reference):
            continue  # nothing was there
        old, new = before(reference), now(reference)
        changed = _changed(old, new)
        if not changed:
            continue
        if reference == field.container_ref:
            if not changed <= _FILLED or "/V" in old or old.get("/FT") != "/Sig":
                return False
        elif not (changed <= _FLAGGED and "/Fields" in old):
            return False
    return True


def _changed(old: Any, new: Any) -> set[str]:
    """Return the names in which two dictionaries differ; for what is none, whether they differ at all."""
    if not (hasattr(old, "keys") and hasattr(new, "keys")) or hasattr(old, "encoded_data"):
        return set() if _written(old) == _written(new) else {""}
    names = {*old.keys(), *new.keys()}
    return {each for each in names if _written(_held(old, each)) != _written(_held(new, each))}


def _held(dictionary: Any, name: str) -> Any:
    return dictionary.raw_get(name) if name in dictionary else None


def _written(value: Any) -> bytes:
    out = BytesIO()
    if value is not None:
        value.write_to_stream(out, None)
    return out.getvalue()
