"""``homecare doctor``: what this installation is made of, and whether it is ready."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from numba.core import config as numba_config
from rich.table import Table
from rich.text import Text

import optimizer
import optimizer.bound.warm_up as bound_warm_up
from optimizer.commands.exit_code import ExitCode
from optimizer.commands.terminal import answer, answer_json
from optimizer.i18n.catalogue import Lang, sentence
from optimizer.search.kernels.compiled import FOLDER
from optimizer.search.warm_up import is_compiled

_LIBRARIES = (
    "geopy",
    "jinja2",
    "networkx",
    "numba",
    "numpy",
    "ortools",
    "pandas",
    "pydantic",
    "rich",
    "typer",
)


def doctor(*, lang: Lang, as_json: bool) -> int:
    """Show versions, cores, and the state of the compiled kernels; return the exit code.

    Parameters
    ----------
    lang
        Language of everything a person reads.
    as_json
        Whether to answer with one JSON document.
    """
    facts = examination()
    if as_json:
        answer_json(facts)
        return ExitCode.OK
    rows = Table(box=None, padding=(0, 2, 0, 0), show_header=False, pad_edge=False)
    for name, value in facts.items():
        rows.add_row(Text(sentence(lang, f"doctor.{name}"), style="bold"), _words(value, lang))
    answer(rows)
    return ExitCode.OK


def examination() -> dict[str, Any]:
    """Return all facts under stable names."""
    return {
        "version": optimizer.__version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "cores": usable_cores(),
        "memory_mb": memory_mb(),
        "libraries": {name: _version_of(name) for name in _LIBRARIES},
        "jit": not vars(numba_config)["DISABLE_JIT"],
        "kernels_compiled": is_compiled(),
        "bound_compiled": bound_warm_up.is_compiled(),
        "cache": str(FOLDER),
    }


def usable_cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def memory_mb() -> int | None:
    """Return the machine's memory in megabytes, where the system tells it."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    except (AttributeError, OSError, ValueError):
        return None


def _words(value: object, lang: Lang) -> Text:
    if isinstance(value, dict):
        return Text(" · ".join(f"{key} {entry}" for key, entry in value.items()))
    if isinstance(value, bool):
        return Text(sentence(lang, "doctor.yes" if value else "doctor.no"))
    return Text("–" if value is None else str(value))


def _version_of(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "–"
