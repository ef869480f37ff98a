"""A study on disk: rows as they come, that survive any end, and a seal when all are there.

::

    manifest.json    what is studied: hashes of the inputs, seed, keys; written once
    journal.jsonl    a row a line with a checksum before it, in order of arrival; only added to
    timings.jsonl    what each row took; under no hash, for it never repeats
    plans/           the usual roster, and those of the worst futures
    results.jsonl    all rows in the order of their keys; written when the study is sealed
    outcome.json     what follows from them
    seal.json        hashes of these files

Whoever was killed goes on where the journal ends: a line that is torn is cut off, and what is
missing is done again, to the same bytes.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from optimizer.errors import HomecareError, InternalError, UnreadableFile, UsageError
from optimizer.shortfall.rows import canonical

MANIFEST, JOURNAL, TIMINGS = "manifest.json", "journal.jsonl", "timings.jsonl"
RESULTS, OUTCOME, SEAL = "results.jsonl", "outcome.json", "seal.json"
CHECKED = 16
"Characters of a row's SHA-256 before it in the journal."


def sha256(content: bytes) -> str:
    """Return the SHA-256 of some bytes in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


@dataclass(slots=True)
class StudyFolder:
    """An open folder of one study; one process at a time has it.

    Attributes
    ----------
    path
        The folder.
    rows
        Canonical bytes of the rows there are, by key.
    """

    path: Path
    rows: dict[str, bytes] = field(default_factory=dict, repr=False)
    _lock: int = -1
    _journal: int = -1

    @classmethod
    def opened(cls, path: Path, manifest: Mapping[str, Any]) -> Self:
        """Open a folder for a study, a new one or one that was begun.

        Parameters
        ----------
        path
            The folder; made if it is not there.
        manifest
            What is studied, as plain data.

        Raises
        ------
        UsageError
            If another study lies there, told by what differs, or another process has it open.
        UnreadableFile
            If the folder cannot be written.
        """
        try:
            (path / "plans").mkdir(parents=True, exist_ok=True)
            lock = os.open(path / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise UnreadableFile(f"{path}: {error.strerror}") from error
        folder = cls(path, {}, lock)
        try:
            folder._claim()
            folder._insist_on(manifest)
            folder.rows.update(_kept(path / JOURNAL))
        except HomecareError:
            folder.close()
            raise
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        folder._journal = os.open(path / JOURNAL, flags, 0o600)
        return folder

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def commit(self, rows: Iterable[bytes]) -> int:
        """Write rows that are not there yet, and return how many those were.

        Parameters
        ----------
        rows
            In canonical JSON, each with its ``key``.

        Raises
        ------
        InternalError
            If a row of the same key has other bytes: a study is not repeatable, a defect.
        """
        lines: list[bytes] = []
        for body in rows:
            key = json.loads(body)["key"]
            known = self.rows.get(key)
            if known is None:
                self.rows[key] = body
                lines.append(sha256(body)[:CHECKED].encode() + b"\t" + body + b"\n")
            elif known != body:
                raise InternalError(f"The future {key} came out differently a second time.")
        if lines:
            _write_all(self._journal, b"".join(lines))
            os.fsync(self._journal)
        return len(lines)

    def note_timing(self, timing: Mapping[str, Any]) -> None:
        """Note what something took; of no consequence for any result."""
        with (self.path / TIMINGS).open("a", encoding="utf-8") as file:
            file.write(canonical(timing) + "\n")

    def read(self, name: str) -> bytes | None:
        """Return a file of the folder; None if there is none."""
        path = self.path / name
        return path.read_bytes() if path.exists() else None

    def write(self, name: str, content: bytes) -> None:
        """Write a file of the folder, whole or not at all."""
        _write_whole(self.path / name, content)

    def seal(self, outcome: Mapping[str, Any]) -> None:
        """Write all rows in order, what follows from them, and a seal over both.

        Parameters
        ----------
        outcome
            What follows, as plain data.
        """
        results = b"".join(self.rows[key] + b"\n" for key in sorted(self.rows))
        self.write(RESULTS, results)
        self.write(OUTCOME, canonical(outcome).encode() + b"\n")
        names = [MANIFEST, RESULTS, OUTCOME]
        names += [f"plans/{one.name}" for one in sorted((self.path / "plans").glob("*.json"))]
        hashes = {name: sha256((self.path / name).read_bytes()) for name in names}
        seal = {"format": "homecare-study-seal", "rows": len(self.rows), "sha256": hashes}
        self.write(SEAL, canonical(seal).encode() + b"\n")

    def close(self) -> None:
        """Give the folder back."""
        for one in (self._journal, self._lock):
            if one >= 0:
                os.close(one)
        self._journal = self._lock = -1

    def _claim(self) -> None:
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise UsageError(f"{self.path}: another process works on this study.") from error

    def _insist_on(self, manifest: Mapping[str, Any]) -> None:
        text = canonical(manifest).encode() + b"\n"
        there = self.read(MANIFEST)
        if there is None:
            self.write(MANIFEST, text)
        elif there != text:
            differs = ", ".join(_differing(there, manifest)) or "its bytes"
            raise UsageError(f"{self.path} holds another study: {differs} differ.")


def broken_seals(path: Path) -> tuple[str, ...]:
    """Return the files of a sealed study that are not what the seal says; none if it holds.

    Parameters
    ----------
    path
        Folder of the study.

    Raises
    ------
    UnreadableFile
        If there is no seal.
    """
    try:
        seal = json.loads((path / SEAL).read_bytes())
        hashes: Mapping[str, str] = seal["sha256"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnreadableFile(f"{path}: there is no seal that can be read.") from error
    return tuple(
        name
        for name, told in hashes.items()
        if not (path / name).is_file() or sha256((path / name).read_bytes()) != told
    )


def _kept(journal: Path) -> dict[str, bytes]:
    """Return the rows of a journal; from the first line that is torn on it is cut off."""
    rows: dict[str, bytes] = {}
    if not journal.exists():
        return rows
    good = 0
    with journal.open("rb") as file:
        for line in file:
            head, tab, body = line[:-1].partition(b"\t")
            is_whole = line.endswith(b"\n") and bool(tab)
            if not is_whole or head.decode("ascii", "replace") != sha256(body)[:CHECKED]:
                break
            key = json.loads(body)["key"]
            if rows.setdefault(key, body) != body:
                raise InternalError(f"{journal}: the future {key} stands there twice, differing.")
            good += len(line)
    if good < journal.stat().st_size:
        os.truncate(journal, good)
    return rows


def _differing(there: bytes, manifest: Mapping[str, Any]) -> list[str]:
    """Return the names of a manifest's entries that another one has differently."""
    try:
        other = json.loads(there)
    except ValueError:
        return []
    if not isinstance(other, dict):
        return []
    mine = json.loads(canonical(manifest))
    return sorted(name for name in {*mine, *other} if mine.get(name) != other.get(name))


def _write_all(file: int, content: bytes) -> None:
    while content:
        content = content[os.write(file, content) :]


def _write_whole(path: Path, content: bytes) -> None:
    beside = path.with_name(path.name + ".new")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
