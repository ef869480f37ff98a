"""Whether the kernels of a folder are compiled, and one process at a time to compile them."""

from __future__ import annotations

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from numba.core.registry import cpu_target

from optimizer.compiled.following import COMPILING

LOCK = "lock"
INDEX = "*.nbi"
"Files that say of one function what of it is compiled."


def is_ready(folder: Path) -> bool:
    """Return whether all kernels of a folder are compiled for this processor.

    They are if `set_ready` has said so and what it saw is still there.
    """
    try:
        names = _ready_mark(folder).read_text(encoding="utf-8").split()
    except OSError:
        return False
    return bool(names) and all((folder / name).exists() for name in names)


def set_ready(folder: Path) -> None:
    """Note that all kernels of a folder are compiled; one that cannot be written stays as it is."""
    names = sorted(index.name for index in folder.glob(INDEX))
    with suppress(OSError):
        _ready_mark(folder).write_text("\n".join(names), encoding="utf-8")


def _ready_mark(folder: Path) -> Path:
    """Return the file that lists what is compiled for this processor."""
    target = repr(cpu_target.target_context.codegen().magic_tuple())
    return folder / f"ready-{hashlib.sha256(target.encode()).hexdigest()[:16]}"


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Wait until no other process compiles; in a folder that cannot be written, do not wait.

    Two that write compiled code at once could mix up what belongs to what.
    """
    try:
        file = (folder / LOCK).open("w")
    except OSError:
        yield
        return
    with file:
        # Given back when the file is closed, also if the process is ended.
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            with suppress(OSError):
                (folder / COMPILING).unlink(missing_ok=True)
