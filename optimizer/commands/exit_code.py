"""The exit codes of every command, in one list."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What a command tells the shell."""

    OK = 0
    BAD_USAGE = 2
    BAD_INPUT = 3
    RULE_VIOLATED = 4
    NOTHING_FEASIBLE = 5
    INTERNAL = 70
    ABORTED = 130


EXIT_CODES = (
    "Exit codes: 0 ok · 2 bad usage · 3 bad input · 4 rule violated · "
    "5 nothing feasible · 70 internal · 130 aborted"
)
