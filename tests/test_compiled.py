"""Compiled kernels are kept by what they are, not by where they lie."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest
from numba import config

from optimizer.compiled import Compiler

SOURCE = "def double(x):\n    return x + x\n"


def installed(folder: Path, source: str = SOURCE) -> Any:
    """Return a compiled function of a package that lies in `folder`."""
    folder.mkdir()
    path = folder / "kernel_of_a_test.py"
    path.write_text(source)
    spec = spec_from_file_location("kernel_of_a_test", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return Compiler(folder).kernel(module.double)


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep compiled code apart, and leave no module behind."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setitem(sys.modules, "kernel_of_a_test", sys)


@pytest.mark.skipif(vars(config)["DISABLE_JIT"], reason="kernels are interpreted")
def test_a_second_installation_compiles_nothing(tmp_path: Path) -> None:
    """The same kernels in another place are loaded from what the first one has compiled."""
    first, second = installed(tmp_path / "first"), installed(tmp_path / "second")
    assert first(21) == second(21) == 42
    assert sum(first.stats.cache_misses.values()) == 1
    assert sum(second.stats.cache_hits.values()) == 1
    assert not second.stats.cache_misses


@pytest.mark.skipif(vars(config)["DISABLE_JIT"], reason="kernels are interpreted")
def test_changed_kernels_are_compiled_again(tmp_path: Path) -> None:
    """Old code is never used for a source that has changed since."""
    installed(tmp_path / "first")(21)
    changed = installed(tmp_path / "second", SOURCE.replace("x + x", "x - x"))
    assert changed(21) == 0


def test_constants_from_elsewhere_are_part_of_the_digest(tmp_path: Path) -> None:
    """A constant that is compiled in changes the folder as a kernel does."""
    (tmp_path / "package").mkdir()
    plain = Compiler(tmp_path / "package")
    assert Compiler(tmp_path / "package", sys.modules[__name__]).folder != plain.folder
