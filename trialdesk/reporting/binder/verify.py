"""Says whether the files of a binder are those that were written; started as `python3 verify.py` in its folder.

It stands alone, on Python's standard library, so that whoever receives the folder can read it and run it: TrialDesk
puts a copy into every binder and checks binders by the same lines. It proves that no file differs from the manifest;
that the manifest is the one that was written shows in its own hash, which TrialDesk told when the binder was made.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

FORMAT, FORMAT_VERSION = "trialdesk-binder", 1
MANIFEST = "manifest.json"
MOST_BYTES = 64 * 2**20
"""No manifest is larger."""

# Beside the folder there is no catalogue of translations: the two languages of binders stand here.
WORDS = {
    "en": {
        "altered": "ALTERED  {name}",
        "missing": "MISSING  {name}",
        "extra": "EXTRA    {name}",
        "unreadable": "UNREAD   {name}: it cannot be read",
        "unsafe": "UNSAFE   {name}: no name of a file in a binder; it was not looked at",
        "whole": "{count} files are those the manifest names; none is altered, missing or extra.",
        "broken": "{count} files are not as the manifest says.",
        "hash": "SHA-256 of the manifest: {sha256}",
        "compare": "Compare it with the one TrialDesk told when the binder was made.",
        "none": "{name}: this is no manifest of a binder.",
        "newer": "{name}: this binder was written by a newer version of the program.",
        "unread": "{name}: it cannot be read.",
    },
    "zh": {
        "altered": "已改动  {name}",
        "missing": "缺失    {name}",
        "extra": "多余    {name}",
        "unreadable": "不可读  {name}：无法读取",
        "unsafe": "不安全  {name}：不是资料册内的文件名，未予查看",
        "whole": "{count} 个文件与清单一致；没有改动、缺失或多余的文件。",
        "broken": "{count} 个文件与清单不一致。",
        "hash": "清单的 SHA-256：{sha256}",
        "compare": "请与 TrialDesk 制作资料册时给出的值核对。",
        "none": "{name}：不是资料册的清单。",
        "newer": "{name}：此资料册由更新版本的程序写成。",
        "unread": "{name}：无法读取。",
    },
}


class NoBinderError(Exception):
    """The folder holds no manifest that can be read; `why` is the key of its words."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def check(
    folder: Path, tell: Callable[[int, int], object] = lambda _done, _total: None
) -> tuple[str, str, int, list[tuple[str, str]]]:
    """Compare a folder with its manifest; return the manifest's hash, its language, how many files, what was found.

    What was found is (what, name): altered, missing, extra, unreadable, or unsafe for a name that leads out of the
    folder. `tell` hears how many of how many files are done. Links are never followed. Raises NoBinderError.
    """
    try:
        with (folder / MANIFEST).open("rb") as opened:
            data = opened.read(MOST_BYTES + 1)
    except (OSError, ValueError):
        raise NoBinderError("unread") from None
    language, files = _manifest(data)
    found = []
    for number, name in enumerate(sorted(files)):
        tell(number, len(files))
        what = _state(folder, name, files[name]) if _is_safe(name) else "unsafe"
        if what:
            found.append((what, name))
    found += [("extra", name) for name in _others(folder, {*files, MANIFEST})]
    return hashlib.sha256(data).hexdigest(), language, len(files), found


def _manifest(data: bytes) -> tuple[str, dict[str, tuple[str, int]]]:
    """Return the language of a manifest, and by name the hash and size of each file."""
    try:
        told = json.loads(data.decode("utf-8"))
        if told["format"] != FORMAT or len(data) > MOST_BYTES:
            raise NoBinderError("none")
        if told["format_version"] != FORMAT_VERSION:
            raise NoBinderError("newer")
        files = {name: (str(each["sha256"]), int(each["bytes"])) for name, each in told["files"].items()}
        language = told.get("language")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError):
        raise NoBinderError("none") from None
    return language if language in ("en", "zh") else "en", files


def _is_safe(name: str) -> bool:
    parts = set(name.split("/"))
    return not (parts & {"", ".", ".."}) and not any(sign in name for sign in "\\:\0") and name != MANIFEST


def _state(folder: Path, name: str, expected: tuple[str, int]) -> str:
    path = folder
    for part in name.split("/"):
        path /= part
        if path.is_symlink():
            return "altered"
    if not path.is_file():
        return "missing"
    whole, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as opened:
            for block in iter(lambda: opened.read(2**20), b""):
                whole.update(block)
                size += len(block)
    except OSError:
        return "unreadable"
    return "" if (whole.hexdigest(), size) == expected else "altered"


def _others(folder: Path, known: set[str]) -> list[str]:
    """Return what lies in the folder and is not known: files, links, and folders that should not be there."""
    homes = {"/".join(name.split("/")[:depth]) for name in known for depth in range(1, name.count("/") + 1)}
    found = []
    for place, folders, names in os.walk(folder):
        within = Path(place).relative_to(folder).as_posix() + "/"
        within = "" if within == "./" else within
        found += [within + name for name in names if within + name not in known]
        for name in list(folders):
            if within + name not in homes:
                found.append(within + name + "/")
                folders.remove(name)
    return sorted(found)


def plainly(name: str) -> str:
    """Return a name with what cannot be seen, or turns the line about, as its number."""
    return "".join(each if each.isprintable() else f"\\u{{{ord(each):x}}}" for each in name)


def main(words: list[str]) -> int:
    """Check the folder named, else the one this file lies in; return 0 whole, 1 not so, 2 no binder."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    folder = Path(words[0]) if words else Path(__file__).resolve().parent
    try:
        sha256, language, count, found = check(folder)
    except NoBinderError as refused:
        print(WORDS["en"][refused.why].format(name=plainly(str(folder / MANIFEST))), file=sys.stderr)
        return 2
    say = WORDS[language]
    for what, name in found:
        print(say[what].format(name=plainly(name)))
    print(say["broken"].format(count=len(found)) if found else say["whole"].format(count=count))
    print(say["hash"].format(sha256=sha256))
    print(say["compare"])
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
