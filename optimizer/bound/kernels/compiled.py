"""How the kernels of the bound are compiled."""

from __future__ import annotations

from pathlib import Path

from optimizer.compiled import Compiler

_COMPILER = Compiler(Path(__file__).parent)
FOLDER = _COMPILER.folder
"Where the compiled code is kept."
compilation = _COMPILER.compilation
kernel = _COMPILER.kernel
leaf = _COMPILER.leaf
allocating = _COMPILER.allocating
allocating_entry = _COMPILER.allocating_entry
