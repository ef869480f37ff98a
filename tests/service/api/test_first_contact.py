"""What the pages tell a newcomer to type works: the service starts, and the lines give a plan."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from optimizer.cli import run
from optimizer.commands.exit_code import ExitCode
from tests.architecture.source import ROOT
from tests.patience import wait_until
from tests.service.api.running import CERTIFICATES, Running, logged_to

PROGRAM = "import sys; from optimizer.cli import run; sys.exit(run(sys.argv[1:]))"
LINES = re.compile(r"```sh\n(.*?)```", re.DOTALL)
PYTHON = re.compile(r"```python\n(.*?)```", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Started:
    """A service that ``homecare serve`` runs."""

    address: str
    key: str
    folder: Path
    process: subprocess.Popen[str]


def start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start the command on a free port in a folder of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "serve", "--port", "0", *arguments],
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "LC_ALL": "C.UTF-8",
            "HOMECARE_SERVICE_DATABASE": "sqlite:///homecare.db",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def lines_of(process: subprocess.Popen[str], number: int) -> list[str]:
    """Return the next lines that a process prints."""
    assert process.stdout is not None
    return [process.stdout.readline().strip() for _ in range(number)]


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """Give a service that was started as the pages say."""
    folder = tmp_path_factory.mktemp("first")
    with start(folder) as process:
        listening, _, key = lines_of(process, 3)
        match = re.search(r"http://[\d.]+:\d+", listening)
        assert match is not None
        # The pages wait for a plan, not for kernels to be loaded.
        wait_until(lambda: httpx.get(f"{match[0]}/readyz", verify=CERTIFICATES).status_code == 200)
        yield Started(match[0], key, folder, process)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


def test_its_children_know_no_address_of_the_database(started: Started) -> None:
    """Documents of strangers are read in them; what they inherit holds nothing secret."""
    told = []
    for folder in Path("/proc").glob("[0-9]*"):
        # Others end while they are looked at.
        with suppress(FileNotFoundError, ProcessLookupError):
            if f"PPid:\t{started.process.pid}\n" in (folder / "status").read_text("utf-8"):
                told.append((folder / "environ").read_bytes())
    assert any(b"PYTHONPATH=" in each for each in told)
    assert not any(b"HOMECARE_SERVICE_DATABASE" in each for each in told)


def run_lines(text: str, service: Started) -> str:
    """Run lines of a shell in the project's folder and return what they print."""
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    text = text.replace("http://127.0.0.1:8080", service.address).replace(
        "-o plan.json", f"-o {service.folder}/plan.json"
    )
    done = subprocess.run(
        ["/bin/sh", "-euc", text],
        cwd=ROOT,
        env={**os.environ, "ADDRESS": service.address, "KEY": service.key},
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.stdout


def readme_lines(page: str) -> str:
    """Return the lines of a front page that speak to the service."""
    text = (ROOT / page).read_text(encoding="utf-8")
    (lines,) = (block for block in LINES.findall(text) if "curl" in block)
    return "\n".join(
        line for line in lines.splitlines() if not line.startswith(("export", "homecare"))
    )


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_the_lines_of_the_front_page_print_a_plan(started: Started, page: str) -> None:
    """After ``homecare serve`` they solve a shipped scenario and print its plan."""
    job = json.loads(run_lines(readme_lines(page), started))
    assert job["state"] == "completed"
    assert job["plan"]["format"] == "homecare-plan"


def test_the_lines_of_the_page_on_the_service_work(started: Started) -> None:
    """So do those that follow a job by its id."""
    text = (ROOT / "docs" / "service.md").read_text(encoding="utf-8")
    printed = run_lines("\n".join(LINES.findall(text)), started)
    assert '"state": "completed"' in printed
    assert json.loads((started.folder / "plan.json").read_text())["scenario"] == "hamlet"


@pytest.mark.parametrize("page", ["README.md", "docs/service.md"])
def test_the_client_of_the_pages_works(started: Started, page: str, monkeypatch: Any) -> None:
    """The Python that the pages show runs against the service."""
    text = (ROOT / page).read_text(encoding="utf-8")
    code = "\n".join(block for block in PYTHON.findall(text) if "ServiceClient(" in block)
    monkeypatch.chdir(ROOT)
    names: dict[str, Any] = {"ADDRESS": started.address, "KEY": started.key}
    code = code.replace("open(", "(__import__('pathlib').Path)(").replace(
        ").read()", ").read_text()"
    )
    exec(code, names)  # noqa: S102 (the project's own page)
    assert names["job"].state == "completed"
    assert names["plan"].scenario == "hamlet"


def test_the_first_key_is_shown_once(tmp_path: Path) -> None:
    """The second start shows the address only, as one JSON document if asked."""
    # Nothing is solved here, so nothing need be loaded for it.
    (tmp_path / "homecare.toml").write_text("coordinator = false\n", encoding="utf-8")
    for has_key in (True, False):
        with start(tmp_path, "--json", "--settings", "homecare.toml") as process:
            told = json.loads("".join(lines_of(process, 4)))
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0
        assert told["address"].startswith("http://127.0.0.1:")
        assert (told["first_key"] is not None) == has_key
    assert (tmp_path / "homecare.secrets").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ("prot = 1\n", "prot"),
        ('database = "mysql://nowhere"\n', "database"),
        ('host = "203.0.113.7"\n', "listened"),
    ],
)
def test_a_start_that_cannot_be_is_explained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], settings: str, words: str
) -> None:
    """Faulty settings end the command with a sentence and the code for bad usage."""
    file = tmp_path / "homecare.toml"
    secrets = f'secrets_file = "{tmp_path}/homecare.secrets"\n'
    file.write_text(secrets + settings, encoding="utf-8")
    with logged_to(io.StringIO()):
        code = run(["serve", "--port", "0", "--settings", str(file)])
    assert code == ExitCode.BAD_USAGE
    assert words in capsys.readouterr().err.lower()


def test_every_address_is_on_the_page(service: Running) -> None:
    """The page on the service has every address of the contract."""
    page = (ROOT / "docs" / "service.md").read_text(encoding="utf-8")
    for path, operations in service.send("GET", "/v1/openapi.json").json()["paths"].items():
        for method in operations:
            assert f"`{method.upper()} {path}`" in page
