"""What the processes of a service take: memory, descriptors, and which of them are workers."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

WORKER_NICENESS = 10
"As `optimizer.parallel.child` says."


def family(pid: int) -> Sequence[int]:
    """Return a process and all that descend from it."""
    children = defaultdict(list)
    for each, fields in _all():
        children[int(fields[1])].append(each)
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting += children[one]
    return found


def workers(pid: int) -> Sequence[int]:
    """Return the processes under another one that do its jobs."""
    mine = set(family(pid))
    return [each for each, fields in _all() if each in mine and int(fields[16]) == WORKER_NICENESS]


def megabytes(pid: int) -> float:
    """Return the memory that a process and its descendants take; shared pages count once."""
    total = 0
    for each in family(pid):
        with suppress(OSError):
            for line in Path(f"/proc/{each}/smaps_rollup").read_text(encoding="utf-8").splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
    return total / 1024


def processor_seconds(pid: int) -> float:
    """Return the processor time of a process, of those under it, and of those that were."""
    mine = set(family(pid))
    ticks = sum(sum(map(int, fields[11:15])) for each, fields in _all() if each in mine)
    return ticks / os.sysconf("SC_CLK_TCK")


def descriptors(pid: int, *, of: str | None = None) -> int:
    """Return how many descriptors a process holds.

    Parameters
    ----------
    pid
        Which process.
    of
        Count only those of this SQLite database: of its file, log and index.
    """
    held = []
    for each in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):
            held.append(str(each.readlink()))
    if of is None:
        return len(held)
    return sum(path in {of, f"{of}-wal", f"{of}-shm"} for path in held)


def _all() -> Iterator[tuple[int, list[str]]]:
    """Yield every process with what the system says of it: state, parent, ..., niceness."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError):
                text = (folder / "stat").read_text(encoding="utf-8")
                yield int(folder.name), text.rpartition(")")[2].split()
