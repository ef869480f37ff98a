"""How the kernels of the search are compiled."""

from __future__ import annotations

from pathlib import Path

from optimizer.compiled import Compiler
from optimizer.problem import layout

_COMPILER = Compiler(Path(__file__).parent, layout)
FOLDER = _COMPILER.folder
"Where the compiled code is kept."
compilation = _COMPILER.compilation
entry = _COMPILER.entry
kernel = _COMPILER.kernel
leaf = _COMPILER.leaf
