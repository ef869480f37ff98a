"""A PostgreSQL server of the tests' own: a folder that is thrown away, and a local socket.

The programs are those of the distribution's package. They refuse to run as root, so that then
they run as the package's user ``postgres``.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg

PORT = 5432
MEMORY = Path("/dev/shm")  # noqa: S108 (the folder made in it is new, and private)
ROOM = 1_000_000_000
"Bytes that a server may need; most of them are its log, which it begins anew at checkpoints."
OWNER = "homecare"
"A plain user, whom row-level security binds; it owns every database of the tests."


def programs() -> Path | None:
    """Return the folder with the server's programs, or None where it is not installed."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name)
    found = [folder for folder in folders if (folder / "initdb").exists()]
    if found:
        return found[-1]
    program = shutil.which("initdb")
    return Path(program).resolve().parent if program else None


def _memory() -> Path | None:
    """Return a folder in memory with room for a server's data; None where there is none.

    A new database is three hundred files: on a disk, to make them takes ten times as long.
    """
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= ROOM:
        return MEMORY
    return None


@dataclass(frozen=True, slots=True)
class PostgresqlServer:
    """A running server.

    Attributes
    ----------
    folder
        Where its data and its socket are.
    bin
        Where its programs are.
    """

    folder: Path
    bin: Path

    @classmethod
    def start(cls) -> PostgresqlServer:
        """Start a server in a new folder, with a plain user and no database."""
        found = programs()
        if found is None:
            raise FileNotFoundError("initdb")
        # A socket's path has a hundred signs at most, which pytest's own folders may exceed.
        folder = Path(tempfile.mkdtemp(prefix="hc-pg-", dir=_memory()))
        server = cls(folder, found)
        if os.geteuid() == 0:
            account = pwd.getpwnam("postgres")
            os.chown(folder, account.pw_uid, account.pw_gid)
        server._run("initdb", "-D", str(server.data), "-A", "trust", "-U", "admin", "--no-sync")
        # fsync stays off: what is tested here is not whether PostgreSQL survives a power cut.
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
        log = str(folder / "log")
        server._run("pg_ctl", "-D", str(server.data), "-w", "-l", log, "-o", options, "start")
        server.sql("postgres", f"CREATE ROLE {OWNER} LOGIN NOSUPERUSER NOBYPASSRLS")
        return server

    @property
    def data(self) -> Path:
        """Its data folder."""
        return self.folder / "data"

    def create_database(self, name: str, *, like: str = "template1") -> str:
        """Create a database as a copy of another, and return its address for the plain user."""
        # To copy the files of a small database is quicker than to write them through the log.
        self._administer(f"CREATE DATABASE {name} OWNER {OWNER} TEMPLATE {like} STRATEGY FILE_COPY")
        return self.url(name, OWNER)

    def drop_database(self, name: str) -> None:
        """Remove a database, even if somebody is connected."""
        self._administer(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def url(self, name: str, user: str) -> str:
        """Return the address of a database for a user."""
        return f"postgresql://{user}@/{name}?host={quote(str(self.folder))}&port={PORT}"

    def sql(self, database: str, statement: str) -> str:
        """Run a statement as the superuser, and return what it prints."""
        arguments = ["-h", str(self.folder), "-p", str(PORT), "-U", "admin", "-d", database]
        return self._run("psql", *arguments, "-v", "ON_ERROR_STOP=1", "-qAtc", statement)

    def _administer(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres", "admin"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def pause(self) -> None:
        """Stop the server at once, as if the machine had gone away."""
        self._run("pg_ctl", "-D", str(self.data), "-m", "immediate", "stop")

    def resume(self) -> None:
        """Start a stopped server again."""
        options = f"-c listen_addresses='' -c unix_socket_directories={self.folder} -c fsync=off"
        log = str(self.folder / "log")
        self._run("pg_ctl", "-D", str(self.data), "-w", "-l", log, "-o", options, "start")

    def stop(self) -> None:
        """Stop the server and remove its folder."""
        self._run("pg_ctl", "-D", str(self.data), "-m", "immediate", "stop")
        shutil.rmtree(self.folder)

    def _run(self, program: str, *arguments: str) -> str:
        command: Sequence[str] = [str(self.bin / program), *arguments]
        user = "postgres" if os.geteuid() == 0 else None
        # Output goes to a file: the server keeps its parent's pipes open, and reading them
        # would never end.
        with tempfile.TemporaryFile("w+") as output:
            run = subprocess.run(
                command,
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                cwd="/",
                user=user,
                check=False,
            )
            output.seek(0)
            text = output.read()
        if run.returncode != 0:
            raise RuntimeError(f"{program} failed: {text}")
        return text
