"""How far compiling has come: which kernel is being compiled, and how much of the work is done.

Whoever compiles writes it into a file beside the compiled code; processes that wait read it there.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from types import CodeType

COMPILING = "compiling"
"File with the present `Compilation` of a folder."
OPTIMISING = 5
"Work on an entry beside that on a part of its length: it is optimised with all parts below it."


@dataclass(frozen=True, slots=True)
class Compilation:
    """How far compiling a package's kernels has come.

    Attributes
    ----------
    kernel
        The kernel that is being compiled, empty if none is.
    done, kernels
        Kernels compiled, and all of them.
    work_done, work
        The same as bytes of bytecode, to which the time for compiling is about proportional.
    """

    kernel: str = ""
    done: int = 0
    kernels: int = 0
    work_done: int = 0
    work: int = 0

    @property
    def share(self) -> float:
        """Return the part of the work that is done, 0 to 1."""
        return self.work_done / self.work if self.work > 0 else 0.0

    def beside(self, other: Compilation) -> Compilation:
        """Return how far both have come."""
        return Compilation(
            self.kernel or other.kernel,
            self.done + other.done,
            self.kernels + other.kernels,
            self.work_done + other.work_done,
            self.work + other.work,
        )


class Work:
    """The kernels of one package and which of them this process has compiled.

    Parameters
    ----------
    folder
        Where the compiled code is kept.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / COMPILING
        self._weights: dict[CodeType, int] = {}
        self._done: set[CodeType] = set()
        self._at_hand: list[CodeType] = []

    def add(self, function: Callable[..., object], *, is_entry: bool) -> None:
        """Count a kernel among those to be compiled."""
        code = function.__code__
        self._weights[code] = len(code.co_code) * (OPTIMISING if is_entry else 1)
        _WORKS[code] = self

    def begin(self, code: CodeType) -> None:
        """Note that a kernel is being compiled; those that it calls are compiled meanwhile."""
        self._at_hand.append(code)
        self._write()

    def end(self, code: CodeType) -> None:
        """Note that a kernel is compiled."""
        self._done.add(code)
        self._at_hand.remove(code)
        self._write()

    def _write(self) -> None:
        """Write down how far it has come; a file that cannot be written is no obstacle."""
        name = self._at_hand[-1].co_name if self._at_hand else ""
        work_done = sum(self._weights[one] for one in self._done)
        now = replace(self.nothing(), kernel=name, done=len(self._done), work_done=work_done)
        with suppress(OSError):
            self._file.write_text(json.dumps(asdict(now)), encoding="utf-8")

    def nothing(self) -> Compilation:
        """Return how far it is when nothing is compiled."""
        return Compilation("", 0, len(self._weights), 0, sum(self._weights.values()))

    def everything(self) -> Compilation:
        """Return how far it is when all is compiled."""
        none = self.nothing()
        return replace(none, done=none.kernels, work_done=none.work)

    def present(self) -> Compilation:
        """Return how far whoever compiles has come; nothing done where nobody does."""
        try:
            found = json.loads(self._file.read_text(encoding="utf-8"))
            return Compilation(**{one.name: found[one.name] for one in fields(Compilation)})
        except (OSError, ValueError, KeyError, TypeError):
            return self.nothing()


_WORKS: dict[CodeType, Work] = {}
"Whose kernel a function is."


def begin(function: Callable[..., object]) -> None:
    """Note that a function is being compiled, if it is a kernel."""
    if (work := _WORKS.get(function.__code__)) is not None:
        work.begin(function.__code__)


def end(function: Callable[..., object]) -> None:
    """Note that a function is compiled, if it is a kernel."""
    if (work := _WORKS.get(function.__code__)) is not None:
        work.end(function.__code__)
