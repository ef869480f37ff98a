"""Instructions that a stretch of a process takes: free of noise, unlike its seconds."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from benchmarks.record import ROOT
from optimizer.errors import UsageError

MARK = "getppid"
"Function of the C library that says where the counted stretch begins and ends."
NO_COUNTER = "Neither valgrind nor perf counts instructions here; installing valgrind mends that."


def mark() -> None:
    """Say that the counted stretch begins, or ends, here."""
    os.getppid()


@dataclass(frozen=True, slots=True)
class Counted:
    """What a counted process did.

    Attributes
    ----------
    instructions
        Instructions between its two marks.
    output
        What it wrote to standard output.
    """

    instructions: int
    output: str


class Counter(Protocol):
    """Something that counts instructions."""

    @property
    def name(self) -> str:
        """Return what it is called in tables."""
        ...

    def count(
        self, command: Sequence[str], idle: Sequence[str], environment: Mapping[str, str]
    ) -> Counted:
        """Run a process and count the instructions between its marks.

        Parameters
        ----------
        command
            The process; it calls `mark` twice.
        idle
            The same process with nothing to do between the marks.
        environment
            Variables that differ from this process's.

        Raises
        ------
        UsageError
            If the process fails or calls `mark` another number of times.
        """
        ...


@dataclass(frozen=True, slots=True)
class Valgrind:
    """Counts on a simulated processor, exact to a few hundred; fifty times slower.

    Its profile is written at each mark, so `idle` need not be run.
    """

    name: str

    def count(
        self, command: Sequence[str], idle: Sequence[str], environment: Mapping[str, str]
    ) -> Counted:
        """Run `command` under callgrind and read the profile of the stretch."""
        del idle
        with tempfile.TemporaryDirectory() as scratch:
            profile = Path(scratch) / "profile"
            options = (f"--callgrind-out-file={profile}", f"--dump-before={MARK}")
            output = plain_output(["valgrind", "--tool=callgrind", *options, *command], environment)
            # One up to the first mark, one up to the second, and what remains without number.
            if len(list(Path(scratch).iterdir())) != 3:
                raise UsageError(f"valgrind did not find the two marks of {' '.join(command)}.")
            text = profile.with_suffix(".2").read_text(encoding="utf-8")
        return Counted(int(re.findall(r"^totals: (\d+)$", text, flags=re.MULTILINE)[0]), output)


@dataclass(frozen=True, slots=True)
class Perf:
    """Asks the processor's own counter; the start of the process is noise of about 0.1 %."""

    name: str = "perf"

    def count(
        self, command: Sequence[str], idle: Sequence[str], environment: Mapping[str, str]
    ) -> Counted:
        """Run both processes and take the difference."""
        start, _ = self.instructions(idle, environment)
        whole, output = self.instructions(command, environment)
        return Counted(whole - start, output)

    def instructions(
        self, command: Sequence[str], environment: Mapping[str, str]
    ) -> tuple[int, str]:
        """Return the instructions of a whole process, and its output.

        Raises
        ------
        UsageError
            If the process fails or this machine counts no instructions.
        """
        with tempfile.TemporaryDirectory() as scratch:
            report = Path(scratch) / "report"
            options = ("--event=instructions:u", "--field-separator=,", f"--output={report}")
            output = plain_output(["perf", "stat", *options, *command], environment)
            counted = re.search(r"^(\d+),", report.read_text("utf-8"), flags=re.MULTILINE)
        if counted is None:
            raise UsageError("perf counts no instructions on this machine.")
        return int(counted[1]), output


def find_counter() -> Counter | None:
    """Return the best counter that works here, or None."""
    if shutil.which("valgrind"):
        return Valgrind(plain_output(["valgrind", "--version"], {}).strip())
    if shutil.which("perf"):
        try:
            Perf().instructions(["true"], {})
        except UsageError:
            return None
        return Perf()
    return None


def plain_output(command: Sequence[str], environment: Mapping[str, str]) -> str:
    """Run a command in the project's folder, uncounted, and return its standard output.

    Raises
    ------
    UsageError
        If it fails.
    """
    answer = subprocess.run(
        command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False
    )
    if answer.returncode:
        raise UsageError(f"{' '.join(command)} failed: {answer.stderr.strip()}")
    return answer.stdout
