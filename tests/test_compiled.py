"""Compiled kernels are kept by what they are, not by where they lie."""

from __future__ import annotations

import sys
from dataclasses import replace
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numba import config

from optimizer.compiled import Compiler, alone, set_ready

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
    return Compiler(folder).entry(module.double)


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


PARTS = """
from optimizer.compiled import Compiler
from pathlib import Path

of = Compiler(Path(__file__).parent)

@of.leaf
def one(x):
    return x + 1

@of.kernel
def two(x):
    return one(one(x))

@of.entry
def three(x):
    return one(two(x))

@of.entry
def widths(table, x):
    return one(0) + one(table[0]) + one(x)
"""


def with_parts(folder: Path) -> Any:
    """Return a module of an entry and the parts below it."""
    folder.mkdir()
    path = folder / "kernel_of_a_test.py"
    path.write_text(PARTS)
    spec = spec_from_file_location("kernel_of_a_test", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_an_entry_takes_in_what_it_calls(tmp_path: Path) -> None:
    """Parts of parts are in the entry's code, and nothing of them is kept by itself."""
    module = with_parts(tmp_path / "first")
    assert module.three(39) == 42
    kept = {path.name.split("-")[0] for path in module.of.folder.glob("*.nbi")}
    assert kept == (set() if vars(config)["DISABLE_JIT"] else {"kernel_of_a_test.three"})


@pytest.mark.skipif(vars(config)["DISABLE_JIT"], reason="kernels are interpreted")
def test_an_entry_is_loaded_with_its_parts(tmp_path: Path) -> None:
    """A second installation compiles neither the entry nor a part."""
    with_parts(tmp_path / "first").three(1)
    second = with_parts(tmp_path / "second")
    assert second.three(39) == 42
    assert sum(second.three.stats.cache_hits.values()) == 1
    assert not second.two.stats.cache_misses
    assert not second.two.signatures


@pytest.mark.skipif(vars(config)["DISABLE_JIT"], reason="kernels are interpreted")
def test_compiling_says_how_far_it_has_come(tmp_path: Path) -> None:
    """An entry and its two parts are compiled, another entry is not: a file beside them says so."""
    module = with_parts(tmp_path / "first")
    begun = module.of.compilation()
    assert (begun.done, begun.kernels, begun.share) == (0, 4, 0.0)
    module.three(1)
    last = module.of.compilation()
    assert (last.kernel, last.done, last.kernels) == ("", 3, 4)
    assert 0.0 < last.share < 1.0
    with alone(module.of.folder):
        set_ready(module.of.folder)
    assert module.of.compilation() == replace(begun, done=4, work_done=begun.work)
    assert not (module.of.folder / "compiling").exists()


@pytest.mark.skipif(vars(config)["DISABLE_JIT"], reason="kernels are interpreted")
def test_one_code_serves_numbers_of_any_width(tmp_path: Path) -> None:
    """An entry hands over literals, numbers of 32 bits and of 64: its part is compiled once."""
    module = with_parts(tmp_path / "first")
    assert module.widths(np.zeros(1, np.int32), 5) == 8
    assert len(module.one.overloads) == 1


@pytest.mark.skipif(vars(config)["DISABLE_JIT"], reason="kernels are interpreted")
def test_python_cannot_call_a_part(tmp_path: Path) -> None:
    """A part has no machine code of its own, and says so instead of going astray."""
    module = with_parts(tmp_path / "first")
    with pytest.raises(TypeError):
        module.two(1)
    assert module.three(1) == 4
    with pytest.raises(TypeError):
        module.two(1)
