"""Without the libraries of the service, which are an extra, its commands say what to do."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from optimizer.errors import UsageError
from service.commands.libraries import needed_libraries
from tests.architecture.source import ROOT

WITHOUT = """
import sys
sys.modules[{library!r}] = None
from optimizer.cli import run
sys.exit(run({arguments!r}))
"""


def without(library: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own, where a library is not to be had."""
    code = WITHOUT.format(library=library, arguments=list(arguments))
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("library", "arguments"),
    [
        ("uvicorn", ("serve",)),  # only the server needs it
        ("sqlalchemy", ("service", "backup", "nowhere.gz")),
        ("cryptography", ("service", "keys", "list")),
        ("sqlalchemy", ("service", "organisations", "list")),
        ("pydantic_settings", ("service", "log", "verify")),
    ],
)
def test_a_missing_library_is_bad_usage(library: str, arguments: tuple[str, ...]) -> None:
    """The library and the extra that brings it are named, without a stack trace."""
    run = without(library, *arguments, "--json")
    error = json.loads(run.stdout)["error"]
    assert run.returncode == 2
    assert run.stderr == ""
    assert error["code"] == "bad-usage"
    assert f"needs {library}" in error["message"]
    assert "'homecare-optimizer[service]'" in error["message"]


def test_help_needs_no_library_of_the_service() -> None:
    """The commands are listed where nothing of the extra is installed."""
    run = without("sqlalchemy", "service", "--help")
    assert run.returncode == 0
    assert "backup" in run.stdout


def test_a_module_of_our_own_that_is_missing_is_a_defect() -> None:
    """No installation mends it, so nobody is told to install anything."""
    with pytest.raises(ModuleNotFoundError), needed_libraries():
        raise ModuleNotFoundError(name="service.nowhere")


def test_the_remedy_keeps_the_cause() -> None:
    """Whoever debugs sees which import has failed."""
    with pytest.raises(UsageError) as caught, needed_libraries():
        raise ModuleNotFoundError(name="uvicorn.config")
    assert isinstance(caught.value.__cause__, ModuleNotFoundError)
