"""The commands of the service hang on the command line without its knowing them."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError

import pytest
import typer

from optimizer.commands.mounts import GROUP, mounts
from service.commands.arguments import app as service
from service.commands.arguments import mount, serve
from tests.architecture.test_documents import PROJECT
from tests.cli.conftest import Run


def test_the_installation_holds_the_entry_points_of_the_project() -> None:
    """What is mounted is what pyproject.toml names; after a change of it, install again."""
    named = PROJECT["entry-points"][GROUP].values()
    assert [f"{each.__module__}:{each.__name__}" for each in mounts()] == list(named)


def test_a_source_tree_that_is_not_installed_mounts_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without a distribution there are no entry points, and the other commands remain."""

    def missing(name: str) -> None:
        raise PackageNotFoundError(name)

    monkeypatch.setattr("optimizer.commands.mounts.distribution", missing)
    assert list(mounts()) == []


def test_the_service_adds_a_command_and_a_group() -> None:
    """``serve`` stands among the commands, ``service`` among the groups."""
    app = typer.Typer()
    mount(app)
    assert [each.callback for each in app.registered_commands] == [serve]
    assert [each.typer_instance for each in app.registered_groups] == [service]


def test_the_order_of_the_list_is_kept(homecare: Run) -> None:
    """Single commands end with what looks after the tool, groups of commands with the service."""
    listed = re.findall(r"^  ([a-z]+)  +[A-Z]", homecare("--help")[1], flags=re.MULTILINE)
    assert listed[-1] == "service"
    serve = listed.index("serve")
    assert listed[serve : serve + 2] == ["serve", "doctor"]
    assert listed[:2] == ["demo", "solve"]
