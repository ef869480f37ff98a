"""The files for deployment are of the right form and name what there is."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess

import pytest
import yaml

from service.settings import FILE_VARIABLE, PREFIX, Settings
from tests.architecture.source import ROOT

DEPLOY = ROOT / "deploy"
KNOWN = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | {FILE_VARIABLE}


@pytest.mark.parametrize("file", sorted(path.name for path in DEPLOY.iterdir()))
def test_settings_that_are_named_exist(file: str) -> None:
    """No file sets a setting that the service would refuse."""
    text = (DEPLOY / file).read_text(encoding="utf-8")
    assert set(re.findall(rf"{PREFIX}[A-Z_]+", text)) <= KNOWN


def test_the_compose_file_holds_together() -> None:
    """Services, volumes, networks and files that it names are there; passwords are not."""
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    assert set(compose) <= {"name", "services", "volumes", "networks"}
    for service in compose["services"].values():
        assert ("image" in service) != ("build" in service)
        assert set(service.get("depends_on", {})) <= set(compose["services"])
        assert set(service["networks"]) <= set(compose["networks"])
        for volume in service["volumes"]:
            source = volume.split(":")[0]
            assert source in compose["volumes"] or (DEPLOY / source).is_file()
        for value in service["environment"].values():
            assert "PASSWORD" not in value or "${" in value
            # Within an address, `@` and `/` of a password would be read as something else.
            assert "://" not in value or "PASSWORD" not in value
    build = compose["services"]["service"]["build"]
    assert (DEPLOY / build["context"] / build["dockerfile"]).resolve().is_file()
    assert compose["services"]["service"]["ports"] == ["127.0.0.1:8080:8080"]


def test_the_container_file_copies_what_there_is() -> None:
    """Each file and folder that is copied from the project exists."""
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    copied = [
        source
        for line in re.findall(r"^COPY (?!--from)(.+)$", text, re.MULTILINE)
        for source in line.split()[:-1]
    ]
    assert copied
    assert all((ROOT / source).exists() for source in copied)
    assert re.search(r"^USER homecare$", text, re.MULTILINE)


def test_the_unit_starts_the_command() -> None:
    """The systemd unit parses, runs as a user of its own, and starts ``homecare serve``."""
    unit = configparser.ConfigParser(strict=False, interpolation=None, delimiters=("=",))
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(DEPLOY / "homecare.service", encoding="utf-8")
    assert unit["Service"]["ExecStart"].endswith("/homecare serve")
    assert unit["Service"]["DynamicUser"] == "yes"


def test_systemd_reads_the_unit() -> None:
    """What systemd says of the unit counts as well; without it nothing is checked."""
    analyser = shutil.which("systemd-analyze")
    if analyser is None:
        pytest.skip("systemd is not installed")
    path = DEPLOY / "homecare.service"
    checked = subprocess.run(
        [analyser, "verify", path], check=False, capture_output=True, text=True, timeout=60
    )
    faults = [line for line in checked.stderr.splitlines() if "not executable" not in line]
    assert not [line for line in faults if path.name in line]


def test_the_script_of_the_database_is_a_script() -> None:
    """The shell accepts it, and the user it creates is bound by row-level security."""
    script = DEPLOY / "create-user.sh"
    subprocess.run(["/bin/sh", "-n", str(script)], check=True, timeout=10)
    text = script.read_text(encoding="utf-8")
    assert "NOSUPERUSER" in text
    assert "NOBYPASSRLS" in text
