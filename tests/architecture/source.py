"""The project's own source, read without running it: modules, and how they name each other."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("optimizer", "service")

LOADERS = {
    "__import__",
    "find_loader",
    "find_spec",
    "import_module",
    "resolve_name",
    "run_module",
    "run_path",
}
"Functions of the standard library that load what a string names."

DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.\w+)*")


@dataclass(frozen=True, slots=True)
class Import:
    """A module that is imported or named, as far as that is known without running anything."""

    module: str
    line: int


@dataclass(frozen=True, slots=True)
class Module:
    """One source file."""

    name: str
    path: Path
    tree: ast.Module = field(repr=False)
    num_lines: int
    nodes: tuple[ast.AST, ...] = field(repr=False)
    "The whole tree, walked once: every rule goes through it."
    root: Path = field(default=ROOT, repr=False)

    @property
    def is_face(self) -> bool:
        """Whether it is a package's ``__init__.py``."""
        return self.path.name == "__init__.py"

    @property
    def place(self) -> str:
        """Return its path in the project, for messages."""
        return self.path.relative_to(self.root).as_posix()

    @property
    def room(self) -> str:
        """Return its room: the package or module right under ``optimizer``, or the top package."""
        parts = self.name.split(".")
        return parts[1] if parts[0] == "optimizer" and len(parts) > 1 else parts[0]

    @property
    def shown(self) -> set[str]:
        """Return the names that it imports from elsewhere and so shows as its own."""
        return {
            alias.asname or alias.name
            for node in self.tree.body
            if isinstance(node, ast.ImportFrom) and node.module != self.name
            for alias in node.names
        }

    def imports(self, names: Mapping[str, Module]) -> tuple[Import, ...]:
        """Return all imports, type-only ones, those inside functions and those by string included.

        Parameters
        ----------
        names
            The project's modules by name: ``from package import thing`` counts for the
            module ``package.thing`` where there is one and the face of ``package`` shows
            nothing else under that name, else for the face.
        """
        loaders = self._loaders()
        return tuple(
            Import(target, getattr(node, "lineno", 0))
            for node in self.nodes
            for target in [*self._targets(node, names), *_loaded(node, loaders)]
        )

    def named(self, names: Mapping[str, Module]) -> tuple[Import, ...]:
        """Return the project's modules that strings name, docstrings excepted."""
        prose = {
            id(node.value)
            for node in self.nodes
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        }
        return tuple(
            Import(target, node.lineno)
            for node in self.nodes
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
            if id(node) not in prose and (target := module_named(node.value, names))
        )

    def arrows(self, names: Mapping[str, Module]) -> tuple[Import, ...]:
        """Return what leads to other modules of the project: imports and strings alike."""
        found = [each for each in self.imports(names) if each.module in names]
        return tuple(dict.fromkeys([*found, *self.named(names)]))

    def loads_unknown(self) -> Iterator[int]:
        """Return the lines where a module is loaded whose name only shows when the code runs."""
        loaders = self._loaders()
        known = {
            id(node.func)
            for node in self.nodes
            if isinstance(node, ast.Call) and list(_loaded(node, loaders))
        }
        for node in self.nodes:
            if not isinstance(node, ast.Name | ast.Attribute):
                continue
            if _last(node) in loaders and id(node) not in known:
                yield node.lineno

    def _loaders(self) -> set[str]:
        """Return the names of functions that load, those that they are given here included."""
        return LOADERS | {
            alias.asname
            for node in self.nodes
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
            if alias.asname and alias.name in LOADERS
        }

    def _targets(self, node: ast.AST, names: Mapping[str, Module]) -> list[str]:
        if isinstance(node, ast.Import):
            return [alias.name for alias in node.names]
        if isinstance(node, ast.ImportFrom):
            package = node.module or ""
            if node.level:
                parts = self.name.split(".")
                above = parts[: len(parts) - node.level + self.is_face]
                package = ".".join([*above, *filter(None, [node.module])])
            shown = names[package].shown if package in names else set()
            inner = {alias.name: f"{package}.{alias.name}" for alias in node.names}
            return [
                name if name in names and word not in shown else package
                for word, name in inner.items()
            ]
        return []


def module_named(text: str, names: Mapping[str, Module]) -> str | None:
    """Return the module of the project that a string names, if it does.

    It does if it is a module's dotted name, or begins with one and goes on with a colon or a
    dot: ``package.module:thing``, ``package.module.thing``, and what a name is put together
    from. A top package alone is a word like others, unless an object of it is named
    (``package:thing``) or it is the beginning of a name (``package.``).
    """
    match = DOTTED.match(text)
    if match is None:
        return None
    dotted, rest = match.group(), text[match.end() :]
    parts = dotted.split(".")
    heads = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    known = next((head for head in heads if head in names), None)
    if known is None or (rest and rest != "." and not rest.startswith(":")):
        return None
    if "." in known or (known == dotted and re.fullmatch(r"\.|:\w[\w.]*", rest)):
        return known
    return None


def _loaded(node: ast.AST, loaders: set[str]) -> Iterator[str]:
    """Return the module that a call names in so many words, if it loads one."""
    match node:
        case ast.Call(func=function, args=[ast.Constant(value=str(name)), *_]):
            if _last(function) in loaders and not name.startswith("."):
                yield name.partition(":")[0]


def _last(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""


def read_modules(root: Path = ROOT, packages: tuple[str, ...] = PACKAGES) -> dict[str, Module]:
    """Return all modules of the packages by their dotted names."""
    modules = {}
    for package in packages:
        for path in sorted((root / package).rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            text = path.read_text(encoding="utf-8")
            tree = ast.parse(text, filename=str(path))
            nodes = tuple(ast.walk(tree))
            modules[name] = Module(name, path, tree, len(text.splitlines()), nodes, root)
    return modules


@cache
def project() -> Mapping[str, Module]:
    """Return the project's own modules, read once and not before a test asks for them."""
    return read_modules()
