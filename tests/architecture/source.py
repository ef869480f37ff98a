"""The project's own source, read without running it: modules, their imports, the floors."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("optimizer", "service")


@dataclass(frozen=True, slots=True)
class Import:
    """An imported module, as far as its name is known without running anything."""

    module: str
    line: int


@dataclass(frozen=True, slots=True)
class Module:
    """One source file."""

    name: str
    path: Path
    tree: ast.Module = field(repr=False)
    num_lines: int

    @property
    def is_face(self) -> bool:
        """Whether it is a package's ``__init__.py``."""
        return self.path.name == "__init__.py"

    @property
    def place(self) -> str:
        """Return its path in the project, for messages."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def room(self) -> str:
        """Return its room: the package or module right under ``optimizer``, or the top package."""
        parts = self.name.split(".")
        return parts[1] if parts[0] == "optimizer" and len(parts) > 1 else parts[0]

    def imports(self, names: Mapping[str, Module]) -> tuple[Import, ...]:
        """Return all imports, type-only ones and those inside functions included.

        Parameters
        ----------
        names
            The project's modules by name: ``from package import thing`` counts for the
            module ``package.thing`` where there is one, else for the face of ``package``.
        """
        return tuple(
            Import(target, getattr(node, "lineno", 0))
            for node in ast.walk(self.tree)
            for target in _targets(node, names)
        )


def _targets(node: ast.AST, names: Mapping[str, Module]) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        package = node.module or ""
        inner = [f"{package}.{alias.name}" for alias in node.names]
        return [name if name in names else package for name in inner]
    return []


def read_modules(root: Path = ROOT, packages: tuple[str, ...] = PACKAGES) -> dict[str, Module]:
    """Return all modules of the packages by their dotted names."""
    modules = {}
    for package in packages:
        for path in sorted((root / package).rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            text = path.read_text(encoding="utf-8")
            tree = ast.parse(text, filename=str(path))
            modules[name] = Module(name, path, tree, len(text.splitlines()))
    return modules


def read_floors() -> dict[str, int]:
    """Return the floor of each room, from the table of ``docs/architecture.md``."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    floors = {}
    for number, rooms in re.findall(r"^\| (\d+) \| (.+?) \|", text, flags=re.MULTILINE):
        for room in re.findall(r"`(\w+)`", rooms):
            floors[room] = int(number)
    return floors


MODULES = read_modules()
FLOORS = read_floors()
